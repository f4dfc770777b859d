"""The signals of the contract, from landmarks whose angles are known in closed form."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_track import (
    BEND,
    HINGE,
    NATURAL,
    SHANK_M,
    SHOULDER_SPREAD_DEG,
    SQUAT,
    STANDING,
    THIGH_M,
    Plan,
    hide,
    make_track,
    mirror,
    movement,
    standing,
    truth,
)

from movecheck.measures.angles import _front_view, change_from_standing, measure
from movecheck.measures.names import COLUMNS, SIDES, VIEW_OF, column, sides_of
from movecheck.measures.spine import neutral
from movecheck.measures.view import Stance, find_stance
from movecheck.signals import clean
from movecheck.types import State

PICTURES = {"portrait": (540, 960), "landscape": (1920, 1080), "square": (720, 720)}
MOVEMENTS = {"squat": SQUAT, "hinge": HINGE, "bend": BEND}
FRONT = ("trunk_lateral_lean_deg", "shoulder_tilt_deg", "pelvis_tilt_deg",
         "knee_fppa_left_deg", "knee_fppa_right_deg")  # fmt: skip


@pytest.mark.parametrize("size", PICTURES.values(), ids=PICTURES)
@pytest.mark.parametrize("yaw", [90.0, -90.0], ids=["faces right", "faces left"])
@pytest.mark.parametrize("goal", MOVEMENTS.values(), ids=MOVEMENTS)
def test_side_view_is_exact(goal, yaw, size):
    motion = movement(goal, Plan(count=1), STANDING)
    track = make_track(motion, yaw_deg=yaw, size=size)
    stance = find_stance(track)
    angles = measure(track, stance)
    near = "right" if yaw > 0 else "left"
    assert (stance.view, stance.near_side, stance.facing) == ("side", near, near)
    for name, want in truth(motion, track.time_s, near).items():
        np.testing.assert_allclose(angles[name], want, atol=1e-6, err_msg=name)
    for name in FRONT:
        assert np.isnan(angles[name]).all(), name
    far = "left" if near == "right" else "right"
    for stem in ("knee_flexion", "hip_flexion", "thigh_inclination", "shank_inclination"):
        assert np.isnan(angles[column(stem, far)]).all(), "the far side is hidden"


@pytest.mark.parametrize("size", PICTURES.values(), ids=PICTURES)
@pytest.mark.parametrize("yaw", [0.0, 180.0], ids=["faces camera", "faces away"])
@pytest.mark.parametrize(
    "pose",
    [
        {"lean": 7.0}, {"lean": -12.0}, {"shoulder_tilt": 5.0}, {"shoulder_tilt": -3.0},
        {"pelvis_tilt": 4.0}, {"valgus_left": 9.0}, {"valgus_right": -6.0},
        {"lean": 3.0, "shoulder_tilt": -2.0, "pelvis_tilt": 1.0,
         "valgus_left": 4.0, "valgus_right": 5.0},
    ],
    ids=lambda pose: "+".join(f"{k}{v:g}" for k, v in pose.items()),
)  # fmt: skip
def test_front_view_is_exact(pose, yaw, size):
    track = make_track(standing(1.0, **{**STANDING, **pose}), yaw_deg=yaw, size=size)
    stance = find_stance(track)
    angles = measure(track, stance)
    assert (stance.view, stance.facing) == ("front", "camera" if yaw == 0 else "away")
    want = {
        "trunk_lateral_lean_deg": pose.get("lean", 0.0),
        "shoulder_tilt_deg": pose.get("shoulder_tilt", 0.0),
        "pelvis_tilt_deg": pose.get("pelvis_tilt", 0.0),
        "knee_fppa_left_deg": pose.get("valgus_left", 0.0),
        "knee_fppa_right_deg": pose.get("valgus_right", 0.0),
    }
    for name, value in want.items():
        np.testing.assert_allclose(angles[name], value, atol=1e-6, err_msg=name)
    for name in COLUMNS:
        if name not in want:
            assert np.isnan(angles[name]).all(), name


def test_standing_straight_is_zero_everywhere():
    for yaw in (90.0, -90.0, 0.0, 180.0):
        track = make_track(standing(1.0, **STANDING), yaw_deg=yaw)
        angles = measure(track, find_stance(track))
        for name in COLUMNS:
            known = angles[name][np.isfinite(angles[name])]
            # The hip's angle is in space, where the shoulders are wider than the hips.
            level = SHOULDER_SPREAD_DEG if name.startswith("hip_flexion") else 0.0
            np.testing.assert_allclose(known, level, atol=1e-6, err_msg=name)


@given(
    st.tuples(st.floats(-300, 300), st.floats(-300, 300)),
    st.floats(0.05, 8.0),
    st.sampled_from([90.0, -90.0, 0.0, 180.0]),
)
def test_place_and_size_in_the_picture_do_not_matter(shift, scale, yaw):
    track = make_track(movement(BEND, Plan(count=1)), yaw_deg=yaw, fps=10)
    moved = replace(
        track, xy_px=track.xy_px * scale + np.array(shift), edge_px=track.edge_px * scale
    )
    stance = find_stance(track)
    a, b = measure(track, stance), measure(moved, stance)
    for name in COLUMNS:
        np.testing.assert_allclose(a[name], b[name], atol=1e-6, err_msg=name)


@pytest.mark.parametrize("yaw", [90.0, -90.0, 0.0, 180.0])
def test_a_mirror_swaps_the_sides_and_nothing_else(yaw):
    pose = {"lean": 4.0, "shoulder_tilt": 3.0, "valgus_left": 8.0, "knee": 20.0, "trunk": 15.0}
    track = make_track(standing(1.0, **pose), yaw_deg=yaw)
    there, here = track, mirror(track)
    a, b = (measure(t, find_stance(t)) for t in (there, here))
    # What leans to the subject's right leans to the left in the mirror.
    signed = {"trunk_lateral_lean_deg", "shoulder_tilt_deg", "pelvis_tilt_deg"}
    other = {"left": "right", "right": "left"}
    for name in COLUMNS:
        partner = "_".join(other.get(part, part) for part in name.split("_"))
        sign = -1 if name in signed else 1
        np.testing.assert_allclose(a[name], sign * b[partner], atol=1e-9, err_msg=name)


@pytest.mark.parametrize("lean", [14.0, -14.0])
@pytest.mark.parametrize("bends_sideways", [True, False])
def test_a_side_bend_of_a_turned_body_keeps_its_lean(lean, bends_sideways):
    """The fit takes the shoulders' fall for 25 degrees forward: right where they stay level."""
    tilt = 25.0 * np.sign(lean) if bends_sideways else 0.0
    plan = Plan(count=1, hold_s=1.0)
    track = make_track(movement({"lean": lean, "shoulder_tilt": tilt}, plan), yaw_deg=0.0)
    upright, bent = track.time_s < 1.5, np.abs(track.time_s - plan.peaks_s[0]) < 0.3
    stance = Stance("front", "camera", 10.0, None, upright, 1.5)
    read = [column("trunk_inclination"), *(column("hip_flexion", side) for side in SIDES)]
    values = {name: np.where(bent, 25.0, 0.0) for name in read}
    _front_view(track, stance, np.full(len(bent), 10.0), values, {})
    ahead = 0.0 if bends_sideways else np.tan(np.radians(25.0)) * np.sin(np.radians(10.0))
    # The subject's right is on the picture's left.
    expected = np.degrees(np.arctan(np.tan(np.radians(lean)) + ahead))
    assert values[column("trunk_lateral_lean")][bent] == pytest.approx(expected, abs=0.3)
    for name in read:
        assert np.isnan(values[name][bent]).all() == bends_sideways
        assert np.isfinite(values[name][upright]).all()


