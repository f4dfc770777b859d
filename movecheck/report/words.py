"""Plain sentences about a result, for the person on the recording and for a therapist.

Pure functions from an `Assessment` to text. They say what was measured and how sure it is; they
name no condition and judge nobody.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from movecheck.report.names import (
    MOVEMENTS,
    UNITS,
    Audience,
    measure_name,
    movement_name,
    split_measure,
)
from movecheck.types import Assessment, Finding, Measure, Rep, Side

PLUS_MINUS = (
    "The ± says how far the true value may lie from the figure: in about 95 of 100 recordings "
    "like this one it lies within."
)
OUTSIDE_IS_COMMON = (
    "Being outside a published range is common in people without pain, and is no diagnosis."
)
DISCLAIMER = (
    "movecheck measures how a person moves on video and shows published values from other "
    "people. It does not diagnose, treat or monitor any disease and is not a medical device. "
    "Camera estimates carry the error shown. If pain or any warning sign worries you, see a "
    "health professional. Stop if a movement makes your pain clearly worse."
)

NO_BREAK = "\u00a0"
"""A space at which no line breaks, so that a figure and its ± stay together."""

RESULTS: dict[str, str] = {
    "within": "within the published range",
    "below": "below the published range: differs from the reference group",
    "above": "above the published range: differs from the reference group",
    "borderline": "too close to the limit to say",
    "no_reference": "no published range to compare with",
}
"""Result of a comparison in words."""

ENDINGS = ("at_peak", "peak", "range", "standing", "mean", "median", "")
"""Which measure of a signal speaks for it in the main sentence, best first."""

LEADS: dict[str, tuple[str, str]] = {
    "at_peak": ("at the deepest point ", "median at the deepest point: "),
    "peak": ("at the deepest point ", "median of the peaks: "),
    "range": ("from standing, ", "median change from standing: "),
}
"""Ending of the leading measure: how the sentence opens for a patient and for a therapist."""

Phrase = tuple[str, str, str]

PHRASES: dict[str, Phrase] = {
    "knee_flexion": ("your {side}knee bent {value}", "", "knee flexion"),
    "trunk_inclination": (
        "your trunk leaned forward {value}",
        "your trunk leaned backward {value}",
        "trunk inclination",
    ),
    "lumbar_flexion": (
        "your lower back rounded {value}",
        "your lower back hollowed {value}",
        "lumbar flexion (change from standing)",
    ),
    "spine_flexion": (
        "your back rounded {value}",
        "your back straightened {value}",
        "spine flexion (change from standing)",
    ),
    "trunk_lateral_lean": (
        "your trunk leaned to your right by {value}",
        "your trunk leaned to your left by {value}",
        "lateral trunk lean (+ right)",
    ),
    "shoulder_tilt": (
        "your right shoulder was lower by {value}",
        "your left shoulder was lower by {value}",
        "shoulder line tilt (+ right lower)",
    ),
    "pelvis_tilt": (
        "the right side of your pelvis was lower by {value}",
        "the left side of your pelvis was lower by {value}",
        "pelvic line tilt (+ right lower)",
    ),
    "knee_fppa": (
        "your {side}knee pointed inward by {value}",
        "your {side}knee pointed outward by {value}",
        "frontal plane projection angle (+ medial)",
    ),
}
"""Signal: what a patient reads for a value above and below zero, what a therapist reads."""

LEADING: dict[str, tuple[str, ...]] = {
    "squat": ("knee_flexion", "trunk_inclination", "knee_fppa", "trunk_lateral_lean"),
    "forward_bend": ("trunk_inclination", "lumbar_flexion", "spine_flexion"),
    "hip_hinge": ("trunk_inclination", "lumbar_flexion", "spine_flexion"),
}
STANDING = (
    "trunk_inclination",
    "trunk_lateral_lean",
    "shoulder_tilt",
    "pelvis_tilt",
    "knee_flexion",
)
"""Signals of the main sentence: those of a movement, and those of a person who stands still."""


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
    counted = [rep for rep in assessment.reps if rep.excluded_reason is None]
    leading = LEADING.get(assessment.movement, STANDING)
    chosen = [m for signal in leading if (m := _speaker(assessment, signal)) is not None]
    more = _left_out(assessment.reps)
    if not chosen:
        return Headline(_nothing(assessment), (*_reasons(assessment), *more), measured=False)
    first = _count_sentence(assessment, len(counted), audience)
    lead, technical_lead = LEADS.get(split_measure(chosen[0].id)[1] if counted else "", ("", ""))
    phrases = [_phrase(m, assessment, audience) for m in chosen[:2]]
    if audience == "therapist":
        values = technical_lead + "; ".join(phrases)
    else:
        values = lead + " and ".join(phrases)
    return Headline(f"{first} {values[:1].upper()}{values[1:]}.", tuple(more))


def _speaker(assessment: Assessment, signal: str) -> Measure | None:
    """Return the summary measure that speaks for a signal: near side first, then the larger."""
    near = near_side(assessment)
    for ending in ENDINGS:
        wanted = f"{signal}_{ending}".removesuffix("_")
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
        return side
    return f"{side} (near the camera)" if side == near else f"{side} (far from the camera)"


def number(value: float, unit: str) -> str:
    """Return a value with its unit, no finer than a camera can see."""
    whole = unit in ("deg", "deg/s", "deg_per_s", "%", "percent", "px", "count", "cm")
    digits = 0 if whole else 1 if unit == "s" else 2
    text = f"{value:.{digits}f}"
    text = text.removeprefix("-") if float(text) == 0 else text
    return text.replace("-", "−") + UNITS.get(unit, f" {unit}")


def value_text(measure: Measure, *, sign: bool = True) -> str:
    """Return "104° ± 7°" with unbreakable spaces, or "not measurable"."""
    if measure.value is None:
        return "not measurable"
    value = measure.value if sign else abs(measure.value)
    text = number(value, measure.unit)
    if measure.uncertainty is None:
        return text
    step = 1.0 if measure.unit.startswith(("deg", "%", "px", "cm")) else 0.1
    half_width = math.ceil(measure.uncertainty / step - 1e-6) * step
    return f"{text} ± {number(half_width, measure.unit)}".replace(" ", NO_BREAK)


def _phrase(measure: Measure, assessment: Assessment, audience: Audience) -> str:
    signal, _ = split_measure(measure.id)
    above, below, technical = PHRASES[signal]
    side = side_words(measure.side, assessment)
    if audience == "therapist":
        where = f", {side}" if side else ""
        return f"{technical}{where} {value_text(measure)}"
    value = measure.value or 0.0
    template = below if value < 0 and below else above
    short = f"{measure.side} " if measure.side else ""
    text = template.format(side=short, value=value_text(measure, sign=not below))
    near = measure.side is not None and measure.side == near_side(assessment)
    return text.replace("knee ", "knee (near the camera) ", 1) if near else text


def _count_sentence(assessment: Assessment, counted: int, audience: Audience) -> str:
    title, one, several = MOVEMENTS.get(
        assessment.movement, (movement_name(assessment.movement), "repetition", "repetitions")
    )
    if not one or (counted == 0 and not assessment.reps):
        return f"{title}." if audience == "therapist" else "You stood still."
    if audience == "therapist":
        return f"{title}: {counted} repetition{'' if counted == 1 else 's'} counted."
    return f"You did {counted} {one if counted == 1 else several}."


def _left_out(reps: tuple[Rep, ...]) -> tuple[str, ...]:
    return tuple(
        f"Repetition {i} was left out: {rep.excluded_reason.rstrip('.')}."
        for i, rep in enumerate(reps, 1)
        if rep.excluded_reason
    )


def _nothing(assessment: Assessment) -> str:
    still = not MOVEMENTS.get(assessment.movement, ("", "x", ""))[1]
    if assessment.reps or still:
        return "This recording does not show enough to measure the movement."
    return "No repetition was found in this recording."


def _reasons(assessment: Assessment) -> tuple[str, ...]:
    """Return why nothing could be measured and what to do, each reason once."""
    advice = [check.advice for check in assessment.capture if not check.ok and check.advice]
    reasons = [m.reason for m in assessment.measures if m.status == "not_measurable" and m.reason]
    return tuple(dict.fromkeys([*advice, *reasons]))[:3]


def measure_title(measure: Measure | Finding, assessment: Assessment, audience: Audience) -> str:
    """Return the name of a measure with its side."""
    name = measure_name(_id(measure), audience)
    side = side_words(measure.side, assessment)
    return f"{name}, {side}" if side else name


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
    return (
        f"{len(compared)} figures are compared here. Most published ranges leave out one or two "
        "of ten people without pain, so one figure outside says little by itself."
    )
