from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from corpus import SCRIPT

from movecheck.settings import Settings


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with every file of `samples/make_bad.py`."""
    folder = tmp_path_factory.mktemp("corpus")
    # In a process of its own: its memory would count as that of the children that are measured.
    subprocess.run([sys.executable, str(SCRIPT), str(folder)], check=True, capture_output=True)
    return folder


@pytest.fixture
def settings() -> Settings:
    return Settings()


@pytest.fixture
def lenient() -> Settings:
    """Settings under which short test videos are long enough."""
    return Settings(min_frames=1, min_duration_s=0)
