"""Curves for drawing: a signal cut into pieces, so that a gap stays a gap."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from movecheck.types import FloatArray, Rep, State, StateArray

MOST_POINTS = 1500
"""More points of a curve than this are never drawn; every n-th is taken."""


LEAST_SPAN_DEG = 10.0
"""An axis never spans less than this, so that noise of a degree does not look like a movement."""


@dataclass(frozen=True)
class Piece:
    """A stretch of a curve without a gap, measured or filled."""

    time_s: FloatArray
    values: FloatArray
    filled: bool


def axis_limits(
    values: FloatArray, band: tuple[float | None, float | None] | None = None
) -> tuple[float, float]:
    """Return the limits of an axis in degrees: zero, all values and the band, with some room.

    Parameters
    ----------
    values : ndarray
        What is drawn; NaN is passed over.
    band : pair of float or None, optional
        A published range; None where it is open.
    """
    known = values[np.isfinite(values)]
    ends = [0.0, *known.tolist(), *(limit for limit in band or () if limit is not None)]
    low, high = min(ends), max(ends)
    short = max(0.0, LEAST_SPAN_DEG - (high - low)) / 2
    room = 0.08 * max(high - low, LEAST_SPAN_DEG)
    return low - short - room, high + short + 1.5 * room


def pieces(time_s: FloatArray, values: FloatArray, state: StateArray) -> list[Piece]:
    """Cut a signal into measured and filled pieces.

    A filled piece begins and ends at its measured neighbours, so that the line goes through;
    where the value is missing there is no piece.

    Parameters
    ----------
    time_s, values, state : ndarray, shape (n,)
        One signal of an `AngleTrack`.
    """
    step = max(1, -(-len(time_s) // MOST_POINTS))
    time_s, values, state = time_s[::step], values[::step], state[::step]
    kind = np.where(np.isfinite(values), state, int(State.MISSING))
    edges = np.flatnonzero(np.diff(kind)) + 1
    found = []
    bounds = zip([0, *edges], [*edges, len(kind)], strict=True)
    for start, stop in ((int(a), int(b)) for a, b in bounds):
        if start == stop or kind[start] == State.MISSING:
            continue
        filled = bool(kind[start] == State.FILLED)
        if filled:
            start -= int(start > 0 and kind[start - 1] == State.MEASURED)
            stop += int(stop < len(kind) and kind[stop] == State.MEASURED)
        found.append(Piece(time_s[start:stop], values[start:stop], filled))
    return found


def marks(
    time_s: FloatArray, values: FloatArray, reps: Sequence[Rep], held: bool = False
) -> list[tuple[float, float]]:
    """Return time and value of a signal where a curve is marked.

    That is the deepest point of each repetition that counts; or, of a posture that is `held`,
    where the hold begins and where it ends. Where the value is missing there is no mark.
    """
    counted = [rep for rep in reps if rep.excluded_reason is None]
    if held:
        wanted = [moment for rep in counted for moment in (rep.start_s, rep.end_s)]
    else:
        wanted = [rep.peak_s for rep in counted]
    at = [int(np.argmin(np.abs(time_s - moment))) for moment in wanted]
    return [(float(time_s[i]), float(values[i])) for i in at if np.isfinite(values[i])]
