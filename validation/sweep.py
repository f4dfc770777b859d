"""The clips of the validation: bodies, movements, views and cameras, crossed by a fixed draw."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from validation.synthetic.body import random_body
from validation.synthetic.clip import ClipSpec, write
from validation.synthetic.movements import STANDING, Movement
from validation.synthetic.scene import Camera, Room

SIDE_MOVEMENTS = ("squat", "forward_bend", "hip_hinge", "forward_bend_natural")
OFF_SIDE_DEG = (
    0.0,
    10.0,
    20.0,
    0.0,
    30.0,
    45.0,
)  # out of the plane; the true side view counts twice
FRONT_YAW_DEG = (0.0, 10.0, 20.0)
N_SIDE, N_FRONT = 60, 12
BODIES = 9
HARD: dict[str, dict[str, Any]] = {
    "far": {"distance_m": 6.0, "vfov_deg": 40.0},
    "camera_low": {"height_m": 0.4},
    "camera_high": {"height_m": 1.8},
    "compressed": {"crf": 40},
    "low_contrast": {"plain": True},
    "dim": {"exposure": 0.35},
}
"""What makes a clip hard, one thing at a time, with all else as usual. Never calibrated on."""
HARD_CLIPS = (("squat", 90.0), ("forward_bend", -90.0), ("hip_hinge", 70.0), ("squat", 5.0))


@dataclass(frozen=True)
class SweepClip:
    """One clip of the sweep: what is drawn, and which half of the clips it belongs to.

    The error model is fitted on the bodies of the first half and checked on those of the second.
    """

    spec: ClipSpec
    calibrates: bool
    crf: int = 20


def sweep() -> list[SweepClip]:
    """Return all clips, the same ones each time."""
    hard = [_hard(factor, i) for factor in HARD for i in range(len(HARD_CLIPS))]
    return [*(_side(i) for i in range(N_SIDE)), *(_front(i) for i in range(N_FRONT)), *hard]


def factor_of(name: str) -> str | None:
    """Return what makes a clip of the sweep hard, by its name; None for the others."""
    return name.removeprefix("hard_").rpartition("_")[0] if name.startswith("hard_") else None


def _hard(factor: str, i: int) -> SweepClip:
    how = dict(HARD[factor])
    number = list(HARD).index(factor) * len(HARD_CLIPS) + i
    kind, yaw = HARD_CLIPS[i]
    draw = np.random.default_rng(3000 + number)
    clip = _clip(f"hard_{factor}_{i}", number, kind, yaw, draw)
    crf, exposure = how.pop("crf", 20), how.pop("exposure", 1.0)
    spec = replace(clip.spec, exposure=exposure)
    if how.pop("plain", False):
        body = spec.body
        plain = replace(body, top=spec.room.wall, trousers=spec.room.wall, shorts=False)
        spec = replace(spec, body=plain)
    if how:
        camera = replace(Camera(spec.camera.width, spec.camera.height), **how)
        # The camera is turned to where the person's middle is.
        aim = np.degrees(np.arctan2(0.9 - camera.height_m, camera.distance_m))
        spec = replace(spec, camera=replace(camera, pitch_deg=float(aim)))
    return SweepClip(spec, calibrates=False, crf=crf)


def _side(i: int) -> SweepClip:
    draw = np.random.default_rng(1000 + i)
    off = OFF_SIDE_DEG[(i // len(SIDE_MOVEMENTS)) % len(OFF_SIDE_DEG)]
    towards = 1.0 if draw.random() < 0.5 else -1.0
    facing = 1.0 if draw.random() < 0.5 else -1.0
    yaw = facing * (90.0 - towards * off)
    return _clip(f"side_{i:02d}", i, SIDE_MOVEMENTS[i % len(SIDE_MOVEMENTS)], yaw, draw)


def _front(i: int) -> SweepClip:
    draw = np.random.default_rng(2000 + i)
    yaw = FRONT_YAW_DEG[i % len(FRONT_YAW_DEG)] * (1.0 if draw.random() < 0.5 else -1.0)
    return _clip(f"front_{i:02d}", i, "squat", yaw, draw)


def _clip(name: str, i: int, kind: str, yaw: float, draw: np.random.Generator) -> SweepClip:
    body = i % BODIES
    camera = Camera(
        width=360,
        height=640,
        distance_m=float(draw.uniform(2.8, 4.2)),
        height_m=float(draw.uniform(0.75, 1.35)),
        pitch_deg=float(draw.uniform(-4.0, 1.0)),
        roll_deg=float(draw.uniform(-1.5, 1.5)),
        vfov_deg=float(draw.uniform(42.0, 52.0)),
    )
    room = Room(
        wall=tuple(draw.uniform(0.45, 0.85, 3)),
        floor=tuple(draw.uniform(0.3, 0.6, 3)),
        planks=bool(draw.random() < 0.5),
        seed=i,
    )
    rest = STANDING
    if kind == "squat":
        rest = replace(STANDING, stance=float(draw.uniform(0.075, 0.11)), toe_out_deg=14.0)
    movement = Movement(
        kind,
        depths=(float(draw.uniform(0.6, 1.0)), float(draw.uniform(0.7, 1.1))),
        tempo=(float(draw.uniform(0.8, 1.3)),),
        rest=rest,
        seed=i,
    )
    spec = ClipSpec(
        name, random_body(300 + body), movement, camera, room, yaw_deg=yaw,
        fps=float(draw.choice([10.0, 12.0, 15.0])),
    )  # fmt: skip
    return SweepClip(spec, calibrates=body % 2 == 0)


def render_all(folder: Path) -> list[Path]:
    """Draw the clips that are not there yet; return the paths of all."""
    paths = []
    for clip in sweep():
        path = folder / f"{clip.spec.name}.mp4"
        if not (folder / f"{clip.spec.name}.truth.json").exists():
            write(clip.spec, folder, clip.crf)
        paths.append(path)
    return paths
