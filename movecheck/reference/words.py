"""Plain sentences about published values."""

from __future__ import annotations

from movecheck.reference.sources import Source
from movecheck.reference.table import ReferenceRow

SIGNS = {"deg": "°", "s": " s", "percent": " %", "mm": " mm", "deg_per_s": "°/s"}
"""What follows a number; other units are said by the sentence itself."""

BANNED = frozenset(
    {"abnormal", "bad", "dysfunction", "dysfunctional", "faulty"}
    | {"normal", "poor", "unstable", "weak", "wrong"}
)
"""Words that never reach a person: we say how values differ, not what they are worth."""

_SPREAD = {
    "centile_10_90": "8 in 10 were between {low} and {high}",
    "centile_5_95": "9 in 10 were between {low} and {high}",
    "iqr_25_75": "the middle half were between {low} and {high}",
    "observed_range": "all were between {low} and {high}",
    "tolerance_range": "the published 95 % tolerance range is {low} to {high}",
    "published_range": "the published range is {low} to {high}",
    "upper_limit": "the published upper limit is {high}",
    "ci95_of_mean": "the 95 % interval of the mean, not a range for one person, is {low} to {high}",
}


def amount(value: float, unit: str) -> str:
    """A number with its unit: ``52°``, ``2.28 s``."""
    return f"{value:g}{SIGNS.get(unit, '')}".replace("-", "−")


def limits(low: float | None, high: float | None, unit: str) -> str:
    """One limit or two: ``39° to 65°``, ``50° or more``, ``up to 12.4 s``."""
    if low is not None and high is not None:
        return f"{amount(low, unit)} to {amount(high, unit)}"
    if low is not None:
        return f"{amount(low, unit)} or more"
    return f"up to {amount(high, unit)}" if high is not None else "no limits"


def value_words(row: ReferenceRow) -> str:
    """The published number of a row: ``52° (SD 11)``, ``2.28 s on average``, ``7° to 13°``."""
    if row.mean is not None:
        text = amount(row.mean, row.unit)
        if row.sd is not None:
            return f"{text} (SD {row.sd:g})"
        if row.centre == "median":
            return f"{text} (median)"
        return text if row.range_kind == "share_of_people" else f"{text} on average"
    if row.low is not None and row.high is not None:
        return limits(row.low, row.high, row.unit)
    limit = row.high if row.low is None else row.low
    if limit is None:
        return "a value that is not known to us"
    before = {"technique_band": ("over ", "under "), "severity_band": ("over ", "up to ")}
    over, under = before.get(row.range_kind, ("", ""))
    return (under if row.low is None else over) + amount(limit, row.unit)


def spread_words(row: ReferenceRow) -> str | None:
    """How far people spread, as far as it was published: ``8 in 10 were between 39° and 65°``."""
    if row.range_kind == "span_across_ages":
        return "they depend on age"
    words = _SPREAD.get(row.range_kind)
    if words is None or row.high is None:
        return None
    if row.mean is None:
        return "that is the middle half" if row.range_kind == "iqr_25_75" else None
    low = "" if row.low is None else amount(row.low, row.unit)
    return words.format(low=low, high=amount(row.high, row.unit))


def describe(row: ReferenceRow, source: Source) -> str:
    """One plain sentence: whom the study measured, with what, what it read, and who says so.

    Parameters
    ----------
    row : ReferenceRow
        The published value.
    source : Source
        Where it comes from.

    Returns
    -------
    str
        Such as "In 124 pain-free adults, sensors at both ends of the low back read 52° (SD 11) of
        bend at full forward bend; 8 in 10 were between 39° and 65° (Laird 2019)."
    """
    who = f"{row.n} {row.people}" if row.n is not None else row.people
    spread = spread_words(row)
    reading = row.reading.format(value=value_words(row)) + (f"; {spread}" if spread else "")
    return f"In {who}, {reading} ({source.short})."
