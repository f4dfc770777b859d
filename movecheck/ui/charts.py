"""Charts of a result in Altair, each with its words for people who cannot see it.

Altair is heavy: this module is imported only once there is a result to draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import numpy as np

from movecheck.report.curves import Piece, axis_limits, marks, pieces
from movecheck.texts import _, decimal, ngettext
from movecheck.types import AngleTrack, Rep

COLOURS = {"left": "#2a8c82", "right": "#c8641b", "": "#3f72af"}
"""Colour of a side; they differ in lightness too, and each line is also named in words."""
SHAPES = {"left": "circle", "right": "square", "": "circle"}
BAND = "#3f72af"
SHADE = "#8a9a99"
INK = "#6b7a79"
SIGNS = {"degrees": "°", "seconds": " s"}


@dataclass(frozen=True)
class Chart:
    """A drawing and what it shows, in words."""

    drawing: alt.LayerChart | alt.FacetChart
    alt_text: str


def side_name(side: str) -> str:
    """Return what the key of a chart calls a side of the body."""
    return {"left": _("Left"), "right": _("Right")}.get(side, _("Body"))


def rows_of(rows: Sequence[dict[str, Any]]) -> alt.Data:
    """Return rows as Altair's data."""
    return alt.Data(values=list(rows))  # type: ignore[no-untyped-call]


def _line_rows(column: str, side: str, track: AngleTrack) -> list[dict[str, Any]]:
    """Return the points of a signal, in pieces: a gap stays a gap."""
    found: list[Piece] = pieces(track.time_s, track.values[column], track.state[column])
    return [
        {
            "t": round(float(t), 3),
            "v": round(float(v), 2),
            "piece": f"{column}-{i}",
            "side": side_name(side),
            "filled": piece.filled,
        }
        for i, piece in enumerate(found)
        for t, v in zip(piece.time_s, piece.values, strict=True)
    ]


def signal_chart(
    title: str,
    columns: dict[str, str],
    track: AngleTrack,
    reps: Sequence[Rep] = (),
    band: tuple[float | None, float | None] | None = None,
    held: bool = False,
) -> Chart:
    """Draw one angle over time.

    Parameters
    ----------
    title : str
        Name of the angle.
    columns : dict of str to str
        Side ("left", "right" or "") to the name of the signal.
    track : AngleTrack
        All signals.
    reps : sequence of Rep
        Repetitions, shaded; those left out are lighter.
    band : pair of float or None, optional
        Limits of the published range for the peak, drawn as a band.
    held : bool
        Whether the repetitions are holds, marked where they begin and end.
    """
    rows = [row for side, name in columns.items() for row in _line_rows(name, side, track)]
    end_s = float(track.time_s[-1])
    scale = alt.Scale(domain=[0, end_s], nice=False)
    x = alt.X("t:Q", title=None, scale=scale, axis=_axis(6, " s"))
    limits = axis_limits(np.concatenate([track.values[name] for name in columns.values()]), band)
    room = alt.Scale(domain=list(limits), nice=False)
    y = alt.Y("v:Q", title=None, scale=room, axis=_axis(5, "°"))
    layers: list[Any] = [*_rep_layers(reps), *_band_layers(band, limits)]
    colour = alt.Color(
        "side:N",
        title=None,
        legend=alt.Legend(orient="top", direction="horizontal") if len(columns) > 1 else None,
        scale=alt.Scale(
            domain=[side_name(side) for side in columns],
            range=[COLOURS[side] for side in columns],
        ),
    )
    lines = alt.Chart(rows_of(rows)).encode(x=x, y=y, detail="piece:N", color=colour)
    layers.append(lines.transform_filter("!datum.filled").mark_line(strokeWidth=2.2))
    layers.append(
        lines.transform_filter("datum.filled").mark_line(
            strokeWidth=2, strokeDash=[4, 4], opacity=0.6
        )
    )
    marked = {
        side: marks(track.time_s, track.values[name], reps, held) for side, name in columns.items()
    }
    layers += _marks(marked, x, y, colour)
    drawing = alt.layer(*layers).properties(height=210)
    return Chart(drawing, signal_alt(title, columns, track, reps))


def _marks(
    marked: dict[str, list[tuple[float, float]]], x: alt.X, y: alt.Y, colour: alt.Color
) -> list[alt.Chart]:
    """Mark points by side; a round mark is the left side, a square one the right."""
    rows = [
        {"t": round(time_s, 3), "v": round(value, 2), "side": side_name(side)}
        for side, points in marked.items()
        for time_s, value in points
    ]
    if not rows:
        return []
    shape = alt.Shape(
        "side:N",
        title=None,
        legend=None,
        scale=alt.Scale(
            domain=[side_name(side) for side in marked],
            range=[SHAPES[side] for side in marked],
        ),
    )
    base = alt.Chart(rows_of(rows)).encode(x=x, y=y, color=colour, shape=shape)
    return [base.mark_point(filled=True, size=70, opacity=1)]


def unit_axis(unit: str = "°") -> alt.Axis:
    """Return a vertical axis whose numbers carry their unit."""
    return _axis(5, unit)


