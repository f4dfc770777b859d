"""What a person corrects by hand: the numbers follow, and nothing is changed unseen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from make_track import HINGE, SQUAT, Plan, drop, make_track, movement

from movecheck.analyze import Result, analyze, interpret
from movecheck.corrections import (
    BY_HAND,
    check_person,
    correct_reps,
    parse,
    plain,
    read_corrections,
    region_of,
)
from movecheck.errors import DataError
from movecheck.export.assessment_json import read_assessment, to_json, write_assessment
from movecheck.export.landmarks import write_landmarks
from movecheck.measures.body import CLEARANCE, FOOT_LIFT, HIP_LEVEL
from movecheck.movements import load
from movecheck.movements.by_hand import rep_between
from movecheck.movements.drive import at_rest, repetitions
from movecheck.pose.base import Landmarks
from movecheck.pose.fake import FakePose
from movecheck.pose.region import WithinRegion
from movecheck.report.corrected import correction_lines
from movecheck.signals.swaps import sides_exchanged
from movecheck.types import Correction, Measure, Person, PoseTrack, Rep

NOON = "2026-03-01T12:00:00+00:00"


@pytest.fixture(scope="module")
def raw() -> PoseTrack:
    return make_track(movement(SQUAT, Plan(depths=(1.0, 0.8, 0.9))))


@pytest.fixture(scope="module")
def found(raw: PoseTrack) -> Result:
    return assessed(raw)


def assessed(raw: PoseTrack, *corrections: Correction) -> Result:
    return interpret(raw, "auto", "auto", Person(), corrections)


def summary(result: Result, name: str) -> Measure:
    return next(m for m in result.assessment.measures if m.id == name and m.rep is None and m.value)


def knees(result: Result) -> dict[int, float]:
    return {
        m.rep: m.value
        for m in result.assessment.measures
        if m.id == "knee_flexion_range" and m.rep and m.value
    }


def found_nothing(start_s: float, end_s: float) -> Rep:
    raise AssertionError("nothing is looked for")


def test_a_repetition_left_out_leaves_the_summary(raw: PoseTrack, found: Result) -> None:
    result = assessed(raw, Correction("rep_counts", False, rep=2, when=NOON))
    one, two, three = result.assessment.reps
    assert (one.excluded_reason, two.excluded_reason, three.excluded_reason) == (
        None,
        BY_HAND,
        None,
    )
    each = knees(found)
    assert summary(found, "knee_flexion_range").value == pytest.approx(each[3])
    assert summary(result, "knee_flexion_range").value == pytest.approx((each[1] + each[3]) / 2)
    assert result.assessment.corrections == (Correction("rep_counts", False, True, 2, NOON),)


def test_a_repetition_is_taken_in_again(raw: PoseTrack) -> None:
    partial = make_track(movement(SQUAT, Plan(depths=(1.0, 1.0, 0.35))))
    before = assessed(partial)
    assert "partial" in (before.assessment.reps[2].excluded_reason or "")
    after = assessed(partial, Correction("rep_counts", True, rep=3))
    assert [rep.excluded_reason for rep in after.assessment.reps] == [None] * 3


def test_moved_bounds_give_other_times_and_other_figures(raw: PoseTrack, found: Result) -> None:
    rep = found.assessment.reps[0]
    # An end before the deepest point is reached: the knee is bent less there.
    times = (rep.start_s, rep.start_s + 0.3, rep.start_s + 0.6)
    result = assessed(raw, Correction("rep_times", times, rep=1))
    moved = result.assessment.reps[0]
    assert (moved.start_s, moved.peak_s, moved.end_s) == pytest.approx(times, abs=1e-3)
    assert knees(result)[1] < knees(found)[1] - 20
    assert knees(result)[2] == knees(found)[2]
    (kept,) = result.assessment.corrections
    assert kept.before == pytest.approx((rep.start_s, rep.peak_s, rep.end_s), abs=1e-3)


def test_each_step_says_what_stood_there_before(raw: PoseTrack, found: Result) -> None:
    rep = found.assessment.reps[1]
    first = (rep.start_s, rep.peak_s, rep.end_s - 0.2)
    second = (rep.start_s, rep.peak_s, rep.end_s - 0.4)
    result = assessed(
        raw, Correction("rep_times", first, rep=2), Correction("rep_times", second, rep=2)
    )
    one, two = result.assessment.corrections
    assert two.before == one.after
    assert result.assessment.reps[1].end_s == pytest.approx(second[2], abs=1e-3)


def shallow() -> PoseTrack:
    """Three squats, the one in the middle so shallow that it is not found."""
    return make_track(movement(SQUAT, Plan(depths=(1.0, 0.15, 0.9))))


def test_a_repetition_that_was_missed_is_added() -> None:
    plan = Plan(depths=(1.0, 0.15, 0.9))
    motion = movement(SQUAT, plan)
    raw = shallow()
    before = assessed(raw).assessment
    assert len(before.reps) == 2, "the shallow one was found after all"
    span = (float(motion.starts_s[1]), float(motion.ends_s[1]))
    result = assessed(raw, Correction("rep_added", span, when=NOON))
    one, two, three = result.assessment.reps
    assert (one, three) == before.reps
    assert (two.start_s, two.end_s) == pytest.approx(span, abs=1e-3)
    assert two.peak_s == pytest.approx(motion.peaks_s[1], abs=0.15)
    assert [rep.by_hand for rep in result.assessment.reps] == [False, True, False]
    assert two.excluded_reason is None
    each = knees(result)
    assert 0.05 * SQUAT["knee"] < each[2] < 0.3 * SQUAT["knee"]
    assert (each[1], each[3]) == tuple(knees(assessed(raw)).values())
    assert summary(result, "knee_flexion_range").value == pytest.approx(each[3])
    (kept,) = result.assessment.corrections
    assert (kept.rep, kept.before, kept.when) == (2, None, NOON)
    # What the result says of itself gives the same again.
    assert assessed(raw, kept).assessment == result.assessment


def test_later_corrections_speak_of_the_numbers_as_they_are_then() -> None:
    raw = shallow()
    motion = movement(SQUAT, Plan(depths=(1.0, 0.15, 0.9)))
    span = (float(motion.starts_s[1]), float(motion.ends_s[1]))
    result = assessed(
        raw,
        Correction("rep_counts", False, rep=2),
        Correction("rep_added", span),
        Correction("rep_counts", False, rep=2),
    )
    reasons = [rep.excluded_reason for rep in result.assessment.reps]
    assert reasons == [None, BY_HAND, BY_HAND]
    lines = correction_lines(result.assessment)
    assert [line.partition(" (")[0] for line in lines] == [
        "Repetition 3: left out",  # it was the second when it was left out
        f"Repetition 2: added, {span[0]:.2f} – {span[1]:.2f} s",
        "Repetition 2: left out",
    ]


@pytest.mark.parametrize(
    ("span", "told"),
    [
        ((-0.5, 0.5), "does not lie in the recording"),
        ((7.0, 8.5), "does not lie in the recording"),
        ((3.8, 3.2), "does not lie in the recording"),
        ((float("nan"), 3.5), "does not lie in the recording"),
        ((2.5, 3.5), "overlaps repetition 1"),
        ((3.5, 5.0), "overlaps repetition 2"),
        ((4.2, 4.8), "overlaps repetition 2"),
    ],
)
def test_times_of_an_added_one_that_do_not_fit(span: tuple[float, float], told: str) -> None:
    reps = [Rep(1.0, 2.0, 3.0), Rep(4.0, 5.0, 6.0)]
    with pytest.raises(DataError, match=told) as error:
        correct_reps(reps, (Correction("rep_added", span),), 8.0, found_nothing)
    assert error.value.hint
    assert "\n" not in str(error.value)


def test_nothing_is_added_where_nothing_was_seen(raw: PoseTrack, found: Result) -> None:
    end_s = found.assessment.recording.duration_s
    unseen = drop(raw, found.assessment.reps[2].start_s - 0.5, end_s)
    with pytest.raises(DataError, match="Nothing was seen between"):
        assessed(unseen, Correction("rep_added", (end_s - 2.0, end_s - 1.0)))
    with pytest.raises(DataError, match="No repetition can be added"):
        assessed(raw, Correction("movement", "posture"), Correction("rep_added", (0.0, 1.0)))


def course(found: Result, name: str, signals: dict[str, np.ndarray]) -> tuple[Any, ...]:
    """A movement whose signals go as they are given: angles, rest, movement, what is found."""
    angles = replace(found.angles, values={**found.angles.values, **signals})
    chosen = load(name)
    rest = at_rest(angles, found.stance, chosen)
    return angles, rest, chosen, repetitions(angles, rest, chosen)


def bump(time_s: np.ndarray, start_s: float, end_s: float) -> np.ndarray:
    """Up from 0 to 1 and back, within a second at either end."""
    return np.clip(np.minimum(time_s - start_s, end_s - time_s), 0, 1)


@pytest.mark.parametrize(
    "name", ["sit_to_stand_5", "single_leg_stance", "plank_front", "side_bend"]
)
def test_an_added_one_is_as_if_it_had_been_found(found: Result, name: str) -> None:
    """Of every kind of movement: what was found, put back by its ends alone."""
    time_s = found.angles.time_s
    up, there = bump(time_s, 2.0, 5.0), bump(time_s, 1.0, 7.0)
    signals = {
        "sit_to_stand_5": {HIP_LEVEL: 0.5 + 0.5 * up},
        "single_leg_stance": {FOOT_LIFT: -0.1 * up},
        "plank_front": {
            "body_line_deg": 80.0 * (there == 0) + 8 * bump(time_s, 4.0, 6.0),
            "knee_line_deg": np.zeros(len(time_s)),
            CLEARANCE: np.ones(len(time_s)),
        },
        "side_bend": {"trunk_lateral_lean_deg": -30 * up},
    }[name]
    angles, rest, chosen, reps = course(found, name, signals)
    assert len(reps) == 1
    (rep,) = reps
    # A hold is found to be furthest from its beginning as it is left.
    deepest = 5.0 if name == "plank_front" else rep.peak_s
    again = rep_between(angles, rest, chosen, None, rep.start_s, rep.end_s)
    assert again.side == rep.side == {"single_leg_stance": "left", "side_bend": "left"}.get(name)
    assert (again.start_s, again.end_s) == (rep.start_s, rep.end_s)
    assert again.peak_s == pytest.approx(deepest, abs=0.1)


def test_a_wrong_label_is_put_right(raw: PoseTrack) -> None:
    result = assessed(raw, Correction("movement", "overhead_squat"))
    assert result.assessment.movement == "overhead_squat"
    assert result.assessment.corrections[0].before == "squat"
    asked = interpret(raw, "overhead_squat", "auto", Person()).assessment
    assert [m for m in result.assessment.measures if m.rep] == [m for m in asked.measures if m.rep]
    back = assessed(raw, Correction("movement", "overhead_squat"), Correction("movement", "squat"))
    assert [c.before for c in back.assessment.corrections] == ["squat", "overhead_squat"]


def test_left_taken_for_right_is_put_right(raw: PoseTrack) -> None:
    hinge = make_track(movement(HINGE, Plan(count=2)))
    truth = interpret(hinge, "hip_hinge", "side", Person())
    facing = truth.assessment.facing
    mistaken = sides_exchanged(hinge)
    wrong = interpret(mistaken, "hip_hinge", "side", Person()).assessment
    assert wrong.facing != facing
    after = interpret(mistaken, "hip_hinge", "side", Person(), (Correction("facing", facing),))
    assert after.assessment.facing == facing
    assert after.assessment.measures == truth.assessment.measures
    assert after.assessment.corrections == (Correction("facing", facing, wrong.facing),)
    assert after.raw is mistaken, "saved landmarks would be corrected twice"
    with pytest.raises(DataError, match="does not go with the view"):
        interpret(hinge, "hip_hinge", "side", Person(), (Correction("facing", "camera"),))


def test_the_same_corrections_give_the_same_bytes(
    raw: PoseTrack, found: Result, tmp_path: Path
) -> None:
    landmarks = tmp_path / "landmarks.parquet"
    write_landmarks(raw, landmarks)
    rep = found.assessment.reps[0]
    given = (
        Correction("rep_times", (rep.start_s, rep.peak_s, rep.end_s - 0.123456), rep=1, when=NOON),
        Correction("rep_counts", False, rep=3, when=NOON),
    )
    file = tmp_path / "corrections.json"
    file.write_text(json.dumps(plain(given)))
    first = analyze(landmarks, corrections=read_corrections(file)).assessment
    write_assessment(first, tmp_path / "assessment.json")
    # What a result says of its corrections is an input as good as the file.
    told = read_corrections(tmp_path / "assessment.json")
    assert to_json(analyze(landmarks, corrections=told).assessment) == to_json(first)
    assert read_assessment(tmp_path / "assessment.json").corrections == told


@pytest.mark.parametrize(
    "wrong",
    [
        {"what": "view", "after": "above"},
        {"what": "rep_times", "after": [1.0, 2.0], "rep": 1},
        {"what": "rep_counts", "after": True},
        {"what": "rep_added", "after": [1.0, 2.0, 3.0]},
        {"what": "rep_added", "after": True, "rep": 1},
        {"what": "movement", "after": "squat", "rep": 2},
        {"what": "rep_counts", "after": "yes", "rep": 1},
        {"what": "person", "after": [0.6, 0.4]},
        {"what": "person", "after": [0.0, 0.05]},
        {"what": "colour", "after": "red"},
        {"after": "squat"},
        "squat",
    ],
)
def test_what_makes_no_sense_is_refused(wrong: object) -> None:
    with pytest.raises(DataError):
        parse([wrong])


def test_an_unknown_movement_is_refused(raw: PoseTrack, tmp_path: Path) -> None:
    write_landmarks(raw, tmp_path / "l.parquet")
    with pytest.raises(DataError):
        analyze(tmp_path / "l.parquet", corrections=parse([{"what": "movement", "after": "fly"}]))


@pytest.mark.parametrize(
    "times",
    [(2.0, 1.5, 3.0), (1.0, 2.0, 4.5), (-1.0, 1.0, 2.0), (2.0, 2.0, 2.0)],
)
def test_times_that_do_not_fit_are_refused(times: tuple[float, ...]) -> None:
    reps = [Rep(1.0, 2.0, 3.0), Rep(4.0, 5.0, 6.0)]
    with pytest.raises(DataError, match="repetition 1"):
        correct_reps(reps, (Correction("rep_times", times, rep=1),), 8.0, found_nothing)
    with pytest.raises(DataError, match="repetition 2"):
        correct_reps(reps, (Correction("rep_times", (4.0, 5.0, 9.0), rep=2),), 8.0, found_nothing)


def test_corrections_of_another_result_are_refused() -> None:
    reps = [Rep(1.0, 2.0, 3.0)]
    for wrong in (
        Correction("rep_counts", False, rep=2),
        Correction("rep_counts", False, False, 1),
        Correction("rep_times", (1.0, 2.0, 2.5), (1.5, 2.0, 3.0), 1),
        Correction("rep_added", (0.0, 0.5), rep=2),
    ):
        with pytest.raises(DataError, match="another result"):
            correct_reps(reps, (wrong,), 8.0, lambda start_s, end_s: Rep(start_s, start_s, end_s))


def test_landmarks_of_one_person_are_not_taken_for_another(raw: PoseTrack) -> None:
    chosen = parse([{"what": "person", "after": [0.0, 0.5]}])
    assert region_of(chosen) == (0.0, 0.5)
    with pytest.raises(DataError, match="another person"):
        check_person(raw, chosen)
    left = replace(raw, model={**raw.model, "region": "0.000 to 0.500 of the width"})
    check_person(left, chosen)
    with pytest.raises(DataError, match="another person"):
        check_person(left, ())


def test_outside_of_the_region_nothing_is_seen() -> None:
    rgb = np.zeros((8, 10, 3), np.uint8)
    rgb[:, :4], rgb[:, 4:] = 40, 200
    pose = WithinRegion(FakePose(lambda _: Landmarks.absent()), (0.0, 0.4))
    assert (pose.seen(rgb) == 40).all()
    assert pose.seen(rgb).flags.c_contiguous
    assert rgb[0, 9, 0] == 200, "the picture itself was painted over"
    assert pose.info["region"] == "0.000 to 0.400 of the width"
