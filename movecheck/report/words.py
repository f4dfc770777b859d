"""Plain sentences about a result, for the person on the recording and for a therapist.

Pure functions from an `Assessment` to text. They say what was measured and how sure it is; they
name no condition and judge nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from movecheck.marks import N_
from movecheck.report.names import (
    UNITS,
    Audience,
    find_movement,
    measure_name,
    measure_words,
    movement_name,
    signal_base,
    signal_name,
    split_measure,
    upper_first,
)
from movecheck.report.phrases import KNEES, LEADS, PHRASES
from movecheck.texts import _, decimal, ngettext
from movecheck.types import Assessment, Finding, Measure, Rep, Side

PLUS_MINUS = N_(
    "The ± says how far the true value may lie from the figure: in about 95 of 100 recordings "
    "like this one it lies within."
)
OUTSIDE_IS_COMMON = N_(
    "Being outside a published range is common in people without pain, and is no diagnosis."
)
DISCLAIMER = N_(
    "movecheck measures how a person moves on video and shows published values from other "
    "people. It does not diagnose, treat or monitor any disease and is not a medical device. "
    "Camera estimates carry the error shown. If pain or any warning sign worries you, see a "
    "health professional. Stop if a movement makes your pain clearly worse."
)

LEADING: dict[str, tuple[str, ...]] = {
    "squat": ("knee_flexion", "trunk_inclination", "knee_fppa", "trunk_lateral_lean"),
    "forward_bend": ("trunk_inclination", "lumbar_flexion", "trunk_lateral_lean"),
    "hip_hinge": ("trunk_inclination", "lumbar_flexion", "trunk_lateral_lean"),
    "posture": ("trunk_inclination", "trunk_lateral_lean", "shoulder_tilt", "pelvis_tilt"),
}
"""Movement: the signals that the main sentence speaks of, first to last. A movement that is not
here takes them from its own ``headline``."""

ENDINGS = ("range", "peak", "at_peak", "drift", "mean")
"""Which measure of a signal speaks for it. Change from the person's own standing comes first: it
is free of most of the camera's constant error."""

METHOD = N_(
    "A pose model finds 33 points of the body in each picture. Angles are computed from the "
    "picture, corrected for its shape, cleaned of single wild points and smoothed; short gaps are "
    "filled and marked. Each figure carries a 95 % interval for this measure, this view and how "
    "clearly the body was seen. A figure whose interval crosses a limit is called neither inside "
    "nor outside."
)

NO_BREAK = "\u00a0"
"""A space at which no line breaks, so that a figure and its ± stay together."""

RESULTS: dict[str, str] = {
    "within": N_("within the published range"),
    "below": N_("below the published range: differs from the reference group"),
    "above": N_("above the published range: differs from the reference group"),
    "borderline": N_("too close to the limit to say"),
    "no_reference": N_("no published range to compare with"),
}
"""Result of a comparison in words."""


@dataclass(frozen=True)
class Headline:
    """The main sentence, and what has to be said beside it."""

    main: str
    more: tuple[str, ...] = ()
    measured: bool = True


def headline(assessment: Assessment, audience: Audience = "patient") -> Headline:
    """Return the main sentence about a result.

    Parameters
    ----------
    assessment : Assessment
        The result.
    audience : {"patient", "therapist"}
        Whose words to use.
    """
    more = _left_out(assessment.reps)
    chosen = speakers(assessment)
    if not chosen:
        return Headline(_nothing(assessment), (*_reasons(assessment), *more), measured=False)
    ending = split_measure(chosen[0].id)[1]
    lead = _(LEADS[ending][audience == "therapist"]) if ending in LEADS else ""
    if audience == "therapist":
        values = lead + "; ".join(_technical(m, assessment) for m in chosen)
    else:
        values = lead + _listed([_told(m, assessment) for m in chosen])
    sentence = f"{upper_first(values)}."
    return Headline(f"{_count_sentence(assessment, audience)} {sentence}".strip(), more)


