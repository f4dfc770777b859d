"""What a report shows, gathered from a result: the same for HTML and for PDF."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from movecheck.marks import N_
from movecheck.report import words as say
from movecheck.report.corrected import correction_lines
from movecheck.report.drawing import CurveDrawing, RangeDrawing, draw_curves, draw_range
from movecheck.report.load import ResultFolder
from movecheck.report.names import Audience, check_name, measure_name, movement_name, upper_first
from movecheck.report.origin import Origin, origin_of, told
from movecheck.report.pain import pain_sentences
from movecheck.report.select import band_of, curves, held
from movecheck.texts import _, decimal, language
from movecheck.types import Assessment, Finding, Rep


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


def facts(result: ResultFolder, audience: Audience = "therapist") -> dict[str, Any]:
    """Return what the templates show, in the words of one kind of reader.

    Parameters
    ----------
    result : ResultFolder
        What one measurement wrote.
    audience : {"patient", "therapist"}
        Whose names for figures and angles to use.
    """
    assessment = result.assessment
    findings = assessment.findings
    compared = [f for f in findings if f.result != "no_reference"]
    return {
        "language": language(),
        "title": movement_name(assessment.movement),
        "patient": say.headline(assessment, "patient"),
        "therapist": say.headline(assessment, "therapist"),
        "plus_minus": _(say.PLUS_MINUS),
        "outside_is_common": _(say.OUTSIDE_IS_COMMON),
        "chance": say.expected_by_chance(findings),
        "disclaimer": _(say.DISCLAIMER),
        "method": _(say.METHOD),
        "recording": _recording(assessment),
        "reps": [rep_row(i, rep, held(assessment)) for i, rep in enumerate(assessment.reps, 1)],
        "rows": _measure_rows(result, audience),
        "missing": _missing(result, audience),
        "comparisons": [_comparison(f, result, audience) for f in compared],
        "without": _without(result, audience),
        "curves": _curves(result, audience),
        "checks": [(check_name(c.id), c.ok, _(c.advice or "")) for c in assessment.capture],
        "corrections": correction_lines(assessment),
        "pain": pain_sentences(assessment, audience),
        "provenance": _flat(assessment.provenance),
    }


VIEWS = {
    "side": N_("seen from the side"),
    "front": N_("seen from the front"),
    "unknown": N_("seen from an unknown direction"),
}
FACING = {
    "left": N_("facing the left of the picture"),
    "right": N_("facing the right of the picture"),
}


def _recording(assessment: Assessment) -> str:
    """Return what is known of the recording, in a sentence."""
    recording = assessment.recording
    parts = [
        seconds(recording.duration_s),
        _("{fps} pictures a second").format(fps=f"{recording.fps:.0f}"),
        f"{recording.width_px} × {recording.height_px} px",
        _(VIEWS[assessment.view]),
    ]
    if assessment.view == "side" and assessment.facing in FACING:
        parts.append(_(FACING[assessment.facing]))
    sentence = f"{', '.join(parts)}."
    if recording.complete:
        return sentence
    return f"{sentence} {_('The file ends before it should. What was there has been measured.')}"


def seconds(time_s: float) -> str:
    """Return a time as the tables write it."""
    return f"{decimal(f'{time_s:.1f}')}{say.NO_BREAK}s"


def rep_row(number: int, rep: Rep, hold: bool = False) -> tuple[str, ...]:
    """Return the number of a repetition, its times, and whether it counts."""
    times = [seconds(t) for t in (rep.start_s, rep.peak_s, rep.end_s, rep.end_s - rep.start_s)]
    if hold or rep.peak_s in (rep.start_s, rep.end_s):  # a hold has no deepest point
        times[1] = "–"
    return (str(number), *times, counted(rep))


def counted(rep: Rep) -> str:
    """Return whether a repetition counts, and why it does not."""
    if rep.excluded_reason is None:
        return _("yes, added by hand") if rep.by_hand else _("yes")
    if rep.by_hand:
        return _("no, added by hand: {reason}").format(reason=_(rep.excluded_reason))
    return _("no: {reason}").format(reason=_(rep.excluded_reason))


def _measure_rows(result: ResultFolder, audience: Audience) -> list[tuple[str, str, str, str]]:
    """Return name, side, value and remark of each summary measure that has a value."""
    return [
        (
            measure_name(m.id, audience),
            say.side_words(m.side, result.assessment),
            say.value_text(m),
            _("partly filled in") if m.status == "partly_filled" else "",
        )
        for m in result.assessment.measures
        if m.rep is None and m.value is not None
    ]


def _missing(result: ResultFolder, audience: Audience) -> list[tuple[str, str]]:
    """Return what could not be measured: the names and the reason they share."""
    reasons: dict[str, list[str]] = {}
    for m in result.assessment.measures:
        if m.rep is None and m.value is None:
            title = say.signal_title(m, result.assessment, audience)
            reasons.setdefault(m.reason or N_("No reason was given."), []).append(title)
    return [("; ".join(dict.fromkeys(names)), _(reason)) for reason, names in reasons.items()]


def _comparison(finding: Finding, result: ResultFolder, audience: Audience) -> Comparison:
    measure = say.summary_of(finding, result.assessment)
    drawing = None
    origin = origin_of(finding)
    if measure is not None and measure.value is not None:
        half_width = measure.uncertainty or 0.0
        drawing = draw_range(measure.value, half_width, finding.low, finding.high)
    return Comparison(
        title=say.measure_title(finding, result.assessment, audience),
        value=say.value_text(measure) if measure is not None else "",
        result=upper_first(_(say.RESULTS[finding.result])),
        origin=origin,
        source=finding.source_key or _("not stated"),
        note=told(finding.note) if finding.note else origin.caution if origin else None,
        drawing=drawing,
    )


def _without(result: ResultFolder, audience: Audience) -> list[tuple[str, str]]:
    """Return why figures have no range: the figures and the note they share."""
    notes: dict[str, list[str]] = {}
    for f in result.assessment.findings:
        if f.result == "no_reference" and f.note:
            title = say.signal_title(f, result.assessment, audience)
            notes.setdefault(f.note, []).append(title)
    return [("; ".join(dict.fromkeys(titles)), told(note)) for note, titles in notes.items()]


def _curves(result: ResultFolder, audience: Audience) -> Sequence[tuple[str, CurveDrawing]]:
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
                held(result.assessment),
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
