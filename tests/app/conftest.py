from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import made_up_result
import pytest
from streamlit.runtime.caching import clear_session_resource_cache

from movecheck.ui import job, workspace

STUB = Path(__file__).with_name("stub_child.py")


@pytest.fixture(scope="session")
def result_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete result folder; do not write into it."""
    return made_up_result.make(tmp_path_factory.mktemp("made_up") / "result")


@pytest.fixture
def stub(
    monkeypatch: pytest.MonkeyPatch, result_dir: Path, tmp_path: Path
) -> Iterator[pytest.MonkeyPatch]:
    """The stub in place of the command line tool, and private folders under `tmp_path`."""
    monkeypatch.setattr(job, "CHILD", (sys.executable, str(STUB)))
    monkeypatch.setattr(workspace.tempfile, "tempdir", str(tmp_path))
    monkeypatch.setenv("STUB_RESULT", str(result_dir))
    monkeypatch.setenv("STUB_MODE", "ok")
    monkeypatch.setenv("MOVECHECK_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.delenv("MOVECHECK_DATABASE_URL", raising=False)
    yield monkeypatch
    clear_session_resource_cache(
        "test session id"
    )  # AppTest gives each of its pages this one session
    workspace.close_all()
