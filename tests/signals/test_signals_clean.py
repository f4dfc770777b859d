"""Cleaning: what is wrong goes, what is short is filled and says so, and nothing is invented."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_track import (
    BEND,
    HINGE,
    SQUAT,
    Plan,
    drop,
    hide,
    make_track,
    movement,
    nobody,
    standing,
    swap,
    take,
    times,
    walking,
)

from movecheck.signals import Cleaning, clean
from movecheck.signals.clean import body_size_px
from movecheck.signals.gaps import outliers, runs
from movecheck.signals.swaps import LEGS, find_swaps
from movecheck.skeleton import BODY, INDEX
from movecheck.types import State

KNEE, ANKLE = INDEX["right_knee"], INDEX["right_ankle"]
LEGS_ONLY = [INDEX[n] for n in BODY if "shoulder" not in n]


def test_a_clean_track_stays_as_it_is():
    track = make_track(movement(SQUAT))
    done = clean(track)
    assert (done.state == State.MEASURED).all()
    size = body_size_px(track.xy_px)
    assert np.abs(done.xy_px - track.xy_px).max() < 0.004 * size  # what a 4 Hz low-pass takes
    np.testing.assert_allclose(done.time_s, track.time_s, atol=1e-9)


def test_the_gate_takes_what_the_model_does_not_trust():
    track = make_track(standing(2.0))
    visibility = track.visibility.copy()
    visibility[:, ANKLE] = 0.49
    done = clean(replace(track, visibility=visibility))
    assert np.isnan(done.xy_px[:, ANKLE]).all()
    assert (done.state[:, ANKLE] == State.MISSING).all()
    others = [k for k in range(33) if k != ANKLE]
    assert (done.state[:, others] == State.MEASURED).all()


@pytest.mark.parametrize("fps", [15, 30, 60])
@pytest.mark.parametrize("where", ["standing", "going down", "deepest"])
def test_a_jump_of_one_frame_is_taken_out_and_marked(fps, where):
    plan = Plan(count=1, down_s=1.0, up_s=1.0, stand_s=1.5)
    track = make_track(movement(SQUAT, plan), fps=fps)
    when = {"standing": 0.8, "going down": 2.0, "deepest": 2.5}[where]
    frame = int(np.argmin(np.abs(track.time_s - when)))
    xy = track.xy_px.copy()
    xy[frame, KNEE] += [0.15 * body_size_px(xy), 0.0]
    good, done = clean(track), clean(replace(track, xy_px=xy))
    assert done.state[frame, KNEE] == State.FILLED
    assert (done.state[:, KNEE] == State.FILLED).sum() == 1
    off = np.linalg.norm(done.xy_px[:, KNEE] - good.xy_px[:, KNEE], axis=-1)
    assert off.max() < 0.015 * body_size_px(xy)


@pytest.mark.parametrize("goal", [SQUAT, HINGE, BEND], ids=["squat", "hinge", "bend"])
@pytest.mark.parametrize("fps", [10, 15, 30, 60])
@pytest.mark.parametrize("half_s", [0.5, 1.2])
def test_the_turning_point_of_a_fast_movement_is_no_outlier(goal, fps, half_s):
    track = make_track(movement(goal, Plan(down_s=half_s, up_s=half_s, pause_s=0.6)), fps=fps)
    done = clean(track)
    body = [INDEX[name] for name in BODY]
    assert (done.state[:, body] == State.MEASURED).all()


def test_outliers_need_more_than_noise():
    rng = np.random.default_rng(3)
    time_s = times(10.0)
    noisy = rng.normal(0, 2.0, (len(time_s), 1, 2))
    assert outliers(time_s, noisy, 0.35, least=15.0).sum() == 0
    noisy[100] += 60.0
    assert np.flatnonzero(outliers(time_s, noisy, 0.35, least=15.0)).tolist() == [100]
    assert np.flatnonzero(outliers(time_s, noisy * np.nan, 0.35, least=15.0)).tolist() == []


# Left and right.


def two_legs(**more: float):
    """A squat seen from the side and a little from the front, so the two legs lie apart."""
    return make_track(movement(SQUAT, Plan(count=2)), yaw_deg=70.0, **more)


@pytest.mark.parametrize(
    "stretches",
    [
        [(30, 31)],
        [(40, 55)],
        [(70, 100)],
        [(20, 22), (60, 75), (110, 111)],
        [(0, 10)],
        [(150, 999)],
    ],
    ids=str,
)
@pytest.mark.parametrize("noise", [0.0, 1.0])
def test_a_swapped_stretch_is_put_right_exactly(stretches, noise):
    track = two_legs(noise_px=noise)
    flags = np.zeros(len(track.time_s), bool)
    for start, stop in stretches:
        flags[start:stop] = True
    wrong = swap(track, flags)
    assert np.array_equal(find_swaps(wrong.xy_px, 0.01 * body_size_px(track.xy_px)), flags)
    np.testing.assert_allclose(clean(wrong).xy_px, clean(track).xy_px, atol=1e-9)


def test_swapped_visibility_comes_back_with_the_leg():
    track = two_legs()
    visibility = track.visibility.copy()
    visibility[:, [k for k in LEGS if "left" in list(INDEX)[k]]] = 0.3
    flags = np.zeros(len(track.time_s), bool)
    flags[60:80] = True
    done = clean(swap(replace(track, visibility=visibility), flags))
    assert np.isnan(done.xy_px[:, INDEX["left_knee"]]).all()
    assert (done.state[:, KNEE] == State.MEASURED).all()


@pytest.mark.parametrize("yaw", [90.0, -90.0, 70.0])
@pytest.mark.parametrize("fps", [15, 30, 60])
def test_legs_that_really_cross_stay_as_they_are(yaw, fps):
    track = make_track(walking(6.0), yaw_deg=yaw, fps=fps, size=(1920, 1080))
    left, right = (track.xy_px[:, INDEX[f"{s}_ankle"], 0] for s in ("left", "right"))
    crossings = np.count_nonzero(np.diff(np.sign(left - right)))
    assert crossings >= 6, "the test must hold crossings"
    assert not find_swaps(track.xy_px, 0.01 * body_size_px(track.xy_px)).any()


def test_a_clean_squat_has_no_swaps():
    for yaw in (90.0, 70.0, 0.0, 180.0, -90.0):
        track = make_track(movement(SQUAT), yaw_deg=yaw, noise_px=2.0)
        assert not find_swaps(track.xy_px, 0.01 * body_size_px(track.xy_px)).any(), yaw


# Gaps.


@pytest.mark.parametrize("fps", [10, 30, 60])
@pytest.mark.parametrize("how", ["not seen", "never recorded"])
def test_a_short_gap_is_filled_and_marked(fps, how):
    motion = movement(SQUAT, Plan(count=1))
    track = make_track(motion, fps=fps)
    lose = hide if how == "not seen" else drop
    start = 2.5 - 1e-6
    done = clean(lose(track, start, start + (0.12 if fps > 10 else 0.05)))
    inside = (done.time_s >= start) & (done.time_s <= start + 0.12)
    if how == "not seen":
        assert (done.state[:, KNEE] == State.FILLED).any()
        assert (done.state[~inside, KNEE] == State.MEASURED).all()
    assert np.isfinite(done.xy_px[:, LEGS_ONLY]).all()
    true = clean(track)
    off = np.linalg.norm(done.xy_px[:, KNEE] - true.xy_px[:, KNEE], axis=-1)
    assert off.max() < 0.02 * body_size_px(track.xy_px)


@pytest.mark.parametrize("fps", [10, 30, 60])
@pytest.mark.parametrize("how", ["not seen", "never recorded"])
@pytest.mark.parametrize("gap_s", [0.4, 1.0])
def test_a_long_gap_stays_missing(fps, how, gap_s):
    track = make_track(movement(SQUAT, Plan(count=1)), fps=fps)
    lose = hide if how == "not seen" else drop
    done = clean(lose(track, 2.5, 2.5 + gap_s))
    inside = (done.time_s > 2.5 + 1e-6) & (done.time_s < 2.5 + gap_s - 1e-6)
    assert inside.sum() >= 3
    assert np.isnan(done.xy_px[inside]).all()
    assert (done.state[inside] == State.MISSING).all()
    around = (done.time_s < 2.5 - 1.5 / fps) | (done.time_s > 2.5 + gap_s + 1.5 / fps)
    assert np.isfinite(done.xy_px[around]).all()


@pytest.mark.parametrize("fps", [20, 30, 60])
def test_the_limit_of_a_gap_is_in_seconds_not_in_frames(fps):
    longest = 0.0
    track = make_track(standing(3.0), fps=fps)
    for lost in range(int(0.15 * fps), int(0.35 * fps)):
        done = clean(hide(track, 1.0 - 1e-6, 1.0 - 1e-6 + lost / fps))
        if np.isfinite(done.xy_px).all():
            longest = max(longest, (lost + 1) / fps)
    assert longest == pytest.approx(Cleaning().max_gap_s, abs=1.5 / fps)


def test_the_edge_is_not_bridged_over_a_long_gap():
    done = clean(hide(make_track(movement(BEND)), 2.5, 3.5))
    inside = (done.time_s > 2.6) & (done.time_s < 3.4)
    assert np.isnan(done.edge_px[inside]).all()


@given(st.lists(st.booleans(), max_size=60))
def test_runs_cover_exactly_the_marked_samples(flags):
    again = np.zeros(len(flags), bool)
    found = runs(np.array(flags, bool))
    for start, stop in found:
        assert start < stop
        assert not again[max(start - 1, 0) : stop].any(), "runs do not touch"
        again[start:stop] = True
    assert again.tolist() == flags


# A grid of time.


@pytest.mark.parametrize("jitter", [0.0, 0.5, 0.9])
@pytest.mark.parametrize("fps", [10, 24, 30, 60, 120, 240])
def test_the_grid_is_uniform_and_spans_the_recording(fps, jitter):
    track = make_track(movement(SQUAT, Plan(count=1)), fps=fps, jitter=jitter, seed=2)
    done = clean(track)
    steps = np.diff(done.time_s)
    assert np.ptp(steps) < 1e-9
    assert done.time_s[[0, -1]] == pytest.approx(track.time_s[[0, -1]], abs=1e-9)
    assert 1 / steps[0] <= 60 * 1.02
    assert 1 / steps[0] == pytest.approx(min(fps, 60), rel=0.15)


@pytest.mark.parametrize("fps", [24, 30, 60])
def test_variable_rate_gives_the_same_path(fps):
    motion = movement(SQUAT, Plan(count=1))
    even, uneven = (clean(make_track(motion, fps=fps, jitter=j, seed=5)) for j in (0.0, 0.8))
    size = body_size_px(even.xy_px)
    for k in LEGS_ONLY:
        again = np.stack(
            [np.interp(even.time_s, uneven.time_s, uneven.xy_px[:, k, i]) for i in (0, 1)], -1
        )
        assert np.abs(again - even.xy_px[:, k]).max() < 0.01 * size


# Nobody, and next to nothing.


def test_nobody_is_all_missing():
    done = clean(nobody())
    assert (done.state == State.MISSING).all()
    assert not np.isfinite(done.xy_px).any()


@pytest.mark.parametrize("n", [1, 2, 3, 5, 15])
@pytest.mark.parametrize("seen", [True, False])
def test_very_short_tracks(n, seen):
    track = take(make_track(standing(3.0)) if seen else nobody(), slice(0, n))
    done = clean(track)
    assert len(done.time_s) == n
    assert done.state.shape == (n, 33)
    if n >= 3 and seen:
        assert (done.state == State.MEASURED).all()


def test_one_frame_of_somebody_is_not_enough_to_fill_a_recording():
    track = hide(hide(make_track(standing(3.0)), -1, 1.45), 1.55, 9)
    assert np.isfinite(track.xy_px[:, KNEE, 0]).sum() == 3
    done = clean(track)
    seen = np.isfinite(done.xy_px[:, KNEE, 0])
    assert 0 < seen.sum() <= 5
    assert (done.state[~seen, KNEE] == State.MISSING).all()
