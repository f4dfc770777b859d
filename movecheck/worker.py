"""The pose process: decodes recordings, or parts of them, and looks for the body.

Run as ``python -m movecheck.worker`` in the environment of `movecheck.pose.quarantine`, and only by
`movecheck.process`. A process of its own keeps the pose library off the network, gives back all
memory, bounds what a hostile file can take, and can be stopped at any time. Each line that it reads
is a `Task` in JSON; it ends when there are no more. It answers in JSON lines: ``{"time_s": 1.5}``
while it works, the time since the start of the part; ``{"part": 0}`` when that part is done;
``{"end": "done"}`` when the task is; ``{"end": "error", "error": "TooShort", "message": "...",
"hint": "..."}`` when it cannot, and ``{"end": "undivided"}`` when the recording must be read in one
piece.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from movecheck.ahead import ahead
from movecheck.capture import VideoFile
from movecheck.capture.spans import WHOLE, Span
from movecheck.corrections import Region
from movecheck.errors import MoveCheckError
from movecheck.pose.mediapipe import MediaPipePose
from movecheck.pose.region import WithinRegion
from movecheck.pose.track import Part, TrackBuilder, add_all
from movecheck.settings import Settings
from movecheck.types import Recording

REPORT_EVERY_S = 0.2  # of the progress (our own choice)
_SWITCH_S = 0.0005
"""The thread that feeds the model waits for no other longer than this; Python's own 5 ms is a
quarter of what a frame takes (our own choice)."""


@dataclass(frozen=True)
class Task:
    """What one process does with a recording.

    Attributes
    ----------
    video, model, out : str
        The recording; the pose model; a folder for the parts, each under its number.
    parts : list of (number, from, to, from with its warm-up)
        In seconds; see `movecheck.capture.spans.Span`.
    region : (from, to) or None
        The part of the picture's width that holds the person, as shares of it.
    """

    video: str
    model: str
    out: str
    parts: list[tuple[int, float, float, float]]
    region: Region | None = None


class Undivided(Exception):
    """The recording cannot be looked at in parts: damaged, or entered in the wrong place."""


def look(task: Task, settings: Settings, out: TextIO, span: Span = WHOLE) -> tuple[Part, Recording]:
    """Decode a recording, find the body, report progress on `out` (wall clock, 5 times a second).

    Raises
    ------
    MoveCheckError
        When the recording cannot be used.
    Undivided
        When it has to be read in one piece.
    """
    source = VideoFile(Path(task.video), settings, span)
    with source, MediaPipePose(Path(task.model)) as pose:
        model = WithinRegion(pose, task.region) if task.region else pose
        builder = TrackBuilder(model, whole=span.is_whole)
        reported = 0.0

        def report(time_s: float) -> None:
            nonlocal reported
            if (now := time.monotonic()) - reported >= REPORT_EVERY_S:
                reported = now
                tell(out, time_s=max(0.0, time_s - span.start_s))

        with contextlib.closing(ahead(source)) as frames:
            add_all(builder, frames, report)
        if not span.is_whole and not (source.flawless and builder.reaches(span.start_s)):
            raise Undivided
        return builder.part(source.recording, source.scale, span.start_s), source.recording


def own_output() -> TextIO:
    """Return standard output for the protocol alone; native libraries print to the old one."""
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    return out


def tell(out: TextIO, **news: Any) -> None:
    """Write a line to the process that follows this one."""
    print(json.dumps(news), file=out, flush=True)


def limit_memory(settings: Settings) -> None:
    """Bound the memory that decoding may take, where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        limit = settings.memory_limit_mb * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def serve(task: Task, settings: Settings, out: TextIO) -> None:
    """Do a task, and say how it ended."""
    try:
        for number, *span in task.parts:
            found = look(task, settings, out, Span(*span))
            with (Path(task.out) / str(number)).open("wb") as file:
                pickle.dump(found, file, pickle.HIGHEST_PROTOCOL)
            tell(out, part=number)
    except MoveCheckError as error:
        tell(out, end="error", error=type(error).__name__, message=str(error), hint=error.hint)
    except Undivided:
        tell(out, end="undivided")
    else:
        tell(out, end="done")


def main() -> None:
    """Run the process."""
    out = own_output()
    settings = Settings()
    limit_memory(settings)
    sys.setswitchinterval(_SWITCH_S)
    for line in sys.stdin:
        serve(Task(**json.loads(line)), settings, out)


if __name__ == "__main__":
    main()
