"""The summary that `movecheck assess` prints."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table

from movecheck.marks import N_
from movecheck.reference import citation
from movecheck.report.names import (
    check_name,
    measure_name,
    movement_name,
    signal_name,
    split_measure,
)
from movecheck.report.pain import pain_sentences
from movecheck.report.words import headline, number, value_text
from movecheck.texts import _, decimal
from movecheck.types import Assessment, Finding, Measure

DISCLAIMER = N_(
    "movecheck measures movement; it does not diagnose and is not a medical device. Being outside "
    "a range is common in people without pain."
)

VIEWS = {"side": N_("side view"), "front": N_("front view")}
RESULTS = {
    "within": N_("within"),
    "below": N_("below"),
    "above": N_("above"),
    "borderline": N_("borderline"),
}
HEADS: dict[str, tuple[str, ...]] = {
    "mean": (N_("While still"),),
    "range": (N_("From standing"), N_("Level"), N_("Spread")),
    "peak": (N_("At its most"),),
}


def show(assessment: Assessment, console: Console) -> None:
    """Print headline, summary table, findings and capture advice."""
    words = headline(assessment)
    console.print(f"\n[bold]{movement_name(assessment.movement)}[/bold]", end="")
    console.print(f" ({_(VIEWS[assessment.view])})" if assessment.view in VIEWS else "")
    console.print(words.main)
    for detail in words.more:
        console.print(detail)
    for sentence in pain_sentences(assessment, "therapist"):
        console.print(sentence, markup=False)
    console.print(_table(assessment))
    _missing(assessment, console)
    for check in assessment.capture:
        if not check.ok:
            console.print(f"[yellow]![/yellow] {check_name(check.id)}: {_(check.advice or '')}")
    console.print(f"[dim]{_(DISCLAIMER)}[/dim]")


def _table(assessment: Assessment) -> Table:
    """One row a signal and side, one row a time, speed or depth."""
    if any(m.id.endswith("_mean") for m in assessment.measures):
        kinds: tuple[str, ...] = ("mean",)
    elif any(m.id.endswith("_range") for m in assessment.measures):
        kinds = ("range", "peak", "range_sd")
    else:
        kinds = ("peak",)
    heads = [N_("Measure"), N_("Side"), *HEADS[kinds[0]], N_("Published range")]
    table = Table(*(_(head) for head in heads))
    summaries = {(m.id, m.side): m for m in assessment.measures if m.rep is None}
    findings = {(f.measure_id, f.side): f for f in assessment.findings}
    for (id_, side), first in summaries.items():
        stem, ending = split_measure(id_)
        if first.value is None or id_.endswith("_sd") or (stem and ending != kinds[0]):
            continue
        ids = [f"{stem}_{kind}" for kind in kinds] if stem else [id_]
        cells = [_cell(summaries.get((i, side))) for i in ids]
        cells += [""] * (len(kinds) - len(cells))
        if not stem and len(kinds) > 1:
            cells[2] = _cell(summaries.get((f"{id_}_sd", side)))
        ranges = [_range(findings.get((i, side))) for i in ids]
        name = signal_name(stem, "therapist") if stem else measure_name(id_, "therapist")
        table.add_row(name, _(side or ""), *cells, next(filter(None, ranges), ""))
    return table


def _cell(measure: Measure | None) -> str:
    if measure is None or measure.value is None:
        return ""
    if measure.id.endswith("_sd"):
        return number(measure.value, measure.unit)
    return value_text(measure)


def _range(finding: Finding | None) -> str:
    if finding is None or finding.result == "no_reference" or finding.source_key is None:
        return ""
    low, high = (None if x is None else decimal(f"{x:g}") for x in (finding.low, finding.high))
    ends = (
        _("{low} to {high}").format(low=low, high=high)
        if low is not None and high is not None
        else _("{low} or more").format(low=low)
        if low is not None
        else _("up to {high}").format(high=high)
    )
    return f"{_(RESULTS[finding.result])}: {ends} ({citation(finding.source_key)})"


def _missing(assessment: Assessment, console: Console) -> None:
    """One line a reason, with what it keeps from being measured."""
    by_reason: dict[str, list[str]] = {}
    for measure in assessment.measures:
        stem, ending = split_measure(measure.id)
        if measure.rep is None and measure.value is None and ending in ("range", "mean"):
            name = signal_name(stem, "therapist") + (
                f" ({_(measure.side)})" if measure.side else ""
            )
            by_reason.setdefault(measure.reason or "", []).append(name)
    for reason, names in by_reason.items():
        told = _("Not measurable: {names}. {reason}")
        console.print(f"[dim]{told.format(names=', '.join(names), reason=_(reason))}[/dim]")
