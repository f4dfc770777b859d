"""Which of a result's figures and signals come first."""

from __future__ import annotations

import numpy as np

from movecheck.report.names import find_movement, signal_base, split_measure
from movecheck.report.words import near_side, speakers
from movecheck.types import AngleTrack, Assessment, Finding, Measure

_FRONT = ("trunk_lateral_lean", "shoulder_tilt")
CURVES: dict[str, tuple[str, ...]] = {
    "squat": ("knee_flexion", "hip_flexion", "trunk_inclination", "knee_fppa", *_FRONT),
    "forward_bend": ("trunk_inclination", "lumbar_flexion", "pelvis_pitch", *_FRONT),
    "hip_hinge": ("trunk_inclination", "lumbar_flexion", "pelvis_pitch", *_FRONT),
}
CURVES_STANDING = ("trunk_inclination", "trunk_lateral_lean", "shoulder_tilt", "pelvis_tilt")
"""Signals whose charts come first, by movement and for a person who stands still."""

EXTRA = ("depth", "duration")


def key_measures(assessment: Assessment, most: int = 5) -> list[Measure]:
    """Return the summary measures to show large: those of the main sentence, then depth and time.

    Where both sides were seen, both are shown.
    """
    summary = [m for m in assessment.measures if m.rep is None and m.value is not None]
    told = [m.id for m in speakers(assessment)]
    near = near_side(assessment)
    shown = [m for m in summary if m.id in told and (near is None or m.side in (None, near))]
    found = sorted(shown, key=lambda m: told.index(m.id))
    found += [m for name in EXTRA for m in summary if m.id == name]
    return found[:most]


def held(assessment: Assessment) -> bool:
    """Tell whether the movement is a posture that is held: its repetitions are holds."""
    movement = find_movement(assessment.movement)
    return movement is not None and movement.kind == "held"


def curves(track: AngleTrack, movement: str) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Group the signals that have values by angle.

    Returns
    -------
    groups : dict of str to dict of str to str
        Base name of the angle to side ("left", "right" or "") to column; those that matter for
        the movement first.
    first : list of str
        Base names of those that matter.
    """
    groups: dict[str, dict[str, str]] = {}
    for column, values in track.values.items():
        if not column.endswith("_deg") or not np.isfinite(values).any():
            continue
        base, side = signal_base(column)
        groups.setdefault(base, {})[side or ""] = column
    known = find_movement(movement)
    own = known.all_stems() if known is not None and known.repeats else ()
    wanted = CURVES.get(movement) or own or CURVES_STANDING
    first = [base for base in wanted if base in groups] or list(groups)[:3]
    ordered = [*first, *(base for base in groups if base not in first)]
    return {base: groups[base] for base in ordered}, first


def band_of(base: str, findings: tuple[Finding, ...]) -> tuple[float | None, float | None] | None:
    """Return the published range that may be drawn behind a signal's curve.

    Only a range of the peak itself has the curve's scale; one of a change or a time has not.
    """
    for finding in findings:
        signal, ending = split_measure(finding.measure_id)
        shown = finding.result != "no_reference" and (finding.low, finding.high) != (None, None)
        if signal == base and ending in ("peak", "at_peak") and shown:
            return finding.low, finding.high
    return None
