"""The clips of `condition_clips`, drawn once a session and looked at with the real pose model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from movecheck.analyze import Result, interpret
from movecheck.pose.model import find
from movecheck.process import look
from movecheck.settings import Settings
from movecheck.types import Person, PoseTrack

Assess = Callable[..., tuple[Result, Any]]


@pytest.fixture(scope="session")
def assess(tmp_path_factory: pytest.TempPathFactory) -> Assess:
    """Return a function of a clip's name (and movement, view) that gives result and truth."""
    pytest.importorskip("numba", reason="CONDITIONS NOT DRAWN: numba is not installed")
    if find(Settings()) is None:
        pytest.skip("NO POSE MODEL on this computer: run 'movecheck setup', then test again")
    from condition_clips import CLIPS

    from validation.recordings import drawn
    from validation.synthetic.clip import write

    folder: Path = tmp_path_factory.mktemp("conditions")

    @cache
    def seen(name: str) -> tuple[PoseTrack, Any]:
        place = folder / name
        video = write(CLIPS[name], place)
        return look(video, Settings()), drawn(place)[0]

    @cache
    def assessed(name: str, movement: str = "auto", view: str = "auto") -> tuple[Result, Any]:
        raw, truth = seen(name)
        return interpret(raw, movement, view, Person()), truth

    return assessed
