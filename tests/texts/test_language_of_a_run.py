"""A language changes what people read, never what a file for programs holds."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pypdf
import pytest
from make_track import SQUAT, Plan, make_track, movement

from movecheck.export.landmarks import write_landmarks

FOR_PROGRAMS = ("assessment.json", "measures.csv", "signals.csv", "landmarks.parquet")


def run(code: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "movecheck", "--language", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=200)


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, str]]:
    """The same landmarks measured in both languages: folder and what was printed."""
    place = tmp_path_factory.mktemp("runs")
    landmarks = place / "landmarks.parquet"
    write_landmarks(make_track(movement(SQUAT, Plan(count=2)), yaw_deg=90.0), landmarks)
    done = {}
    for code in ("en", "de"):
        ran = run(code, "assess", str(landmarks), "--out", str(place / code), "--report")
        assert ran.returncode == 0, ran.stderr
        done[code] = place / code, ran.stdout
    return done


@pytest.mark.parametrize("file", FOR_PROGRAMS)
def test_files_for_programs_are_the_same_to_the_last_byte(
    runs: dict[str, tuple[Path, str]], file: str
) -> None:
    english, german = ((folder / file).read_bytes() for folder, _ in runs.values())
    assert english == german


def test_the_summary_and_the_report_are_told(runs: dict[str, tuple[Path, str]]) -> None:
    folder, printed = runs["de"]
    assert "Sie haben 2 Kniebeugen gemacht" in " ".join(printed.split())
    assert "Messgröße" in printed
    page = (folder / "report.html").read_text()
    assert '<html lang="de">' in page
    assert "Neben veröffentlichten Werten" in page
    assert '<html lang="en">' in (runs["en"][0] / "report.html").read_text()


def test_the_pdf_says_its_language(runs: dict[str, tuple[Path, str]]) -> None:
    folder = runs["en"][0]  # measured in English, told in German
    for code in ("de", "en"):
        assert run(code, "report", str(folder)).returncode == 0
        pdf = pypdf.PdfReader(folder / "report.pdf", strict=True)
        assert pdf.trailer["/Root"]["/Lang"] == code
        told = " ".join(pdf.pages[0].extract_text().split())
        assert ("Kniebeugen" in told) == (code == "de")


def test_an_error_is_told_and_an_unknown_language_is_one_line() -> None:
    ran = run("de", "assess", "there-is-no-such-file.mp4")
    assert ran.returncode == 2
    assert ran.stderr.startswith("Fehler: Die Datei wurde nicht gefunden")
    ran = run("xx", "doctor")
    assert ran.returncode == 2
    assert "Choose one of: en, de" in ran.stderr
    assert "Traceback" not in ran.stderr
