"""Sizes of pictures, and the step from a decoded picture to the one that the pose model sees."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from movecheck.errors import TooLarge
from movecheck.settings import Settings

Picture = NDArray[np.uint8]


def check_size(width_px: int, height_px: int, settings: Settings) -> None:
    """Raise TooLarge when a picture has a side or an area above the limits."""
    if (
        max(width_px, height_px) > settings.max_side_px
        or width_px * height_px > settings.max_pixels
    ):
        raise TooLarge(
            f"The picture has {width_px} x {height_px} pixels; the limits are "
            f"{settings.max_side_px} a side and {settings.max_pixels} in all"
        )


def scaled_size(width_px: int, height_px: int, long_side_px: int) -> tuple[int, int]:
    """Width and height with a long side of at most `long_side_px`; never scaled up."""
    shrink = min(1.0, long_side_px / max(width_px, height_px))
    return max(1, round(width_px * shrink)), max(1, round(height_px * shrink))


def bgr_to_rgb(bgr: Picture, size: tuple[int, int]) -> Picture:
    """Scale a camera's BGR picture to `size` (width, height in px), by area, and make it RGB.

    The result is contiguous: MediaPipe reads wrong pixels from any other array, without an error.
    """
    if (bgr.shape[1], bgr.shape[0]) != size:
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=cv2.INTER_AREA), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)


_TURNS = {
    90: cv2.ROTATE_90_CLOCKWISE,
    180: cv2.ROTATE_180,
    270: cv2.ROTATE_90_COUNTERCLOCKWISE,
}


def rotated(picture: Picture, clockwise_deg: int) -> Picture:
    """Turn a picture by 0, 90, 180 or 270 degrees; the result is contiguous."""
    if clockwise_deg not in _TURNS:
        return np.ascontiguousarray(picture)
    return np.asarray(cv2.rotate(picture, _TURNS[clockwise_deg]), dtype=np.uint8)
