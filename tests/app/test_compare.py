"""Two visits against each other: the arithmetic, and what may be said of it."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import made_up_result
import numpy as np
import pytest

from movecheck.export.assessment_json import read_assessment
from movecheck.report.compare import cautions, changes, cycles
from movecheck.report.load import read_result
from movecheck.types import Assessment, Rep


@pytest.fixture
def made(tmp_path: Path) -> Any:
    def make(
        knee: float, half: float = 7.0, reps: tuple[float, ...] = (), **more: Any
    ) -> Assessment:
        rows = [made_up_result.measure("knee_flexion_range", knee, half, side="left")]
        rows += [
            made_up_result.measure("knee_flexion_range", v, half, side="left", rep=i)
            for i, v in enumerate(reps, 1)
        ]
        path = tmp_path / "one.json"
        path.write_text(json.dumps(made_up_result.assessment(measures=rows, findings=[], **more)))
        return read_assessment(path)

    return make


def test_detectable_change_is_196_root_2_sem(made: Any) -> None:
    sem = 3.0
    (one,) = changes(made(100, 1.96 * sem), made(108, 1.96 * sem))
    assert one.difference == pytest.approx(8.0)
    assert one.detectable == pytest.approx(1.96 * math.sqrt(2) * sem)
    assert one.verdict == "within measurement error"
    (more,) = changes(made(100, 1.96 * sem), made(108.5, 1.96 * sem))
    assert more.verdict == "real change"


def test_uneven_repetitions_ask_for_more(made: Any) -> None:
    steady = changes(made(100, 4, (100, 100, 100)), made(107, 4))[0]
    uneven = changes(made(100, 4, (90, 100, 110)), made(107, 4))[0]
    assert steady.detectable == pytest.approx(math.hypot(4, 4))
    assert uneven.detectable == pytest.approx(math.sqrt(32 + (1.96 * 10 / math.sqrt(3)) ** 2))
    assert (steady.verdict, uneven.verdict) == ("real change", "within measurement error")


def test_a_repetition_left_out_does_not_count(made: Any) -> None:
    whole = made(100, 4, (100, 100, 160))
    reps = (*whole.reps[:2], replace(whole.reps[2], excluded_reason="filled in"))
    assert changes(replace(whole, reps=reps), made(107, 4))[0].detectable == pytest.approx(
        math.hypot(4, 4)
    )


def test_other_view_or_movement_is_not_compared(made: Any) -> None:
    front, hinge = made(100, view="front"), made(100, movement="hip_hinge")
    assert changes(made(90), front) == []
    assert changes(made(90), hinge) == []
    assert any("camera" in line for line in cautions(made(90), front))
    assert any("movements" in line for line in cautions(made(90), hinge))
    assert cautions(made(90), made(95)) == []
    assert any("faced the other way" in c for c in cautions(made(9), made(9, facing="right")))
    other = made(9, provenance={"movecheck": "9.9"})
    assert any("different versions" in c for c in cautions(made(9), other))


def test_cycles_run_from_start_to_end(result_dir: Path) -> None:
    result = read_result(result_dir)
    assert result.signals is not None
    found = cycles(result.signals, "knee_flexion_left_deg", result.assessment.reps)
    assert found.shape == (3, 101)
    # the made-up signal is a cosine from 3 to 104 degrees
    assert found[0, 50] == pytest.approx(104, abs=0.5)
    assert found[:, 0] == pytest.approx(3, abs=0.5)
    out = Rep(2.0, 3.5, 5.0, "left out")
    assert cycles(result.signals, "knee_flexion_left_deg", [out]).shape == (0, 101)
    gone = cycles(result.signals, "knee_flexion_left_deg", [Rep(11.0, 11.5, 12.0)])
    assert np.isnan(gone[0, 40])
