"""The pose process: decodes one recording and looks for the body in it.

Run as ``python -m movecheck.worker VIDEO MODEL OUT [FROM TO]`` (the part of the picture's width
that holds the person, as shares of it) in the environment of
`movecheck.pose.quarantine`, and only by `movecheck.analyze`. A process of its own keeps the pose
library off the network, gives back all memory, bounds what a hostile file can take, and can be
stopped at any time. It speaks JSON lines on standard output: ``{"time_s": 1.5, "duration_s":
12.0}`` while it works, ``{"error": "TooShort", "message": "...", "hint": "..."}`` when it cannot.
"""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import sys
import time
from pathlib import Path
from typing import TextIO

from movecheck.capture import VideoFile
from movecheck.capture.ahead import ahead
from movecheck.corrections import Region
from movecheck.errors import MoveCheckError
from movecheck.pose.mediapipe import MediaPipePose
from movecheck.pose.region import WithinRegion
from movecheck.pose.track import TrackBuilder, add_all
from movecheck.settings import Settings
from movecheck.types import PoseTrack

REPORT_EVERY_S = 0.2


def look(
    video: Path, model: Path, settings: Settings, out: TextIO, region: Region | None = None
) -> PoseTrack:
    """Decode `video`, find the body, report progress on `out` (wall clock, 5 times a second)."""
    with VideoFile(video, settings) as source, MediaPipePose(model) as pose:
        builder = TrackBuilder(WithinRegion(pose, region) if region else pose)
        declared = source.declared_duration_s
        reported = 0.0

        def report(time_s: float) -> None:
            nonlocal reported
            if (now := time.monotonic()) - reported >= REPORT_EVERY_S:
                reported = now
                duration = declared if declared == declared else None
                print(json.dumps({"time_s": time_s, "duration_s": duration}), file=out, flush=True)

        with contextlib.closing(ahead(source)) as frames:
            add_all(builder, frames, report)
        return builder.track(source.recording, source.scale)


def limit_memory(settings: Settings) -> None:
    """Bound the memory that decoding may take, where the system can (not on Windows)."""
    with contextlib.suppress(ImportError, ValueError, OSError):
        import resource

        limit = settings.memory_limit_mb * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


def main(argv: list[str]) -> int:
    """Run the process; return its exit status."""
    # Native libraries print to the file descriptor; the protocol keeps a private copy of it.
    out = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    video, model, result = map(Path, argv[:3])
    region = (float(argv[3]), float(argv[4])) if argv[3:] else None
    settings = Settings()
    limit_memory(settings)
    try:
        track = look(video, model, settings, out, region)
    except MoveCheckError as error:
        line = {"error": type(error).__name__, "message": str(error), "hint": error.hint}
        print(json.dumps(line), file=out, flush=True)
        return 2
    with result.open("wb") as file:
        pickle.dump(track, file)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
