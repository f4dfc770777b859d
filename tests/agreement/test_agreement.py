"""Agreement statistics against published worked examples, and comparisons from end to end."""

from __future__ import annotations

import csv
import math
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from movecheck.agreement import agreement, icc_2_1, lag_s
from movecheck.cli import app
from movecheck.compare import compare, write_comparison
from movecheck.errors import DataError
from movecheck.export.mot import write_mot
from movecheck.export.tables import write_signals
from movecheck.types import AngleTrack, State

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]], float
)
"""Table 2 of Shrout & Fleiss 1979: six targets, four judges; ICC(2,1) = 0.29 there."""

WRIGHT = np.array([494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178,
                   423, 427.0])  # fmt: skip
MINI = np.array([512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259,
                 350, 451.0])  # fmt: skip
"""First readings of Bland & Altman 1986, peak expiratory flow by two meters: mean difference
-2.1 l/min (Wright minus mini), standard deviation 38.8."""


def test_icc_of_shrout_and_fleiss():
    icc, low, high = icc_2_1(SHROUT_FLEISS)
    assert icc == pytest.approx(0.2898, abs=5e-4)
    assert (low, high) == pytest.approx((0.019, 0.761), abs=2e-3)


def test_bias_and_limits_of_bland_and_altman():
    found = agreement(MINI, WRIGHT)
    assert found.n == 17
    assert found.bias == pytest.approx(-2.1, abs=0.05)
    assert found.sd == pytest.approx(38.8, abs=0.05)
    assert (found.low, found.high) == pytest.approx((-78.1, 73.9), abs=0.15)


def test_sem_is_the_root_of_the_residual_mean_square():
    found = agreement(MINI, WRIGHT)
    scores = np.column_stack([MINI, WRIGHT])
    rest = scores - scores.mean(1, keepdims=True) - scores.mean(0) + scores.mean()
    assert found.sem == pytest.approx(math.sqrt((rest**2).sum() / 16))
    assert found.mdc95 == pytest.approx(1.96 * math.sqrt(2) * found.sem)
    assert found.rmse == pytest.approx(math.sqrt(((MINI - WRIGHT) ** 2).mean()))


def test_an_offset_lowers_the_icc_of_absolute_agreement_and_leaves_sem():
    near, far = agreement(MINI, WRIGHT), agreement(MINI, WRIGHT + 100)
    assert far.icc < near.icc - 0.2
    assert far.sem == pytest.approx(near.sem)
    assert far.bias == pytest.approx(near.bias + 100)


def test_too_few_or_nothing_that_varies_is_unknown():
    assert agreement(np.array([1.0]), np.array([3.0])).bias == 2
    assert math.isnan(agreement(np.array([1.0]), np.array([3.0])).icc)
    assert math.isnan(agreement(np.array([]), np.array([])).bias)
    assert math.isnan(agreement(np.ones(4), np.ones(4)).icc)
    assert agreement(np.arange(4.0), np.arange(4.0)).icc == 1
    known = agreement(np.array([1.0, np.nan, 3.0]), np.array([2.0, 2.0, np.nan]))
    assert known.n == 1


def curve(time_s: np.ndarray) -> np.ndarray:
    return 40 * np.exp(-((time_s - 4) ** 2)) + 25 * np.exp(-((time_s - 7.3) ** 2) / 0.5)


@pytest.mark.parametrize("late", [-1.234, -0.012, 0.0, 0.5, 2.345])
def test_the_lag_is_found_within_a_fraction_of_a_frame(late: float):
    time_s = np.arange(0, 12, 0.02)
    assert lag_s(0.02, [curve(time_s)], [curve(time_s - late)], 5.0) == pytest.approx(
        late, abs=0.002
    )


def test_gaps_and_noise_leave_the_lag():
    time_s = np.arange(0, 12, 0.02)
    first = curve(time_s) + np.random.default_rng(0).normal(0, 1, len(time_s))
    second = curve(time_s - 0.7)
    second[50:90] = np.nan
    assert lag_s(0.02, [first], [second], 5.0) == pytest.approx(0.7, abs=0.01)
    assert math.isnan(lag_s(0.02, [np.ones(100)], [np.ones(100)], 1.0))


def track(time_s: np.ndarray, **values: np.ndarray) -> AngleTrack:
    state = {
        n: np.where(np.isfinite(v), State.MEASURED, State.MISSING).astype(np.int8)
        for n, v in values.items()
    }
    return AngleTrack(time_s, values, state)


