"""TRC: marker paths as text, for OpenSim."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from movecheck.export.atomic import write_bytes
from movecheck.export.markers import Markers


def write_trc(markers: Markers, path: Path) -> None:
    """Write a TRC file: metres, six decimals, empty cells where a marker is missing.

    The layout is that of OpenSim's user's guide, "Marker (.trc) Files".

    Parameters
    ----------
    markers : Markers
        The paths.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written.
    """
    n, count = len(markers.time_s), len(markers.names)
    rate = f"{markers.rate_hz:.6g}"
    lines = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\t"
        "OrigDataRate\tOrigDataStartFrame\tOrigNumFrames",
        f"{rate}\t{rate}\t{n}\t{count}\tm\t{rate}\t1\t{n}",
        "Frame#\tTime\t" + "\t\t\t".join(markers.names) + "\t\t",
        "\t\t" + "\t".join(f"{axis}{i}" for i in range(1, count + 1) for axis in "XYZ"),
        "",
    ]
    rows = markers.xyz_m.reshape(n, -1)
    for i, (time_s, row) in enumerate(zip(markers.time_s, rows, strict=True), start=1):
        cells = [f"{v:.6f}" if np.isfinite(v) else "" for v in row]
        # The last tab keeps OpenSim from missing a column when the last marker is.
        lines.append("\t".join([str(i), f"{time_s:.6f}", *cells, ""]))
    write_bytes(path, ("\n".join(lines) + "\n").encode())
