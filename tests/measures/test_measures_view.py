"""How the person stands to the camera, when they stand still, and what the capture check says."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_track import (
    BEND,
    SQUAT,
    Plan,
    hide,
    make_track,
    mirror,
    movement,
    nobody,
    standing,
    take,
    walking,
)

from movecheck.measures.names import VIEW_OF
from movecheck.measures.quality import capture_checks, turn_advice
from movecheck.measures.uncertainty import (
    Z95,
    error_table,
    half_width_deg,
    half_width_s,
    out_of_plane_deg,
)
from movecheck.measures.view import find_stance, quiet_standing
from movecheck.signals import clean
from movecheck.signals.clean import body_size_px
from movecheck.skeleton import INDEX
from movecheck.types import Check, PoseTrack


@pytest.mark.parametrize(
    ("yaw", "view", "facing", "near"),
    [
        (0, "front", "camera", None), (20, "front", "camera", None), (-20, "front", "camera", None),
        (180, "front", "away", None), (165, "front", "away", None), (-165, "front", "away", None),
        (90, "side", "right", "right"), (70, "side", "right", "right"),
        (110, "side", "right", "right"), (-90, "side", "left", "left"),
        (-70, "side", "left", "left"), (-110, "side", "left", "left"),
        (45, "unknown", "camera", None), (-45, "unknown", "camera", None),
        (135, "unknown", "away", None), (-135, "unknown", "away", None),
    ],
)  # fmt: skip
@pytest.mark.parametrize("goal", [{}, SQUAT], ids=["standing", "squat"])
def test_view_facing_and_near_side(goal, yaw, view, facing, near):
    track = clean(make_track(movement(goal, Plan(count=1)), yaw_deg=yaw, noise_px=0.5))
    stance = find_stance(track)
    assert (stance.view, stance.facing, stance.near_side) == (view, facing, near)
    assert (stance.yaw_deg - yaw + 180) % 360 - 180 == pytest.approx(0, abs=1.0)


@given(st.floats(-180, 180))
def test_mirrored_turns_the_other_way(yaw):
    track = make_track(standing(0.5), yaw_deg=yaw, fps=10)
    a, b = find_stance(track), find_stance(mirror(track))
    assert (a.yaw_deg + b.yaw_deg + 180) % 360 - 180 == pytest.approx(0, abs=1e-6)


def test_a_few_turned_frames_do_not_decide():
    front, side = (make_track(standing(4.0), yaw_deg=yaw) for yaw in (0.0, 90.0))
    world = front.world_m.copy()
    world[10:40] = side.world_m[10:40]
    assert find_stance(replace(front, world_m=world)).view == "front"


def test_forward_is_where_the_person_faces():
    assert find_stance(make_track(standing(1.0), yaw_deg=90.0)).forward == 1.0
    assert find_stance(make_track(standing(1.0), yaw_deg=-90.0)).forward == -1.0


@pytest.mark.parametrize("fps", [10, 30, 60])
@pytest.mark.parametrize("yaw", [90.0, 0.0, 45.0])
def test_quiet_standing_is_where_it_is(fps, yaw):
    plan = Plan(count=1, stand_s=2.0)
    track = clean(make_track(movement(SQUAT, plan), yaw_deg=yaw, fps=fps))
    standing_, longest = quiet_standing(track)
    assert longest == pytest.approx(2.0, abs=0.35)
    assert standing_[track.time_s < 1.8].all()
    assert not standing_[(track.time_s > 2.5) & (track.time_s < 4.0)].any()
    assert standing_[track.time_s > 4.7].all()


def test_a_pause_at_the_bottom_is_no_quiet_standing():
    plan = Plan(count=1, hold_s=4.0, stand_s=1.0)
    track = clean(make_track(movement(SQUAT, plan)))
    low = (track.time_s > 2.4) & (track.time_s < 6.0)
    standing_, longest = quiet_standing(track)
    assert not standing_[low].any()
    assert longest < 1.5
    for goal in (BEND,):
        track = clean(make_track(movement(goal, plan)))
        assert not quiet_standing(track)[0][low].any()


def test_a_hinge_that_is_held_is_no_quiet_standing():
    """Also where the feet are out of the picture, so that no one knows the standing height."""
    held = make_track(standing(4.0, trunk=60.0), yaw_deg=90.0)
    assert quiet_standing(held)[1] == 0.0
    assert quiet_standing(make_track(standing(4.0, trunk=20.0), yaw_deg=90.0))[1] > 3.5


@pytest.mark.parametrize("seed", range(5))
def test_landmarks_that_tremble_stand_still(seed):
    """Those of a camera held by hand, once its motion is taken out, are sure to 1 or 2 px."""
    track = make_track(standing(4.0), fps=12.0)
    spread = 0.003 * body_size_px(track.xy_px)
    noise = np.random.default_rng(seed).normal(0, spread, track.xy_px.shape)
    assert quiet_standing(clean(replace(track, xy_px=track.xy_px + noise)))[1] > 3.0


def test_walking_is_no_quiet_standing():
    track = clean(make_track(walking(6.0), size=(1920, 1080)))
    assert quiet_standing(track)[1] < 0.5


def test_swaying_and_breathing_are_quiet():
    track = make_track(standing(5.0))
    sway = 0.004 * 700 * np.sin(2 * np.pi * 0.3 * track.time_s)
    xy = track.xy_px + np.stack([sway, 0 * sway], -1)[:, None]
    assert quiet_standing(clean(replace(track, xy_px=xy)))[1] == pytest.approx(5.0, abs=0.1)


@pytest.mark.parametrize("n", [1, 2, 3])
def test_next_to_nothing_has_a_stance_too(n):
    for track in (take(make_track(standing(1.0)), slice(n)), take(nobody(1.0), slice(n))):
        stance = find_stance(clean(track))
        assert len(stance.standing) == n
    assert stance.view == "unknown"
    assert np.isnan(stance.yaw_deg)


# The capture check.


def checks(track: PoseTrack) -> dict[str, Check]:
    done = clean(track)
    return {c.id: c for c in capture_checks(track, done, find_stance(done))}


def test_all_is_well_with_a_good_recording():
    found = checks(make_track(movement(SQUAT)))
    assert set(found) == {
        "complete", "person", "one_person", "body_in_frame", "distance", "frame_rate", "light",
        "camera_steady", "camera_level", "camera_angle", "quiet_standing", "feet",
    }  # fmt: skip
    for check in found.values():
        assert check.ok, check
        assert check.advice is None


def bad(**change: object) -> dict[str, PoseTrack]:
    track = make_track(movement(SQUAT))
    n = len(track.time_s)
    outside = track.xy_px.copy()
    outside[:, :, 1] += 200
    dim_feet = track.visibility.copy()
    dim_feet[:, [INDEX[f"{s}_{j}"] for s in ("left", "right") for j in ("ankle", "heel")]] = 0.2
    people = np.ones(n)
    people[: n // 4] = 2
    return {
        "complete": replace(track, recording=replace(track.recording, complete=False)),
        "person": hide(track, 3.0, 8.0),
        "one_person": replace(track, people=people),
        "body_in_frame": replace(track, xy_px=outside),
        "distance": make_track(movement(SQUAT), px_per_m=100),
        "frame_rate": make_track(movement(SQUAT), fps=8),
        "light": replace(track, brightness=np.full(n, 25.0)),
        "camera_angle": make_track(movement(SQUAT), yaw_deg=68.0),
        "quiet_standing": make_track(movement(SQUAT, Plan(stand_s=0.5, pause_s=0.2))),
        "feet": replace(track, visibility=dim_feet),
    }


@pytest.mark.parametrize("what", list(bad()))
def test_what_is_amiss_is_named_with_advice(what):
    found = checks(bad()[what])
    assert not found[what].ok, found[what]
    assert found[what].advice
    assert found[what].advice.endswith(".")
    # Without feet there is no height, and without a height no telling who stands upright.
    along = {"feet": {"quiet_standing"}}.get(what, set())
    assert {c.id for c in found.values() if not c.ok} <= {what} | along


def test_nobody_gets_advice_and_nothing_that_needs_a_body():
    found = checks(nobody())
    assert set(found) == {"complete", "person"}
    assert not found["person"].ok
    assert "Nobody" in (found["person"].advice or "")


@pytest.mark.parametrize("yaw", [45.0, -45.0, 135.0])
def test_an_oblique_view_gets_advice(yaw):
    found = checks(make_track(movement(SQUAT), yaw_deg=yaw))
    assert not found["camera_angle"].ok
    assert "Turn" in (found["camera_angle"].advice or "")
    assert str(abs(round(yaw))) in str(found["camera_angle"].value)


def test_advice_without_any_yaw():
    assert "side" in turn_advice(find_stance(clean(nobody())))


# The ±.


@pytest.mark.parametrize("kind", ["change", "absolute"])
@pytest.mark.parametrize("row", sorted(error_table()), ids=str)
def test_a_half_width_is_the_tables_when_nothing_else_is_amiss(row, kind):
    stem, way = row
    stance = find_stance(
        make_track(standing(1.0), yaw_deg={"side": 90.0, "front": 0.0}.get(way, 45))
    )
    base = half_width_deg(stem, kind, 0.0, stance)
    assert base == pytest.approx(Z95 * error_table()[row][kind], rel=1e-6)
    assert base > 0.5


def test_every_signal_has_an_error_in_every_view_that_shows_it():
    for stem, view in VIEW_OF.items():
        for way in ("side", "fit") if view == "any" else (view,):
            assert (stem, way) in error_table()


@given(st.floats(0, 150), st.floats(0.5, 1.0), st.floats(0, 10))
def test_what_makes_a_value_less_sure_widens_it(value, visibility, hidden):
    straight = find_stance(make_track(standing(0.5), yaw_deg=90.0, fps=10))
    turned = replace(straight, yaw_deg=70.0)
    for stance, more in ((straight, {}), (turned, {})):
        least = half_width_deg("knee_flexion", "change", value, stance, **more)
        assert half_width_deg("knee_flexion", "change", value, stance, visibility=visibility) >= (
            least
        )
        assert (
            half_width_deg("knee_flexion", "change", value, stance, between_frames_deg=hidden)
            >= least
        )
    assert half_width_deg("knee_flexion", "change", value, turned) >= half_width_deg(
        "knee_flexion", "change", value, straight
    )


@pytest.mark.parametrize(
    ("yaw", "off"), [(90, 0), (75, 15), (-80, 10), (105, 15), (0, 0), (12, 12), (170, 10)]
)
def test_out_of_plane(yaw, off):
    stance = find_stance(make_track(standing(0.5), yaw_deg=yaw))
    assert out_of_plane_deg(stance) == pytest.approx(off, abs=1e-6)


def test_a_slow_camera_makes_durations_less_sure():
    edges = ("edge_angle", "edge_angle")
    assert half_width_s(1 / 10, *edges) > half_width_s(1 / 60, *edges) > 0.1
    assert half_width_s(1 / 60, "edge_fit", "deepest") > half_width_s(1 / 60, *edges)
