"""MediaPipe's Pose Landmarker. The only file that imports mediapipe.

Version 1.2 posts usage data to its maker when a landmarker is closed. `QUARANTINE` holds the
environment that stops it; it must be in place before the library loads, so this module is only
ever loaded in a process that was started with it (see `movecheck.worker`).
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from movecheck.errors import ModelDamaged, PoseError
from movecheck.pose.base import Landmarks, Outcome, mean_colour
from movecheck.pose.edge import silhouette_edge
from movecheck.pose.model import sha256
from movecheck.pose.quarantine import is_quarantined

FRESH_S = 0.09
"""So old may a reading be to stand for the way that is not looked at. Our own choice: at 22 frames
a second and more the two ways take turns; below, both look at every frame."""

Look = Future[Landmarks | None]


class MediaPipePose:
    """One person by MediaPipe Tasks, in video mode.

    The network does not see a picture and its mirror image alike: knees differ by 2°, the back by
    5°. So both are looked at, and their mean is taken. Of frames that follow each other fast each
    is looked at one way only: how far the ways differ is known from the frames just before.

    Parameters
    ----------
    model : Path
        A pose_landmarker ``.task`` bundle.

    Raises
    ------
    PoseError
        When the process could reach the network.
    ModelDamaged
        When the bundle cannot be loaded.
    """

    def __init__(self, model: Path) -> None:
        if not is_quarantined(os.environ):
            raise PoseError("the pose library may only be loaded where it cannot use the network")
        with _without_pyplot():
            import mediapipe
            from mediapipe.tasks.python import BaseOptions, vision

        self._mp: Any = mediapipe
        self._vision: Any = vision
        self._base = BaseOptions(model_asset_path=str(model))
        # Way 0 follows the person in the picture, way 1 in its mirror image.
        self._way = 0
        self._eyes = [ThreadPoolExecutor(1, f"movecheck-way-{way}") for way in (0, 1)]
        self._asked_s = [-np.inf, -np.inf]
        self._last: dict[int, tuple[float, Landmarks]] = {}
        self._lost = False
        self._clock = [-1, -1]
        try:
            self._trackers = [self._create(vision.RunningMode.VIDEO, masks=True) for _ in (0, 1)]
            # The tracker follows one person; a second look, now and then, finds others.
            self._counter = self._create(vision.RunningMode.IMAGE, masks=False)
        except (RuntimeError, ValueError) as error:
            raise ModelDamaged("the pose model cannot be loaded") from error
        self._info = {
            "name": model.name,
            "sha256": sha256(model),
            "mediapipe": version("mediapipe"),
            "opencv": version("opencv-contrib-python"),
        }

    @property
    def info(self) -> Mapping[str, str]:
        """Name and sha256 of the model, versions of the libraries."""
        return self._info

    def _create(self, mode: Any, masks: bool) -> Any:
        options = self._vision.PoseLandmarkerOptions(
            base_options=self._base,
            running_mode=mode,
            num_poses=1,
            output_segmentation_masks=masks,
        )
        return self._vision.PoseLandmarker.create_from_options(options)

    def _image(self, rgb: NDArray[np.uint8]) -> Any:
        return self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb)

    def begin(self, rgb: NDArray[np.uint8], time_s: float) -> Outcome:
        """Start to look for the person in a frame; `time_s` must rise from call to call.

        The two ways look in threads of their own, so that frames that follow each other are looked
        at side by side. What is asked for depends on what earlier outcomes were asked for already:
        the same order of calls gives the same numbers.
        """
        if not rgb.flags.c_contiguous:
            # mediapipe reads other layouts as wrong pixels, without an error.
            raise ValueError("Expected 'rgb' to be C-contiguous.")
        way = self._way = 1 - self._way
        alone = time_s - self._asked_s[way] < FRESH_S and not self._lost
        looks = {}
        for each in (way,) if alone else (way, 1 - way):
            self._asked_s[each] = time_s
            looks[each] = self._eyes[each].submit(self._look, each, rgb, time_s)
        return lambda: self._outcome(looks, time_s)

    def __call__(self, rgb: NDArray[np.uint8], time_s: float) -> Landmarks | None:
        """Return the person in a frame, or None; `time_s` must rise from call to call."""
        return self.begin(rgb, time_s)()

    def _outcome(
        self, looks: dict[int, Future[Landmarks | None]], time_s: float
    ) -> Landmarks | None:
        before = dict(self._last)
        found = {way: look.result() for way, look in looks.items()}
        for way, person in found.items():
            self._last.pop(way, None)
            if person is not None:
                self._last[way] = time_s, person
        if len(found) == 2:
            seen = [person for person in found.values() if person is not None]
            self._lost = len(seen) < 2
            return Landmarks.blend(*((1 / len(seen), p) for p in seen)) if seen else None
        ((way, now),) = found.items()
        if now is None or len(before) < 2:
            self._lost = True  # for the frames to come both ways are asked, until both see again
            return now
        # The other way's last reading against this way's at the same moment, half of it.
        (own_s, own), (other_s, other) = before[way], before[1 - way]
        late = (other_s - own_s) / (time_s - own_s)
        return Landmarks.blend((1 - late / 2, now), ((late - 1) / 2, own), (0.5, other))

    def _look(self, way: int, rgb: NDArray[np.uint8], time_s: float) -> Landmarks | None:
        """Look at the picture (way 0) or at its mirror image (way 1)."""
        # The tracker wants whole milliseconds that rise strictly. It gets microseconds: it smooths
        # frames that follow each other fast, which makes them late by 20 to 40 ms. We smooth later.
        self._clock[way] = max(self._clock[way] + 1, round(time_s * 1e6))
        image = self._image(rgb if way == 0 else np.asarray(cv2.flip(rgb, 1), np.uint8))
        result = self._trackers[way].detect_for_video(image, self._clock[way])
        if not result.pose_landmarks:
            return None
        height, width = rgb.shape[:2]
        points = result.pose_landmarks[0]
        xy_px = np.array([(p.x * width, p.y * height) for p in points])
        mask = result.segmentation_masks[0].numpy_view().squeeze()
        person = Landmarks(
            xy_px,
            np.array([p.visibility for p in points], dtype=float),
            np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]]),
            silhouette_edge(mask, xy_px),
        )
        return person if way == 0 else person.mirrored(width)

    def count_people(self, rgb: NDArray[np.uint8], person: Landmarks | None) -> int:
        """Return 1 for `person`, plus 1 when somebody is found with `person` painted out.

        Asked for two people at once, the model's detector seldom finds the second one.
        """
        rest = rgb if person is None else _without(rgb, person.xy_px)
        others = len(self._counter.detect(self._image(rest)).pose_landmarks)
        return others + (person is not None)

    def close(self) -> None:
        """Release the models."""
        for eye in self._eyes:
            eye.shutdown()
        for landmarker in (*self._trackers, self._counter):
            landmarker.close()

    def __enter__(self) -> MediaPipePose:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


@contextmanager
def _without_pyplot() -> Iterator[None]:
    """Keep mediapipe from loading pyplot for a helper that draws: 30 MB and a third of a second."""
    if "matplotlib" in sys.modules:
        yield
        return
    stand_ins = {name: ModuleType(name) for name in ("matplotlib", "matplotlib.pyplot")}
    sys.modules.update(stand_ins)
    try:
        yield
    finally:
        for name in stand_ins:
            del sys.modules[name]


def _without(rgb: NDArray[np.uint8], xy_px: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return a copy with the box around a person, and a margin, in the picture's mean colour."""
    height, width = rgb.shape[:2]
    margin = 0.12 * np.ptp(xy_px, axis=0).max()
    left, top = np.clip(xy_px.min(axis=0) - margin, 0, (width, height)).astype(int)
    right, bottom = np.clip(xy_px.max(axis=0) + margin, 0, (width, height)).astype(int)
    rest = rgb.copy()
    rest[top:bottom, left:right] = mean_colour(rgb)
    return rest
