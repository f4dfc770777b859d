from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest

from movecheck.types import (
    EDGE_STATIONS,
    N_LANDMARKS,
    AngleTrack,
    Assessment,
    Check,
    Finding,
    Measure,
    PoseTrack,
    Recording,
    Rep,
)

NAN = float("nan")


def make_track(n: int = 5, seed: int = 0, missing: float = 0.2) -> PoseTrack:
    """A track of random numbers that float32 holds exactly, some of them missing."""
    rng = np.random.default_rng(seed)

    def numbers(*shape: int) -> np.ndarray:
        values = rng.normal(300, 100, (n, *shape)).astype(np.float32).astype(np.float64)
        return np.where(rng.random(values.shape) < missing, np.nan, values)

    return PoseTrack(
        time_s=np.cumsum(rng.uniform(0.001, 0.1, n)),
        xy_px=numbers(N_LANDMARKS, 2),
        visibility=numbers(N_LANDMARKS),
        world_m=numbers(N_LANDMARKS, 3),
        edge_px=numbers(2, len(EDGE_STATIONS)),
        people=np.round(rng.uniform(0, 3, n)),
        brightness=numbers(),
        state=rng.integers(0, 3, (n, N_LANDMARKS)).astype(np.int8),
        recording=Recording(1.0 / 3.0, 29.97, 540, 960, 90, n),
        model={"name": "fake", "sha256": "00"},
        px_per_model_px=1.5,
        camera_shift_px=numbers(2),
        camera_roll_deg=numbers(),
    )


@pytest.fixture
def track() -> PoseTrack:
    return make_track()


@pytest.fixture
def angles() -> AngleTrack:
    values = np.array([-0.00001, 92.123456, np.nan])
    state = np.array([1, 2, 0], np.int8)
    return AngleTrack(
        time_s=np.array([0.0, 1 / 30, 2 / 30]),
        values={
            "zz_new_deg": values,
            "trunk_inclination_deg": values,
            "knee_flexion_left_deg": -values,
        },
        state={"zz_new_deg": state, "trunk_inclination_deg": state, "knee_flexion_left_deg": state},
    )


@pytest.fixture
def make_assessment() -> Callable[..., Assessment]:
    def make(**changes: object) -> Assessment:
        fields: dict[str, object] = {
            "recording": Recording(9.73333333, 30.0, 540, 960, 0, 292, NAN, True),
            "capture": (
                Check("light", True, 120.123456),
                Check("distance", False, NAN, "Step back until your feet are in the picture."),
                Check("view", True, "side"),
                Check("people", True, None),
            ),
            "movement": "squat",
            "view": "side",
            "facing": "left",
            "reps": (Rep(0.8, 2.0, 3.3326), Rep(3.77, 4.5, 6.1, "the deepest point was not seen")),
            "measures": (
                Measure("knee_flexion_peak", "left", 1, 107.90651, "deg", 3.0, "measured"),
                Measure("knee_flexion_peak", "left", None, -5.0, "deg", None, "partly_filled", "-"),
                Measure(
                    "knee_fppa_peak", "left", None, None, "deg", None, "not_measurable",
                    "=HYPERLINK(1)",
                ),
            ),
            "findings": (
                Finding("knee_flexion_peak", "left", "within", 90.0, 120.0, "doe20", "same", "r1"),
                Finding("hip_flexion_peak", None, "no_reference", note="größer"),
            ),
            "provenance": {"movecheck": "0.1.0", "settings": {"b": (1, 2.00004), "a": np.int8(1)}},
        }  # fmt: skip
        return Assessment(**{**fields, **changes})  # type: ignore[arg-type]

    return make
