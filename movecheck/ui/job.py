"""One measurement: the command line tool as a child process of its own.

The page never loads the pose model. Each job has its own process, so two visitors never share
a landmarker, cancelling is ending that process, and its memory comes back when it is over. The
reader thread only keeps the latest line; nothing of Streamlit is touched in it.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Literal

from movecheck import texts
from movecheck.marks import N_

JobState = Literal["running", "done", "failed", "cancelled"]

CHILD: tuple[str, ...] = (sys.executable, "-m", "movecheck")
"""Program that measures; tests put a stub here."""

STAGES: dict[str, tuple[float, float]] = {
    "model": (0.0, 0.05),
    "pose": (0.05, 0.80),
    "analysis": (0.80, 0.85),
    "overlay": (0.85, 1.0),
}
"""Part of the whole progress bar that each stage of the tool fills."""

UNEXPECTED = (
    N_("The measurement stopped before it was finished."),
    N_("Try again; if it happens again, run 'movecheck doctor' in a terminal."),
)
"""What is said when the tool ended without a reason of its own."""


@dataclass(frozen=True)
class Options:
    """What the person chose: names as the command line takes them, None where not told.

    `corrections` is a file with what was corrected by hand, `recording` the video that belongs to
    landmarks.
    """

    movement: str = "auto"
    view: str = "auto"
    age: float | None = None
    sex: str | None = None
    height_cm: float | None = None
    corrections: Path | None = None
    recording: Path | None = None
    overlay: bool = True

    def arguments(self) -> list[str]:
        """Return them as command line arguments."""
        given = {
            "--age": self.age,
            "--sex": self.sex,
            "--height": self.height_cm,
            "--corrections": self.corrections,
            "--video": self.recording,
        }
        known = [
            part
            for name, value in given.items()
            if value is not None
            for part in (name, str(value))
        ]
        overlay = ["--overlay"] if self.overlay else []
        return ["--movement", self.movement, "--view", self.view, *known, *overlay]


@dataclass(frozen=True)
class Progress:
    """How far a job is: `fraction` of the whole (None while unknown) and seconds so far."""

    stage: str
    fraction: float | None
    elapsed_s: float


class Job:
    """A running or finished measurement.

    Parameters
    ----------
    video : Path
        The recording; a name that the page chose, never the visitor's.
    folder : Path
        Private folder for the job: results go to ``folder/result``.
    options : Options
        What to measure.
    """

    def __init__(self, video: Path, folder: Path, options: Options) -> None:
        """Start the child process."""
        self.result_dir = folder / "result"
        self.result_dir.mkdir(mode=0o700)
        self._log = folder / "messages.txt"
        self._started_s = time.monotonic()
        self._cancelled = False
        self._latest: dict[str, Any] = {"stage": "model", "fraction": None}
        self._problem: tuple[str, str] | None = None
        self._process = self._start(video, options)
        assert self._process.stdout is not None
        self._reader = threading.Thread(
            target=self._read, args=(self._process.stdout,), name="movecheck-job", daemon=True
        )
        self._reader.start()
        _RUNNING.add(self)

    def _start(self, video: Path, options: Options) -> subprocess.Popen[str]:
        command = [*CHILD, "assess", str(video), *options.arguments()]
        command += ["--out", str(self.result_dir), "--progress-json"]
        with self._log.open("w") as log:
            return subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                encoding="utf-8",
                errors="replace",
                env={
                    **child_environment(),
                    "PYTHONUNBUFFERED": "1",
                    texts.VARIABLE: texts.language(),  # of the words on the overlay
                },
                start_new_session=True,
            )

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            with contextlib.suppress(ValueError):
                message = json.loads(line)
                if not isinstance(message, dict):
                    continue
                if "error" in message:
                    self._problem = (str(message["error"]), str(message.get("hint") or ""))
                elif "stage" in message:
                    self._latest = message

    def state(self) -> JobState:
        """Return whether the job runs, is done, has failed or was cancelled."""
        if self._process.poll() is None:
            return "running"
        self._reader.join(timeout=5)
        _RUNNING.discard(self)
        if self._cancelled:
            return "cancelled"
        complete = (self.result_dir / "assessment.json").is_file()
        return "done" if self._process.returncode == 0 and complete else "failed"

    def progress(self) -> Progress:
        """Return how far the job is."""
        latest = self._latest
        low, high = STAGES.get(str(latest.get("stage")), (0.0, 1.0))
        part = latest.get("fraction")
        fraction = None
        if isinstance(part, int | float):
            fraction = low + (high - low) * min(max(float(part), 0.0), 1.0)
        return Progress(str(latest.get("stage")), fraction, time.monotonic() - self._started_s)

    def problem(self) -> tuple[str, str]:
        """Return what went wrong and what to do about it, as the tool said it."""
        if self._problem is not None:
            return self._problem
        if self._process.returncode == 2 and self._log.is_file():
            for line in reversed(self._log.read_text(errors="replace").splitlines()):
                if line.lower().startswith("error: "):
                    return line[len("error: ") :], ""
        return UNEXPECTED

    def cancel(self) -> None:
        """End the child process and all that it started; safe to call at any time."""
        if self._process.poll() is None:
            self._cancelled = True
            self._signal(signal.SIGTERM)
            try:
                self._process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                self._signal(getattr(signal, "SIGKILL", signal.SIGTERM))
                self._process.wait(timeout=10)
        _RUNNING.discard(self)

    def _signal(self, number: signal.Signals) -> None:
        """Send a signal to the child and its own children (on Windows: to the child)."""
        with contextlib.suppress(ProcessLookupError):
            if os.name == "posix":
                os.killpg(self._process.pid, number)
            else:
                self._process.terminate()


_RUNNING: set[Job] = set()


def child_environment() -> dict[str, str]:
    """Return the environment in which a child finds the same movecheck as this page."""
    here = str(Path(__file__).parents[2])
    paths = [here, *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(paths)}


def cancel_all() -> None:
    """End every child process; runs when the page's server ends."""
    for job in list(_RUNNING):
        job.cancel()


atexit.register(cancel_all)
