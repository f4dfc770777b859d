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
            self._tracker = self._create(vision.RunningMode.VIDEO, masks=True)
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

    def count_people(self, rgb: NDArray[np.uint8], person: Landmarks | None) -> int:
        """Return 1 for `person`, plus 1 when somebody is found with `person` painted out.

        Asked for two people at once, the model's detector seldom finds the second one.
        """
        rest = rgb if person is None else _without(rgb, person.xy_px)
        others = len(self._counter.detect(self._image(rest)).pose_landmarks)
        return others + (person is not None)

    def close(self) -> None:
        """Release both models."""
        self._tracker.close()
        self._counter.close()

    def __enter__(self) -> MediaPipePose:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()


def _without(rgb: NDArray[np.uint8], xy_px: NDArray[np.float64]) -> NDArray[np.uint8]:
    """Return a copy with the box around a person, and a margin, in the picture's mean colour."""
    height, width = rgb.shape[:2]
    margin = 0.12 * np.ptp(xy_px, axis=0).max()
    left, top = np.clip(xy_px.min(axis=0) - margin, 0, (width, height)).astype(int)
    right, bottom = np.clip(xy_px.max(axis=0) + margin, 0, (width, height)).astype(int)
    rest = rgb.copy()
    rest[top:bottom, left:right] = rgb.mean(axis=(0, 1)).astype(np.uint8)
    return rest
