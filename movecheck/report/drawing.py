"""Charts as plain numbers for the report's SVG: scaled paths, ticks and rectangles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from movecheck.report.curves import axis_limits, marks, pieces
from movecheck.texts import _, ngettext
from movecheck.types import AngleTrack, FloatArray, Rep

WIDTH, HEIGHT = 640.0, 170.0
LEFT, RIGHT, TOP, BOTTOM = 44.0, 8.0, 18.0, 30.0
STEPS = (1, 2, 5, 10, 15, 20, 30, 45, 60, 90)


@dataclass(frozen=True)
class Tick:
    """A mark of an axis: where it is drawn and what it says."""

    at: float
    text: str


@dataclass(frozen=True)
class Line:
    """A stretch of a curve as an SVG path."""

    path: str
    side: str
    filled: bool


@dataclass(frozen=True)
class Box:
    """A rectangle along one axis, with a word to it."""

    start: float
    size: float
    text: str = ""
    counted: bool = True


@dataclass(frozen=True)
class Mark:
    """A point of a curve that tells its side by shape: round is left, square is right."""

    x: float
    y: float
    side: str


@dataclass(frozen=True)
class CurveDrawing:
    """One angle over time, in the units of the SVG."""

    lines: tuple[Line, ...]
    marks: tuple[Mark, ...]
    reps: tuple[Box, ...]
    band: Box | None
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    sides: tuple[str, ...]
    text: str
    width: float = WIDTH
    height: float = HEIGHT
    left: float = LEFT
    right: float = WIDTH - RIGHT
    top: float = TOP
    bottom: float = HEIGHT - BOTTOM


@dataclass(frozen=True)
class RangeDrawing:
    """A value with its ± over a published range, in the units of the SVG."""

    band: Box
    low_end: float
    high_end: float
    point: float
    ticks: tuple[Tick, ...]
    text: str
    width: float = WIDTH


@dataclass(frozen=True)
class _Scale:
    low: float
    high: float
    start: float
    end: float

    def __call__(self, value: float) -> float:
        part = (value - self.low) / (self.high - self.low)
        return round(self.start + part * (self.end - self.start), 1)

    def ticks(self, most: int) -> tuple[Tick, ...]:
        span = self.high - self.low
        step = next((s for s in STEPS if span / s <= most), 0) or span / most
        first = np.ceil(self.low / step) * step
        marks = np.arange(first, self.high + step * 1e-6, step)
        return tuple(Tick(self(float(m)), _whole(float(m))) for m in marks)


def draw_curves(
    columns: dict[str, str],
    track: AngleTrack,
    reps: Sequence[Rep],
    band: tuple[float | None, float | None] | None = None,
    held: bool = False,
) -> CurveDrawing:
    """Scale one angle over time for the report.

    Parameters
    ----------
    columns : dict of str to str
        Side ("left", "right" or "") to the name of the signal.
    track : AngleTrack
        All signals; those of `columns` have at least one value.
    reps : sequence of Rep
        Repetitions to shade.
    band : pair of float or None, optional
        Published range of the peak.
    held : bool
        Whether the repetitions are holds, marked where they begin and end.
    """
    found = [
        (side, piece)
        for side, name in columns.items()
        for piece in pieces(track.time_s, track.values[name], track.state[name])
    ]
    values = np.concatenate([piece.values for _, piece in found])
    low, high = axis_limits(values, band)
    x = _Scale(0.0, float(track.time_s[-1]) or 1.0, LEFT, WIDTH - RIGHT)
    y = _Scale(low, high, HEIGHT - BOTTOM, TOP)
    lines = tuple(Line(_path(p.time_s, p.values, x, y), side, p.filled) for side, p in found)
    drawn = tuple(
        Mark(x(time_s), y(value), side)
        for side, name in columns.items()
        for time_s, value in marks(track.time_s, track.values[name], reps, held)
    )
    boxes = tuple(
        Box(x(rep.start_s), x(rep.end_s) - x(rep.start_s), str(i), rep.excluded_reason is None)
        for i, rep in enumerate(reps, 1)
    )
    shade = None
    if band is not None:
        top = y(y.high if band[1] is None else band[1])
        shade = Box(top, y(y.low if band[0] is None else band[0]) - top)
    text = _("from {low} to {high} degrees").format(
        low=_whole(float(values.min())), high=_whole(float(values.max()))
    )
    text += ", " + ngettext("{n} repetition", "{n} repetitions", len(reps)).format(n=len(reps))
    return CurveDrawing(lines, drawn, boxes, shade, x.ticks(12), y.ticks(5), tuple(columns), text)


def draw_range(
    value: float, half_width: float, low: float | None, high: float | None
) -> RangeDrawing:
    """Scale a value with its ± over a published range; None is an open end."""
    ends = [value - half_width, value + half_width, *(v for v in (low, high) if v is not None)]
    pad = 0.12 * (max(ends) - min(ends) or 1.0)
    x = _Scale(min(ends) - pad, max(ends) + pad, LEFT, WIDTH - RIGHT)
    start = x(x.low if low is None else low)
    band = Box(start, x(x.high if high is None else high) - start)
    limits = [_("open") if v is None else _whole(v) for v in (low, high)]
    text = _("{value}, interval {start} to {end}; published range {low} to {high}").format(
        value=_whole(value), start=_whole(value - half_width), end=_whole(value + half_width),
        low=limits[0], high=limits[1],
    )  # fmt: skip
    return RangeDrawing(
        band, x(value - half_width), x(value + half_width), x(value), x.ticks(8), text
    )


def _whole(value: float) -> str:
    """Return a number without decimals, with a true minus and no minus zero."""
    return f"{round(value)}".replace("-", "−")


def _path(time_s: FloatArray, values: FloatArray, x: _Scale, y: _Scale) -> str:
    points = [f"{x(float(t))},{y(float(v))}" for t, v in zip(time_s, values, strict=True)]
    return "M" + " L".join(points)
