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
from movecheck.pose.quarantine import LEAN, quarantined
from movecheck.pose.track import Joined
from movecheck.settings import Settings
from movecheck.types import PoseTrack, Recording
from movecheck.worker import Task

__all__ = ["Crew", "Progress", "look", "no_progress", "processors"]


class Crew:
    """Pose processes that take one recording after the other: each takes half a second to start.

    One whose recording cannot be used, or that is left in the middle, is ended. Close the crew, or
    use it as a context, to end the others. Several threads may share it.

    Parameters
    ----------
    settings : Settings
        Limits and places, the same for all recordings.
    """

    def __init__(self, settings: Settings) -> None:
        self._environment = {**quarantined(os.environ), **LEAN, **_as_environment(settings)}
        self._idle: list[subprocess.Popen[str]] = []

    @contextmanager
    def at_work(self, task: Task) -> Iterator[subprocess.Popen[str]]:
        """Give a process that has begun with a task; it has to be followed to its end."""
        process = self._idle.pop() if self._idle else self._start()
        try:
            assert process.stdin is not None
            with contextlib.suppress(OSError):  # it has died: so will its output tell
                print(json.dumps(asdict(task)), file=process.stdin, flush=True)
            yield process
        except BaseException:
            process.kill()
            _end(process)
            raise
        self._idle.append(process)

    def _start(self) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-m", "movecheck.worker"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env=self._environment,
        )  # fmt: skip

    def close(self) -> None:
        """End the processes that are at rest."""
        while self._idle:
            _end(self._idle.pop())

    def __enter__(self) -> Crew:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


def _end(process: subprocess.Popen[str]) -> None:
    assert process.stdin is not None
    assert process.stdout is not None
    with contextlib.suppress(OSError):
        process.stdin.close()  # which is how it learns that there is no more
    process.wait()
    process.stdout.close()


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
    crew: Crew | None = None,
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
    crew : Crew, optional
        Pose processes of the same settings, to be used again; by default they are started, and
        ended.

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
    task = Task(str(known.path), str(model), "", [], region)
    own = Crew(settings) if crew is None else contextlib.nullcontext(crew)
    with own as hands:
        try:
            track = _look(hands, known, task, parts, workers or processors(), progress)
        except _Undivided:
            track = _look(hands, known, task, [WHOLE], 1, progress)
    progress("pose", 1.0)
    if settings.every > 1:
        return replace(track, model={**track.model, "every": str(settings.every)})
    return track


def _look(
    crew: Crew,
    known: Probe,
    task: Task,
    parts: list[Span],
    workers: int,
    progress: Progress,
) -> PoseTrack:
    joined, recording = Joined(), None
    ready: set[int] = set()
    share = _Share(known.declared_duration_s)
    with tempfile.TemporaryDirectory(prefix="movecheck-") as folder:
        numbered = [(i, *astuple(part)) for i, part in enumerate(parts)]
        count = min(workers, len(parts))
        tasks = [replace(task, out=folder, parts=numbered[k::count]) for k in range(count)]
        with contextlib.closing(_follow(crew, tasks)) as all_news:
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


def _follow(crew: Crew, tasks: list[Task]) -> Generator[tuple[int, dict[str, Any]]]:
    """Do tasks side by side; yield what each process says. When one fails, all are ended."""
    said: Queue[tuple[int, dict[str, Any]]] = Queue()

    def listen(k: int, process: subprocess.Popen[str]) -> None:
        assert process.stdout is not None
        with contextlib.suppress(ValueError):  # it was ended meanwhile, and nobody listens
            for line in process.stdout:
                news = json.loads(line)
                said.put((k, news))
                if "end" in news:
                    return
        said.put((k, {"end": "died"}))

    with ExitStack() as stack:
        for k, task in enumerate(tasks):
            process = stack.enter_context(crew.at_work(task))
            Thread(target=listen, args=(k, process), daemon=True).start()
        left = len(tasks)
        while left:
            k, news = said.get()
            match news.get("end"):
                case None:
                    yield k, news
                case "done":
                    left -= 1
                case "error":
                    kind = getattr(errors, news["error"], MoveCheckError)
                    raise kind(news["message"], news["hint"])
                case "undivided":
                    raise _Undivided
                case _:
                    raise WorkerFailed("the pose process ended too early")


def _as_environment(settings: Settings) -> dict[str, str]:
    set_ = settings.model_dump(mode="json", exclude_none=True)
    return {f"MOVECHECK_{name.upper()}": str(value) for name, value in set_.items()}