def test_a_landmark_that_is_missing_takes_its_angles_along_and_no_others():
    motion = standing(2.0)
    track = hide(make_track(motion, yaw_deg=90.0), 0.5, 0.8, ["right_knee"])
    angles = measure(track, find_stance(make_track(motion)))
    gone = (track.time_s >= 0.5) & (track.time_s <= 0.8)
    hit = {"knee_flexion_right_deg", "hip_flexion_right_deg", "thigh_inclination_right_deg",
           "shank_inclination_right_deg"}  # fmt: skip
    for name in COLUMNS:
        if name in hit:
            assert np.isnan(angles[name][gone]).all(), name
            assert np.isfinite(angles[name][~gone]).all(), name
            assert (angles.state[name][gone] == State.MISSING).all()
        elif name == "trunk_inclination_deg":
            assert np.isfinite(angles[name]).all()


@pytest.mark.parametrize("view", ["side", "front"])
def test_state_is_missing_exactly_where_the_value_is(view):
    track = hide(make_track(movement(SQUAT), yaw_deg=90.0 if view == "side" else 0.0), 3.0, 3.5)
    angles = measure(clean(track), find_stance(clean(track)))
    for name, values in angles.values.items():
        assert np.array_equal(np.isnan(values), angles.state[name] == State.MISSING), name


