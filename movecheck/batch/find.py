"""Which files of a folder are recordings."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path, PurePath, PurePosixPath
from typing import BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from movecheck.batch.places import Place
from movecheck.capture.sniff import HEAD_BYTES, sniff
from movecheck.errors import DataError, VideoError
from movecheck.export.landmarks import is_landmarks

LANDMARKS = "landmarks.parquet"
VIDEO_ENDINGS = frozenset(
    (".3gp", ".avi", ".m2ts", ".m4v", ".mkv", ".mov", ".mp4", ".mpeg", ".mpg", ".mts", ".ts",
     ".webm", ".wmv")
)  # fmt: skip
"""A file that ends like this is meant to be a recording; when it is none, it is a named failure."""


def find_recordings(folder: Path, leave_out: Path | None) -> list[Path]:
    """List the recordings under a folder, in the order of their names.

    A recording is a file whose content is a video, whose name ends like one, or saved landmarks.
    A folder that holds ``landmarks.parquet`` was written by movecheck, and counts as that one
    recording. Hidden files and folders are left out.

    Parameters
    ----------
    folder : Path
        Where to look, at any depth.
    leave_out : Path or None
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
    leave_out = leave_out.resolve() if leave_out else None
    found: list[Path] = []
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        folders[:] = [
            f for f in folders if not f.startswith(".") and (here / f).resolve() != leave_out
        ]
        if LANDMARKS in files:
            found.append(here / LANDMARKS)
        else:
            visible = [here / f for f in files if not f.startswith(".")]
            found += [f for f in visible if _is_one(f, partial(_open, f))]
    return sorted(found, key=lambda path: name_of(path, folder))


def find_away(place: Place, leave_out: str) -> dict[str, Place]:
    """List the recordings in a storage by their names, as `find_recordings` and `name_of` do.

    Parameters
    ----------
    place : Place
        Where to look, at any depth.
    leave_out : str
        Address of the output folder, which may lie inside.

    Raises
    ------
    MoveCheckError
        When there is no such folder, or the storage cannot be used.
    """
    files = [name for name in place.files() if not f"{place / name}".startswith(f"{leave_out}/")]
    done = {PurePosixPath(name).parent for name in files if PurePosixPath(name).name == LANDMARKS}
    found = {}
    for name in files:
        path = PurePosixPath(name)
        if path.name == LANDMARKS:
            found[path.parent.as_posix() if path.parent.name else name] = place / name
        elif path.parent not in done and _is_one(path, (place / name).open):
            found[name] = place / name
    return found


def name_of(path: Path, folder: Path) -> str:
    """Return the name of a recording in the tables: its path below the folder, with slashes.

    Saved landmarks go by the name of the folder they lie in, which is that of their video.
    """
    below = path.relative_to(folder)
    if below.name == LANDMARKS and below.parent.name:
        below = below.parent
    return below.as_posix()


def _open(path: Path) -> BinaryIO:
    return path.open("rb")


def _is_one(path: PurePath, opened: Callable[[], BinaryIO]) -> bool:
    if path.suffix.lower() == ".parquet":
        try:
            with opened() as file:
                return is_landmarks(pq.read_schema(file))
        except (pa.ArrowException, OSError):
            return False
    if path.suffix.lower() in VIDEO_ENDINGS:
        return True
    try:
        with opened() as file:
            sniff(file.read(HEAD_BYTES))
    except (VideoError, OSError):
        return False
    return True
