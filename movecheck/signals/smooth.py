"""A uniform time grid, and a zero-phase low-pass on it."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy.signal import butter, sosfiltfilt

from movecheck.signals.gaps import runs
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
    if values.ndim == 2:
        return np.column_stack([resample(time_s, v, grid_s, limit_s) for v in values.T])
    known = np.flatnonzero(np.isfinite(values))
    if len(known) < 2:
        return np.full(len(grid_s), np.nan)
    times = time_s[known]
    out = np.interp(grid_s, times, values[known], left=np.nan, right=np.nan)
    after = np.clip(np.searchsorted(times, grid_s - 1e-9), 1, len(times) - 1)
    in_gap = times[after] - times[after - 1] > limit_s
    in_gap &= np.minimum(grid_s - times[after - 1], times[after] - grid_s) > 1e-6
    return np.where(in_gap, np.nan, out)


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
    """Design once what 200 columns of a recording pass through."""
    return np.asarray(butter(2, cutoff_hz, fs=rate_hz, output="sos"))
