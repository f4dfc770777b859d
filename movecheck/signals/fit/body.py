"""The body that is fitted: joints, bones, usual proportions, and what is assumed how firmly.

Lengths are shares of stature. Heights of ankle, knee, hip and shoulder are those of Drillis and
Contini (1966) as drawn in Winter, *Biomechanics and Motor Control of Human Movement* (4th ed.
2009, figure 4.1); masses and centres of mass are of Winter's table 4.1.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from movecheck.skeleton import INDEX
from movecheck.types import Side

SIDES: tuple[Side, Side] = ("left", "right")

JOINTS: tuple[str, ...] = tuple(
    f"{side}_{joint}"
    for joint in ("hip", "knee", "ankle", "heel", "foot_index", "shoulder")
    for side in SIDES
)
"""Joints of the fitted body, named as the landmarks they belong to."""

AT: dict[str, int] = {name: i for i, name in enumerate(JOINTS)}
LANDMARK_OF = [INDEX[name] for name in JOINTS]

LENGTHS: dict[str, tuple[float, float]] = {
    "thigh": (0.245, 0.04),
    "shank": (0.246, 0.04),
    "hips": (0.112, 0.10),
    "shoulders": (0.205, 0.08),
    "trunk": (0.295, 0.06),
    "hindfoot": (0.050, 0.20),
    "sole": (0.135, 0.12),
    "forefoot": (0.125, 0.12),
}
"""Kind of bone to its usual length as a share of stature, and its spread between people (log).

Thigh 0.530 - 0.285 and shank 0.285 - 0.039 (Drillis and Contini). The others join landmarks that
are no joint centres: our own choice, as are the spreads.
"""

KINDS: tuple[str, ...] = tuple(LENGTHS)


def _bones() -> tuple[tuple[str, str, str], ...]:
    ends = {
        "thigh": ("hip", "knee"), "shank": ("knee", "ankle"), "trunk": ("hip", "shoulder"),
        "hindfoot": ("ankle", "heel"), "sole": ("heel", "foot_index"),
        "forefoot": ("ankle", "foot_index"),
    }  # fmt: skip
    along = [(kind, f"{s}_{a}", f"{s}_{b}") for kind, (a, b) in ends.items() for s in SIDES]
    across = [
        (kind, f"left_{joint}", f"right_{joint}")
        for kind, joint in (("hips", "hip"), ("shoulders", "shoulder"))
    ]
    return (*along, *across)


BONES: tuple[tuple[str, str, str], ...] = _bones()
"""Kind and ends of each bone; left and right share one length."""


def _mass() -> dict[str, float]:
    """Joint to its weight in the centre of mass; the arms' mass hangs at the shoulders."""
    segments = (  # upper end, lower end, share of the mass on one side, centre from the upper end
        ("hip", "shoulder", 0.578 / 2, 0.66), ("shoulder", "shoulder", 0.050, 0.0),
        ("hip", "knee", 0.100, 0.433), ("knee", "ankle", 0.0465, 0.433),
        ("ankle", "foot_index", 0.0145, 0.5),
    )  # fmt: skip
    out: defaultdict[str, float] = defaultdict(float)
    for upper, lower, mass, centre in segments:
        for side in SIDES:
            out[f"{side}_{upper}"] += mass * (1 - centre)
            out[f"{side}_{lower}"] += mass * centre
    return dict(out)


MASS: dict[str, float] = _mass()
"""Weight of each joint in the body's centre of mass; they sum to 1."""


