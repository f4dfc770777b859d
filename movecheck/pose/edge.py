"""The silhouette's edge beside the trunk, kept in place of the segmentation mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from movecheck.skeleton import INDEX
from movecheck.types import EDGE_STATIONS, FloatArray

REACH = 0.9  # how far from the trunk's line the edge is looked for, in trunk lengths (our choice)
INSIDE = 0.5  # the mask's own even odds


def trunk_line(xy_px: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return mid-hip and mid-shoulder, each of shape (..., 2), of landmarks (..., 33, 2)."""

    def middle(joint: str) -> FloatArray:
        left, right = INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]
        return np.asarray((xy_px[..., left, :] + xy_px[..., right, :]) / 2)

    return middle("hip"), middle("shoulder")


def normals(hip: FloatArray, shoulder: FloatArray) -> FloatArray:
    """Return the unit normal of the trunk's line, shape (..., 2).

    It points to the picture's left for an upright person, and turns with the trunk.
    """
    axis = shoulder - hip
    axis = axis / np.linalg.norm(axis, axis=-1, keepdims=True)
    return np.stack([axis[..., 1], -axis[..., 0]], axis=-1)


def silhouette_edge(mask: NDArray[np.float32], xy_px: FloatArray) -> FloatArray:
    """Find where the mask ends on either side of the trunk's line.

    Parameters
    ----------
    mask : ndarray, shape (height, width)
        Confidence 0 to 1 that a pixel belongs to the person.
    xy_px : ndarray, shape (33, 2)
        Landmarks in pixels of the mask.

    Returns
    -------
    ndarray, shape (2, 73)
        Distance in px from the line to the first crossing of 0.5, to subpixel precision; NaN
        where the line itself is outside, or the edge is out of reach or out of the picture.
    """
    hip, shoulder = trunk_line(xy_px)
    length = float(np.linalg.norm(shoulder - hip))
    edge = np.full((2, len(EDGE_STATIONS)), np.nan)
    if not np.isfinite(length) or length < 8:
        return edge
    normal = normals(hip, shoulder)
    starts = hip + EDGE_STATIONS[:, None] * (shoulder - hip)
    steps = np.arange(0.0, REACH * length)
    for k, direction in enumerate((normal, -normal)):
        points = starts[:, None, :] + steps[None, :, None] * direction
        height, width = mask.shape
        where = [points[..., 1], points[..., 0]]
        profile: FloatArray = map_coordinates(mask, where, float, order=1, cval=np.nan)
        outside_picture = (
            (points[..., 0] < 0) | (points[..., 0] > width - 1)
            | (points[..., 1] < 0) | (points[..., 1] > height - 1)
        )  # fmt: skip
        profile[outside_picture] = np.nan
        edge[k] = _first_crossing(profile)
    return edge


def _first_crossing(profile: FloatArray) -> FloatArray:
    """Index, with its fraction, at which each row first falls below `INSIDE`."""
    below = profile < INSIDE
    unknown = np.isnan(profile)
    first = np.argmax(below | unknown, axis=1)
    rows = np.arange(len(profile))
    found = below[rows, first] & (first > 0)
    before = profile[rows, np.maximum(first - 1, 0)]
    after = profile[rows, first]
    with np.errstate(invalid="ignore", divide="ignore"):
        fraction = (before - INSIDE) / (before - after)
    return np.where(found, first - 1 + fraction, np.nan)
