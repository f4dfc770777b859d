"""A batch whose pose stage is a stub that takes its time and writes down each look at a video.

Run as ``python killed.py FOLDER OUT LOOKS LANDMARKS WORKERS``; made to be killed.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from movecheck.batch import job
from movecheck.batch.run import plan, run
from movecheck.capture import probe
from movecheck.export.landmarks import read_landmarks
from movecheck.settings import Settings
from movecheck.types import PoseTrack

folder, out, looks, landmarks, workers = sys.argv[1:]


def slow_look(
    video: Path, settings: Settings, progress: Callable[[str, float], None], **_: Any
) -> PoseTrack:
    with Path(looks).open("a") as log:
        print(video.name, file=log, flush=True)
    probe(video, settings)
    for step in range(5):
        time.sleep(0.05)
        progress("pose", step / 5)
    return read_landmarks(Path(landmarks))


job.look = slow_look
run(plan(Path(folder), Path(out), settings=Settings(model=Path(__file__))), int(workers))
