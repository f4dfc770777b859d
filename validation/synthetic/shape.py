"""The flesh and the clothes: rounded cones and ellipsoids hung on a placed skeleton."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from .body import LUMBAR, RGB, SIDES, SIGN, Body, Vec
from .pose import Mat, Skeleton
from .scene import linear

CONE, ELLIPSOID = 0, 1
# Columns of a primitive's row.
KIND, GROUP, SOFT, BOUND = 0, 1, 2, 6
MIDDLE, SHAPE = slice(3, 6), slice(7, 19)
START, RADII = slice(7, 10), slice(14, 16)  # of a cone
WIDTH = 19

# Half width and half depth of the trunk at each spinal joint, fractions of stature.
_TRUNK = {
    "l5s1": (0.087, 0.061),
    "l4l5": (0.082, 0.059),
    "l3l4": (0.078, 0.058),
    "l2l3": (0.076, 0.058),
    "l1l2": (0.077, 0.059),
    "t12l1": (0.079, 0.060),
    "t10": (0.082, 0.063),
    "t7": (0.086, 0.066),
    "t4": (0.082, 0.060),
}
_FLESH_BEHIND = 0.036  # skin of the back behind the spinal joints
_HOLLOW = ("t12l1", "l2l3", "l4l5")  # where cloth that is not taut sinks in


@dataclass
class Shapes:
    """Primitives of one frame in the room, in the order of their groups.

    Within a group they melt into each other, between groups they only touch: an arm must not
    grow onto the trunk it hangs beside.
    """

    scale: float
    rows: list[Vec] = field(default_factory=list)
    colours: list[Vec] = field(default_factory=list)
    group: int = -1
    soft: float = 0.0

    def start(self, soft: float) -> None:
        """Begin a group that melts over a length given as a fraction of stature."""
        self.group += 1
        self.soft = soft * self.scale

    def cone(self, a: Vec, b: Vec, ra: float, rb: float, colour: RGB) -> None:
        """Rounded cone between two points; radii are fractions of stature."""
        ra, rb = ra * self.scale, rb * self.scale
        span = float(np.linalg.norm(b - a))
        row = np.zeros(WIDTH)
        row[MIDDLE] = (a + b) / 2
        row[BOUND] = span / 2 + max(ra, rb)
        row[SHAPE] = [*a, *((b - a) / span), span, ra, rb, (ra - rb) / span, 0.0, 0.0]
        self._add(CONE, row, colour)

    def ball(self, at: Vec, frame: Mat, radii: tuple[float, float, float], colour: RGB) -> None:
        """Ellipsoid with its semi-axes along a frame's axes."""
        size = np.array(radii) * self.scale
        row = np.zeros(WIDTH)
        row[MIDDLE] = at
        row[BOUND] = size.max()
        row[SHAPE] = [*size, *frame.T.ravel()]
        self._add(ELLIPSOID, row, colour)

    def _add(self, kind: int, row: Vec, colour: RGB) -> None:
        row[KIND], row[GROUP], row[SOFT] = kind, self.group, self.soft
        self.rows.append(row)
        self.colours.append(linear(colour))

    def arrays(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """Primitives and their colours."""
        return np.array(self.rows), np.array(self.colours)


def build(body: Body, skeleton: Skeleton) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Dress a placed skeleton.

    Returns
    -------
    primitives, colours : ndarray
        One row a primitive; see the column names of this module.
    """
    out = Shapes(body.stature_m)
    out.start(0.026)
    _torso(out, body, skeleton)
    for side in SIDES:
        out.start(0.008)
        _arm(out, body, skeleton, side)
        out.start(0.006)
        _leg(out, body, skeleton, side)
        out.start(0.008)
        _shoe(out, body, skeleton, side)
    _head(out, body, skeleton)
    return out.arrays()


def _at(skeleton: Skeleton, scale: float, joint: str, frame: str, *offset: float) -> Vec:
    """Point beside a joint, offset along a frame's axes in fractions of stature."""
    point: Vec = skeleton.joints[joint] + skeleton.frames[frame] @ np.array(offset) * scale
    return point


def _torso(out: Shapes, body: Body, sk: Skeleton) -> None:
    h, girth, top = body.stature_m, body.girth, body.top
    pelvis = sk.frames["pelvis"]
    seat = _at(sk, h, "pelvis", "pelvis", 0.0, 0.014, -0.008)
    out.ball(seat, pelvis, (0.092 * girth, 0.062, 0.064 * girth), body.trousers)
    for side in SIDES:
        at = _at(sk, h, "pelvis", "pelvis", SIGN[side] * 0.042, -0.002, -0.034)
        out.ball(at, pelvis, (0.046 * girth, 0.054, 0.046 * girth), body.trousers)
        # The top of the thigh belongs to the trunk, so that the groin has no seam.
        hip = sk.joints[f"hip_{side}"]
        thigh = 0.3 * (sk.joints[f"knee_{side}"] - hip)
        out.cone(hip, hip + thigh, 0.045 * girth, 0.042 * girth, body.trousers)
    for name, (wide, deep) in _TRUNK.items():
        # Girth goes to the front: the skin of the back keeps its distance from the spine.
        fat = girth if name in LUMBAR else 1.0 + 0.6 * (girth - 1.0)
        at = _at(sk, h, name, name, 0.0, 0.0, deep * fat - _FLESH_BEHIND)
        out.ball(at, sk.frames[name], (wide * fat, 0.042, deep * fat), top)
    chest = _at(sk, h, "t7", "thorax", 0.0, 0.022, 0.036 * girth)
    out.ball(chest, sk.frames["thorax"], (0.072 * girth, 0.05, 0.046), top)
    throat = _at(sk, h, "c7t1", "thorax", 0.0, -0.012, 0.012)
    for side in SIDES:
        tip = _at(sk, h, f"shoulder_{side}", "thorax", -SIGN[side] * 0.010, -0.003, 0.0)
        out.cone(throat, tip, 0.026, 0.022, top)
        blade = _at(sk, h, "t7", "thorax", SIGN[side] * 0.045, 0.012, -0.006)
        out.ball(blade, sk.frames["thorax"], (0.036, 0.05, 0.032), top)
        sleeve = sk.joints[f"elbow_{side}"] - sk.joints[f"shoulder_{side}"]
        out.cone(tip + 0.06 * sleeve, tip + 0.22 * sleeve, 0.026, 0.025 * girth, top)
    out.cone(throat, sk.joints["head"], 0.036, 0.031, body.skin)
    if body.shirt != "close":
        _hanging_cloth(out, body, sk)


def _hanging_cloth(out: Shapes, body: Body, sk: Skeleton) -> None:
    """Cloth from the shoulder blades to the buttocks: it bridges the hollow of the back."""
    h, slack = body.stature_m, body.slack
    if body.shirt == "draped":
        # Its weight presses cloth onto a back that leans forward.
        lean = float(sk.joints["c7t1"][1] - sk.joints["l5s1"][1])
        lean /= float(np.linalg.norm(sk.joints["c7t1"] - sk.joints["l5s1"]))
        slack = max(slack, np.sqrt(max(0.0, 1.0 - lean**2)))
    back = -0.073 * (1 + 0.5 * (body.girth - 1))
    for x in (-0.04, -0.013, 0.013, 0.04):
        blade = _at(sk, h, "t7", "thorax", x, 0.01, -0.020)
        seat = _at(sk, h, "pelvis", "pelvis", x, body.hem, back)
        way = [blade, seat]
        if slack > 0:
            skin = (_at(sk, h, joint, joint, x, 0.0, 0.017 - _FLESH_BEHIND) for joint in _HOLLOW)
            way[1:1] = [_sunk(point, blade, seat, slack) for point in skin]
        radii = np.linspace(0.018, 0.016, len(way))
        for (a, ra), (b, rb) in pairwise(zip(way, radii, strict=True)):
            out.cone(a, b, float(ra), float(rb), body.top)


def _sunk(skin: Vec, blade: Vec, seat: Vec, slack: float) -> Vec:
    """Point of the cloth over a point of the skin: `slack` of the way down to it."""
    along = seat - blade
    taut = blade + float((skin - blade) @ along) / float(along @ along) * along
    return np.asarray(taut + slack * (skin - taut))


def _arm(out: Shapes, body: Body, sk: Skeleton, side: str) -> None:
    j, girth = sk.joints, body.girth
    shoulder, elbow, wrist = j[f"shoulder_{side}"], j[f"elbow_{side}"], j[f"wrist_{side}"]
    fingers, hand = j[f"fingers_{side}"], sk.frames[f"hand_{side}"]
    hem = shoulder + 0.62 * (elbow - shoulder)
    top = shoulder + 0.03 * (elbow - shoulder)
    out.cone(top, hem, 0.0265 * girth, 0.0265 * girth, body.top)
    out.cone(hem + 0.1 * (shoulder - hem), elbow, 0.0235 * girth, 0.0205 * girth, body.skin)
    bulge = elbow + 0.28 * (wrist - elbow)
    out.cone(elbow, bulge, 0.0205 * girth, 0.0220 * girth, body.skin)
    out.cone(bulge, wrist, 0.0220 * girth, 0.0145, body.skin)
    palm = wrist + 0.38 * (fingers - wrist)
    # Palms face the thighs: the hand is thin from side to side.
    out.ball(palm, hand, (0.0115, 0.034, 0.022), body.skin)
    out.cone(wrist, wrist + 0.4 * (fingers - wrist), 0.0140, 0.0125, body.skin)
    out.cone(wrist + 0.5 * (fingers - wrist), fingers, 0.0105, 0.0065, body.skin)
    knuckle = palm + hand @ np.array([0.0, 0.0, 0.010]) * body.stature_m
    tip = palm + hand @ np.array([-SIGN[side] * 0.004, -0.032, 0.022]) * body.stature_m
    out.cone(knuckle, tip, 0.0085, 0.0055, body.skin)


def _leg(out: Shapes, body: Body, sk: Skeleton, side: str) -> None:
    j, girth, h = sk.joints, body.girth, body.stature_m
    hip, knee, ankle = j[f"hip_{side}"], j[f"knee_{side}"], j[f"ankle_{side}"]
    shank = sk.frames[f"shank_{side}"]
    lower = body.skin if body.shorts else body.trousers
    hem = hip + 0.72 * (knee - hip)
    out.cone(hip, hem, 0.052 * girth, 0.041 * girth, body.trousers)
    thin = 0.92 if body.shorts else 1.0
    out.cone(hem, knee, 0.041 * girth * thin, 0.0315 * girth * thin, lower)
    calf = knee + 0.30 * (ankle - knee) + shank @ np.array([0.0, 0.0, -0.009]) * h
    out.cone(knee, calf, 0.0300 * girth * thin, 0.0325 * girth, lower)
    out.cone(calf, ankle, 0.0325 * girth, 0.0200 if body.shorts else 0.0235, lower)


def _shoe(out: Shapes, body: Body, sk: Skeleton, side: str) -> None:
    j, foot, h = sk.joints, sk.frames[f"foot_{side}"], body.stature_m
    ankle, colour = j[f"ankle_{side}"], body.shoes
    heel = ankle + foot @ np.array([0.0, -0.021, -0.020]) * h
    ball = ankle + foot @ np.array([0.0, -0.022, 0.068]) * h
    toe = ankle + foot @ np.array([0.0, -0.025, 0.092]) * h
    out.cone(heel, ball, 0.0180, 0.0170, colour)
    out.ball(ball, foot, (0.0265, 0.0165, 0.034), colour)
    out.cone(ball, toe, 0.0165, 0.0135, colour)
    sole = foot @ np.array([0.0, -0.0095, 0.0]) * h
    grey = (0.30, 0.30, 0.31)
    out.cone(heel + sole, ball + sole, 0.0085, 0.0085, grey)
    out.cone(ankle + foot @ np.array([0.0, -0.006, 0.0]) * h, ball, 0.0225, 0.0140, colour)


def _head(out: Shapes, body: Body, sk: Skeleton) -> None:
    frame, h = sk.frames["head"], body.stature_m

    def at(x: float, y: float, z: float) -> Vec:
        """Point from its height and depth in the upright stance."""
        return _at(sk, h, "head", "head", x, y - 0.908, z + 0.006)

    skin, hair = body.skin, body.hair
    dark = (0.45 * hair[0], 0.45 * hair[1], 0.45 * hair[2])
    lips = (0.80 * skin[0], 0.55 * skin[1], 0.55 * skin[2])
    out.start(0.012)
    out.ball(at(0, 0.946, 0.008), frame, (0.0425, 0.0525, 0.0535), skin)
    out.ball(at(0, 0.906, 0.022), frame, (0.0345, 0.0370, 0.0395), skin)
    out.ball(at(0, 0.884, 0.040), frame, (0.0170, 0.0130, 0.0160), skin)
    out.cone(at(0, 0.934, 0.058), at(0, 0.917, 0.070), 0.0042, 0.0058, skin)
    for s in (-1.0, 1.0):
        out.ball(at(s * 0.020, 0.917, 0.047), frame, (0.012, 0.014, 0.012), skin)
    out.start(0.002)
    for s in (-1.0, 1.0):
        out.ball(at(s * 0.0435, 0.925, 0.009), frame, (0.0055, 0.0175, 0.0100), skin)
        out.ball(at(s * 0.0170, 0.937, 0.0545), frame, (0.0078, 0.0046, 0.0045), (0.93, 0.92, 0.90))
        out.ball(at(s * 0.0172, 0.937, 0.0578), frame, (0.0040, 0.0043, 0.0024), (0.16, 0.11, 0.08))
        brow = at(s * 0.0100, 0.9480, 0.0590), at(s * 0.0250, 0.9485, 0.0530)
        out.cone(*brow, 0.0018, 0.0013, dark)
    out.ball(at(0, 0.8965, 0.0590), frame, (0.0115, 0.0030, 0.0032), lips)
    out.start(0.012)
    out.ball(at(0, 0.953, -0.004), frame, (0.0465, 0.0470, 0.0520), hair)
    out.ball(at(0, 0.974, 0.018), frame, (0.0400, 0.0265, 0.0400), hair)
    out.ball(at(0, 0.925, -0.026), frame, (0.0380, 0.0400, 0.0280), hair)
    if body.long_hair:
        for s in (-1.0, 1.0):
            out.ball(at(s * 0.036, 0.918, -0.022), frame, (0.0145, 0.052, 0.026), hair)
        out.ball(at(0, 0.900, -0.034), frame, (0.036, 0.045, 0.020), hair)
