"""MediaPipe's Pose Landmarker. The only file that imports mediapipe.

Version 1.2 posts usage data to its maker when a landmarker is closed. `QUARANTINE` holds the
environment that stops it; it must be in place before the library loads, so this module is only
ever loaded in a process that was started with it (see `movecheck.worker`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movecheck.errors import ModelDamaged, PoseError
from movecheck.pose.base import Landmarks
from movecheck.pose.edge import silhouette_edge
from movecheck.pose.model import sha256
from movecheck.pose.quarantine import is_quarantined


class MediaPipePose:
    """One person by MediaPipe Tasks, in video mode.

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
        import mediapipe
        from mediapipe.tasks.python import BaseOptions, vision

        self._mp: Any = mediapipe
        self._vision: Any = vision
        self._base = BaseOptions(model_asset_path=str(model))
        self._last_ms = -1
        try:
            self._tracker = self._create(vision.RunningMode.VIDEO, 1, True)
            # The tracker follows one person; a second look, now and then, counts the others.
            self._counter = self._create(vision.RunningMode.IMAGE, 2, False)
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

    def _create(self, mode: Any, people: int, masks: bool) -> Any:
        options = self._vision.PoseLandmarkerOptions(
            base_options=self._base,
            running_mode=mode,
            num_poses=people,
            output_segmentation_masks=masks,
        )
        return self._vision.PoseLandmarker.create_from_options(options)

    def _image(self, rgb: NDArray[np.uint8]) -> Any:
        if not rgb.flags.c_contiguous:
            # mediapipe reads other layouts as wrong pixels, without an error.
            raise ValueError("Expected 'rgb' to be C-contiguous.")
        return self._mp.Image(image_format=self._mp.ImageFormat.SRGB, data=rgb)

    def __call__(self, rgb: NDArray[np.uint8], time_s: float) -> Landmarks | None:
        """Return the person in a frame, or None; `time_s` must rise from call to call."""
        # The tracker wants whole milliseconds that rise strictly.
        self._last_ms = max(self._last_ms + 1, round(time_s * 1000))
        result = self._tracker.detect_for_video(self._image(rgb), self._last_ms)
        if not result.pose_landmarks:
            return None
        height, width = rgb.shape[:2]
        points = result.pose_landmarks[0]
        xy_px = np.array([(p.x * width, p.y * height) for p in points])
        mask = result.segmentation_masks[0].numpy_view().squeeze()
        return Landmarks(
            xy_px,
            np.array([p.visibility for p in points], dtype=float),
            np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]]),
            silhouette_edge(mask, xy_px),
        )

    def count_people(self, rgb: NDArray[np.uint8]) -> int:
        """Return 0, 1, or 2 for two and more."""
        found = self._counter.detect(self._image(rgb)).pose_landmarks
        return _distinct(np.array([[(p.x, p.y) for p in person] for person in found]))

    def close(self) -> None:
        """Release both models."""
        self._tracker.close()
        self._counter.close()

    def __enter__(self) -> MediaPipePose:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


def _distinct(people: NDArray[np.float64]) -> int:
    """Count people of shape (n, 33, 2); the model at times finds the same person twice."""
    if len(people) < 2:
        return len(people)
    size = np.ptp(people, axis=1).max(axis=1)
    apart = np.median(np.linalg.norm(people[0] - people[1], axis=-1))
    return 2 if apart > 0.25 * size.max() else 1
