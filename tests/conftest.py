"""What all tests share. `make_track.py` beside this file draws the stick figure."""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, settings

# One profile for everybody: seeded, so that a red run is red again.
settings.register_profile(
    "default", deadline=None, derandomize=True, max_examples=40,
    suppress_health_check=[HealthCheck.too_slow],
)  # fmt: skip
settings.register_profile(
    "thorough", deadline=None, max_examples=500, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


@pytest.fixture
def without_fit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leave the body fit out: it takes seconds, and what is tested is the picture's own angles."""
    monkeypatch.setattr("movecheck.analyze.fit_body", lambda raw: None, raising=False)
