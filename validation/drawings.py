"""Drawings of the angles, for ``docs/measures.md``: a plain figure, two lines and an arc."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Point = NDArray[np.float64]
FOLDER = Path(__file__).parents[1] / "docs" / "angles"
REACH, ARC = 46.0, 26.0

BODIES: dict[str, dict[str, tuple[float, float]]] = {
    "squat": {
        "head": (128, 34), "shoulder": (116, 62), "hip": (70, 116), "knee": (122, 140),
        "ankle": (100, 190), "toe": (130, 196), "hand": (166, 74),
    },
    "front": {
        "head": (104, 26), "left_shoulder": (132, 60), "right_shoulder": (72, 68),
        "mid_shoulder": (102, 64), "left_hip": (112, 114), "right_hip": (76, 118),
        "mid_hip": (94, 116), "right_knee": (84, 154), "left_knee": (118, 154),
        "right_ankle": (70, 194), "left_ankle": (122, 194), "right_hand": (58, 116),
        "left_hand": (146, 106),
    },
    "lying": {
        "head": (26, 98), "shoulder": (48, 112), "hip": (104, 138), "knee": (146, 140),
        "ankle": (190, 158), "hand": (50, 160),
    },
    "raise": {
        "head": (22, 150), "shoulder": (48, 154), "hip": (112, 154), "knee": (146, 110),
        "ankle": (178, 64), "other_ankle": (204, 154),
    },
    "bend": {
        "head": (176, 136), "shoulder": (154, 112), "hip": (82, 96), "knee": (84, 146),
        "ankle": (80, 190), "toe": (108, 196), "hand": (150, 168),
    },
}  # fmt: skip
LIMBS: dict[str, tuple[tuple[str, ...], ...]] = {
    "squat": (("shoulder", "hip", "knee", "ankle", "toe"), ("shoulder", "hand")),
    "front": (
        ("right_hand", "right_shoulder", "left_shoulder", "left_hand"),
        ("right_ankle", "right_knee", "right_hip", "left_hip", "left_knee", "left_ankle"),
        ("mid_shoulder", "mid_hip"),
    ),
    "lying": (("shoulder", "hip", "knee", "ankle"), ("shoulder", "hand")),
    "raise": (("shoulder", "hip", "knee", "ankle"), ("hip", "other_ankle")),
    "bend": (("hip", "knee", "ankle", "toe"), ("shoulder", "hand")),
}
# The back's outline in the bend, from the seat to below the shoulder blades, and its tangents.
OUTLINE = ((72, 104), (84, 62), (112, 66), (150, 98))
SACRUM, MIDDLE, UPPER = 0.0, 0.5, 1.0


@dataclass(frozen=True)
class Angle:
    """What is drawn on a body: a line from one joint to another, and what it is held against.

    `against` is a joint (the line from there to the vertex, carried on), or ``up``, ``level``.
    """

    body: str
    vertex: str
    towards: str
    against: str


ANGLES: dict[str, Angle] = {
    "knee_flexion": Angle("squat", "knee", "ankle", "hip"),
    "hip_flexion": Angle("squat", "hip", "knee", "shoulder"),
    "trunk_inclination": Angle("squat", "hip", "shoulder", "up"),
    "thigh_inclination": Angle("squat", "knee", "hip", "up"),
    "shank_inclination": Angle("squat", "ankle", "knee", "up"),
    "trunk_lateral_lean": Angle("front", "mid_hip", "mid_shoulder", "up"),
    "shoulder_tilt": Angle("front", "right_shoulder", "left_shoulder", "level"),
    "pelvis_tilt": Angle("front", "right_hip", "left_hip", "level"),
    "knee_fppa": Angle("front", "right_knee", "right_ankle", "right_hip"),
    "body_line": Angle("lying", "hip", "ankle", "shoulder"),
    "hip_line": Angle("lying", "hip", "knee", "shoulder"),
    "knee_line": Angle("lying", "knee", "ankle", "hip"),
    "trunk_rise": Angle("lying", "hip", "shoulder", "back"),
    "leg_rise": Angle("raise", "hip", "knee", "level"),
}
TANGENTS = {
    "spine_flexion": (SACRUM, UPPER),
    "lumbar_flexion": (SACRUM, MIDDLE),
    "pelvis_pitch": (SACRUM, None),
}
WAYS = {"up": (0.0, -1.0), "level": (1.0, 0.0), "back": (-1.0, 0.0)}


def drawing(stem: str) -> str:
    """Return the drawing of an angle as SVG, in colours that do on light and dark ground."""
    if stem in TANGENTS:
        shapes = [*_body("bend"), *_tangents(*TANGENTS[stem])]
    else:
        angle = ANGLES[stem]
        shapes = [*_body(angle.body), *_angle(angle)]
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 220 210" width="132" height="126">'
        + "".join(shapes)
        + "</svg>\n"
    )


def _body(name: str) -> list[str]:
    at = BODIES[name]
    lines = [" ".join(f"{at[joint][0]},{at[joint][1]}" for joint in limb) for limb in LIMBS[name]]
    look = 'fill="none" stroke="#8a9499" stroke-width="5" stroke-linecap="round"'
    x, y = at["head"]
    shapes = [f'<polyline {look} stroke-linejoin="round" points="{line}"/>' for line in lines]
    if name == "bend":
        (a, b), (c, d), (e, f), (g, h) = OUTLINE
        shapes.append(f'<path {look} d="M{a},{b} C{c},{d} {e},{f} {g},{h}"/>')
    return [*shapes, f'<circle cx="{x}" cy="{y}" r="13" fill="#8a9499"/>']


def _angle(angle: Angle) -> list[str]:
    at = {name: np.array(place, float) for name, place in BODIES[angle.body].items()}
    vertex = at[angle.vertex]
    if angle.against in WAYS:
        against = np.array(WAYS[angle.against])
    else:
        against = _unit(vertex - at[angle.against])
    return _between(vertex, _unit(at[angle.towards] - vertex), against)


def _tangents(low: float, high: float | None) -> list[str]:
    vertex, first = _outline(low)
    if high is None:
        return _between(vertex, first, np.array(WAYS["up"]))
    place, second = _outline(high)
    lines = [_line(place - REACH / 2 * second, place + REACH / 2 * second, False)]
    return [*lines, *_between(vertex, first, second)]


def _outline(share: float) -> tuple[Point, Point]:
    """Place and direction of the back's outline, a cubic Bezier curve."""
    a, b, c, d = (np.array(point, float) for point in OUTLINE)
    rest = 1 - share
    place = rest**3 * a + 3 * rest**2 * share * b + 3 * rest * share**2 * c + share**3 * d
    slope = rest**2 * (b - a) + 2 * rest * share * (c - b) + share**2 * (d - c)
    return place, _unit(slope)


