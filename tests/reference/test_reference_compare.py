"""A value and its uncertainty against limits."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from movecheck.reference import (
    NoReference,
    Reference,
    chance_of_any,
    compare,
    expected_by_chance,
    load_tables,
)

NUMBER = st.floats(-500, 500)
WIDTH = st.floats(0, 100)
ORDER = {"below": -1, "within": 0, "borderline": 0, "above": 1}


def reference(low: float | None, high: float | None) -> Reference:
    tables = load_tables()
    row = tables.rows["R001"]
    return Reference(row, tables.sources[row.source_key], low, high)


@st.composite
def references(draw):
    low, high = sorted((draw(NUMBER), draw(NUMBER)))
    missing = draw(st.sampled_from(["low", "high", "none"]))
    return reference(None if missing == "low" else low, None if missing == "high" else high)


@pytest.mark.parametrize(
    ("value", "half_width", "low", "high", "result"),
    [
        (50, 5, 40, 60, "within"),
        (45, 5, 40, 60, "within"),
        (44, 5, 40, 60, "borderline"),
        (36, 5, 40, 60, "borderline"),
        (35, 5, 40, 60, "borderline"),
        (34, 5, 40, 60, "below"),
        (66, 5, 40, 60, "above"),
        (50, 50, 40, 60, "borderline"),
        (44, 5, 50, None, "below"),
        (48, 5, 50, None, "borderline"),
        (90, 5, 50, None, "within"),
        (12, 1, None, 11.4, "borderline"),
        (13, 1, None, 11.4, "above"),
        (0, 1, None, 11.4, "within"),
        (40, 0, 40, 60, "within"),
    ],
)
def test_examples(value, half_width, low, high, result):
    assert compare(value, half_width, reference(low, high)) == result


def test_no_reference_stays_no_reference():
    assert compare(5, 1, NoReference("None.")) == "no_reference"


@given(NUMBER, NUMBER, WIDTH, references())
def test_more_never_reads_as_less(a, b, half_width, against):
    small, large = sorted((a, b))
    assert ORDER[compare(small, half_width, against)] <= ORDER[compare(large, half_width, against)]


@given(NUMBER, WIDTH, references())
def test_never_below_or_above_when_the_interval_holds_a_limit(value, half_width, against):
    result = compare(value, half_width, against)
    ends = (value - half_width, value + half_width)
    if any(x is not None and ends[0] <= x <= ends[1] for x in (against.low, against.high)):
        assert result in ("within", "borderline")
    if any(x is not None and ends[0] < x < ends[1] for x in (against.low, against.high)):
        assert result == "borderline"


@given(NUMBER, WIDTH, WIDTH, references())
def test_less_certainty_never_makes_a_verdict(value, a, b, against):
    sure, unsure = (compare(value, width, against) for width in sorted((a, b)))
    assert unsure in (sure, "borderline")


@given(NUMBER, references())
def test_a_certain_value_is_never_borderline(value, against):
    assert compare(value, 0.0, against) != "borderline"


@given(NUMBER, WIDTH, NUMBER)
def test_one_limit_is_the_mirror_of_the_other(value, half_width, limit):
    swap = {"below": "above", "within": "within", "borderline": "borderline"}
    assert swap[compare(value, half_width, reference(limit, None))] == compare(
        -value, half_width, reference(None, -limit)
    )


@pytest.mark.parametrize("wrong", [math.nan, math.inf, -math.inf, None])
def test_what_is_not_a_number_raises(wrong):
    with pytest.raises(ValueError, match="value"):
        compare(wrong, 1.0, reference(1, 2))
    with pytest.raises(ValueError, match="half_width"):
        compare(1.0, wrong, reference(1, 2))


def test_a_negative_half_width_raises():
    with pytest.raises(ValueError, match="half_width"):
        compare(1.0, -0.1, reference(1, 2))


def test_findings_by_chance():
    assert expected_by_chance(5) == pytest.approx(1)
    assert expected_by_chance(0) == 0
    assert chance_of_any(5) == pytest.approx(0.67, abs=0.005)
    assert chance_of_any(10) == pytest.approx(0.89, abs=0.005)
    assert expected_by_chance(10, 0.05) == pytest.approx(0.5)


@pytest.mark.parametrize(("n", "share"), [(-1, 0.2), (3, 1.1), (3, -0.1), (3, math.nan)])
def test_chance_of_nonsense_raises(n, share):
    with pytest.raises(ValueError, match="Expected"):
        expected_by_chance(n, share)
    with pytest.raises(ValueError, match="Expected"):
        chance_of_any(n, share)
