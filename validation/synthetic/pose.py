"""From joint angles to joint centres.

Angles are in degrees. Body axes: x to the subject's left, y up, z to the front; a positive
turn about x therefore pitches forward and a positive turn about z lowers the right side.
The feet stay unless a pose says otherwise: the legs are solved from the hips down to the ankles.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace

import numpy as np
from numpy.typing import NDArray

from .body import (
    ANKLE,
    FOOT,
    LUMBAR,
    SIDES,
    SIGN,
    SPINE,
    THORACIC,
    Body,
    Vec,
    neutral_joints,
    segment_lengths,
)

Mat = NDArray[np.float64]


@dataclass(frozen=True)
class Pose:
    """What the joints are set to; the defaults are a quiet stance.

    Attributes
    ----------
    knee_deg : float
        Knee flexion; of two unequal legs the straighter one gets it.
    shank_deg : float
        Inclination of the shanks, forward positive, of a leg in the sagittal plane.
    pelvis_deg, lumbar_deg, thoracic_deg : float
        Pelvis pitch and the flexion spread over the lumbar and the thoracic joints.
    head_deg : float
        Pitch of the head against the vertical.
    pelvis_tilt_deg, shoulder_tilt_deg : float
        Lateral tilt, positive with the subject's right side lower.
    arm_deg, arm_out_deg, elbow_deg : float
        Arm raised to the front and to the side from hanging, and elbow flexion.
    stance, toe_out_deg : float
        Half distance of the ankles as a fraction of stature, and the turn of the feet.
    sway_m : float
        Shift of the hips to the subject's left.
    step_m, lift_m : float
        How far the left foot is set forward and held above the floor.
    """

    knee_deg: float = 5.0
    shank_deg: float = 4.5
    pelvis_deg: float = 0.0
    lumbar_deg: float = 0.0
    thoracic_deg: float = 0.0
    head_deg: float = 0.0
    pelvis_tilt_deg: float = 0.0
    shoulder_tilt_deg: float = 0.0
    arm_deg: float = 3.0
    arm_out_deg: float = 8.0
    elbow_deg: float = 12.0
    stance: float = 0.065
    toe_out_deg: float = 9.0
    sway_m: float = 0.0
    step_m: float = 0.0
    lift_m: float = 0.0


@dataclass(frozen=True)
class Skeleton:
    """Joint centres in metres and segment frames (columns are the segment's axes)."""

    joints: dict[str, Vec]
    frames: dict[str, Mat]


def blend(rest: Pose, goal: Pose, share: float) -> Pose:
    """Pose at a share of the way from ``rest`` to ``goal``."""
    mixed = {
        f.name: (1.0 - share) * getattr(rest, f.name) + share * getattr(goal, f.name)
        for f in fields(Pose)
    }
    return Pose(**mixed)


def turn(pitch_deg: float = 0.0, lateral_deg: float = 0.0, yaw_deg: float = 0.0) -> Mat:
    """Rotation by pitch about x, then lateral tilt about z, then yaw about y."""
    (cx, cz, cy), (sx, sz, sy) = (
        f(np.radians([pitch_deg, lateral_deg, yaw_deg])) for f in (np.cos, np.sin)
    )
    about_x = np.array([[1, 0, 0], [0, cx, -sx], [0, sx, cx]])
    about_z = np.array([[cz, -sz, 0], [sz, cz, 0], [0, 0, 1]])
    about_y = np.array([[cy, 0, sy], [0, 1, 0], [-sy, 0, cy]])
    return np.asarray(about_y @ about_z @ about_x)


def solve(body: Body, pose: Pose) -> Skeleton:
    """Place every joint of a body in a pose, feet flat on the floor (y = 0)."""
    joints: dict[str, Vec] = {}
    frames: dict[str, Mat] = {}
    _feet(body, pose, joints, frames)
    frames["pelvis"] = turn(pose.pelvis_deg, pose.pelvis_tilt_deg)
    neutral = neutral_joints(body)
    joints["pelvis"] = _pelvis_centre(body, pose, joints, frames["pelvis"], neutral)
    _legs(body, joints, frames, neutral)
    _trunk(pose, joints, frames, neutral)
    _arms(body, pose, joints, frames)
    return Skeleton(joints, frames)


def place(skeleton: Skeleton, yaw_deg: float, x_m: float = 0.0, z_m: float = 0.0) -> Skeleton:
    """Turn a skeleton about the vertical and move it over the floor of the room.

    At 0 degrees the person faces the camera, at +90 the right edge of the picture.
    """
    rot, shift = turn(yaw_deg=yaw_deg), np.array([x_m, 0.0, z_m])
    return replace(
        skeleton,
        joints={n: rot @ p + shift for n, p in skeleton.joints.items()},
        frames={n: rot @ m for n, m in skeleton.frames.items()},
    )


def _feet(body: Body, pose: Pose, joints: dict[str, Vec], frames: dict[str, Mat]) -> None:
    h = body.stature_m
    for side in SIDES:
        rot = turn(yaw_deg=SIGN[side] * pose.toe_out_deg)
        ankle = np.array([SIGN[side] * pose.stance * h, ANKLE * h, 0.0])
        if side == "left":
            ankle += np.array([0.0, pose.lift_m, pose.step_m])
        frames[f"foot_{side}"] = rot
        joints[f"ankle_{side}"] = ankle
        joints[f"heel_{side}"] = ankle + rot @ np.array([0.0, -0.022, -0.24 * FOOT]) * h
        joints[f"toe_{side}"] = ankle + rot @ np.array([0.0, -0.026, 0.68 * FOOT]) * h


def _pelvis_centre(
    body: Body, pose: Pose, joints: dict[str, Vec], frame: Mat, neutral: dict[str, Vec]
) -> Vec:
    """Middle of the hips: as high as both legs allow with their knees bent as set.

    The hips lie on a sagittal line through the ankles whose tilt follows from the shank's
    inclination; along it each leg is a quadratic equation, and the shorter one decides.
    """
    size = segment_lengths(body)
    knee = np.radians(pose.knee_deg)
    spans = [_span(size[f"thigh_{s}"], size[f"shank_{s}"], knee) for s in SIDES]
    at_ankle = np.arcsin(size["thigh_left"] * np.sin(knee) / spans[0])
    tilt = np.radians(pose.shank_deg) - at_ankle
    line = np.array([0.0, np.cos(tilt), np.sin(tilt)])
    middle = (joints["ankle_left"] + joints["ankle_right"]) / 2 + [pose.sway_m, 0.0, 0.0]
    reach = []
    for side, span in zip(SIDES, spans, strict=True):
        offset = middle + frame @ neutral[f"hip_{side}"] - joints[f"ankle_{side}"]
        along = float(offset @ line)
        reach.append(-along + np.sqrt(along**2 - float(offset @ offset) + span**2))
    centre: Vec = middle + min(reach) * line
    return centre


def _span(thigh: float, shank: float, knee: float) -> float:
    """Distance of hip and ankle for a knee flexion in radians."""
    return float(np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(knee)))


