"""The pose process of a live recording: pictures in, what they show out.

Run as ``python -m movecheck.ui.live_worker MODEL MOVEMENT RECORDING`` in the environment of
`movecheck.pose.quarantine`, by `movecheck.ui.live_session`. Standard input brings messages: their
length (4 bytes, little endian), a kind (1 byte), a time in seconds (8 bytes) and a JPEG. The body
is looked for in the newest picture only, so the answers never lag behind; of a recording every
picture is kept, with its own time, and made into a video at its end. Answers are JSON lines on
standard output.
"""

from __future__ import annotations

import contextlib
import struct
import sys
import threading
from collections import deque
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TextIO

import numpy as np

from movecheck.capture.picture import scaled_size
from movecheck.errors import ExportError, MoveCheckError
from movecheck.live import Picture, Session
from movecheck.movements import load
from movecheck.pose.base import Landmarks, PoseModel
from movecheck.settings import Settings
from movecheck.ui.framing import advise
from movecheck.ui.live_clip import LiveClip, decoded
from movecheck.ui.live_goal import goal_of, reached
from movecheck.worker import limit_memory, own_output, tell

HEAD = struct.Struct("<Bd")
LENGTH = struct.Struct("<I")
LOOK, RECORD, STOP = 0, 1, 2
"""Kinds of message: look at a picture, look at it and keep it, end the recording."""
MOST_BYTES = 8_000_000
LOOK_LONG_SIDE_PX = 640
"""Pictures are looked at in this size live; the recording is kept as it came (our own choice)."""
FRAMING_S = 1.2
SHORTEST_S = 2.0  # of a recording that may be measured: there is more to it than standing

Answer = dict[str, Any]


class Inbox:
    """Reads messages in a thread: keeps the recording, and gives the newest picture.

    Parameters
    ----------
    source : BinaryIO
        Where messages come from; its end is the end.
    path : Path
        Where recordings go.
    """

    def __init__(self, source: BinaryIO, path: Path) -> None:
        self._source = source
        self._path = path
        self._clip: LiveClip | None = None
        self._newest: tuple[int, float, bytes] | None = None
        self._told: deque[Answer] = deque()
        self._ended = False
        self._news = threading.Condition()
        self._thread = threading.Thread(target=self._read, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._clip is not None:
            self._clip.close()

    def take(self) -> tuple[int, float, bytes] | Answer | None:
        """Wait for the newest picture, or for what became of a recording; None at the end."""
        with self._news:
            self._news.wait_for(lambda: self._newest or self._told or self._ended)
            if self._told:
                return self._told.popleft()
            newest, self._newest = self._newest, None
            return newest

    def _read(self) -> None:
        with contextlib.suppress(OSError, ValueError):
            while (message := self._next()) is not None:
                kind, time_s, jpeg = message
                if kind == STOP:
                    self._stop()
                    continue
                if kind == RECORD:
                    self._clip = self._clip or LiveClip(self._path)
                    self._clip.keep(jpeg, time_s)
                with self._news:
                    self._newest = message
                    self._news.notify()
        with self._news:
            self._ended = True
            self._news.notify()

    def _next(self) -> tuple[int, float, bytes] | None:
        head = self._source.read(LENGTH.size)
        if len(head) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack(head)
        body = self._source.read(length)
        if len(body) < length or not HEAD.size <= length <= MOST_BYTES:
            return None
        kind, time_s = HEAD.unpack(body[: HEAD.size])
        return kind, time_s, body[HEAD.size :]

    def _stop(self) -> None:
        clip, self._clip = self._clip, None
        told: Answer = {"saved": 0, "enough": False}
        if clip is not None:
            told = {"saved": clip.pictures, "enough": clip.seconds >= SHORTEST_S}
            with contextlib.closing(clip):
                try:
                    if told["enough"]:
                        clip.save()
                except ExportError:
                    told = {"saved": 0, "enough": False, "full": True}
        with self._news:
            self._newest = None
            self._told.append(told)
            self._news.notify()


def look(session: Session, kind: int, time_s: float, jpeg: bytes) -> Answer | None:
    """Look at one picture, and say what is seen; None when it is no picture."""
    rgb = decoded(jpeg)
    if rgb is None:
        return None
    small = _smaller(rgb)
    measured = min(max(rgb.shape[:2]), Settings().pose_long_side_px)
    found = session.see(small, time_s, measured / max(small.shape[:2]))
    answer: Answer = {"t": time_s, "xy": _places(found, small)}
    if kind == LOOK:
        session.forget_before(FRAMING_S)
        advice = advise(session.track(), session.movement) if session.seconds > 0.3 else None
        ready = advice is None and session.seconds > 0.9 * FRAMING_S
        answer |= {"ready": ready, "advice": advice.id if advice else None}
        if advice is not None and advice.side is not None:
            answer |= {"turn": advice.turn_deg, "side": advice.side}
        return answer
    session.measure()
    goal = goal_of(session.movement)
    answer |= {"count": session.count, "goal": goal.count, "complete": reached(session, goal)}
    if session.reading is not None:
        reading = session.reading
        answer |= {"signal": reading.signal, "value": round(reading.value), "unit": reading.unit}
    return answer


def _smaller(rgb: Picture) -> Picture:
    import cv2

    size = scaled_size(rgb.shape[1], rgb.shape[0], LOOK_LONG_SIDE_PX)
    if size == (rgb.shape[1], rgb.shape[0]):
        return rgb
    return np.asarray(cv2.resize(rgb, size, interpolation=cv2.INTER_AREA), np.uint8)


def _places(found: Landmarks, rgb: Picture) -> list[list[float]] | None:
    """Return the landmarks as shares of the picture's width and height."""
    if not np.isfinite(found.xy_px).all():
        return None
    shares = found.xy_px / [rgb.shape[1], rgb.shape[0]]
    return [[round(x, 4), round(y, 4)] for x, y in shares.tolist()]


def serve(inbox: Inbox, model: PoseModel, movement: str, out: TextIO) -> None:
    """Answer until the messages end."""
    session = Session(model, load(movement), keep_s=float("inf"))
    before, latest_s = LOOK, float("-inf")
    tell(out, ready_to_look=True)
    while (news := inbox.take()) is not None:
        if isinstance(news, dict):
            tell(out, **news)
            continue
        kind, time_s, jpeg = news
        if kind != before:
            session.start_over()
        if time_s > latest_s and (answer := look(session, kind, time_s, jpeg)) is not None:
            latest_s = time_s
            tell(out, **answer)
        before = kind


def main(argv: list[str]) -> int:
    """Run the process; return its exit status."""
    out = own_output()
    from movecheck.pose.mediapipe import MediaPipePose

    class OneWay(MediaPipePose):
        """Looks at the picture alone, not at its mirror image too: half the cost, for a preview."""

        def __call__(self, rgb: Picture, time_s: float) -> Landmarks | None:
            return self._look(0, rgb, time_s)

    model, movement, recording = Path(argv[0]), argv[1], Path(argv[2])
    limit_memory(Settings())
    try:
        with OneWay(model) as pose, Inbox(sys.stdin.buffer, recording) as inbox:
            serve(inbox, pose, movement, out)
    except MoveCheckError as error:
        tell(out, error=str(error), hint=error.hint)
        return 2
    except BrokenPipeError:
        return 0
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
