"""The truth of a clip: angles of every frame and the repetitions.

All angles are in degrees and come from the joint centres of the skeleton that is drawn, in
the body's own axes (x to the subject's left, y up, z to the front), whatever the camera.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .body import SIDES, SIGN, Body, Vec
from .movements import DRIVER, Movement
from .pose import Pose, Skeleton, solve
from .scene import Camera

PIXEL_JOINTS = ("shoulder", "hip", "knee", "ankle", "heel", "toe", "ear")
_RATE = 200.0  # instants a second at which the course of the driving angle is searched


def between(a: Vec, b: Vec) -> float:
    """Angle between two vectors."""
    cos = float(a @ b) / float(np.linalg.norm(a) * np.linalg.norm(b))
    return float(np.degrees(np.arccos(min(1.0, max(-1.0, cos)))))


def inclination(lower: Vec, upper: Vec) -> float:
    """Sagittal angle of a line against the vertical, positive with its upper end forward."""
    return float(np.degrees(np.arctan2(upper[2] - lower[2], upper[1] - lower[1])))


def angles(skeleton: Skeleton, pose: Pose) -> dict[str, float]:
    """Angles of a skeleton that has not been placed in the room yet.

    Knee flexion is 0 in a straight leg. Hip flexion is 180 minus the angle
    shoulder-hip-knee, which holds their sideways spread too; the sagittal one is what an exact
    side view shows. The trunk is the line from mid-hip to mid-shoulder. Tilts and the
    lateral lean are positive when the subject's right side is lower or leaned to.
    """
    j = skeleton.joints
    hips = (j["hip_left"] + j["hip_right"]) / 2
    shoulders = (j["shoulder_left"] + j["shoulder_right"]) / 2
    out: dict[str, float] = {}
    for s in SIDES:
        hip, knee, ankle = j[f"hip_{s}"], j[f"knee_{s}"], j[f"ankle_{s}"]
        out[f"knee_flexion_{s}_deg"] = between(hip - knee, knee - ankle)
        out[f"hip_flexion_{s}_deg"] = 180.0 - between(j[f"shoulder_{s}"] - hip, knee - hip)
        flat = np.array([0.0, 1.0, 1.0])
        opening = between(flat * (j[f"shoulder_{s}"] - hip), flat * (knee - hip))
        out[f"hip_flexion_sagittal_{s}_deg"] = 180.0 - opening
        out[f"thigh_inclination_{s}_deg"] = inclination(knee, hip)
        out[f"shank_inclination_{s}_deg"] = inclination(ankle, knee)
    out["trunk_inclination_deg"] = inclination(hips, shoulders)
    out["pelvis_pitch_deg"] = pose.pelvis_deg
    out["lumbar_flexion_deg"] = pose.lumbar_deg
    out["thoracic_flexion_deg"] = pose.thoracic_deg
    out["spine_flexion_deg"] = pose.lumbar_deg + pose.thoracic_deg
    lean = shoulders - hips
    out["trunk_lateral_lean_deg"] = float(np.degrees(np.arctan2(-lean[0], lean[1])))
    for name in ("shoulder", "hip"):
        line = j[f"{name}_left"] - j[f"{name}_right"]
        key = "pelvis" if name == "hip" else name
        out[f"{key}_tilt_deg"] = float(np.degrees(np.arctan2(line[1], line[0])))
    return out


def pixels(placed: Skeleton, camera: Camera) -> dict[str, float]:
    """Projected joint centres, keyed ``px_knee_left_x`` and so on."""
    out: dict[str, float] = {}
    for joint in PIXEL_JOINTS:
        for s in SIDES:
            x, y = camera.project(placed.joints[f"{joint}_{s}"])
            out[f"px_{joint}_{s}_x"], out[f"px_{joint}_{s}_y"] = float(x), float(y)
    return out


def driving_angle(body: Body, movement: Movement, times: NDArray[np.float64]) -> Vec:
    """Course of the angle that tells the repetitions.

    It is the mean knee flexion of a squat and the trunk inclination of a bend.
    """
    course = []
    for t in times:
        pose = movement.pose(float(t))
        a = angles(solve(body, pose), pose)
        if DRIVER[movement.kind] == "knee":
            course.append((a["knee_flexion_left_deg"] + a["knee_flexion_right_deg"]) / 2)
        else:
            course.append(a["trunk_inclination_deg"])
    return np.array(course)


@lru_cache(maxsize=64)
def repetitions(body: Body, movement: Movement) -> tuple[dict[str, Any], ...]:
    """Start, bottom and end of every repetition, in seconds of the movement's clock.

    A repetition starts and ends with its motion; its bottom is the middle of the time that the
    driving angle spends in the last 1 % of its range from the quiet stance.
    """
    if DRIVER[movement.kind] == "none":
        return ()
    quiet = np.arange(0.0, max(movement.quiet_s, 1.0 / _RATE), 1.0 / _RATE)
    standing = float(driving_angle(body, movement, quiet).mean())
    out = []
    for i, (start, end) in enumerate(movement.windows()):
        times = np.arange(start, end, 1.0 / _RATE)
        course = driving_angle(body, movement, times) - standing
        share = course / course.max()
        low = np.flatnonzero(share >= 0.99)
        first, last = low[0], low[-1]
        out.append(
            {
                "rep": i + 1,
                "start_s": round(start, 4),
                "bottom_s": round(float(times[first] + times[last]) / 2, 4),
                "end_s": round(end, 4),
                "range_deg": round(float(course.max()), 3),
                "partial": movement.depths[i] < 0.8,
            }
        )
    return tuple(out)


def rep_at(reps: tuple[dict[str, Any], ...], t: float) -> int:
    """Number of the repetition a time lies in; 0 is rest."""
    ends = ((r, float("inf") if r["end_s"] is None else r["end_s"]) for r in reps)
    return next((int(r["rep"]) for r, end in ends if r["start_s"] <= t <= end), 0)


def near_side(yaw_deg: float) -> str:
    """Side of the body that is nearer to the camera."""
    toward = {s: -SIGN[s] * np.sin(np.radians(yaw_deg)) for s in SIDES}
    if abs(toward["left"]) < 0.26:
        return "both"
    return max(toward, key=lambda s: float(toward[s]))
