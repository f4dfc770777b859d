"""One printable HTML page about a result: no scripts, nothing fetched from anywhere."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from movecheck.errors import ExportError
from movecheck.report import words as say
from movecheck.report.drawing import CurveDrawing, RangeDrawing, draw_curves, draw_range
from movecheck.report.load import ResultFolder, read_result
from movecheck.report.names import (
    Audience,
    check_name,
    measure_name,
    movement_name,
)
from movecheck.report.origin import Origin, origin_of
from movecheck.report.select import band_of, curves
from movecheck.types import Finding

TEMPLATE = "report.html.j2"


@dataclass(frozen=True)
class Comparison:
    """A finding made ready for the page."""

    title: str
    value: str
    result: str
    origin: Origin | None
    source: str
    note: str | None
    drawing: RangeDrawing | None


def write_report(source: Path | str | ResultFolder, out_path: Path | str) -> Path:
    """Write a result as one self-contained HTML page.

    Parameters
    ----------
    source : Path or ResultFolder
        Output folder of ``movecheck assess``, or what `read_result` made of it.
    out_path : Path
        Where the page goes; it is replaced in one step.

    Returns
    -------
    Path
        `out_path`.

    Raises
    ------
    DataError
        The folder does not hold what it should.
    ExportError
        The page cannot be written.
    """
    result = source if isinstance(source, ResultFolder) else read_result(Path(source))
    page = render(result)
    out = Path(out_path)
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, suffix=".html")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        Path(name).replace(out)
    except OSError as error:
        raise ExportError("The report could not be written.") from error
    return out


def render(result: ResultFolder) -> str:
    """Return a result as an HTML page."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("movecheck.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template(TEMPLATE).render(_facts(result))


def _facts(result: ResultFolder) -> dict[str, Any]:
    """Return what the template shows."""
    assessment = result.assessment
    findings = assessment.findings
    compared = [f for f in findings if f.result != "no_reference"]
    facts: dict[str, Any] = {
        "title": movement_name(assessment.movement),
        "patient": say.headline(assessment, "patient"),
        "therapist": say.headline(assessment, "therapist"),
        "plus_minus": say.PLUS_MINUS,
        "outside_is_common": say.OUTSIDE_IS_COMMON,
        "chance": say.expected_by_chance(findings),
        "disclaimer": say.DISCLAIMER,
        "recording": assessment.recording,
        "view": assessment.view,
        "facing": assessment.facing,
        "reps": assessment.reps,
        "rows": _measure_rows(result),
        "missing": _missing(result),
        "comparisons": [_comparison(f, result) for f in compared],
        "without": _without(result),
        "curves": _curves(result),
        "checks": [(check_name(c.id), c.ok, c.advice or "") for c in assessment.capture],
        "provenance": _flat(assessment.provenance),
    }
    return facts


def _measure_rows(result: ResultFolder) -> list[tuple[str, str, str, str]]:
    """Return name, side, value and remark of each summary measure that has a value."""
    return [
        (
            measure_name(m.id, "therapist"),
            say.side_words(m.side, result.assessment),
            say.value_text(m),
            "partly filled in" if m.status == "partly_filled" else "",
        )
        for m in result.assessment.measures
        if m.rep is None and m.value is not None
    ]


def _missing(result: ResultFolder) -> list[tuple[str, str]]:
    """Return what could not be measured: the names and the reason they share."""
    reasons: dict[str, list[str]] = {}
    for m in result.assessment.measures:
        if m.rep is None and m.value is None:
            title = say.signal_title(m, result.assessment, "therapist")
            reasons.setdefault(m.reason or "no reason was given", []).append(title)
    return [("; ".join(dict.fromkeys(names)), reason) for reason, names in reasons.items()]


def _comparison(finding: Finding, result: ResultFolder) -> Comparison:
    measure = say.summary_of(finding, result.assessment)
    drawing = None
    origin = origin_of(finding)
    if measure is not None and measure.value is not None:
        half_width = measure.uncertainty or 0.0
        drawing = draw_range(measure.value, half_width, finding.low, finding.high)
    return Comparison(
        title=say.measure_title(finding, result.assessment, "therapist"),
        value=say.value_text(measure) if measure is not None else "",
        result=say.RESULTS[finding.result],
        origin=origin,
        source=finding.source_key or "not stated",
        note=finding.note or (origin.caution if origin else None),
        drawing=drawing,
    )


def _without(result: ResultFolder) -> list[tuple[str, str]]:
    """Return why figures have no range: the figures and the note they share."""
    notes: dict[str, list[str]] = {}
    for f in result.assessment.findings:
        if f.result == "no_reference" and f.note:
            title = say.signal_title(f, result.assessment, "therapist")
            notes.setdefault(f.note, []).append(title)
    return [("; ".join(dict.fromkeys(titles)), note) for note, titles in notes.items()]


def _curves(
    result: ResultFolder, audience: Audience = "therapist"
) -> Sequence[tuple[str, CurveDrawing]]:
    """Return the charts of the movement's own angles."""
    track = result.signals
    if track is None:
        return []
    groups, first = curves(track, result.assessment.movement)
    return [
        (
            say.curve_title(base, groups[base], result.assessment, audience),
            draw_curves(
                groups[base],
                track,
                result.assessment.reps,
                band_of(base, result.assessment.findings),
            ),
        )
        for base in first
    ]


def _flat(tree: Any, prefix: str = "") -> list[tuple[str, str]]:
    """Return nested settings as pairs of a dotted name and a text."""
    if not isinstance(tree, dict):
        return [(prefix, str(tree))]
    return [
        pair
        for name, value in tree.items()
        for pair in _flat(value, f"{prefix}.{name}" if prefix else str(name))
    ]
