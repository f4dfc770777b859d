"""The body fit on made-up bodies: right angles from any side, and no silent errors."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from made_up_body import EXACT, film, move_foot, squat

from movecheck.signals import clean
from movecheck.signals.fit import Assumptions, BodyFit, fit_body, fitted_angles
from movecheck.signals.fit.body import AT, LANDMARK_OF, MASS
from movecheck.signals.fit.level import along_feet
from movecheck.types import FloatArray

SURE = Assumptions(pixel=0.001, standing_trunk=1.0)
"""For exact landmarks: what is seen outweighs what is usual. The body leans 7 degrees at rest."""


def errors(fit: BodyFit, joints: FloatArray, time: FloatArray) -> dict[str, FloatArray]:
    truth = fitted_angles(joints)
    return {k: v - np.interp(fit.time_s, time, truth[k]) for k, v in fit.angles().items()}


def rms(values: FloatArray) -> float:
    return float(np.sqrt(np.nanmean(values**2)))


@pytest.mark.parametrize("yaw", [0.0, 35.0, -60.0, 90.0])
def test_exact_landmarks_give_exact_angles(yaw: float) -> None:
    time, joints = squat()
    fit = fit_body(film(time, joints, yaw), SURE, EXACT)
    assert fit.ok
    assert np.median(fit.yaw_deg) == pytest.approx(yaw, abs=2)
    for name, error in errors(fit, joints, time).items():
        assert rms(error) < 1.0, (name, rms(error))


@pytest.mark.parametrize("yaw", [0.0, 40.0, 90.0])
def test_usual_assumptions_and_noise_stay_within_a_few_degrees(yaw: float) -> None:
    time, joints = squat()
    fit = fit_body(film(time, joints, yaw, noise_px=4.0), None, EXACT)
    assert fit.ok
    for name, error in errors(fit, joints, time).items():
        assert rms(error) < 6.0, (name, rms(error))


def test_constant_bones_and_still_feet_bring_back_depth() -> None:
    time, joints = squat()
    track = film(time, joints, 0.0, noise_px=2.0)
    raw = fitted_angles(track.world_m[:, LANDMARK_OF] * [1, -1, -1])["knee_flexion_left_deg"]
    truth = fitted_angles(joints)["knee_flexion_left_deg"]
    fit = fit_body(track, None, EXACT)
    assert rms(raw - truth) > 3 * rms(errors(fit, joints, time)["knee_flexion_left_deg"])


def test_feet_side_by_side_bring_both_shanks_into_one_depth() -> None:
    """The near foot's landmarks a little too high in the picture look like a foot further off."""
    time, joints = squat()
    track = film(time, joints, -35.0)
    xy = track.xy_px.copy()
    xy[:, [LANDMARK_OF[AT[f"left_{j}"]] for j in ("ankle", "heel", "foot_index")], 1] -= 6.0
    track = replace(track, xy_px=xy)

    def worst(how: Assumptions) -> float:
        found = errors(fit_body(track, how, EXACT), joints, time)
        return max(rms(found[f"shank_inclination_{s}_deg"]) for s in ("left", "right"))

    assert worst(Assumptions()) < worst(Assumptions(feet_square_m=10.0, step_m=30.0)) - 0.3


@pytest.mark.parametrize("yaw", [-35.0, 90.0])
def test_a_foot_a_step_ahead_stays_there(yaw: float) -> None:
    time, joints = squat(deepest_deg=40.0)
    ahead = np.tile([0.0, 0.0, 0.30], (len(time), 1))
    fit = fit_body(film(time, move_foot(joints, "left", ahead), yaw), None, EXACT)
    turn = np.radians(yaw)
    forward = np.array([np.sin(turn), 0.0, np.cos(turn)])
    between = fit.joints_m[:, AT["left_heel"]] - fit.joints_m[:, AT["right_heel"]]
    assert np.median(between @ forward) == pytest.approx(0.30, abs=0.06)


