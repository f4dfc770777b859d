"""What is seen live: landmarks so far, the framing, the latest angle, the count.

`movecheck live` shows it in a window of this computer, as a process of its own in the environment
of `movecheck.pose.quarantine` (``python -m movecheck.live CAMERA MOVEMENT MODEL``); the page's
recording shows the same in the browser (`movecheck.ui.live_worker`). Live numbers are a preview:
they are cheaper than those of a recording, and carry no ±.
"""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from movecheck.capture import FrameSource, Webcam
from movecheck.errors import CameraError, DataError, MoveCheckError
from movecheck.measures.angles import HEIGHTS, measure
from movecheck.measures.view import Stance, find_stance
from movecheck.movements import Movement, load
from movecheck.movements.drive import at_rest, driving_signal, repetitions
from movecheck.overlay import Label, Panel, default_signals, draw, labels_at
from movecheck.pose.base import Landmarks, PoseModel
from movecheck.pose.model import ensure
from movecheck.pose.quarantine import quarantined
from movecheck.settings import Settings
from movecheck.signals import clean
from movecheck.texts import _, ngettext
from movecheck.types import AngleTrack, FloatArray, PoseTrack, Recording, Rep, State

Picture = NDArray[np.uint8]

# Our own choice, all of it.
MEASURE_EVERY_S = 0.25
MEASURE_SHARE = 0.25  # of the time that measuring may take: else pictures would be missed
COUNT_EVERY_S = 1.0  # how often others in the picture are looked for: it costs 40 ms
KEEP_S = 90.0  # of the session that is measured again and again; older repetitions stay counted
LATEST_S = 0.3  # so old may the angle be that is shown
ENDED_S = 0.2  # a repetition is counted so long after its end: until then the end may move


@dataclass(frozen=True)
class Reading:
    """The main figure of the moment: what it is, its value, and its unit."""

    signal: str
    value: float
    unit: str


class Session:
    """What a live session knows.

    Parameters
    ----------
    model : PoseModel
        A fresh model.
    movement : Movement
        What is counted.
    keep_s : float
        How many seconds of pictures are measured together; when they are full it starts anew,
        and what was counted stays counted.
    """

    def __init__(self, model: PoseModel, movement: Movement, keep_s: float = KEEP_S) -> None:
        self._model = model
        self.movement = movement
        self._keep_s = keep_s
        self._counted_s = -np.inf
        self._others = 1
        self.start_over()

    def start_over(self) -> None:
        """Forget all pictures and counts."""
        self._before = 0
        self._frames: list[tuple[float, Landmarks, float, int]] = []
        self._size, self._shrunk = (1, 1), 1.0
        self._next_s = -np.inf
        self.angles: AngleTrack | None = None
        self.stance: Stance | None = None
        self.reps: list[Rep] = []
        self.reading: Reading | None = None

    @property
    def count(self) -> int:
        """Repetitions that have ended and count."""
        return self._before + sum(rep.excluded_reason is None for rep in self.reps)

    @property
    def seconds(self) -> float:
        """From the first picture to the last."""
        return self._frames[-1][0] - self._frames[0][0] if self._frames else 0.0

    def see(self, rgb: Picture, time_s: float, shrunk: float = 1.0) -> Landmarks:
        """Look for the person in the next picture, and remember it.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (height, width, 3)
            Contiguous; all of one size.
        time_s : float
            Its time, later than that of the one before.
        shrunk : float
            How much smaller it is than the picture in which a recording is measured.
        """
        person = self._model(rgb, time_s)
        if time_s - self._counted_s >= COUNT_EVERY_S:
            self._counted_s = time_s
            self._others = self._model.count_people(rgb, person)
        found = person or Landmarks.absent()
        self._size, self._shrunk = (rgb.shape[1], rgb.shape[0]), shrunk
        self._frames.append((time_s, found, float(rgb[::8, ::8].mean()), self._others))
        return found

    def forget_before(self, seconds: float) -> None:
        """Drop pictures that are older than that."""
        latest = self._frames[-1][0]
        self._frames = [frame for frame in self._frames if frame[0] >= latest - seconds]

    def measure(self) -> None:
        """Find angles and repetitions anew, when it is time to."""
        now = self._frames[-1][0]
        if now < self._next_s or len(self._frames) < 3:
            return
        started = time.perf_counter()
        self._measure()
        took = time.perf_counter() - started
        self._next_s = now + max(MEASURE_EVERY_S, took / MEASURE_SHARE)

    def _measure(self) -> None:
        track = clean(self.track())
        if not track.state.any():
            return
        stance = find_stance(track)
        self.angles = measure(track, stance)
        self.stance = at_rest(self.angles, stance, self.movement)
        now = float(track.time_s[-1])
        found = repetitions(self.angles, self.stance, self.movement)
        self.reps = [rep for rep in found if rep.end_s < now - ENDED_S]
        self.reading = _reading(self.angles, self.stance, self.movement, found)
        if self.seconds > self._keep_s:
            self._before = self.count
            self.reps, self._frames = [], []

    def track(self) -> PoseTrack:
        """Return the raw track of the pictures kept, times from the first of them.

        The back's edge is left out: it takes most of the time, and is not shown live.
        """
        times = np.array([frame[0] for frame in self._frames])
        found = [frame[1] for frame in self._frames]
        step_s = float(np.median(np.diff(times))) if len(times) > 1 else 1.0
        xy_px = _stack([one.xy_px for one in found])
        seen = np.isfinite(xy_px).all(axis=-1)
        edges = _stack([one.edge_px for one in found])
        return PoseTrack(
            time_s=times - times[0],
            xy_px=xy_px,
            visibility=_stack([one.visibility for one in found]),
            world_m=_stack([one.world_m for one in found]),
            edge_px=np.full_like(edges, np.nan),
            people=np.array([frame[3] for frame in self._frames], dtype=float),
            brightness=np.array([frame[2] for frame in self._frames]),
            state=np.where(seen, State.MEASURED, State.MISSING).astype(np.int8),
            recording=Recording(float(times[-1] - times[0]), 1 / step_s, *self._size),
            px_per_model_px=1 / self._shrunk,
        )


