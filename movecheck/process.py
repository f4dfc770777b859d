"""Starts the pose process for a recording and follows it."""

from __future__ import annotations

import contextlib
import json
import os
import pickle
import subprocess
import sys
import tempfile
from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import numpy as np

from movecheck import errors
from movecheck.capture import probe
from movecheck.corrections import Region
from movecheck.errors import MoveCheckError, WorkerFailed
from movecheck.pose.model import Progress, ensure, no_progress
from movecheck.pose.quarantine import quarantined
from movecheck.settings import Settings
from movecheck.types import PoseTrack

_LEAN = {"MALLOC_ARENA_MAX": "1"}
"""glibc then keeps one heap for all threads; it saves 12 MB a process, and costs no time here."""

__all__ = ["Progress", "look", "no_progress"]


def look(
    video: Path,
    settings: Settings,
    progress: Progress = no_progress,
    region: Region | None = None,
) -> PoseTrack:
    """Find the body in a video, in a process of its own that cannot reach the network.

    With a `region`, only that part of the picture is looked at.

    Raises
    ------
    MoveCheckError
        What stopped the worker: an unusable video, a model that is missing or damaged.
    """
    # A file that cannot be used says so at once, before a model is fetched for it.
    probe(video, settings)
    model = ensure(settings, progress)
    with tempfile.TemporaryDirectory(prefix="movecheck-") as folder:
        out = Path(folder) / "track"
        environment = {**quarantined(os.environ), **_LEAN, **_as_environment(settings)}
        command = [sys.executable, "-m", "movecheck.worker", str(video), str(model), str(out)]
        command += map(str, region or ())
        progress("pose", 0.0)
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=environment
        ) as process:
            try:
                failure = _follow(process, progress)
            except BaseException:
                process.kill()
                raise
        if failure is not None:
            raise failure
        if process.returncode != 0 or not out.is_file():
            raise WorkerFailed(f"the pose process ended with status {process.returncode}")
        progress("pose", 1.0)
        with out.open("rb") as file:
            track = pickle.load(file)
    assert isinstance(track, PoseTrack)
    return _as_saved(track)


def _as_saved(track: PoseTrack) -> PoseTrack:
    """Round to the float32 of ``landmarks.parquet``: video and file give the same numbers."""
    rounded: dict[str, Any] = {
        field.name: value.astype(np.float32).astype(np.float64)
        for field in fields(track)
        if field.name != "time_s"
        and isinstance(value := getattr(track, field.name), np.ndarray)
        and value.dtype == np.float64
    }
    return replace(track, **rounded)


def _follow(process: subprocess.Popen[str], progress: Progress) -> MoveCheckError | None:
    """Pass on the worker's progress; return the error it reports, if any."""
    assert process.stdout is not None
    failure = None
    for line in process.stdout:
        with contextlib.suppress(ValueError):
            news = json.loads(line)
            if "error" in news:
                kind = getattr(errors, news["error"], MoveCheckError)
                failure = kind(news["message"], news["hint"])
            else:
                duration = news["duration_s"]
                progress("pose", min(news["time_s"] / duration, 1.0) if duration else None)
    return failure


def _as_environment(settings: Settings) -> dict[str, str]:
    set_ = settings.model_dump(mode="json", exclude_none=True)
    return {f"MOVECHECK_{name.upper()}": str(value) for name, value in set_.items()}
