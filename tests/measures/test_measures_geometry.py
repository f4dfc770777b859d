"""Angles between points: exact, whatever the size, the place and the side."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from movecheck.measures.geometry import flexion_deg, inclination_deg, rise_deg, tilt_deg

EXACT = 1e-6
angle = st.floats(-179.0, 179.0)
length = st.floats(0.1, 1000.0)
place = st.tuples(st.floats(-5000, 5000), st.floats(-5000, 5000)).map(np.array)
number = st.floats(-1e4, 1e4)
point = st.tuples(number, number).map(np.array)
way = st.sampled_from([1.0, -1.0])
MIRRORED = np.array([-1.0, 1.0])


def up(degrees: float, forward: float = 1.0) -> np.ndarray:
    """Unit vector that leans forward from straight up, in a picture whose y goes down."""
    r = np.radians(degrees)
    return np.array([forward * np.sin(r), -np.cos(r)])


def turn(degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return np.array([[c, -s], [s, c]])


@pytest.mark.parametrize("forward", [1.0, -1.0])
@pytest.mark.parametrize("k", range(0, 180, 15))
def test_leg_bent_by_k_reads_k(k, forward):
    """Thigh straight up, shank turned back by k: knee flexion k, facing either way."""
    knee = np.array([300.0, 500.0])
    hip = knee + 200 * up(0)
    ankle = knee - 190 * up(k, forward)
    assert flexion_deg(hip, knee, ankle, -forward) == pytest.approx(k, abs=EXACT)


@pytest.mark.parametrize("forward", [1.0, -1.0])
def test_a_knee_past_straight_reads_negative(forward):
    knee = np.array([300.0, 500.0])
    assert flexion_deg(knee + up(0), knee, knee - up(-7.5, forward), -forward) == pytest.approx(
        -7.5, abs=EXACT
    )


def test_three_four_five_triangle():
    hip, knee, ankle = np.array([[0.0, 0.0], [0.0, 300.0], [-400.0, 300.0]])
    assert flexion_deg(hip, knee, ankle, -1.0) == pytest.approx(90.0, abs=EXACT)
    # From the hip the ankle lies on the hypotenuse: tan = 4/3.
    assert inclination_deg(ankle, hip, 1.0) == pytest.approx(53.13010235415598, abs=EXACT)
    assert inclination_deg(ankle, hip, -1.0) == pytest.approx(-53.13010235415598, abs=EXACT)
    assert tilt_deg(np.array([0.0, 3.0]), np.array([4.0, 0.0])) == pytest.approx(
        36.86989764584402, abs=EXACT
    )


@pytest.mark.parametrize("degrees", [-170, -90, -45, -1e-3, 0, 1e-3, 30, 89, 90, 91, 150])
@pytest.mark.parametrize("forward", [1.0, -1.0])
def test_inclination_is_positive_forward_and_keeps_its_sign_past_level(degrees, forward):
    hip = np.array([10.0, 20.0])
    shoulder = hip + 77 * up(degrees, forward)
    assert inclination_deg(hip, shoulder, forward) == pytest.approx(degrees, abs=EXACT)


@pytest.mark.parametrize("degrees", [-80, -10, 0, 5, 45, 89])
def test_tilt_is_positive_when_the_right_is_lower_from_the_front_and_from_behind(degrees):
    r = np.radians(degrees)
    left, right = np.zeros(2), 50 * np.array([-np.cos(r), np.sin(r)])
    assert tilt_deg(right, left) == pytest.approx(degrees, abs=EXACT)
    assert tilt_deg(right * MIRRORED, left) == pytest.approx(degrees, abs=EXACT)


@given(angle, angle, length, length, place, st.floats(0.01, 100), way)
def test_flexion_does_not_depend_on_place_size_and_turn_of_the_picture(
    k, thigh, a, b, shift, scale, toward
):
    knee = np.zeros(2)
    hip, ankle = a * up(thigh), -b * up(thigh + k)
    want = flexion_deg(hip, knee, ankle, toward)
    assert want == pytest.approx(-toward * k, abs=EXACT)
    moved = [scale * (turn(123.4) @ p) + shift for p in (hip, knee, ankle)]
    tolerance = 1e-7 * (1 + np.abs(shift).max() / (scale * min(a, b)))  # of floats, not of ours
    assert flexion_deg(*moved, toward) == pytest.approx(want, abs=tolerance)


@given(point, point, point, way)
def test_mirrored_and_facing_the_other_way_is_the_same(a, b, c, toward):
    mirrored = [p * MIRRORED for p in (a, b, c)]
    for there, here in (
        (flexion_deg(a, b, c, toward), flexion_deg(*mirrored, -toward)),
        (inclination_deg(a, b, toward), inclination_deg(*mirrored[:2], -toward)),
        (tilt_deg(a, b), tilt_deg(*mirrored[:2])),
    ):
        # Folded all the way, 180 and -180 are one angle.
        assert np.array_equal(there % 360, here % 360, equal_nan=True)


@given(point, point, point, way)
def test_range(a, b, c, toward):
    for value, limit in (
        (flexion_deg(a, b, c, toward), 180),
        (inclination_deg(a, b, toward), 180),
        (tilt_deg(a, b), 90),
    ):
        assert np.isnan(value) or -limit <= value <= limit


@given(point, point, point, way, st.integers(0, 2), st.integers(0, 1))
def test_nan_in_nan_out(a, b, c, toward, which, axis):
    points = [p.copy() for p in (a, b, c)]
    points[which][axis] = np.nan
    assert np.isnan(flexion_deg(*points, toward))
    if which < 2:
        assert np.isnan(inclination_deg(*points[:2], toward))
        assert np.isnan(tilt_deg(*points[:2]))


@given(point, point, way)
def test_a_segment_without_length_has_no_angle(a, b, toward):
    assert np.isnan(flexion_deg(a, a, b, toward))
    assert np.isnan(flexion_deg(b, a, a, toward))
    assert np.isnan(inclination_deg(a, a, toward))
    assert np.isnan(tilt_deg(a, a))


@given(angle, way)
def test_leaning_and_flexion_add_up(k, forward):
    """Flexion at a joint is the difference of the inclinations of the segments that meet there."""
    assume(abs(k) < 150)
    knee = np.array([40.0, -30.0])
    hip, ankle = knee + 3 * up(-k / 2, forward), knee - 2 * up(k / 2, forward)
    flexion = flexion_deg(hip, knee, ankle, -forward)
    shank, thigh = inclination_deg(ankle, knee, forward), inclination_deg(knee, hip, forward)
    assert flexion == pytest.approx(shank - thigh, abs=EXACT)
    assert flexion == pytest.approx(k, abs=EXACT)


def test_arrays_of_any_shape():
    rng = np.random.default_rng(1)
    a, b, c = rng.normal(size=(3, 4, 5, 2))
    whole = flexion_deg(a, b, c, 1.0)
    assert whole.shape == (4, 5)
    assert whole[2, 3] == flexion_deg(a[2, 3], b[2, 3], c[2, 3], 1.0)


@given(rise=angle, size=length, start=place, away=way)
def test_a_segment_that_rises_past_the_vertical_does_not_fold_back(rise, size, start, away):
    turn = np.radians(rise)
    end = start + size * np.array([away * np.cos(turn), -np.sin(turn)])
    assert float(rise_deg(start, end, away)) == pytest.approx(rise, abs=1e-4)
    folded = rise if abs(rise) <= 90 else np.sign(rise) * 180 - rise
    assert float(rise_deg(start, end)) == pytest.approx(folded, abs=1e-4)
