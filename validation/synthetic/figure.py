"""A body whose limbs are set one by one: on the floor, on the chest, or free.

`pose.solve` places people who stand on both feet. A `Figure` may also sit, kneel, lie or stand on
one leg. Angles and axes are those of `pose`; lengths are fractions of stature.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, is_dataclass, replace
from typing import Any, TypeVar

import numpy as np
from scipy.optimize import least_squares

from .body import ANKLE, FOOT, SIDES, SIGN, Body, Vec, neutral_joints, segment_lengths
from .pose import Mat, Pose, Skeleton, _frame, _trunk, turn

T = TypeVar("T")

# Where a hand that rests on the body lies: joint it rests beside, frame, offset, and where the
# elbow points. The x of both is for the left hand.
HANDS: dict[str, tuple[str, str, tuple[float, float, float], tuple[float, float, float]]] = {
    "crossed": ("shoulder_other", "thorax", (0.022, -0.085, 0.072), (0.7, -1.0, 0.2)),
    "hips": ("hip_same", "pelvis", (0.050, 0.060, 0.030), (1.0, 0.1, -0.7)),
}


@dataclass(frozen=True)
class Arm:
    """An arm: `hand` is ``"free"`` or a place of `HANDS`.

    A free arm is raised to the front and to the side from hanging, whatever the trunk does, and
    bent at the elbow; `wrist_deg` bends the hand back.
    """

    hand: str = "free"
    raise_deg: float = 3.0
    out_deg: float = 8.0
    elbow_deg: float = 12.0
    wrist_deg: float = 0.0


@dataclass(frozen=True)
class Leg:
    """A leg: `foot` is ``"set"`` or ``"free"``.

    A set foot is where it is told: ankle beside, above and before its place in a stance. Of a
    free leg the thigh is raised to the front and to the side from the trunk's own axis, and the
    knee is bent. `pitch_deg` turns the toes down; it is that of a set foot in the room, of a free
    one against the shank.
    """

    foot: str = "set"
    out: float = 0.0
    up: float = 0.0
    ahead: float = 0.0
    pitch_deg: float = 0.0
    raise_deg: float = 0.0
    out_deg: float = 0.0
    knee_deg: float = 5.0
    knee_in_deg: float = 0.0
    knee_up: float = 0.0


@dataclass(frozen=True)
class Figure:
    """Trunk and limbs.

    Attributes
    ----------
    pose : Pose
        Pelvis, spine, head, and the stance; its arms are not used.
    left_arm, right_arm, left_leg, right_leg
        The limbs.
    bearing : str
        Which leg's knee is bent by ``pose.knee_deg`` in a stance: ``both``, ``left``, ``right``.
    free : float
        0: the pelvis is where the stance puts it. 1: it is at `at_x`, `at_y`, `at_z`.
    roll_deg : float
        Turn of the whole figure about the pelvis, onto its right side. All other angles are
        those before it, so a set foot has no use for it.
    """

    pose: Pose = field(default_factory=Pose)
    left_arm: Arm = Arm()
    right_arm: Arm = Arm()
    left_leg: Leg = Leg()
    right_leg: Leg = Leg()
    bearing: str = "both"
    free: float = 0.0
    at_x: float = 0.0
    at_y: float = 0.0
    at_z: float = 0.0
    roll_deg: float = 0.0


def changed(thing: T, path: str, add: float) -> T:
    """Add to a field named by its path, such as ``left_leg.knee_deg`` or ``both_legs.knee_deg``."""
    if path.startswith("both_"):
        for side in SIDES:
            thing = changed(thing, _one(path, side), add)
        return thing
    name, _, rest = path.partition(".")
    now = getattr(thing, name)
    new = changed(now, rest, add) if rest else now + add
    return replace(thing, **{name: new})  # type: ignore[type-var]


def _one(path: str, side: str) -> str:
    return path.replace("both_", f"{side}_").replace("legs.", "leg.").replace("arms.", "arm.")


def value(thing: object, path: str) -> float:
    """Value of a field named by its path; of both limbs the left one's."""
    path = _one(path, "left")
    for name in path.split("."):
        thing = getattr(thing, name)
    assert isinstance(thing, float | int)
    return float(thing)


def difference(base: Any, goal: Any) -> Mapping[str, float]:
    """Paths and goal values of the numbers in which two figures differ."""
    out: dict[str, float] = {}
    for f in fields(base):
        a, b = getattr(base, f.name), getattr(goal, f.name)
        if is_dataclass(a):
            out |= {f"{f.name}.{k}": v for k, v in difference(a, b).items()}
        elif isinstance(a, float | int) and a != b:
            out[f.name] = b
    return out


