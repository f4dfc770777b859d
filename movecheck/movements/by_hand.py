"""A repetition that was missed and that a person has seen: what is found between its ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from movecheck.errors import DataError
from movecheck.marks import N_
from movecheck.measures.body import FOOT_LIFT, HIP_LEVEL
from movecheck.measures.names import column
from movecheck.measures.view import Stance
from movecheck.movements.chair import UPRIGHT
from movecheck.movements.definition import Movement
from movecheck.movements.drive import driver_of, driving_signal, side_of
from movecheck.movements.onset import Rules, crossing
from movecheck.movements.reps import calmed, deepest, why_unseen
from movecheck.types import AngleTrack, FloatArray, Rep, Side

FEWEST_SAMPLES = 3  # a deepest point between two others (our own choice)
STAYS_UP = 0.5  # of a stand: hips that end above it are not on the seat (our own choice)


def rep_between(
    angles: AngleTrack,
    stance: Stance,
    movement: Movement,
    hidden: str | None,
    start_s: float,
    end_s: float,
) -> Rep:
    """Return the repetition, stand or hold between two times.

    Its deepest point is where the signal that drives the movement is highest between them; of a
    stand where standing is reached; of a hold where an angle is furthest from its beginning; of a
    stance on one leg the middle. It counts, shallow as it may be, unless it was not seen.

    Parameters
    ----------
    angles, stance, movement
        As `drive.repetitions` takes them.
    hidden : str or None
        Why the view does not show this movement.
    start_s, end_s : float
        As a person gives them: within the recording.

    Raises
    ------
    DataError
        This movement has no repetitions, or none can be seen between the times.
    """
    if hidden is not None or not movement.repeats:
        raise DataError(
            "No repetition can be added to this movement.",
            hidden or N_("Choose the movement first: one that has repetitions."),
        )
    inside = np.flatnonzero((angles.time_s >= start_s) & (angles.time_s <= end_s))
    signal = _signal(angles, stance, movement, inside)
    known = np.isfinite(signal)
    if known[inside].sum() < FEWEST_SAMPLES:
        raise DataError(
            f"Nothing was seen between {start_s:.2f} and {end_s:.2f} s.",
            "Give times between which the body is in the picture.",
        )
    first, last = int(inside[0]), int(inside[-1])
    whole = np.interp(angles.time_s[inside], angles.time_s[known], signal[known])
    place = _place(whole, movement, float(angles.time_s[1] - angles.time_s[0]))
    peak_s = float(np.interp(first + place, np.arange(len(signal)), angles.time_s))
    state = driving_signal(angles, stance, movement)[1] if movement.kind == "repeats" else None
    reason = why_unseen(known, state, (first, first + round(place), last))
    rep = Rep(start_s, min(max(peak_s, start_s), end_s), end_s, reason)
    side = _side(angles, stance, movement, rep)
    return Rep(rep.start_s, rep.peak_s, rep.end_s, reason, side)


def _signal(
    angles: AngleTrack, stance: Stance, movement: Movement, inside: NDArray[np.intp]
) -> FloatArray:
    """Return the signal whose highest point is looked for."""
    if movement.kind == "chair":
        return angles[HIP_LEVEL]
    if movement.stance is not None:
        return np.abs(angles[FOOT_LIFT])
    if movement.hold is None:
        return driving_signal(angles, stance, movement)[0]
    held = np.stack([angles[column(name)] for name in movement.hold.signals], axis=1)
    begins = angles.time_s[inside[:1]] + movement.hold.first_s
    first = held[inside][angles.time_s[inside] <= begins]
    if not len(first) or not np.isfinite(first).any(axis=0).all():
        return np.full(len(held), np.nan)
    return np.asarray(np.abs(held - np.nanmedian(first, axis=0)).max(axis=1))


def _place(whole: FloatArray, movement: Movement, step_s: float) -> float:
    """Return the place of the deepest point among the samples between the ends."""
    end = len(whole) - 1
    if movement.stance is not None:
        return end / 2
    calm = calmed(whole - whole.min(), step_s, Rules())
    top = deepest(calm, int(np.argmax(calm)), 0, end)
    if movement.kind != "chair":
        return float(top)
    low = whole[: top + 1].min()
    if whole[end] > low + STAYS_UP * (whole[top] - low):
        return float(end)
    seat = int(np.argmin(whole[: top + 1]))
    return crossing(-whole, seat, top, step_s, UPRIGHT)


def _side(angles: AngleTrack, stance: Stance, movement: Movement, rep: Rep) -> Side | None:
    if not movement.sided:
        return None
    driver = None if movement.stance else driver_of(stance, movement)
    return side_of(angles, stance, driver, rep.peak_s)
