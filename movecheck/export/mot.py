"""MOT and STO: angles as text, OpenSim's storage format, written and read."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from movecheck.errors import DataError
from movecheck.export.atomic import write_bytes
from movecheck.export.tables import SIGNAL_ORDER
from movecheck.types import AngleTrack, FloatArray, State


def write_mot(angles: AngleTrack, path: Path) -> None:
    """Write the angles in degrees as a MOT file: six decimals, ``nan`` where unknown.

    Columns keep the names of ``signals.csv``: they are angles in movecheck's sense, not the
    coordinates of a model. A signal that this view does not show at all has no column. OpenSim's
    tables read ``nan`` as it is; its older loader leaves such rows out. The layout is that of
    OpenSim's user's guide, "Storage (.sto) Files" and "Motion (.mot) Files".

    Parameters
    ----------
    angles : AngleTrack
        The signals.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written.
    DataError
        When no angle is known.
    """
    names = [n for n in SIGNAL_ORDER if n in angles.values and np.isfinite(angles[n]).any()]
    if not names:
        raise DataError("no angle is known in this recording", "Choose another recording.")
    table = np.column_stack([angles.time_s, *(angles[name] for name in names)])
    head = (
        f"{path.stem}\nversion=1\nnRows={len(table)}\nnColumns={len(names) + 1}\ninDegrees=yes\n\n"
        "endheader\n" + "\t".join(["time", *names])
    )
    rows = ["\t".join(f"{value:.6f}" for value in row) for row in table]
    write_bytes(path, "\n".join([head, *rows, ""]).encode())


def read_mot(path: Path) -> AngleTrack:
    """Read a MOT or STO file of any maker.

    Parameters
    ----------
    path : Path
        The file. Columns may be parted by tabs or spaces. Angles in radians (``inDegrees=no``)
        become degrees.

    Returns
    -------
    AngleTrack
        A column each; not every one need be an angle. NaN is missing.

    Raises
    ------
    DataError
        When it cannot be read, or its times do not rise.
    """
    try:
        lines = path.read_text("utf-8", errors="replace").splitlines()
        end = next(i for i, line in enumerate(lines) if line.strip().lower() == "endheader")
        header = {line.strip().lower().replace(" ", "") for line in lines[:end]}
        body = [line.split() for line in lines[end + 1 :] if line.strip()]
        names = body[0]
        table = np.array(body[1:], dtype=float)
        if names[0].lower() != "time":
            raise ValueError("the first column is not time")
        columns = table[:, 1:] if "indegrees=no" not in header else np.degrees(table[:, 1:])
        values: dict[str, FloatArray] = dict(zip(names[1:], columns.T, strict=True))
        state = {
            name: np.where(np.isfinite(v), State.MEASURED, State.MISSING).astype(np.int8)
            for name, v in values.items()
        }
        return AngleTrack(table[:, 0], values, state)
    except OSError as error:
        raise DataError("the motion file cannot be opened", "Check its name.") from error
    except (ValueError, IndexError, StopIteration) as error:
        raise DataError(
            "the motion file is not what OpenSim writes",
            "Give a .mot or .sto file with a header that ends in 'endheader', and times that rise.",
        ) from error
