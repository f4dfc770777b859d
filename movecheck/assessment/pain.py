"""Pain with the movement: what the person tells, and what the signals show at that moment."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np

from movecheck.assessment.evidence import Evidence
from movecheck.errors import DataError
from movecheck.measures.names import SIDES, VIEW_OF, column, sides_of
from movecheck.types import Pain, Side

MOST = 10.0  # the numeric pain rating scale, 0 to 10 (Ostelo and others 2008)
LONGEST_WHERE = 200  # letters: a few words (our own choice)


def checked_pain(pain: Pain | None, duration_s: float) -> Pain | None:
    """Return what the person told, or None when that is nothing.

    Raises
    ------
    DataError
        A score is not from 0 to 10, or the time is not in the recording.
    """
    if pain is None or pain == Pain():
        return None
    for name in ("before", "worst", "after"):
        score = getattr(pain, name)
        if score is not None and not 0 <= score <= MOST:
            raise DataError(
                f"pain {name} is not from 0 to 10",
                "Give a number from 0 (no pain) to 10 (the worst that one can imagine).",
            )
    if pain.at_s is not None and not 0 <= pain.at_s <= duration_s:
        raise DataError(
            "the time of the pain is not in the recording",
            f"Give seconds from its start: 0 to {math.floor(10 * duration_s) / 10}.",
        )
    where = " ".join(pain.where.split())
    if len(where) > LONGEST_WHERE:
        raise DataError(
            "where it hurts is told in too many words", f"Use at most {LONGEST_WHERE} letters."
        )
    return replace(pain, where=where)


def located(pain: Pain | None, evidence: Evidence) -> Pain | None:
    """Return the pain with the repetition and the angle at the moment when it came.

    The angle is the first of those that the movement's main sentence is about and that was seen
    then, else the first of its other ones.
    """
    if pain is None or pain.at_s is None:
        return pain
    at_s = pain.at_s
    within = [n for n, rep in evidence.numbered() if rep.start_s <= at_s <= rep.end_s]
    pain = replace(pain, rep=within[0] if within else None)
    if evidence.refused or not _near_a_sample(evidence, at_s):
        return pain
    for stem in _stems(evidence):
        for side in _sides(evidence, stem, pain.rep):
            value = evidence.at(evidence.angles[column(stem, side)], at_s)
            if np.isfinite(value):
                return replace(
                    pain, signal=column(stem, side), value_deg=value,
                    uncertainty_deg=evidence.width(stem, "absolute", value),
                )  # fmt: skip
    return pain


def _near_a_sample(evidence: Evidence, at_s: float) -> bool:
    time_s = evidence.angles.time_s
    return len(time_s) > 1 and time_s[0] - 0.5 <= at_s <= time_s[-1] + 0.5


def _stems(evidence: Evidence) -> list[str]:
    """Return the signals of the movement that are against the body or the vertical, best first."""
    movement = evidence.movement
    stems = [stem for stem in movement.all_stems() if VIEW_OF[stem] in _shown(evidence)]
    main = [s for s in stems if any(id_.startswith(f"{s}_") for id_ in movement.headline)]
    driver = movement.side_driver or movement.any_driver
    driving = [s for s in stems if driver is not None and driver.signal == s]
    return list(dict.fromkeys([*main, *driving, *stems]))


def _shown(evidence: Evidence) -> tuple[str, ...]:
    return ("any", "picture", evidence.stance.view)


def _sides(evidence: Evidence, stem: str, rep: int | None) -> tuple[Side | None, ...]:
    """Return the sides of a signal: that of the repetition, the one near the camera, or both."""
    if sides_of(stem) == (None,):
        return (None,)
    own = evidence.reps[rep - 1].side if rep is not None else None
    first = own or evidence.stance.near_side or "left"
    return (first, *(side for side in SIDES if side != first))