def test_derivatives_along_the_feet_are_those_of_finite_differences() -> None:
    poses = squat(n=3)[1] + np.random.default_rng(1).normal(0, 0.02, (3, 12, 3))
    shares = {AT["left_hip"]: 1.0, AT["right_hip"]: -1.0, AT["left_heel"]: 0.5}
    shares[AT["right_heel"]] = -0.5
    _, slopes = along_feet(poses, shares)
    for joint in range(12):
        for axis in range(3):
            step = np.zeros_like(poses)
            step[:, joint, axis] = 1e-6
            change = along_feet(poses + step, shares)[0] - along_feet(poses - step, shares)[0]
            found = slopes[joint][:, axis] if joint in slopes else np.zeros(3)
            np.testing.assert_allclose(found, change / 2e-6, atol=1e-6)


def test_same_track_gives_the_same_numbers() -> None:
    track = film(*squat(), 25.0, noise_px=3.0)
    first, second = fit_body(track), fit_body(track)
    np.testing.assert_array_equal(first.joints_m, second.joints_m)
    np.testing.assert_array_equal(first.residual, second.residual)


def test_grid_is_that_of_the_clean_track() -> None:
    track = film(*squat(), 25.0)
    np.testing.assert_array_equal(fit_body(track).time_s, clean(track).time_s)


def ramp(time: FloatArray, start: float, stop: float, lasts: float = 0.4) -> FloatArray:
    """0, then 1 from `start` to `stop`, then 0."""
    return np.clip((time - start) / lasts, 0, 1) - np.clip((time - stop) / lasts, 0, 1)


@pytest.mark.parametrize("yaw", [0.0, 30.0, 90.0])
@pytest.mark.parametrize("height", [0.1, 0.2])
def test_lifted_foot_is_found_and_the_rest_stays_right(yaw: float, height: float) -> None:
    time, joints = squat(n=240)
    lift = ramp(time, 5.2, 7.4)
    lifted = move_foot(joints, "left", np.stack([0 * time, height * lift, 0 * time], axis=1))
    fit = fit_body(film(time, lifted, yaw, noise_px=3.0), None, EXACT)
    up = (fit.time_s > 5.8) & (fit.time_s < 7.2)
    assert not fit.ok or not fit.foot_contact[up, 0].any()
    assert not fit.trusted[up].any()
    wrong = errors(fit, lifted, time)
    for side in ("left", "right"):
        worst = np.abs(wrong[f"knee_flexion_{side}_deg"])[fit.trusted]
        assert np.percentile(worst, 95, method="nearest") < 8 if len(worst) else not fit.ok


@pytest.mark.parametrize("yaw", [0.0, 40.0])
@pytest.mark.parametrize("way", [(0.25, 0.0, 0.0), (0.0, 0.0, 0.4)])
def test_step_is_not_trusted_after_it(yaw: float, way: tuple[float, float, float]) -> None:
    time, joints = squat(n=240)
    stepped = move_foot(joints, "left", ramp(time, 5.0, 99.0)[:, None] * way)
    fit = fit_body(film(time, stepped, yaw, noise_px=3.0), None, EXACT)
    assert not fit.trusted[fit.time_s > 5.5].any()


def test_foot_held_up_throughout_is_refused() -> None:
    time, joints = squat()
    lifted = move_foot(joints, "left", np.tile([0.0, 0.25, -0.15], (len(time), 1)))
    fit = fit_body(film(time, lifted, 30.0, noise_px=3.0), None, EXACT)
    assert not fit.ok
    assert "constant bones" in str(fit.reason)


def test_walking_is_refused() -> None:
    time, joints = squat()
    joints = joints.copy()
    swing = 0.3 * np.sin(2 * np.pi * time / 1.1)
    for side, sign in (("left", 1), ("right", -1)):
        for joint, share in (("knee", 0.6), ("ankle", 1), ("heel", 1), ("foot_index", 1)):
            joints[:, AT[f"{side}_{joint}"], 2] += sign * share * swing
    fit = fit_body(film(time, joints, 90.0), None, EXACT)
    assert not fit.ok
    assert fit.reason


