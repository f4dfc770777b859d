"""The signal that drives a movement's repetitions, and which movement a recording shows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from movecheck.measures.angles import HEIGHTS, HIP_HEIGHT, change_from_standing
from movecheck.measures.names import column
from movecheck.measures.spine import neutral
from movecheck.measures.view import Stance
from movecheck.movements.definition import Driver, Movement, load
from movecheck.movements.reps import find_reps
from movecheck.types import AngleTrack, FloatArray, Rep, StateArray

# Which movement: our own choice of limits. A bend lowers hips by about a tenth of what it lowers
# the shoulders over them, a squat by about as much; the limit is the geometric middle.
SQUAT_SHARE = 0.35
ROUND_BACK_DEG = 25.0
FALL_SHARE = 0.7  # of the least fall that two bent legs must give, to be no step (see `_sinks`)
LEAST_POSTURE_S = 1.0


def driving_signal(
    angles: AngleTrack, stance: Stance, movement: Movement
) -> tuple[FloatArray, StateArray, Driver]:
    """Return the driver of a movement as it rises with the movement, its state and its rule.

    In side view that is an angle in degrees of change from standing; in any other view the fall
    of a height, in percent of that in standing, which a turn of the body does not change.
    """
    driver = movement.side_driver if stance.view == "side" else movement.any_driver
    assert driver is not None, "a movement without repetitions has no driver"
    if driver.signal in HEIGHTS:
        return 100 * (1 - angles[driver.signal]), angles.state[driver.signal], driver
    name = column(driver.signal)
    if name not in angles.values:
        name = column(driver.signal, stance.near_side)
    series = angles[name]
    zero = float(neutral(series, stance.standing))
    if np.isnan(zero):
        known = series[np.isfinite(series)]
        zero = float(np.percentile(known, 5)) if len(known) else np.nan
    return series - zero, angles.state[name], driver


def repetitions(angles: AngleTrack, stance: Stance, movement: Movement) -> list[Rep]:
    """Find the repetitions of a movement; none for one that is held."""
    if not movement.repeats:
        return []
    drive, state, driver = driving_signal(angles, stance, movement)
    real = _sinks(angles, drive) if driver.signal == "knee_flexion" else None
    return find_reps(angles.time_s, drive, driver.least, state, real=real)


def _sinks(angles: AngleTrack, knee_deg: FloatArray) -> NDArray[np.bool_]:
    """Tell in which samples the hips are as low as bent knees make them: a step is no squat.

    With both feet down, knees bent by an angle k lower the hips by at least 1 - cos(k / 2) of
    the legs' length (thigh and shank equally steep). A knee that swings forward lowers nothing.
    """
    fall = 1 - angles[HIP_HEIGHT]
    least = FALL_SHARE * (1 - np.cos(np.radians(np.clip(knee_deg, 0, 180)) / 2))
    # What is not known does not speak against it.
    return np.asarray((fall >= least) | np.isnan(fall))


def recognise(angles: AngleTrack, stance: Stance) -> Movement | None:
    """Tell which movement a recording shows, by what falls: the hips, or the shoulders alone.

    A squat lowers the hips; a bend and a hinge lower the shoulders over standing hips. A hinge
    keeps the back's shape, a bend rounds it, which only a side view shows. None when nothing
    of this kind is seen, or no quiet standing, without which a walk may pass for a movement.
    """
    if not stance.standing.any():
        return None
    squat, bend = load("squat"), load("forward_bend")
    hips, shoulders = (_largest_fall(angles, driver.any_driver) for driver in (squat, bend))
    if max(hips, shoulders) <= 0:
        return load("posture") if stance.stand_s >= LEAST_POSTURE_S else None
    if hips >= SQUAT_SHARE * shoulders:
        return squat
    spine = change_from_standing(angles, stance)[column("spine_flexion")]
    reps = repetitions(angles, stance, bend)
    deepest = np.array([np.interp(rep.peak_s, angles.time_s, spine) for rep in reps])
    seen = deepest[np.isfinite(deepest)]
    straight = len(seen) > 0 and np.median(seen) < ROUND_BACK_DEG
    return load("hip_hinge") if straight else bend


def _largest_fall(angles: AngleTrack, driver: Driver | None) -> float:
    """Return the median fall over repetitions, in percent; 0 when there are none."""
    assert driver is not None
    fall = 100 * (1 - angles[driver.signal])
    reps = find_reps(angles.time_s, fall, driver.least)
    falls = np.array([np.interp(rep.peak_s, angles.time_s, fall) for rep in reps])
    seen = falls[np.isfinite(falls)]
    return float(np.median(seen)) if len(seen) else 0.0