def test_a_filled_landmark_marks_every_signal_that_rests_on_it():
    track = clean(hide(make_track(standing(2.0)), 1.0, 1.1, ["right_ankle"]))
    angles = measure(track, find_stance(track))
    filled = {name for name in COLUMNS if (angles.state[name] == State.FILLED).any()}
    assert filled == {"knee_flexion_right_deg", "shank_inclination_right_deg"}


def test_change_from_standing_is_zero_in_standing():
    motion = movement(SQUAT, Plan(count=1), NATURAL)
    track = make_track(motion)
    stance = find_stance(track)
    angles = measure(track, stance)
    change = change_from_standing(angles, stance)
    assert set(change) == {name for name in angles.values if name.endswith("_deg")}
    assert change["knee_flexion_right_deg"].max() == pytest.approx(105 - 3, abs=0.05)
    assert np.median(change["knee_flexion_right_deg"][stance.standing]) == pytest.approx(0)
    # Signals of the contour are changes from standing already.
    assert np.array_equal(change["spine_flexion_deg"], angles["spine_flexion_deg"])


def test_neutral_is_the_median_of_what_is_known():
    values = np.array([[1.0, 10.0], [2.0, np.nan], [3.0, 30.0], [99.0, 99.0]])
    when = np.array([True, True, True, False])
    np.testing.assert_array_equal(neutral(values, when), [2.0, 20.0])
    assert np.isnan(neutral(values[:, 0], np.zeros(4, bool)))


def test_an_unknown_view_has_heights_alone():
    track = make_track(movement(SQUAT, Plan(count=1)), yaw_deg=45.0)
    angles = measure(track, find_stance(track))
    assert all(np.isnan(angles[name]).all() for name in COLUMNS)
    fall = 1 - angles["hip_height_ratio"]
    cos = [np.cos(np.radians(d)) for d in (77, 28, 1, 4)]  # thigh and shank, low and standing
    low, high = THIGH_M * cos[0] + SHANK_M * cos[1], THIGH_M * cos[2] + SHANK_M * cos[3]
    assert fall.max() == pytest.approx(1 - low / high, abs=1e-3)
    assert np.abs(fall[:30]).max() < 1e-6


def test_heights_do_not_depend_on_the_turn_of_the_body():
    tracks = [make_track(movement(SQUAT, Plan(count=1)), yaw_deg=yaw) for yaw in (90, 45, 0)]
    falls = [measure(t, find_stance(t))["hip_height_ratio"] for t in tracks]
    for other in falls[1:]:
        np.testing.assert_allclose(falls[0], other, atol=0.01)


def test_names():
    assert len(set(COLUMNS)) == len(COLUMNS) == 23
    for stem in VIEW_OF:
        assert sides_of(stem) in (SIDES, (None,))
        assert all(column(stem, side) in COLUMNS for side in sides_of(stem))


def test_stance_said_by_the_user_holds():
    track = make_track(movement(SQUAT, Plan(count=1)), yaw_deg=50.0)
    assert find_stance(track).view == "unknown"
    said = find_stance(track, "side")
    assert isinstance(said, Stance)
    assert (said.view, said.near_side) == ("side", "right")
    assert np.isfinite(measure(track, said)["knee_flexion_right_deg"]).all()
    assert find_stance(track, "front").view == "front"
