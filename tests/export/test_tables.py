from __future__ import annotations

import csv
import io
import math
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movecheck.export.tables import (
    MEASURE_COLUMNS,
    SIGNAL_ORDER,
    guard,
    measures_frame,
    signals_frame,
    write_measures,
    write_signals,
)
from movecheck.types import AngleTrack, Assessment, Measure, Recording


def test_signals_are_written_as_the_contract_says(angles, tmp_path):
    path = tmp_path / "signals.csv"
    write_signals(angles, path)
    assert path.read_text() == (
        "time_s,knee_flexion_left_deg,knee_flexion_left_deg_state,"
        "trunk_inclination_deg,trunk_inclination_deg_state,zz_new_deg,zz_new_deg_state\n"
        "0.0000,0.0000,measured,0.0000,measured,0.0000,measured\n"
        "0.0333,-92.1235,filled,92.1235,filled,92.1235,filled\n"
        "0.0667,NaN,missing,NaN,missing,NaN,missing\n"
    )
    again = pd.read_csv(path)
    assert again["trunk_inclination_deg"].isna().tolist() == [False, False, True]


def test_rows_in_pieces_are_the_same_file(angles, tmp_path, monkeypatch):
    write_signals(angles, tmp_path / "whole.csv")
    monkeypatch.setattr("movecheck.export.tables._ROWS_AT_ONCE", 2)
    write_signals(angles, tmp_path / "pieces.csv")
    assert (tmp_path / "pieces.csv").read_bytes() == (tmp_path / "whole.csv").read_bytes()


def test_signals_frame_keeps_full_precision_and_the_order(angles):
    frame = signals_frame(angles)
    assert frame["trunk_inclination_deg"][1] == 92.123456
    every = AngleTrack(
        time_s=np.zeros(1),
        values={name: np.zeros(1) for name in sorted(SIGNAL_ORDER)},
        state={name: np.ones(1, np.int8) for name in SIGNAL_ORDER},
    )
    assert list(signals_frame(every).columns[1::2]) == list(SIGNAL_ORDER)


def test_no_frames_and_no_signals_give_a_header(tmp_path):
    write_signals(AngleTrack(np.zeros(0), {}, {}), tmp_path / "s.csv")
    assert (tmp_path / "s.csv").read_text() == "time_s\n"


def test_the_same_bytes_twice(angles, make_assessment, tmp_path):
    for name in ("a", "b"):
        write_signals(angles, tmp_path / f"{name}.csv")
        write_measures(make_assessment(), tmp_path / f"{name}_m.csv")
    assert (tmp_path / "a.csv").read_bytes() == (tmp_path / "b.csv").read_bytes()
    assert (tmp_path / "a_m.csv").read_bytes() == (tmp_path / "b_m.csv").read_bytes()


def test_measures_are_written_and_formulas_are_guarded(make_assessment, tmp_path):
    path = tmp_path / "measures.csv"
    write_measures(make_assessment(), path)
    rows = list(csv.DictReader(io.StringIO(path.read_text())))
    assert list(rows[0]) == list(MEASURE_COLUMNS)
    assert (rows[0]["rep"], rows[0]["value"], rows[0]["uncertainty"]) == ("1", "107.9065", "3.0000")
    assert (rows[1]["rep"], rows[1]["value"], rows[1]["uncertainty"]) == ("", "-5.0000", "NaN")
    assert (rows[1]["reason"], rows[2]["reason"]) == ("'-", "'=HYPERLINK(1)")
    assert rows[2]["value"] == "NaN"


def test_measures_frame_has_steady_types(make_assessment):
    for measures in ((), (Measure("a", None, None, None, "deg", None, "not_measurable"),)):
        frame = measures_frame(make_assessment(measures=measures))
        assert str(frame["rep"].dtype) == "Int64"
        assert frame["value"].dtype == np.float64


@settings(deadline=None)
@given(st.text())
def test_no_text_cell_starts_a_formula(text):
    safe = guard(text)
    assert not safe.strip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert safe.removeprefix("'").split() == text.removeprefix("'").split()


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", " =", "\r\n-"])
def test_formula_starts_get_an_apostrophe(start):
    assert guard(f"{start}1").startswith("'")
    assert guard(f"a{start}1").startswith("a")


@settings(deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0")))
def test_any_reason_survives_the_table(text):
    measure = Measure("a", None, 1, 1.0, "deg", None, "measured", text)
    recording = Recording(1.0, 30.0, 2, 2)
    assessment = Assessment(recording, (), "squat", "side", "left", (), (measure,), (), {})
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "m.csv")
        write_measures(assessment, path)
        content = path.read_bytes().decode()
    (row,) = csv.DictReader(io.StringIO(content, newline=""))
    assert row["reason"] == guard(text)


@settings(deadline=None)
@given(
    st.lists(st.floats(-1e12, 1e12) | st.sampled_from([math.nan, math.inf, -0.00005]), max_size=5)
)
def test_numbers_come_back_to_four_decimals(values):
    array = np.array(values, float)
    angles = AngleTrack(
        np.arange(len(array), dtype=float),
        {"pelvis_tilt_deg": array},
        {"pelvis_tilt_deg": np.ones(len(array), np.int8)},
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "s.csv")
        write_signals(angles, path)
        text = path.read_text()
        again = pd.read_csv(path)["pelvis_tilt_deg"].to_numpy(float)
    assert "-0.0000," not in text
    for got, want in zip(again, array, strict=True):
        if math.isfinite(want):
            assert got == pytest.approx(want, rel=1e-12, abs=5.1e-5)
        else:
            assert math.isnan(got)
