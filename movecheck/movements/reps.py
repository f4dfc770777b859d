"""Repetitions of one movement, from the signal that drives it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from movecheck.signals.gaps import runs
from movecheck.types import FloatArray, Rep, State, StateArray


@dataclass(frozen=True)
class Rules:
    """When a rise of the driving signal is a repetition. All are our own choice.

    Attributes
    ----------
    apart_s : float
        Least time between the deepest points of two repetitions.
    calm_s : float
        Peaks are looked for in a copy smoothed over this time (standard deviation of a Gaussian),
        in which a single jump is no peak.
    return_share : float
        Between two repetitions the signal falls below this share of the lower one's peak;
        a shallower dip is a pause or a bounce within one repetition.
    foot_share : float
        A repetition's foot: below this share of its rise, its start and end are looked for.
    speed_share : float
        Start and end: where the signal moves slower than this share of the repetition's peak
        speed.
    partial_share : float
        A repetition below this share of the median peak is partial and excluded.
    open_share : float
        A recording that starts or ends above this share of a repetition's peak cuts it off.
    """

    apart_s: float = 0.5
    calm_s: float = 0.1
    return_share: float = 0.5
    foot_share: float = 0.10
    speed_share: float = 0.02
    partial_share: float = 0.6
    open_share: float = 0.25


def find_reps(
    time_s: FloatArray,
    drive: FloatArray,
    least: float,
    state: StateArray | None = None,
    rules: Rules | None = None,
    real: NDArray[np.bool_] | None = None,
) -> list[Rep]:
    """Find the repetitions in a driving signal.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Uniform time grid.
    drive : ndarray, shape (n,)
        Change from standing, rising with the movement; NaN where unknown.
    least : float
        A rise below it is no repetition, in the unit of `drive`.
    state : ndarray, shape (n,), optional
        `State` of each value: a repetition whose deepest point was filled is excluded.
    rules : Rules, optional
        See there.
    real : ndarray of bool, shape (n,), optional
        Where a deepest point may lie: a rise of `drive` elsewhere is something else.

    Returns
    -------
    list of Rep
        In order of time. Those that must not count in a summary carry the reason.
    """
    rules = rules or Rules()
    known = np.isfinite(drive)
    if known.sum() < 3:
        return []
    step = float(time_s[1] - time_s[0])
    # Only for looking: a gap becomes a straight line here, and excludes what it touches below.
    bridged = np.interp(time_s, time_s[known], drive[known])
    if np.ptp(bridged) < least:
        return []
    apart = max(1, round(rules.apart_s / step))
    calm = gaussian_filter1d(bridged, rules.calm_s / step, mode="nearest")
    # With standing put before and after it, a recording that begins or ends at the bottom of a
    # repetition shows that one too; it is then excluded, with the reason.
    framed = np.concatenate([[0.0], calm, [0.0]])
    found, _ = find_peaks(framed, height=least, prominence=0.5 * least, distance=apart)
    tops = [_highest(bridged, int(p) - 1, apart // 2) for p in found]
    peaks = _merge(bridged, [p for p in tops if real is None or real[p]], rules)
    typical = float(np.median(bridged[peaks])) if peaks else 0.0
    reps = []
    for i, peak in enumerate(peaks):
        low = _valley(bridged, peaks[i - 1], peak) if i else 0
        high = _valley(bridged, peak, peaks[i + 1]) if i + 1 < len(peaks) else len(bridged) - 1
        start = _edge(bridged, peak, low, step, rules)
        end = _edge(bridged, peak, high, step, rules)
        reason = _why_excluded(bridged, known, state, (start, peak, end), typical, rules)
        reps.append(Rep(float(time_s[start]), float(time_s[peak]), float(time_s[end]), reason))
    return reps


def _highest(drive: FloatArray, near: int, reach: int) -> int:
    """Return where the signal itself is highest about a peak of its calmed copy."""
    low = max(near - reach, 0)
    part = drive[low : near + reach + 1]
    top = np.flatnonzero(part >= part.max() - 1e-9)
    return low + int(top[len(top) // 2])


def _merge(drive: FloatArray, peaks: list[int], rules: Rules) -> list[int]:
    """Join peaks without a real return between them; the higher one stays."""
    kept: list[int] = []
    for peak in peaks:
        if kept:
            last = kept[-1]
            lower = min(drive[last], drive[peak])
            if drive[last : peak + 1].min() > rules.return_share * lower:
                kept[-1] = last if drive[last] >= drive[peak] else peak
                continue
        kept.append(peak)
    return kept


def _valley(drive: FloatArray, a: int, b: int) -> int:
    """Return the middle of the lowest tenth between two peaks: a pause may be flat."""
    part = drive[a : b + 1]
    lowest = np.flatnonzero(part <= part.min() + 0.1 * (part.max() - part.min()))
    return a + int(lowest[len(lowest) // 2])


def _edge(drive: FloatArray, peak: int, limit: int, step: float, rules: Rules) -> int:
    """Walk from the peak down to `limit`, to where the repetition starts or ends."""
    way = -1 if limit < peak else 1
    path = drive[peak : limit + way if limit + way >= 0 else None : way]
    if len(path) < 3:
        return limit
    foot = path.min() + rules.foot_share * (path[0] - path.min())
    below = np.flatnonzero(path <= foot)
    if not len(below):
        return limit
    speed = -np.gradient(path, step)
    slow = np.flatnonzero(speed[below[0] :] <= rules.speed_share * speed.max())
    return peak + way * (int(below[0] + slow[0]) if len(slow) else len(path) - 1)


def _why_excluded(
    drive: FloatArray,
    known: np.ndarray,
    state: StateArray | None,
    where: tuple[int, int, int],
    typical: float,
    rules: Rules,
) -> str | None:
    start, peak, end = where
    if start == 0 and drive[0] > rules.open_share * drive[peak]:
        return "the recording starts in the middle of it"
    if end == len(drive) - 1 and drive[-1] > rules.open_share * drive[peak]:
        return "the recording ends in the middle of it"
    if not known[start : end + 1].all():
        lost = max(b - a for a, b in runs(~known[start : end + 1]))
        if lost > 0.2 * (end - start) or not known[max(peak - 1, 0) : peak + 2].all():
            return "the body was not seen for part of it"
    if state is not None and (state[max(peak - 1, 0) : peak + 2] == State.FILLED).any():
        return "its deepest point was filled in, not seen"
    if drive[peak] < rules.partial_share * typical:
        return "partial: it reached less than 60 % of the typical repetition"
    return None