@dataclass(frozen=True)
class Assumptions:
    """What the fit assumes, mostly as standard deviations. Our own choice where no source stands.

    Attributes
    ----------
    stature_m : float
        Assumed height of the person. It sets the scale of `BodyFit`; angles are free of it.
    rate_hz : float
        Poses a second.
    correlated_s : float
        How long an error lasts: terms summed over poses are divided by the poses in that time,
        or else the landmarks' bias would bend bones and camera.
    pixel : float
        Error of a landmark that is seen, as a share of the body's height.
    visibility_power : float
        A landmark of visibility v errs v ** -power times as much.
    outlier : float
        Landmarks and feet further off than so many deviations lose their weight.
    bone, trunk_bone : float
        Change of a bone's length over time, as a share of it; the trunk bends.
    still_m, heel_still_m : float
        Play of the toe and of the heel of a standing foot; a heel may rise a little.
    heel_m, toe_m, level_m : float
        Height of the landmarks of heel and toe above the floor, and its spread.
    acceleration : float
        m/s^2; the hips reach 1.7 in a squat of 1.25 s to the bottom.
    depth_m : float
        Error of the model's own depth about mid-hip.
    knee_plane : float
        Distance of the knee from the plane of hip, ankle and foot, as a share of the thigh.
    straight_m : float
        How far a knee may pass behind the line from hip to ankle.
    hips_level_m, hips_square_m, twist_m, shift_m : float
        Hips: one higher; one further along the feet's direction. Shoulders: one further ahead;
        their middle beside that of the hips.
    feet_square_m, step_m : float
        Feet: one further along their direction; from about how far on it stands a step ahead.
    balance_m, balance_at : float
        Distance of the centre of mass from above its place over both feet; that place, from
        heel (0) to toe (1): in standing 4 to 5 cm ahead of the ankles (Winter 1995).
    standing_knee, standing_knee_sd : float
        In quiet standing, the knee's distance ahead of the line from hip to ankle, as a share of
        the thigh: 4 degrees of flexion, give or take 5.
    standing_trunk : float
        In quiet standing, the shoulders' distance ahead of the hips, as a share of stature.
    fov_deg, fov_log : float
        Field of view along the picture's long side; spread of the log focal length.
    pitch_deg, roll_deg : float
        Camera out of level.
    """

    stature_m: float = 1.70
    rate_hz: float = 8.0
    correlated_s: float = 2.5
    pixel: float = 0.012
    visibility_power: float = 1.5
    outlier: float = 3.0
    bone: float = 0.01
    trunk_bone: float = 0.03
    still_m: float = 0.01
    heel_still_m: float = 0.03
    heel_m: float = 0.03
    toe_m: float = 0.02
    level_m: float = 0.01
    acceleration: float = 3.0
    depth_m: float = 0.30
    knee_plane: float = 0.10
    straight_m: float = 0.01
    hips_level_m: float = 0.02
    hips_square_m: float = 0.03
    feet_square_m: float = 0.05
    step_m: float = 0.075
    twist_m: float = 0.08
    shift_m: float = 0.06
    balance_m: float = 0.05
    balance_at: float = 0.43
    standing_knee: float = 0.035
    standing_knee_sd: float = 0.044
    standing_trunk: float = 0.020
    fov_deg: float = 65.0
    fov_log: float = 0.25
    pitch_deg: float = 4.0
    roll_deg: float = 1.5


@dataclass(frozen=True)
class Offsets:
    """Where the pose model's landmarks lie from the joint centres.

    Learned on drawn persons (validation/synthetic: ten bodies, squats and bends at
    yaws of 0 to 90 degrees), by least squares on the picture; hidden landmarks left out.

    Attributes
    ----------
    hip_out : float
        Hips: away from the other hip, as a share of the distance of the hips.
    thigh_ahead : float
        Hips: forward at right angles to the thigh, as a share of stature.
    hip_ahead, hip_ahead_sd : float
        Hips: forward at right angles to the trunk, as a share of stature. It differs from person
        to person and is fitted; this is its mean and spread. Drawn people differ by 0.004
        (relative to their shoulders); real ones are given more, our own choice.
    ankle_up : float
        Ankle: towards the knee, as a share of the shank.
    heel_ahead : float
        Heel: towards the toe, as a share of the sole.
    arm_up, arm_in : float
        Shoulder, for an arm raised by a right angle: away from the hip, as a share of the trunk;
        towards the other shoulder, as a share of their distance.
    """

    hip_out: float = 0.055
    thigh_ahead: float = 0.005
    hip_ahead: float = 0.0
    hip_ahead_sd: float = 0.010
    ankle_up: float = 0.05
    heel_ahead: float = 0.055
    arm_up: float = 0.044
    arm_in: float = 0.09
