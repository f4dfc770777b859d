"""The hostile corpus through the command line: a plain error or a marked result, nothing else."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from movecheck.errors import ModelMissing
from movecheck.pose.model import find
from movecheck.settings import Settings

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "samples" / "make_bad.py"
MEMORY_MB = 1500
TIMEOUT_S = 120

MEASURED = """
import json, resource, subprocess, sys
done = subprocess.run(sys.argv[2:], capture_output=True, text=True, timeout=float(sys.argv[1]))
peak_mb = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
print(json.dumps([done.returncode, done.stdout, done.stderr, peak_mb]))
"""


def _cases() -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("make_bad_for_cli", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return dict(module.CASES)


CASES = _cases()


def _has_model() -> bool:
    try:
        return find(Settings()) is not None
    except ModelMissing:
        return False


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(TIMEOUT_S + 60),
    pytest.mark.skipif(
        not _has_model(), reason="NO POSE MODEL: run 'movecheck setup', then these tests can run"
    ),
]


@dataclass(frozen=True)
class Outcome:
    """How the command ended, and what it and its children took at most."""

    status: int
    stdout: str
    stderr: str
    peak_mb: int
    folder: Path

    @property
    def assessment(self) -> dict[str, Any]:
        return json.loads((self.folder / "assessment.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder with every file of `samples/make_bad.py`, made in a process of its own."""
    folder = tmp_path_factory.mktemp("corpus")
    subprocess.run([sys.executable, str(SCRIPT), str(folder)], check=True, capture_output=True)
    return folder


def assess(video: Path, folder: Path, *options: str) -> Outcome:
    """Run ``movecheck assess`` from a small process that measures the memory of all below it."""
    command = [sys.executable, "-m", "movecheck", "assess", *options, "--out", str(folder)]
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(TIMEOUT_S), *command, "--", str(video)],
        cwd=ROOT,
        env={**os.environ, "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=TIMEOUT_S + 30,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return Outcome(*json.loads(done.stdout), folder)


def check_refusal(outcome: Outcome) -> None:
    """Status 2, one line with a hint on standard error, nothing written."""
    assert outcome.status == 2, outcome.stderr
    lines = [line for line in outcome.stderr.splitlines() if line.strip()]
    assert len(lines) == 1, outcome.stderr
    assert lines[0].startswith("error: ")
    assert lines[0].endswith(".")
    assert not (outcome.folder / "assessment.json").exists()


def check_result(outcome: Outcome, *, complete: bool) -> None:
    """Status 0, and the capture check says whether the file was whole."""
    assert outcome.status == 0, outcome.stderr
    assessment = outcome.assessment
    assert assessment["recording"]["complete"] is complete
    checks = {check["id"]: check for check in assessment["capture"]}
    if not complete:
        assert not checks["complete"]["ok"]
        assert checks["complete"]["advice"]
    assert checks.get("complete", {"ok": True})["ok"] is complete


@pytest.mark.parametrize("name", sorted(CASES))
def test_bad_input(name: str, corpus: Path, tmp_path: Path) -> None:
    becomes = CASES[name]
    outcome = assess(corpus / name, tmp_path / "out")
    assert "Traceback" not in outcome.stdout + outcome.stderr
    assert outcome.peak_mb < MEMORY_MB
    if becomes.startswith("error:") or (becomes == "any" and outcome.status == 2):
        check_refusal(outcome)
    elif becomes == "any":
        assert outcome.status == 0, outcome.stderr
    else:
        check_result(outcome, complete=becomes == "ok")


def test_nobody_gives_no_findings(corpus: Path, tmp_path: Path) -> None:
    """No false verdict where there is no person."""
    assessment = assess(corpus / "nobody.mp4", tmp_path / "out").assessment
    assert assessment["reps"] == []
    assert not [m for m in assessment["measures"] if m["status"] != "not_measurable"]
    assert not [f for f in assessment["findings"] if f["result"] not in ("no_reference",)]


def test_missing_file(tmp_path: Path) -> None:
    outcome = assess(tmp_path / "missing.mp4", tmp_path / "out")
    check_refusal(outcome)
    assert "not found" in outcome.stderr
