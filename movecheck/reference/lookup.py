"""Which published row a person's value may be held against, and what is only context."""

from __future__ import annotations

from dataclasses import dataclass

from movecheck.marks import N_
from movecheck.reference.rules import (
    ADULT,
    AGE_NOT_GIVEN,
    band,
    by_age,
    contradiction,
    misfit,
    preference,
    refusal,
)
from movecheck.reference.sources import Source
from movecheck.reference.table import Comparison, ReferenceRow, Sex, Tables, load_tables
from movecheck.reference.words import describe, limits

NOTHING_KNOWN = N_(
    "No published value that fits this measure is known to us. "
    "Compare with your own earlier recordings."
)


@dataclass(frozen=True)
class Context:
    """A published value that is shown beside a measure, and `reason`, why it is no more."""

    row: ReferenceRow
    source: Source
    reason: str | None = None

    def describe(self) -> str:
        """One plain sentence with people, instrument, value and source."""
        return describe(self.row, self.source)


@dataclass(frozen=True)
class Reference:
    """One published row that a value may be held against.

    Attributes
    ----------
    row, source
        The row and where it comes from.
    low, high : float or None
        Limits; None is no limit on that side. At least one is a number.
    derived : bool
        True when the limits are mean ± 2 SD, worked out by us and not published.
    note : str or None
        What the choice of the row rests on, when age was not given.
    alternatives : tuple of ReferenceRow
        Other rows that fit the person, best first. Never mixed with `row`.
    context : tuple of Context
        Published values that are no more than context.
    """

    row: ReferenceRow
    source: Source
    low: float | None
    high: float | None
    derived: bool = False
    note: str | None = None
    alternatives: tuple[ReferenceRow, ...] = ()
    context: tuple[Context, ...] = ()

    @property
    def caution(self) -> str | None:
        """What must be said wherever the range is shown."""
        return self.row.caution

    @property
    def provisional(self) -> bool:
        """Whether the row is for display with a caution only."""
        return self.row.use == "display_provisional"

    def range_words(self) -> str:
        """The limits in words, and whether they are derived: ``93° to 128°``."""
        text = limits(self.low, self.high, self.row.unit)
        return f"{text} (worked out as mean ± 2 SD)" if self.derived else text

    def describe(self) -> str:
        """One plain sentence with people, instrument, value and source."""
        return describe(self.row, self.source)


@dataclass(frozen=True)
class NoReference:
    """No row may be held against the value: `reason` says why; `context` is what is published."""

    reason: str
    context: tuple[Context, ...] = ()


def lookup(
    measure_id: str,
    movement: str,
    sex: Sex | None = None,
    age: float | None = None,
    *,
    tables: Tables | None = None,
) -> Reference | NoReference:
    """Find the published row that a person's value may be held against.

    Parameters
    ----------
    measure_id : str
        A measure of ours, such as ``trunk_inclination_peak``.
    movement : str
        A movement, such as ``hip_hinge``.
    sex : {"F", "M"}, optional
        None is not known.
    age : float, optional
        Years; None is not known.
    tables : Tables, optional
        The tables to look in; by default those that come with movecheck.

    Returns
    -------
    Reference or NoReference
        One row with its limits, or a plain reason why there is none, with what is published.

    Raises
    ------
    ValueError
        `age` or `sex` cannot be.
    """
    if age is not None and not 0 <= age <= 130:
        raise ValueError(f"Expected 'age' to be between 0 and 130 years, but got {age}.")
    if sex not in (None, "F", "M"):
        raise ValueError(f"Expected 'sex' to be 'F', 'M' or None, but got {sex!r}.")
    tables = load_tables() if tables is None else tables
    lines = [line for line in tables.comparisons if line.concerns(measure_id, movement)]
    wanted = [tables.rows[x.row_id] for x in lines if x.relation == "compare" and x.row_id]
    allowed = [row for row in wanted if refusal(row) is None]
    fitting = sorted((r for r in allowed if misfit(r, sex, age) is None), key=preference)
    if age is None and any(by_age(row) for row in allowed):
        fitting = []
    context = _context(lines, tables, {row.row_id for row in fitting}, sex, age)
    limits_of = band(fitting[0]) if fitting else None
    if limits_of is None:
        return NoReference(_reason(lines, wanted, allowed, sex, age), context)
    row, (low, high, derived) = fitting[0], limits_of
    note = None
    if age is None:
        note = N_(f"Your age was not given; the values are about adults of {ADULT} years and over.")
    source = tables.sources[row.source_key]
    return Reference(row, source, low, high, derived, note, tuple(fitting[1:]), context)


def _context(
    lines: list[Comparison], tables: Tables, taken: set[str], sex: Sex | None, age: float | None
) -> tuple[Context, ...]:
    """Rows to show beside the value: checked, about people like this person, each once."""
    found: dict[str, Context] = {}
    for line in lines:
        row = tables.rows[line.row_id] if line.row_id else None
        if row is None or row.row_id in taken | set(found) or contradiction(row, sex, age):
            continue
        if row.verified == "yes" and row.use in ("display", "display_provisional", "context"):
            reason = line.reason or refusal(row) or misfit(row, sex, age)
            found[row.row_id] = Context(row, tables.sources[row.source_key], reason)
    return tuple(found.values())


def _reason(
    lines: list[Comparison],
    wanted: list[ReferenceRow],
    allowed: list[ReferenceRow],
    sex: Sex | None,
    age: float | None,
) -> str:
    """One sentence on why nothing may be held against the value."""
    if allowed and age is None and any(by_age(row) for row in allowed):
        return AGE_NOT_GIVEN
    if allowed:
        reasons = {misfit(row, sex, age) for row in allowed}
        only = reasons.pop() if len(reasons) == 1 else None
        return only or N_("No published values fit your age and sex, as far as they were given.")
    if wanted:
        return refusal(wanted[0]) or NOTHING_KNOWN
    return next((line.reason for line in lines if line.reason), NOTHING_KNOWN)
