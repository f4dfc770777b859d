"""Stands from a chair, holds and stances on one leg, from courses whose times are known."""

from __future__ import annotations

import numpy as np
import pytest
from make_track import NATURAL, Motion, Plan, make_track, minimum_jerk, movement

from movecheck.analyze import interpret
from movecheck.assessment.measures import kinds_of
from movecheck.measures.tempo import goes_at_s, share, smoothness, spectral_arc_length, trend
from movecheck.movements import load
from movecheck.movements.chair import find_stands, first_move_s
from movecheck.movements.definition import Hold, Stance
from movecheck.movements.holds import ENDS, STARTS, find_holds, find_stances
from movecheck.types import Assessment, Measure, Person, Rep

pytestmark = pytest.mark.usefixtures("without_fit")

SEATED = {**NATURAL, "knee": 90.0, "shank": 5.0, "trunk": 0.0}
UP = {"knee": 2.0, "shank": 1.0, "trunk": 0.0}
RULE = Hold(signals=("body_line",), ready=30.0, within=12.0, for_s=2.0, first_s=3.0)
LATE_S = 0.14  # of the 0.9 s up: 2 to 3 % of the hips' way, and its other end as far from 0.9 s
UP_S = 0.9 - LATE_S
ONE_LEG = Stance(lift=0.03, cap_s=45.0)


def stands(count: int = 5, depths: tuple[float, ...] = (), stays: bool = False, **kw) -> Motion:
    """Stand up and sit down; `stays`: the recording ends while the person is still up."""
    plan = Plan(
        count=count, down_s=0.9, hold_s=0.2, up_s=0.9, pause_s=0.3, stand_s=1.5, depths=depths,
        profile="minimum_jerk", **kw,
    )  # fmt: skip
    motion = movement(UP, plan, SEATED)
    if not stays:
        return motion
    end = motion.ends_s[-1] - 0.95
    return Motion(motion.angles, end, None, motion.starts_s, motion.peaks_s, motion.ends_s)


def read(motion: Motion, what: str = "auto", person: Person | None = None, **kw) -> Assessment:
    return interpret(make_track(motion, **kw), what, "auto", person or Person()).assessment


def summary(assessment: Assessment, id_: str, side: str | None = None) -> Measure:
    (found,) = [m for m in assessment.measures if (m.id, m.side, m.rep) == (id_, side, None)]
    return found


# From a chair.


@pytest.mark.parametrize("yaw", [90.0, -90.0, 0.0])
@pytest.mark.parametrize("fps", [10, 30])
def test_five_stands_are_timed_to_both_ends(yaw, fps):
    motion = stands()
    found = read(motion, yaw_deg=yaw, fps=fps)
    assert found.movement == "sit_to_stand_5"
    assert len(found.reps) == 5
    begin = motion.starts_s[0]
    stand, sit = summary(found, "sts5_time"), summary(found, "sts5_time_to_sit")
    assert stand.value == pytest.approx(motion.starts_s[4] + UP_S - begin, abs=0.2)
    assert sit.value == pytest.approx(motion.ends_s[4] - LATE_S - begin, abs=0.2)
    for rep, start, end in zip(found.reps, motion.starts_s, motion.ends_s, strict=True):
        assert rep.start_s == pytest.approx(start + LATE_S, abs=0.1)
        assert rep.peak_s == pytest.approx(start + UP_S, abs=0.1)
        assert rep.end_s == pytest.approx(end - LATE_S, abs=0.1)


def test_the_clock_starts_with_the_trunks_swing():
    time_s = np.arange(0, 5, 0.05)
    rng = np.random.default_rng(1)
    lean = 4 + 40 * minimum_jerk((time_s - 1.5) / 0.8) + rng.normal(0, 0.2, len(time_s))
    speed = np.where(time_s > 1.9, 0.5, 0.0)  # of shoulders that seem to start later
    rep = Rep(2.2, 2.8, 3.5)
    begin = first_move_s(time_s, speed, [rep], lean)
    assert begin == pytest.approx(1.5, abs=0.1)


