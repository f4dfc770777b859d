"""Frames and a pose model, joined into a `PoseTrack`."""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray

from movecheck.pose.base import Landmarks, PoseModel
from movecheck.pose.steady import LOOK_EVERY_S, Background
from movecheck.types import Frame, PoseTrack, Recording, State

COUNT_EVERY_S = 0.5  # how often others in the picture are counted (our choice: it costs 30 ms)


class TrackBuilder:
    """Collects what the model finds, frame by frame.

    Parameters
    ----------
    model : PoseModel
        A fresh model: it is stateful, one a recording.
    """

    def __init__(self, model: PoseModel) -> None:
        self._model = model
        self._time_s: list[float] = []
        self._found: list[Landmarks] = []
        self._people: list[int] = []
        self._brightness: list[float] = []
        self._counted_s = -np.inf
        self._background = Background()
        self._camera: list[tuple[float, float, float]] = []
        self._looked_s = -np.inf

    def add(self, frame: Frame) -> Landmarks:
        """Look for the person in the next frame and remember the outcome."""
        person = self._model(frame.rgb, frame.time_s)
        found = person or Landmarks.absent()
        if frame.time_s - self._counted_s >= COUNT_EVERY_S:
            self._counted_s = frame.time_s
            self._people.append(self._model.count_people(frame.rgb, person))
        else:
            self._people.append(self._people[-1])
        self._time_s.append(frame.time_s)
        self._found.append(found)
        self._brightness.append(float(frame.rgb[::8, ::8].mean()))
        motion = (np.nan, np.nan, np.nan)
        if frame.time_s - self._looked_s >= LOOK_EVERY_S:
            self._looked_s = frame.time_s
            motion = self._background.look(frame.rgb, found.xy_px)
        self._camera.append(motion)
        return found

    def track(self, recording: Recording, scale: float) -> PoseTrack:
        """Return the track in pixels of the full picture.

        Parameters
        ----------
        recording : Recording
            What is known of the recording.
        scale : float
            Pixels of the full picture for each pixel of the frames given.
        """
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


def _stack(arrays: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    return np.stack(arrays).astype(float)


def add_all(
    builder: TrackBuilder, frames: Iterable[Frame], progress: Callable[[float], None]
) -> None:
    """Feed every frame to the builder; `progress` gets the time of each in seconds."""
    for frame in frames:
        builder.add(frame)
        progress(frame.time_s)
