"""Rising from a chair and sitting down again: when each stand begins, is reached and ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from movecheck.marks import N_
from movecheck.measures.view import STILL_PER_S
from movecheck.movements.onset import Rules, crossing, onset
from movecheck.signals.gaps import runs
from movecheck.types import FloatArray, Rep

# All our own choice, but for what a protocol says.
LEAST_RISE = 0.2  # leg lengths between sitting and standing: a chair of knee height gives 0.5
# Of a rise: the hips have left the seat by about 1 cm, or are as near to it; and are as high as
# they come, but for what knees 5 % short of straight take off, which is less than can be seen.
SEAT, UPRIGHT = (Rules(speed_share=0.1, edge_share=share) for share in (0.03, 0.02))
# These are our own choice.
FULL = 0.9  # of the way up: less is no full stand
ON_SEAT = 0.25  # of the way: the hips have come down to it again
SIT_S, MOMENT_S = 1.0, 0.3  # of sitting still before the first stand
A_MOMENT = 0.8  # how sure a moment of it is
BEFORE_S = 2.0  # the trunk swings forward at most so long before the seat is left
LEAST_LEAN_DEG = 10.0  # of the trunk, to time its swing


def find_stands(time_s: FloatArray, level: FloatArray) -> list[Rep]:
    """Find each stand from a chair.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Uniform time grid.
    level : ndarray, shape (n,)
        Height of the hips over the ankles in leg lengths; NaN where unknown.

    Returns
    -------
    list of Rep
        `start_s` the hips leave the seat, `peak_s` standing is reached, `end_s` the seat is
        reached again. The last one ends with its `peak_s` where the person stays up.
    """
    known = np.isfinite(level)
    if known.sum() < 3:
        return []
    bridged = np.interp(time_s, time_s[known], level[known])
    low, high = np.percentile(bridged, [2, 98])
    if high - low < LEAST_RISE:
        return []
    share = (bridged - low) / (high - low)
    return [_stand(time_s, known, share, span) for span in _rises(share)]


def _stand(
    time_s: FloatArray, known: NDArray[np.bool_], share: FloatArray, span: tuple[int, int]
) -> Rep:
    """Return one stand, from the seat before a stretch above the middle to the seat after it."""
    start, stop = span
    step = float(time_s[1] - time_s[0])
    top = int(np.argmax(share[start:stop])) + start
    off = crossing(share, top, _lands(share, start, _previous_fall(share, start)), step, SEAT)
    seat = int(np.argmin(share[int(off) : start + 1])) + int(off)
    up = crossing(-share, seat, stop - 1, step, UPRIGHT)
    end = up
    next_rise = _next_rise(share, stop)
    if share[stop:next_rise].min(initial=1.0) < ON_SEAT:
        end = max(crossing(share, stop - 1, _lands(share, stop, next_rise - 1), step, SEAT), up)
    reason = _why_excluded(known[int(off) : int(end) + 1], share[top])
    at = np.interp([off, max(up, off), end], np.arange(len(time_s)), time_s)
    return Rep(float(at[0]), float(at[1]), float(at[2]), reason)


def _rises(share: FloatArray) -> list[tuple[int, int]]:
    """Return (start, stop) of each stretch above the middle that began on the seat."""
    found: list[tuple[int, int]] = []
    for start, stop in runs(share > 0.5):
        before = share[found[-1][1] if found else 0 : start]
        if len(before) and before.min() < ON_SEAT:
            found.append((start, stop))
        elif found:
            found[-1] = (found[-1][0], stop)  # the hips came down only part of the way
    return found


def _lands(share: FloatArray, middle: int, limit: int) -> int:
    """Return where hips that go from the middle towards `limit` first stop, on the seat.

    What they do there later, as the trunk swings, is no part of it.
    """
    way = -1 if limit < middle else 1
    path = share[middle : limit + way if limit + way >= 0 else None : way]
    still = np.flatnonzero((np.diff(path) >= 0) & (path[:-1] < ON_SEAT))
    return middle + way * (int(still[0]) if len(still) else max(len(path) - 1, 0))


def _previous_fall(share: FloatArray, start: int) -> int:
    earlier = np.flatnonzero(share[:start] > 0.5)
    return int(earlier[-1]) + 1 if len(earlier) else 0


def _next_rise(share: FloatArray, stop: int) -> int:
    later = np.flatnonzero(share[stop:] > 0.5)
    return stop + int(later[0]) if len(later) else len(share)


def _why_excluded(known: NDArray[np.bool_], top: float) -> str | None:
    if top < FULL:
        return N_("the stand was not finished")
    if max((b - a for a, b in runs(~known)), default=0) > 0.2 * len(known):
        return N_("the body was not seen for part of it")
    return None


def first_move_s(
    time_s: FloatArray, speed: FloatArray, stands: list[Rep], lean_deg: FloatArray
) -> float:
    """Return when the trunk first moves for the first stand: the clock's start.

    That is the onset of its swing forward. Where the lean is not seen, or there
    is none, it is where the shoulders are last still.

    Parameters
    ----------
    time_s, speed : ndarray, shape (n,)
        Speed of mid-shoulder in body sizes a second.
    stands : list of Rep
        At least one.
    lean_deg : ndarray, shape (n,)
        Inclination of the trunk; NaN where unknown.
    """
    off = stands[0].start_s
    before = np.flatnonzero((time_s <= off) & (time_s >= off - BEFORE_S))
    swing = lean_deg[before]
    if len(swing) > 3 and np.isfinite(swing).all() and np.ptp(swing) >= LEAST_LEAN_DEG:
        top = int(np.argmax(swing))
        begin = onset(swing, top, 0, float(time_s[1] - time_s[0]), Rules())
        return float(np.interp(begin, np.arange(len(before)), time_s[before]))
    still = before[~(speed[before] > STILL_PER_S)]
    return float(time_s[still[-1]]) if len(still) else float(off)


def begins_seated(
    time_s: FloatArray, level: FloatArray, speed: FloatArray, standing: NDArray[np.bool_]
) -> float:
    """Tell how sure it is that the first stand of a recording is one from a chair, 0 to 1.

    Somebody sat still before it for SIT_S; or for a moment, without having stood still first, and
    may as well have been at the bottom of a squat: `A_MOMENT`. Else 0.
    """
    stands = find_stands(time_s, level)
    if not stands:
        return 0.0
    before = time_s < stands[0].start_s
    low = before & (level < np.nanpercentile(level, 98) - LEAST_RISE) & (speed < STILL_PER_S)
    step = float(time_s[1] - time_s[0])
    longest = max(((b - a) * step for a, b in runs(low)), default=0.0)
    if longest >= SIT_S:
        return 1.0
    return A_MOMENT if longest >= MOMENT_S and not (before & standing).any() else 0.0