def test_who_stays_up_has_no_time_to_the_fifth_sitting():
    found = read(stands(stays=True))
    assert len(found.reps) == 5
    assert found.reps[-1].end_s == found.reps[-1].peak_s
    assert summary(found, "sts5_time").value == pytest.approx(4 * 2.3 + UP_S, abs=0.2)
    late = summary(found, "sts5_time_to_sit")
    assert late.value is None
    assert "stayed up" in (late.reason or "")


@pytest.mark.parametrize(("count", "depths"), [(4, ()), (5, (1.0, 1.0, 0.5, 1.0, 1.0))])
def test_fewer_than_five_full_stands_have_no_time(count, depths):
    found = read(stands(count, depths), "sit_to_stand_5")
    time = summary(found, "sts5_time")
    assert time.value is None
    assert "4" in (time.reason or "")
    assert [bool(rep.excluded_reason) for rep in found.reps] == [d < 1 for d in depths or [1] * 4]


def test_stands_in_thirty_seconds():
    found = read(stands(14), person=Person(70, "F"))  # 2.3 s each: the 14th begins at 29.9 s
    assert found.movement == "chair_stand_30s"
    count = summary(found, "sts30_count")
    assert count.value == 13
    (finding,) = [f for f in found.findings if f.measure_id == "sts30_count"]
    assert (finding.row_id, finding.result) == ("R083", "within")
    short = summary(read(stands(10), "chair_stand_30s"), "sts30_count")
    assert short.value is None
    assert "30 s" in (short.reason or "")


def test_squats_with_a_rest_at_the_bottom_are_no_stands():
    plan = Plan(count=3, hold_s=0.7)
    found = read(movement({**SEATED, "trunk": 30.0}, plan))
    assert found.movement == "squat"


def test_what_is_no_chair():
    time_s = np.arange(0, 5, 0.05)
    assert find_stands(time_s, np.full(100, np.nan)) == []
    assert find_stands(time_s, np.ones(100)) == []
    level = np.where(time_s < 2, 0.5, 1.0)
    (rep,) = find_stands(time_s, level)
    assert rep.end_s == rep.peak_s
    unseen = np.full(100, np.nan)
    assert first_move_s(time_s, np.zeros(100), [rep], unseen) == pytest.approx(
        rep.start_s, abs=0.06
    )


# Holds.


def hold(*corners: tuple[float, float], step: float = 0.05) -> tuple[np.ndarray, np.ndarray]:
    """A course of an angle through (time, value), in straight lines."""
    times, values = zip(*corners, strict=True)
    time_s = np.arange(0, times[-1] + step / 2, step)
    return time_s, np.interp(time_s, times, values)[:, None]


def find(course, there=None):
    time_s, angle = course
    return find_holds(time_s, angle, np.ones(len(time_s), bool) if there is None else there, RULE)


def test_a_hold_begins_when_the_line_is_reached_and_ends_when_it_is_left():
    (rep,) = find(hold((0, 60), (2, 60), (3, 0), (13, 0), (14, 60), (16, 60)))
    assert rep.start_s == pytest.approx(2.8, abs=0.1)  # 12 degrees from the line
    assert rep.end_s == pytest.approx(13.2, abs=0.1)
    assert rep.excluded_reason is None


def test_a_drift_ends_a_hold_after_two_seconds_and_is_counted_from_its_start():
    slow = find(hold((0, 60), (2, 60), (3, 0), (10, 0), (12, 20), (20, 20), (21, 60), (23, 60)))
    assert slow[0].end_s == pytest.approx(11.2, abs=0.15)  # 12 of 20 degrees in two seconds
    short = find(hold((0, 60), (2, 60), (3, 0), (8, 0), (8.5, 16), (9.5, 16), (10, 0), (15, 0),
                      (16, 60), (18, 60)))  # fmt: skip
    assert len(short) == 1
    assert short[0].end_s == pytest.approx(15.2, abs=0.15)


