"""Angles between points. Pure functions on arrays (..., 2); NaN in, NaN out."""

from __future__ import annotations

import numpy as np

from movecheck.types import FloatArray


def flexion_deg(
    upper: FloatArray, joint: FloatArray, lower: FloatArray, toward: float
) -> FloatArray:
    """Return how far the lower segment turns out of line with the upper one, with its sign.

    180 degrees minus the angle at the joint wherever it is positive; negative past straight,
    where the angle alone would fold back.

    Parameters
    ----------
    upper, joint, lower : ndarray, shape (..., 2)
        Points in square pixels, y down.
    toward : float
        +1 when flexion turns the lower segment of a hanging limb to the picture's right, else -1.

    Returns
    -------
    ndarray, shape (...)
        Degrees, -180 to 180; 0 in line; NaN for a segment without length.

    Examples
    --------
    >>> import numpy as np
    >>> hip, knee, ankle = np.array([[0.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    >>> float(flexion_deg(hip, knee, ankle, toward=1.0))
    90.0
    """
    a, b = joint - upper, lower - joint
    cross = a[..., 1] * b[..., 0] - a[..., 0] * b[..., 1]
    angle = np.degrees(np.arctan2(toward * cross, (a * b).sum(axis=-1)))
    return np.where((a == 0).all(axis=-1) | (b == 0).all(axis=-1), np.nan, angle)


def inclination_deg(lower: FloatArray, upper: FloatArray, forward: float) -> FloatArray:
    """Return how far a segment leans from the vertical, + when its upper end is forward.

    Parameters
    ----------
    lower, upper : ndarray, shape (..., 2)
        Ends of the segment in square pixels, y down.
    forward : float
        +1 when forward is the picture's right, -1 when it is its left.

    Returns
    -------
    ndarray, shape (...)
        Degrees, -180 to 180; NaN for a segment without length.
    """
    along = upper - lower
    angle = np.degrees(np.arctan2(forward * along[..., 0], -along[..., 1]))
    return np.where((along == 0).all(axis=-1), np.nan, angle)


def tilt_deg(right: FloatArray, left: FloatArray) -> FloatArray:
    """Return how far a line between the two sides is from level, + when the right is lower.

    Parameters
    ----------
    right, left : ndarray, shape (..., 2)
        The subject's right and left in square pixels, y down.

    Returns
    -------
    ndarray, shape (...)
        Degrees, -90 to 90; NaN for a line without length.
    """
    across = right - left
    angle = np.degrees(np.arctan2(across[..., 1], np.abs(across[..., 0])))
    return np.where((across == 0).all(axis=-1), np.nan, angle)


def rise_deg(start: FloatArray, end: FloatArray, away: float | None = None) -> FloatArray:
    """Return how far a segment rises from the level, + when its end is the higher one.

    Parameters
    ----------
    start, end : ndarray, shape (..., 2)
        Ends of the segment in square pixels, y down.
    away : float, optional
        +1 when a level segment points to the picture's right, -1 to its left. Without it the
        angle folds back at the vertical.

    Returns
    -------
    ndarray, shape (...)
        Degrees, -90 to 90, or given `away` -180 to 180; NaN for a segment without length.
    """
    along = end - start
    across = np.abs(along[..., 0]) if away is None else away * along[..., 0]
    angle = np.degrees(np.arctan2(-along[..., 1], across))
    return np.where((along == 0).all(axis=-1), np.nan, angle)


def sag_deg(one: FloatArray, middle: FloatArray, other: FloatArray) -> FloatArray:
    """Return how far a body bends at its middle, + when the middle hangs below the two ends.

    Parameters
    ----------
    one, middle, other : ndarray, shape (..., 2)
        Points in square pixels, y down; the ends are apart along the picture.

    Returns
    -------
    ndarray, shape (...)
        Degrees, -180 to 180; 0 in line.
    """
    side = np.sign(other[..., 0] - one[..., 0])
    a, b = middle - one, other - middle
    cross = a[..., 1] * b[..., 0] - a[..., 0] * b[..., 1]
    angle = np.degrees(np.arctan2(side * cross, (a * b).sum(axis=-1)))
    return np.where((a == 0).all(axis=-1) | (b == 0).all(axis=-1), np.nan, angle)
