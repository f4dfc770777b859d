"""Frames and a pose model, joined into a `PoseTrack`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movecheck.pose.base import Landmarks, Outcome, PoseModel
from movecheck.pose.steady import LOOK_EVERY_S, Background, Grey, Motion, shrunk
from movecheck.types import Frame, PoseTrack, Recording, State

COUNT_EVERY_S = 0.5  # how often others in the picture are counted (our choice: it costs 30 ms)
BEGUN = 2
"""Frames that the model may look at before an earlier outcome is asked for: its two ways of looking
then both have work (our choice)."""


class TrackBuilder:
    """Collects what the model finds, frame by frame.

    Parameters
    ----------
    model : PoseModel
        A fresh model: it is stateful, one a recording.
    whole : bool, optional
        False for a part of a recording: the motion of the camera since the first picture is then
        left to `Joined`, and small pictures are kept for it.
    """

    def __init__(self, model: PoseModel, whole: bool = True) -> None:
        self._model = model
        self._time_s: list[float] = []
        self._found: list[Landmarks] = []
        self._people: list[int] = []
        self._brightness: list[float] = []
        self._counted_s = -np.inf
        self._background = Background() if whole else None
        self._camera: list[Motion] = []
        self._looked_s = -np.inf
        self._small: dict[int, tuple[Grey, float]] = {}
        self._begun: deque[tuple[Frame, Outcome]] = deque()
        # What needs no other frame's outcome is done while the model looks at the next one.
        self._beside = ThreadPoolExecutor(1, "movecheck-beside")
        self._waiting: Future[None] | None = None

    def add(self, frame: Frame) -> None:
        """Look for the person in the next frame; `BEGUN` frames later it is known."""
        self._begun.append((frame, self._model.begin(frame.rgb, frame.time_s)))
        if len(self._begun) > BEGUN:
            self._finish()

    def _finish(self) -> None:
        """Remember the outcome of the earliest frame that was begun."""
        frame, outcome = self._begun.popleft()
        person = outcome()
        found = person or Landmarks.absent()
        self._time_s.append(frame.time_s)
        self._found.append(found)
        if self._waiting is not None:
            self._waiting.result()
        self._waiting = self._beside.submit(self._look_about, frame, person, found)

    def _finish_all(self) -> None:
        while self._begun:
            self._finish()
        if self._waiting is not None:
            self._waiting.result()

    def _look_about(self, frame: Frame, person: Landmarks | None, found: Landmarks) -> None:
        """Look at all of a picture but the person."""
        if frame.time_s - self._counted_s >= COUNT_EVERY_S:
            self._counted_s = frame.time_s
            self._people.append(self._model.count_people(frame.rgb, person))
        else:
            self._people.append(self._people[-1])
        self._brightness.append(float(frame.rgb[::8, ::8].mean()))
        motion = (np.nan, np.nan, np.nan)
        if frame.time_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = frame.time_s
            if self._background is None:
                self._small[len(self._camera)] = shrunk(frame.rgb)
            else:
                motion = self._background.look(frame.rgb, found.xy_px)
        self._camera.append(motion)

    def track(self, recording: Recording, scale: float) -> PoseTrack:
        """Return the track in pixels of the full picture.

        Parameters
        ----------
        recording : Recording
            What is known of the recording.
        scale : float
            Pixels of the full picture for each pixel of the frames given.
        """
        self._finish_all()
        visibility = _stack([f.visibility for f in self._found])
        camera = np.array(self._camera)
        seen = np.isfinite(_stack([f.xy_px for f in self._found])).all(axis=-1)
        return PoseTrack(
            time_s=np.array(self._time_s),
            xy_px=_stack([f.xy_px for f in self._found]) * scale,
            visibility=visibility,
            world_m=_stack([f.world_m for f in self._found]),
            edge_px=_stack([f.edge_px for f in self._found]) * scale,
            people=np.array(self._people, dtype=float),
            brightness=np.array(self._brightness),
            state=np.where(seen, State.MEASURED, State.MISSING).astype(np.int8),
            recording=recording,
            model=dict(self._model.info),
            px_per_model_px=scale,
            camera_shift_px=camera[:, :2] * scale,
            camera_roll_deg=camera[:, 2],
        )

    def reaches(self, time_s: float) -> bool:
        """Whether there are frames from a time on."""
        self._finish_all()
        return bool(self._time_s) and self._time_s[-1] >= time_s

    def part(self, recording: Recording, scale: float, start_s: float) -> Part:
        """Return what was found from a time on, for `Joined`."""
        track = self.track(recording, scale)
        first = int(np.searchsorted(track.time_s, start_s))
        small = {i - first: picture for i, picture in self._small.items() if i >= first}
        columns = {
            field.name: value[first:] if field.name == "time_s" else _rounded(value[first:])
            for field in fields(track)
            if isinstance(value := getattr(track, field.name), np.ndarray)
        }
        return Part(columns, small, track.model, scale)


@dataclass(frozen=True)
class Part:
    """A part of a recording: the arrays of `PoseTrack`, as exact as ``landmarks.parquet``.

    `small` holds small pictures by frame, for the motion of the camera; see `steady.shrunk`.
    """

    columns: dict[str, NDArray[Any]]
    small: dict[int, tuple[Grey, float]]
    model: Mapping[str, str]
    scale: float


class Joined:
    """Parts of one recording, given in order, made one track."""

    def __init__(self) -> None:
        self._parts: list[Part] = []
        self._background = Background()

    def add(self, part: Part) -> None:
        """Take the next part; the motion of the camera goes on from the last one."""
        shift, roll = part.columns["camera_shift_px"], part.columns["camera_roll_deg"]
        for i, (grey, scale) in sorted(part.small.items()):
            person_px = part.columns["xy_px"][i].astype(float) / part.scale
            right, down, turn = self._background.follow(grey, scale, person_px)
            shift[i], roll[i] = (right * part.scale, down * part.scale), turn
        self._parts.append(replace(part, small={}))

    def __len__(self) -> int:
        return len(self._parts)

    @property
    def time_s(self) -> NDArray[np.float64]:
        """Times of all frames."""
        return np.concatenate([part.columns["time_s"] for part in self._parts])

    def track(self, recording: Recording) -> PoseTrack:
        """Return the whole track, and forget the parts.

        Its numbers are those of a track read from ``landmarks.parquet``, to the last digit.
        """
        first = self._parts[0]
        columns = {}
        for name in list(first.columns):
            joined = np.concatenate([part.columns.pop(name) for part in self._parts])
            columns[name] = joined.astype(float) if joined.dtype == np.float32 else joined
        return PoseTrack(
            **columns, recording=recording, model=first.model, px_per_model_px=first.scale
        )


def _stack(arrays: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.stack(arrays).astype(float)


def _rounded(column: NDArray[Any]) -> NDArray[Any]:
    return column.astype(np.float32) if column.dtype == np.float64 else column.copy()


def add_all(
    builder: TrackBuilder, frames: Iterable[Frame], progress: Callable[[float], None]
) -> None:
    """Feed every frame to the builder; `progress` gets the time of each in seconds."""
    for frame in frames:
        builder.add(frame)
        progress(frame.time_s)
