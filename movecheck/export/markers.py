"""The model's landmarks in metres as marker paths, the way biomechanics tools want them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from movecheck.errors import DataError
from movecheck.signals.smooth import resample, uniform_grid
from movecheck.skeleton import LANDMARKS
from movecheck.types import FloatArray, PoseTrack

NO_ROOM_S = 1.5
"""Frames that lie further apart than so many median steps have a gap between them (our choice)."""


@dataclass(frozen=True)
class Markers:
    """Paths of the 33 landmarks on a uniform time grid.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        From 0, uniform.
    xyz_m : ndarray, shape (n, 33, 3)
        Metres about mid-hip: x to the picture's right, y up, z towards the camera. NaN where
        nobody was seen. The depth is the model's own guess, and the body does not travel.
    rate_hz : float
        Samples a second.
    """

    time_s: FloatArray
    xyz_m: FloatArray
    rate_hz: float

    @property
    def names(self) -> tuple[str, ...]:
        """Return the names of the markers."""
        return LANDMARKS


def markers(track: PoseTrack) -> Markers:
    """Put raw landmarks onto a uniform grid at the recording's rate, and the y axis upright.

    Parameters
    ----------
    track : PoseTrack
        As the pose model gave it; nothing is smoothed and no gap is bridged.

    Raises
    ------
    DataError
        For fewer than two frames.
    """
    if len(track.time_s) < 2:
        raise DataError("the recording has no second frame", "Choose a longer recording.")
    step_s = float(np.median(np.diff(track.time_s)))
    grid_s = uniform_grid(track.time_s, np.inf)
    flat = track.world_m.reshape(len(track.time_s), -1)
    held = resample(track.time_s, flat, grid_s, NO_ROOM_S * step_s)
    xyz = held.reshape(len(grid_s), len(LANDMARKS), 3) * [1.0, -1.0, -1.0]
    return Markers(grid_s - grid_s[0], xyz, 1 / float(grid_s[1] - grid_s[0]))
