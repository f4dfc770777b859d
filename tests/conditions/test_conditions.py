"""What a recording should not have: named, with advice; what is measured all the same is right.

`pytest tests/conditions -s` prints the table of clips, checks and errors.
"""

from __future__ import annotations

import re

import numpy as np
import pytest

from movecheck.analyze import Result
from movecheck.measures.quality import MOST_TILT_DEG
from movecheck.types import Check, Correction, Measure

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

# Clip, the check that names what is amiss, and words of its advice.
NAMED = (
    ("turned_20", "camera_angle", "so that your side faces the camera"),
    ("turned_45", "camera_angle", "so that your side faces the camera"),
    ("feet_out", "body_in_frame", "head and feet stay in view"),
    ("feet_out", "feet", "Keep them in the picture"),
    ("feet_out_hinge", "body_in_frame", "head and feet stay in view"),
    ("head_out", "body_in_frame", "head and feet stay in view"),
    ("two_people", "one_person", "nobody else in the picture"),
    ("dark", "light", "light"),
    ("hand_held", "camera_steady", "something firm"),
    ("hand_held_calm", "camera_steady", "something firm"),
    ("hand_held_plain_wall", "quiet_standing", "The camera must stand still too"),
    ("slow", "frame_rate", "30 pictures a second"),
    ("far", "distance", "Move the camera nearer"),
    ("rolled_6", "camera_level", "Stand the phone upright"),
    ("rolled_10", "camera_level", "Stand the phone upright"),
    ("board", "feet", "nothing in front of them"),
    ("chair", "feet", "nothing in front of them"),
    ("step", "body_fit", "Keep both feet in place"),
)
CLEAN = ("clean_squat", "clean_hinge")
EVERY = (*CLEAN, *dict.fromkeys(clip for clip, _, _ in NAMED), "rolled_3")


def checks(result: Result) -> dict[str, Check]:
    return {check.id: check for check in result.assessment.capture}


def of(result: Result, stem: str) -> list[Measure]:
    found = [m for m in result.assessment.measures if m.id.startswith(stem)]
    assert found
    return found


@pytest.mark.parametrize("name", CLEAN)
def test_a_clean_clip_is_amiss_in_nothing(assess, name):
    result, _ = assess(name)
    assert [c for c in result.assessment.capture if not c.ok] == []
    assert all(c.advice is None for c in result.assessment.capture)
    assert len(result.assessment.reps) == 2


@pytest.mark.parametrize(("name", "check", "words"), NAMED)
def test_what_is_amiss_is_named_with_advice(assess, name, check, words):
    found = checks(assess(name)[0])[check]
    assert not found.ok, found
    assert words in (found.advice or "")


@pytest.mark.parametrize("name", EVERY)
def test_what_is_measured_all_the_same_is_within_twice_its_half_width(assess, name):
    from validation.accuracy import measure_errors

    result, truth = assess(name)
    errors = measure_errors(result, truth)
    amiss = [c.id for c in result.assessment.capture if not c.ok]
    outside = sum(not e.covered for e in errors)
    print(f"\n{name}: {amiss}; {len(errors)} measured, {outside} outside their half-width")
    assert [e for e in errors if abs(e.error) > 2 * e.half_width] == []


@pytest.mark.parametrize("name", ["feet_out", "feet_out_hinge"])
def test_without_feet_nothing_is_taken_for_a_movement(assess, name):
    result, _ = assess(name)
    assert result.assessment.movement == "unknown"
    assert result.assessment.measures == ()


@pytest.mark.parametrize("stem", ["knee_flexion", "shank_inclination"])
def test_what_rests_on_feet_outside_the_picture_is_not_measurable(assess, stem):
    result, _ = assess("feet_out", "squat", "side")
    for measure in of(result, stem):
        assert measure.status == "not_measurable"
        assert measure.reason


def test_the_turn_that_is_asked_for_is_the_turn_that_is_missing(assess):
    result, _ = assess("turned_45")
    for measure in of(result, "spine_flexion"):
        assert measure.status == "not_measurable"
        turn = re.match(r"Turn (\d+)° so that your side faces the camera", measure.reason or "")
        assert turn
        assert abs(int(turn[1]) - 45) <= 10


def test_with_two_people_nothing_is_measured(assess):
    result, _ = assess("two_people")
    for measure in result.assessment.measures:
        assert measure.value is None
        assert "nobody else" in (measure.reason or "")


@pytest.mark.parametrize("to", [0.5, 0.56])
def test_of_two_people_the_chosen_one_is_measured(assess, to):
    from validation.accuracy import measure_errors

    result, truth = assess("two_people", region=(0.0, to))
    assert checks(result)["one_person"].ok
    assert (result.assessment.movement, len(result.assessment.reps)) == ("squat", 2)
    errors = measure_errors(result, truth)
    assert len(errors) >= 20
    assert [e for e in errors if abs(e.error) > 2 * e.half_width] == []
    assert result.assessment.corrections == (Correction("person", (0.0, to)),)


@pytest.mark.parametrize("name", ["chair", "board"])
def test_a_leg_behind_something_is_not_measured(assess, name):
    result, _ = assess(name, "squat", "side")
    for stem in ("knee_flexion", "shank_inclination"):
        assert all(m.value is None for m in of(result, stem))


def test_a_hand_that_holds_the_camera_is_taken_out_of_the_measures(assess):
    result, truth = assess("hand_held_calm")
    assert len(result.assessment.reps) == len(truth.about["reps"])
    assert result.stance.stand_s > 1.5, "the person stands still, the picture does not"
    raw = checks(result)["camera_steady"].value
    assert 1.2 < float(raw) < 1.8, "the camera was turned to and fro by 1.5 degrees"


def test_the_steadied_body_is_drawn_where_the_picture_shows_it(assess):
    result, _ = assess("hand_held_calm")
    filmed = np.stack(
        [
            np.interp(result.track.time_s, result.raw.time_s, result.raw.xy_px[:, 12, axis])
            for axis in (0, 1)
        ],
        axis=-1,
    )
    assert np.nanmedian(np.linalg.norm(result.track.xy_px[:, 12] - filmed, axis=1)) < 1.5


def test_a_bare_wall_tells_nothing_of_the_camera_and_is_no_ground_for_a_warning(assess):
    found = checks(assess("hand_held_plain_wall")[0])["camera_steady"]
    assert found.ok
    assert found.value == "unknown"


@pytest.mark.parametrize("roll", [0, 3, 6, 10])
def test_a_tilted_camera_is_told_from_a_level_one(assess, roll):
    result, _ = assess(f"rolled_{roll}" if roll else "clean_squat")
    found = checks(result)["camera_level"]
    assert found.ok == (roll <= 3)
    assert (abs(float(found.value)) <= MOST_TILT_DEG) == found.ok