def _axis(count: int, unit: str, *, grid: bool = True) -> alt.Axis:
    """Return an axis whose every number carries its unit, so that it needs no title."""
    return alt.Axis(
        tickCount=count,
        labelExpr=f"replace(datum.label, '.', '{decimal('.')}') + '{unit}'",
        grid=grid,
    )


def _rep_layers(reps: Sequence[Rep]) -> list[alt.Chart]:
    if not reps:
        return []
    rows = [
        {
            "start": rep.start_s,
            "end": rep.end_s,
            "middle": (rep.start_s + rep.end_s) / 2,
            "name": str(i)
            if rep.excluded_reason is None
            else _("{number} left out").format(number=i),
            "strength": 0.16 if rep.excluded_reason is None else 0.07,
        }
        for i, rep in enumerate(reps, 1)
    ]
    base = alt.Chart(rows_of(rows))
    shade = base.mark_rect(color=SHADE, stroke="white", strokeWidth=2).encode(
        x="start:Q", x2="end:Q", opacity=alt.Opacity("strength:Q", scale=None, legend=None)
    )
    name = base.mark_text(color=INK, fontSize=12, baseline="top").encode(
        x="middle:Q", y=alt.value(3), text="name:N"
    )
    return [shade, name]


def _band_layers(
    band: tuple[float | None, float | None] | None, limits: tuple[float, float]
) -> list[alt.Chart]:
    """Draw the published range; an open end reaches the edge of the chart."""
    if band is None:
        return []
    low, high = (
        limit if limit is not None else end for limit, end in zip(band, limits, strict=True)
    )
    area = alt.Chart(rows_of([{"low": low, "high": high}])).mark_rect(color=BAND, opacity=0.13)
    return [area.encode(y="low:Q", y2="high:Q")]


def signal_alt(title: str, columns: dict[str, str], track: AngleTrack, reps: Sequence[Rep]) -> str:
    """Return what a chart of one angle shows, in words."""
    parts = []
    for side, name in columns.items():
        values = track.values[name]
        who = f"{_(side)}: " if side else ""
        if not np.isfinite(values).any():
            parts.append(f"{who}{_('not seen')}")
            continue
        missing = 100 * float(np.mean(~np.isfinite(values)))
        low, high = (
            f"{end:.0f}".replace("-", "−") for end in (np.nanmin(values), np.nanmax(values))
        )
        told = _("from {low} to {high} degrees").format(low=low, high=high)
        if missing >= 1:
            told += _(", missing in {share} % of the time").format(share=f"{missing:.0f}")
        parts.append(f"{who}{told}")
    text = _("Line chart over time: {angle}. {ranges}.").format(
        angle=title, ranges="; ".join(parts)
    )
    if not reps:
        return text
    shaded = ngettext("{n} repetition is shaded.", "{n} repetitions are shaded.", len(reps))
    return f"{text} {shaded.format(n=len(reps))}"


def range_chart(
    value: float, half_width: float, low: float | None, high: float | None, unit: str = "degrees"
) -> Chart:
    """Draw a value with its ± against a published range.

    Parameters
    ----------
    value, half_width : float
        The figure and its 95 % half-width.
    low, high : float or None
        Limits of the range; None where it is open.
    unit : str
        What the figure counts, in words.
    """
    ends = [value - half_width, value + half_width, *(x for x in (low, high) if x is not None)]
    pad = 0.12 * (max(ends) - min(ends) or 1.0)
    start, end = min(ends) - pad, max(ends) + pad
    row = {
        "low": start if low is None else low,
        "high": end if high is None else high,
        "from": value - half_width,
        "to": value + half_width,
        "value": value,
    }
    base = alt.Chart(rows_of([row]))
    scale = alt.Scale(domain=[start, end], nice=False)
    axis = _axis(6, SIGNS.get(unit, ""), grid=False)
    band = base.mark_rect(color=BAND, opacity=0.22, height=30).encode(
        x=alt.X("low:Q", title=None, scale=scale, axis=axis), x2="high:Q"
    )
    whisker = base.mark_rule(strokeWidth=3, color=COLOURS["left"]).encode(x="from:Q", x2="to:Q")
    ticks = [
        base.mark_tick(thickness=3, size=16, color=COLOURS["left"]).encode(x=f"{end_name}:Q")
        for end_name in ("from", "to")
    ]
    point = base.mark_point(filled=True, size=130, color=COLOURS["left"], opacity=1).encode(
        x="value:Q"
    )
    drawing = alt.layer(band, whisker, *ticks, point).properties(height=48)
    limits = [_("open") if x is None else f"{x:.0f}" for x in (low, high)]
    text = _(
        "The figure {value} with its interval from {start} to {end} {unit}, drawn over the "
        "published range {low} to {high}."
    ).format(
        value=f"{value:.0f}", start=f"{value - half_width:.0f}", end=f"{value + half_width:.0f}",
        unit=_(unit), low=limits[0], high=limits[1],
    )  # fmt: skip
    return Chart(drawing, text)
