from __future__ import annotations

import numpy as np
import pytest

from movecheck.skeleton import INDEX
from movecheck.types import (
    EDGE_STATIONS,
    N_LANDMARKS,
    AngleTrack,
    Frame,
    PoseTrack,
    Recording,
    State,
)

WIDTH, HEIGHT = 120, 200
JOINTS = {
    "ear": 30,
    "shoulder": 50,
    "elbow": 70,
    "wrist": 90,
    "hip": 100,
    "knee": 140,
    "ankle": 180,
}


@pytest.fixture
def pose() -> tuple[np.ndarray, np.ndarray]:
    """A person standing upright in the middle of a picture of 120 x 200 pixels."""
    points = np.full((N_LANDMARKS, 2), np.nan)
    state = np.zeros(N_LANDMARKS, np.int8)
    for joint, y in JOINTS.items():
        for side, x in (("left", 64.0), ("right", 56.0)):
            points[INDEX[f"{side}_{joint}"]] = x, y
            state[INDEX[f"{side}_{joint}"]] = State.MEASURED
    return points, state


@pytest.fixture
def grey() -> np.ndarray:
    return np.full((HEIGHT, WIDTH, 3), 128, np.uint8)


@pytest.fixture
def make_track(pose):
    def make(n: int = 30, fps: float = 30.0, scale: float = 1.0, edge: float = np.nan) -> PoseTrack:
        points, state = pose
        return PoseTrack(
            time_s=np.arange(n) / fps,
            xy_px=np.repeat(points[None] * scale, n, axis=0),
            visibility=np.ones((n, N_LANDMARKS)),
            world_m=np.zeros((n, N_LANDMARKS, 3)),
            edge_px=np.full((n, 2, len(EDGE_STATIONS)), edge),
            people=np.ones(n),
            brightness=np.full(n, 128.0),
            state=np.repeat(state[None], n, axis=0),
            recording=Recording(n / fps, fps, round(WIDTH * scale), round(HEIGHT * scale)),
        )

    return make


@pytest.fixture
def make_angles():
    def make(n: int = 30, fps: float = 30.0, **values: float) -> AngleTrack:
        signals = {name: np.full(n, value, float) for name, value in values.items()}
        return AngleTrack(
            time_s=np.arange(n) / fps,
            values=signals,
            state={k: np.isfinite(v).astype(np.int8) for k, v in signals.items()},
        )

    return make


@pytest.fixture
def frames(grey) -> list[Frame]:
    return [Frame(i / 30, grey) for i in range(30)]
