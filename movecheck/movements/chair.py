"""Rising from a chair and sitting down again: when each stand begins, is reached and ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from movecheck.measures.view import STILL_PER_S
from movecheck.signals.gaps import runs
from movecheck.types import FloatArray, Rep

# All our own choice, but for what a protocol says.
LEAST_RISE = 0.2  # leg lengths between sitting and standing: a chair of knee height gives 0.5
SLOW = 0.1  # of a rise's greatest speed: where it begins, and where standing is reached
FULL = 0.9  # of the way up: less is no full stand
ON_SEAT = 0.25  # of the way: the hips have come down to it again
SIT_S, MOMENT_S = 1.0, 0.3  # of sitting still before the first stand
BEFORE_S = 2.0  # the trunk swings forward at most so long before the seat is left


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
    step = float(time_s[1] - time_s[0])
    bridged = gaussian_filter1d(np.interp(time_s, time_s[known], level[known]), 0.05 / step)
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
    top = share[start:stop].max()
    speed = np.gradient(share)
    off, up = _slows(speed, start, -1), _slows(speed, start, 1)
    end = up
    below = share[stop : _next_rise(share, stop)]
    if len(below) and below.min() < ON_SEAT:
        end = _slows(-speed, stop, 1)
    reason = _why_excluded(known[off : end + 1], top)
    return Rep(float(time_s[off]), float(time_s[up]), float(time_s[max(end, up)]), reason)


def _slows(speed: FloatArray, middle: int, way: int) -> int:
    """Walk from the middle of a rise to where it has slowed to SLOW of its greatest speed."""
    path = speed[middle::way]
    fast = np.flatnonzero(path <= 0)
    rise = path[: int(fast[0]) if len(fast) else len(path)]
    if not len(rise):
        return middle
    quickest = int(np.argmax(rise))
    # The greatest speed may lie on the other side of the middle.
    most = max(rise[quickest], speed[max(middle - 1, 0) : middle + 2].max())
    slow = np.flatnonzero(rise[quickest:] <= SLOW * most)
    return middle + way * (quickest + int(slow[0]) if len(slow) else len(rise) - 1)


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


def _next_rise(share: FloatArray, stop: int) -> int:
    later = np.flatnonzero(share[stop:] > 0.5)
    return stop + int(later[0]) if len(later) else len(share)


def _why_excluded(known: NDArray[np.bool_], top: float) -> str | None:
    if top < FULL:
        return "the stand was not finished"
    if max((b - a for a, b in runs(~known)), default=0) > 0.2 * len(known):
        return "the body was not seen for part of it"
    return None


def first_move_s(time_s: FloatArray, speed: FloatArray, stands: list[Rep]) -> float:
    """Return when the shoulders first move for the first stand: the clock's start.

    Parameters
    ----------
    time_s, speed : ndarray, shape (n,)
        Speed of mid-shoulder in body sizes a second.
    stands : list of Rep
        At least one.
    """
    before = (time_s <= stands[0].start_s) & (time_s >= stands[0].start_s - BEFORE_S)
    still = np.flatnonzero(before & ~(speed > STILL_PER_S))
    return float(time_s[still[-1]]) if len(still) else float(stands[0].start_s)


def begins_seated(
    time_s: FloatArray, level: FloatArray, speed: FloatArray, standing: NDArray[np.bool_]
) -> bool:
    """Tell whether the first stand of a recording is one from a chair, not out of a squat.

    Somebody sat still before it: for SIT_S, or for a moment and without having stood still first.
    """
    stands = find_stands(time_s, level)
    if not stands:
        return False
    before = time_s < stands[0].start_s
    low = before & (level < np.nanpercentile(level, 98) - LEAST_RISE) & (speed < STILL_PER_S)
    step = float(time_s[1] - time_s[0])
    longest = max(((b - a) * step for a, b in runs(low)), default=0.0)
    return longest >= SIT_S or (longest >= MOMENT_S and not (before & standing).any())
