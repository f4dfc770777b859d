"""The named clips. Those of `SAMPLES` are kept in the project's ``samples`` folder."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from .body import HAIRS, SKINS, TOPS, TROUSERS, Body, random_body
from .clip import ClipSpec
from .movements import STANDING, Movement
from .scene import Camera, Room

_SQUAT_STANCE = replace(STANDING, stance=0.085, toe_out_deg=16.0)
_TALL = Body(
    stature_m=1.79, girth=1.03, lordosis_deg=36.0, kyphosis_deg=36.0, skin=SKINS[1],
    hair=HAIRS[1], top=TOPS[1], trousers=TROUSERS[2], thigh=(1.004, 0.996), shank=(0.996, 1.004),
    arm=(0.996, 1.004),
    seed=1,
)  # fmt: skip
_SMALL = Body(
    stature_m=1.62, girth=0.98, lordosis_deg=50.0, kyphosis_deg=40.0, skin=SKINS[0],
    hair=HAIRS[2], top=TOPS[0], trousers=TROUSERS[0], long_hair=True, thigh=(1.003, 0.997),
    shank=(0.997, 1.003), seed=2,
)  # fmt: skip
_BROAD = Body(
    stature_m=1.74, girth=1.14, lordosis_deg=44.0, kyphosis_deg=42.0, skin=SKINS[3],
    hair=HAIRS[0], top=TOPS[2], trousers=TROUSERS[1], shoes=(0.20, 0.20, 0.22),
    arm=(1.004, 0.996), seed=3,
)  # fmt: skip
_SLIM = Body(
    stature_m=1.70, girth=0.94, lordosis_deg=40.0, kyphosis_deg=34.0, skin=SKINS[2],
    hair=HAIRS[0], top=TOPS[4], trousers=TROUSERS[3], shorts=True, thigh=(0.997, 1.003),
    shank=(1.003, 0.997), seed=4,
)  # fmt: skip
_GREY = Body(
    stature_m=1.68, girth=1.08, lordosis_deg=38.0, kyphosis_deg=46.0, skin=SKINS[0],
    hair=HAIRS[3], top=TOPS[3], trousers=TROUSERS[0], thigh=(1.003, 0.997),
    shank=(1.003, 0.997), seed=5,
)  # fmt: skip
_BLUE_ROOM = Room(wall=(0.68, 0.74, 0.79), floor=(0.45, 0.45, 0.45), seed=1)
_WARM_ROOM = Room(wall=(0.84, 0.79, 0.71), floor=(0.55, 0.40, 0.29), seed=2)
_PLAIN_ROOM = Room(wall=(0.80, 0.81, 0.79), floor=(0.58, 0.57, 0.54), planks=False, seed=3)
_GREEN_ROOM = Room(wall=(0.70, 0.76, 0.69), floor=(0.50, 0.41, 0.34), seed=4)

SAMPLES: dict[str, ClipSpec] = {
    s.name: s
    for s in (
        ClipSpec(
            "squat_side",
            _TALL,
            Movement("squat", rest=_SQUAT_STANCE, seed=11),
            room=_BLUE_ROOM,
            yaw_deg=90.0,
            x_m=-0.35,
        ),
        ClipSpec(
            "forward_bend_side",
            _SMALL,
            Movement("forward_bend", seed=12),
            Camera(distance_m=3.2, height_m=0.95),
            _WARM_ROOM,
            yaw_deg=-90.0,
            x_m=0.15,
        ),
        ClipSpec(
            "hip_hinge_side",
            _BROAD,
            Movement("hip_hinge", tempo=(1.0, 1.08, 0.95), seed=13),
            room=_PLAIN_ROOM,
            yaw_deg=90.0,
            x_m=-0.15,
        ),
        ClipSpec(
            "posture_front",
            _GREY,
            Movement(
                "standing",
                depths=(),
                quiet_s=4.4,
                rest=replace(STANDING, shoulder_tilt_deg=4.0, pelvis_tilt_deg=1.5),
                seed=14,
            ),
            Camera(distance_m=3.3),
            _GREEN_ROOM,
            yaw_deg=0.0,
        ),
        ClipSpec(
            "squat_front",
            _SLIM,
            Movement("squat", rest=_SQUAT_STANCE, tempo=(1.0, 1.05, 0.9), seed=15),
            room=_WARM_ROOM,
            yaw_deg=0.0,
        ),
    )
}


def _extra() -> dict[str, ClipSpec]:
    """Clips for the validation: other rates, bodies, views and courses of the movement."""
    squat = SAMPLES["squat_side"]
    bend = SAMPLES["forward_bend_side"]
    jitter = np.random.default_rng(7).uniform(0.6, 1.7, 400) / 30.0
    times = np.concatenate([[0.0], np.cumsum(jitter)])
    uneven = tuple(float(t) for t in times[times < squat.movement.duration()])
    partial = replace(squat.movement, depths=(1.0, 0.45, 1.0, 0.95), tempo=(1.0, 0.8, 1.3, 1.0))
    late = replace(squat.movement, quiet_s=4.5)
    loose = replace(bend.body, shirt="loose")
    specs = [
        replace(squat, name="squat_side_10fps", fps=10.0),
        replace(squat, name="squat_side_60fps", fps=60.0),
        replace(squat, name="squat_side_uneven", times=uneven),
        replace(squat, name="squat_side_partial", movement=partial),
        replace(squat, name="squat_side_enters", movement=late, absent_s=((0.0, 1.5),)),
        replace(squat, name="squat_oblique", yaw_deg=42.0, body=random_body(21)),
        replace(squat, name="squat_side_landscape", camera=Camera(854, 480, vfov_deg=38.0)),
        replace(bend, name="forward_bend_loose_side", body=loose),
        replace(bend, name="forward_bend_natural_side", body=random_body(22),
                movement=Movement("forward_bend_natural", seed=22)),
        replace(bend, name="forward_bend_tilted_camera",
                camera=Camera(pitch_deg=-6.0, roll_deg=3.0, yaw_deg=2.0)),
    ]  # fmt: skip
    return {s.name: s for s in specs}


CLIPS: dict[str, ClipSpec] = {**SAMPLES, **_extra()}