def _legs(
    body: Body, joints: dict[str, Vec], frames: dict[str, Mat], neutral: dict[str, Vec]
) -> None:
    size = segment_lengths(body)
    for side in SIDES:
        hip = joints["pelvis"] + frames["pelvis"] @ neutral[f"hip_{side}"]
        down = joints[f"ankle_{side}"] - hip
        span = float(np.linalg.norm(down))
        down /= span
        thigh, shank = size[f"thigh_{side}"], size[f"shank_{side}"]
        # The knee points where the toes point.
        front = frames[f"foot_{side}"][:, 2]
        front = front - (front @ down) * down
        front /= np.linalg.norm(front)
        cos = (thigh**2 + span**2 - shank**2) / (2 * thigh * span)
        sin = np.sqrt(max(0.0, 1.0 - cos * cos))
        joints[f"hip_{side}"] = hip
        joints[f"knee_{side}"] = hip + thigh * (cos * down + sin * front)
        for name, top, end in (("thigh", "hip", "knee"), ("shank", "knee", "ankle")):
            up = joints[f"{top}_{side}"] - joints[f"{end}_{side}"]
            frames[f"{name}_{side}"] = _frame(up, frames[f"foot_{side}"][:, 0])


def _frame(up: Vec, left: Vec) -> Mat:
    """Axes of a segment with y along ``up`` and x as near as can be to ``left``."""
    y = up / np.linalg.norm(up)
    x = left - (left @ y) * y
    x = x / np.linalg.norm(x)
    return np.column_stack([x, y, np.cross(x, y)])


def _trunk(
    pose: Pose, joints: dict[str, Vec], frames: dict[str, Mat], neutral: dict[str, Vec]
) -> None:
    """Chain the spine upward; each joint takes an equal part of its region's flexion."""
    flex = [pose.lumbar_deg / len(LUMBAR)] * len(LUMBAR)
    flex += [pose.thoracic_deg / len(THORACIC)] * len(THORACIC)
    pitch = pose.pelvis_deg + np.cumsum(flex)
    lateral = np.linspace(pose.pelvis_tilt_deg, pose.shoulder_tilt_deg, len(SPINE) + 1)[1:]
    here, frame, base = joints["pelvis"], frames["pelvis"], np.zeros(3)
    for name, p, tilt in zip(SPINE, pitch, lateral, strict=True):
        here = here + frame @ (neutral[name] - base)
        base, frame = neutral[name], turn(float(p), float(tilt))
        joints[name], frames[name] = here, frame
    frames["thorax"] = frame
    for name in ("c7t1", "shoulder_left", "shoulder_right"):
        joints[name] = here + frame @ (neutral[name] - base)
    frames["neck"] = turn((float(pitch[-1]) + pose.head_deg) / 2, 0.7 * float(lateral[-1]))
    frames["head"] = turn(pose.head_deg, 0.4 * float(lateral[-1]))
    joints["head"] = joints["c7t1"] + frames["neck"] @ (neutral["head"] - neutral["c7t1"])
    for name in ("nose", "ear_left", "ear_right"):
        joints[name] = joints["head"] + frames["head"] @ (neutral[name] - neutral["head"])


def _arms(body: Body, pose: Pose, joints: dict[str, Vec], frames: dict[str, Mat]) -> None:
    """Hang the arms by gravity: they do not turn with the trunk."""
    size = segment_lengths(body)
    for side in SIDES:
        upper = turn(-pose.arm_deg, SIGN[side] * pose.arm_out_deg)
        fore = upper @ turn(-pose.elbow_deg)
        here = joints[f"shoulder_{side}"]
        for name, end, frame in (
            ("upper_arm", "elbow", upper),
            ("forearm", "wrist", fore),
            ("hand", "fingers", fore),
        ):
            here = here - frame[:, 1] * size[f"{name}_{side}"]
            joints[f"{end}_{side}"], frames[f"{name}_{side}"] = here, frame
