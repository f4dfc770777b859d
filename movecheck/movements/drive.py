"""The repetitions and holds of a movement, from the signals that drive it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from movecheck.measures.angles import HEIGHTS, HIP_HEIGHT
from movecheck.measures.body import CLEARANCE, FOOT_LIFT, HIP_LEVEL, SPEED
from movecheck.measures.names import SIDES, column, sides_of
from movecheck.measures.spine import neutral
from movecheck.measures.view import STILL_PER_S, Stance
from movecheck.movements.chair import find_stands
from movecheck.movements.definition import Driver, Movement
from movecheck.movements.holds import find_holds, find_stances
from movecheck.movements.onset import ANGLE, HEIGHT, Course, Rules, Timing
from movecheck.movements.reps import find_reps
from movecheck.signals.gaps import runs
from movecheck.types import AngleTrack, FloatArray, Rep, Side, StateArray

FALL_SHARE = 0.7  # of the least fall that two bent legs must give, to be no step (our own choice)
REST_S = 2.0  # of lying still, from which a movement in lying is counted (our own choice)
LEG_STILL_DEG_PER_S = 10.0  # of a leg that lies (our own choice)
MOST_UNKNOWN = 0.05  # of a repetition (our own choice)
ABOUT_S = 0.2  # of a deepest point: what is told there is told of this time (our own choice)
LEAST_AHEAD = 0.08  # body sizes that hips go ahead in a step (our own choice)
# Our own choice. From the front a knee bent by 15 degrees lowers the hips by 1 %, which is hardly
# seen; and a far leg is not told from the near one until it is as far away from it.
FIT, FAR = Course(0.4, 0.7), Course(0.3, 0.6)


def at_rest(angles: AngleTrack, stance: Stance, movement: Movement) -> Stance:
    """Return the stance with the samples marked that this movement is counted from.

    Quiet standing; for a movement on a chair the quiet sitting before the first stand; for one
    that is held the first seconds of the hold; for another in lying the first seconds of it.
    """
    if movement.rest == "standing":
        return stance
    time_s = angles.time_s
    found: NDArray[np.bool_]
    if movement.kind == "chair":
        stands = find_stands(time_s, angles[HIP_LEVEL])
        first = stands[0].start_s if stands else -np.inf
        found = (time_s < first) & (angles[SPEED] < STILL_PER_S)
    elif movement.hold is not None:
        holds = repetitions(angles, stance, movement)
        start = holds[0].start_s if holds else np.inf
        found = (time_s >= start) & (time_s <= start + movement.hold.first_s)
    else:
        found = _lying_still(angles)
    step = float(time_s[1] - time_s[0]) if len(time_s) > 1 else 0.0
    longest = max(((b - a) * step for a, b in runs(found)), default=0.0)
    return replace(stance, standing=found, stand_s=longest)


def _lying_still(angles: AngleTrack) -> NDArray[np.bool_]:
    """Mark the first REST_S in which the body lies and neither leg moves."""
    time_s = angles.time_s
    still = np.isfinite(angles[column("trunk_rise")])
    if len(time_s) < 3:
        return np.zeros(len(time_s), dtype=bool)
    for side in SIDES:
        turn = np.abs(np.gradient(angles[column("leg_rise", side)], time_s))
        still &= ~(turn >= LEG_STILL_DEG_PER_S)  # a hidden leg does not speak against it
    step = float(time_s[1] - time_s[0])
    long_enough = [(a, b) for a, b in runs(still) if (b - a) * step >= 0.5]
    found = np.zeros(len(time_s), dtype=bool)
    if long_enough:
        a, b = long_enough[0]
        found[a : min(b, a + round(REST_S / step))] = True
    return found


def driver_of(stance: Stance, movement: Movement) -> Driver:
    """Return the rule by which a movement is driven in this view."""
    driver = movement.any_driver
    if stance.view == "side" and movement.side_driver is not None:
        driver = movement.side_driver
    assert driver is not None, "a movement without repetitions has no driver"
    return driver


def driving_signal(
    angles: AngleTrack, stance: Stance, movement: Movement
) -> tuple[FloatArray, StateArray, Driver]:
    """Return the driver of a movement as it rises with the movement, its state and its rule.

    In side view that is an angle in degrees of change from rest; in any other view the fall of a
    height, in percent of that in standing, which a turn of the body does not change.
    """
    driver = driver_of(stance, movement)
    if driver.signal in HEIGHTS:
        return 100 * (1 - angles[driver.signal]), angles.state[driver.signal], driver
    columns = [column(driver.signal, side) for side in _read_sides(driver.signal, stance)]
    changes = [_change(angles[name], stance) for name in columns]
    signed = {"up": 1.0, "down": -1.0, "either": 1.0}[driver.way] * np.fmax.reduce(changes)
    states = np.max([angles.state[name] for name in columns], axis=0)
    return np.abs(signed) if driver.way == "either" else signed, states, driver


def drive_of(
    angles: AngleTrack, stance: Stance, movement: Movement, side: Side | None
) -> FloatArray:
    """Return the driver for a repetition of one side: of two legs, that leg's alone.

    The other one takes its place in `driving_signal` where a leg is hidden, and to change over
    would look like a jump.
    """
    driver = driver_of(stance, movement)
    if side is None or driver.signal in HEIGHTS or sides_of(driver.signal) != SIDES:
        return driving_signal(angles, stance, movement)[0]
    return _change(angles[column(driver.signal, side)], stance)


def _read_sides(stem: str, stance: Stance) -> tuple[Side | None, ...]:
    """Return the sides a signal is read from: the near one, or both where both are seen."""
    both = sides_of(stem)
    return both if stem == "leg_rise" or len(both) == 1 else (stance.near_side or "left",)


def _change(series: FloatArray, stance: Stance) -> FloatArray:
    zero = float(neutral(series, stance.standing))
    if np.isnan(zero):
        known = series[np.isfinite(series)]
        zero = float(np.percentile(known, 5)) if len(known) else np.nan
    return np.asarray(series - zero)


def repetitions(angles: AngleTrack, stance: Stance, movement: Movement) -> list[Rep]:
    """Find the repetitions, stands or holds of a movement; none for one that stands still."""
    time_s = angles.time_s
    if not movement.repeats or len(time_s) < 3:
        return []
    if movement.kind == "chair":
        return find_stands(time_s, angles[HIP_LEVEL])
    if movement.stance is not None:
        return find_stances(time_s, angles[FOOT_LIFT], movement.stance)
    if movement.hold is not None:
        there = ~(angles[CLEARANCE] < movement.hold.clearance)
        held = np.stack([angles[column(name)] for name in movement.hold.signals], axis=1)
        return find_holds(time_s, held, there, movement.hold)
    drive, state, driver = driving_signal(angles, stance, movement)
    real = _sinks(angles, drive) if driver.signal == "knee_flexion" else None
    rules = Rules(course=HEIGHT if driver.signal in HEIGHTS else ANGLE)

    def timing(peak: int) -> Timing | None:
        return _timing(angles, stance, movement, float(time_s[peak]))

    reps = find_reps(time_s, drive, driver.least, state, rules, real=real, timing=timing)
    if not movement.sided:
        return reps
    return [replace(rep, side=side_of(angles, stance, driver, rep.peak_s)) for rep in reps]


def _timing(angles: AngleTrack, stance: Stance, movement: Movement, peak_s: float) -> Timing | None:
    """Return what the repetition about a time starts and ends in, if that is not its driver.

    The angle that lowers a height: of the knee that bends more, of the leg stood on, or of the
    trunk. In any view but the side the body fit knows it. Of two legs, the one that is raised.
    """
    driver = driver_of(stance, movement)
    side = side_of(angles, stance, driver, peak_s) if movement.sided else None
    if movement.timed_by is not None:
        ahead = angles[movement.timed_by]
        if np.nanmax(ahead[_about(angles, peak_s)], initial=0.0) >= LEAST_AHEAD:
            return Timing(ahead)
    if driver.signal not in HEIGHTS:
        if side is None or sides_of(driver.signal) != SIDES:
            return None
        course = ANGLE if side == stance.near_side else FAR
        return Timing(drive_of(angles, stance, movement, side), Rules(course=course))
    stem = "knee_flexion" if driver.signal == HIP_HEIGHT else "trunk_inclination"
    sides = sides_of(stem)
    if stance.near_side is not None:
        sides = _read_sides(stem, stance)
    elif movement.sided and len(sides) > 1:
        sides = (side,)
    changes = [_change(angles[column(stem, s)], stance) for s in sides]
    course = ANGLE if stance.view == "side" else FIT
    return Timing(np.asarray(np.fmax.reduce(changes)), Rules(course=course))


def _about(angles: AngleTrack, peak_s: float) -> NDArray[np.bool_]:
    """Tell which samples are about a deepest point."""
    return np.abs(angles.time_s - peak_s) <= ABOUT_S


def timed_by(angles: AngleTrack, stance: Stance, movement: Movement, rep: Rep) -> str:
    """Return what a repetition's start and end are found in: its row of `times_table`."""
    if driver_of(stance, movement).signal not in HEIGHTS:
        return "edge_angle"
    timing = _timing(angles, stance, movement, rep.peak_s)
    inside = (angles.time_s >= rep.start_s) & (angles.time_s <= rep.end_s)
    if timing is None or np.isnan(timing.signal[inside]).mean() > MOST_UNKNOWN:
        return "edge_height"
    return "edge_angle" if stance.view == "side" else "edge_fit"


