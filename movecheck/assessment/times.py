"""Measures of time: durations, holds, speed and depth."""

from __future__ import annotations

import numpy as np

from movecheck.assessment.evidence import Evidence, summaries, without
from movecheck.marks import N_
from movecheck.measures.names import column
from movecheck.measures.uncertainty import half_width_s
from movecheck.movements import Movement
from movecheck.movements.drive import drive_of, driver_of, timed_by
from movecheck.movements.holds import ENDS, STARTS, STEADY_DEG_PER_S
from movecheck.types import FloatArray, Measure, Rep, Side

CROSSING_S = 0.3  # about the ends of a hold, in which an angle's speed is taken (our own choice)
SCALE = 0.15  # 95 % of drawn people, even-numbered bodies, are within it and the jitter


def time_ids(movement: Movement) -> tuple[str, ...]:
    """Return the ids of the measures of time that a movement has."""
    if movement.kind == "held":
        return ("hold_time",)
    if movement.kind == "chair":
        return ("duration", "duration_up", "duration_down")
    if movement.depth is None:
        return ("duration", "duration_out", "duration_back", "peak_speed")
    return ("duration", "duration_down", "duration_up", "peak_speed", "depth")


def of_time(evidence: Evidence) -> list[Measure]:
    """Return durations, peak speed and depth; or hold times."""
    ids = time_ids(evidence.movement)
    unit = "s"
    if "peak_speed" in ids:
        driver = driver_of(evidence.stance, evidence.movement)
        unit = "percent" if driver.signal.endswith("_ratio") else "deg"
    if evidence.refused:
        units = {"peak_speed": f"{unit}_per_s", "depth": "percent"}
        return [without(name, None, None, units.get(name, "s"), evidence.refused) for name in ids]
    if evidence.movement.kind == "held":
        return _holds(evidence)
    measures = [m for n, rep in evidence.numbered() for m in _durations(evidence, ids, n, rep)]
    if "peak_speed" in ids:
        measures += _speeds(evidence, unit)
    if "depth" in ids:
        measures += _depths(evidence)
    for name in ids:
        measures += summaries([m for m in measures if m.id == name], evidence.reps)
    return measures


def _durations(evidence: Evidence, ids: tuple[str, ...], number: int, rep: Rep) -> list[Measure]:
    out = []
    spans = ((rep.start_s, rep.end_s), (rep.start_s, rep.peak_s), (rep.peak_s, rep.end_s))
    edge, middle = "seat", "seat"
    if evidence.movement.kind != "chair":
        edge, middle = timed_by(evidence.angles, evidence.stance, evidence.movement, rep), "deepest"
    ends = ((edge, edge), (edge, middle), (middle, edge))
    stays = evidence.movement.kind == "chair" and rep.end_s == rep.peak_s
    for name, (a, b), instants in zip(ids[:3], spans, ends, strict=True):
        width = half_width_s(evidence.step_s, *instants)
        if stays and name != "duration_up":
            reason = N_("The person stayed up, so it has no end.")
            out.append(without(name, None, number, "s", reason))
        else:
            out.append(Measure(name, None, number, b - a, "s", width, "measured"))
    return out


def _speeds(evidence: Evidence, unit: str) -> list[Measure]:
    time_s, found = evidence.angles.time_s, []
    for number, rep in evidence.numbered():
        drive = drive_of(evidence.angles, evidence.stance, evidence.movement, rep.side)
        speed = np.abs(np.gradient(drive, evidence.step_s)) if len(time_s) > 1 else np.abs(drive)
        inside = (time_s >= rep.start_s) & (time_s <= rep.end_s)
        found.append(_peak_speed(speed[inside], number, unit, evidence.step_s))
    return found


def _peak_speed(speed: FloatArray, number: int, unit: str, step_s: float) -> Measure:
    unit = f"{unit}_per_s"
    if not len(speed) or not np.isfinite(speed).all():
        reason = N_("The movement was not seen throughout.")
        return without("peak_speed", None, number, unit, reason)
    value = float(speed.max())
    # A scale error of the angle carries over, and the filter takes off what is fast: SCALE. Jitter
    # of 0.5 degrees over a filter's 0.1 s adds to it (our own choice).
    width = float(np.hypot(SCALE * value, 5.0 + 0.5 * value * min(step_s, 0.2)))
    return Measure("peak_speed", None, number, value, unit, width, "measured")


def _depths(evidence: Evidence) -> list[Measure]:
    time_s, depth = evidence.angles.time_s, evidence.movement.depth
    stood = bool(evidence.stance.standing.any())
    fall = 100 * (1 - evidence.angles[depth]) if depth and stood else np.full(len(time_s), np.nan)
    return [
        _depth(evidence, fall[(time_s >= r.start_s) & (time_s <= r.end_s)], n)
        for n, r in evidence.numbered()
    ]


def _depth(evidence: Evidence, fall: FloatArray, number: int) -> Measure:
    known = fall[np.isfinite(fall)]
    if not len(known):
        return without("depth", None, number, "percent", evidence.no_rest)
    value = float(known.max())
    # Landmarks are right to 1 to 2 % of the height, of which leg and trunk are about half; a
    # camera near the ground or high up adds perspective (our own choice).
    return Measure("depth", None, number, value, "percent", float(np.hypot(3.0, 0.1 * value)),
                   "measured")  # fmt: skip


def _holds(evidence: Evidence) -> list[Measure]:
    """Return the time of each hold, and the longest of each side that counts."""
    measures: list[Measure] = []
    sides: tuple[Side | None, ...] = ("left", "right") if evidence.movement.sided else (None,)
    for side in sides:
        of_side = [_hold(rep, n, _hold_width(evidence, rep)) for n, rep in evidence.numbered(side)]
        whole = [m for m in of_side if m.value is not None]
        measures += of_side
        if whole:
            best = max(whole, key=lambda m: m.value or 0.0)
            measures.append(
                Measure("hold_time", side, None, best.value, "s", best.uncertainty, "measured")
            )
        elif of_side:
            measures.append(without("hold_time", side, None, "s", of_side[-1].reason or ""))
        else:
            measures.append(without("hold_time", side, None, "s", N_("None was seen.")))
    return measures


def _hold_width(evidence: Evidence, rep: Rep) -> float:
    """Return the half-width of a hold's time.

    An angle that is off by its error crosses its limit so much earlier or later as it takes to
    turn by that error, at the speed it has there.
    """
    if evidence.movement.hold is None:
        return half_width_s(evidence.step_s, "foot", "foot")
    base = half_width_s(evidence.step_s, "edge_angle", "edge_angle")
    parts = [base]
    for when in (rep.start_s, rep.end_s):
        near = np.abs(evidence.angles.time_s - when) <= CROSSING_S
        late = []
        for stem in evidence.movement.hold.signals:
            angle = evidence.angles[column(stem)][near]
            speed = float(np.ptp(angle)) / (2 * CROSSING_S) if np.isfinite(angle).all() else 0.0
            late.append(evidence.width(stem, "change", 0.0) / max(speed, STEADY_DEG_PER_S))
        parts.append(min(late))
    return float(np.linalg.norm(parts))


def _hold(rep: Rep, number: int, width: float) -> Measure:
    length = rep.end_s - rep.start_s
    if rep.excluded_reason in (STARTS, ENDS):
        advice = N_("Let the camera run before you begin and until you have ended.")
        reason = N_(f"It lasted at least {length:.0f} s: {rep.excluded_reason}.")
        return without("hold_time", rep.side, number, "s", f"{reason} {advice}")
    return Measure("hold_time", rep.side, number, length, "s", width, "measured")
