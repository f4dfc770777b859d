"""A uniform time grid, and a zero-phase low-pass on it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfiltfilt

from movecheck.signals.gaps import BoolArray, runs
from movecheck.types import FloatArray


def uniform_grid(time_s: FloatArray, max_rate_hz: float) -> FloatArray:
    """Return uniform times that span `time_s` at its median rate, at most `max_rate_hz`."""
    step = max(float(np.median(np.diff(time_s))), 1 / max_rate_hz)
    count = round((time_s[-1] - time_s[0]) / step)
    return np.asarray(np.linspace(time_s[0], time_s[-1], max(count, 1) + 1))


def resample(
    time_s: FloatArray, values: FloatArray, grid_s: FloatArray, limit_s: float
) -> FloatArray:
    """Interpolate (n,) or (n, k) samples onto a grid; nothing across a gap longer than `limit_s`.

    A gap is a run of NaN, or of frames that were never recorded. Each column has its own.
    """
    columns = values.reshape(len(values), -1).T
    out = np.full((len(grid_s), len(columns)), np.nan)
    between: dict[bytes, tuple[BoolArray, BoolArray]] = {}
    for k, column in enumerate(columns):
        known = np.isfinite(column)
        mask = known.tobytes()
        if mask not in between:  # columns with the same gaps are the rule
            between[mask] = known, _reached(time_s[known], grid_s, limit_s)
        known, reached = between[mask]
        if reached.any():
            out[reached, k] = np.interp(grid_s[reached], time_s[known], column[known])
    return out.reshape(len(grid_s), *values.shape[1:])


def _reached(times_s: FloatArray, grid_s: FloatArray, limit_s: float) -> BoolArray:
    """Tell which times of a grid are at a sample, or between two that are near enough."""
    if len(times_s) < 2:
        return np.zeros(len(grid_s), dtype=bool)
    after = np.clip(np.searchsorted(times_s, grid_s - 1e-9), 1, len(times_s) - 1)
    away = np.minimum(grid_s - times_s[after - 1], times_s[after] - grid_s)
    in_gap = (times_s[after] - times_s[after - 1] > limit_s) & (away > 1e-6)
    return np.asarray(~in_gap & (grid_s >= times_s[0]) & (grid_s <= times_s[-1]))


def low_pass(values: FloatArray, rate_hz: float, cutoff_hz: float) -> FloatArray:
    """Zero-phase Butterworth low-pass of (n,) or (n, k) samples, down each column.

    Each run between gaps is filtered on its own, in two passes of a second-order filter. The
    cut-off is kept under 0.4 of the sampling rate, and runs too short to filter stay as they are.
    """
    out = values.reshape(len(values), -1).copy()
    sos = _design(rate_hz, min(cutoff_hz, 0.4 * rate_hz))
    pad = max(6, round(rate_hz / cutoff_hz))
    # Columns with the same gaps go together: a call costs more than the filtering.
    alike: dict[bytes, list[int]] = {}
    known = np.isfinite(out.T)
    for i, mask in enumerate(known):
        alike.setdefault(mask.tobytes(), []).append(i)
    for columns in alike.values():
        for start, stop in runs(known[columns[0]]):
            if stop - start > 2:
                run = np.ix_(np.arange(start, stop), np.array(columns))
                out[run] = sosfiltfilt(sos, out[run], axis=0, padlen=min(pad, stop - start - 1))
    return out.reshape(values.shape)


@lru_cache(maxsize=8)
def _design(rate_hz: float, cutoff_hz: float) -> FloatArray:
    """Design once what all columns of a recording pass through."""
    return np.asarray(butter(2, cutoff_hz, fs=rate_hz, output="sos"))
