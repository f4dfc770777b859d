"""C3D: marker paths in the binary format of motion capture laboratories."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from movecheck.export.atomic import write_bytes
from movecheck.export.markers import Markers
from movecheck.export.optional import needed


def write_c3d(markers: Markers, path: Path) -> None:
    """Write a C3D file with ezc3d: metres, residual -1 where a marker is missing.

    Parameters
    ----------
    markers : Markers
        The paths.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written, or ezc3d is not installed.
    """
    ezc3d = needed("ezc3d")
    c3d = ezc3d.c3d()
    n = len(markers.time_s)
    points = np.ones((4, len(markers.names), n))
    points[:3] = markers.xyz_m.transpose(2, 1, 0)
    known = np.isfinite(points).all(axis=0)
    point = c3d["parameters"]["POINT"]
    point["RATE"]["value"] = [markers.rate_hz]
    point["LABELS"]["value"] = list(markers.names)
    point["UNITS"]["value"] = ["m"]
    c3d["data"]["points"] = points
    c3d["data"]["meta_points"]["residuals"] = np.where(known, 0.0, -1.0)[None]
    with TemporaryDirectory(prefix="movecheck-") as folder:
        whole = Path(folder) / "markers.c3d"  # ezc3d insists on this ending
        c3d.write(str(whole))
        write_bytes(path, whole.read_bytes())