def _between(vertex: Point, line: Point, against: Point) -> list[str]:
    """Two rays from a point, the second one dashed, and the arc from it to the first."""
    begin, end = vertex + ARC * against, vertex + ARC * line
    turn = int(against[0] * line[1] - against[1] * line[0] > 0)
    arc = (
        f'<path fill="none" stroke="#c2570c" stroke-width="3" '
        f'd="M{_place(begin)} A{ARC:g},{ARC:g} 0 0 {turn} {_place(end)}"/>'
    )
    rays = (vertex + REACH * against, True), (vertex + REACH * line, False)
    return [*(_line(vertex, to, dashed) for to, dashed in rays), arc]


def _line(begin: Point, end: Point, dashed: bool) -> str:
    look = ' stroke-dasharray="5 4"' if dashed else ""
    (a, b), (c, d) = begin, end
    return (
        f'<line x1="{a:.1f}" y1="{b:.1f}" x2="{c:.1f}" y2="{d:.1f}" stroke="#c2570c" '
        f'stroke-width="3"{look}/>'
    )


def _place(point: Point) -> str:
    return f"{point[0]:.1f},{point[1]:.1f}"


def _unit(way: Point) -> Point:
    return np.asarray(way / np.linalg.norm(way))


def write_all(folder: Path = FOLDER) -> None:
    """Write every drawing."""
    folder.mkdir(parents=True, exist_ok=True)
    for stem in (*ANGLES, *TANGENTS):
        (folder / f"{stem}.svg").write_text(drawing(stem), encoding="utf-8")
