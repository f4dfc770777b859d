"""What was corrected by hand, in words: the same on the page and in the reports."""

from __future__ import annotations

from collections.abc import Sequence

from movecheck.marks import N_
from movecheck.report.names import movement_name
from movecheck.texts import _, decimal
from movecheck.types import Assessment, Correction

VIEWS = {
    "side": N_("from the side"),
    "front": N_("from the front"),
    "left": N_("to the left of the picture"),
    "right": N_("to the right of the picture"),
    "camera": N_("to the camera"),
    "away": N_("away from the camera"),
    "unknown": N_("unknown"),
}
"""View or facing: how it is told."""


def correction_lines(assessment: Assessment) -> list[str]:
    """Return one line a correction, in the order in which they were made."""
    made = assessment.corrections
    return [correction_line(one, _number(one, made[i + 1 :])) for i, one in enumerate(made)]


def _number(one: Correction, later: Sequence[Correction]) -> int | None:
    """Return the number that a repetition has now: one that was added since moved it on."""
    number = one.rep
    for other in later:
        if number is not None and other.what == "rep_added" and (other.rep or 0) <= number:
            number += 1
    return number


def correction_line(one: Correction, number: int | None = None) -> str:
    """Return what was corrected: what it is now, what it was, and when.

    `number` is that of the repetition, where it is another by now.
    """
    before = _("before: {value}").format(value=_value(one, one.before)) if one.before else ""
    if one.what == "rep_counts":
        before = ""
    when = one.when[:16].replace("T", " ")
    beside = "; ".join(filter(None, [before, when]))
    line = f"{_what(one, number or one.rep)}: {_value(one, one.after)}"
    return f"{line} ({beside})" if beside else line


def _what(one: Correction, number: int | None) -> str:
    if number is not None:
        return _("Repetition {number}").format(number=number)
    return {
        "movement": _("Movement"),
        "view": _("Camera"),
        "facing": _("Facing"),
        "person": _("Person"),
        "rep_added": _("Repetition"),
    }[one.what]


def _value(one: Correction, value: str | bool | tuple[float, ...] | None) -> str:
    if one.what == "rep_counts":
        return _("counts") if value else _("left out")
    if isinstance(value, tuple) and one.what == "person":
        start, end = (f"{100 * share:.0f}" for share in value)
        return _("from {start} to {end} % of the picture's width").format(start=start, end=end)
    if isinstance(value, tuple):
        times = " – ".join(decimal(f"{time_s:.2f}") for time_s in value) + " s"
        return _("added, {times}").format(times=times) if one.what == "rep_added" else times
    if one.what == "movement":
        return movement_name(str(value))
    return _(VIEWS.get(str(value), str(value)))
