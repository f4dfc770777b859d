"""A visitor's private folder: the recording, the running job and its results.

The folder has a random name and is open to this user alone (mode 0700). It goes when the visitor
deletes the recording or measures another one, two minutes after they have left, and when the
server ends. The two minutes are for a phone that locks or loses its connection: the page comes
back to the same measurement. What a killed server left behind is swept at the next start.
"""

from __future__ import annotations

import atexit
import contextlib
import os
import shutil
import stat
import tempfile
import threading
import time
import weakref
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO, BinaryIO

import streamlit as st

from movecheck.texts import _
from movecheck.ui.job import Job, Options

PREFIX = "movecheck-page-"
GRACE_S = 120.0
"""How long a visitor may be away: as long as Streamlit keeps their session."""
RECORDING = "recording.mp4"
"""File name of every upload; the tool goes by content, and the visitor's name is never a path."""


@dataclass(frozen=True)
class Clip:
    """A recording that waits to be measured: where it lies, and the name to show."""

    path: Path
    shown_name: str
    is_sample: bool = False

    @property
    def label(self) -> str:
        """What is shown of it, as plain text."""
        if self.is_sample:
            return _("Sample: {name}").format(name=_(self.shown_name))
        return _("Recording: {name}").format(name=self.shown_name)


@dataclass(frozen=True)
class Again:
    """A result that is measured again, as it was corrected by hand.

    Attributes
    ----------
    result : Path
        Folder of the result that is shown so far.
    job : Job
        The measurement.
    put : callable
        Puts the folder of the new result in its place.
    """

    result: Path
    job: Job
    put: Callable[[Path], None]


class Workspace:
    """What belongs to one visitor."""

    def __init__(self) -> None:
        """Make an empty private folder."""
        self.folder = Path(tempfile.mkdtemp(prefix=PREFIX))
        self._lock: IO[bytes] | None = _lock(self.folder / ".lock")
        self.clip: Clip | None = None
        self.job: Job | None = None
        self.again: Again | None = None
        self.closed = False
        self._leaving: threading.Timer | None = None
        _OPEN.add(self)

    def keep_upload(self, upload: BinaryIO, shown_name: str) -> None:
        """Write an upload to the private folder, in place of what was there."""
        self.forget()
        path = self.new_folder() / RECORDING
        upload.seek(0)
        with path.open("xb") as out:
            shutil.copyfileobj(upload, out, 1 << 20)
        self.clip = Clip(path, shown_name)

    def use_sample(self, path: Path, shown_name: str) -> None:
        """Take one of the sample recordings, in place of what was there."""
        self.forget()
        self.clip = Clip(path, shown_name, is_sample=True)

    def measure(self, options: Options) -> None:
        """Start a measurement of the recording; ends the one before it."""
        if self.clip is None:
            raise ValueError("Expected a recording before a measurement.")
        self.drop_job()
        self.job = Job(self.clip.path, self.new_folder(), options)

    def drop_job(self) -> None:
        """End the job and delete its results; the recording stays."""
        if self.job is not None:
            if self.again is not None and self.again.result == self.job.result_dir:
                self.drop_again()
            self.job.cancel()
            shutil.rmtree(self.job.result_dir.parent, ignore_errors=True)
            self.job = None

    def measure_again(self, again: Again) -> None:
        """Measure a result again; ends what was measured again before."""
        self.drop_again()
        self.again = again

    def drop_again(self) -> None:
        """End what is measured again; the result that it was for stays as it is."""
        if self.again is not None:
            self.again.job.cancel()
            shutil.rmtree(self.again.job.result_dir.parent, ignore_errors=True)
            self.again = None

    def forget(self) -> None:
        """End the job and delete the recording and all results."""
        self.drop_job()
        if self.clip is not None and not self.clip.is_sample:
            shutil.rmtree(self.clip.path.parent, ignore_errors=True)
        self.clip = None

    def stay(self) -> None:
        """Keep everything: the visitor is here, or came back in time."""
        if self._leaving is not None:
            self._leaving.cancel()
            self._leaving = None

    def leave(self) -> None:
        """Close after a while, unless the visitor comes back."""
        self.stay()
        self._leaving = threading.Timer(GRACE_S, self.close)
        self._leaving.daemon = True
        self._leaving.start()

    def close(self) -> None:
        """Forget everything and remove the private folder."""
        self.closed = True
        self.stay()
        self.forget()
        self.drop_again()
        if self._lock is not None:
            self._lock.close()
            self._lock = None
        shutil.rmtree(self.folder, ignore_errors=True)

    def new_folder(self) -> Path:
        """Make a folder inside the private one."""
        return Path(tempfile.mkdtemp(dir=self.folder))


_OPEN: weakref.WeakSet[Workspace] = weakref.WeakSet()
_CREATING = threading.Lock()
YOUNG_S = 60.0
"""A folder younger than this is never swept: its server may be about to lock it."""


def workspace() -> Workspace:
    """Return the workspace of the visitor whose page runs."""
    space = st.session_state.get("workspace")
    if not isinstance(space, Workspace) or space.closed:
        with _CREATING:
            if not _OPEN:
                sweep()
            space = st.session_state["workspace"] = Workspace()
    return _present(space)


@st.cache_resource(scope="session", show_spinner=False, on_release=Workspace.leave)
def _present(_space: Workspace) -> Workspace:
    """Note that the visitor is here; Streamlit releases the note when they disconnect."""
    _space.stay()
    return _space


def close_all() -> None:
    """Close every workspace; runs when the server ends."""
    for one in list(_OPEN):
        one.close()


def _lock(path: Path) -> IO[bytes] | None:
    """Hold a lock that the system frees when this process ends, however it ends."""
    if os.name != "posix":
        return None
    import fcntl

    held = path.open("wb")
    fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    return held


def sweep() -> None:
    """Delete private folders of servers that were killed: those whose lock nobody holds."""
    if os.name != "posix":
        return
    import fcntl

    for lock in Path(tempfile.gettempdir()).glob(f"{PREFIX}*/.lock"):
        with contextlib.suppress(OSError):
            facts = lock.lstat()
            young = time.time() - facts.st_mtime < YOUNG_S
            if young or facts.st_uid != os.getuid() or not stat.S_ISREG(facts.st_mode):
                continue
            with lock.open("rb") as held:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)


atexit.register(close_all)
