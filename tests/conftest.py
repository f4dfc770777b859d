"""What all tests share. `make_track.py` beside this file draws the stick figure."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

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


BROWSER_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    """One Chromium for all tests: Playwright starts once in a process."""
    api = pytest.importorskip("playwright.sync_api", reason="BROWSER TESTS NOT RUN: no playwright")
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
    with api.sync_playwright() as playwright:
        try:
            one = playwright.chromium.launch(executable_path=found, args=BROWSER_FLAGS)
        except api.Error:
            pytest.skip("BROWSER TESTS NOT RUN: no Chromium")
        yield one
        one.close()