def assemble(body: Body, figure: Figure) -> Skeleton:
    """Place every joint of a figure.

    Raises
    ------
    ValueError
        A set foot or hand is out of reach.
    """
    joints: dict[str, Vec] = {}
    frames: dict[str, Mat] = {"pelvis": turn(figure.pose.pelvis_deg, figure.pose.pelvis_tilt_deg)}
    neutral = neutral_joints(body)
    for side in SIDES:
        _set_foot(body, figure, side, joints, frames)
    stance = _stance_centre(body, figure, joints, frames["pelvis"], neutral)
    free = np.array([figure.at_x, figure.at_y, figure.at_z]) * body.stature_m
    joints["pelvis"] = (1 - figure.free) * stance + figure.free * free
    for side in SIDES:
        joints[f"hip_{side}"] = joints["pelvis"] + frames["pelvis"] @ neutral[f"hip_{side}"]
        leg: Leg = getattr(figure, f"{side}_leg")
        if leg.foot == "free":
            _free_leg(body, leg, side, joints, frames)
        else:
            _set_leg(body, leg, side, joints, frames)
        _foot(body, side, joints, frames)
    _trunk(figure.pose, joints, frames, neutral)
    for side in SIDES:
        _arm(body, getattr(figure, f"{side}_arm"), side, joints, frames)
    if figure.roll_deg:
        roll, pelvis = turn(lateral_deg=figure.roll_deg), joints["pelvis"]
        joints = {n: pelvis + roll @ (p - pelvis) for n, p in joints.items()}
        frames = {n: roll @ m for n, m in frames.items()}
    return Skeleton(joints, frames)


def fitted(
    body: Body,
    figure: Figure,
    paths: Sequence[str],
    residual: Callable[[Skeleton], Sequence[float]],
) -> Figure:
    """Change the numbers at `paths`, starting from the figure's, until the residuals are zero.

    Raises
    ------
    ValueError
        No such figure.
    """

    def at(values: Sequence[float]) -> Figure:
        out = figure
        for path, new in zip(paths, values, strict=True):
            out = changed(out, path, float(new) - value(figure, path))
        return out

    start = [value(figure, p) for p in paths]
    # Degrees and fractions of stature differ in size.
    scale = [20.0 if p.endswith("_deg") else 0.1 for p in paths]
    found = least_squares(
        lambda v: residual(assemble(body, at(v))), start, x_scale=scale, xtol=1e-12, ftol=1e-12
    )
    if float(np.abs(found.fun).max()) > 1e-4:
        raise ValueError(f"no figure fits: {found.fun}")
    return at(found.x)


def _set_foot(
    body: Body, figure: Figure, side: str, joints: dict[str, Vec], frames: dict[str, Mat]
) -> None:
    leg: Leg = getattr(figure, f"{side}_leg")
    place = [SIGN[side] * (figure.pose.stance + leg.out), ANKLE + leg.up, leg.ahead]
    joints[f"ankle_{side}"] = np.array(place) * body.stature_m
    yaw = SIGN[side] * figure.pose.toe_out_deg
    frames[f"foot_{side}"] = turn(yaw_deg=yaw) @ turn(leg.pitch_deg)
    frames[f"way_{side}"] = turn(yaw_deg=yaw - SIGN[side] * leg.knee_in_deg)


def _stance_centre(
    body: Body, figure: Figure, joints: dict[str, Vec], pelvis: Mat, neutral: dict[str, Vec]
) -> Vec:
    """Middle of the hips over the stance: as `pose.solve` finds it, for the legs that bear."""
    size, pose = segment_lengths(body), figure.pose
    knee = np.radians(pose.knee_deg)
    legs = SIDES if figure.bearing == "both" else (figure.bearing,)
    line: Vec | None = None
    middle = np.array([pose.sway_m, ANKLE * body.stature_m, 0.0])
    reach = []
    for side in legs:
        thigh, shank = size[f"thigh_{side}"], size[f"shank_{side}"]
        span = float(np.sqrt(thigh**2 + shank**2 + 2 * thigh * shank * np.cos(knee)))
        if line is None:
            tilt = np.radians(pose.shank_deg) - np.arcsin(thigh * np.sin(knee) / span)
            line = np.array([0.0, np.cos(tilt), np.sin(tilt)])
        offset = middle + pelvis @ neutral[f"hip_{side}"] - joints[f"ankle_{side}"]
        along = float(offset @ line)
        reach.append(-along + np.sqrt(along**2 - float(offset @ offset) + span**2))
    assert line is not None
    return np.asarray(middle + min(reach) * line)


