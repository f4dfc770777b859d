"""The capture check's newer items: a camera that moves or is tilted, others, what refuses."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from make_track import SQUAT, Plan, hold_by_hand, make_track, movement, standing

from movecheck.analyze import interpret
from movecheck.measures.feet import foot_strays
from movecheck.measures.quality import (
    MOST_TILT_DEG,
    camera_tilt_deg,
    capture_checks,
    refusal,
    standing_askew_deg,
)
from movecheck.measures.uncertainty import AGAINST_VERTICAL, error_table, half_width_deg
from movecheck.measures.view import find_stance
from movecheck.signals import clean
from movecheck.skeleton import INDEX
from movecheck.types import Check, Person, PoseTrack


def squat() -> PoseTrack:
    return make_track(movement(SQUAT, Plan(count=1)))


def checks(track: PoseTrack) -> dict[str, Check]:
    done = clean(track)
    return {c.id: c for c in capture_checks(track, done, find_stance(done))}


def rolled(track: PoseTrack, roll_deg: float) -> PoseTrack:
    """A camera that was rolled all the time: nothing moves, so nothing is known of it."""
    n = len(track.time_s)
    turned = hold_by_hand(track, np.zeros((n, 2)), np.full(n, roll_deg))
    return replace(turned, camera_shift_px=None, camera_roll_deg=None)  # type: ignore[arg-type]


def shaken(roll_deg: float, shift_px: float) -> PoseTrack:
    track = squat()
    to_and_fro = np.sin(track.time_s)
    return hold_by_hand(track, shift_px * np.stack([to_and_fro, 0 * to_and_fro], -1),
                        roll_deg * to_and_fro)  # fmt: skip


@pytest.mark.parametrize(
    ("roll", "shift", "ok"), [(0.0, 0.0, True), (0.3, 5.0, True), (1.5, 0.0, False), (0, 30, False)]
)
def test_a_camera_that_moves(roll, shift, ok):
    found = checks(shaken(roll, shift))["camera_steady"]
    assert found.ok == ok
    assert found.value == pytest.approx(2 * roll, abs=0.05)
    if not ok:
        assert f"{2 * roll:.1f}°" in (found.advice or "")
        assert "firm" in (found.advice or "")


def test_a_camera_of_which_nothing_is_known_is_not_said_to_move():
    found = checks(squat())["camera_steady"]
    assert found.ok
    assert found.value == "unknown"


@pytest.mark.parametrize("yaw", [90.0, -90.0, 0.0])
@pytest.mark.parametrize("roll", [0.0, 3.0, -6.0, 10.0])
def test_a_tilted_camera(yaw, roll):
    track = rolled(make_track(standing(4.0), yaw_deg=yaw), roll)
    done = clean(track)
    stance = find_stance(done)
    lean = 3.0 if yaw else 0.0  # of the stick figure, forward
    want = roll + np.sign(yaw) * lean
    assert standing_askew_deg(done, stance) == pytest.approx(want, abs=1.5)
    found = checks(track)["camera_level"]
    assert found.ok == (abs(float(found.value)) <= MOST_TILT_DEG)
    assert (camera_tilt_deg(done, stance) == 0) == found.ok


def test_without_standing_nothing_is_said_of_a_tilt():
    found = checks(make_track(movement(SQUAT, Plan(stand_s=0.2, pause_s=0.0))))["camera_level"]
    assert found.ok
    assert found.value == "unknown"


@pytest.mark.parametrize("stem", sorted({stem for stem, _ in error_table()}))
def test_a_tilt_makes_levels_against_the_vertical_less_sure_and_no_change(stem):
    view = "front" if (stem, "front") in error_table() else "side"
    stance = find_stance(clean(make_track(standing(2.0), yaw_deg=90.0 if view == "side" else 0.0)))
    for kind in ("absolute", "change"):
        level = half_width_deg(stem, kind, 0.0, stance)
        tilted = half_width_deg(stem, kind, 0.0, stance, tilt_deg=-6.0)
        if kind == "absolute" and stem in AGAINST_VERTICAL:
            assert tilted == pytest.approx(np.hypot(level, 6.0))
        else:
            assert tilted == level


def test_the_size_counts_that_the_model_saw():
    track = make_track(movement(SQUAT, Plan(count=1)), size=(1080, 1920))
    seen = checks(track)["distance"]
    smaller = checks(replace(track, px_per_model_px=8.0))["distance"]
    assert seen.ok
    assert not smaller.ok
    assert smaller.value == pytest.approx(float(seen.value) / 8, abs=0.01)


def test_a_head_outside_the_picture_is_named():
    track = squat()
    high = track.xy_px - np.array([0.0, track.xy_px[..., 1].min() + 5])
    found = checks(replace(track, xy_px=high))["body_in_frame"]
    assert not found.ok
    assert "head" in (found.advice or "")


def test_others_in_the_picture_refuse_all_measures():
    track = squat()
    result = interpret(replace(track, people=np.full(len(track.time_s), 2.0)), "squat", "side",
                       Person())  # fmt: skip
    assert result.assessment.measures
    for measure in result.assessment.measures:
        assert measure.status == "not_measurable"
        assert "nobody else" in (measure.reason or "")
    assert result.assessment.findings == ()


def test_one_look_in_twenty_refuses_nothing():
    track = squat()
    people = np.ones(len(track.time_s))
    people[::20] = 2
    assert refusal(list(checks(replace(track, people=people)).values())) is None


def wandering(visibility: float, seconds: float = 2.0) -> PoseTrack:
    """The near foot goes up and down by 8 % of the height."""
    track = make_track(standing(12.0))
    xy, sure = track.xy_px.copy(), track.visibility.copy()
    foot = [INDEX[f"right_{joint}"] for joint in ("ankle", "heel", "foot_index")]
    n = round(30 * seconds)
    path = 55 * np.sin(np.pi * np.arange(n) / 20) ** 2
    xy[60 : 60 + n, foot, 1] -= path[:, None]
    sure[:, foot] = visibility
    return replace(track, xy_px=xy, visibility=sure)


def test_a_foot_that_wanders_now_and_then_and_is_hardly_seen_is_no_foot_then():
    strays = foot_strays(clean(wandering(0.6, 1.0)), "right")
    assert strays[62:88].mean() > 0.5
    assert not strays[:50].any()
    assert not strays[100:].any()


def test_a_foot_that_wanders_often_and_is_hardly_seen_is_no_foot_at_all():
    assert foot_strays(clean(wandering(0.6, 4.0)), "right").all()


def test_a_foot_that_is_lifted_in_clear_view_stays_a_foot():
    assert not foot_strays(clean(wandering(0.95)), "right").any()


def test_no_foot_at_all_strays_nowhere():
    track = make_track(standing(2.0))
    unseen = np.zeros_like(track.visibility)
    assert not foot_strays(clean(replace(track, visibility=unseen)), "left").any()