def side_of(
    angles: AngleTrack, stance: Stance, driver: Driver | None, peak_s: float
) -> Side | None:
    """Return the side that a repetition, or a stance without a driver, is of at its middle."""

    def at_peak(series: FloatArray) -> float:
        known = series[_about(angles, peak_s) & np.isfinite(series)]
        return float(np.median(known)) if len(known) else float("nan")

    if driver is not None and driver.way == "either":
        value = at_peak(_change(angles[column(driver.signal)], stance))
        return None if np.isnan(value) else "right" if value > 0 else "left"
    if driver is not None and driver.signal not in HEIGHTS and sides_of(driver.signal) == SIDES:
        left, right = (at_peak(_change(angles[column(driver.signal, s)], stance)) for s in SIDES)
        return None if np.isnan(left + right) else "left" if left > right else "right"
    # On one leg the other foot is higher; in a lunge the heel of the leg behind is.
    lift = at_peak(angles[FOOT_LIFT])
    return None if np.isnan(lift) else "right" if lift > 0 else "left"


def _sinks(angles: AngleTrack, knee_deg: FloatArray) -> NDArray[np.bool_]:
    """Tell in which samples the hips are as low as bent knees make them: a step is no squat.

    With both feet down, knees bent by an angle k lower the hips by at least 1 - cos(k / 2) of
    the legs' length (thigh and shank equally steep). A knee that swings forward lowers nothing.
    """
    fall = 1 - angles[HIP_HEIGHT]
    least = FALL_SHARE * (1 - np.cos(np.radians(np.clip(knee_deg, 0, 180)) / 2))
    # What is not known does not speak against it.
    return np.asarray((fall >= least) | np.isnan(fall))
