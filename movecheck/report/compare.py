"""Two visits held against each other: what changed, and whether the camera can tell.

The minimal detectable change at 95 % is 1.96 times the standard error of the difference (for two
equal standard errors of measurement that is 1.96 · √2 · SEM, as in Weir 2005, J Strength Cond Res
19:231). Here each figure brings its own ±, which is 1.96 of its standard error; to it the spread
of the repetitions is added, over the root of their number. What a person does differently from
one day to the next is not in it: that shows only over several visits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from movecheck.report.select import key_measures
from movecheck.texts import _
from movecheck.types import AngleTrack, Assessment, FloatArray, Measure, Rep, Side

Z95 = 1.96
PERCENT: FloatArray = np.linspace(0.0, 100.0, 101)
"""Where a repetition is read: percent of its time."""

Verdict = Literal["real change", "within measurement error"]
UNCOMMON = ("model_sha256", "movecheck")


@dataclass(frozen=True)
class Change:
    """A summary measure of two visits.

    Attributes
    ----------
    before, after : Measure
        The same measure of the same side.
    difference : float
        After minus before, in the unit of the measure.
    detectable : float
        Minimal detectable change at 95 %, in the same unit.
    """

    before: Measure
    after: Measure
    difference: float
    detectable: float

    @property
    def verdict(self) -> Verdict:
        """What may be said of the difference."""
        beyond = abs(self.difference) > self.detectable
        return "real change" if beyond else "within measurement error"


def changes(before: Assessment, after: Assessment) -> list[Change]:
    """Return the summary measures that both visits gave, those of the main sentence first.

    Returns
    -------
    list of Change
        Empty when movement or view differ: then nothing is comparable.
    """
    if (before.movement, before.view) != (after.movement, after.view):
        return []
    late = {(m.id, m.side): m for m in _summaries(after)}
    leading = [(m.id, m.side) for m in key_measures(before)]
    pairs = [(m, late[m.id, m.side]) for m in _summaries(before) if (m.id, m.side) in late]
    pairs.sort(key=lambda pair: _rank((pair[0].id, pair[0].side), leading))
    return [
        Change(a, b, (b.value or 0.0) - (a.value or 0.0), detectable_change(a, b, before, after))
        for a, b in pairs
    ]


def detectable_change(a: Measure, b: Measure, before: Assessment, after: Assessment) -> float:
    """Return the minimal detectable change at 95 % between two figures; see the module."""
    parts = [a.uncertainty or 0.0, b.uncertainty or 0.0, _spread(a, before), _spread(b, after)]
    return float(np.sqrt(np.sum(np.square(parts))))


def _spread(measure: Measure, assessment: Assessment) -> float:
    """Return the 95 % half-width that the spread of the repetitions gives a summary."""
    values = [
        m.value
        for m in assessment.measures
        if m.id == measure.id
        and m.side == measure.side
        and m.rep is not None
        and m.value is not None
        and _counts(m.rep, assessment.reps)
    ]
    if len(values) < 2:
        return 0.0
    return float(Z95 * np.std(values, ddof=1) / np.sqrt(len(values)))


def _counts(number: int, reps: Sequence[Rep]) -> bool:
    return number > len(reps) or reps[number - 1].excluded_reason is None


def _summaries(assessment: Assessment) -> list[Measure]:
    return [
        m
        for m in assessment.measures
        if m.rep is None
        and m.value is not None
        and m.uncertainty is not None
        and not m.id.endswith("_sd")
    ]


def _rank(name: tuple[str, Side | None], leading: list[tuple[str, Side | None]]) -> int:
    return leading.index(name) if name in leading else len(leading)


def cautions(before: Assessment, after: Assessment) -> list[str]:
    """Return what makes two visits hard to compare, in words."""
    found = []
    if before.movement != after.movement:
        found.append(_("Two different movements cannot be compared."))
    if before.view != after.view:
        found.append(_("The camera stood elsewhere: one view is from the side, the other is not."))
    if before.facing != after.facing and before.view == after.view == "side":
        found.append(_("The person faced the other way, so the other side was near the camera."))
    if any(before.provenance.get(k) != after.provenance.get(k) for k in UNCOMMON):
        found.append(
            _(
                "The two were measured with different versions of movecheck or of its model. "
                "Measure the older recording again if it was kept."
            )
        )
    return found


def cycles(track: AngleTrack, name: str, reps: Sequence[Rep]) -> FloatArray:
    """Return a signal of each repetition that counts, on percent of its time.

    Parameters
    ----------
    track : AngleTrack
        All signals.
    name : str
        Which one.
    reps : sequence of Rep
        The repetitions.

    Returns
    -------
    ndarray, shape (n, 101)
        One row a repetition; NaN where a neighbouring sample is missing.
    """
    rows = [
        np.interp(
            rep.start_s + PERCENT / 100 * (rep.end_s - rep.start_s), track.time_s, track[name]
        )
        for rep in reps
        if rep.excluded_reason is None and rep.end_s > rep.start_s
    ]
    return np.array(rows).reshape(len(rows), len(PERCENT))