def test_missing_frames_are_bridged_when_short_and_missing_when_long() -> None:
    time, joints = squat()
    track = film(time, joints, 40.0)
    xy, world = track.xy_px.copy(), track.world_m.copy()
    gone = (time > 3.0) & (time < 4.2) | (np.arange(len(time)) % 9 == 4)
    xy[gone], world[gone] = np.nan, np.nan
    fit = fit_body(replace(track, xy_px=xy, world_m=world), None, EXACT)
    inside = (fit.time_s > 3.1) & (fit.time_s < 4.1)
    assert np.isnan(fit.joints_m[inside]).all()
    assert np.isfinite(fit.joints_m[~(fit.time_s > 2.9) | (fit.time_s > 4.3)]).all()
    assert rms(errors(fit, joints, time)["knee_flexion_right_deg"]) < 4


@pytest.mark.parametrize("frames", [0, 2, 4])
def test_too_few_frames_are_refused(frames: int) -> None:
    track = film(*squat(), 40.0)
    xy = track.xy_px.copy()
    xy[frames:] = np.nan
    fit = fit_body(replace(track, xy_px=xy))
    assert not fit.ok
    assert "long enough" in str(fit.reason)
    assert np.isnan(fit.joints_m).all()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize(
    "what", ["noise", "point", "no world", "flat world", "hidden", "upside down"]
)
def test_what_is_no_body_is_refused_without_a_warning(what: str) -> None:
    track = film(*squat(), 30.0)
    noise = np.random.default_rng(0).uniform(0, 700, track.xy_px.shape)
    changed = {
        "noise": {"xy_px": noise},
        "point": {"xy_px": np.full_like(noise, 300.0)},
        "no world": {"world_m": np.full_like(track.world_m, np.nan)},
        "flat world": {"world_m": np.zeros_like(track.world_m)},
        "hidden": {"visibility": np.zeros_like(track.visibility)},
        "upside down": {"xy_px": [720, 1280] - track.xy_px},
    }
    fit = fit_body(replace(track, **changed[what]))
    assert not fit.ok
    assert not fit.trusted.any()


def test_five_frames_a_second_are_enough() -> None:
    time, joints = squat(n=41)
    fit = fit_body(film(time, joints, 35.0, noise_px=2.0), None, EXACT)
    assert fit.ok
    assert rms(errors(fit, joints, time)["knee_flexion_left_deg"]) < 5


def test_hidden_far_leg_does_not_spoil_the_near_one() -> None:
    time, joints = squat()
    track = film(time, joints, 90.0, noise_px=2.0)
    xy, visibility = track.xy_px.copy(), track.visibility.copy()
    far = [LANDMARK_OF[AT[f"left_{j}"]] for j in ("knee", "ankle", "heel", "foot_index")]
    xy[:, far] += np.random.default_rng(1).normal(0, 25, (len(time), 4, 2))
    visibility[:, far] = 0.25
    fit = fit_body(replace(track, xy_px=xy, visibility=visibility), None, EXACT, deviations=True)
    assert rms(errors(fit, joints, time)["knee_flexion_right_deg"]) < 4
    far_sd, near_sd = (fit.deviation_deg[f"knee_flexion_{s}_deg"] for s in ("left", "right"))
    assert np.median(far_sd) > np.median(near_sd)


def test_depth_is_less_sure_than_what_the_picture_shows() -> None:
    time, joints = squat()
    side, front = (
        fit_body(film(time, joints, yaw), None, EXACT, deviations=True) for yaw in (90.0, 0.0)
    )
    name = "thigh_inclination_right_deg"
    assert np.median(side.deviation_deg[name]) < np.median(front.deviation_deg[name])


def test_masses_sum_to_one() -> None:
    assert sum(MASS.values()) == pytest.approx(1.0)