def _stack(arrays: list[FloatArray]) -> FloatArray:
    return np.stack(arrays).astype(float)


def _reading(
    angles: AngleTrack, stance: Stance, movement: Movement, found: list[Rep]
) -> Reading | None:
    """Return what is shown live: the angle that makes a repetition, or the seconds of a hold."""
    now = float(angles.time_s[-1])
    if movement.kind == "still":
        return Reading("stand", stance.stand_s, "s")
    if movement.kind == "held":
        lasts = [now - rep.start_s for rep in found if rep.end_s >= now - ENDED_S]
        return Reading("hold", lasts[-1] if lasts else 0.0, "s")
    if movement.kind == "chair":
        return _latest("trunk_inclination", angles["trunk_inclination_deg"], angles, "°")
    drive, _, driver = driving_signal(angles, stance, movement)
    return _latest(driver.signal, drive, angles, "%" if driver.signal in HEIGHTS else "°")


def _latest(signal: str, values: FloatArray, angles: AngleTrack, unit: str) -> Reading | None:
    fresh = values[angles.time_s >= angles.time_s[-1] - LATEST_S]
    known = fresh[np.isfinite(fresh)]
    return Reading(signal, float(known[-1]), unit) if len(known) else None


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


def drawn(session: Session, rgb: Picture, found: Landmarks) -> Picture:
    """Return the picture with skeleton, angles and count drawn on it."""
    state = np.asarray(np.isfinite(found.xy_px).all(axis=-1), dtype=np.int8)
    labels: list[Label] = []
    near = None
    if session.angles is not None and session.stance is not None:
        near = session.stance.near_side
        names = default_signals(session.stance.view, near)
        latest = float(session.angles.time_s[-1])
        labels = labels_at(
            session.angles, names, latest, found.xy_px, state, session.stance.facing
        )[0]
    done = _("{n} done").format(n=session.count)
    lines = (_(session.movement.name), done, _("q: end"))
    return draw(rgb, found.xy_px, state, labels, Panel(lines), near=near)


def run(source: FrameSource, session: Session, show: Callable[[Picture], bool]) -> int:
    """Feed every frame to the session until `show` returns False; return the count."""
    for frame in source:
        found = session.see(frame.rgb, frame.time_s)
        session.measure()
        if not show(drawn(session, frame.rgb, found)):
            break
    return session.count


def _window(picture: Picture) -> bool:
    import cv2

    title = _("movecheck (q to end)")
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
        print(f"{_('error')}: {_(str(error))}. {_(error.hint)}", file=sys.stderr)
        return 2
    one = load(movement).plain
    print(_("{n} done").format(n=f"{done} {ngettext(one, f'{one}s', done)}"))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
