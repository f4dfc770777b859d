"""A folder of made-up recordings: stick figures that squat, saved as landmarks."""

from __future__ import annotations

from pathlib import Path

import make_track as stick
import pytest

from movecheck.export.landmarks import write_landmarks


@pytest.fixture(scope="session")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Landmarks of a person who squats twice."""
    motion = stick.movement(stick.SQUAT, stick.Plan(count=2, stand_s=1.0))
    path = tmp_path_factory.mktemp("saved") / "landmarks.parquet"
    write_landmarks(stick.make_track(motion), path)
    return path


@pytest.fixture(scope="session")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Landmarks of a person who bends twice."""
    motion = stick.movement(stick.BEND, stick.Plan(count=2, stand_s=1.0))
    path = tmp_path_factory.mktemp("other") / "landmarks.parquet"
    write_landmarks(stick.make_track(motion), path)
    return path
