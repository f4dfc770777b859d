from __future__ import annotations

from dataclasses import replace

import av
import numpy as np
import pytest

from movecheck.errors import ExportError
from movecheck.overlay import default_signals, labels_at, panel_at, write_overlay
from movecheck.overlay.sampling import back_at, landmarks_at, place_of
from movecheck.overlay.video import _clip_size
from movecheck.overlay.words import SIGNALS
from movecheck.skeleton import INDEX
from movecheck.types import Frame, Rep, State

SIDE = {
    "trunk_inclination_deg": 34.4, "hip_flexion_left_deg": 101.6, "knee_flexion_left_deg": 92.0,
}  # fmt: skip


def read(path):
    with av.open(str(path)) as container:
        return [(f.time, f.to_ndarray(format="rgb24")) for f in container.decode(video=0)]


def test_a_clip_with_every_frame_at_its_time(tmp_path, frames, make_track, make_angles):
    path, times = tmp_path / "overlay.mp4", []
    n = write_overlay(
        iter(frames), make_track(), make_angles(**SIDE), [Rep(0.1, 0.3, 0.5)], path,
        view="side", facing="left", progress=times.append,
    )  # fmt: skip
    assert n == len(frames)
    assert times == [f.time_s for f in frames]
    got = read(path)
    assert np.allclose([t for t, _ in got], times, atol=0.001)
    assert got[0][1].shape == (200, 120, 3)
    assert np.ptp(got[0][1].astype(int)) > 100  # something is drawn on the grey


def test_the_skeleton_fits_a_picture_that_was_scaled_down(
    tmp_path, frames, make_track, make_angles
):
    out = []
    for scale in (1.0, 3.0):
        path = tmp_path / f"{scale}.mp4"
        write_overlay(
            frames[:3], make_track(scale=scale), make_angles(**SIDE), [], path,
            view="side", facing="left", scale=scale,
        )  # fmt: skip
        out.append(read(path)[0][1].astype(int))
    assert np.abs(out[0] - out[1]).max() < 20


def test_no_frames_are_an_export_error(tmp_path, make_track, make_angles):
    with pytest.raises(ExportError):
        write_overlay([], make_track(), make_angles(), [], tmp_path / "a.mp4",
                      view="side", facing="left")  # fmt: skip
    assert not list(tmp_path.iterdir())


def test_an_error_of_the_source_passes_and_leaves_no_file(
    tmp_path, frames, make_track, make_angles
):
    def broken():
        yield from frames[:5]
        raise RuntimeError("the camera is gone")

    with pytest.raises(RuntimeError, match="camera"):
        write_overlay(broken(), make_track(), make_angles(), [], tmp_path / "a.mp4",
                      view="front", facing="camera")  # fmt: skip
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("size", "clip"),
    [
        ((480, 854), (480, 854)),
        ((1080, 1920), (720, 1280)),
        ((3840, 2160), (1280, 720)),
        ((721, 1281), (720, 1280)),
        ((641, 361), (640, 360)),
        ((1920, 1440), (960, 720)),
        ((10, 3000), (16, 1280)),
    ],
)
def test_the_size_of_the_clip(size, clip):
    assert _clip_size(*size) == clip


def test_a_view_without_angles_says_so(tmp_path, make_track, make_angles):
    pictures = {}
    large = [Frame(0.0, np.full((600, 360, 3), 128, np.uint8))]
    for view in ("side", "unknown"):
        write_overlay(large, make_track(scale=3), make_angles(**SIDE), [], tmp_path / "a.mp4",
                      view=view, facing="left", near="left")  # fmt: skip
        pictures[view] = read(tmp_path / "a.mp4")[0][1].astype(int)
    corner = (slice(0, 80), slice(0, 300))
    orange = {v: (p[corner][..., 0] - p[corner][..., 2] > 60).sum() for v, p in pictures.items()}
    assert orange["side"] == 0
    assert orange["unknown"] > 20


def test_labels_of_a_side_view(pose, make_angles):
    names = default_signals("side", "left")
    labels, unseen = labels_at(make_angles(**SIDE), names, 0.5, *pose, "left")
    assert [label.text for label in labels] == ["trunk 34°", "hip 102°", "knee 92°"]
    assert unseen == []
    assert [label.to_right for label in labels] == [True, True, False]
    assert all(label.sure for label in labels)
    mirrored, _ = labels_at(make_angles(**SIDE), names, 0.5, *pose, "right")
    assert [label.to_right for label in mirrored] == [False, False, True]


def test_labels_of_a_front_view(pose, make_angles):
    values = {
        "trunk_lateral_lean_deg": 3.0, "pelvis_tilt_deg": -2.0, "knee_fppa_left_deg": 8.2,
        "knee_fppa_right_deg": -0.4,
    }  # fmt: skip
    names = default_signals("front", None)
    labels, _ = labels_at(make_angles(**values), names, 0.5, *pose, "camera")
    texts = [label.text for label in labels]
    assert texts == ["trunk 3° right", "pelvis 2° left", "knee 8° in", "knee 0°"]
    assert [label.to_right for label in labels] == [True, True, True, False]


def test_what_is_not_known_is_named_and_what_is_filled_is_dim(pose, make_angles):
    angles = make_angles(**{**SIDE, "knee_flexion_left_deg": np.nan})
    angles.state["hip_flexion_left_deg"][:] = State.FILLED
    labels, unseen = labels_at(angles, default_signals("side", "left"), 0.5, *pose, "left")
    assert unseen == ["knee"]
    assert [label.sure for label in labels] == [True, False]


