"""A body of rigid segments that squats, its joints projected without error: truth for the fit."""

from __future__ import annotations

import numpy as np

from movecheck.signals.fit import Offsets
from movecheck.signals.fit.body import AT, JOINTS, LANDMARK_OF, LENGTHS, MASS
from movecheck.skeleton import INDEX
from movecheck.types import EDGE_STATIONS, FloatArray, PoseTrack, Recording

STATURE = 1.70
EXACT = Offsets(0.0, 0.0, 0.0, 1e-5, 0.0, 0.0, 0.0, 0.0)
"""The made-up landmarks are the joints themselves."""


def squat(
    n: int = 120, seconds: float = 8.0, deepest_deg: float = 95.0
) -> tuple[FloatArray, FloatArray]:
    """Return times and joints (n, 12, 3) in the body's axes: x left, y up, z ahead."""
    time = np.linspace(0, seconds, n)
    share = np.clip(np.sin(np.pi * (time - 1.5) / 2.5) ** 2, 0, 1)
    share *= (time > 1.5) & (time < 6.5)
    knee, shank = np.radians(4 + (deepest_deg - 4) * share), np.radians(4.5 + 25 * share)
    long = {kind: STATURE * length for kind, (length, _) in LENGTHS.items()}
    sole, hind, fore = long["sole"], long["hindfoot"], long["forefoot"]
    # The ankle lies above the sole's line as the three bones of the foot want it.
    ahead = (hind**2 - fore**2 + sole**2) / (2 * sole)
    heel = np.array([0.03, 0.0])
    ankle = heel + np.array([np.sqrt(hind**2 - ahead**2), ahead])
    toe = heel + np.array([-0.01, np.sqrt(sole**2 - 0.01**2)])

    def along(angle: FloatArray, length: float) -> FloatArray:
        return length * np.stack([np.cos(angle), np.sin(angle)], axis=-1)

    at = {
        "heel": np.tile(heel, (n, 1)),
        "foot_index": np.tile(toe, (n, 1)),
        "ankle": np.tile(ankle, (n, 1)),
    }
    at["knee"] = at["ankle"] + along(shank, long["shank"])
    at["hip"] = at["knee"] + along(shank - knee, long["thigh"])
    at["shoulder"] = at["hip"] + along(_balancing(at, _trunk(long)), _trunk(long))
    joints = np.zeros((n, len(JOINTS), 3))
    for i, name in enumerate(JOINTS):
        side, joint = name.split("_", 1)
        joints[:, i, 1:] = at[joint]
        half = long["shoulders" if joint == "shoulder" else "hips"] / 2
        joints[:, i, 0] = half if side == "left" else -half
    return time, joints


def _trunk(long: dict[str, float]) -> float:
    """Mid-hip to mid-shoulder, of which the bone hip to shoulder is the slant."""
    return float(np.sqrt(long["trunk"] ** 2 - ((long["shoulders"] - long["hips"]) / 2) ** 2))


def _balancing(at: dict[str, FloatArray], trunk: float) -> FloatArray:
    """Trunk inclination that keeps the centre of mass over the feet."""
    aim = at["heel"][:, 1] + 0.43 * (at["foot_index"][:, 1] - at["heel"][:, 1])
    rest = sum(
        2 * MASS[f"left_{joint}"] * at[joint][:, 1] for joint in ("knee", "ankle", "foot_index")
    )
    rest = rest + 2 * (MASS["left_hip"] + MASS["left_shoulder"]) * at["hip"][:, 1]
    return np.arcsin(np.clip((aim - rest) / (2 * MASS["left_shoulder"] * trunk), -0.95, 0.95))


def move_foot(joints: FloatArray, side: str, by_m: FloatArray) -> FloatArray:
    """Move one foot by (n, 3) and bend its knee forward to suit; bones keep their lengths."""
    out = joints.copy()
    for joint in ("ankle", "heel", "foot_index"):
        out[:, AT[f"{side}_{joint}"]] += by_m
    hip, ankle = out[:, AT[f"{side}_hip"]], out[:, AT[f"{side}_ankle"]]
    thigh, shank = (STATURE * LENGTHS[kind][0] for kind in ("thigh", "shank"))
    far = np.linalg.norm(ankle - hip, axis=1, keepdims=True)
    way, far = (ankle - hip) / far, np.minimum(far, 0.9995 * (thigh + shank))
    along = (thigh**2 - shank**2 + far**2) / (2 * far)
    ahead = np.array([0.0, 0.0, 1.0]) - way * way[:, 2:]
    ahead /= np.linalg.norm(ahead, axis=1, keepdims=True)
    out[:, AT[f"{side}_knee"]] = hip + way * along + ahead * np.sqrt(thigh**2 - along**2)
    return out


def film(
    time: FloatArray, joints: FloatArray, yaw_deg: float, noise_px: float = 0.0, seed: int = 0,
    *, distance_m: float = 3.5, pitch_deg: float = 3.0, depth: float = 0.6,
) -> PoseTrack:  # fmt: skip
    """Project joints as a pose model without error would see them, its depth flattened."""
    yaw, pitch = np.radians([yaw_deg, pitch_deg])
    turn = np.array([[np.cos(yaw), 0, np.sin(yaw)], [0, 1, 0], [-np.sin(yaw), 0, np.cos(yaw)]])
    room = joints @ turn.T - [0.0, 1.1, distance_m]
    tilt = np.array(
        [[1, 0, 0], [0, np.cos(pitch), -np.sin(pitch)], [0, np.sin(pitch), np.cos(pitch)]]
    )
    camera = room @ tilt.T
    width, height, focal = 720, 1280, 1065.0
    n = len(time)
    uv = focal * camera[..., :2] / -camera[..., 2:] * [1, -1] + [width / 2, height / 2]
    rng = np.random.default_rng(seed)
    uv = uv + noise_px * rng.normal(size=uv.shape)
    xy, world = np.zeros((n, 33, 2)), np.zeros((n, 33, 3))
    xy[:, LANDMARK_OF] = uv
    middle = (camera[:, [0]] + camera[:, [1]]) / 2
    world[:, LANDMARK_OF] = (camera - middle) * [1, -1, -depth]
    for side in ("left", "right"):
        for joint, drop in (("elbow", 0.3), ("wrist", 0.55)):
            world[:, INDEX[f"{side}_{joint}"]] = world[:, INDEX[f"{side}_shoulder"]] + [0, drop, 0]
    return PoseTrack(
        time, xy, np.ones((n, 33)), world, np.full((n, 2, len(EDGE_STATIONS)), np.nan),
        np.ones(n), np.full(n, 120.0), np.ones((n, 33), dtype=np.int8),
        Recording(float(time[-1]), (n - 1) / float(time[-1]), width, height, n_frames=n),
    )  # fmt: skip
