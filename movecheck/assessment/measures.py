"""The measures of a movement: angles of each repetition, times, and the summaries of both."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np

from movecheck.assessment.evidence import (
    LEAST_SHARE,
    Evidence,
    summaries,
    why_not,
    without,
)
from movecheck.assessment.extra import EXTRA
from movecheck.assessment.times import of_time
from movecheck.marks import N_
from movecheck.measures.names import FROM_CONTOUR, SIDES, column, sides_of
from movecheck.measures.spine import neutral
from movecheck.measures.uncertainty import Kind
from movecheck.movements import Movement
from movecheck.types import FloatArray, Measure, Rep, Side, State, Status

TOWARDS = {
    "trunk_lateral_lean": "trunk_side_lean",
    "shoulder_tilt": "shoulder_side_tilt",
    "pelvis_tilt": "pelvis_side_tilt",
}
"""Signals that are + to the right, and their names where each repetition has a side: + to it."""
MOST_FILLED = 0.2  # above it a value says "partly filled" (our own choice)


def kinds_of(movement_kind: str, rest: str) -> tuple[str, ...]:
    """Return what is measured of each signal.

    Where the rest is not standing, an angle against the vertical or the level says more than its
    change from however one happened to sit or lie.
    """
    if movement_kind in ("still", "held"):
        return ("mean",) if movement_kind == "still" else ("mean", "drift")
    return ("range", "peak", "at_peak") if rest == "standing" else ("peak",)


def name_of(stem: str, movement: Movement) -> str:
    """Return what measures of a signal are called: another name where + is towards the side."""
    return TOWARDS.get(stem, stem) if movement.sided else stem


def measure_all(evidence: Evidence) -> list[Measure]:
    """Return every measure of the movement: repetition by repetition, then the summaries."""
    movement = evidence.movement
    measures: list[Measure] = []
    for stem in movement.all_stems():
        name = name_of(stem, movement)
        for side in SIDES if movement.sided else sides_of(stem):
            found = _of_signal(evidence, stem, side)
            measures += [replace(m, id=name + m.id.removeprefix(stem)) for m in found]
        measures += _left_right(name, measures)
    if movement.repeats:
        measures += of_time(evidence)
        measures += _left_right("hold_time", measures)
    for name in movement.extra_measures:
        measures += EXTRA[name](evidence)
    return measures


def _of_signal(evidence: Evidence, stem: str, side: Side | None) -> list[Measure]:
    kinds = kinds_of(evidence.movement.kind, evidence.movement.rest)
    own = side if sides_of(stem) == SIDES else None
    if reason := why_not(evidence, stem, own):
        return [without(f"{stem}_{kind}", side, None, "deg", reason) for kind in kinds]
    if evidence.movement.kind == "still":
        return [_standing_mean(evidence, stem, side)]
    of_side = evidence.numbered(side if evidence.movement.sided else None)
    measures: list[Measure] = []
    for number, rep in of_side:
        read = _of_hold if evidence.movement.kind == "held" else _of_rep
        measures += [m for m in read(evidence, stem, side, rep, number) if _kind(m, stem) in kinds]
    for kind in kinds:
        measures += summaries([m for m in measures if m.id == f"{stem}_{kind}"], evidence.reps)
    return measures


def _kind(measure: Measure, stem: str) -> str:
    return measure.id.removeprefix(f"{stem}_")


def _series(evidence: Evidence, stem: str, side: Side | None) -> tuple[FloatArray, str]:
    """Return a signal as it counts for a side, and its column.

    What is + to the right is turned about for a repetition of the left: + is towards its side.
    """
    own = side if sides_of(stem) == SIDES else None
    name = column(stem, own)
    flip = evidence.movement.sided and side == "left" and stem in TOWARDS
    return -evidence.angles[name] if flip else evidence.angles[name], name


def _standing_mean(evidence: Evidence, stem: str, side: Side | None) -> Measure:
    series, name = _series(evidence, stem, side)
    value = float(neutral(series, evidence.stance.standing))
    if np.isnan(value):
        return without(f"{stem}_mean", side, None, "deg", evidence.no_rest)
    state = evidence.angles.state[name][evidence.stance.standing]
    filled = float((state == State.FILLED).mean())
    return Measure(
        f"{stem}_mean", side, None, value, "deg", evidence.width(stem, "absolute", value),
        "partly_filled" if filled > MOST_FILLED else "measured",
    )  # fmt: skip


def _of_rep(
    evidence: Evidence, stem: str, side: Side | None, rep: Rep, number: int
) -> Iterator[Measure]:
    """Peak, range from rest, and value at the deepest point, of one repetition."""
    whole, name = _series(evidence, stem, side)
    zero = 0.0 if stem in FROM_CONTOUR else float(neutral(whole, evidence.stance.standing))
    time_s = evidence.angles.time_s
    inside = np.flatnonzero((time_s >= rep.start_s) & (time_s <= rep.end_s))
    series, state = whole[inside], evidence.angles.state[name][inside]
    known = np.isfinite(series)
    if not len(inside) or known.mean() < LEAST_SHARE:
        reason = evidence.unseen(stem, inside[~known])
        for kind in ("range", "peak", "at_peak"):
            yield without(f"{stem}_{kind}", side, number, "deg", reason)
        return
    # Where rest was not seen, the extreme is still where the signal is furthest from its ends.
    usual = float(np.mean(series[known][[0, -1]]))
    away = np.abs(series - (zero if np.isfinite(zero) else usual))
    extreme = int(np.nanargmax(away))
    deepest = int(np.argmin(np.abs(time_s[inside] - rep.peak_s)))
    status = _status(state, extreme)
    peak, at_peak = float(series[extreme]), float(series[deepest])
    hidden = _between_frames(series, extreme)

    def angle(kind: str, value: float, of: Kind) -> Measure:
        width = evidence.width(stem, of, value, hidden)
        return Measure(f"{stem}_{kind}", side, number, value, "deg", width, status)

    if np.isfinite(zero):
        yield angle("range", peak - zero, "change")
    else:
        yield without(f"{stem}_range", side, number, "deg", evidence.no_rest)
    yield angle("peak", peak, "absolute")
    if np.isfinite(at_peak):
        yield angle("at_peak", at_peak, "absolute")
    else:
        yield without(f"{stem}_at_peak", side, number, "deg", N_("It was not seen at this moment."))


def _of_hold(
    evidence: Evidence, stem: str, side: Side | None, rep: Rep, number: int
) -> Iterator[Measure]:
    """Mean of the first seconds of a hold, and the furthest from it."""
    series, name = _series(evidence, stem, side)
    time_s, hold = evidence.angles.time_s, evidence.movement.hold
    first = (time_s >= rep.start_s) & (time_s <= rep.start_s + (hold.first_s if hold else 3.0))
    inside = np.flatnonzero((time_s >= rep.start_s) & (time_s <= rep.end_s))
    mean, known = float(neutral(series, first)), np.isfinite(series[inside])
    if np.isnan(mean) or known.mean() < LEAST_SHARE:
        reason = evidence.unseen(stem, inside[~known])
        for kind in ("mean", "drift"):
            yield without(f"{stem}_{kind}", side, number, "deg", reason)
        return
    away = series[inside] - mean
    drift = float(away[int(np.nanargmax(np.abs(away)))])
    status = _status(evidence.angles.state[name][inside], int(np.nanargmax(np.abs(away))))
    for kind, value, of in (("mean", mean, "absolute"), ("drift", drift, "change")):
        width = evidence.width(stem, of, value)  # type: ignore[arg-type]
        yield Measure(f"{stem}_{kind}", side, number, value, "deg", width, status)


def _status(state: np.ndarray, extreme: int) -> Status:
    at_extreme = state[max(extreme - 1, 0) : extreme + 2] == State.FILLED
    filled = float((state == State.FILLED).mean())
    return "partly_filled" if at_extreme.any() or filled > MOST_FILLED else "measured"


def _between_frames(series: FloatArray, extreme: int) -> float:
    """Return how far a smooth peak may rise between samples: an eighth of its second difference."""
    if not 0 < extreme < len(series) - 1:
        return 0.0
    bend = series[extreme - 1] - 2 * series[extreme] + series[extreme + 1]
    return float(abs(bend) / 8) if np.isfinite(bend) else 0.0


def _left_right(stem: str, measures: Sequence[Measure]) -> Iterator[Measure]:
    """Left minus right of a summary that both sides have."""
    for id_ in (f"{stem}_range", f"{stem}_mean", stem):
        both = {m.side: m for m in measures if m.id == id_ and m.rep is None and m.side}
        left, right = both.get("left"), both.get("right")
        if left is None or right is None or left.value is None or right.value is None:
            continue
        width = float(np.hypot(left.uncertainty or 0.0, right.uncertainty or 0.0))
        yield Measure(
            f"{id_}_difference", None, None, left.value - right.value, left.unit, width, "measured"
        )
