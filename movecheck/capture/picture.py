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
            f"{settings.max_side_px} a side and {settings.max_pixels} in all."
        )


def scaled_size(width_px: int, height_px: int, long_side_px: int) -> tuple[int, int]:
    """Width and height with a long side of at most `long_side_px`; never scaled up."""
    shrink = min(1.0, long_side_px / max(width_px, height_px))
    return max(1, round(width_px * shrink)), max(1, round(height_px * shrink))


def to_rgb(bgr: Picture, size: tuple[int, int]) -> Picture:
    """Scale a BGR picture to `size` (width, height in px), by area, and turn it into RGB.

    The result is contiguous: MediaPipe reads wrong pixels from any other array, without an error.
    """
    height_px, width_px = bgr.shape[:2]
    if (width_px, height_px) != size:
        smaller = size[0] * size[1] < width_px * height_px
        how = cv2.INTER_AREA if smaller else cv2.INTER_LINEAR
        bgr = np.asarray(cv2.resize(bgr, size, interpolation=how), dtype=np.uint8)
    return np.asarray(cv2.cvtColor(bgr, cv2.COLOR_BGR2RGB), dtype=np.uint8)
