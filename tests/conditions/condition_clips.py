"""Small drawn clips, each with one thing that a recording should not have."""

from __future__ import annotations

from dataclasses import replace

from validation.synthetic.body import HAIRS, SKINS, TOPS, TROUSERS, Body, random_body
from validation.synthetic.clip import ClipSpec
from validation.synthetic.movements import STANDING, Movement
from validation.synthetic.scene import Camera, Room
from validation.synthetic.things import Bar, Bystander

_BODY = Body(
    stature_m=1.74, girth=1.05, lordosis_deg=38.0, skin=SKINS[1], hair=HAIRS[1], top=TOPS[1],
    trousers=TROUSERS[2], seed=41,
)  # fmt: skip
_SMALL = Camera(width=270, height=480)
_SQUAT = Movement(
    "squat", depths=(1.0, 0.9), tempo=(1.0,), quiet_s=2.0, down_s=1.1, up_s=1.0,
    rest=replace(STANDING, stance=0.085, toe_out_deg=16.0), seed=41,
)  # fmt: skip
_HINGE = replace(_SQUAT, kind="hip_hinge", rest=STANDING)
_CLEAN = ClipSpec(
    "clean_squat", _BODY, _SQUAT, _SMALL, Room(wall=(0.68, 0.74, 0.79), floor=(0.45, 0.45, 0.45)),
    x_m=-0.25, fps=12.0,
)  # fmt: skip
_HIDES_FEET = Camera(width=270, height=480, pitch_deg=9.0)
_HIDES_HEAD = Camera(width=270, height=480, pitch_deg=-14.0)
_STEP = replace(_SQUAT, changes=(("step_m", 0.35), ("lift_m", 0.03)))


def _board(z_m: float, top_m: float) -> tuple[Bar, ...]:
    """A low board beside the person, between them and the camera."""
    count = round(top_m / 0.06)
    return tuple(
        Bar((-0.9, 0.03 + 0.06 * i, z_m), (0.5, 0.03 + 0.06 * i, z_m), 0.035) for i in range(count)
    )


def _chair(x_m: float, z_m: float) -> tuple[Bar, ...]:
    """A chair whose back is turned to the camera's left."""
    half, seat, back = 0.20, 0.45, 0.88
    corners = [(x_m + sx * half, z_m + sz * half) for sx in (-1, 1) for sz in (-1, 1)]
    legs = [Bar((x, 0.02, z), (x, seat, z)) for x, z in corners]
    plate = [
        Bar((x_m - half, seat, z_m + d), (x_m + half, seat, z_m + d), 0.03)
        for d in (-0.2, -0.1, 0.0, 0.1, 0.2)
    ]
    rests = [
        Bar((x_m - half, y, z_m - half), (x_m - half, y, z_m + half)) for y in (0.6, 0.74, 0.88)
    ]
    posts = [Bar((x_m - half, seat, z), (x_m - half, back, z)) for z in (z_m - half, z_m + half)]
    return (*legs, *plate, *rests, *posts)


def _shelves() -> tuple[Bar, ...]:
    """Two sets of shelves at the wall: what a camera's motion can be told from."""
    return tuple(
        Bar((x - 0.18, y, -1.7), (x + 0.18, y + tilt, -1.7), 0.035, colour)
        for x in (-1.05, 1.0)
        for y, tilt, colour in (
            (0.35, 0.0, (0.25, 0.16, 0.10)), (0.75, 0.12, (0.70, 0.30, 0.25)),
            (1.2, -0.1, (0.20, 0.30, 0.45)), (1.9, 0.0, (0.25, 0.16, 0.10)),
        )
    )  # fmt: skip


CLIPS: dict[str, ClipSpec] = {
    spec.name: spec
    for spec in (
        _CLEAN,
        replace(_CLEAN, name="clean_hinge", movement=_HINGE),
        replace(_CLEAN, name="turned_20", yaw_deg=70.0),
        replace(_CLEAN, name="turned_45", yaw_deg=45.0),
        replace(_CLEAN, name="feet_out", camera=_HIDES_FEET),
        replace(_CLEAN, name="feet_out_hinge", camera=_HIDES_FEET, movement=_HINGE),
        replace(_CLEAN, name="head_out", camera=_HIDES_HEAD),
        replace(_CLEAN, name="two_people", x_m=-0.45,
                company=(Bystander(random_body(5), 0.45, -0.3, -25.0),)),
        replace(_CLEAN, name="dark", exposure=0.02),
        replace(_CLEAN, name="hand_held", shake_deg=2.5, bars=_shelves()),
        replace(_CLEAN, name="hand_held_calm", shake_deg=0.6, bars=_shelves()),
        replace(_CLEAN, name="hand_held_plain_wall", shake_deg=0.6, room=Room(
            planks=False, picture=False)),
        replace(_CLEAN, name="slow", fps=5.0),
        replace(_CLEAN, name="far", camera=replace(_SMALL, distance_m=8.5)),
        *(replace(_CLEAN, name=f"rolled_{r}", camera=replace(_SMALL, roll_deg=float(r)))
          for r in (3, 6, 10)),
        replace(_CLEAN, name="board", bars=_board(0.55, 0.40)),
        replace(_CLEAN, name="chair", bars=_chair(-0.15, 0.60)),
        replace(_CLEAN, name="step", movement=_STEP),
    )
}  # fmt: skip
