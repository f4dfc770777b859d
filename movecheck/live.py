"""`movecheck live`: a window with angles and a repetition count, from a camera.

Runs as a process of its own in the environment of `movecheck.pose.quarantine`
(``python -m movecheck.live CAMERA MOVEMENT MODEL``), as the pose library asks.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from movecheck.capture import FrameSource, Webcam
from movecheck.errors import CameraError, DataError, MoveCheckError
from movecheck.measures.angles import measure
from movecheck.measures.view import Stance, find_stance
from movecheck.movements import Movement, load
from movecheck.movements.drive import repetitions
from movecheck.overlay import Label, Panel, default_signals, draw, labels_at
from movecheck.pose.base import PoseModel
from movecheck.pose.model import ensure
from movecheck.pose.quarantine import quarantined
from movecheck.pose.track import TrackBuilder
from movecheck.settings import Settings
from movecheck.signals import clean
from movecheck.types import AngleTrack, Frame, Rep

Picture = NDArray[np.uint8]

MEASURE_EVERY_S = 0.5
KEEP_S = 90.0  # of the session that is measured again and again; older repetitions stay counted


def start(camera: int, movement: str, settings: Settings) -> int:
    """Open the window in a process of its own; return its exit status.

    Raises
    ------
    MoveCheckError
        When there is no such movement or no model.
    """
    if not load(movement).repeats:
        raise DataError(f"{movement!r} has no repetitions to count", "Choose squat or a bend.")
    model = ensure(settings)
    command = [sys.executable, "-m", "movecheck.live", str(camera), movement, str(model)]
    return subprocess.call(command, env=quarantined(os.environ))


class Session:
    """What a live session knows: landmarks so far, the latest angles, the count.

    Parameters
    ----------
    model : PoseModel
        A fresh model.
    movement : Movement
        What is counted.
    """

    def __init__(self, model: PoseModel, movement: Movement) -> None:
        self._model = model
        self._movement = movement
        self._builder = TrackBuilder(model)
        self._measured_s = 0.0
        self._before = 0
        self.angles: AngleTrack | None = None
        self.stance: Stance | None = None
        self.reps: list[Rep] = []

    @property
    def count(self) -> int:
        """Repetitions that have ended and count."""
        return self._before + sum(rep.excluded_reason is None for rep in self.reps)

    def add(self, source: FrameSource, rgb: Picture, time_s: float) -> Picture:
        """Take the next frame; return it with skeleton, angles and count drawn on it."""
        found = self._builder.add(Frame(time_s, rgb))
        if time_s - self._measured_s >= MEASURE_EVERY_S:
            self._measured_s = time_s
            self._measure(source)
        state = np.asarray(np.isfinite(found.xy_px).all(axis=-1), dtype=np.int8)
        labels: list[Label] = []
        if self.angles is not None and self.stance is not None:
            names = default_signals(self.stance.view, self.stance.near_side)
            latest = float(self.angles.time_s[-1])
            labels, _ = labels_at(
                self.angles, names, latest, found.xy_px, state, self.stance.facing
            )
        near = self.stance.near_side if self.stance else None
        lines = (self._movement.name, f"{self.count} done", "q: end")
        return draw(rgb, found.xy_px, state, labels, Panel(lines), near=near)

    def _measure(self, source: FrameSource) -> None:
        raw = self._builder.track(source.recording, source.scale)
        # The back's edge is left out: it takes most of the time, and the window does not show it.
        track = clean(replace(raw, edge_px=np.full_like(raw.edge_px, np.nan)))
        if not track.state.any():
            return
        self.stance = find_stance(track)
        self.angles = measure(track, self.stance)
        now = float(track.time_s[-1])
        self.reps = [
            rep for rep in repetitions(self.angles, self.stance, self._movement)
            if rep.end_s < now - 0.2
        ]  # fmt: skip
        if now - float(raw.time_s[0]) > KEEP_S:
            self._before = self.count
            self.reps = []
            self._builder = TrackBuilder(self._model)


def run(source: FrameSource, session: Session, show: Callable[[Picture], bool]) -> int:
    """Feed every frame to the session until `show` returns False; return the count."""
    for frame in source:
        if not show(session.add(source, frame.rgb, frame.time_s)):
            break
    return session.count


def _window(picture: Picture) -> bool:
    import cv2

    title = "movecheck (q to end)"
    try:
        cv2.imshow(title, cv2.cvtColor(picture, cv2.COLOR_RGB2BGR))
        key = cv2.waitKey(1) & 0xFF
        closed = cv2.getWindowProperty(title, cv2.WND_PROP_VISIBLE) < 1
    except cv2.error as error:
        raise CameraError(
            "no window can be opened here",
            "Use a computer with a screen, or record a video and run 'movecheck assess'.",
        ) from error
    return key not in (ord("q"), 27) and not closed


def main(argv: list[str]) -> int:
    """Run the window; return the exit status."""
    from movecheck.pose.mediapipe import MediaPipePose

    camera, movement, model = int(argv[0]), argv[1], Path(argv[2])
    settings = Settings()
    try:
        with Webcam(camera, settings) as source, MediaPipePose(model) as pose:
            done = run(source, Session(pose, load(movement)), _window)
    except MoveCheckError as error:
        print(f"error: {error}. {error.hint}", file=sys.stderr)
        return 2
    print(f"{done} {load(movement).plain}(s) done")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