def _bend(start: Vec, end: Vec, upper: float, lower: float, toward: Vec) -> Vec:
    """Middle joint of two segments between two points; it points `toward`."""
    way = end - start
    span = float(np.linalg.norm(way))
    if not abs(upper - lower) < span <= upper + lower:
        raise ValueError(f"out of reach: {span:.3f} m for {upper:.3f} m and {lower:.3f} m")
    way = way / span
    off = toward - (toward @ way) * way
    off = off / np.linalg.norm(off)
    cos = (upper**2 + span**2 - lower**2) / (2 * upper * span)
    return np.asarray(start + upper * (cos * way + np.sqrt(max(0.0, 1 - cos * cos)) * off))


def _set_leg(
    body: Body, leg: Leg, side: str, joints: dict[str, Vec], frames: dict[str, Mat]
) -> None:
    size, way = segment_lengths(body), frames.pop(f"way_{side}")
    hip, ankle = joints[f"hip_{side}"], joints[f"ankle_{side}"]
    toward = way[:, 2] + [0.0, leg.knee_up, 0.0]
    knee = _bend(hip, ankle, size[f"thigh_{side}"], size[f"shank_{side}"], toward)
    joints[f"knee_{side}"] = knee
    frames[f"thigh_{side}"] = _frame(hip - knee, way[:, 0])
    frames[f"shank_{side}"] = _frame(knee - ankle, way[:, 0])


def _free_leg(
    body: Body, leg: Leg, side: str, joints: dict[str, Vec], frames: dict[str, Mat]
) -> None:
    size = segment_lengths(body)
    del frames[f"way_{side}"]
    thigh = frames["pelvis"] @ turn(-leg.raise_deg, SIGN[side] * leg.out_deg)
    shank = thigh @ turn(leg.knee_deg)
    knee = joints[f"hip_{side}"] - thigh[:, 1] * size[f"thigh_{side}"]
    joints[f"knee_{side}"] = knee
    joints[f"ankle_{side}"] = knee - shank[:, 1] * size[f"shank_{side}"]
    frames[f"thigh_{side}"], frames[f"shank_{side}"] = thigh, shank
    frames[f"foot_{side}"] = shank @ turn(leg.pitch_deg)


def _foot(body: Body, side: str, joints: dict[str, Vec], frames: dict[str, Mat]) -> None:
    ankle, foot, h = joints[f"ankle_{side}"], frames[f"foot_{side}"], body.stature_m
    joints[f"heel_{side}"] = ankle + foot @ np.array([0.0, -0.022, -0.24 * FOOT]) * h
    joints[f"toe_{side}"] = ankle + foot @ np.array([0.0, -0.026, 0.68 * FOOT]) * h


def _arm(body: Body, arm: Arm, side: str, joints: dict[str, Vec], frames: dict[str, Mat]) -> None:
    size, shoulder = segment_lengths(body), joints[f"shoulder_{side}"]
    upper_m, fore_m = size[f"upper_arm_{side}"], size[f"forearm_{side}"]
    if arm.hand == "free":
        upper = turn(-arm.raise_deg, SIGN[side] * arm.out_deg)
        fore = upper @ turn(-arm.elbow_deg)
        hand = fore @ turn(-arm.wrist_deg)
        elbow = shoulder - upper[:, 1] * upper_m
        wrist = elbow - fore[:, 1] * fore_m
    else:
        beside, name, offset, pole = HANDS[arm.hand]
        other = "right" if side == "left" else "left"
        joint = beside.replace("same", side).replace("other", other)
        mirror, frame = np.array([SIGN[side], 1.0, 1.0]), frames[name]
        # Of two crossed arms the right one lies in front.
        depth = 0.022 if arm.hand == "crossed" and side == "right" else 0.0
        where = np.array(offset) * mirror + np.array([0.0, 0.0, depth])
        wrist = joints[joint] + frame @ where * body.stature_m
        elbow = _bend(shoulder, wrist, upper_m, fore_m, frame @ (np.array(pole) * mirror))
        upper = _frame(shoulder - elbow, frame[:, 0])
        fore = hand = _frame(elbow - wrist, frame[:, 0])
    joints[f"elbow_{side}"], joints[f"wrist_{side}"] = elbow, wrist
    joints[f"fingers_{side}"] = wrist - hand[:, 1] * size[f"hand_{side}"]
    frames[f"upper_arm_{side}"], frames[f"forearm_{side}"] = upper, fore
    frames[f"hand_{side}"] = hand
