"""The movement battery: drawn people who sit, kneel, lie and stand on one leg."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

import numpy as np
import pytest

pytest.importorskip("numba")
pytest.importorskip("av")

from validation.synthetic import acts_floor, acts_stance, acts_truth, acts_upright, render, truth
from validation.synthetic.acts import Act
from validation.synthetic.battery import battery
from validation.synthetic.body import Body, random_body, segment_lengths
from validation.synthetic.clip import ClipSpec, frames, truth_rows
from validation.synthetic.figure import Figure, assemble, changed, difference, value
from validation.synthetic.movements import GOALS, Movement
from validation.synthetic.pose import solve
from validation.synthetic.props import Stool
from validation.synthetic.scene import Camera, Room, backdrop

ENDS = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "hand": ("wrist", "fingers"),
}
BODY = random_body(7)


@cache
def clips() -> dict[str, ClipSpec]:
    return battery()


def joints(act: Act, t: float) -> dict[str, np.ndarray]:
    return act.skeleton(BODY, t).joints


@pytest.mark.parametrize("kind", list(GOALS))
def test_figure_on_both_feet_is_the_same_as_the_stance(kind):
    pose = replace(GOALS[kind], arm_deg=3.0, arm_out_deg=8.0, elbow_deg=12.0)
    one, other = solve(BODY, pose), assemble(BODY, Figure(pose))
    assert one.joints.keys() == other.joints.keys()
    for name, place in one.joints.items():
        assert other.joints[name] == pytest.approx(place, abs=1e-12), name
    for name, frame in one.frames.items():
        assert other.frames[name] == pytest.approx(frame, abs=1e-12), name


def test_every_clip_keeps_its_segments_and_stays_above_the_floor():
    for spec in clips().values():
        size = segment_lengths(spec.body)
        for t in np.linspace(0.0, spec.movement.duration(), 12):
            j = spec.movement.skeleton(spec.body, float(t)).joints
            for name, length in size.items():
                segment, side = name.rsplit("_", 1)
                top, end = (j[f"{p}_{side}"] for p in ENDS[segment])
                assert np.linalg.norm(top - end) == pytest.approx(length, abs=1e-9), spec.name
            assert min(p[1] for p in j.values()) > -0.02, spec.name


def test_each_movement_has_a_right_clip_and_two_wrong_ones():
    wanted = {
        "sit_to_stand_5", "side_bend", "back_extension", "single_leg_stance", "single_leg_squat",
        "lunge", "overhead_squat", "plank_front", "plank_side", "bridge", "bird_dog", "leg_raise",
        "chair_stand_30s",
    }  # fmt: skip
    for kind in wanted:
        wrong = [s.movement.wrong for s in clips().values() if s.movement.kind == kind]
        assert "" in wrong, kind
        assert sum(bool(w) for w in wrong) >= 2, kind


def test_mirrored_paths_move_both_limbs():
    figure = changed(Figure(), "both_arms.raise_deg", 40.0)
    assert value(figure, "left_arm.raise_deg") == value(figure, "right_arm.raise_deg") == 43.0
    assert difference(Figure(), figure) == {
        "left_arm.raise_deg": 43.0,
        "right_arm.raise_deg": 43.0,
    }


def test_foot_out_of_reach_is_refused():
    with pytest.raises(ValueError, match="out of reach"):
        assemble(BODY, Figure(free=1.0, at_y=0.7))


@pytest.mark.parametrize("ends", ["seated", "standing"])
def test_chair_events_come_in_order_and_as_often_as_told(ends):
    act = acts_upright.stands(BODY, ends=ends)
    told = acts_truth.summary(BODY, act)
    off, stood, on = told["seat_off_s"], told["stood_s"], told["seat_on_s"]
    assert len(off) == len(stood) == 5
    assert len(on) == (5 if ends == "seated" else 4)
    assert told["test_from_s"] < off[0]
    assert all(a < b for a, b in zip(off, stood, strict=True))
    assert all(a < b for a, b in zip(stood, on, strict=False))
    # Seated, the hips are over the seat; standing, the knees are straight.
    low = joints(act, off[0] - 0.5)["pelvis"][1]
    assert low == pytest.approx(acts_upright.SEAT_M + 0.045 * BODY.stature_m, abs=1e-6)
    knees = acts_truth.angles(act.skeleton(BODY, stood[0] + 0.05))["knee_flexion_deg"]
    assert knees < 10.0


def test_side_bend_leans_to_each_side_in_turn():
    reps = acts_truth.repetitions(BODY, acts_upright.side_bend())
    assert [r["side"] for r in reps] == ["right", "left", "right", "left"]
    assert [r["peak_deg"] > 0 for r in reps] == [True, False, True, False]
    assert all(15.0 < r["range_deg"] < 30.0 for r in reps)


def test_leg_raise_reaches_the_angle_it_is_told():
    act = replace(acts_floor.leg_raise(61.0), sway=0.0)
    (rep, _) = acts_truth.repetitions(BODY, act)
    assert rep["range_deg"] == pytest.approx(61.0, abs=0.2)
    row = acts_truth.all_angles(BODY, act, rep["peak_s"])
    assert row["thigh_elevation_left_deg"] == pytest.approx(0.0, abs=0.2)
    assert row["knee_flexion_right_deg"] == pytest.approx(3.0, abs=1e-6)


def test_a_clip_cut_at_the_top_has_a_repetition_without_end():
    reps = acts_truth.repetitions(BODY, acts_upright.back_extension(cut_s=2.2))
    assert [r["end_s"] is None for r in reps] == [False, False, True]
    assert truth.rep_at(reps, reps[-1]["start_s"] + 0.1) == 3


def test_foot_is_off_the_floor_between_its_events():
    act = acts_stance.single_leg_stance("left", hold_s=4.0)
    told = acts_truth.summary(BODY, act)
    (off,), (down,) = told["foot_left_off_s"], told["foot_left_down_s"]
    at = {t: joints(act, t)["ankle_left"][1] for t in (0.0, off - 0.1, off + 0.1, down + 0.1)}
    assert at[off + 0.1] > at[0.0] + 0.01 > at[off - 0.1]
    assert at[down + 0.1] < at[0.0] + 0.01
    right = [joints(act, t)["ankle_right"] for t in np.linspace(0.0, act.length_s, 9)]
    assert np.ptp(right, axis=0).max() < 1e-9


@pytest.mark.parametrize("ends", ["knees", "sag", "rise", "cut"])
def test_plank_ends_as_told(ends):
    act = replace(acts_floor.plank_front(BODY, 4.0, ends), sway=0.0)
    hold = acts_truth.summary(BODY, act)["hold"]
    before, after = (acts_truth.all_angles(BODY, act, hold["end_s"] + d) for d in (-1.5, 0.5))
    assert hold["left"] == (ends != "cut")
    assert hold["start_s"] < act.hold_from_s < hold["end_s"]
    assert before["hip_rise_deg"] == pytest.approx(3.0, abs=1.5)
    if ends == "knees":
        assert after["knee_flexion_deg"] > 15.0
    elif ends != "cut":
        away = after["hip_rise_deg"] - before["hip_rise_deg"]
        assert (away > 12.0) if ends == "rise" else (away < -12.0)


def test_plank_and_bridge_keep_their_supports():
    plank = replace(acts_floor.plank_front(BODY, 4.0, "sag"), sway=0.0)
    for name in ("elbow_left", "ankle_left"):
        a, b = (joints(plank, t)[name] for t in (4.0, plank.length_s))
        assert a == pytest.approx(b, abs=2e-3), name
    bridge = replace(acts_floor.bridge(BODY), sway=0.0)
    low, high = (joints(bridge, t) for t in (0.0, 4.0))
    middle = [(j["shoulder_left"] + j["shoulder_right"]) / 2 for j in (low, high)]
    assert middle[0] == pytest.approx(middle[1], abs=2e-3)
    assert high["pelvis"][1] > low["pelvis"][1] + 0.08


def test_hip_rise_is_positive_above_the_line():
    up, down = (
        acts_floor._off_plank(BODY, acts_floor._straight_plank(BODY), d) for d in (20.0, -16.0)
    )
    got = [acts_truth.angles(assemble(BODY, f))["hip_rise_deg"] for f in (up, down)]
    assert got == pytest.approx([20.0, -16.0], abs=0.05)


def test_two_movements_follow_each_other():
    act = acts_stance.bends_then_stands(BODY)
    told = acts_truth.summary(BODY, act)
    first, second = told["sections"]
    reps = acts_truth.repetitions(BODY, act)
    assert [r["movement"] for r in reps] == ["forward_bend"] * 2 + ["sit_to_stand_5"] * 5
    assert first["end_s"] == second["start_s"]
    assert reps[1]["end_s"] < first["end_s"] + 0.1 < told["seat_on_s"][0]
    assert len(told["seat_off_s"]) == 5


def test_truth_of_an_act_has_the_columns_of_a_movement_and_more():
    plain = ClipSpec("a", Body(), Movement("standing", depths=()), times=(0.0,))
    act = ClipSpec("b", Body(), acts_upright.side_bend(), times=(0.0,))
    one, more = truth_rows(plain)[0], truth_rows(act)[0]
    assert one.keys() < more.keys()
    assert {"thigh_elevation_left_deg", "hip_rise_deg", "px_wrist_left_x"} <= more.keys()


def test_stool_stands_behind_and_under_the_one_who_sits():
    camera = Camera(width=90, height=160)
    spec = ClipSpec("s", BODY, acts_upright.stands(BODY), camera, Room(), times=(0.0,),
                    bars=(Stool(behind_m=acts_upright.BEHIND * BODY.stature_m),))  # fmt: skip
    (seated,) = frames(spec)
    image, floor = backdrop(camera, Room())
    empty = render.draw(camera, image, floor, *Stool().flesh())
    assert (np.abs(seated.astype(int) - empty).sum(axis=2) > 40).mean() > 0.03
    rows, _ = Stool(yaw_deg=90.0, behind_m=0.3).flesh()
    assert rows[:, 3].mean() == pytest.approx(-0.3, abs=0.02)
    assert rows[:, 4].max() < 0.45
