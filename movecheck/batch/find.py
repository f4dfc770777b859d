"""Which files of a folder are recordings."""

from __future__ import annotations

import os
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from movecheck.capture.sniff import HEAD_BYTES, sniff
from movecheck.errors import DataError, VideoError
from movecheck.export.landmarks import is_landmarks

LANDMARKS = "landmarks.parquet"
VIDEO_ENDINGS = frozenset(
    (".3gp", ".avi", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ts",
     ".webm", ".wmv")
)  # fmt: skip
"""A file that ends like this is meant to be a recording; when it is none, it is a named failure."""


def find_recordings(folder: Path, leave_out: Path) -> list[Path]:
    """List the recordings under a folder, in the order of their names.

    A recording is a file whose content is a video, whose name ends like one, or saved landmarks.
    A folder that holds ``landmarks.parquet`` was written by movecheck, and counts as that one
    recording. Hidden files and folders are left out.

    Parameters
    ----------
    folder : Path
        Where to look, at any depth.
    leave_out : Path
        The output folder, which may lie inside.

    Raises
    ------
    DataError
        When there is no such folder, or it cannot be read.
    """
    if not folder.is_dir():
        raise DataError("there is no such folder", "Give the folder that holds the recordings.")
    if not os.access(folder, os.R_OK | os.X_OK):
        raise DataError("the folder cannot be read", "Check that you may open it.")
    leave_out = leave_out.resolve()
    found: list[Path] = []
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = [
            f for f in folders if not f.startswith(".") and (here / f).resolve() != leave_out
        ]
        if LANDMARKS in files:
            found.append(here / LANDMARKS)
        else:
            found += [here / f for f in files if not f.startswith(".") and _is_one(here / f)]
    return sorted(found, key=lambda path: name_of(path, folder))


def name_of(path: Path, folder: Path) -> str:
    """Return the name of a recording in the tables: its path below the folder, with slashes.

    Saved landmarks go by the name of the folder they lie in, which is that of their video.
    """
    below = path.relative_to(folder)
    if below.name == LANDMARKS and below.parent.name:
        below = below.parent
    return below.as_posix()


def _is_one(path: Path) -> bool:
    if path.suffix.lower() == ".parquet":
        try:
            return is_landmarks(pq.read_schema(path))
        except (pa.ArrowException, OSError):
            return False
    if path.suffix.lower() in VIDEO_ENDINGS:
        return True
    try:
        with path.open("rb") as file:
            sniff(file.read(HEAD_BYTES))
    except (VideoError, OSError):
        return False
    return True
