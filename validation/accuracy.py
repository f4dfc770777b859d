"""Errors of signals and of measures against the truth of one recording."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movecheck.analyze import Result
from movecheck.measures.names import COLUMNS, FROM_CONTOUR, column
from movecheck.measures.spine import neutral
from movecheck.measures.view import from_front_deg
from movecheck.report.names import signal_base
from movecheck.skeleton import INDEX
from movecheck.types import Measure, PoseTrack
from validation.recordings import Known

Series = NDArray[np.float64]


@dataclass(frozen=True)
class SignalError:
    """Error of one signal over one recording, in degrees.

    `method` is movecheck, or what raw landmarks give without any of it (image, world). `kind` is
    the signal's own level, its change from standing, or its size where the truth has no sign.
    """

    clip: str
    movement: str
    view: str
    off_deg: float
    signal: str
    method: str
    kind: str
    bias: float
    mae: float
    rmse: float
    most: float
    known: float


@dataclass(frozen=True)
class MeasureError:
    """One measure of one repetition against its truth."""

    clip: str
    movement: str
    view: str
    off_deg: float
    measure: str
    value: float
    half_width: float
    truth: float

    @property
    def error(self) -> float:
        """Value minus truth."""
        return self.value - self.truth

    @property
    def covered(self) -> bool:
        """Whether the interval holds the truth."""
        return abs(self.error) <= self.half_width


def off_plane_deg(known: Known) -> float:
    """Return how far the person is turned out of the side or the front view that is meant."""
    yaw = abs(float(known.about["yaw_deg"]))
    from_front = from_front_deg(yaw)
    return from_front if known.name.startswith("front") or from_front < 45 else 90 - from_front


def signal_errors(result: Result, known: Known) -> list[SignalError]:
    """Compare every signal that was measured and is known."""
    rows = []
    standing = result.stance.standing
    time_s = result.angles.time_s
    for name in COLUMNS:
        if name not in known.angles or not np.isfinite(result.angles[name]).any():
            continue
        base = signal_base(name)[0]
        truth = known.at(name, time_s)
        methods = {"movecheck": result.angles[name], **_raw(result.raw, name, result, known)}
        for method, values in methods.items():
            for kind in ("size",) if name in known.unsigned else ("change", "level"):
                if kind == "level" and base in FROM_CONTOUR:
                    continue
                error = (np.abs(values) if kind == "size" else values) - truth
                if kind == "change":
                    truth_zero = float(neutral(truth, standing))
                    ours = 0.0 if base in FROM_CONTOUR else float(neutral(values, standing))
                    error = (values - ours) - (truth - truth_zero)
                rows.append(_row(known, result, base, method, kind, error))
    return [row for row in rows if row is not None]


def _row(
    known: Known, result: Result, base: str, method: str, kind: str, error: Series
) -> SignalError | None:
    seen = error[np.isfinite(error)]
    if not len(seen):
        return None
    return SignalError(
        known.name, known.about["movement"], result.stance.view, off_plane_deg(known), base, method,
        kind, float(seen.mean()), float(np.abs(seen).mean()), float(np.sqrt((seen**2).mean())),
        float(np.abs(seen).max()), len(seen) / len(error),
    )  # fmt: skip


def _raw(raw: PoseTrack, name: str, result: Result, known: Known) -> dict[str, Series]:
    """Return what the model's image and world landmarks give, frame by frame, unfiltered."""
    base, side = signal_base(name)
    grid = result.angles.time_s
    chains = {
        "knee_flexion": ("hip", "knee", "ankle"),
        "hip_flexion": ("shoulder", "hip", "knee"),
    }
    out: dict[str, Series] = {}
    for method, points in (("image", raw.xy_px), ("world", raw.world_m)):
        if base in chains:
            a, b, c = (points[:, INDEX[f"{side}_{joint}"]] for joint in chains[base])
            angle = _bend(a, b, c)
        elif base == "trunk_inclination":
            hip, shoulder = (
                (points[:, INDEX[f"left_{j}"]] + points[:, INDEX[f"right_{j}"]]) / 2
                for j in ("hip", "shoulder")
            )
            along = shoulder - hip
            across = np.linalg.norm(np.delete(along, 1, axis=1), axis=1)
            # The landmarks alone do not say which way is forward; the truth lends its sign.
            sign = np.sign(known.at(name, raw.time_s))
            angle = sign * np.degrees(np.arctan2(across, -along[:, 1]))
        else:
            continue
        seen = np.isfinite(angle)
        if seen.any():
            out[method] = np.interp(grid, raw.time_s[seen], angle[seen])
    return out


def _bend(a: Series, b: Series, c: Series) -> Series:
    u, v = a - b, c - b
    cosine = (u * v).sum(-1) / (np.linalg.norm(u, axis=-1) * np.linalg.norm(v, axis=-1))
    return np.asarray(180 - np.degrees(np.arccos(np.clip(cosine, -1, 1))))


def measure_errors(result: Result, known: Known) -> list[MeasureError]:
    """Compare range and peak of every repetition, and the level in standing, with the truth."""
    rows = [
        (m.id, m.side, m.rep, m.value, m.uncertainty)
        for m in result.assessment.measures
        if m.value is not None and m.uncertainty is not None and m.unit == "deg"
    ]
    # A movement has no measure of the standing level; its error counts with those of the peaks.
    rows += [
        (m.id.replace("_peak", "_mean"), m.side, None, _standing(result, m), m.uncertainty)
        for m in result.assessment.measures
        if m.id.endswith("_peak")
        and not m.id.endswith("_at_peak")
        and m.rep == 1
        and m.value is not None
        and m.uncertainty is not None
    ]
    found = []
    for id_, side, rep, value, half_width in rows:
        base, _, kind = id_.rpartition("_")
        name = column(base, side) if kind in ("range", "peak", "mean") else ""
        truth = _true_value(result, known, name, kind, rep) if name in known.angles else None
        if truth is not None and value is not None and np.isfinite(value):
            found.append(
                MeasureError(
                    known.name,
                    known.about["movement"],
                    result.stance.view,
                    off_plane_deg(known),
                    id_,
                    value,
                    half_width,
                    truth,
                )
            )
    return found


def _standing(result: Result, measure: Measure) -> float | None:
    base = measure.id.removesuffix("_peak")
    if base in FROM_CONTOUR:
        return None
    return float(neutral(result.angles[column(base, measure.side)], result.stance.standing))


def _true_value(
    result: Result, known: Known, name: str, kind: str, rep: int | None
) -> float | None:
    time_s = result.angles.time_s
    truth = known.at(name, time_s)
    zero = float(neutral(truth, result.stance.standing))
    if kind == "mean":
        return None if np.isnan(zero) else zero
    if rep is None or np.isnan(zero):
        return None
    window = result.assessment.reps[rep - 1]
    inside = truth[(time_s >= window.start_s) & (time_s <= window.end_s)]
    if not len(inside) or not np.isfinite(inside).all():
        return None
    furthest = float(inside[np.argmax(np.abs(inside - zero))])
    contour = signal_base(name)[0] in FROM_CONTOUR
    return furthest - zero if kind == "range" or contour else furthest
