"""Plain sentences about published values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from movecheck.marks import N_
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
    "centile_10_90": N_("8 in 10 were between {low} and {high}"),
    "centile_5_95": N_("9 in 10 were between {low} and {high}"),
    "iqr_25_75": N_("the middle half were between {low} and {high}"),
    "observed_range": N_("all were between {low} and {high}"),
    "tolerance_range": N_("the published 95 % tolerance range is {low} to {high}"),
    "published_range": N_("the published range is {low} to {high}"),
    "upper_limit": N_("the published upper limit is {high}"),
    "ci95_of_mean": N_(
        "the 95 % interval of the mean, not a range for one person, is {low} to {high}"
    ),
}


@dataclass(frozen=True)
class Voice:
    """How the sentences are told: a text and a written number; by default in English.

    This module knows no language: who shows a sentence hands in how the reader's is spoken.
    """

    text: Callable[[str], str] = str
    number: Callable[[str], str] = str


ENGLISH = Voice()


def amount(value: float, unit: str, voice: Voice = ENGLISH) -> str:
    """A number with its unit: ``52°``, ``2.28 s``."""
    return voice.number(f"{value:g}".replace("-", "−")) + SIGNS.get(unit, "")


def limits(low: float | None, high: float | None, unit: str, voice: Voice = ENGLISH) -> str:
    """One limit or two: ``39° to 65°``, ``50° or more``, ``up to 12.4 s``."""
    say = voice.text
    told = {
        name: amount(value, unit, voice)
        for name, value in (("low", low), ("high", high))
        if value is not None
    }
    if len(told) == 2:
        return say(N_("{low} to {high}")).format(**told)
    if low is not None:
        return say(N_("{low} or more")).format(**told)
    return say(N_("up to {high}")).format(**told) if high is not None else say(N_("no limits"))


def value_words(row: ReferenceRow, voice: Voice = ENGLISH) -> str:
    """The published number of a row: ``52° (SD 11)``, ``2.28 s on average``, ``7° to 13°``."""
    say = voice.text
    if row.mean is not None:
        text = amount(row.mean, row.unit, voice)
        if row.sd is not None:
            return f"{text} (SD {voice.number(f'{row.sd:g}')})"
        if row.centre == "median":
            return f"{text} ({say(N_('median'))})"
        if row.range_kind == "share_of_people":
            return text
        return say(N_("{value} on average")).format(value=text)
    if row.low is not None and row.high is not None:
        return limits(row.low, row.high, row.unit, voice)
    limit = row.high if row.low is None else row.low
    if limit is None:
        return say(N_("a value that is not known to us"))
    before = {
        "technique_band": (N_("over {limit}"), N_("under {limit}")),
        "severity_band": (N_("over {limit}"), N_("up to {limit}")),
    }
    over, under = before.get(row.range_kind, ("{limit}", "{limit}"))
    return say(under if row.low is None else over).format(limit=amount(limit, row.unit, voice))


def spread_words(row: ReferenceRow, voice: Voice = ENGLISH) -> str | None:
    """How far people spread, as far as it was published: ``8 in 10 were between 39° and 65°``."""
    if row.range_kind == "span_across_ages":
        return voice.text(N_("they depend on age"))
    words = _SPREAD.get(row.range_kind)
    if words is None or row.high is None:
        return None
    if row.mean is None:
        middle = row.range_kind == "iqr_25_75"
        return voice.text(N_("that is the middle half")) if middle else None
    low = "" if row.low is None else amount(row.low, row.unit, voice)
    return voice.text(words).format(low=low, high=amount(row.high, row.unit, voice))


def describe(row: ReferenceRow, source: Source, voice: Voice = ENGLISH) -> str:
    """One plain sentence: whom the study measured, with what, what it read, and who says so.

    Parameters
    ----------
    row : ReferenceRow
        The published value.
    source : Source
        Where it comes from.
    voice : Voice, optional
        How it is told; by default in English.

    Returns
    -------
    str
        Such as "In 124 pain-free adults, sensors at both ends of the low back read 52° (SD 11) of
        bend at full forward bend; 8 in 10 were between 39° and 65° (Laird 2019)."
    """
    say = voice.text
    people = say(row.people)
    who = f"{row.n} {people}" if row.n is not None else people
    spread = spread_words(row, voice)
    reading = say(row.reading).format(value=value_words(row, voice))
    reading += f"; {spread}" if spread else ""
    told = say(N_("In {who}, {reading} ({source}).")).format(
        who=who, reading=reading, source=source.short
    )
    return told[:1].upper() + told[1:]
