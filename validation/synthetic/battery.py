"""The clips of the movement battery: of each movement a right one and wrong ones."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np

from . import acts_floor as floor
from . import acts_stance as one
from . import acts_upright as up
from .acts import Act
from .body import Body, random_body
from .clip import ClipSpec
from .props import Stool
from .scene import Camera, Room

UPRIGHT = Camera(360, 640, distance_m=3.4, height_m=0.95, pitch_deg=-1.5)
LYING = Camera(640, 360, distance_m=2.3, height_m=0.65, pitch_deg=-6.0, vfov_deg=42.0)
# Too near: head or feet are outside of the picture.
NO_FEET = Camera(360, 640, distance_m=2.5, height_m=1.25, pitch_deg=3.0)
NO_HEAD = Camera(360, 640, distance_m=2.2, height_m=0.8, pitch_deg=-10.0)


def _room(seed: int) -> Room:
    draw = np.random.default_rng(5000 + seed)
    wall, floor = draw.uniform(0.6, 0.85, 3), draw.uniform(0.35, 0.6, 3)
    return Room(
        wall=(wall[0], wall[1], wall[2]),
        floor=(floor[0], floor[1], floor[2]),
        planks=bool(draw.random() < 0.5),
        seed=seed,
    )


def _clip(
    name: str,
    seed: int,
    act: Act | Callable[[Body], Act],
    yaw_deg: float = 90.0,
    camera: Camera = UPRIGHT,
    fps: float = 12.0,
    x_m: float = 0.0,
    stool: bool = False,
) -> ClipSpec:
    body = random_body(400 + seed)
    made = act if isinstance(act, Act) else act(body)
    bars = (Stool(yaw_deg, x_m, behind_m=up.BEHIND * body.stature_m - 0.08),) if stool else ()
    return ClipSpec(name, body, made, camera, _room(seed), yaw_deg, x_m, fps, bars=bars)


def _chair() -> list[ClipSpec]:
    stands = partial(partial, up.stands)
    thirty = partial(stands, kind="chair_stand_30s", count=13, begin_s=1.2, pace=0.92)
    return [
        _clip("sit_to_stand_5_seated", 1, stands(seed=1), x_m=0.1, stool=True),
        _clip("sit_to_stand_5_standing", 2, stands(seed=2, ends="standing", pace=0.95), -90.0,
              x_m=-0.1, stool=True),
        _clip("sit_to_stand_5_front", 3, stands(seed=3, wrong="view"), 0.0, stool=True),
        _clip("sit_to_stand_5_cropped", 4, stands(seed=4, wrong="cropped"), camera=NO_FEET,
              x_m=0.1, stool=True),
        _clip("sit_to_stand_5_three", 5, stands(seed=5, count=3, wrong="unfinished"), x_m=0.1,
              stool=True),
        _clip("chair_stand_30s", 6, thirty(length_s=32.5, seed=6), fps=8.0, x_m=0.1, stool=True),
        _clip("chair_stand_30s_front", 7, thirty(length_s=32.5, seed=7, wrong="view"), 0.0, fps=8.0,
              stool=True),
        _clip("chair_stand_30s_short", 8, thirty(length_s=15.0, seed=8, wrong="unfinished"),
              fps=8.0, x_m=0.1, stool=True),
    ]  # fmt: skip


def _bends() -> list[ClipSpec]:
    return [
        _clip("side_bend", 11, up.side_bend(seed=11), 0.0),
        _clip("side_bend_uneven", 12, up.side_bend(36.0, left=0.7, seed=12), 0.0),
        _clip("side_bend_side", 13, up.side_bend(n=2, seed=13, wrong="view"), 90.0),
        _clip("side_bend_cropped", 14, up.side_bend(n=2, seed=14, wrong="cropped"), 0.0, NO_HEAD),
        _clip("back_extension", 15, up.back_extension(seed=15), 90.0),
        _clip("back_extension_hanging", 16, up.back_extension(0.9, seed=16, hands="free"), -90.0),
        _clip("back_extension_front", 17, up.back_extension(seed=17, wrong="view"), 0.0),
        _clip("back_extension_cut", 18, up.back_extension(seed=18, cut_s=2.2, wrong="unfinished")),
    ]


def _stance() -> list[ClipSpec]:
    near = Camera(360, 640, distance_m=3.6, height_m=0.95, pitch_deg=1.0)
    lunge = partial(_clip, camera=replace(near, distance_m=3.9), x_m=-0.35)
    return [
        _clip("single_leg_stance_right", 21, one.single_leg_stance("left", seed=21), 0.0),
        _clip("single_leg_stance_left", 22,
              one.single_leg_stance("right", 4.0, seed=22, waver=1.6), 0.0),
        _clip("single_leg_stance_side", 23, one.single_leg_stance(hold_s=4.0, seed=23,
                                                                   wrong="view"), 90.0),
        _clip("single_leg_stance_cut", 24, one.single_leg_stance(hold_s=4.0, ends="cut", seed=24,
                                                                  wrong="unfinished"), 0.0),
        _clip("single_leg_squat", 25, one.single_leg_squat(seed=25), 0.0),
        _clip("single_leg_squat_side", 26, one.single_leg_squat("left", seed=26), 90.0),
        _clip("single_leg_squat_cropped", 27, one.single_leg_squat(n=2, seed=27, wrong="cropped"),
              0.0, NO_FEET),
        _clip("single_leg_squat_cut", 28, one.single_leg_squat(n=2, seed=28, wrong="unfinished",
                                                               cut_s=2.7), 0.0),
        lunge("lunge", 29, one.lunge(seed=29)),
        lunge("lunge_right", 30, one.lunge("right", depth=0.85, seed=30), -90.0, x_m=0.35),
        lunge("lunge_front", 31, one.lunge(n=1, seed=31, wrong="view"), 0.0, x_m=0.0),
        lunge("lunge_cut", 32, one.lunge(n=2, seed=32, wrong="unfinished", cut_s=2.6)),
        _clip("overhead_squat", 33, one.overhead_squat(seed=33), 90.0, near),
        _clip("overhead_squat_front", 34, one.overhead_squat(seed=34), 0.0, near),
        _clip("overhead_squat_cropped", 35, one.overhead_squat(n=2, seed=35, wrong="cropped"), 90.0,
              NO_FEET),
        _clip("overhead_squat_cut", 36, one.overhead_squat(n=2, seed=36, wrong="unfinished",
                                                           cut_s=2.3), 90.0, near),
    ]  # fmt: skip


def _pairs() -> list[ClipSpec]:
    walks = replace(
        _clip("squats_then_bends", 61, one.squats_then_bends(61, quiet_s=3.4), x_m=-0.3),
        absent_s=((0.0, 1.2),),
    )
    return [
        walks,
        _clip("bends_then_stands", 62, partial(one.bends_then_stands, seed=62), x_m=0.1,
              stool=True),
    ]  # fmt: skip


def _floor() -> list[ClipSpec]:
    front, side = partial(partial, floor.plank_front), partial(partial, floor.plank_side)
    bridge, dog = partial(partial, floor.bridge), partial(partial, floor.bird_dog)

    def lying(name: str, seed: int, act: Act | Callable[[Body], Act], yaw_deg: float = 90.0,
              camera: Camera = LYING) -> ClipSpec:  # fmt: skip
        return _clip(name, seed, act, yaw_deg, camera, fps=10.0)

    return [
        lying("plank_front", 41, front(seed=41)),
        lying("plank_front_sag", 42, front(seed=42, ends="sag"), -90.0),
        lying("plank_front_rise", 43, front(seed=43, ends="rise")),
        lying("plank_front_view", 44, front(seed=44, wrong="view"), 0.0),
        lying("plank_front_cut", 45, front(seed=45, ends="cut", hold_s=4.0, wrong="unfinished")),
        lying("plank_side", 46, side(seed=46), 0.0),
        lying("plank_side_view", 47, side(seed=47, wrong="view"), 90.0),
        lying("plank_side_cut", 48, side(seed=48, ends="cut", hold_s=4.0, wrong="unfinished"), 0.0),
        lying("bridge", 49, bridge(seed=49)),
        lying("bridge_sag", 50, bridge(seed=50, hold_s=7.0, sag_s=6.0), -90.0),
        lying("bridge_view", 51, bridge(seed=51, wrong="view"), 0.0),
        lying("bridge_cut", 52, bridge(seed=52, cut_s=2.2, wrong="unfinished")),
        lying("bird_dog", 53, dog(seed=53)),
        lying("bird_dog_view", 54, dog(seed=54, wrong="view"), 0.0),
        lying("bird_dog_cut", 55, dog(seed=55, n=1, cut_s=2.5, wrong="unfinished")),
        lying("leg_raise", 56, floor.leg_raise(seed=56)),
        lying("leg_raise_left", 57, floor.leg_raise(52.0, "left", seed=57), -90.0),
        lying("leg_raise_view", 58, floor.leg_raise(n=1, seed=58, wrong="view"), 0.0),
        lying("leg_raise_cropped", 59, floor.leg_raise(n=1, seed=59, wrong="cropped"),
              camera=replace(LYING, distance_m=1.7, x_m=-0.5)),
    ]  # fmt: skip


GROUPS: dict[str, Callable[[], list[ClipSpec]]] = {
    "chair": _chair,
    "bends": _bends,
    "stance": _stance,
    "floor": _floor,
    "pairs": _pairs,
}


def battery() -> dict[str, ClipSpec]:
    """Return all clips by name."""
    return {spec.name: spec for group in GROUPS.values() for spec in group()}


def held_out() -> dict[str, ClipSpec]:
    """Return clips that nothing is fitted on: other bodies, rooms, tempos and camera places."""
    near = Camera(640, 360, distance_m=2.1, height_m=0.5, pitch_deg=-3.0, vfov_deg=44.0)
    far = Camera(360, 640, distance_m=4.0, height_m=1.1, pitch_deg=-1.0)
    pair = replace(
        _clip("new_squats_then_bends", 87, one.squats_then_bends(87, quiet_s=2.6), -90.0, far, 15.0,
              x_m=0.3),
        absent_s=((0.0, 0.8),),
    )  # fmt: skip
    specs = [
        _clip("new_plank_front", 81, partial(floor.plank_front, seed=81, hold_s=4.5, ends="sag"),
              90.0, near, 12.0),
        _clip("new_bridge", 82, partial(floor.bridge, seed=82, hold_s=4.0), -90.0, near, 12.0),
        _clip("new_leg_raise", 83, floor.leg_raise(62.0, "left", seed=83), -90.0, near, 12.0),
        _clip("new_bird_dog", 84, partial(floor.bird_dog, seed=84), -90.0, near, 12.0),
        _clip("new_single_leg_stance", 85,
              one.single_leg_stance("right", 5.0, seed=85, waver=2.2), 0.0, far, 15.0),
        _clip("new_side_bend", 86, up.side_bend(30.0, left=0.85, seed=86), 10.0, far, 15.0),
        pair,
        _clip("new_lunge", 88, one.lunge("right", n=2, depth=0.75, seed=88), -90.0, far, 15.0,
              x_m=0.35),
    ]  # fmt: skip
    return {spec.name: spec for spec in specs}
