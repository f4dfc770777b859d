"""Angles and repetitions in, measures and findings out: each with its ± or the reason for none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np

from movecheck.measures.names import FROM_CONTOUR, VIEW_OF, column, sides_of
from movecheck.measures.quality import turn_advice
from movecheck.measures.spine import neutral
from movecheck.measures.uncertainty import Z95, Kind, half_width_deg, half_width_s
from movecheck.measures.view import Stance
from movecheck.movements import Movement
from movecheck.movements.drive import driving_signal
from movecheck.reference import NoReference, compare, lookup
from movecheck.signals.fit import BodyFit
from movecheck.types import (
    AngleTrack,
    Finding,
    FloatArray,
    Measure,
    Person,
    Rep,
    Side,
    State,
    Status,
)

LEAST_SHARE = 0.8  # of a repetition's samples that must be known
MOST_FILLED = 0.2  # above it a value says "partly filled"
TIMES = ("duration", "duration_down", "duration_up", "peak_speed", "depth")
NO_STANDING = (
    "There was no quiet standing to count from. Stand still for two seconds before you start."
)


@dataclass(frozen=True)
class Evidence:
    """What the measures of one recording rest on."""

    angles: AngleTrack
    stance: Stance
    movement: Movement
    reps: Sequence[Rep]
    visibility: float = 1.0
    fit: BodyFit | None = None
    refused: str | None = None
    hidden_back: str | None = None

    @property
    def fitted(self) -> bool:
        """Whether the body fit carries the angles."""
        return self.fit is not None and self.fit.ok

    @property
    def step_s(self) -> float:
        """Time between samples."""
        time_s = self.angles.time_s
        return float(time_s[1] - time_s[0]) if len(time_s) > 1 else float("nan")


def measure_all(evidence: Evidence) -> list[Measure]:
    """Return every measure of the movement: repetition by repetition, then the summaries."""
    measures: list[Measure] = []
    for stem in evidence.movement.all_stems():
        for side in sides_of(stem):
            measures += _of_signal(evidence, stem, side)
        measures += _left_right(stem, measures)
    if evidence.movement.repeats:
        measures += _of_time(evidence)
    return measures


def find(measures: Sequence[Measure], movement: str, person: Person) -> list[Finding]:
    """Hold every summary against the published rows for this person."""
    return [
        _finding(measure, measure.value, measure.uncertainty, movement, person)
        for measure in measures
        if measure.rep is None
        and measure.value is not None
        and measure.uncertainty is not None
        and not measure.id.endswith(("_sd", "_difference"))
    ]


def _finding(
    measure: Measure, value: float, half_width: float, movement: str, person: Person
) -> Finding:
    found = lookup(measure.id, movement, person.sex, person.age)
    result = compare(value, half_width, found)
    if isinstance(found, NoReference):
        note = " ".join([found.reason, *(context.describe() for context in found.context)])
        return Finding(measure.id, measure.side, result, note=note)
    return Finding(
        measure.id,
        measure.side,
        result,
        found.low,
        found.high,
        found.row.source_key,
        found.row.comparability,
        found.row.row_id,
        note=" ".join(text for text in (found.caution, found.note) if text) or None,
    )


def _of_signal(evidence: Evidence, stem: str, side: Side | None) -> list[Measure]:
    name = column(stem, side)
    if reason := _why_not(evidence, stem, side):
        kinds = ("range", "peak", "at_peak") if evidence.movement.repeats else ("mean",)
        return [_without(f"{stem}_{kind}", side, None, "deg", reason) for kind in kinds]
    series, state = evidence.angles[name], evidence.angles.state[name]
    zero = 0.0 if stem in FROM_CONTOUR else float(neutral(series, evidence.stance.standing))
    if not evidence.movement.repeats:
        return [_standing_mean(evidence, stem, side, series, state)]
    measures: list[Measure] = []
    for number, rep in enumerate(evidence.reps, start=1):
        measures += _of_rep(evidence, stem, side, rep, number, zero)
    for kind in ("range", "peak", "at_peak"):
        of_kind = [m for m in measures if m.id == f"{stem}_{kind}"]
        measures += _summaries(of_kind, evidence.reps)
    return measures


def _why_not(evidence: Evidence, stem: str, side: Side | None) -> str | None:
    """Say why the view does not show a signal, and what to do; None when it does."""
    if evidence.refused:
        return evidence.refused
    stance = evidence.stance
    wanted = VIEW_OF[stem]
    if wanted == "any" and stance.view != "side" and not evidence.fitted:
        doubt = evidence.fit.reason if evidence.fit and evidence.fit.reason else ""
        advice = "Record again with your side to the camera, feet in place and in the picture."
        if stance.view == "unknown":
            advice = turn_advice(stance)
        return f"{doubt} {advice}".strip()
    if wanted != "any" and stance.view == "unknown":
        return turn_advice(stance)
    if wanted not in ("any", stance.view):
        turned = "your side faces" if wanted == "side" else "you face"
        return f"A {stance.view} view does not show it. Record again so that {turned} the camera."
    if stance.view == "side" and side not in (None, stance.near_side):
        return f"The {side} side is hidden behind the other. Record again from the other side."
    if not np.isfinite(evidence.angles[column(stem, side)]).any():
        if stem in FROM_CONTOUR and not stance.standing.any():
            return NO_STANDING
        if stem in FROM_CONTOUR and evidence.hidden_back:
            return evidence.hidden_back
        what = "outline of the back" if stem in FROM_CONTOUR else "joints it needs"
        return f"The {what} could not be seen. Wear close-fitting clothes and film the whole body."
    return None


def _standing_mean(
    evidence: Evidence, stem: str, side: Side | None, series: FloatArray, state: np.ndarray
) -> Measure:
    value = float(neutral(series, evidence.stance.standing))
    if np.isnan(value):
        return _without(f"{stem}_mean", side, None, "deg", NO_STANDING)
    filled = float((state[evidence.stance.standing] == State.FILLED).mean())
    return Measure(
        f"{stem}_mean", side, None, value, "deg",
        half_width_deg(
            stem, "absolute", value, evidence.stance,
            fitted=evidence.fitted, visibility=evidence.visibility,
        ),
        "partly_filled" if filled > MOST_FILLED else "measured",
    )  # fmt: skip


def _of_rep(
    evidence: Evidence, stem: str, side: Side | None, rep: Rep, number: int, zero: float
) -> Iterator[Measure]:
    """Peak, range from standing, and value at the deepest point, of one repetition."""
    name = column(stem, side)
    time_s = evidence.angles.time_s
    inside = np.flatnonzero((time_s >= rep.start_s) & (time_s <= rep.end_s))
    series, state = evidence.angles[name][inside], evidence.angles.state[name][inside]
    known = np.isfinite(series)
    if known.mean() < LEAST_SHARE or not len(inside):
        reason = "It was not seen for part of the repetition. Keep the whole body in the picture."
        for kind in ("range", "peak", "at_peak"):
            yield _without(f"{stem}_{kind}", side, number, "deg", reason)
        return
    away = np.abs(series - (zero if np.isfinite(zero) else np.nanmedian(series)))
    extreme = int(np.nanargmax(away))
    deepest = int(np.argmin(np.abs(time_s[inside] - rep.peak_s)))
    status = _status(state, extreme)
    peak, at_peak = float(series[extreme]), float(series[deepest])
    hidden = _between_frames(series, extreme)

    def angle(kind: str, value: float, of: Kind) -> Measure:
        width = half_width_deg(
            stem, of, value, evidence.stance, fitted=evidence.fitted,
            visibility=evidence.visibility, between_frames_deg=hidden,
        )  # fmt: skip
        return Measure(f"{stem}_{kind}", side, number, value, "deg", width, status)

    if np.isfinite(zero):
        yield angle("range", peak - zero, "change")
    else:
        yield _without(f"{stem}_range", side, number, "deg", NO_STANDING)
    yield angle("peak", peak, "absolute")
    if np.isfinite(at_peak):
        yield angle("at_peak", at_peak, "absolute")
    else:
        yield _without(f"{stem}_at_peak", side, number, "deg", "It was not seen at this moment.")


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


def _summaries(of_kind: Sequence[Measure], reps: Sequence[Rep]) -> Iterator[Measure]:
    """Median over the repetitions that count, and their spread from three on."""
    if not of_kind:
        return
    first = of_kind[0]
    counted = [
        m for m in of_kind
        if m.value is not None and m.rep is not None and not reps[m.rep - 1].excluded_reason
    ]  # fmt: skip
    if not counted:
        reason = next((m.reason for m in of_kind if m.reason), None)
        yield _without(first.id, first.side, None, first.unit, reason or "No repetition counts.")
        return
    values = np.array([m.value for m in counted], dtype=float)
    widths = np.array([m.uncertainty for m in counted], dtype=float)
    filled = any(m.status == "partly_filled" for m in counted)
    # The error of one camera is shared by all repetitions: more of them do not make it smaller.
    yield replace(
        first, rep=None, value=float(np.median(values)), uncertainty=float(np.median(widths)),
        status="partly_filled" if filled else "measured", reason=None,
    )  # fmt: skip
    if len(values) >= 3 and first.id.endswith(("_range", "duration")):
        spread = float(values.std(ddof=1))
        yield Measure(
            f"{first.id}_sd", first.side, None, spread, first.unit,
            Z95 * spread / float(np.sqrt(2 * (len(values) - 1))), "measured",
        )  # fmt: skip


def _left_right(stem: str, measures: Sequence[Measure]) -> Iterator[Measure]:
    """Left minus right of a summary that both sides have."""
    kinds = ("range", "mean")
    both = [m for m in measures if m.id in [f"{stem}_{k}" for k in kinds] and m.rep is None]
    values = [(m.value, m.uncertainty) for m in both if m.value is not None]
    if len(both) == 2 and len(values) == 2:
        (left, left_width), (right, right_width) = values
        width = float(np.hypot(left_width or 0.0, right_width or 0.0))
        yield Measure(
            f"{both[0].id}_difference", None, None, left - right, "deg", width, "measured"
        )


def _of_time(evidence: Evidence) -> list[Measure]:
    """Durations, peak speed and depth."""
    measures: list[Measure] = []
    drive, _, driver = driving_signal(evidence.angles, evidence.stance, evidence.movement)
    unit = "percent" if driver.signal.endswith("_ratio") else "deg"
    if evidence.refused:
        units = {**dict.fromkeys(TIMES[:3], "s"), "peak_speed": f"{unit}_per_s", "depth": "percent"}
        return [_without(name, None, None, of, evidence.refused) for name, of in units.items()]
    time_s = evidence.angles.time_s
    speed = np.abs(np.gradient(drive, evidence.step_s)) if len(time_s) > 1 else np.abs(drive)
    depth = evidence.movement.depth
    stood = bool(evidence.stance.standing.any())
    fall = 100 * (1 - evidence.angles[depth]) if depth and stood else np.full(len(time_s), np.nan)
    for number, rep in enumerate(evidence.reps, start=1):
        for name, a, b in (
            ("duration", rep.start_s, rep.end_s),
            ("duration_down", rep.start_s, rep.peak_s),
            ("duration_up", rep.peak_s, rep.end_s),
        ):
            width = half_width_s(evidence.step_s)
            measures.append(Measure(name, None, number, b - a, "s", width, "measured"))
        inside = (time_s >= rep.start_s) & (time_s <= rep.end_s)
        measures.append(_peak_speed(speed[inside], number, unit, evidence.step_s))
        measures.append(_depth(fall[inside], number))
    for name in TIMES:
        measures += _summaries([m for m in measures if m.id == name], evidence.reps)
    return measures


def _peak_speed(speed: FloatArray, number: int, unit: str, step_s: float) -> Measure:
    unit = f"{unit}_per_s"
    known = speed[np.isfinite(speed)]
    if not len(known):
        return _without("peak_speed", None, number, unit, "The movement was not seen throughout.")
    value = float(known.max())
    # A scale error of the angle carries over; jitter of 0.5 degrees over a filter's 0.1 s adds to
    # it (our own choice).
    width = float(np.hypot(0.1 * value, 5.0 + 0.5 * value * min(step_s, 0.2)))
    return Measure("peak_speed", None, number, value, unit, width, "measured")


def _depth(fall: FloatArray, number: int) -> Measure:
    known = fall[np.isfinite(fall)]
    if not len(known):
        return _without("depth", None, number, "percent", NO_STANDING)
    value = float(known.max())
    # Landmarks are right to 1 to 2 % of the height, of which leg and trunk are about half; a
    # camera near the ground or high up adds perspective (our own choice).
    return Measure("depth", None, number, value, "percent", float(np.hypot(3.0, 0.1 * value)),
                   "measured")  # fmt: skip


def _without(id_: str, side: Side | None, rep: int | None, unit: str, reason: str) -> Measure:
    return Measure(id_, side, rep, None, unit, None, "not_measurable", reason)
