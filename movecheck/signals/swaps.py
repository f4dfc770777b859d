"""Left and right: the pose model at times takes one leg for the other; here it is put right."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from movecheck.skeleton import INDEX, MIRROR
from movecheck.types import FloatArray, PoseTrack

LEGS = np.array([
    INDEX[f"{side}_{joint}"]
    for side in ("left", "right")
    for joint in ("hip", "knee", "ankle", "heel", "foot_index")
])  # fmt: skip


def find_swaps(xy: FloatArray, price: float) -> NDArray[np.bool_]:
    """Tell in which frames the legs bear each other's names.

    Of all ways to swap or not to swap each frame, the one along which the legs travel least
    (a shortest path over frames; Viterbi 1967). The naming that most frames have is taken as true.

    Parameters
    ----------
    xy : ndarray, shape (n, 33, 2)
        Landmarks; NaN where unknown.
    price : float
        What a change of naming costs, in the unit of `xy`: below it, travel is taken as noise.

    Returns
    -------
    ndarray of bool, shape (n,)
    """
    legs, swapped = xy[:, LEGS], xy[:, MIRROR[LEGS]]
    known = np.flatnonzero(np.isfinite(legs).all(axis=(1, 2)))
    flags = np.zeros(len(xy), dtype=bool)
    if len(known) < 3:
        return flags
    stay = np.linalg.norm(np.diff(legs[known], axis=0), axis=-1).mean(axis=1)
    change = np.linalg.norm(swapped[known][1:] - legs[known][:-1], axis=-1).mean(axis=1) + price
    # Plain numbers: arrays of two cost ten times as much.
    as_is = exchanged = 0.0
    came_from = []
    for same, other in zip(stay.tolist(), change.tolist(), strict=True):
        to_as_is, to_exchanged = exchanged + other < as_is + same, exchanged + same < as_is + other
        came_from.append((to_as_is, to_exchanged))
        as_is, exchanged = (
            exchanged + other if to_as_is else as_is + same,
            exchanged + same if to_exchanged else as_is + other,
        )
    path = np.empty(len(known), dtype=int)
    path[-1] = exchanged < as_is
    for i in range(len(known) - 1, 0, -1):
        path[i - 1] = came_from[i - 1][path[i]]
    if path.mean() > 0.5:
        path = 1 - path
    flags[known] = path.astype(bool)
    return flags


def swap_legs(array: FloatArray, frames: NDArray[np.bool_]) -> FloatArray:
    """Return a copy of an array (n, 33, ...) with the legs exchanged in the frames marked."""
    out = array.copy()
    rows = np.flatnonzero(frames)[:, None]
    out[rows, LEGS] = array[rows, MIRROR[LEGS]]
    return out


def sides_exchanged(track: PoseTrack) -> PoseTrack:
    """Return a track whose left and right bear each other's names, in every frame."""
    return replace(
        track,
        xy_px=track.xy_px[:, MIRROR],
        visibility=track.visibility[:, MIRROR],
        world_m=track.world_m[:, MIRROR],
        state=track.state[:, MIRROR],
    )
