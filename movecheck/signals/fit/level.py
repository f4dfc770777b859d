"""Up, level, and along the feet: directions that the fit's terms are about."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from movecheck.signals.fit.body import AT, SIDES
from movecheck.signals.fit.picture import unit
from movecheck.types import FloatArray

UP = np.array([0.0, 1.0, 0.0])
LEVEL = np.array([1.0, 0.0, 1.0])


def dot(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return the scalar products of vectors (..., 3), shape (..., 1)."""
    return np.asarray((a * b).sum(axis=-1, keepdims=True))


def summed(poses: FloatArray, shares: Mapping[int, float]) -> FloatArray:
    """Return the sum of joints by their shares, shape (n, 3)."""
    return np.asarray(sum(share * poses[:, j] for j, share in shares.items()))


def along_feet(
    poses: FloatArray, shares: Mapping[int, float]
) -> tuple[FloatArray, dict[int, FloatArray]]:
    """Return how far a sum of joints reaches along the level direction of both feet.

    Parameters
    ----------
    poses : ndarray, shape (n, 12, 3)
        Joints in metres.
    shares : mapping of int to float
        Joint to its share in the sum; together 0.

    Returns
    -------
    reach : ndarray, shape (n,)
    slopes : dict of int to ndarray, shape (n, 3)
        Its derivatives by the joints.
    """
    feet = []
    for name in SIDES:
        toe, heel = AT[f"{name}_foot_index"], AT[f"{name}_heel"]
        along = (poses[:, toe] - poses[:, heel]) * LEVEL
        size = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
        feet.append((toe, heel, along / size, size))
    total = feet[0][2] + feet[1][2]
    ahead = unit(total)
    slopes = {j: share * ahead for j, share in shares.items()}
    whole = summed(poses, shares)
    reach = dot(whole, ahead)
    turned = (whole - reach * ahead) / np.maximum(
        np.linalg.norm(total, axis=1, keepdims=True), 1e-6
    )
    for toe, heel, along, size in feet:
        slope = (turned - dot(turned, along) * along) / size * LEVEL
        slopes[toe], slopes[heel] = slopes.get(toe, 0.0) + slope, slopes.get(heel, 0.0) - slope
    return reach[:, 0], slopes
