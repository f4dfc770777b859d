"""What the person told of pain, in sentences: the same in every report."""

from __future__ import annotations

from movecheck.report.names import Audience, signal_base, signal_name
from movecheck.texts import _, decimal
from movecheck.types import Assessment


def pain_sentences(assessment: Assessment, audience: Audience) -> list[str]:
    """Return the scores, and the moment at which it came; empty when nothing was told."""
    pain = assessment.pain
    if pain is None:
        return []
    scores = [
        text.format(score=decimal(f"{score:g}"))
        for text, score in (
            (_("{score} before"), pain.before),
            (_("{score} at its worst while moving"), pain.worst),
            (_("{score} after"), pain.after),
        )
        if score is not None
    ]
    sentences = []
    if scores:
        told = _("Pain as you told it, from 0 to 10: {scores}.")
        if audience == "therapist":
            told = _("Pain as the person told it, from 0 to 10: {scores}.")
        sentences.append(told.format(scores=", ".join(scores)))
    if pain.where:
        sentences.append(_("Where: {where}.").format(where=pain.where.rstrip(".")))
    if pain.at_s is not None:
        sentences.append(_moment(assessment, audience))
    return sentences


def _moment(assessment: Assessment, audience: Audience) -> str:
    pain = assessment.pain
    assert pain is not None
    when = _("It came {time} s into the recording").format(time=decimal(f"{pain.at_s:.1f}"))
    if pain.rep is not None:
        when += _(", in repetition {number}").format(number=pain.rep)
    if pain.signal is None or pain.value_deg is None:
        return when + "."
    base, side = signal_base(pain.signal)
    name = signal_name(base, audience) + (f" ({_(side)})" if side else "")
    return when + _("; {angle} was then {value}° (± {width}°).").format(
        angle=name, value=f"{pain.value_deg:.0f}", width=f"{pain.uncertainty_deg or 0:.0f}"
    )
