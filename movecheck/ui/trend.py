"""Charts over visits: curves of two visits on each other, differences, and the trend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import altair as alt
import numpy as np

from movecheck import texts
from movecheck.marks import N_
from movecheck.report import words as say
from movecheck.report.compare import PERCENT, Change, cycles
from movecheck.texts import _, decimal
from movecheck.types import AngleTrack, FloatArray, Rep
from movecheck.ui.charts import Chart, rows_of, unit_axis

EARLIER, LATER = "#3f72af", "#c8641b"
"""Colours of two visits; the earlier one is dashed as well."""
VERDICTS = {
    "real change": N_("real change"),
    "within measurement error": N_("within measurement error"),
}
LINES = (N_("dashed"), N_("solid"))


@dataclass(frozen=True)
class Curves:
    """The repetitions of one visit: its name, and the signal on percent of each repetition."""

    name: str
    rows: FloatArray


def curves_of(name: str, track: AngleTrack | None, column: str, reps: Sequence[Rep]) -> Curves:
    """Return the repetitions of a visit; none when the signal is not there."""
    if track is None or column not in track.values:
        return Curves(name, np.empty((0, len(PERCENT))))
    return Curves(name, cycles(track, column, reps))


def overlaid(title: str, both: Sequence[Curves]) -> Chart:
    """Draw the repetitions of two visits over percent of the repetition.

    Parameters
    ----------
    title : str
        Name of the angle.
    both : sequence of Curves
        The earlier visit first; one without repetitions is not drawn.
    """
    # The names say how a line is drawn, so that nobody has to tell it by its colour.
    names = [f"{curve.name} ({_(way)})" for curve, way in zip(both, LINES, strict=True)]
    thin, thick = [], []
    told = []
    for curve, name in zip(both, names, strict=True):
        if not len(curve.rows):
            continue
        middle = curve.rows.mean(axis=0)
        told.append(
            _("{visit}: mean from {range} degrees, {n} repetitions").format(
                visit=curve.name, range=_span(middle), n=len(curve.rows)
            )
        )
        for number, row in enumerate(curve.rows):
            thin += _points(row, name, f"{name}-{number}")
        thick += _points(middle, name, name)
    key = alt.Legend(orient="top", direction="horizontal", symbolType="stroke", symbolSize=400)
    colours = alt.Scale(domain=names, range=[EARLIER, LATER])
    colour = alt.Color("visit:N", title=None, scale=colours, legend=key)
    dashes = alt.Scale(domain=names, range=[[6, 3], [1, 0]])
    dash = alt.StrokeDash("visit:N", scale=dashes, legend=None)
    pale = alt.Color("visit:N", scale=colours, legend=None)
    x = alt.X("p:Q", title=_("percent of the repetition"), axis=alt.Axis(tickCount=5))
    y = alt.Y("v:Q", title=None, axis=unit_axis())
    base: dict[str, Any] = {"x": x, "y": y, "detail": alt.Detail("piece:N")}
    single = alt.Chart(rows_of(thin)).encode(**base, color=pale)
    mean = alt.Chart(rows_of(thick)).encode(**base, color=colour, strokeDash=dash)
    drawing = (
        alt.layer(single.mark_line(strokeWidth=1, opacity=0.35), mean.mark_line(strokeWidth=3))
        .resolve_scale(color="independent")
        .properties(height=260)
    )
    return Chart(
        drawing,
        _("{angle} over percent of the repetition. {curves}.").format(
            angle=title, curves="; ".join(told)
        ),
    )


def _span(values: FloatArray) -> str:
    known = values[np.isfinite(values)]
    if not len(known):
        return _("unknown")
    low, high = (f"{end:.0f}".replace("-", "−") for end in (known.min(), known.max()))
    return _("{low} to {high}").format(low=low, high=high)


def _points(row: FloatArray, visit: str, piece: str) -> list[dict[str, Any]]:
    return [
        {"p": float(p), "v": round(float(v), 2), "visit": visit, "piece": piece}
        for p, v in zip(PERCENT, row, strict=True)
        if np.isfinite(v)
    ]


def change_row(title: str, change: Change) -> dict[str, str]:
    """Return a difference as a row of a table."""
    before, after, difference, detectable = change_values(change)
    return {
        _("Measure"): title,
        _("Earlier"): before,
        _("Later"): after,
        _("Difference"): difference,
        _("Smallest detectable"): detectable,
        _("What it says"): _(VERDICTS[change.verdict]),
    }


def change_values(change: Change) -> tuple[str, str, str, str]:
    """Return both figures, their difference and the smallest detectable one, as they are told."""
    unit = change.after.unit
    sign = "+" if change.difference > 0 else ""
    return (
        say.value_text(change.before),
        say.value_text(change.after),
        f"{sign}{say.number(change.difference, unit)}",
        say.number(change.detectable, unit),
    )


@dataclass(frozen=True)
class Point:
    """A figure at a visit: day, value and its 95 % half-width."""

    day: date
    value: float
    half_width: float


def trend(title: str, points: Sequence[Point], unit: str = "") -> Chart:
    """Draw a figure over all visits, each with its ±; `unit` is written after the numbers."""
    rows = [
        {
            "day": f"{p.day.isoformat()}T12:00:00",
            "value": round(p.value, 2),
            "low": round(p.value - p.half_width, 2),
            "high": round(p.value + p.half_width, 2),
        }
        for p in points
    ]
    days = list(dict.fromkeys(f"{p.day.isoformat()}T12:00:00" for p in points))
    x = alt.X(
        "day:T",
        title=None,
        scale=alt.Scale(padding=30),
        axis=alt.Axis(format=texts.day_format(), values=days, labelAngle=0, labelOverlap=True),
    )
    base = alt.Chart(rows_of(rows)).encode(x=x)
    scale = alt.Scale(zero=False)
    drawing = alt.layer(
        base.mark_rule(color=EARLIER, strokeWidth=2).encode(
            y=alt.Y("low:Q", title=None, scale=scale, axis=unit_axis(unit)), y2="high:Q"
        ),
        base.mark_line(color=EARLIER, strokeDash=[3, 3]).encode(y="value:Q"),
        base.mark_point(color=EARLIER, filled=True, size=90, opacity=1).encode(y="value:Q"),
    ).properties(height=220)
    told = "; ".join(
        f"{texts.day(p.day)}: {decimal(f'{p.value:.1f} ± {p.half_width:.1f}')}{unit}"
        for p in points
    )
    return Chart(
        drawing, _("{figure} over the visits. {values}.").format(figure=title, values=told)
    )
