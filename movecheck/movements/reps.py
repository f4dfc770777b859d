"""Repetitions of one movement, from the signal that drives it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d
from scipy.signal import find_peaks

from movecheck.marks import N_
from movecheck.signals.gaps import runs
from movecheck.types import FloatArray, Rep, State, StateArray

LATER_SHARE = 0.25  # of its way, where a movement is seen well (our own choice)
LEAD, HEIGHT_LEAD = 0.9, 1.9
"""A movement begins too slowly to be seen, so its onset is found backwards from where it is seen
well. From 5 % to 25 % of its way, a movement of minimum jerk (Flash and Hogan 1985) takes 0.17 of
its time, and it has begun 1.11 times as long before; a raised cosine 0.76 times. A height goes
about with the square of an angle: 2.2 and 1.7. These are between them (our own choice)."""
# These are our own choice.
SLOWEST = 0.45  # of the time from 25 % to the top: those movements take 0.3 of it from 5 to 25 %
MOST_UNKNOWN = 0.05  # of a repetition
FLAT = 0.01  # of a peak: lower by less is as deep


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
        A repetition's foot: below this share of its rise, its rest is looked for.
    speed_share : float
        Its rest before and after begins where the signal moves slower than this share of the
        repetition's peak speed.
    rest_s : float
        For so long from there, the median is its own level of rest: it may drift between
        repetitions, and differ before and after.
    edge_share : float
        Of the repetition's own range from that rest: where it is passed, the movement has surely
        begun, or hips have left a seat.
    lead : float
        The onset is so much further out, in units of the time from there to `LATER_SHARE`.
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
    rest_s: float = 0.3
    edge_share: float = 0.05
    lead: float = LEAD
    partial_share: float = 0.6
    open_share: float = 0.25


def find_reps(
    time_s: FloatArray,
    drive: FloatArray,
    least: float,
    state: StateArray | None = None,
    rules: Rules | None = None,
    real: NDArray[np.bool_] | None = None,
    timing: FloatArray | None = None,
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
    timing : ndarray, shape (n,), optional
        An angle in which start and end are found, of repetitions throughout which it is known.
        It tells them better than a height, which hardly falls as a joint begins to bend.

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
    tops = [highest(bridged, int(p) - 1, apart // 2) for p in found]
    peaks = _merge(bridged, [p for p in tops if real is None or real[p]], rules)
    typical = float(np.median(bridged[peaks])) if peaks else 0.0
    reps = []
    for i, peak in enumerate(peaks):
        low = _valley(bridged, peaks[i - 1], peak) if i else 0
        high = _valley(bridged, peak, peaks[i + 1]) if i + 1 < len(peaks) else len(bridged) - 1
        start = onset(bridged, peak, low, step, rules)
        end = onset(bridged, peak, high, step, rules)
        # What never comes halfway back has no end.
        start = start if _returns(bridged[low : peak + 1], rules) else float(low)
        end = end if _returns(bridged[peak : high + 1][::-1], rules) else float(high)
        where = (int(start), peak, int(np.ceil(end)))
        reason = _why_excluded(bridged, known, state, where, typical, rules, step)
        if timing is not None and not reason:
            start, end = _timed(timing, (start, peak, end), (low, high), step, rules)
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
    timing: FloatArray,
    found: tuple[float, int, float],
    limits: tuple[int, int],
    step: float,
    rules: Rules,
) -> tuple[float, float]:
    """Return start and end in another signal, where it is known; else those that were found."""
    start, peak, end = found
    inside = slice(int(start), int(np.ceil(end)) + 1)
    known = np.isfinite(timing)
    if known[inside].mean() < 1 - MOST_UNKNOWN:
        return start, end
    whole = np.interp(np.arange(len(timing)), np.flatnonzero(known), timing[known])
    top = inside.start + int(np.argmax(whole[inside]))
    low = limits[0] + int(np.argmin(whole[limits[0] : top + 1])) if limits[0] else 0
    high = limits[1]
    if high + 1 < len(whole):
        high = top + int(np.argmin(whole[top : max(high, top) + 1]))
    of_angle = replace(rules, lead=LEAD)
    begin, finish = (onset(whole, top, limit, step, of_angle) for limit in (low, high))
    return min(begin, float(peak)), max(finish, float(peak))


def highest(drive: FloatArray, near: int, reach: int) -> int:
    """Return where the signal itself is highest about a peak of its calmed copy.

    A bottom may be flat: it is the middle of what lies within `FLAT` of the highest.
    """
    low = max(near - reach, 0)
    part = drive[low : near + reach + 1]
    top = low + int(np.argmax(part))
    flat = drive >= (1 - FLAT) * drive[top]
    a, b = next(run for run in runs(flat) if run[0] <= top < run[1])
    return (a + b - 1) // 2


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


def onset(drive: FloatArray, peak: int, limit: int, step: float, rules: Rules) -> float:
    """Return where, between the peak and `limit`, the movement begins or ends: a sample's place."""
    way, path = _path(drive, peak, limit)
    if len(path) < 3:
        return float(limit)
    level = _rest_level(path, step, rules)
    later, surely = (_passes(path, level, share) for share in (LATER_SHARE, rules.edge_share))
    # A pause on the way is no slow beginning.
    lead = rules.lead * min(surely - later, SLOWEST * later)
    return float(np.clip(peak + way * (surely + lead), 0, len(drive) - 1))


def crossing(drive: FloatArray, peak: int, limit: int, step: float, rules: Rules) -> float:
    """Return where, between the peak and `limit`, `edge_share` of the range from rest is passed.

    It is interpolated between samples.
    """
    way, path = _path(drive, peak, limit)
    if len(path) < 3:
        return float(limit)
    return peak + way * _passes(path, _rest_level(path, step, rules), rules.edge_share)


def _path(drive: FloatArray, peak: int, limit: int) -> tuple[int, FloatArray]:
    """Return the way from a peak to a limit: its direction, and the signal along it."""
    way = -1 if limit < peak else 1
    return way, drive[peak : limit + way if limit + way >= 0 else None : way]


def _rest_level(path: FloatArray, step: float, rules: Rules) -> float:
    """Return the level at which a way down from a peak comes to rest, below its foot."""
    foot = path.min() + rules.foot_share * (path[0] - path.min())
    below = int(np.flatnonzero(path <= foot)[0])
    speed = -np.gradient(path, step)
    slow = np.flatnonzero(speed[below:] <= rules.speed_share * speed.max())
    rest = below + int(slow[0]) if len(slow) else len(path) - 1
    return float(np.median(path[rest : rest + max(1, round(rules.rest_s / step))]))


def _passes(path: FloatArray, level: float, share: float) -> float:
    """Return how far down a way its signal first is a share of the range above a level."""
    passed = max(level + share * (path[0] - level), float(path.min()))
    place = int(np.flatnonzero(path <= passed)[0])
    if place == 0:
        return 0.0
    before, after = path[place - 1], path[place]
    return place - 1 + float(np.clip((before - passed) / (before - after), 0, 1))


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
