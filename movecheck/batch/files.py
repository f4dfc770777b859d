"""The files of one recording while it is worked on: here, or fetched and put back."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import Any

from movecheck.batch.find import LANDMARKS
from movecheck.batch.places import Place
from movecheck.errors import UnreadableVideo
from movecheck.pose.model import sha256

STATE = "state.json"
RESULTS = ("assessment.json", "signals.csv", "measures.csv", LANDMARKS)


class Files:
    """A recording and the folder of its results, both on this machine.

    Attributes
    ----------
    folder : Path
        Where results are read and written.
    """

    def __init__(self, source: Path, folder: Path) -> None:
        self._source = source
        self.folder = folder

    def source(self) -> Path:
        """Return the recording."""
        return self._source

    def has(self, name: str) -> bool:
        """Make a result ready for reading; return False when there is none of that name."""
        return (self.folder / name).is_file()

    def keep(self) -> None:
        """Make what the folder holds outlast this process."""

    def fingerprint(self, known: Any) -> dict[str, Any]:
        """Return size, version and sha256; the last is known when the others are as they were.

        Raises
        ------
        UnreadableVideo
            When the recording is not there, or cannot be read.
        """
        try:
            found = self._version()
            if isinstance(known, dict) and known.items() >= found.items() and "sha256" in known:
                return known
            if not self.source().is_file():
                raise UnreadableVideo(
                    "This is a folder or a device, not a file", "Choose one file."
                )
            return {**found, "sha256": sha256(self.source())}
        except FileNotFoundError as error:
            raise UnreadableVideo(
                "The file was not found", "Check its name and folder, or take it out of the table."
            ) from error
        except OSError as error:
            raise UnreadableVideo(
                "The file cannot be read", "Check that you may open this file, or copy it again."
            ) from error

    def _version(self) -> dict[str, Any]:
        stat = self._source.stat()
        return {"size": stat.st_size, "mtime_ns": stat.st_mtime_ns}


class _Fetched(Files):
    """The same, with the recording, its results or both in a storage; fetched when needed."""

    def __init__(self, source: Path | Place, folder: Path | Place, temporary: Path) -> None:
        here = source if isinstance(source, Path) else temporary / PurePosixPath(str(source)).name
        super().__init__(here, folder if isinstance(folder, Path) else temporary / "results")
        self._from = source if isinstance(source, Place) else None
        self._to = folder if isinstance(folder, Place) else None
        self._kept: dict[str, int] = {}
        if self._to is not None:
            self.folder.mkdir()
            for name in (STATE, "assessment.json"):
                self.has(name)

    def source(self) -> Path:
        if not (self._from is None or self._source.exists() or self._from.fetch(self._source)):
            raise FileNotFoundError
        return self._source

    def has(self, name: str) -> bool:
        here = self.folder / name
        if self._to is not None and not here.exists() and (self._to / name).fetch(here):
            self._kept[name] = here.stat().st_mtime_ns
        return super().has(name)

    def keep(self) -> None:
        if self._to is None:
            return
        for name in (*RESULTS, STATE):  # the state last: it says that the others are there
            here = self.folder / name
            if not here.exists():
                # Where a result is not needed it is not fetched either; only a failure clears.
                if not (self.folder / "assessment.json").exists() and name in RESULTS:
                    (self._to / name).remove()
            elif self._kept.get(name) != (changed := here.stat().st_mtime_ns):
                (self._to / name).put(here)
                self._kept[name] = changed

    def _version(self) -> dict[str, Any]:
        if self._from is None:
            return super()._version()
        state = self._from.state()
        if state is None:
            raise FileNotFoundError
        return state


@contextmanager
def at_hand(source: Path | Place, folder: Path | Place) -> Iterator[Files]:
    """Give the files of a recording, wherever they are."""
    if isinstance(source, Path) and isinstance(folder, Path):
        yield Files(source, folder)
        return
    with tempfile.TemporaryDirectory(prefix="movecheck-") as temporary:
        yield _Fetched(source, folder, Path(temporary))
