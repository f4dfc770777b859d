"""Pain with the movement: checked, looked up in the signals, and carried into every output."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from make_track import SQUAT, Plan, make_track, movement
from typer.testing import CliRunner

from movecheck.analyze import Result, interpret
from movecheck.cli import app
from movecheck.errors import DataError
from movecheck.export.assessment_json import read_assessment
from movecheck.export.fhir import observations
from movecheck.export.landmarks import write_landmarks
from movecheck.export.tables import measures_frame
from movecheck.report.pain import pain_sentences
from movecheck.results import write
from movecheck.types import Pain, Person

PLAN = Plan(count=3)
TOLD = Pain(2, 5, 3, "low back,  right side", at_s=PLAN.peaks_s[1])


def read(pain: Pain | None, what: str = "squat") -> Result:
    return interpret(make_track(movement(SQUAT, PLAN)), what, "auto", Person(), pain=pain)


def test_it_is_looked_up_in_the_signals():
    result = read(TOLD)
    pain = result.assessment.pain
    assert pain is not None
    assert (pain.before, pain.worst, pain.after, pain.where) == (2, 5, 3, "low back, right side")
    assert pain.rep == 2
    assert pain.signal == "knee_flexion_right_deg"  # the near side
    assert pain.value_deg == pytest.approx(SQUAT["knee"], abs=1.0)
    assert pain.uncertainty_deg
    assert pain.uncertainty_deg > 3


def test_between_repetitions_it_is_of_none():
    pain = read(replace(TOLD, at_s=0.5)).assessment.pain
    assert pain is not None
    assert pain.rep is None
    assert pain.value_deg == pytest.approx(3, abs=3)


def test_what_was_not_told_is_not_made_up():
    assert read(None).assessment.pain is None
    assert read(Pain()).assessment.pain is None
    pain = read(Pain(worst=4)).assessment.pain
    assert pain == Pain(worst=4)
    assert pain_sentences(read(Pain(worst=4)).assessment, "patient") == [
        "Pain as you told it, from 0 to 10: 4 at its worst while moving."
    ]
    assert pain_sentences(read(None).assessment, "patient") == []


@pytest.mark.parametrize("pain", [
    Pain(before=-1), Pain(worst=10.5), Pain(after=float("nan")), Pain(at_s=-0.1),
    Pain(at_s=1e4), Pain(where="x" * 300),
])  # fmt: skip
def test_what_cannot_be_is_refused(pain):
    with pytest.raises(DataError) as caught:
        read(pain)
    assert caught.value.hint


def test_it_travels_with_the_result(tmp_path):
    result = read(TOLD)
    write(result, tmp_path, report=True)
    again = read_assessment(tmp_path / "assessment.json").pain
    assert again is not None
    assert again.rep == 2
    assert again.where == "low back, right side"

    table = measures_frame(result.assessment).set_index("id")
    told = table[table.status == "reported"]
    assert told.value["pain_worst"] == 5
    assert told.rep["pain_at_knee_flexion_right"] == 2
    assert told.reason["pain_time"] == "low back, right side"

    scores = [
        entry["resource"]["valueQuantity"]["value"]
        for entry in observations(result.assessment)["entry"]
        if entry["resource"]["code"]["coding"][0]["system"] == "http://loinc.org"
    ]
    assert scores == [2, 5, 3]
    page = (tmp_path / "report.html").read_text("utf-8")
    assert "2 before, 5 at its worst while moving, 3 after" in page
    assert "in repetition 2; Knee" in page or "in repetition 2; knee" in page


def test_the_command_line_takes_it(tmp_path):
    landmarks = tmp_path / "landmarks.parquet"
    write_landmarks(make_track(movement(SQUAT, PLAN)), landmarks)
    call = ["assess", str(landmarks), "--out", str(tmp_path / "out")]
    told = ["--pain-before", "1", "--pain-worst", "4", "--pain-where", "left hip", "--pain-at", "3"]
    done = CliRunner().invoke(app, [*call, *told])
    assert done.exit_code == 0
    assert "Pain as the person told it, from 0 to 10: 1 before, 4 at its worst" in " ".join(
        done.stdout.split()
    )
    pain = read_assessment(tmp_path / "out" / "assessment.json").pain
    assert pain is not None
    assert (pain.worst, pain.where, pain.at_s) == (4, "left hip", 3)
    for wrong in (["--pain-worst", "11"], ["--pain-at", "999"]):
        refused = CliRunner().invoke(app, [*call, *wrong])
        assert refused.exit_code == 2
        assert "Traceback" not in refused.output
        assert "Give" in refused.output


def test_excluded_repetitions_are_marked_in_the_table():
    plan = Plan(count=4, depths=(1.0, 0.4, 1.0, 1.0))
    result = interpret(make_track(movement(SQUAT, plan)), "squat", "auto", Person())
    table = measures_frame(result.assessment)
    left_out = table[table.excluded_reason != ""]
    assert set(left_out.rep) == {2}
    assert left_out.excluded_reason.str.startswith("partial").all()
    usual = table[(table.id == "knee_flexion_range") & (table.excluded_reason == "")]
    of_reps = usual[usual.rep.notna() & (usual.side == "right")]
    (summary,) = usual[usual.rep.isna() & (usual.side == "right")].value
    assert summary == pytest.approx(np.median(of_reps.value))
