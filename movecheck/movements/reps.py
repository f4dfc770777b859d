"""Repetitions of one movement, from the signal that drives it."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from movecheck.marks import N_
from movecheck.movements.onset import Rules, Timing, onset
from movecheck.signals.gaps import bridged, runs
from movecheck.types import FloatArray, Rep, State, StateArray

# These are our own choice.
FLAT, TREMBLE = 0.02, 0.2  # of a peak: lower by less is as deep, is no way back


def find_reps(
    time_s: FloatArray,
    drive: FloatArray,
    least: float,
    state: StateArray | None = None,
    rules: Rules | None = None,
    real: NDArray[np.bool_] | None = None,
    timing: Callable[[int], Timing | None] | None = None,
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
    timing : callable, optional
        Given the place of a deepest point, the signal in which start and end of that repetition
        are found if it is known throughout, or None: `drive` may not be what tells them best.

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
    filled = np.interp(time_s, time_s[known], drive[known])
    if np.ptp(filled) < least:
        return []
    apart = max(1, round(rules.apart_s / step))
    calm = calmed(filled, step, rules)
    # With standing put before and after it, a recording that begins or ends at the bottom of a
    # repetition shows that one too; it is then excluded, with the reason.
    framed = np.concatenate([[0.0], calm, [0.0]])
    found, _ = find_peaks(framed, height=least, prominence=0.5 * least, distance=apart)
    tops = [int(p) - 1 for p in found]
    peaks = _merge(filled, [p for p in tops if real is None or real[p]], rules)
    valleys = [_valley(filled, a, b) for a, b in itertools.pairwise(peaks)]
    limits = list(itertools.pairwise([0, *valleys, len(filled) - 1]))
    peaks = [deepest(calm, p, *limit) for p, limit in zip(peaks, limits, strict=bool(peaks))]
    typical = float(np.median(filled[peaks])) if peaks else 0.0
    reps = []
    for peak, (low, high) in zip(peaks, limits, strict=bool(peaks)):
        start = onset(filled, peak, low, step, rules)
        end = onset(filled, peak, high, step, rules)
        # What never comes halfway back has no end.
        start = start if _returns(filled[low : peak + 1], rules) else float(low)
        end = end if _returns(filled[peak : high + 1][::-1], rules) else float(high)
        where = (int(start), peak, int(np.ceil(end)))
        reason = _why_excluded(filled, known, state, where, typical, rules, step)
        better = timing(peak) if timing is not None and not reason else None
        if better is not None:
            start, end = _timed(better, (start, peak, end), (low, high), step)
        at = np.interp([start, peak, end], np.arange(len(time_s)), time_s)
        reps.append(Rep(float(at[0]), float(at[1]), float(at[2]), reason))
    return _apart(reps)


def _apart(reps: list[Rep]) -> list[Rep]:
    """Let one repetition end where the next begins, if they overlap."""
    starts, ends = [rep.start_s for rep in reps], [rep.end_s for rep in reps]
    for i in range(1, len(reps)):
        if ends[i - 1] > starts[i]:
            middle = (ends[i - 1] + starts[i]) / 2
            ends[i - 1] = starts[i] = min(max(middle, reps[i - 1].peak_s), reps[i].peak_s)
    return [replace(rep, start_s=a, end_s=b) for rep, a, b in zip(reps, starts, ends, strict=True)]


def _returns(way: FloatArray, rules: Rules) -> bool:
    """Tell whether the way up to a peak, its last value, begins below a share of it."""
    return bool(way.min() <= rules.return_share * way[-1])


def _timed(
    timing: Timing, found: tuple[float, int, float], limits: tuple[int, int], step: float
) -> tuple[float, float]:
    """Return start and end in another signal, where it is known; else those that were found."""
    peak = found[1]
    known = np.isfinite(timing.signal)
    seen = [
        (a, b - 1) for a, b in runs(bridged(known, timing.rules.rest_s / step)) if a <= peak < b
    ]
    if not seen:
        return found[0], found[2]
    whole = np.interp(np.arange(len(known)), np.flatnonzero(known), timing.signal[known])
    ends = []
    for limit, until, drive in zip(limits, seen[0], found[::2], strict=True):
        hidden = abs(until - peak) < abs(limit - peak)
        last = until if hidden else limit
        part = slice(min(last, peak), max(last, peak) + 1)
        if last not in (0, len(whole) - 1):
            last = part.start + int(np.argmin(whole[part]))
        top = part.start + int(np.argmax(whole[part]))
        at = onset(whole, top, last, step, timing.rules, level=0.0 if hidden else None)
        ends.append(drive if np.isnan(at) else at)
    return min(ends[0], float(peak)), max(ends[1], float(peak))


def calmed(drive: FloatArray, step: float, rules: Rules) -> FloatArray:
    """Return the copy of a signal in which its peaks are looked for."""
    return np.asarray(gaussian_filter1d(drive, rules.calm_s / step, mode="nearest"))


def deepest(calm: FloatArray, peak: int, low: int, high: int) -> int:
    """Return where a calmed signal is highest about its peak, between two limits.

    A bottom may be flat, or be held: it is the middle of what lies within `FLAT` of the highest.
    """
    there = calm[low : high + 1] >= (1 - TREMBLE) * calm[peak]
    a, b = next((low + a, low + b) for a, b in runs(there) if low + a <= peak < low + b)
    deep = a + np.flatnonzero(calm[a:b] >= (1 - FLAT) * calm[peak])
    return round(float(deep[0] + deep[-1]) / 2)


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


def _why_excluded(
    drive: FloatArray,
    known: np.ndarray,
    state: StateArray | None,
    where: tuple[int, int, int],
    typical: float,
    rules: Rules,
    step: float,
) -> str | None:
    start, peak, end = where
    margin = rules.rest_s / step
    if start <= margin and drive[0] > rules.open_share * drive[peak]:
        return N_("the recording starts in the middle of it")
    if end >= len(drive) - 1 - margin and drive[-1] > rules.open_share * drive[peak]:
        return N_("the recording ends in the middle of it")
    if unseen := why_unseen(known, state, where):
        return unseen
    if drive[peak] < rules.partial_share * typical:
        return N_("partial: it reached less than 60 % of the typical repetition")
    return None


def why_unseen(
    known: NDArray[np.bool_], state: StateArray | None, where: tuple[int, int, int]
) -> str | None:
    """Say what of a repetition was not seen, from the samples of its start, deepest point, end."""
    start, peak, end = where
    if not known[start : end + 1].all():
        lost = max(b - a for a, b in runs(~known[start : end + 1]))
        if lost > 0.2 * (end - start) or not known[max(peak - 1, 0) : peak + 2].all():
            return N_("the body was not seen for part of it")
    if state is not None and (state[max(peak - 1, 0) : peak + 2] == State.FILLED).any():
        return N_("its deepest point was filled in, not seen")
    return None
