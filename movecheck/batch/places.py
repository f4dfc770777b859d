"""Folders that are not on this machine: S3, Google Cloud, SFTP, by fsspec.

Such a folder is an address with ``://``. Files are fetched into a temporary folder one recording
at a time, and results are put back whole; what is known of a file without fetching it (its size,
and what the storage gives as its version) decides whether anything has to be done.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, BinaryIO

from movecheck.errors import DataError, ExportError, MoveCheckError
from movecheck.export.optional import needed

_VERSIONS = ("etag", "ETag", "md5Hash", "mtime", "last_modified", "LastModified", "updated",
             "created")  # fmt: skip
"""What storages call the thing that changes with a file; the first that there is, is taken."""


@dataclass(frozen=True)
class Place:
    """A file or folder of a storage.

    Attributes
    ----------
    address : str
        Such as ``s3://bucket/folder``.
    """

    address: str

    def __truediv__(self, below: str) -> Place:
        return Place(f"{self.address.rstrip('/')}/{below}")

    def __str__(self) -> str:
        return self.address

    @property
    def suffix(self) -> str:
        """The ending of its name, as of a path."""
        return Path(self.address).suffix

    @cached_property
    def _storage(self) -> tuple[Any, str]:
        fsspec = needed("fsspec", "remote")
        kind = self.address.partition("://")[0]
        try:
            system, path = fsspec.url_to_fs(self.address)
        except ImportError as error:
            raise ExportError(
                f"{kind}:// needs a library that is not installed",
                "Run: pip install 'movecheck[remote]'",
            ) from error
        except ValueError as error:
            raise DataError(
                f"{kind}:// is no kind of storage that is known", "Use s3://, gs:// or sftp://."
            ) from error
        except Exception as error:
            raise _unreachable(error) from error
        return system, str(path).rstrip("/")

    def files(self) -> list[str]:
        """Return the names of all files at any depth, with slashes, without those that are hidden.

        Raises
        ------
        DataError
            When the folder is not there or cannot be read.
        """
        with _told():
            system, root = self._storage
            if not system.isdir(root):
                raise DataError(
                    "there is no such folder", "Give the folder that holds the recordings."
                )
            found = [str(path)[len(root) :].lstrip("/") for path in system.find(root)]
            return sorted(n for n in found if not any(p.startswith(".") for p in n.split("/")))

    def open(self) -> BinaryIO:
        """Open the file for reading."""
        with _told():
            system, path = self._storage
            opened: BinaryIO = system.open(path, "rb")
            return opened

    def state(self) -> dict[str, Any] | None:
        """Return size and version of the file without fetching it; None when it is not there."""
        with _told():
            system, path = self._storage
            system.invalidate_cache()
            try:
                info = system.info(path)
            except FileNotFoundError:
                return None
        if info.get("type") != "file":
            return None
        return {
            "size": info.get("size"),
            "version": str(next((info[v] for v in _VERSIONS if info.get(v) is not None), "")),
        }

    def fetch(self, target: Path) -> bool:
        """Copy the file to this machine; return False when it is not there."""
        with _told():
            system, path = self._storage
            try:
                system.get_file(path, str(target))
            except FileNotFoundError:
                return False
        return True

    def put(self, source: Path) -> None:
        """Copy a file of this machine here; what was here is replaced."""
        with _told():
            system, path = self._storage
            system.makedirs(path.rpartition("/")[0], exist_ok=True)
            system.put_file(str(source), path)

    def remove(self) -> None:
        """Remove the file, if it is there."""
        with _told():
            system, path = self._storage
            if system.exists(path):
                system.rm_file(path)


def place_of(folder: str) -> Path | Place:
    """Return a folder of this machine, or of a storage where an address is given."""
    return Place(folder.rstrip("/")) if "://" in folder else Path(folder)


@contextmanager
def _told() -> Iterator[None]:
    """Turn what a storage raises (each has errors of its own) into one line."""
    try:
        yield
    except MoveCheckError:
        raise
    except Exception as error:
        raise _unreachable(error) from error


def _unreachable(error: Exception) -> ExportError:
    # Its own words may hold addresses and keys.
    return ExportError(
        f"the storage cannot be used ({type(error).__name__})",
        "Check the address, the network, and that you may read and write there.",
    )
