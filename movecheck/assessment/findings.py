"""Summaries held against published rows."""

from __future__ import annotations

from collections.abc import Sequence

from movecheck.reference import NoReference, compare, lookup
from movecheck.types import Finding, Measure, Person

NEVER = ("_sd", "_difference", "_trend", "_drift")
"""Endings of measures that no published range is about."""


def find(measures: Sequence[Measure], movement: str, person: Person) -> list[Finding]:
    """Hold every summary against the published rows for this person."""
    return [
        _finding(measure, measure.value, measure.uncertainty, movement, person)
        for measure in measures
        if measure.rep is None
        and measure.value is not None
        and measure.uncertainty is not None
        and not measure.id.endswith(NEVER)
    ]


def _finding(
    measure: Measure, value: float, half_width: float, movement: str, person: Person
) -> Finding:
    found = lookup(measure.id, movement, person.sex, person.age)
    result = compare(value, half_width, found)
    if isinstance(found, NoReference):
        note = " ".join([found.reason, *(context.describe() for context in found.context)])
        return Finding(measure.id, measure.side, result, note=note)
    return Finding(
        measure.id,
        measure.side,
        result,
        found.low,
        found.high,
        found.row.source_key,
        found.row.comparability,
        found.row.row_id,
        note=" ".join(text for text in (found.caution, found.note) if text) or None,
    )
