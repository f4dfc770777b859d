"""Signals by name: which there are, in what order, and which view shows them. Data only."""

from __future__ import annotations

from typing import Literal

from movecheck.types import Side

ShownBy = Literal["side", "front", "any", "picture"]
SIDES: tuple[Side, Side] = ("left", "right")

# Signal stem, whether it exists for each side of the body, and the view that shows it: "any" for
# angles in the body's sagittal plane, which a side view shows and the body fit finds in any view;
# "picture" for lines of a body that lies along the picture, whatever side of it is seen.
_TABLE: tuple[tuple[str, bool, ShownBy], ...] = (
    ("knee_flexion", True, "any"),
    ("hip_flexion", True, "any"),
    ("trunk_inclination", False, "any"),
    ("thigh_inclination", True, "any"),
    ("shank_inclination", True, "any"),
    ("spine_flexion", False, "side"),
    ("lumbar_flexion", False, "side"),
    ("pelvis_pitch", False, "side"),
    ("trunk_lateral_lean", False, "front"),
    ("shoulder_tilt", False, "front"),
    ("pelvis_tilt", False, "front"),
    ("knee_fppa", True, "front"),
    ("body_line", False, "picture"),
    ("hip_line", False, "picture"),
    ("knee_line", False, "picture"),
    ("trunk_rise", False, "picture"),
    ("leg_rise", True, "picture"),
)

VIEW_OF: dict[str, ShownBy] = {stem: view for stem, _, view in _TABLE}
"""Signal stem to the view that shows it."""

FROM_CONTOUR = frozenset({"spine_flexion", "lumbar_flexion", "pelvis_pitch"})
"""Signals read from the back's edge; they are changes from standing by definition."""


def sides_of(stem: str) -> tuple[Side | None, ...]:
    """Return ("left", "right") for a signal of each side, (None,) for one of the midline."""
    return SIDES if {name: both for name, both, _ in _TABLE}[stem] else (None,)


def column(stem: str, side: Side | None = None) -> str:
    """Return the column of ``signals.csv``.

    Examples
    --------
    >>> column("knee_flexion", "left"), column("trunk_inclination")
    ('knee_flexion_left_deg', 'trunk_inclination_deg')
    """
    return f"{stem}_deg" if side is None else f"{stem}_{side}_deg"


COLUMNS: tuple[str, ...] = tuple(
    column(stem, side) for stem, _, _ in _TABLE for side in sides_of(stem)
)
"""All columns of ``signals.csv`` that hold degrees, in order."""

DEFINITION: dict[str, str] = {
    "knee_flexion": "angle between thigh and shank, 0 when straight, + flexed",
    "hip_flexion": "180° minus the angle shoulder-hip-knee; it holds the flexion of the spine too",
    "trunk_inclination": "line from mid-hip to mid-shoulder against the vertical, + forward",
    "thigh_inclination": "line from knee to hip against the vertical, + with the hip forward",
    "shank_inclination": "line from ankle to knee against the vertical, + with the knee forward",
    "spine_flexion": "tangent of the back's outline below the shoulder blades minus that over the "
    "sacrum, as change from standing, + flexed",
    "lumbar_flexion": "tangent of the outline at the middle of the back minus that over the "
    "sacrum, as change from standing, + flexed",
    "pelvis_pitch": "tangent of the outline over the sacrum against the vertical, as change from "
    "standing, + forward",
    "trunk_lateral_lean": "line from mid-hip to mid-shoulder against the vertical, + to the "
    "subject's right",
    "shoulder_tilt": "line between the shoulders against the level, + with the right lower",
    "pelvis_tilt": "line between the hips against the level, + with the right lower",
    "knee_fppa": "angle of thigh and shank in the picture, + with the knee medial",
    "body_line": "angle at the hips between shoulders and ankles, 0 when straight, + when the "
    "hips hang",
    "hip_line": "angle at the hips between shoulders and knees, 0 when straight, + when the hips "
    "hang",
    "knee_line": "angle at the knees between hips and ankles, 0 when straight, + when the knees "
    "hang",
    "trunk_rise": "line from hips to shoulders against the level, + with the shoulders higher",
    "leg_rise": "line from hip to knee against the level, + with the knee higher",
}
"""Signal stem to what it is, in degrees, of the landmarks or of the silhouette's edge."""
