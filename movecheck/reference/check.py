"""Whether the tables hold together: for whoever edits them, and for the tests."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from movecheck.reference._csv import DATA, read_table
from movecheck.reference.rules import BANDS, refusal
from movecheck.reference.sources import SOURCES, Source
from movecheck.reference.table import (
    COMPARISONS,
    PROPERTIES,
    RANGES,
    Comparison,
    MeasurementProperty,
    ReferenceRow,
)
from movecheck.reference.words import BANNED

_ONE_LIMIT = frozenset({"severity_band", "technique_band"})
_TWO_LIMITS = BANDS - {"cutoff", "upper_limit"} | {
    "ci95_of_mean",
    "observed_range",
    "span_across_ages",
}
_SHOWN = ("definition", "people", "instrument", "reading", "caution", "note", "reason")


def check_tables(folder: Path = DATA) -> list[str]:
    """Look for anything in the tables that should not be there.

    Parameters
    ----------
    folder : Path, optional
        Folder with the four CSV files; by default the one that comes with movecheck.

    Returns
    -------
    list of str
        One line a problem, with file and row; empty when all is well.
    """
    rows, problems = read_table(folder / RANGES, ReferenceRow)
    sources, more = read_table(folder / SOURCES, Source)
    comparisons, others = read_table(folder / COMPARISONS, Comparison)
    properties, rest = read_table(folder / PROPERTIES, MeasurementProperty)
    problems += [*more, *others, *rest]
    problems += _repeated(RANGES, [row.row_id for row in rows])
    problems += _repeated(SOURCES, [source.key for source in sources])
    problems += _repeated(PROPERTIES, [item.prop_id for item in properties])
    problems += _sources_known(rows, sources, properties)
    for row in rows:
        problems += [f"{RANGES}, row {row.row_id}: {text}." for text in _row_problems(row)]
    for item in properties:
        if item.value is None and item.low is None and item.high is None:
            problems.append(f"{PROPERTIES}, row {item.prop_id}: there is no number.")
    problems += _comparison_problems(comparisons, {row.row_id: row for row in rows})
    problems += _banned_words(rows, comparisons)
    return problems


def _repeated(name: str, ids: Sequence[str]) -> list[str]:
    return [
        f"{name}, row {key}: stands there {n} times." for key, n in Counter(ids).items() if n > 1
    ]


def _sources_known(
    rows: Sequence[ReferenceRow],
    sources: Sequence[Source],
    properties: Sequence[MeasurementProperty],
) -> Iterator[str]:
    keys = {source.key for source in sources}
    used = {row.source_key for row in rows} | {item.source_key for item in properties}
    for row in rows:
        if row.source_key not in keys:
            yield f"{RANGES}, row {row.row_id}: source {row.source_key} is not known."
    for item in properties:
        if item.source_key not in keys:
            yield f"{PROPERTIES}, row {item.prop_id}: source {item.source_key} is not known."
    for key in sorted(keys - used):
        yield f"{SOURCES}, row {key}: nothing uses it."


def _row_problems(row: ReferenceRow) -> Iterator[str]:
    """What a row needs beyond cells that are right one by one."""
    displayed = row.use in ("display", "display_provisional")
    if displayed and row.verified != "yes":
        yield "for display, but not verified"
    if displayed and row.comparability not in ("direct", "proxy"):
        yield f"for display, but its comparability is {row.comparability}"
    if row.use == "display_provisional" and not row.caution:
        yield "provisional, but without a caution"
    if row.range_kind in _TWO_LIMITS and (row.low is None or row.high is None):
        yield f"{row.range_kind} needs low and high"
    if row.range_kind == "upper_limit" and row.high is None:
        yield "upper_limit needs high"
    if row.range_kind == "cutoff" and (row.low is None) == (row.high is None):
        yield "cutoff needs either low or high"
    if row.range_kind in ("group_mean", "group_mean_sd", "median", "share_of_people"):
        if row.mean is None:
            yield f"{row.range_kind} needs a mean"
        if row.low is not None or row.high is not None:
            yield f"{row.range_kind} has no limits"
    if row.range_kind == "group_mean_sd" and row.sd is None:
        yield "group_mean_sd needs a SD"
    if (row.centre is None) != (row.mean is None):
        yield "centre says what mean holds, so both stand or neither"
    if row.range_kind in _ONE_LIMIT and row.low is None and row.high is None:
        yield f"{row.range_kind} needs low or high"


def _comparison_problems(
    lines: Sequence[Comparison], rows: dict[str, ReferenceRow]
) -> Iterator[str]:
    for line in lines:
        where = f"{COMPARISONS}, row {line.measure_id} ({line.movement}, {line.row_id or 'no row'})"
        row = rows.get(line.row_id or "")
        if line.relation == "none":
            if line.row_id is not None:
                yield f"{where}: relation none has no row."
        elif row is None:
            yield f"{where}: the row is not in {RANGES}."
        if line.relation != "compare" and not line.reason:
            yield f"{where}: a reason is missing."
        if line.relation == "compare":
            if "*" in line.measure_id:
                yield f"{where}: a comparison names one measure, without a star."
            if row is not None and row.movement != line.movement:
                yield f"{where}: the row is about {row.movement}."
            if row is not None and row.use == "context":
                yield f"{where}: {refusal(row)}"


def _banned_words(rows: Sequence[ReferenceRow], comparisons: Sequence[Comparison]) -> Iterator[str]:
    for name, table in ((RANGES, rows), (COMPARISONS, comparisons)):
        for item in table:
            for column in _SHOWN:
                text = str(getattr(item, column, None) or "")
                for word in sorted(BANNED & set(re.findall(r"[a-z]+", text.lower()))):
                    key = getattr(item, "row_id", None) or "without row"
                    yield f"{name}, row {key}, column {column}: says '{word}'."
