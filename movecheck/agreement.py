"""How well two series of numbers agree, by established definitions.

Sources: Bland & Altman 1986 (Lancet 327:307), bias and limits of agreement; Shrout & Fleiss 1979
(Psychol Bull 86:420), ICC(2,1); McGraw & Wong 1996 (Psychol Methods 1:30), its interval; Weir 2005
(J Strength Cond Res 19:231), SEM and MDC.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from scipy.stats import f as f_distribution

from movecheck.types import FloatArray

Z95 = 1.96  # by definition: 95 % of a normal distribution lie within so many deviations
LEAST_OVERLAP = 0.5
"""Share of the shorter curve that must stay when curves are shifted (our own choice)."""


@dataclass(frozen=True)
class Agreement:
    """Agreement of two series over the same subjects, repetitions or samples; NaN: too few.

    Attributes
    ----------
    n : int
        Pairs of which both numbers are known.
    bias : float
        Mean of the second minus the first.
    sd : float
        Standard deviation of the differences.
    low, high : float
        Limits of agreement: bias minus and plus 1.96 sd.
    rmse : float
        Root of the mean squared difference.
    icc, icc_low, icc_high : float
        ICC(2,1), two-way random effects, absolute agreement, single measurement, with its 95 %
        interval.
    sem : float
        Standard error of measurement: root of the residual mean square.
    mdc95 : float
        Minimal detectable change: 1.96 times the root of 2 times `sem`.
    """

    n: int
    bias: float
    sd: float
    low: float
    high: float
    rmse: float
    icc: float
    icc_low: float
    icc_high: float
    sem: float
    mdc95: float


def agreement(first: FloatArray, second: FloatArray) -> Agreement:
    """Compare two series, shape (n,) each; pairs with a NaN are left out."""
    known = np.isfinite(first) & np.isfinite(second)
    pairs = np.column_stack([first[known], second[known]])
    n = len(pairs)
    difference = pairs[:, 1] - pairs[:, 0]
    bias = float(difference.mean()) if n else math.nan
    sd = float(difference.std(ddof=1)) if n > 1 else math.nan
    icc, low, high = icc_2_1(pairs) if n > 1 else (math.nan,) * 3
    sem = sd / math.sqrt(2)  # for two series the residual mean square is half the variance of d
    return Agreement(
        n=n, bias=bias, sd=sd, low=bias - Z95 * sd, high=bias + Z95 * sd,
        rmse=float(np.sqrt(np.mean(difference**2))) if n else math.nan,
        icc=icc, icc_low=low, icc_high=high, sem=sem, mdc95=Z95 * math.sqrt(2) * sem,
    )  # fmt: skip


def icc_2_1(scores: FloatArray) -> tuple[float, float, float]:
    """Return ICC(2,1) and its 95 % interval.

    Parameters
    ----------
    scores : ndarray, shape (n, k)
        n subjects by k raters, no NaN.

    Returns
    -------
    tuple of float
        Estimate, low, high; NaN where nothing varies.
    """
    n, k = scores.shape
    mean = scores.mean()
    rows = k * float(((scores.mean(axis=1) - mean) ** 2).sum())
    columns = n * float(((scores.mean(axis=0) - mean) ** 2).sum())
    total = float(((scores - mean) ** 2).sum())
    ms_r, ms_c = rows / (n - 1), columns / (k - 1)
    ms_e = max(total - rows - columns, 0.0) / ((n - 1) * (k - 1))
    whole = ms_r + (k - 1) * ms_e + k * (ms_c - ms_e) / n
    if not total > 0 or not whole > 0:
        return math.nan, math.nan, math.nan
    icc = (ms_r - ms_e) / whole
    if not ms_e > 1e-12 * total or icc >= 1:
        return icc, math.nan, math.nan
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    v = (a * ms_c + b * ms_e) ** 2 / (
        (a * ms_c) ** 2 / (k - 1) + (b * ms_e) ** 2 / ((n - 1) * (k - 1))
    )
    f_low = float(f_distribution.ppf(0.975, n - 1, v))
    f_high = float(f_distribution.ppf(0.975, v, n - 1))
    spread = k * ms_c + (k * n - k - n) * ms_e
    low = n * (ms_r - f_low * ms_e) / (f_low * spread + n * ms_r)
    high = n * (f_high * ms_r - ms_e) / (spread + n * f_high * ms_r)
    return icc, low, high


def lag_s(step_s: float, first: list[FloatArray], second: list[FloatArray], most_s: float) -> float:
    """Return by how much the second set of curves runs late, from their cross-correlation.

    Every pair of curves has a say: the shift is the one at which the mean of their correlations
    is highest, refined by a parabola through its neighbours.

    Parameters
    ----------
    step_s : float
        Time between samples.
    first, second : list of ndarray, shape (n,)
        Curves on one uniform grid; NaN where unknown.
    most_s : float
        Largest shift that is tried, either way; half of the grid must stay.

    Returns
    -------
    float
        Seconds; NaN when no curve varies.
    """
    n = min(len(first[0]), len(second[0])) if first else 0
    most = min(round(most_s / step_s), int(n * (1 - LEAST_OVERLAP)))
    shifts = np.arange(-most, most + 1)
    score = np.array([_alike(first, second, int(shift), n) for shift in shifts])
    if not np.isfinite(score).any():
        return math.nan
    best = int(np.nanargmax(score))
    fine = 0.0
    if 0 < best < len(shifts) - 1 and np.isfinite(score[best - 1 : best + 2]).all():
        before, at, after = score[best - 1 : best + 2]
        bend = before - 2 * at + after
        fine = 0.5 * (before - after) / bend if bend < 0 else 0.0
    return float((shifts[best] + fine) * step_s)


def _alike(first: list[FloatArray], second: list[FloatArray], shift: int, n: int) -> float:
    """Mean correlation of the curves when the second is taken `shift` samples later."""
    found = []
    for a, b in zip(first, second, strict=True):
        x, y = (a[: n - shift], b[shift:n]) if shift >= 0 else (a[-shift:n], b[: n + shift])
        known = np.isfinite(x) & np.isfinite(y)
        if known.sum() < max(3, LEAST_OVERLAP * np.isfinite(a).sum()):
            continue
        x, y = x[known] - x[known].mean(), y[known] - y[known].mean()
        power = float(np.sqrt((x @ x) * (y @ y)))
        if power > 1e-9 * known.sum():
            found.append(float(x @ y) / power)
    return float(np.mean(found)) if found else math.nan
