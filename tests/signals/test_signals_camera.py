"""A camera held by hand: its motion is taken out of the landmarks, and put back."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from make_track import SQUAT, Plan, hold_by_hand, make_track, movement, take

from movecheck.signals.camera import as_filmed, camera_motion, steadied
from movecheck.signals.clean import clean, within_picture
from movecheck.skeleton import INDEX
from movecheck.types import PoseTrack


def filmed(roll_deg: float = 3.0, shift_px: float = 20.0, looks: int = 3) -> PoseTrack:
    track = make_track(movement(SQUAT, Plan(count=1)))
    slow = np.sin(1.3 * track.time_s)
    shift = shift_px * np.stack([slow, np.cos(track.time_s) - 1], axis=-1)
    return hold_by_hand(track, shift, roll_deg * slow, looks)


def still() -> PoseTrack:
    return make_track(movement(SQUAT, Plan(count=1)))


def test_the_motion_is_what_the_hand_did():
    motion = camera_motion(filmed())
    assert motion.roll_deg == pytest.approx(6.0, abs=0.1)
    assert motion.shift == pytest.approx(np.hypot(40, 40) / 672, rel=0.15)
    assert motion.followed


def test_the_landmarks_are_those_of_a_camera_on_a_stand():
    track, want = filmed(), still()
    done = steadied(track, camera_motion(track))
    n = len(track.time_s) - 3  # after the last look nothing is known
    assert np.abs(done.xy_px[:n] - want.xy_px[:n]).max() < 0.5
    assert np.abs(track.xy_px - want.xy_px).max() > 30


def test_the_models_own_body_turns_along():
    track = filmed()
    done = steadied(track, camera_motion(track))
    turn = np.radians(-track.camera_roll_deg[30])
    x, y = track.world_m[30, 11, :2]
    assert done.world_m[30, 11, 0] == pytest.approx(x * np.cos(turn) - y * np.sin(turn), abs=1e-3)
    assert np.array_equal(done.world_m[30, :, 2], track.world_m[30, :, 2])


def test_there_and_back_again():
    track = filmed()
    motion = camera_motion(track)
    back = as_filmed(steadied(track, motion), track, motion)
    n = len(track.time_s) - 3
    assert np.allclose(back.xy_px[:n], track.xy_px[:n], atol=1e-6)


def test_a_clean_track_goes_back_on_its_own_time_grid():
    track = filmed()
    motion = camera_motion(track)
    done = as_filmed(clean(steadied(track, motion)), track, motion)
    nose = INDEX["nose"]
    want = np.interp(done.time_s, track.time_s, track.xy_px[:, nose, 0])
    inner = slice(10, -10)
    assert np.nanmax(np.abs(done.xy_px[inner, nose, 0] - want[inner])) < 2.0


@pytest.mark.parametrize("track", [still(), filmed(0.05, 0.5), take(filmed(), slice(0, 1))])
def test_a_camera_on_a_stand_changes_nothing(track):
    motion = camera_motion(track)
    assert not motion.followed
    assert steadied(track, motion) is track
    assert as_filmed(track, track, motion) is track


def test_a_motion_that_is_known_in_part_only_is_not_taken_out():
    track = filmed(looks=25)  # 0.8 s between two looks
    motion = camera_motion(track)
    assert motion.moves
    assert not motion.followed
    assert steadied(track, motion) is track


def test_a_frame_whose_motion_is_not_known_is_not_seen():
    track = filmed()
    blind = track.camera_roll_deg.copy()
    blind[60:80] = np.nan
    done = steadied(replaced := replace(track, camera_roll_deg=blind), camera_motion(replaced))
    assert np.isnan(done.xy_px[65:75]).all()
    assert np.isfinite(done.xy_px[30:50]).all()


def test_what_lies_outside_the_picture_is_not_seen():
    track = still()
    low = replace(track, xy_px=track.xy_px + np.array([0.0, 122.0]))
    seen = within_picture(low)
    outside = low.xy_px[..., 1] > track.recording.height_px
    assert outside.any()
    assert not outside.all()
    assert (seen.visibility[outside] == 0).all()
    assert np.array_equal(seen.visibility[~outside], track.visibility[~outside])
    cleaned = clean(seen)
    assert np.isnan(cleaned.xy_px[:, INDEX["left_foot_index"]]).all()
    assert np.isfinite(cleaned.xy_px[:, INDEX["left_knee"]]).all()
