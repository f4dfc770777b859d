"""The drawings: gaps stay gaps, filled parts are told apart, each has words."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from movecheck.report.curves import LEAST_SPAN_DEG, MOST_POINTS, axis_limits, marks, pieces
from movecheck.report.drawing import draw_curves, draw_range
from movecheck.report.load import read_result
from movecheck.report.select import curves
from movecheck.types import AngleTrack, Rep, State
from movecheck.ui.charts import range_chart, signal_chart
from movecheck.ui.launch import OPTIONS, command
from movecheck.ui.samples import find_samples

MISSING, MEASURED, FILLED = State.MISSING, State.MEASURED, State.FILLED


def test_pieces_gap_and_fill() -> None:
    values = np.array([1.0, 2, 3, np.nan, np.nan, 6, 7, 8])
    state = np.array([1, 1, 2, 0, 0, 1, 2, 1], "i1")
    found = pieces(np.arange(8.0), values, state)
    assert [(list(p.time_s), p.filled) for p in found] == [
        ([0, 1], False),
        ([1, 2], True),
        ([5], False),
        ([5, 6, 7], True),
        ([7], False),
    ]


def test_pieces_of_nothing() -> None:
    assert pieces(np.arange(3.0), np.full(3, np.nan), np.zeros(3, "i1")) == []


def test_long_recordings_are_thinned() -> None:
    n = 10 * MOST_POINTS
    found = pieces(np.arange(float(n)), np.ones(n), np.ones(n, "i1"))
    assert len(found) == 1
    assert len(found[0].time_s) <= MOST_POINTS


def test_axis_is_never_so_narrow_that_noise_looks_like_movement() -> None:
    low, high = axis_limits(np.array([0.2, 0.9, np.nan]))
    assert high - low >= LEAST_SPAN_DEG
    assert low < 0 < 0.9 < high
    low, high = axis_limits(np.array([3.0, 100.0]), (50.0, None))
    assert low < 0
    assert 100 < high < 120
    assert axis_limits(np.array([3.0]), (50.0, 130.0))[1] > 130


@pytest.fixture
def track(result_dir: Path) -> AngleTrack:
    found = read_result(result_dir).signals
    assert found is not None
    return found


def test_read_signals_keeps_gaps(track: AngleTrack) -> None:
    state = track.state["knee_flexion_left_deg"]
    values = track.values["knee_flexion_left_deg"]
    assert (state == MISSING).any()
    assert (state == FILLED).any()
    assert np.array_equal(state == MISSING, np.isnan(values))


def test_signal_chart(track: AngleTrack) -> None:
    columns = {"left": "knee_flexion_left_deg", "right": "knee_flexion_right_deg"}
    reps = [Rep(2, 3.5, 5), Rep(5, 6.5, 8, "hidden")]
    chart = signal_chart("Knee bend", columns, track, reps, (90.0, None))
    drawing = chart.drawing.to_dict()
    assert len(drawing["layer"]) == 6
    # a side is told by the shape of its marks, not by colour alone; one left out has no mark
    marks = drawing["layer"][-1]
    assert marks["encoding"]["shape"]["scale"]["range"] == ["circle", "square"]
    assert [row["t"] for row in marks["data"]["values"]] == [3.5, 3.5]
    text = str(drawing)
    assert "2 left out" in text
    assert "strokeDash" in text
    assert chart.alt_text == (
        "Line chart over time: Knee bend. left: from 3 to 104 degrees, missing in 3 % of the "
        "time; right: from 3 to 98 degrees, missing in 3 % of the time. 2 repetitions are shaded."
    )


def test_a_hold_is_marked_where_it_begins_and_ends(track: AngleTrack) -> None:
    name = "trunk_inclination_deg"
    hold, left_out = Rep(2.0, 4.0, 5.0), Rep(6.0, 7.0, 8.0, "left out")
    found = marks(track.time_s, track[name], [hold, left_out], held=True)
    assert [round(t, 1) for t, _ in found] == [2.0, 5.0]
    deepest = marks(track.time_s, track[name], [hold, left_out])
    assert [round(t, 1) for t, _ in deepest] == [4.0]
    drawn = draw_curves({"": name}, track, [hold], held=True)
    box = drawn.reps[0]
    assert [mark.x for mark in drawn.marks] == pytest.approx(
        [box.start, box.start + box.size], abs=1.5
    )
    chart = signal_chart("Trunk", {"": name}, track, [hold], held=True).drawing.to_dict()
    assert len(chart["layer"][-1]["data"]["values"]) == 2


def test_signal_chart_of_nothing_seen() -> None:
    empty = AngleTrack(np.arange(3.0), {"a_deg": np.full(3, np.nan)}, {"a_deg": np.zeros(3, "i1")})
    chart = signal_chart("A", {"": "a_deg"}, empty)
    assert chart.alt_text == "Line chart over time: A. not seen."
    assert chart.drawing.to_dict()


@pytest.mark.parametrize(("low", "high"), [(50.0, 70.0), (50.0, None), (None, 70.0)])
def test_range_chart(low: float | None, high: float | None) -> None:
    chart = range_chart(61.0, 6.0, low, high)
    row = chart.drawing.to_dict()["data"]["values"][0]
    assert row["low"] < row["high"]
    assert row["from"] == 55
    assert "from 55 to 67 degrees" in chart.alt_text
    assert ("open" in chart.alt_text) == (low is None or high is None)
    drawn = draw_range(61.0, 6.0, low, high)
    assert drawn.low_end < drawn.point < drawn.high_end
    assert drawn.band.size > 0


def test_curves_of_the_movement_come_first(track: AngleTrack) -> None:
    groups, first = curves(track, "squat")
    assert first == ["knee_flexion", "hip_flexion", "trunk_inclination"]
    assert list(groups)[:3] == first
    assert set(groups["knee_flexion"]) == {"left", "right"}
    assert set(groups) >= {"lumbar_flexion", "shank_inclination"}


def test_drawing_for_the_report(track: AngleTrack) -> None:
    drawn = draw_curves({"": "trunk_inclination_deg"}, track, [Rep(2, 3.5, 5)], (None, 30.0))
    assert [line.filled for line in drawn.lines] == [False, True, False, False]
    assert all(line.path.startswith("M") for line in drawn.lines)
    assert drawn.band is not None
    assert drawn.band.size > 0
    assert "−0" not in {tick.text for tick in drawn.y_ticks}


def test_launch_is_for_this_computer_alone() -> None:
    line = command(8765, open_browser=False)
    given = dict(zip(line[5::2], line[6::2], strict=True))
    assert given["--server.address"] == "localhost"
    assert given["--server.port"] == "8765"
    assert given["--server.headless"] == "true"
    assert given["--browser.gatherUsageStats"] == "false"
    assert given["--client.showErrorDetails"] == "none"
    assert given["--server.maxUploadSize"] == "200"
    assert Path(line[4]).is_file()
    assert "--server.port" not in command()


def test_config_file_says_the_same_as_the_flags() -> None:
    import json
    import tomllib

    path = Path(__file__).parents[2] / ".streamlit" / "config.toml"
    config = tomllib.loads(path.read_text())
    for name, value in OPTIONS.items():
        found = config
        for part in name.split("."):
            found = found[part]
        told = value if isinstance(found, str) else json.loads(value)
        assert found == told, name


def test_samples(tmp_path: Path) -> None:
    assert find_samples((tmp_path, tmp_path / "none")) == []
    for name in ("other_clip.mp4", "squat_side.mp4", "make.py"):
        (tmp_path / name).write_bytes(b"")
    found = find_samples((tmp_path / "none", tmp_path))
    assert [s.title for s in found] == ["Squat, from the side", "Other clip"]
