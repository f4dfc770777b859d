from __future__ import annotations

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from movecheck.overlay import Label, Panel, draw
from movecheck.overlay.draw import LEFT, RIGHT
from movecheck.overlay.text import put_text, text_width
from movecheck.skeleton import INDEX
from movecheck.types import State


def changed(before: np.ndarray, after: np.ndarray) -> np.ndarray:
    return np.any(before != after, axis=2)


def near_colour(picture: np.ndarray, colour: tuple[int, int, int]) -> int:
    return int(np.sum(np.all(np.abs(picture.astype(int) - colour) < 25, axis=2)))


def test_the_picture_given_is_not_changed(grey, pose):
    before = grey.copy()
    out = draw(grey, *pose, [Label("knee 92°", (60, 140))], Panel(("1.0 s",)))
    assert np.array_equal(grey, before)
    assert out is not grey
    assert out.shape == grey.shape
    assert out.dtype == np.uint8
    assert out.flags.c_contiguous


def test_the_same_picture_twice(grey, pose):
    args = (*pose, [Label("hip 3°", (60, 100))], Panel(("1 s",), ("done", "ahead", "left_out")))
    assert np.array_equal(draw(grey, *args), draw(grey, *args))


def test_nothing_seen_draws_nothing(grey, pose):
    points, state = pose
    assert np.array_equal(draw(grey, points, np.zeros_like(state)), grey)
    assert np.array_equal(draw(grey, np.full_like(points, np.nan), state), grey)


def test_both_sides_alike_and_in_their_colours(grey, pose):
    out = draw(grey, *pose)
    left, right = near_colour(out, LEFT), near_colour(out, RIGHT)
    assert left > 20
    assert right > 20


@pytest.mark.parametrize("near", ["left", "right"])
def test_the_far_side_is_dimmer(grey, pose, near):
    out = draw(grey, *pose, near=near)
    bright, dim = (LEFT, RIGHT) if near == "left" else (RIGHT, LEFT)
    assert near_colour(out, bright) > 20
    assert near_colour(out, dim) == 0


def test_a_missing_landmark_takes_its_bones_with_it(grey, pose):
    points, state = pose
    state[[INDEX["left_ankle"], INDEX["right_ankle"]]] = State.MISSING
    seen = changed(grey, draw(grey, points, state))
    assert seen[120].any()
    assert not seen[150:].any()


def test_a_landmark_without_a_bone_is_not_drawn(grey, pose):
    points, state = pose
    alone = np.zeros_like(state)
    alone[INDEX["left_ankle"]] = State.MEASURED
    assert np.array_equal(draw(grey, points, alone), grey)


def test_a_filled_landmark_is_hollow_and_its_bones_are_dashed(grey, pose):
    points, state = pose
    points = points * 4
    big = np.full((800, 480, 3), 128, np.uint8)
    whole = draw(big, points, state)
    state[INDEX["left_knee"]] = State.FILLED
    dashed = draw(big, points, state)
    at = tuple(points[INDEX["left_knee"]].astype(int)[::-1])
    assert np.abs(whole[at].astype(int) - LEFT).max() < 30
    assert dashed[at].max() < 60
    column = points[INDEX["left_knee"], 0].astype(int)
    bone = slice(420, 540)
    assert changed(big, whole)[bone, column].all()
    assert 0.3 < changed(big, dashed)[bone, column].mean() < 0.9


def test_a_curve_is_interrupted_where_it_is_not_known(grey, pose):
    curve = np.stack([np.full(40, 20.0), np.linspace(20, 180, 40)], axis=1)
    curve[15:25] = np.nan
    seen = changed(grey, draw(grey, pose[0], np.zeros(33, np.int8), edge_px=curve))[:, 20]
    assert seen[30:70].all()
    assert not seen[86:115].any()
    assert seen[130:170].all()


def test_labels_stay_inside_and_do_not_cover_one_another(grey, pose):
    nobody = np.zeros(33, np.int8)
    labels = [Label("knee 92°", (119, 199)), Label("hip 80°", (1, 1), to_right=False)]
    out = draw(grey, pose[0], nobody, labels)
    assert near_colour(out, (255, 255, 255)) > 20
    one = draw(grey, pose[0], nobody, [Label("knee 92°", (20, 50))])
    two = draw(grey, pose[0], nobody, [Label("knee 92°", (20, 50)), Label("knee 92°", (20, 52))])
    assert changed(grey, two).sum() > 1.7 * changed(grey, one).sum()
    assert np.array_equal(draw(grey, pose[0], nobody, [Label("x", (np.nan, 1))]), grey)


def test_the_panel_says_what_is_missing_in_another_colour(grey, pose):
    nobody = np.zeros(33, np.int8)
    plain = draw(grey, pose[0], nobody, (), Panel(("1.0 s",)))
    noted = draw(grey, pose[0], nobody, (), Panel(("1.0 s",), notes=("not seen",)))
    assert near_colour(plain, RIGHT) == 0
    assert near_colour(noted, RIGHT) > 5


def test_a_degree_sign_is_drawn_and_is_no_question_mark(grey):
    degree, question = grey.copy(), grey.copy()
    put_text(degree, "9°", 10, 60, 40, (255, 255, 255))
    put_text(question, "9?", 10, 60, 40, (255, 255, 255))
    assert not np.array_equal(degree, question)
    assert text_width("9°", 40) > text_width("9", 40)


@pytest.mark.parametrize("shape", [(33, 3), (32, 2)])
def test_wrong_shapes_are_named(grey, shape):
    with pytest.raises(ValueError, match="landmarks_px"):
        draw(grey, np.zeros(shape), np.ones(33, np.int8))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    hnp.arrays(float, (33, 2), elements=st.floats(allow_nan=True, allow_infinity=True)),
    hnp.arrays(np.int8, 33, elements=st.integers(0, 2)),
    st.integers(16, 90),
    st.integers(16, 90),
    st.sampled_from([None, "left", "right"]),
)
def test_any_numbers_are_survived(points, state, width, height, near):
    rgb = np.zeros((height, width, 3), np.uint8)
    labels = [Label("knee 92°", (float(points[0, 0]), float(points[0, 1])))]
    panel = Panel(("1.0 s", "repetition 1 of 30"), ("done",) * 30, ("not seen: knee",))
    out = draw(rgb, points, state, labels, panel, near=near, edge_px=points)
    assert out.shape == rgb.shape
