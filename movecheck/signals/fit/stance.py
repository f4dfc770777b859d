"""From the picture alone: where each foot stands, and when the person stands quiet and upright."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter
from scipy.spatial import KDTree

from movecheck.signals.fit.body import AT, SIDES
from movecheck.signals.gaps import runs
from movecheck.types import FloatArray

# These are our own choice.
HOLD_WITHIN = 0.03  # of body height: so near its place stays a foot that stands
HOLD_S = 0.5  # and for at least this long
MOST_HOLDS = 4  # of a foot; who steps more often walks
STILL_PER_S = 0.06  # body heights a second, as for quiet standing in movecheck.measures
UPRIGHT = 0.97  # of the greatest height

BoolArray = NDArray[np.bool_]
IntArray = NDArray[np.intp]


def footholds(uv: FloatArray, known: BoolArray, step_s: float) -> tuple[IntArray, int]:
    """Find where each foot stands.

    The place that most poses share is a foothold; then the place that most of the others share,
    and so on, as long as the foot stays at least `HOLD_S`.

    Parameters
    ----------
    uv : ndarray, shape (n, 12, 2)
        Joints in the picture, in body heights.
    known : ndarray of bool, shape (n,)
        Poses in which the body is seen.
    step_s : float
        Time between poses.

    Returns
    -------
    hold : ndarray of int, shape (n, 2)
        Number of the foothold of left and right foot; -1 where the foot does not stand.
    n_holds : int
    """
    hold = np.full((len(uv), 2), -1, dtype=np.intp)
    least, count = max(2, round(HOLD_S / step_s)), 0
    for side, name in enumerate(SIDES):
        foot = uv[:, [AT[f"{name}_{j}"] for j in ("ankle", "heel", "foot_index")]].mean(axis=1)
        foot = median_filter(foot, size=(min(5, least) | 1, 1), mode="nearest")
        free, first = known.copy(), count
        while free.any() and count < first + MOST_HOLDS:
            place = _busiest(foot[free])
            stands = free & (np.linalg.norm(foot - place, axis=1) < HOLD_WITHIN)
            stays = [r for r in runs(stands | ~known) if stands[slice(*r)].sum() >= least]
            for a, b in stays:
                hold[a:b, side] = count
            count += bool(stays)
            free &= ~stands
    return hold, count


def _busiest(points: FloatArray) -> FloatArray:
    """Return the middle of the points around the one with the most neighbours."""
    tree = KDTree(points)
    centre = points[tree.query_ball_point(points, HOLD_WITHIN, return_length=True).argmax()]
    return np.asarray(np.median(points[tree.query_ball_point(centre, HOLD_WITHIN)], axis=0))


def quiet(uv: FloatArray, known: BoolArray, step_s: float) -> BoolArray:
    """Mark poses in which the person stands upright and still: tall in the picture, and slow.

    Parameters are those of `footholds`; the result has shape (n,).
    """

    def mid(joint: str) -> FloatArray:
        return np.asarray(uv[:, [AT[f"{s}_{joint}"] for s in SIDES]].mean(axis=1))

    still = known.copy()
    if known.sum() < 3:
        return still & False
    for path in (mid("hip"), mid("shoulder")):
        still &= np.linalg.norm(np.gradient(path, step_s, axis=0), axis=1) < STILL_PER_S
    ankle = np.maximum(*(uv[:, AT[f"{s}_ankle"], 1] for s in SIDES))
    for height in (ankle - mid("hip")[:, 1], mid("hip")[:, 1] - mid("shoulder")[:, 1]):
        still &= height > UPRIGHT * np.percentile(height[known], 95)
    return still