def speakers(assessment: Assessment) -> list[Measure]:
    """Return the summary measures that the main sentence speaks of: one a signal."""
    movement = find_movement(assessment.movement)
    own = [split_measure(name)[0] or name for name in movement.headline] if movement else []
    signals = LEADING.get(assessment.movement) or tuple(dict.fromkeys(own))
    found = [m for name in signals if (m := _speaker(assessment, name)) is not None]
    if movement is not None and movement.sided and found:
        return [m for m in assessment.measures if m.id == found[0].id and m.rep is None and m.value]
    return found[: 2 if movement is None or movement.repeats else 3]


def _speaker(assessment: Assessment, signal: str) -> Measure | None:
    """Return the summary measure that speaks for a signal: near side first, then the larger."""
    near = near_side(assessment)
    for wanted in (signal, *(f"{signal}_{ending}" for ending in ENDINGS)):
        found = [
            m
            for m in assessment.measures
            if m.id == wanted and m.rep is None and m.value is not None
        ]
        if found:
            return max(found, key=lambda m: (m.side == near, abs(m.value or 0.0)))
    return None


def near_side(assessment: Assessment) -> Side | None:
    """Return the side of the body that is near the camera in a side view."""
    if assessment.view == "side" and assessment.facing in ("left", "right"):
        return "left" if assessment.facing == "left" else "right"
    return None


def side_words(side: Side | None, assessment: Assessment) -> str:
    """Return the side for a reader: "left (near the camera)", or "" for the whole body."""
    if side is None:
        return ""
    near = near_side(assessment)
    if near is None:
        return _(side)
    if side == near:
        return _("{side} (near the camera)").format(side=_(side))
    return _("{side} (far from the camera)").format(side=_(side))


def number(value: float, unit: str) -> str:
    """Return a value with its unit, no finer than a camera can see."""
    digits = {"s": 1, "ratio": 2, "s_per_rep": 2}.get(unit, 0)
    text = f"{value:.{digits}f}"
    text = text.removeprefix("-") if float(text) == 0 else text
    return decimal(text.replace("-", "−")) + (_(UNITS[unit]) if unit in UNITS else f" {unit}")


def value_text(measure: Measure, *, sign: bool = True) -> str:
    """Return "104° ± 7°" with unbreakable spaces, or "not measurable"."""
    if measure.value is None:
        return _("not measurable")
    value = measure.value if sign else abs(measure.value)
    text = number(value, measure.unit)
    if measure.uncertainty is None:
        return text
    step = {"s": 0.1, "ratio": 0.01, "s_per_rep": 0.01}.get(measure.unit, 1.0)
    half_width = math.ceil(measure.uncertainty / step - 1e-6) * step
    return f"{text} ± {number(half_width, measure.unit)}".replace(" ", NO_BREAK)


def _told(measure: Measure, assessment: Assessment) -> str:
    """Return a measure as a part of the sentence for the person."""
    phrase = PHRASES.get(split_measure(measure.id)[0] or measure.id)
    if phrase is None:
        name = measure_words(measure.id, "patient")
        where = side_words(measure.side, assessment)
        return f"{name}{f', {where}' if where else ''}: {value_text(measure)}"
    side = measure.side or ""
    near = bool(side) and side == near_side(assessment)
    knee = _(KNEES[side][near]) if side else _("knee")
    value = measure.value or 0.0
    sure = abs(value) >= (measure.uncertainty or 0.0)
    template = (phrase.above if value >= 0 else phrase.below) if sure else phrase.unclear
    told = value_text(measure, sign=not sure)
    return _(template).format(knee=knee, side=_(side) if side else "", value=told)


def _technical(measure: Measure, assessment: Assessment) -> str:
    """Return a measure as a part of the sentence for a therapist."""
    phrase = PHRASES.get(split_measure(measure.id)[0] or measure.id)
    if phrase is None:
        return f"{measure_title(measure, assessment, 'therapist')} {value_text(measure)}"
    side = side_words(measure.side, assessment)
    return f"{_(phrase.technical)}{f', {side}' if side else ''} {value_text(measure)}"


