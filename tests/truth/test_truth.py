"""Against recordings whose angles are known: the figures that the project promises.

The recordings are no part of the repository. They are looked for in the folder that the
environment variable MOVECHECK_TRUTH names, else in ``../shared/truth`` beside the repository.
"""

from __future__ import annotations

import csv
import json
import os
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from movecheck.analyze import Result, analyze
from movecheck.pose.model import find
from movecheck.settings import Settings

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
TRUTH = Path(os.environ.get("MOVECHECK_TRUTH") or ROOT.parent / "shared" / "truth")

RENDERED_SIDE = ("02_squat_side_parallel", "06_bend_hip_hinge", "07_bend_spine")
COUNTS = {
    "rendered/02_squat_side_parallel.mp4": 3,
    "rendered/06_bend_hip_hinge.mp4": 3,
    "rendered/07_bend_spine.mp4": 3,
    "rendered/12_posture_front_tilts.mp4": 0,
    "real/opencap_squat.mp4": 5,
    "real/pose_squats.mp4": 3,
}
MOVEMENTS = {
    "rendered/02_squat_side_parallel.mp4": "squat",
    "rendered/04_squat_front_symmetric.mp4": "squat",
    "rendered/06_bend_hip_hinge.mp4": "hip_hinge",
    "rendered/07_bend_spine.mp4": "forward_bend",
    "rendered/12_posture_front_tilts.mp4": "posture",
    "real/opencap_squat.mp4": "squat",
    "real/pose_squats.mp4": "squat",
    "real/sports2d_two_people.mp4": "unknown",
}
# Signal, its column in the truth (near side), and the largest mean absolute error in degrees of
# the change from standing that the project allows itself.
LIMITS = (
    ("knee_flexion_{side}_deg", "knee_flex_{s}", 3.0),
    ("trunk_inclination_deg", "trunk_incl", 2.0),
    ("hip_flexion_{side}_deg", "hip3pt_flex_{s}", 4.5),
)
SAMPLES = ("squat_side", "squat_front", "forward_bend_side", "hip_hinge_side", "posture_front")


def recording(path: Path) -> Result:
    if not path.is_file():
        pytest.skip(f"NO RECORDING {path.name}: nothing is shown about accuracy")
    if find(Settings()) is None:
        pytest.skip("NO POSE MODEL on this computer: run 'movecheck setup', then test again")
    return assessed(path)


@cache
def assessed(path: Path) -> Result:
    """Each recording once a session."""
    return analyze(path)


def known(name: str) -> tuple[dict[str, Any], dict[str, np.ndarray]]:
    folder = TRUTH / "rendered"
    about = json.loads((folder / f"{name}.json").read_text("utf-8"))
    with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    wanted = ("time_s", *(c for c in rows[0] if c.endswith(("_l", "_r", "_incl", "_flex"))))
    return about, {c: np.array([float(row[c]) for row in rows]) for c in wanted}


@pytest.mark.parametrize("name", list(COUNTS))
def test_repetitions_are_counted_exactly(name):
    assert len(recording(TRUTH / name).assessment.reps) == COUNTS[name]


@pytest.mark.parametrize("name", list(MOVEMENTS))
def test_the_movement_is_recognised(name):
    assert recording(TRUTH / name).assessment.movement == MOVEMENTS[name]


@pytest.mark.parametrize("name", RENDERED_SIDE)
def test_start_and_end_are_within_0_2_s(name):
    found = recording(TRUTH / "rendered" / f"{name}.mp4").assessment.reps
    about, _ = known(name)
    for rep, true in zip(found, about["reps"], strict=True):
        assert rep.excluded_reason is None
        assert rep.start_s == pytest.approx(true["start_s"], abs=0.2)
        assert rep.end_s == pytest.approx(true["end_s"], abs=0.2)
        assert true["start_s"] < rep.peak_s < true["end_s"]


@pytest.mark.parametrize("name", RENDERED_SIDE)
def test_side_and_facing(name):
    about, _ = known(name) if (TRUTH / "rendered" / f"{name}.json").is_file() else ({}, {})
    result = recording(TRUTH / "rendered" / f"{name}.mp4")
    assert result.assessment.view == "side"
    assert result.stance.near_side == about["side_near_camera"]


@pytest.mark.parametrize(("signal", "column", "limit"), LIMITS, ids=["knee", "trunk", "hip"])
@pytest.mark.parametrize("name", RENDERED_SIDE)
def test_mean_absolute_error_of_the_change_from_standing(name, signal, column, limit):
    result = recording(TRUTH / "rendered" / f"{name}.mp4")
    about, true = known(name)
    side = about["side_near_camera"]
    time_s = result.angles.time_s
    seen = result.angles[signal.format(side=side)]
    want = np.interp(time_s, true["time_s"], true[column.format(s=side[0])])
    standing = result.stance.standing
    assert standing.any()
    assert np.isfinite(seen).mean() > 0.95
    off = (seen - np.median(seen[standing])) - (want - np.median(want[standing]))
    error = float(np.nanmean(np.abs(off)))
    assert error <= limit, f"{error:.2f} degrees, allowed {limit}"


def test_a_straight_back_and_a_round_one_are_told_apart():
    """The same final trunk inclination: 7 degrees of spine flexion in one, 70 in the other."""
    hinge, bend = (
        recording(TRUTH / "rendered" / f"{name}.mp4")
        for name in ("06_bend_hip_hinge", "07_bend_spine")
    )
    flexion = [
        next(
            m.value for m in result.assessment.measures
            if m.id == "spine_flexion_range" and m.rep is None
        )
        for result in (hinge, bend)
    ]  # fmt: skip
    assert flexion[0] is not None
    assert flexion[1] is not None
    assert abs(flexion[0]) < 20
    assert flexion[1] > 40
    assert flexion[1] - flexion[0] > 30


def test_several_people_are_named():
    checks = {c.id: c for c in recording(TRUTH / "real/sports2d_two_people.mp4").assessment.capture}
    assert not checks["one_person"].ok
    assert not checks["movement"].ok


def test_a_slow_camera_is_named():
    checks = {c.id: c for c in recording(TRUTH / "real/pose_squats.mp4").assessment.capture}
    assert not checks["frame_rate"].ok


def test_an_oblique_view_is_named():
    result = recording(TRUTH / "real/opencap_squat.mp4")
    checks = {c.id: c for c in result.assessment.capture}
    assert not checks["camera_angle"].ok
    assert checks["camera_angle"].advice


@pytest.mark.parametrize("name", SAMPLES)
def test_the_samples_of_the_project(name):
    path = ROOT / "samples" / f"{name}.mp4"
    result = recording(path)
    about = json.loads(path.with_suffix(".truth.json").read_text("utf-8"))

    named = {"standing": "posture"}.get(about["movement"], about["movement"])
    assert result.assessment.movement == named
    assert result.assessment.view == about["view"]
    assert len(result.assessment.reps) == len(about["reps"])
    for rep, true in zip(result.assessment.reps, about["reps"], strict=True):
        assert rep.excluded_reason is None
        assert rep.start_s == pytest.approx(true["start_s"], abs=0.2)
        assert rep.end_s == pytest.approx(true["end_s"], abs=0.2)
