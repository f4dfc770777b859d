"""The synthetic person: its truth must be exact before it can judge anything."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("numba")
pytest.importorskip("av")

from validation.synthetic import render, truth
from validation.synthetic.body import SIDES, Body, random_body, segment_lengths
from validation.synthetic.clip import ClipSpec, truth_rows, truth_summary, write
from validation.synthetic.clips import CLIPS, SAMPLES
from validation.synthetic.movements import GOALS, Movement
from validation.synthetic.pose import Pose, blend, place, solve
from validation.synthetic.scene import Camera, Room, backdrop
from validation.synthetic.shape import build

ENDS = {
    "thigh": ("hip", "knee"),
    "shank": ("knee", "ankle"),
    "upper_arm": ("shoulder", "elbow"),
    "forearm": ("elbow", "wrist"),
    "hand": ("wrist", "fingers"),
}


@pytest.mark.parametrize("kind", list(GOALS))
@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_segments_keep_their_length(kind, share):
    body = random_body(4)
    joints = solve(body, blend(Pose(), GOALS[kind], share)).joints
    for name, length in segment_lengths(body).items():
        segment, side = name.rsplit("_", 1)
        top, end = (joints[f"{j}_{side}"] for j in ENDS[segment])
        assert np.linalg.norm(top - end) == pytest.approx(length, abs=1e-9)


@pytest.mark.parametrize("knee", [2.0, 5.0, 30.0, 90.0, 120.0])
def test_knee_angle_of_equal_legs_is_the_set_one(knee):
    pose = replace(GOALS["squat"], knee_deg=knee)
    values = truth.angles(solve(Body(), pose), pose)
    for side in SIDES:
        assert values[f"knee_flexion_{side}_deg"] == pytest.approx(knee, abs=1e-6)


def test_unequal_legs_reach_the_floor_and_the_straighter_knee_is_the_set_one():
    body = Body(thigh=(1.01, 0.99), shank=(1.0, 1.0))
    pose = Pose(knee_deg=5.0, pelvis_tilt_deg=2.0)
    values = truth.angles(solve(body, pose), pose)
    knees = [values[f"knee_flexion_{s}_deg"] for s in SIDES]
    assert min(knees) == pytest.approx(5.0, abs=1e-6)
    assert values["pelvis_tilt_deg"] == pytest.approx(2.0, abs=1e-9)


def test_feet_stay_still_in_a_squat():
    movement, body = SAMPLES["squat_side"].movement, random_body(1)
    tracks = [
        [solve(body, movement.pose(t)).joints[f"{j}_{s}"] for j in ("ankle", "heel", "toe")]
        for t in np.linspace(0.0, movement.duration(), 40)
        for s in SIDES
    ]
    for side in (0, 1):
        assert np.ptp(np.array(tracks[side::2]), axis=0).max() < 1e-3


def test_spine_sums_to_the_pitch_of_the_thorax():
    pose = GOALS["forward_bend"]
    thorax = solve(random_body(2), pose).frames["thorax"]
    pitch = np.degrees(np.arctan2(thorax[2, 1], thorax[1, 1]))
    assert pitch == pytest.approx(pose.pelvis_deg + pose.lumbar_deg + pose.thoracic_deg)


def test_stature_and_neutral_stance():
    body = random_body(5)
    pose = Pose(knee_deg=0.01, shank_deg=0.0, stance=0.0535)
    joints = solve(body, pose).joints
    assert joints["hip_left"][1] == pytest.approx(0.530 * body.stature_m, rel=0.01)
    assert joints["shoulder_left"][1] == pytest.approx(0.818 * body.stature_m, rel=0.01)
    assert abs(truth.angles(solve(body, pose), pose)["trunk_inclination_deg"]) < 3.0


def test_signs_of_tilt_and_lean():
    pose = Pose(shoulder_tilt_deg=4.0, pelvis_tilt_deg=1.5)
    skeleton = solve(Body(), pose)
    values = truth.angles(skeleton, pose)
    assert values["shoulder_tilt_deg"] == pytest.approx(4.0)
    assert skeleton.joints["shoulder_right"][1] < skeleton.joints["shoulder_left"][1]
    assert values["trunk_lateral_lean_deg"] > 0
    assert truth.inclination(np.zeros(3), np.array([0.0, 1.0, 1.0])) == pytest.approx(45.0)


def test_opposite_yaw_mirrors_the_picture():
    skeleton, camera = solve(Body(), GOALS["hip_hinge"]), Camera(pitch_deg=0.0)
    right = camera.project(place(skeleton, 90.0).joints["shoulder_left"])
    left = camera.project(place(skeleton, -90.0).joints["shoulder_right"])
    assert right[0] - camera.width / 2 == pytest.approx(camera.width / 2 - left[0])
    assert right[1] == pytest.approx(left[1])
    assert right[0] > camera.width / 2


def test_rays_and_projection_agree():
    camera = Camera(pitch_deg=-5.0, roll_deg=4.0, yaw_deg=3.0, x_m=0.2)
    ray = camera.rays()[300, 100]
    assert camera.project(camera.centre + 0.004 * ray) == pytest.approx([100.5, 300.5])


def test_movement_is_the_same_at_every_frame_rate():
    slow, fast = (replace(SAMPLES["squat_front"], fps=f) for f in (10.0, 30.0))
    assert slow.frame_times()[5] == pytest.approx(fast.frame_times()[15])
    knee = "knee_flexion_left_deg"
    assert truth_rows(slow)[30][knee] == pytest.approx(truth_rows(fast)[90][knee])


def test_repetitions_follow_the_rule():
    spec = CLIPS["squat_side_partial"]
    reps = truth.repetitions(spec.body, spec.movement)
    windows = spec.movement.windows()
    assert [r["partial"] for r in reps] == [False, True, False, False]
    assert min(w[0] for w in windows) >= 2.0
    for rep, (start, end) in zip(reps, windows, strict=True):
        assert (rep["start_s"], rep["end_s"]) == pytest.approx((start, end), abs=1e-3)
        assert start < rep["bottom_s"] < end
        at = np.array([start - 0.05, start + 0.5])
        before, after = truth.driving_angle(spec.body, spec.movement, at)
        assert abs(before - 5.0) < 1.0
        assert after > 10.0


def test_absent_person_has_no_truth():
    spec = CLIPS["squat_side_enters"]
    rows = truth_rows(spec)
    assert rows[0]["knee_flexion_left_deg"] is None
    assert rows[-1]["knee_flexion_left_deg"] is not None


def test_one_small_frame_shows_the_person():
    camera = Camera(width=60, height=106)
    image, floor = backdrop(camera, Room())
    flesh = build(Body(), place(solve(Body(), Pose()), 0.0))
    empty, drawn = render.draw(camera, image, floor), render.draw(camera, image, floor, *flesh)
    assert drawn.shape == (106, 60, 3)
    changed = (np.abs(drawn.astype(int) - empty).sum(axis=2) > 40).mean()
    assert 0.04 < changed < 0.3


def test_written_clip_has_as_many_frames_as_truth(tmp_path):
    av = pytest.importorskip("av")
    movement = Movement("standing", depths=(), quiet_s=0.2, end_s=0.0)
    spec = ClipSpec("tiny", Body(), movement, Camera(width=60, height=106), times=(0.0, 0.1, 0.13))
    path = write(spec, tmp_path)
    with av.open(str(path)) as clip:
        times = [float(f.pts * f.time_base) for f in clip.decode(video=0)]
    assert times == pytest.approx([0.0, 0.1, 0.13], abs=1e-4)
    lines = (tmp_path / "tiny.truth.csv").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 4
    assert truth_summary(spec)["fps"] is None
