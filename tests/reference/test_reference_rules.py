"""One test or more for each rule on what may become a range."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from movecheck.reference import NoReference, Reference, load_tables, lookup
from movecheck.reference.rules import BANDS, band, misfit, preference, refusal

NEVER = [
    "ci95_of_mean", "span_across_ages", "group_mean", "median", "severity_band", "technique_band",
    "observed_range", "textbook_value", "share_of_people",
]  # fmt: skip


def find(tables, *rows, sex=None, age=30.0):
    return lookup("thing", "squat", sex, age, tables=tables(*rows))


# Rule 1: only verified rows for display.


def test_a_verified_row_for_display_becomes_a_range(row, tables):
    found = find(tables, row())
    assert isinstance(found, Reference)
    assert (found.low, found.high, found.derived) == (40, 60, False)


@pytest.mark.parametrize("use", ["context", "do_not_use", "do_not_measure"])
def test_rule_1_other_uses_never_become_a_range(row, tables, use):
    assert isinstance(find(tables, row(use=use)), NoReference)


def test_rule_1_an_unverified_row_never_becomes_a_range_nor_context(row, tables):
    found = find(tables, row(verified="no"))
    assert isinstance(found, NoReference)
    assert found.context == ()
    assert "not checked" in found.reason


@pytest.mark.parametrize("use", ["do_not_use", "do_not_measure"])
def test_rule_1_rows_not_to_be_used_are_not_even_context(row, tables, use):
    assert find(tables, row(use=use)).context == ()


# Rule 2: what is not a range for one person.


@pytest.mark.parametrize("kind", NEVER)
def test_rule_2_other_statistics_never_become_a_range(row, tables, kind):
    found = find(tables, row(range_kind=kind))
    assert isinstance(found, NoReference)
    assert "not a range for one person" in found.reason
    assert [c.row.range_kind for c in found.context] == [kind]


def test_rule_2_every_kind_is_either_a_band_or_never_one():
    from typing import get_args

    from movecheck.reference.table import Kind

    assert set(get_args(Kind)) == BANDS | set(NEVER) | {"group_mean_sd"}


# Rule 3: mean ± 2 SD.

DERIVED = {"range_kind": "group_mean_sd", "low": None, "high": None}


@pytest.mark.parametrize(
    ("side", "low", "high"), [("low", 40, None), ("high", None, 60), ("two_sided", 40, 60)]
)
def test_rule_3_is_derived_on_the_side_of_concern_and_says_so(row, tables, side, low, high):
    found = find(tables, row(**DERIVED, concern_side=side))
    assert isinstance(found, Reference)
    assert (found.low, found.high, found.derived) == (low, high, True)
    assert "worked out as mean ± 2 SD" in found.range_words()


def test_rule_3_not_without_a_side_of_concern(row, tables):
    assert isinstance(find(tables, row(**DERIVED, concern_side="none")), NoReference)


def test_rule_3_not_with_a_ceiling(row, tables):
    found = find(tables, row(**DERIVED, ceiling="yes"))
    assert isinstance(found, NoReference)
    assert "stops at a fixed time" in found.reason


@pytest.mark.parametrize("missing", ["sd", "mean"])
def test_rule_3_not_without_mean_and_sd(row, tables, missing):
    assert isinstance(find(tables, row(**DERIVED, **{missing: None})), NoReference)


@given(mean=st.floats(0.1, 1e3), sd=st.floats(0.1, 1e3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_rule_3_times_never_go_below_zero_but_angles_may(row, mean, sd):
    numbers = {**DERIVED, "mean": mean, "sd": sd, "concern_side": "low"}
    assert band(row(**numbers, unit="s"))[0] == max(0.0, mean - 2 * sd)
    assert band(row(**numbers, unit="deg"))[0] == mean - 2 * sd


def test_rule_3_a_published_range_is_not_marked_as_derived(row, tables):
    assert "worked out" not in find(tables, row()).range_words()


# Rule 4: the same quantity.


@pytest.mark.parametrize("comparability", ["not_comparable", "not_measurable"])
@pytest.mark.parametrize("use", ["display", "display_provisional"])
def test_rule_4_needs_the_same_quantity_or_one_that_stands_for_it(row, tables, comparability, use):
    found = find(tables, row(comparability=comparability, use=use, caution="Mind."))
    assert isinstance(found, NoReference)
    assert "another quantity" in found.reason


# Rule 5: sex and age.


@pytest.mark.parametrize(("age", "fits"), [(59.9, False), (60, True), (69.9, True), (70, False)])
def test_rule_5_years_are_inclusive(row, tables, age, fits):
    found = find(tables, row(age_min=60, age_max=69), age=age)
    assert isinstance(found, Reference) is fits


def test_rule_5_a_row_bound_to_ages_needs_the_age(row, tables):
    found = find(tables, row(age_min=60, age_max=69), age=None)
    assert isinstance(found, NoReference)
    assert "age" in found.reason


def test_rule_5_a_row_of_all_adults_serves_when_age_is_unknown_and_says_so(row, tables):
    found = find(tables, row(), age=None)
    assert isinstance(found, Reference)
    assert "adults" in found.note
    assert find(tables, row(), age=40).note is None


def test_rule_5_other_open_ends_do_not_serve_when_age_is_unknown(row, tables):
    assert isinstance(find(tables, row(age_min=60), age=None), NoReference)
    assert isinstance(find(tables, row(age_max=30), age=None), NoReference)


@pytest.mark.parametrize("age_min", [18, 60, None])
def test_rule_5_a_child_gets_nothing_from_adults(row, tables, age_min):
    found = find(tables, row(age_min=age_min), age=17.9)
    assert isinstance(found, NoReference)
    assert found.context == ()


def test_rule_5_a_child_of_the_ages_of_the_row_fits(row):
    assert misfit(row(age_min=10, age_max=17), None, 12) is None


def test_rule_5_a_row_without_ages_is_never_chosen_but_may_be_context(row, tables):
    for age in (None, 40):
        found = find(tables, row(age_min=None), age=age)
        assert isinstance(found, NoReference)
        assert len(found.context) == 1


@pytest.mark.parametrize(("sex", "fits"), [("F", True), ("M", False), (None, False)])
def test_rule_5_a_row_of_one_sex_needs_that_sex(row, tables, sex, fits):
    assert isinstance(find(tables, row(sex="F"), sex=sex), Reference) is fits


@pytest.mark.parametrize("sex", ["F", "M", None])
def test_rule_5_a_row_of_any_sex_fits_all(row, tables, sex):
    assert isinstance(find(tables, row(), sex=sex), Reference)


def test_rule_5_says_that_nothing_fits_when_reasons_differ(row, tables):
    rows = [row(sex="F"), row(row_id="R902", age_min=60)]
    found = find(tables, *rows, sex="M", age=30)
    assert isinstance(found, NoReference)
    assert "age and sex" in found.reason


@pytest.mark.parametrize("age", [-1, 131, float("nan")])
def test_an_age_that_cannot_be_raises(tables, row, age):
    with pytest.raises(ValueError, match="age"):
        find(tables, row(), age=age)


def test_a_sex_that_is_not_known_to_the_tables_raises(tables, row):
    with pytest.raises(ValueError, match="sex"):
        find(tables, row(), sex="female")


# Rule 6: cautions.


def test_rule_6_a_provisional_row_carries_its_caution(row, tables):
    found = find(tables, row(use="display_provisional", caution="Mind the gap."))
    assert isinstance(found, Reference)
    assert found.provisional
    assert found.caution == "Mind the gap."


def test_rule_6_without_its_caution_it_is_not_shown(row, tables):
    found = find(tables, row(use="display_provisional"))
    assert isinstance(found, NoReference)
    assert "caution" in found.reason


# Rule 7: one row, one source.


def test_rule_7_the_others_stand_beside_and_are_never_blended(row, tables):
    a, b = row(), row(row_id="R902", low=10.0, high=90.0, source_key="OTHER2021")
    found = find(tables, a, b)
    assert (found.row, found.low, found.high) == (a, 40, 60)
    assert found.source.key == a.source_key
    assert found.alternatives == (b,)
    assert found.context == ()


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        ({"comparability": "direct", "n": 5}, {"comparability": "proxy", "n": 500}),
        ({"use": "display"}, {"use": "display_provisional", "caution": "Mind.", "n": 500}),
        ({}, {**DERIVED, "n": 500}),
        ({"sex": "F", "n": 5}, {"sex": "any", "n": 500}),
        ({"age_max": 40, "n": 5}, {"n": 500}),
        ({"n": 101}, {"n": 100}),
        ({"n": 1}, {"n": None}),
    ],
)
def test_rule_7_the_order_is_as_stated_whatever_the_order_of_the_file(row, tables, better, worse):
    good, other = row(row_id="R902", **better), row(row_id="R901", **worse)
    for rows in ((good, other), (other, good)):
        found = find(tables, *rows, sex="F")
        assert found.row == good
        assert found.alternatives == (other,)


def test_rule_7_the_order_is_total(row):
    assert preference(row()) < preference(row(row_id="R902"))


# People with complaints.


@pytest.mark.parametrize("group", ["lbp", "lbp_chronic", "lumbar_degenerative", "mixed"])
def test_people_with_complaints_are_never_the_yardstick(row, tables, group):
    found = find(tables, row(group=group))
    assert isinstance(found, NoReference)
    assert "not a yardstick" in found.reason
    both = find(tables, row(group=group, n=9000), row(row_id="R902"))
    assert both.row.row_id == "R902"
    assert both.alternatives == ()
    assert [c.row.group for c in both.context] == [group]


# All rules at once, on the real rows.


@given(
    st.sampled_from(sorted({x.measure_id.rstrip("*") + "" for x in load_tables().comparisons})),
    st.sampled_from(sorted({x.movement for x in load_tables().comparisons})),
    st.sampled_from(["F", "M", None]),
    st.none() | st.floats(0, 110),
    st.sampled_from(["", "_peak", "_range", "_at_peak"]),
)
def test_whoever_asks_for_whatever_gets_only_what_the_rules_allow(stem, movement, sex, age, end):
    found = lookup(stem + end, movement, sex, age)
    shown = [c.row for c in found.context]
    if isinstance(found, Reference):
        for each in (found.row, *found.alternatives):
            assert each.use.startswith("display")
            assert each.verified == "yes"
            assert each.comparability in ("direct", "proxy")
            assert each.group in ("healthy", "general")
            assert each.range_kind in BANDS | {"group_mean_sd"}
            assert each.sex in ("any", sex)
            assert refusal(each) is None
        assert found.derived == (found.row.range_kind == "group_mean_sd")
        assert found.low is not None or found.high is not None
        assert age is None or age >= 18
        assert found.caution or not found.provisional
        shown += [found.row, *found.alternatives]
    else:
        assert found.reason.endswith(".")
    assert all(each.verified == "yes" for each in shown)
    assert len({each.row_id for each in shown}) == len(shown)
    if age is not None and age < 16:
        assert shown == []


def test_rule_3_a_ceiling_gives_no_limits_at_all(row):
    assert band(row(**DERIVED, ceiling="yes")) is None
