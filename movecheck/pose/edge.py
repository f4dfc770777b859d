"""The silhouette's edge beside the trunk, kept in place of the segmentation mask."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from movecheck.skeleton import INDEX
from movecheck.types import EDGE_STATIONS, FloatArray

REACH = 0.9  # how far from the trunk's line the edge is looked for, in trunk lengths (our choice)
INSIDE = 0.5  # by definition: the mask's own even odds
STRETCHES = 4  # for speed alone (our choice)


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
    directions = np.repeat([normal, -normal], len(starts), axis=0)
    steps = np.arange(0.0, REACH * length)
    return _first_crossing(mask, np.tile(starts, (2, 1)), directions, steps).reshape(edge.shape)


def _first_crossing(
    mask: NDArray[np.float32], starts: FloatArray, directions: FloatArray, steps: FloatArray
) -> FloatArray:
    """Step, with its fraction, at which the mask first falls below `INSIDE` on each ray.

    The rays are followed a stretch at a time; most end in the first or second.
    """
    crossing = np.full(len(starts), np.nan)
    rays = np.arange(len(starts))
    stretch = max(2, len(steps) // STRETCHES)
    for first in range(0, len(steps), stretch):
        begin = max(first - 1, 0)  # one step back: a crossing lies between two
        there = steps[begin : first + stretch]
        x, y = (starts[rays, axis, None] + there * directions[rays, axis, None] for axis in (0, 1))
        profile = _between_pixels(mask, x, y)
        ends = ~(profile >= INSIDE)  # NaN too: out of the picture
        at = np.argmax(ends, axis=1)
        ended = ends[np.arange(len(rays)), at]
        crossed = np.flatnonzero(ended & (at > 0))
        before, after = profile[crossed, at[crossed] - 1], profile[crossed, at[crossed]]
        fraction = (before - INSIDE) / (before - after)
        crossing[rays[crossed]] = begin + at[crossed] - 1 + fraction
        rays = rays[~ended]
        if not len(rays):
            break
    return crossing


def _between_pixels(mask: NDArray[np.float32], x: FloatArray, y: FloatArray) -> FloatArray:
    """Return the mask at points between its pixels; NaN out of the picture.

    Bilinear, what ``scipy.ndimage.map_coordinates`` gives; that library would take half of the
    time that the pose process needs to start.
    """
    height, width = mask.shape
    outside = (x < 0) | (x > width - 1) | (y < 0) | (y > height - 1)
    if outside.any():
        x, y = np.where(outside, 0.0, x), np.where(outside, 0.0, y)
    left, top = x.astype(np.intp), y.astype(np.intp)
    right, below = x - left, y - top
    # On the last column or row the next pixel counts nothing; any one will do.
    next_left, next_top = np.minimum(left + 1, width - 1), np.minimum(top + 1, height - 1)
    top, next_top = top * width, next_top * width
    flat, above, before = mask.reshape(-1), 1 - below, 1 - right
    value: FloatArray = flat[top + left] * above * before
    value += flat[top + next_left] * above * right
    value += flat[next_top + left] * below * before
    value += flat[next_top + next_left] * below * right
    if outside.any():
        value[outside] = np.nan
    return value