def test_a_far_shoulder_that_is_hidden_does_not_hide_the_trunk(pose, make_angles):
    points, state = pose
    for joint in ("shoulder", "hip"):
        points[INDEX[f"right_{joint}"]] = np.nan
        state[INDEX[f"right_{joint}"]] = State.MISSING
    labels, unseen = labels_at(make_angles(**SIDE), list(SIDE), 0.5, points, state, "left")
    assert unseen == []
    assert np.isfinite(labels[0].at).all()


@pytest.mark.parametrize(("facing", "bend"), [("left", (-50.0, 0.0)), ("right", (50.0, 0.0))])
def test_the_trunk_label_stands_above_a_back_that_is_bent_flat(pose, make_angles, facing, bend):
    points, state = pose
    for side in ("left", "right"):
        points[INDEX[f"{side}_shoulder"]] = points[INDEX[f"{side}_hip"]] + bend
    labels, _ = labels_at(make_angles(**SIDE), list(SIDE), 0.5, points, state, facing)
    assert labels[0].at[1] == pytest.approx(100 - 0.38 * 50)
    assert labels[0].at[0] == pytest.approx(60 + bend[0] / 2)


def test_a_signal_that_nobody_can_show_is_left_out(pose, make_angles):
    angles = make_angles(new_deg=1.0)
    assert labels_at(angles, ["new_deg"], 0.1, *pose, "left") == ([], [])


def test_every_signal_can_be_said():
    for spec in SIGNALS.values():
        assert spec.say(-0.4) == f"{spec.noun} 0°"
        assert "-" not in spec.say(-12.0)
        assert spec.say(-12.0) != spec.say(12.0)
    assert SIGNALS["trunk_inclination_deg"].say(-5) == "trunk −5°"


def test_repetitions_are_counted_as_they_end():
    reps = [Rep(1, 2, 3), Rep(4, 5, 6, "its deepest point was not seen"), Rep(7, 8, 9)]
    assert panel_at(reps, 0.0).lines == ("0.0 s", "repetition 0 of 3")
    assert panel_at(reps, 3.0).lines[1] == "repetition 1 of 3"
    assert panel_at(reps, 3.0).marks == ("done", "ahead", "ahead")
    assert panel_at(reps, 5.0).notes == ("repetition 2 left out",)
    assert panel_at(reps, 9.5).marks == ("done", "left_out", "done")
    assert panel_at(reps, 9.5).notes == ()
    assert panel_at([], 1.26).lines == ("1.3 s",)
    assert panel_at([], 1.0, None).notes == ("person not seen",)
    assert panel_at([], 1.0, ["knee", "hip"]).notes == ("not seen: knee, hip",)


def test_between_two_samples_it_is_interpolated(make_track):
    track = make_track(3, fps=10)
    xy = track.xy_px.copy()
    xy[:, INDEX["left_knee"], 0] = [0.0, 10.0, np.nan]
    track = replace(track, xy_px=xy)
    points, state = landmarks_at(track, 0.025)
    assert points[INDEX["left_knee"], 0] == pytest.approx(2.5)
    points, state = landmarks_at(track, 0.12)
    assert points[INDEX["left_knee"], 0] == 10.0  # the neighbour is not known: the nearest counts
    assert state[INDEX["left_knee"]] == State.MEASURED
    assert landmarks_at(track, 0.18)[1][INDEX["left_knee"]] == State.MISSING


def test_a_time_far_from_every_sample_is_not_seen(make_track):
    track = make_track(3, fps=10)
    assert place_of(track.time_s, 0.3) is not None
    assert place_of(track.time_s, 0.5) is None
    assert place_of(np.zeros(0), 0.0) is None
    assert place_of(np.zeros(1), 0.01) is not None
    gap = np.array([0.0, 0.1, 0.2, 5.0, 5.1])
    assert place_of(gap, 2.0) is None
    assert place_of(gap, 0.22).share == 0.0
    points, state = landmarks_at(track, 9.0)
    assert not state.any()
    assert np.isnan(points).all()


@pytest.mark.parametrize(("facing", "side", "sign"), [("right", 0, -1), ("left", 1, 1)])
def test_the_back_is_where_the_contract_says(make_track, facing, side, sign):
    track = make_track(3)
    edge = np.full(track.edge_px.shape, np.nan)
    edge[:, side] = 7.0
    curve = back_at(replace(track, edge_px=edge), 0.0, facing)
    assert np.allclose(curve[:, 0], 60 + 7 * sign)  # upright: to the picture's left is minus
    assert curve[0, 1] > curve[-1, 1]  # from the hips up to the neck


def test_the_back_is_drawn_in_side_view_alone(tmp_path, frames, make_track, make_angles):
    pictures = {}
    raw = make_track(edge=25.0)
    for view, facing, given in (
        ("side", "left", raw), ("side", "left", None), ("front", "camera", raw),
        ("front", "camera", None),
    ):  # fmt: skip
        path = tmp_path / "a.mp4"
        write_overlay(frames[:2], make_track(), make_angles(), [], path,
                      view=view, facing=facing, raw=given)  # fmt: skip
        pictures[view, given is None] = read(path)[0][1].astype(int)
    assert np.abs(pictures["side", True] - pictures["side", False])[60:100, 80:90].max() > 60
    assert np.array_equal(pictures["front", True], pictures["front", False])


def test_frames_of_another_size_are_fitted(tmp_path, frames, make_track, make_angles):
    mixed = [*frames[:2], Frame(0.2, np.zeros((100, 60, 3), np.uint8))]
    write_overlay(mixed, make_track(), make_angles(), [], tmp_path / "a.mp4",
                  view="side", facing="left")  # fmt: skip
    assert {p.shape for _, p in read(tmp_path / "a.mp4")} == {(200, 120, 3)}
