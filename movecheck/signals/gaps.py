"""Runs of samples, and samples that cannot be right."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from movecheck.types import FloatArray

BoolArray = NDArray[np.bool_]


def runs(flags: BoolArray) -> list[tuple[int, int]]:
    """Return (start, stop) of each run of True, as for slicing.

    Examples
    --------
    >>> import numpy as np
    >>> runs(np.array([True, True, False, True]))
    [(0, 2), (3, 4)]
    """
    padded = np.concatenate([[False], np.asarray(flags, dtype=bool), [False]])
    changes = np.flatnonzero(np.diff(padded.astype(np.int8)))
    return [(int(a), int(b)) for a, b in zip(changes[::2], changes[1::2], strict=True)]


def outliers(time_s: FloatArray, xy: FloatArray, window_s: float, least: float) -> BoolArray:
    """Mark points that leave the median path of their neighbours and come back.

    A Hampel identifier (Hampel 1974): further from the running median than three scaled median
    absolute deviations, and than `least`, which keeps quiet passages from being trimmed. The
    turning point of a fast movement leaves its median too, but it lies on the curve through its
    neighbours: such points stay.

    Parameters
    ----------
    time_s : ndarray, shape (n,)
        Times of the samples.
    xy : ndarray, shape (n, m, 2)
        Points; NaN where unknown.
    window_s : float
        Width of the running median in seconds.
    least : float
        A deviation below this, in the unit of `xy`, is never an outlier.

    Returns
    -------
    ndarray of bool, shape (n, m)
    """
    size = max(3, round(window_s / float(np.median(np.diff(time_s)))) | 1)
    flags = np.zeros(xy.shape[:2], dtype=bool)
    for k in range(xy.shape[1]):
        seen = np.flatnonzero(np.isfinite(xy[:, k]).all(axis=-1))
        # Who was away for longer than the window may well come back elsewhere.
        for known in np.split(seen, np.flatnonzero(np.diff(time_s[seen]) > window_s) + 1):
            if len(known) >= size:
                flags[known, k] = _leaves_path(time_s[known], xy[known, k], size, least)
    return flags


def _leaves_path(time_s: FloatArray, path: FloatArray, size: int, least: float) -> BoolArray:
    away = np.linalg.norm(path - median_filter(path, size=(size, 1), mode="nearest"), axis=-1)
    spread = 1.4826 * median_filter(away, size=size, mode="nearest")
    limit = np.maximum(3 * spread, least)
    suspect = away > limit
    return np.asarray(suspect & (_off_curve(time_s, path, suspect) > limit))


def _off_curve(time_s: FloatArray, path: FloatArray, suspect: BoolArray) -> FloatArray:
    """Return how far each suspect lies off the cubic through two neighbours on either side."""
    off = np.full(len(path), np.inf)
    for start, stop in runs(suspect):
        if start == 0 or stop == len(path):
            continue  # nothing to compare with on one side
        far = stop - start
        around = np.unique(
            np.clip([start - 1 - far, start - 1, stop, stop + far], 0, len(path) - 1)
        )
        span = time_s[stop] - time_s[start - 1]
        when = (time_s - time_s[start]) / span
        curve = np.polynomial.polynomial.polyfit(when[around], path[around], len(around) - 1)
        guess = np.polynomial.polynomial.polyval(when[start:stop], curve).T
        off[start:stop] = np.linalg.norm(path[start:stop] - guess, axis=-1)
    return off


def bridged(flags: NDArray[np.bool_], longest: float) -> NDArray[np.bool_]:
    """Close gaps that are no longer than so many samples."""
    out = flags.copy()
    for a, b in runs(~flags):
        if b - a <= longest and a > 0 and b < len(flags):
            out[a:b] = True
    return out
