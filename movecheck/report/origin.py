"""Where a published range comes from, in words for a reader."""

from __future__ import annotations

from dataclasses import dataclass

from movecheck.reference import load_tables
from movecheck.reference.words import describe
from movecheck.texts import _
from movecheck.types import Finding


@dataclass(frozen=True)
class Origin:
    """The source of a range.

    Attributes
    ----------
    sentence : str
        Whom the study measured, how many, with what, and what it read.
    definition, instrument : str
        What exactly was measured, and how.
    caution : str or None
        What must be said wherever the range is shown.
    citation : str
        Authors, year, title, journal and link.
    """

    sentence: str
    definition: str
    instrument: str
    caution: str | None
    citation: str


def origin_of(finding: Finding) -> Origin | None:
    """Return where a finding's range comes from, or None when it names no known row."""
    tables = load_tables()
    row = tables.rows.get(finding.row_id or "")
    source = tables.sources.get(finding.source_key or (row.source_key if row else ""))
    if row is None or source is None:
        return None
    caution = _(row.caution) if row.caution else None
    return Origin(describe(row, source), row.definition, row.instrument, caution, source.full)


def told(note: str) -> str:
    """Return the note of a finding for a reader."""
    return _(note)
