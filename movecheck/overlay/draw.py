"""One picture with its skeleton, labels and panel: a pure function over arrays.

The subject's left is blue and the right orange, in every view: two colours that people with any
common kind of colour blindness tell apart. The side far from the camera is thin and dim.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import cv2
import numpy as np
from numpy.typing import NDArray

from movecheck.overlay.text import Colour, Picture, put_text, text_width
from movecheck.skeleton import BONES, INDEX
from movecheck.types import N_LANDMARKS, FloatArray, Side, State, StateArray, check_shape

LEFT: Colour = (77, 184, 255)
RIGHT: Colour = (255, 166, 43)
WHITE: Colour = (255, 255, 255)
CENTRE: Colour = (225, 225, 225)
EDGE: Colour = (255, 240, 140)
DIM: Colour = (190, 190, 190)
CASING: Colour = (15, 18, 22)

Mark = Literal["done", "left_out", "ahead"]

_SHIFT = 4  # cv2 draws at sixteenths of a pixel, so that lines do not jump
Point = tuple[int, int]


def _side(name: str) -> Side | None:
    return "left" if name.startswith("left") else "right" if name.startswith("right") else None


_BONES: list[tuple[int, int, Side | None]] = [
    (INDEX[a], INDEX[b], _side(a) if _side(a) == _side(b) else None) for a, b in BONES
]
_DOTS = [(INDEX[name], _side(name)) for name in sorted({name for bone in BONES for name in bone})]


@dataclass(frozen=True)
class Label:
    """A text beside a point of the picture.

    Attributes
    ----------
    text : str
        Such as "knee 92°".
    at : tuple of float
        The point, in pixels.
    to_right : bool
        Whether the text stands to the right of the point.
    sure : bool
        False draws it dimmer: the value was filled in.
    """

    text: str
    at: tuple[float, float]
    to_right: bool = True
    sure: bool = True


@dataclass(frozen=True)
class Panel:
    """The small panel in the corner.

    Attributes
    ----------
    lines : tuple of str
        Lines of text.
    marks : tuple of {"done", "left_out", "ahead"}
        One a repetition: a full dot, a cross, an empty dot.
    notes : tuple of str
        Lines in orange: what is missing.
    """

    lines: tuple[str, ...] = ()
    marks: tuple[Mark, ...] = ()
    notes: tuple[str, ...] = ()


def draw(
    rgb: Picture,
    landmarks_px: FloatArray,
    state: StateArray,
    labels: Sequence[Label] = (),
    panel: Panel | None = None,
    *,
    near: Side | None = None,
    edge_px: FloatArray | None = None,
) -> Picture:
    """Draw what was found onto a copy of the picture.

    Parameters
    ----------
    rgb : ndarray of uint8, shape (height, width, 3)
        The picture; it is not changed.
    landmarks_px : ndarray, shape (33, 2)
        Landmarks in pixels of this picture.
    state : ndarray, shape (33,)
        `State` of each landmark: a FILLED one is hollow with dashed lines, a MISSING one is not
        drawn.
    labels : sequence of Label, optional
        Texts beside points.
    panel : Panel, optional
        The panel in the corner.
    near : {"left", "right"}, optional
        The subject's side that is close to the camera; None draws both alike.
    edge_px : ndarray, shape (k, 2), optional
        A curve, such as the edge of the back; NaN interrupts it.

    Returns
    -------
    ndarray of uint8, shape (height, width, 3)
        A new picture.
    """
    check_shape("landmarks_px", landmarks_px, (N_LANDMARKS, 2))
    check_shape("state", state, (N_LANDMARKS,))
    picture = np.array(rgb, order="C")
    height, width = picture.shape[:2]
    unit = (2 * height + width) / 1350  # 1.6 pixels in a phone's clip, 480 wide and 854 high
    if edge_px is not None:
        _draw_curve(picture, edge_px, unit)
    _draw_skeleton(picture, landmarks_px, state, near, unit)
    size = text_size(picture)
    _draw_labels(picture, labels, size)
    if panel is not None:
        _draw_panel(picture, panel, size)
    return picture


def text_size(rgb: Picture) -> int:
    """Return the size of letters in pixels that suits a picture."""
    return max(11, round(0.024 * float(max(rgb.shape[:2]))))


def _look(side: Side | None, near: Side | None) -> tuple[Colour, float]:
    """Return the colour and the relative width of what belongs to a side."""
    if side is None:
        return CENTRE, 0.6
    colour = LEFT if side == "left" else RIGHT
    if near is None or side == near:
        return colour, 1.0
    red, green, blue = (round(0.7 * c) for c in colour)
    return (red, green, blue), 0.55


def _draw_skeleton(
    picture: Picture, points: FloatArray, state: StateArray, near: Side | None, unit: float
) -> None:
    reach = 4 * max(picture.shape[:2])
    there = (state != State.MISSING) & np.all(np.abs(points) < reach, axis=1)
    seen, filled = there.tolist(), (state == State.FILLED).tolist()
    fixed = _fixed(np.where(there[:, None], points, 0.0))
    joined = set()
    for i, j, side in sorted(
        _BONES, key=lambda bone: _look(bone[2], near)[1]
    ):  # the far side first
        if seen[i] and seen[j]:
            joined |= {i, j}
            colour, weight = _look(side, near)
            dashed = filled[i] or filled[j]
            _line(picture, fixed[i], fixed[j], colour, 2.1 * weight * unit, dashed)
    for i, side in _DOTS:
        if i in joined:  # a dot on its own says nothing
            colour, weight = _look(side, near)
            _dot(picture, fixed[i], colour, 2.8 * weight * unit, filled[i])


def _fixed(points: FloatArray) -> list[Point]:
    """Return points, shape (k, 2), in sixteenths of a pixel."""
    return [(x, y) for x, y in np.round(points * 2**_SHIFT).astype(int).tolist()]


def _line(picture: Picture, a: Point, b: Point, colour: Colour, width: float, dashed: bool) -> None:
    pieces = list(_dashes(a, b, 3.5 * width * 2**_SHIFT)) if dashed else [(a, b)]
    rim = max(1, round(0.35 * width))
    inner = max(1, round(width))
    for shade, thickness in ((CASING, inner + 2 * rim), (colour, inner)):
        for start, end in pieces:
            cv2.line(picture, start, end, shade, thickness, cv2.LINE_AA, _SHIFT)


def _dashes(a: Point, b: Point, length: float) -> Iterator[tuple[Point, Point]]:
    """Cut a line into dashes with gaps as long as they are."""
    dx, dy = b[0] - a[0], b[1] - a[1]
    count = max(1, min(200, round(math.hypot(dx, dy) / (2 * length))))
    for k in range(count):
        start, end = (k + 0.25) / count, (k + 0.75) / count
        yield (
            (round(a[0] + dx * start), round(a[1] + dy * start)),
            (round(a[0] + dx * end), round(a[1] + dy * end)),
        )


def _dot(picture: Picture, at: Point, colour: Colour, radius: float, hollow: bool) -> None:
    discs = [(radius + max(1.0, 0.35 * radius), CASING), (radius, colour)]
    if hollow:
        discs.append((0.55 * radius, CASING))
    for size, shade in discs:
        whole = round(size * 2**_SHIFT)
        cv2.circle(picture, at, whole, shade, cv2.FILLED, cv2.LINE_AA, _SHIFT)


def _draw_curve(picture: Picture, curve: FloatArray, unit: float) -> None:
    known = np.all(np.isfinite(curve), axis=1) & np.all(np.abs(curve) < 1e5, axis=1)
    runs = np.split(np.arange(len(curve)), np.flatnonzero(np.diff(known.astype(int))) + 1)
    lines = [
        np.round(curve[run] * 2**_SHIFT).astype(np.int32)
        for run in runs
        if len(run) > 1 and known[run[0]]
    ]
    width = max(1, round(1.3 * unit))
    for shade, thickness in ((CASING, width + 2), (EDGE, width)):
        cv2.polylines(picture, lines, False, shade, thickness, cv2.LINE_AA, _SHIFT)


def _draw_labels(picture: Picture, labels: Sequence[Label], size: int) -> None:
    height, width = picture.shape[:2]
    taken: list[tuple[float, float, float]] = []
    for label in labels:
        if not np.all(np.isfinite(label.at)):
            continue
        wide = text_width(label.text, size)
        x = label.at[0] + (1.1 * size if label.to_right else -1.1 * size - wide)
        x = min(max(x, 0.4 * size), width - wide - 0.4 * size)
        y = min(max(label.at[1] + 0.35 * size, 1.2 * size), height - 0.5 * size)
        for left, right, other in sorted(taken, key=lambda box: box[2]):
            if left < x + wide and x < right and abs(y - other) < 1.25 * size:
                y = other + 1.25 * size
        taken.append((x, x + wide, y))
        put_text(picture, label.text, x, y, size, WHITE if label.sure else DIM)


def _draw_panel(picture: Picture, panel: Panel, size: int) -> None:
    small = max(10, round(0.9 * size))
    texts = [(line, WHITE) for line in panel.lines] + [(note, RIGHT) for note in panel.notes]
    step, pad = round(1.45 * small), round(0.6 * small)
    across = step * len(panel.marks) * 0.75 if len(panel.marks) <= 12 else 0
    widest = max([text_width(text, small) for text, _ in texts] + [across, 7 * small])
    rows = len(texts) + (1 if across else 0)
    x0 = y0 = round(0.7 * size)
    x1, y1 = x0 + round(widest) + 2 * pad, y0 + rows * step + pad
    _shade(picture, x0, y0, x1, y1, round(0.5 * small))
    y = y0 + pad + 0.85 * small
    for text, colour in texts[: len(panel.lines)]:
        put_text(picture, text, x0 + pad, y, small, colour, halo=False)
        y += step
    if across:
        _draw_marks(picture, panel.marks, x0 + pad, y - 0.3 * small, small)
        y += step
    for text, colour in texts[len(panel.lines) :]:
        put_text(picture, text, x0 + pad, y, small, colour, halo=False)
        y += step


def _shade(picture: Picture, x0: int, y0: int, x1: int, y1: int, corner: int) -> None:
    """Darken a rectangle with round corners."""
    patch = picture[y0:y1, x0:x1]
    patch[:] = patch * _shade_mask(y1 - y0, x1 - x0, corner)[: patch.shape[0], : patch.shape[1]]


@lru_cache(maxsize=32)
def _shade_mask(height: int, width: int, corner: int) -> NDArray[np.float32]:
    mask = np.zeros((height, width), np.uint8)
    cv2.rectangle(mask, (corner, 0), (width - 1 - corner, height), 255, cv2.FILLED)
    cv2.rectangle(mask, (0, corner), (width, height - 1 - corner), 255, cv2.FILLED)
    for x in (corner, width - 1 - corner):
        for y in (corner, height - 1 - corner):
            cv2.circle(mask, (x, y), corner, 255, cv2.FILLED, cv2.LINE_AA)
    return np.float32(1) - mask[..., None].astype(np.float32) * np.float32(0.66 / 255)


def _draw_marks(picture: Picture, marks: Sequence[Mark], x: float, y: float, size: int) -> None:
    radius = 0.32 * size
    whole = round(radius * 2**_SHIFT)
    thick = max(1, round(0.12 * size))
    for k, mark in enumerate(marks):
        centre = np.array([x + radius + 1.08 * k * size, y])
        if mark == "left_out":
            for sign in (-1, 1):
                arm = np.array([1, sign]) * radius
                start, end = _fixed(np.array([centre - arm, centre + arm]))
                cv2.line(picture, start, end, RIGHT, thick + 1, cv2.LINE_AA, _SHIFT)
        else:
            fill = cv2.FILLED if mark == "done" else thick
            colour = LEFT if mark == "done" else DIM
            cv2.circle(picture, _fixed(centre[None])[0], whole, colour, fill, cv2.LINE_AA, _SHIFT)