def test_what_goes_on_after_a_drift_is_no_second_hold():
    course = hold((0, 60), (2, 60), (3, 0), (8, 0), (10, 16), (18, 17), (19, 60), (21, 60))
    (rep,) = find(course)
    assert rep.end_s == pytest.approx(9.5, abs=0.15)
    again = hold((0, 60), (2, 60), (3, 0), (8, 0), (9, 60), (12, 60), (13, 0), (18, 0), (19, 60))
    assert len(find(again)) == 2


def test_a_recording_that_cuts_a_hold_says_so():
    (begun,) = find(hold((0, 0), (10, 0), (11, 60), (13, 60)))
    (open_,) = find(hold((0, 60), (2, 60), (3, 0), (10, 0)))
    assert (begun.excluded_reason, open_.excluded_reason) == (STARTS, ENDS)


def test_no_hold():
    assert find(hold((0, 60), (10, 60))) == []
    assert find(hold((0, 60), (2, 60), (3, 0), (4, 0), (5, 60), (8, 60))) == []  # 2 s only
    time_s, angle = hold((0, 0), (10, 0))
    assert find((time_s, angle), np.zeros(len(time_s), bool)) == []
    assert find((time_s, np.full_like(angle, np.nan))) == []


# On one leg.


@pytest.mark.parametrize(("sign", "side"), [(1.0, "right"), (-1.0, "left")])
def test_a_stance_lasts_from_foot_off_to_foot_down_or_45_s(sign, side):
    time_s = np.arange(0, 70, 0.05)
    for length, expected in ((8.0, 8.0), (60.0, 45.0)):
        lift = sign * np.where((time_s >= 3) & (time_s < 3 + length), 0.1, 0.0)
        (rep,) = find_stances(time_s, lift, ONE_LEG)
        assert rep.side == side
        assert rep.start_s == pytest.approx(3.0, abs=0.06)
        assert rep.end_s - rep.start_s == pytest.approx(expected, abs=0.06)
        assert rep.excluded_reason is None


def test_a_step_is_no_stance_and_a_cut_one_says_so():
    time_s = np.arange(0, 10, 0.05)
    assert find_stances(time_s, np.where((time_s > 3) & (time_s < 3.7), 0.1, 0.0), ONE_LEG) == []
    (rep,) = find_stances(time_s, np.where(time_s > 3, 0.1, 0.0), ONE_LEG)
    assert rep.excluded_reason == ENDS


# How a movement goes.


def test_one_smooth_stroke_is_smoother_than_two():
    time_s = np.arange(0, 2, 1 / 60)
    one = minimum_jerk(time_s / 2)
    two = 0.5 * (minimum_jerk(time_s / 0.8) + minimum_jerk((time_s - 1.2) / 0.8))
    first, second = (spectral_arc_length(np.gradient(x, 1 / 60), 1 / 60) for x in (one, two))
    assert -1.9 < first < -1.4
    assert second < first - 0.3
    assert np.isnan(spectral_arc_length(np.zeros(50), 1 / 60))
    value, width = smoothness(60 * one, 1 / 60)
    assert value == pytest.approx(first, abs=0.01)
    assert 0 < width < 1


def test_trend_share_and_who_goes_first():
    assert trend(np.array([1.0, 2.0, 3.0])) is None
    slope, width = trend(np.array([2.0, 2.2, 2.4, 2.6, 2.8]))
    assert (slope, width) == (pytest.approx(0.2), pytest.approx(0.0, abs=1e-9))
    value, width = share(50.0, 50.0, 8.0, 5.0)
    assert value == 50
    assert width == pytest.approx(1.96 * 100 * np.hypot(0.5 * 8, 0.5 * 5) / 100)
    time_s = np.arange(0, 1, 0.01)
    when, sure = goes_at_s(time_s, 100 * time_s, 99, 1.0)
    assert when == pytest.approx(0.25 * 0.99, abs=0.01)
    assert sure == pytest.approx(1.96 * np.hypot(0.01, 0.01 / np.sqrt(12)), rel=0.1)


def test_what_is_measured_of_a_signal_depends_on_the_kind():
    assert kinds_of("repeats", "standing") == ("range", "peak", "at_peak")
    assert kinds_of("held", "lying") == ("mean", "drift")
    assert "mean" in kinds_of("still", "standing")
    assert load("plank_front").hold is not None
