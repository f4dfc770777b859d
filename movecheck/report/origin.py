"""Where a published range comes from, in words for a reader."""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass

from movecheck.reference import load_tables
from movecheck.reference.words import Voice, describe
from movecheck.texts import ENGLISH, _, decimal, language, speaking
from movecheck.types import Finding

VOICE = Voice(_, decimal)
"""How sentences about published values are told to a reader."""


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
    return Origin(
        describe(row, source, VOICE), _(row.definition), _(row.instrument), caution, source.full
    )


def told(note: str) -> str:
    """Return the note of a finding for a reader: sentences of ours, and published values."""
    if language() == ENGLISH:
        return note
    published = _published(language())
    parts = re.split(f"({'|'.join(map(re.escape, published))})", note)
    return " ".join(published.get(part) or _(part.strip()) for part in parts if part.strip())


@functools.cache
def _published(code: str) -> dict[str, str]:
    """Return the sentence of every published row in English, as files hold it, and translated."""
    tables = load_tables()
    with speaking(code):
        return {
            describe(row, source): describe(row, source, VOICE)
            for row in tables.rows.values()
            for source in [tables.sources[row.source_key]]
        }
