from __future__ import annotations

import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movecheck.errors import DataError
from movecheck.export.assessment_json import (
    read_assessment,
    to_dict,
    to_json,
    write_assessment,
)
from movecheck.types import Assessment, Check, Finding, Measure, Recording, Rep


def test_the_keys_of_the_contract(make_assessment):
    data = json.loads(to_json(make_assessment()), parse_constant=pytest.fail)
    assert list(data) == [
        "schema_version", "recording", "capture", "movement", "parts", "view", "facing", "reps",
        "measures", "findings", "corrections", "pain", "provenance",
    ]  # fmt: skip
    assert list(data["recording"]) == [
        "duration_s", "fps", "width_px", "height_px", "rotated_deg", "n_frames",
        "declared_duration_s", "complete",
    ]  # fmt: skip
    assert list(data["capture"][0]) == ["id", "ok", "value", "advice"]
    assert list(data["reps"][0]) == [
        "start_s", "peak_s", "end_s", "excluded_reason", "side", "by_hand",
    ]  # fmt: skip
    assert list(data["measures"][0]) == [
        "id", "side", "rep", "value", "unit", "uncertainty", "status", "reason",
    ]  # fmt: skip
    assert list(data["findings"][0])[:7] == [
        "measure_id", "side", "result", "low", "high", "source_key", "comparability",
    ]  # fmt: skip
    assert data["schema_version"] == "1.3"


def test_unknown_is_null_and_numbers_have_four_decimals(make_assessment):
    data = to_dict(make_assessment())
    assert data["recording"]["declared_duration_s"] is None
    assert data["capture"][1]["value"] is None
    assert data["measures"][2]["value"] is None
    assert data["measures"][0]["rep"] == 1
    assert data["measures"][1]["rep"] is None
    assert data["measures"][0]["value"] == 107.9065
    assert data["recording"]["duration_s"] == 9.7333
    assert data["provenance"]["settings"] == {"a": 1.0, "b": [1, 2.0]}
    infinite = make_assessment(provenance={"x": np.array([np.inf, 1.0]), "y": np.bool_(True)})
    assert to_dict(infinite)["provenance"] == {"x": [None, 1.0], "y": True}


def test_the_order_of_the_provenance_does_not_matter(make_assessment):
    one = make_assessment(provenance={"a": 1, "b": {"c": 1, "d": 2}})
    two = make_assessment(provenance={"b": {"d": 2, "c": 1}, "a": 1})
    assert to_json(one) == to_json(two)


def test_what_json_cannot_hold_is_refused(make_assessment):
    with pytest.raises(TypeError, match="but got object"):
        to_json(make_assessment(provenance={"x": object()}))


def test_round_trip(make_assessment, tmp_path):
    path = tmp_path / "assessment.json"
    first = make_assessment()
    write_assessment(first, path)
    again = read_assessment(path)
    assert isinstance(again, Assessment)
    assert isinstance(again.measures[0], Measure)
    assert again.reps == first.reps
    assert again.findings == first.findings
    assert math.isnan(again.recording.declared_duration_s)
    assert again.capture[1].value is None
    assert to_json(again) == to_json(first)
    write_assessment(again, tmp_path / "again.json")
    assert (tmp_path / "again.json").read_bytes() == path.read_bytes()


numbers = st.none() | st.floats(-1e6, 1e6).map(lambda x: round(x, 4) + 0.0)
texts = st.none() | st.text(st.characters())
sides = st.sampled_from(["left", "right", None])
measures = st.builds(
    Measure, id=st.text(), side=sides, rep=st.none() | st.integers(1, 99), value=numbers,
    unit=st.text(), uncertainty=numbers,
    status=st.sampled_from(["measured", "partly_filled", "not_measurable"]), reason=texts,
)  # fmt: skip
findings = st.builds(
    Finding, measure_id=st.text(), side=sides,
    result=st.sampled_from(["within", "below", "above", "borderline", "no_reference"]),
    low=numbers, high=numbers, source_key=texts, comparability=texts, row_id=texts, note=texts,
)  # fmt: skip
checks = st.builds(Check, id=st.text(), ok=st.booleans(), value=numbers | st.text(), advice=texts)
reps = st.lists(st.integers(0, 10**6).map(lambda i: i / 1000), min_size=3, max_size=3).map(
    lambda times: Rep(*sorted(times))
)
assessments = st.builds(
    Assessment,
    recording=st.just(Recording(1.0, 30.0, 2, 2, declared_duration_s=1.5)),
    capture=st.lists(checks, max_size=3).map(tuple),
    movement=st.text(),
    view=st.sampled_from(["side", "front", "unknown"]),
    facing=st.sampled_from(["left", "right", "camera", "away", "unknown"]),
    reps=st.lists(reps, max_size=3).map(tuple),
    measures=st.lists(measures, max_size=3).map(tuple),
    findings=st.lists(findings, max_size=3).map(tuple),
    provenance=st.dictionaries(st.text(), st.none() | st.text() | st.integers() | st.booleans()),
    schema_version=st.just("1.3"),
)


@settings(deadline=None)
@given(assessments)
def test_round_trip_of_anything(tmp_path_factory, assessment):
    path = tmp_path_factory.getbasetemp() / "any.json"
    write_assessment(assessment, path)
    assert read_assessment(path) == assessment


def test_half_a_surrogate_pair_survives(make_assessment, tmp_path):
    write_assessment(make_assessment(movement="a\ud800"), tmp_path / "a.json")
    assert json.loads((tmp_path / "a.json").read_bytes())["movement"] == "a\ud800"


def damage(data):
    yield "recording", {**data["recording"], "fps": "30"}
    yield "recording", {k: v for k, v in data["recording"].items() if k != "width_px"}
    yield "recording", None
    yield "view", "above"
    yield "reps", [{"start_s": 3.0, "peak_s": 2.0, "end_s": 1.0, "excluded_reason": None}]
    yield "reps", [{"start_s": None, "peak_s": 2.0, "end_s": 1.0, "excluded_reason": None}]
    yield "measures", {}
    yield "measures", [{}]
    yield "findings", [{"measure_id": "a", "side": None, "result": "normal"}]
    yield "provenance", []
    yield "schema_version", 1
    yield "schema_version", "2.0"


@pytest.mark.parametrize("case", range(12))
def test_damage_is_named(make_assessment, tmp_path, case):
    data = json.loads(to_json(make_assessment()))
    key, value = list(damage(data))[case]
    path = tmp_path / "assessment.json"
    path.write_text(json.dumps({**data, key: value}))
    with pytest.raises(DataError) as caught:
        read_assessment(path)
    assert caught.value.hint
    assert str(tmp_path) not in str(caught.value)


@pytest.mark.parametrize("content", [b"", b"{", b"\xff\xfe\x00", b"[]", b"null", b"[" * 100_000])
def test_what_is_no_assessment_is_a_data_error(tmp_path, content):
    path = tmp_path / "a.json"
    path.write_bytes(content)
    with pytest.raises(DataError):
        read_assessment(path)


def test_a_missing_file_is_a_data_error(tmp_path):
    with pytest.raises(DataError):
        read_assessment(tmp_path / "none.json")


def test_unknown_duration_comes_back_as_nan(make_assessment, tmp_path):
    first = make_assessment()
    unknown = replace(first, recording=replace(first.recording, fps=math.nan))
    write_assessment(unknown, tmp_path / "a.json")
    assert math.isnan(read_assessment(tmp_path / "a.json").recording.fps)
