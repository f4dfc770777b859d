"""NetCDF in the layout of the package `movement`, for ``movement.io`` and xarray."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from movecheck.export.atomic import atomic
from movecheck.export.optional import needed
from movecheck.skeleton import LANDMARKS
from movecheck.types import PoseTrack


def write_netcdf(track: PoseTrack, path: Path) -> None:
    """Write the raw landmarks as a poses dataset of `movement` (0.17 and later).

    ``position`` (time, space, keypoint, individual) in pixels, ``confidence`` (time, keypoint,
    individual), and beside them ``position_3d`` in metres about mid-hip, whose depth is the
    model's guess.

    Parameters
    ----------
    track : PoseTrack
        As the pose model gave it.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written, or xarray is not installed.
    """
    xarray = needed("xarray")
    seen = np.isfinite(track.xy_px).all(axis=-1)
    confidence = np.where(seen, track.visibility, np.nan)
    data = xarray.Dataset(
        {
            "position": (
                ("time", "space", "keypoint", "individual"),
                np.moveaxis(track.xy_px, 1, 2)[..., None], {"units": "pixels"},
            ),
            "confidence": (("time", "keypoint", "individual"), confidence[..., None]),
            "position_3d": (
                ("time", "space_3d", "keypoint", "individual"),
                np.moveaxis(track.world_m, 1, 2)[..., None], {"units": "m"},
            ),
        },
        coords={
            "time": track.time_s, "space": ["x", "y"], "space_3d": ["x", "y", "z"],
            "keypoint": list(LANDMARKS), "individual": ["individual_0"],
        },
        attrs={
            "ds_type": "poses", "source_software": "movecheck", "time_unit": "seconds",
            "fps": track.recording.fps,
        },
    )  # fmt: skip
    with atomic(path) as temp:
        data.to_netcdf(temp, engine="scipy")
