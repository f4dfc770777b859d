"""A file is there whole or not at all."""

from __future__ import annotations

import errno
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from movecheck.errors import ExportError

_HINTS = {
    errno.ENOSPC: "The disk is full. Make room, or choose another folder.",
    errno.EDQUOT: "Your space on this disk is used up. Make room, or choose another folder.",
    errno.EFBIG: "The file grows larger than this disk or account allows. Choose another folder.",
    errno.EROFS: "This folder can only be read. Choose another folder.",
    errno.EACCES: "You may not write to this folder. Choose another folder.",
    errno.EPERM: "You may not write to this folder. Choose another folder.",
    errno.ENOENT: "The folder does not exist. Make it first, or choose another folder.",
    errno.ENOTDIR: "The folder does not exist. Make it first, or choose another folder.",
    errno.EISDIR: "A folder of this name is in the way. Choose another name.",
    errno.ENAMETOOLONG: "The name of the file is too long. Choose a shorter one.",
}


def export_error(error: Exception) -> ExportError:
    """Turn an error of the operating system into one that tells a person what to do.

    Parameters
    ----------
    error : Exception
        What was raised; its message is not used, because it may hold a path.

    Returns
    -------
    ExportError
        To be raised ``from error``.
    """
    number = getattr(error, "errno", None)
    name = errno.errorcode.get(number, type(error).__name__) if number else type(error).__name__
    return ExportError(f"A file could not be written ({name}).", _HINTS.get(number or 0))


@contextmanager
def atomic(path: Path) -> Iterator[Path]:
    """Give the name of a temporary file that takes the place of `path` when all went well.

    The temporary file lies in the same folder, so that the last step is one rename. It is removed
    whatever happens, and an older file at `path` stays as it was until then.

    Parameters
    ----------
    path : Path
        The file to be written. Its folder must exist.

    Yields
    ------
    Path
        Where to write.

    Raises
    ------
    ExportError
        When the operating system refuses, inside the block or at the rename.
    """
    temp = part_path(path)
    try:
        yield temp
        temp.replace(path)
    except OSError as error:
        raise export_error(error) from error
    finally:
        remove(temp)


def write_bytes(path: Path, data: bytes) -> None:
    """Write `data` to `path`, whole or not at all; raises `ExportError`."""
    with atomic(Path(path)) as temp:
        temp.write_bytes(data)


def write_text(path: Path, text: str) -> None:
    """Write `text` as UTF-8, whole or not at all; raises `ExportError`.

    Half a surrogate pair, as in a broken file name, becomes ``\\udXXX``, the escape that JSON
    knows.
    """
    write_bytes(path, text.encode("utf-8", "backslashreplace"))


def part_path(path: Path, token: str | None = None) -> Path:
    """Return a new name in the folder of `path`; the long random part keeps it from clashing."""
    return path.with_name(f".movecheck-{token or secrets.token_hex(8)}.part")


def remove(temp: Path) -> None:
    """Remove a temporary file if it is there, and say nothing if that fails."""
    try:
        temp.unlink(missing_ok=True)
    except OSError:
        return  # the folder itself is not there; the first error says more