def _listed(parts: list[str]) -> str:
    """Join as in "a, b and c"."""
    if len(parts) == 1:
        return parts[0]
    return _("{first} and {last}").format(first=", ".join(parts[:-1]), last=parts[-1])


def _count_sentence(assessment: Assessment, audience: Audience) -> str:
    movement = find_movement(assessment.movement)
    title = movement_name(assessment.movement)
    if movement is not None and not movement.repeats:
        return f"{title}." if audience == "therapist" else _("You stood still.")
    counted = sum(rep.excluded_reason is None for rep in assessment.reps)
    if audience == "therapist":
        told = ngettext(
            "{movement}: {n} repetition counted.", "{movement}: {n} repetitions counted.", counted
        )
        return told.format(movement=title, n=counted)
    if movement is None:
        return ngettext("You did {n} repetition.", "You did {n} repetitions.", counted).format(
            n=counted
        )
    several = ngettext(movement.plain, f"{movement.plain}s", counted)
    return _("You did {n} {movements}.").format(n=counted, movements=several)


def _left_out(reps: tuple[Rep, ...]) -> tuple[str, ...]:
    return tuple(
        _("Repetition {number} was left out: {reason}.").format(
            number=i, reason=_(rep.excluded_reason).rstrip(".")
        )
        for i, rep in enumerate(reps, 1)
        if rep.excluded_reason
    )


def _nothing(assessment: Assessment) -> str:
    movement = find_movement(assessment.movement)
    if movement is None:
        return _("No movement that can be measured was recognised in this recording.")
    if movement.repeats and not assessment.reps:
        one = ngettext(movement.plain, f"{movement.plain}s", 1)
        return _("No {movement} was found in this recording.").format(movement=one)
    return _("This recording does not show enough to measure the movement.")


def _reasons(assessment: Assessment) -> tuple[str, ...]:
    """Return why nothing could be measured and what to do, each reason once."""
    advice = [check.advice for check in assessment.capture if not check.ok and check.advice]
    reasons = [m.reason for m in assessment.measures if m.status == "not_measurable" and m.reason]
    return tuple(_(text) for text in dict.fromkeys([*advice, *reasons]))[:3]


def measure_title(measure: Measure | Finding, assessment: Assessment, audience: Audience) -> str:
    """Return the name of a measure with its side."""
    name = measure_name(_id(measure), audience)
    side = side_words(measure.side, assessment)
    return f"{name}, {side}" if side else name


def signal_title(measure: Measure | Finding, assessment: Assessment, audience: Audience) -> str:
    """Return the name of what a measure is about, without the kind of the figure."""
    signal, _ = split_measure(_id(measure))
    if not signal:
        return measure_name(_id(measure), audience)
    name, side = signal_name(signal, audience), side_words(measure.side, assessment)
    return f"{name}, {side}" if side else name


def curve_title(
    base: str, columns: dict[str, str], assessment: Assessment, audience: Audience
) -> str:
    """Return the title of a chart: the angle, and its side when there is but one."""
    name = signal_name(base, audience)
    side = signal_base(next(iter(columns.values())))[1] if len(columns) == 1 else None
    return f"{name}, {side_words(side, assessment)}" if side else name


def _id(measure: Measure | Finding) -> str:
    return measure.measure_id if isinstance(measure, Finding) else measure.id


def summary_of(finding: Finding, assessment: Assessment) -> Measure | None:
    """Return the summary measure that a finding speaks about."""
    for m in assessment.measures:
        if m.id == finding.measure_id and m.side == finding.side and m.rep is None:
            return m
    return None


def expected_by_chance(findings: tuple[Finding, ...]) -> str | None:
    """Return how many figures fall outside by chance alone, when several are compared."""
    compared = [f for f in findings if f.result != "no_reference"]
    if len(compared) < 2:
        return None
    return _(
        "{n} figures are compared here. Most published ranges leave out one or two of ten people "
        "without pain, so one figure outside says little by itself."
    ).format(n=len(compared))
