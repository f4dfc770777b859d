"""What a person gets to see for what movecheck measures."""

from __future__ import annotations

import re

import pytest

from movecheck.reference import NoReference, Reference, load_tables, lookup
from movecheck.reference.words import BANNED


def ids(found):
    return [c.row.row_id for c in found.context]


@pytest.mark.parametrize("end", ["_peak", "_range", "_at_peak"])
def test_the_hip_shoulder_line_is_not_held_against_the_lower_chest(end):
    found = lookup(f"trunk_inclination{end}", "forward_bend", "F", 40)
    assert isinstance(found, NoReference)
    assert "T12" in found.reason
    assert ids(found) == ["R001", "R002", "R012"]


@pytest.mark.parametrize(
    ("measure_id", "movement", "rows"),
    [
        ("spine_flexion_peak", "forward_bend", ["R003", "R004"]),
        ("lumbar_flexion_peak", "forward_bend", ["R003", "R004", "R013", "R018"]),
        ("pelvis_pitch_peak", "forward_bend", ["R005", "R006"]),
        ("hip_flexion_peak", "forward_bend", ["R014", "R012"]),
        ("duration", "forward_bend", ["R010", "R011"]),
        ("peak_speed", "forward_bend", []),
        ("knee_flexion_peak", "forward_bend", []),
        ("spine_flexion_peak", "hip_hinge", ["R038"]),
        ("trunk_inclination_range", "hip_hinge", ["R038"]),
        ("knee_flexion_peak", "squat", []),
        ("knee_fppa_peak", "squat", ["R054", "R055"]),
        ("shoulder_tilt_peak", "posture", ["R149", "R146"]),
        ("pelvis_tilt", "posture", ["R150"]),
        ("trunk_lateral_lean_mean", "posture", ["R151"]),
        ("trunk_inclination_peak", "posture", []),
        ("anything", "anywhere", []),
    ],
)
def test_what_is_only_context_says_why(measure_id, movement, rows):
    found = lookup(measure_id, movement, "F", 30)
    assert isinstance(found, NoReference)
    assert ids(found) == rows
    assert len(found.reason) > 40
    assert found.reason.endswith(".")


def test_the_hinge_has_a_one_sided_pass_mark_with_its_caution():
    found = lookup("trunk_inclination_peak", "hip_hinge", None, 50)
    assert isinstance(found, Reference)
    assert (found.row.row_id, found.low, found.high) == ("R038", 50, None)
    assert found.provisional
    assert "rounded back" in found.caution
    assert found.range_words() == "50° or more"
    assert "Monnier 2012" in found.describe()


@pytest.mark.parametrize(
    ("movement", "stem"),
    [
        ("forward_bend", "spine_flexion"),
        ("hip_hinge", "trunk_inclination"),
        ("posture", "shoulder_tilt"),
    ],
)
def test_spine_hinge_and_posture_each_show_something_published(movement, stem):
    found = lookup(f"{stem}_peak", movement)
    context = found.context
    assert isinstance(found, Reference) or context
    for each in context:
        assert each.row.instrument
        assert each.row.people in each.describe()
        assert each.source.short in each.describe()


@pytest.mark.parametrize(
    ("sex", "age", "row_id", "low", "high"),
    [
        (None, 65, "R056", None, 11.4),
        ("M", 79.9, "R057", None, 12.6),
        ("F", 52, "R072", 6, 18),
        (None, 52, "R066", None, 12.39),
        ("M", 52, "R066", None, 12.39),
        ("F", 25, "R066", None, 12.39),
    ],
)
def test_five_stands_choose_by_sex_and_age(sex, age, row_id, low, high):
    found = lookup("sts5_time", "sit_to_stand_5", sex, age)
    assert (found.row.row_id, found.low, found.high) == (row_id, low, high)
    assert "R067" not in [r.row_id for r in found.alternatives]


def test_the_limit_of_patients_is_context_only():
    assert "R067" in ids(lookup("sts5_time", "sit_to_stand_5", "F", 40))


def test_the_plank_is_derived_on_the_low_side():
    found = lookup("hold_time", "plank_front", "F", 30)
    assert (found.row.row_id, found.derived, found.high) == ("R102", True, None)
    assert found.low == pytest.approx(72.5 - 2 * 32.6)
    assert ids(found) == ["R101", "R100", "R103"]


@pytest.mark.parametrize(
    ("age", "row_id"), [(25, "R066"), (65, "R056"), (75, "R057"), (85, "R058"), (None, None)]
)
def test_five_stands_are_held_against_the_row_of_the_age(age, row_id):
    found = lookup("sts5_time", "sit_to_stand_5", None, age)
    if row_id is None:
        assert isinstance(found, NoReference)
        assert "age" in found.reason
    else:
        assert found.row.row_id == row_id


def test_a_sentence_names_people_instrument_value_and_source():
    found = lookup("lumbar_flexion_peak", "forward_bend")
    assert found.context[0].describe() == (
        "In 124 pain-free adults, sensors at both ends of the low back read 52° (SD 11) of bend at "
        "full forward bend; 8 in 10 were between 39° and 65° (Laird 2019)."
    )
    assert found.context[0].reason


def test_every_row_makes_a_clean_sentence():
    tables = load_tables()
    from movecheck.reference.words import describe

    for row in tables.rows.values():
        text = describe(row, tables.sources[row.source_key])
        assert text.startswith("In ")
        assert text.endswith(").")
        assert not BANNED & set(re.findall(r"[a-z]+", text.lower()))
        assert not re.search(r"[{}_]|None|nan|  | ,|,,|;;", text), text
        assert row.mean is None or f"{row.mean:g}".replace("-", "−") in text


def test_no_reason_judges_a_person():
    tables = load_tables()
    for line in tables.comparisons:
        words = set(re.findall(r"[a-z]+", (line.reason or "").lower()))
        assert not BANNED & words
