"""Postures that are held: when a hold begins and when it ends."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import gaussian_filter1d

from movecheck.marks import N_
from movecheck.movements.definition import Hold, Stance
from movecheck.movements.onset import Rules, crossing
from movecheck.signals.gaps import bridged, runs
from movecheck.types import FloatArray, Rep

# Our own choice, all of them.
STEADY_DEG_PER_S = 10.0
STEADY_S = 1.0
CALM_S = 0.1  # standard deviation of the smoothing in which steadiness is looked for
LEFT_S = 0.4  # a posture that is lost for less was hidden, not left
LEAST_S = 1.0  # a foot in the air for less is a step
STARTS = N_("the recording starts in the middle of it")
ENDS = N_("the recording ends in the middle of it")


def find_holds(
    time_s: FloatArray, angles_deg: FloatArray, there: NDArray[np.bool_], rule: Hold
) -> list[Rep]:
    """Find each hold of a posture, as `Hold` defines it.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Uniform time grid.
    angles_deg : ndarray, shape (n, k)
        The angles that must be kept; NaN where unknown.
    there : ndarray of bool, shape (n,)
        Whether the posture is there at all.
    rule : Hold
        When it begins and ends.

    Returns
    -------
    list of Rep
        `peak_s` is where an angle is furthest from its beginning.
    """
    known = np.isfinite(angles_deg).all(axis=1)
    if known.sum() < 3:
        return []
    step = float(time_s[1] - time_s[0])
    smooth = np.stack(
        [
            gaussian_filter1d(np.interp(time_s, time_s[known], angle[known]), CALM_S / step)
            for angle in angles_deg.T
        ],
        axis=1,
    )
    ready = bridged(there & known & (np.abs(smooth) <= rule.ready).all(axis=1), LEFT_S / step)
    steady = (np.abs(np.gradient(smooth, step, axis=0)) < STEADY_DEG_PER_S).all(axis=1)
    first = max(round(rule.first_s / step), 1)
    holds: list[Rep] = []
    after = 0
    for start in np.flatnonzero(_long(ready & steady, STEADY_S / step)):
        held = np.median(smooth[start : start + first], axis=0)
        away = np.abs(smooth - held).max(axis=1)
        if start < after or (away[start : start + first] > rule.within).any():
            continue
        end = _ends(int(start), away > rule.within, ready, rule.for_s / step)
        # The posture was there as soon as the angles came as near as they must stay.
        outside = np.flatnonzero(~(ready & (away <= rule.within))[after:start])
        begin = after + int(outside[-1]) + 1 if len(outside) else after
        # What goes on after a drift is not another hold: that begins when the posture was left.
        left = np.flatnonzero(~ready[end:])
        after = end + int(left[0]) + 1 if len(left) else len(away)
        if (end - begin) * step >= rule.first_s:
            holds.append(_rep(time_s, away, begin, end, rule.within))
    return holds


def _long(flags: NDArray[np.bool_], least: float) -> NDArray[np.bool_]:
    """Keep the runs of at least so many samples."""
    out = np.zeros_like(flags)
    for a, b in runs(flags):
        out[a:b] = b - a >= least
    return out


def _ends(start: int, out: NDArray[np.bool_], ready: NDArray[np.bool_], longest: float) -> int:
    """Return the sample at which a hold is over: the drift's first, or the posture's last."""
    left = np.flatnonzero(~ready[start:])
    end = start + int(left[0]) if len(left) else len(out) - 1
    for a, b in runs(out[start : end + 1]):
        # A drift that goes on until the posture is left is its leaving.
        if b - a >= longest or (start + b > end and len(left)):
            return start + a
    return end


def _rep(time_s: FloatArray, away: FloatArray, start: int, end: int, within: float) -> Rep:
    furthest = start + int(np.argmax(away[start : end + 1]))
    reason = STARTS if start == 0 else ENDS if end == len(time_s) - 1 else None
    begins = _between(time_s, away, start - 1, within) if start else float(time_s[0])
    ends = _between(time_s, away, end - 1, within)
    middle = min(max(float(time_s[furthest]), begins), ends)
    return Rep(begins, middle, ends, reason)


def _between(time_s: FloatArray, away: FloatArray, before: int, limit: float) -> float:
    """Return when a limit is crossed between a sample and the next; else the time of the next."""
    a, b = away[before], away[before + 1]
    if (a > limit) == (b > limit):
        return float(time_s[before + 1])
    share = (limit - a) / (b - a)
    return float(time_s[before] + share * (time_s[before + 1] - time_s[before]))


def _foot_leaves(lift: FloatArray, a: int, b: int, step: float) -> tuple[float, float]:
    """Return where a foot that is surely up from `a` to `b` leaves the ground and is back on it.

    That is at 5 % of how high it is held, about 1 cm, counted from where it stands.
    """
    held = float(np.median(lift[a:b]))
    flat = np.minimum(lift, held)
    high = a + np.flatnonzero(flat[a:b] >= held)
    off = crossing(flat, int(high[0]), 0, step, Rules()) if a else 0.0
    down = crossing(flat, int(high[-1]), len(lift) - 1, step, Rules())
    return off, down if b < len(lift) else float(b - 1)


def find_stances(time_s: FloatArray, lift: FloatArray, rule: Stance) -> list[Rep]:
    """Find each stance on one leg: a foot off the ground, until it is down or the time is up.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Uniform time grid.
    lift : ndarray, shape (n,)
        Left foot over the right one in body sizes, as change from standing on both.
    rule : Stance
        How far apart the feet must be, and the longest time.

    Returns
    -------
    list of Rep
        `side` is the leg that is stood on.
    """
    step = float(time_s[1] - time_s[0])
    found = []
    known = np.nan_to_num(lift)
    for sign, side in ((1.0, "right"), (-1.0, "left")):
        up = bridged(sign * known > rule.lift, LEFT_S / step)
        for a, b in runs(up):
            if (b - 1 - a) * step < LEAST_S:
                continue
            reason = STARTS if a == 0 else None
            off, down = _foot_leaves(sign * known, a, b, step)
            start, end = np.interp([off, down], np.arange(len(time_s)), time_s).tolist()
            if end - start >= rule.cap_s:
                end = start + rule.cap_s
            elif b == len(up):
                reason = reason or ENDS
            middle = (start + end) / 2
            found.append(Rep(start, middle, end, reason, side))  # type: ignore[arg-type]
    return sorted(found, key=lambda rep: rep.start_s)
