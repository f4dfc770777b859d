"""The clips of `condition_clips`, drawn once a session and looked at with the real pose model."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from movecheck.analyze import Result, interpret
from movecheck.corrections import Region
from movecheck.pose.model import find
from movecheck.process import look
from movecheck.settings import Settings
from movecheck.types import Correction, Person, PoseTrack

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
    def video(name: str) -> Path:
        return write(CLIPS[name], folder / name)

    @cache
    def seen(name: str, region: Region | None) -> tuple[PoseTrack, Any]:
        raw = look(video(name), Settings(), region=region)
        return raw, drawn(folder / name)[0]

    @cache
    def assessed(
        name: str, movement: str = "auto", view: str = "auto", region: Region | None = None
    ) -> tuple[Result, Any]:
        raw, truth = seen(name, region)
        chosen = (Correction("person", region),) if region else ()
        return interpret(raw, movement, view, Person(), chosen), truth

    return assessed
