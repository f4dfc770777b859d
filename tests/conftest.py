"""What all tests share. `make_track.py` beside this file draws the stick figure."""

from __future__ import annotations

import os

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
