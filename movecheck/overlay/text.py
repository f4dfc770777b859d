"""Text on a picture: white or coloured, with a dark halo, at any size, with a degree sign."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
Colour = tuple[int, int, int]

_WEIGHT = 600  # semibold
_HALO = 0.85  # how dark the halo is at its darkest


@dataclass(frozen=True)
class _Rendered:
    """A text ready to be put on a picture: ``picture * keep + add``, both (h, w, 3) float32."""

    keep: NDArray[np.float32]
    add: NDArray[np.float32]
    baseline: int


def put_text(
    rgb: Picture, text: str, x: float, y: float, size: int, colour: Colour, halo: bool = True
) -> None:
    """Draw one line of text into a picture, in place.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture.
    text : str
        The text; no line breaks.
    x, y : float
        Left end of the baseline in pixels. What lies outside the picture is cut off.
    size : int
        Size of the letters in pixels.
    colour : tuple of int
        Red, green, blue.
    halo : bool, optional
        Whether to lay a dark halo around the letters.
    """
    ready = _render(text, size, colour, halo)
    pad = _pad(size)
    left, top = round(x) - pad, round(y) - ready.baseline
    height, width = ready.keep.shape[:2]
    x0, x1 = max(left, 0), min(left + width, rgb.shape[1])
    y0, y1 = max(top, 0), min(top + height, rgb.shape[0])
    if x0 >= x1 or y0 >= y1:
        return
    inside = (slice(y0 - top, y1 - top), slice(x0 - left, x1 - left))
    patch = rgb[y0:y1, x0:x1]
    patch[:] = patch * ready.keep[inside] + ready.add[inside]


@lru_cache(maxsize=1024)
def text_width(text: str, size: int) -> int:
    """Return the width of a text in pixels."""
    _, _, width, _ = cv2.getTextSize((0, 0), text, (0, 0), _font(), size, _WEIGHT)
    return int(width)


@lru_cache(maxsize=1)
def _font() -> cv2.FontFace:
    return cv2.FontFace("sans")  # comes with OpenCV 5


def _pad(size: int) -> int:
    return max(3, size // 4)


@lru_cache(maxsize=1024)
def _render(text: str, size: int, colour: Colour, halo: bool) -> _Rendered:
    pad = _pad(size)
    baseline = size + pad
    canvas = np.zeros((baseline + size // 2 + pad, text_width(text, size) + 2 * pad, 3), np.uint8)
    cv2.putText(canvas, text, (pad, baseline), (255, 255, 255), _font(), size, _WEIGHT)
    ink = _share(canvas)
    dark = np.zeros_like(ink)
    if halo:
        reach = 2 * max(1, round(size / 11)) + 1
        wide = cv2.dilate(canvas, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (reach, reach)))
        soft = cv2.GaussianBlur(wide, (0, 0), max(0.8, size / 12))
        dark = _share(np.maximum(wide, soft)) * np.float32(_HALO)
    keep = (1 - dark) * (1 - ink)
    add = ink * np.array(colour, np.float32) + np.float32(0.5)
    return _Rendered(keep.astype(np.float32), add.astype(np.float32), baseline)


def _share(mask: NDArray[Any]) -> NDArray[np.float32]:
    share: NDArray[np.float32] = mask.astype(np.float32) / np.float32(255)
    return share