@pytest.fixture
def camera(tmp_path: Path) -> Path:
    time_s = np.arange(0, 12, 1 / 30)
    folder = tmp_path / "camera"
    folder.mkdir()
    knee = curve(time_s)
    knee[100:110] = np.nan
    write_signals(track(time_s, knee_flexion_left_deg=knee), folder / "signals.csv")
    return folder


def test_a_camera_against_motion_capture(camera: Path, tmp_path: Path):
    """Other rate, other clock, other name, other sign, and 3 degrees off."""
    time_s = np.arange(0, 14, 0.01)
    mot = tmp_path / "mocap.mot"
    write_mot(track(time_s + 100, shank_inclination_left_deg=-(curve(time_s - 1.5) + 3)), mot)
    found = compare(camera, mot, ["knee_flexion_left_deg=-shank_inclination_left_deg"])
    assert found.kind == "curves"
    assert found.lag_s == pytest.approx(1.5, abs=0.005)
    [row] = found.rows
    assert row.agreement.n == 350
    assert row.agreement.bias == pytest.approx(3, abs=0.05)
    assert row.agreement.sd < 0.2
    assert math.isnan(row.agreement.icc)  # samples of one curve are no subjects


def test_two_cameras_and_the_files(camera: Path, tmp_path: Path):
    found = compare(camera, camera / "signals.csv")
    assert found.lag_s == pytest.approx(0, abs=1e-6)
    assert found.rows[0].agreement.rmse < 1e-6
    files = write_comparison(found, tmp_path / "out")
    first = [file.read_bytes() for file in files]
    assert [file.name for file in files] == ["agreement.csv", "bland_altman.svg"]
    assert first[1].startswith(b"<?xml")
    assert b"knee flexion left deg" in first[1]
    assert [file.read_bytes() for file in write_comparison(found, tmp_path / "out")] == first
    with files[0].open(newline="") as file:
        [row] = csv.DictReader(file)
    assert row["what"] == "knee_flexion_left_deg"
    assert float(row["rmse"]) == 0
    assert row["icc"] == ""


def batch(folder: Path, values: np.ndarray, visits: list[str] | None = None) -> Path:
    folder.mkdir()
    n = len(values)
    pd.DataFrame(
        {
            "recording": [f"{i}.mp4" for i in range(n)],
            "id": [f"P{i % 17}" for i in range(n)],
            "visit": visits or [None] * n,
            "movement": "squat", "measure": "knee_flexion_range", "side": "left",
            "rep": pd.array([None] * n, "Int64"), "value": values, "unit": "deg",
        }
    ).to_parquet(folder / "measures.parquet")  # fmt: skip
    return folder


def test_two_batches_person_by_person(tmp_path: Path):
    order = np.random.default_rng(1).permutation(17)
    first = batch(tmp_path / "a", MINI)
    second = batch(tmp_path / "b", WRIGHT)
    shuffled = pd.read_parquet(second / "measures.parquet").iloc[order]
    shuffled.to_parquet(second / "measures.parquet")
    [row] = compare(first, second).rows
    assert row.agreement == agreement(MINI[np.argsort([f"P{i}" for i in range(17)])],
                                      WRIGHT[np.argsort([f"P{i}" for i in range(17)])])  # fmt: skip
    assert (row.name, row.side) == ("knee_flexion_range", "left")


def test_one_batch_of_two_visits(tmp_path: Path):
    both = batch(tmp_path / "a", np.r_[MINI, WRIGHT], ["1"] * 17 + ["2"] * 17)
    [row] = compare(both).rows
    assert row.agreement.bias == pytest.approx(-2.1, abs=0.05)
    with pytest.raises(DataError, match="has 0"):
        compare(batch(tmp_path / "b", MINI))


@pytest.mark.parametrize("pair", ["knee", "knee_flexion_left_deg=nothing", "nothing=x"])
def test_what_cannot_be_compared_is_told(camera: Path, pair: str):
    with pytest.raises(DataError, match="no curve") as caught:
        compare(camera, camera, [pair])
    assert "knee_flexion_left_deg" in caught.value.hint


def test_the_command(camera: Path, tmp_path: Path):
    run = CliRunner().invoke(
        app, ["compare", str(camera), str(camera), "--out", str(tmp_path / "o")]
    )
    assert run.exit_code == 0, run.output
    assert "knee_flexion_left_deg" in run.stdout
    assert (tmp_path / "o" / "bland_altman.svg").is_file()
    run = CliRunner().invoke(app, ["compare", str(camera), str(tmp_path / "nothing")])
    assert run.exit_code == 2
    assert run.stderr.startswith("error: ")
    assert run.stderr.count("\n") == 1
