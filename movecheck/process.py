"""Starts the pose processes for a recording and follows them."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from collections.abc import Generator, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, astuple, replace
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any

from movecheck import errors
from movecheck.capture import Probe, probe
from movecheck.capture.base import Tally
from movecheck.capture.spans import WHOLE, Span, spans
from movecheck.corrections import Region
from movecheck.errors import MoveCheckError, WorkerFailed
from movecheck.pose.model import Progress, ensure, no_progress
from movecheck.pose.quarantine import quarantined
from movecheck.pose.track import Joined
from movecheck.settings import Settings
from movecheck.types import PoseTrack, Recording
from movecheck.worker import Task

_LEAN = {"MALLOC_ARENA_MAX": "1"}
"""glibc then keeps one heap for all threads; it saves 12 MB a process, and costs no time here."""

__all__ = ["Progress", "look", "no_progress", "processors"]


class _Undivided(Exception):
    """A process says that the recording has to be read in one piece."""


def processors() -> int:
    """Return the number of processors that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def look(
    video: Path,
    settings: Settings,
    progress: Progress = no_progress,
    region: Region | None = None,
    *,
    workers: int | None = None,
) -> PoseTrack:
    """Find the body in a video, in processes of their own that cannot reach the network.

    Parameters
    ----------
    video : Path
        The recording.
    settings : Settings
        Limits and places, and whether only every n-th frame is looked at.
    progress : callable, optional
        Called with the stage and the share done.
    region : tuple of float, optional
        Look only at this part of the picture's width: from and to, as shares of it.
    workers : int, optional
        Most processes at the same time; by default one a processor. Only a recording that is long
        enough to be divided uses more than one. The numbers do not depend on it.

    Raises
    ------
    MoveCheckError
        What stopped a worker: an unusable video, a model that is missing or damaged.
    """
    # A file that cannot be used says so at once, before a model is fetched for it.
    known = probe(video, settings)
    model = ensure(settings, progress)
    progress("pose", 0.0)
    parts = spans(known, settings)
    task = Task(str(model), "", [], region)
    try:
        track = _look(known, task, parts, workers or processors(), settings, progress)
    except _Undivided:
        track = _look(known, task, [WHOLE], 1, settings, progress)
    progress("pose", 1.0)
    if settings.every > 1:
        return replace(track, model={**track.model, "every": str(settings.every)})
    return track


def _look(
    known: Probe,
    task: Task,
    parts: list[Span],
    workers: int,
    settings: Settings,
    progress: Progress,
) -> PoseTrack:
    joined, recording = Joined(), None
    ready: set[int] = set()
    share = _Share(known.declared_duration_s)
    environment = {**quarantined(os.environ), **_LEAN, **_as_environment(settings)}
    with tempfile.TemporaryDirectory(prefix="movecheck-") as folder:
        numbered = [(i, *astuple(part)) for i, part in enumerate(parts)]
        count = min(workers, len(parts))
        tasks = [replace(task, out=folder, parts=numbered[k::count]) for k in range(count)]
        start = [sys.executable, "-m", "movecheck.worker", str(known.path)]
        commands = [[*start, json.dumps(asdict(task))] for task in tasks]
        with contextlib.closing(_follow(commands, environment)) as all_news:
            for k, news in all_news:
                ready |= {news["part"]} if "part" in news else set()
                while len(joined) in ready:
                    path = Path(folder) / str(len(joined))
                    part, recording = pickle.loads(path.read_bytes())
                    path.unlink()
                    joined.add(part)
                progress("pose", share(k, news))
    if recording is None or len(joined) < len(parts):
        raise WorkerFailed("the pose process ended too early")
    assert isinstance(recording, Recording)
    if len(parts) > 1:
        tally = Tally(known.declared_duration_s)
        for time_s in joined.time_s:
            tally.add(time_s)
        size = recording.width_px, recording.height_px
        recording = tally.recording(*size, rotated_deg=recording.rotated_deg)
    return joined.track(recording)


class _Share:
    """How much of a recording is done, from what its processes say."""

    def __init__(self, duration_s: float) -> None:
        self._duration_s = duration_s
        self._done_s = 0.0
        self._now_s: dict[int, float] = {}

    def __call__(self, k: int, news: dict[str, Any]) -> float | None:
        if "part" in news:
            self._done_s += self._now_s.pop(k, 0.0)
        else:
            self._now_s[k] = news.get("time_s", 0.0)
        if not self._duration_s > 0:
            return None
        return min((self._done_s + sum(self._now_s.values())) / self._duration_s, 1.0)


def _follow(
    commands: list[list[str]], environment: dict[str, str]
) -> Generator[tuple[int, dict[str, Any]]]:
    """Run processes side by side; yield what each says. When one fails, all are ended."""
    said: Queue[tuple[int, str | None]] = Queue()

    def listen(k: int, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        for line in process.stdout:
            said.put((k, line))
        said.put((k, None))

    with ExitStack() as stack:
        running = []
        for k, command in enumerate(commands):
            running.append(stack.enter_context(_started(command, environment)))
            Thread(target=listen, args=(k, running[k]), daemon=True).start()
        left = len(running)
        while left:
            k, line = said.get()
            if line is None:
                left -= 1
                if running[k].wait() != 0:
                    status = running[k].returncode
                    raise WorkerFailed(f"the pose process ended with status {status}")
                continue
            news: dict[str, Any] = {}
            with contextlib.suppress(ValueError):
                news = json.loads(line)
            if "error" in news:
                kind = getattr(errors, news["error"], MoveCheckError)
                raise kind(news["message"], news["hint"])
            if "undivided" in news:
                raise _Undivided
            yield k, news


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Start a process; it is ended when what happens meanwhile raises."""
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
    ) as process:
        try:
            yield process
        except BaseException:
            process.kill()
            raise


def _as_environment(settings: Settings) -> dict[str, str]:
    set_ = settings.model_dump(mode="json", exclude_none=True)
    return {f"MOVECHECK_{name.upper()}": str(value) for name, value in set_.items()}
