"""The PDF report: what is in it, that it keeps, and that it is the same twice."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import socket
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import made_up_result
import pypdf
import pytest

from movecheck.errors import DataError, ExportError
from movecheck.report.facts import facts
from movecheck.report.frames import key_frames, picture_at
from movecheck.report.load import read_result
from movecheck.report.pdf import render_pdf, write_pdf

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def opened(data: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(data), strict=True)


def words_of(data: bytes) -> str:
    text = " ".join(page.extract_text() for page in opened(data).pages)
    return re.sub(r"\s+", " ", text.replace("\u00a0", " "))


@pytest.fixture(scope="module")
def both(result_dir: Path) -> dict[str, bytes]:
    result = read_result(result_dir)
    return {who: render_pdf(result, who, when=NOON) for who in ("patient", "therapist")}  # type: ignore[arg-type]


def fonts_of(reader: pypdf.PdfReader) -> list[Any]:
    found = []
    for page in reader.pages:
        resources = page["/Resources"]
        for font in resources.get("/Font", {}).values():
            whole = font.get_object().get("/DescendantFonts", [font])
            found.extend(one.get_object() for one in whole)
    return found


@pytest.mark.parametrize("who", ["patient", "therapist"])
def test_it_is_an_archive_file_that_can_be_read_aloud(both: dict[str, bytes], who: str) -> None:
    reader = opened(both[who])
    root = reader.trailer["/Root"]
    xmp = root["/Metadata"].get_data().decode()
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>A</pdfaid:conformance>" in xmp
    assert "<pdfuaid:part>1</pdfuaid:part>" in xmp
    assert root["/OutputIntents"][0]["/S"] == "/GTS_PDFA1"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert "/StructTreeRoot" in root
    assert reader.metadata.title == "movecheck: Squat"
    fonts = fonts_of(reader)
    assert fonts
    for font in fonts:
        described = font["/FontDescriptor"]
        assert {"/FontFile2", "/FontFile3"} & set(described), "a font is not embedded"
    assert b"/JavaScript" not in both[who]


FORBIDDEN_ACTIONS = {
    "/JavaScript", "/Launch", "/Sound", "/Movie", "/ResetForm", "/ImportData", "/Hide",
    "/SetOCGState", "/Rendition", "/Trans", "/GoTo3DView",
}  # fmt: skip


def every_object(reader: pypdf.PdfReader) -> list[Any]:
    """Return every dictionary of a file, inner ones too."""
    found, seen, left = [], set(), [reader.trailer]
    while left:
        one = left.pop()
        if isinstance(one, pypdf.generic.IndirectObject):
            if (one.idnum, one.generation) in seen:
                continue
            seen.add((one.idnum, one.generation))
            one = one.get_object()
        if isinstance(one, dict):
            found.append(one)
            left += [one.raw_get(key) for key in one]
        elif isinstance(one, list):
            left += list(one)
    return found


@pytest.mark.parametrize("who", ["patient", "therapist"])
def test_rules_of_pdf_a_2_that_can_be_read_off_the_objects(
    both: dict[str, bytes], who: str
) -> None:
    """ISO 19005-2, clauses in brackets. typst refuses to write what breaks the others."""
    reader = opened(both[who])
    objects = every_object(reader)
    assert len(objects) > 50
    assert both[who][:5] == b"%PDF-"
    assert all(byte > 127 for byte in both[who].split(b"\n", 2)[1][1:5]), "binary marker (6.1.2)"
    assert len(reader.trailer["/ID"]) == 2, "identifier (6.1.3)"
    assert "/Encrypt" not in reader.trailer, "encryption (6.1.3)"
    for one in objects:
        filters = one.get("/Filter", [])
        assert "/LZWDecode" not in filters, "LZW (6.1.7)"
        assert "/FFilter" not in one, "outside data (6.1.7)"
        assert "/AA" not in one, "actions of their own accord (6.5.2)"
        assert one.get("/S") not in FORBIDDEN_ACTIONS, "actions (6.5.1)"
        assert one.get("/Subtype") not in ("/PS", "/Movie", "/Sound", "/Screen", "/3D")
        assert "/EmbeddedFiles" not in one, "attachments (6.8)"
        if one.get("/Subtype") == "/Image":
            assert not one.get("/Interpolate", False), "interpolation (6.2.8)"
        if one.get("/Type") == "/Font" and one["/Subtype"] != "/CIDFontType2":
            assert one["/Subtype"] == "/Type3" or "/ToUnicode" in one, "Unicode (6.2.11.7)"
    profile = reader.trailer["/Root"]["/OutputIntents"][0]["/DestOutputProfile"]
    data = profile.get_data()
    assert profile["/N"] == 3
    assert data[36:40] == b"acsp", "not an ICC profile (6.2.3)"
    assert data[8] <= 4
    xmp = reader.trailer["/Root"]["/Metadata"]
    assert "/Filter" not in xmp, "metadata is to be read as plain text (6.6.2.1)"
    figures = [one for one in objects if one.get("/S") == "/Figure"]
    assert figures
    assert all("/Alt" in one for one in figures), "a figure without words (6.7.3, UA)"


def test_the_disclaimer_stands_on_the_first_page(both: dict[str, bytes], tmp_path: Path) -> None:
    for data in both.values():
        first = " ".join(opened(data).pages[0].extract_text().split())
        assert "not a medical device. Camera" in first


def test_corrections_stand_in_it(tmp_path: Path) -> None:
    from movecheck.report.html import render

    folder = made_up_result.make(tmp_path / "corrected", overlay=False)
    made = {"what": "rep_counts", "rep": 2, "before": True, "after": False,
            "when": "2026-03-01T12:00:00+01:00"}  # fmt: skip
    added = {"what": "rep_added", "rep": 1, "after": [0.5, 2.25]}
    raw = made_up_result.assessment(corrections=[made, added])
    raw["reps"][0]["by_hand"] = True
    (folder / "assessment.json").write_text(json.dumps(raw))
    line = "Repetition 3: left out (2026-03-01 12:00)"
    for who in ("patient", "therapist"):
        text = words_of(render_pdf(read_result(folder), who))
        assert "Corrected by hand" in text
        assert line in text
        assert "Repetition 1: added, 0.50 – 2.25 s" in text
    assert text.count("yes, added by hand") == 1, "of a therapist's table of repetitions"
    page = render(read_result(folder))
    assert line in page
    assert page.count("yes, added by hand") == 1


def test_the_first_report_is_prepared_beside_the_measurement() -> None:
    from movecheck.report.pdf import _typefaces, warm

    warm()
    before = _typefaces.cache_info().hits
    warm()
    assert _typefaces.cache_info().hits == before + 1


def test_the_persons_page(both: dict[str, bytes]) -> None:
    text = words_of(both["patient"])
    assert len(opened(both["patient"]).pages) == 1
    assert "You did 3 squats. Counted from standing, your left knee" in text
    assert "101° ± 7°" in text
    assert "What this recording could not show, and how to film it next time" in text
    assert "The front view shows this. Film from there." in text
    assert "Turn on a light in front of the person." in text
    assert "not a medical device" in text
    assert "2026-03-01" in text


def test_the_therapists_pages(both: dict[str, bytes]) -> None:
    text = words_of(both["therapist"])
    assert len(opened(both["therapist"]).pages) <= 2
    for part in (
        "Squat: 3 repetitions counted.", "Knee flexion, left (near the camera) 101° ± 7°",
        "95° ± 11° *", "partly filled in", "Angles over time", "Not measurable, and why",
        "SD of the", "95 % interval", "Method", "model synthetic",
        "Compare with your own recordings.",
    ):  # fmt: skip
        assert part in text, part


def test_a_published_range_has_its_source_method_and_interval(tmp_path: Path) -> None:
    folder = made_up_result.make(tmp_path / "hinge", overlay=False)
    (folder / "assessment.json").write_text(json.dumps(made_up_result.hinge()))
    text = words_of(render_pdf(read_result(folder), "therapist"))
    assert "Within the published range" in text
    assert "61° ± 6°" in text
    assert "Monnier" in text
    assert "What was measured: " in text
    assert "common in people without pain" in text


def test_key_pictures_are_in_it(both: dict[str, bytes], result_dir: Path, tmp_path: Path) -> None:
    assert len(opened(both["patient"]).pages[0].images) == 2
    assert "Deepest point of repetition 2, at 6.5 s" in words_of(both["patient"])
    frames = key_frames(read_result(result_dir))
    assert [f.title.split(",")[0] for f in frames] == [
        "Before repetition 2",
        "Deepest point of repetition 2",
    ]
    assert all(f.jpeg[:3] == b"\xff\xd8\xff" for f in frames)
    clip = made_up_result.clip(tmp_path / "bar.mp4")
    assert picture_at(clip, 0.2) != picture_at(clip, 1.4)
    assert picture_at(clip, 60.0) is None, "the last picture stands for a time it does not show"
    (tmp_path / "text.mp4").write_text("no video")
    assert picture_at(tmp_path / "text.mp4", 0.0) is None


def test_a_hold_has_a_middle_and_no_deepest_point(tmp_path: Path) -> None:
    folder = made_up_result.make(tmp_path / "hold")
    hold = {"start_s": 1.0, "peak_s": 9.0, "end_s": 9.0, "excluded_reason": None}
    raw = made_up_result.assessment(reps=[hold])
    (folder / "assessment.json").write_text(json.dumps(raw))
    made_up_result.clip(folder / "overlay.mp4", size=(320, 180))
    frames = key_frames(read_result(folder))
    assert [f.title for f in frames] == [
        "Beginning of hold 1, at 1.0 s",
        "Middle of hold 1, at 5.0 s",
    ]
    assert all(frame.wide for frame in frames)
    assert len(opened(render_pdf(read_result(folder), "patient")).pages[0].images) == 2


def test_a_hold_that_drifts_in_its_middle_has_no_deepest_point(tmp_path: Path) -> None:
    folder = made_up_result.make(tmp_path / "plank")
    hold = {"start_s": 2.0, "peak_s": 6.0, "end_s": 9.0, "excluded_reason": None}
    raw = made_up_result.assessment("plank_front", reps=[hold], findings=[])
    (folder / "assessment.json").write_text(json.dumps(raw))
    result = read_result(folder)
    assert [f.title for f in key_frames(result)] == [
        "Beginning of hold 1, at 2.0 s",
        "Middle of hold 1, at 5.5 s",
    ]
    assert facts(result)["reps"][0][1:4] == ("2.0\u00a0s", "–", "9.0\u00a0s")


def test_without_a_clip_there_is_still_a_report(tmp_path: Path) -> None:
    folder = made_up_result.make(tmp_path / "bare", overlay=False)
    (folder / "signals.csv").unlink()
    assert "101° ± 7°" in words_of(render_pdf(read_result(folder), "therapist"))


def test_names_in_any_script(result_dir: Path) -> None:
    result = read_result(result_dir)
    text = words_of(render_pdf(result, "patient", name="Zoë Łukasz-Ñandú ≤ Ελένη"))
    assert "Zoë Łukasz-Ñandú ≤ Ελένη" in text
    for name in ("محمد علي", "דוד כהן"):
        found = words_of(render_pdf(result, "patient", name=name))
        assert all(part in found for part in name.split()), name


def test_hostile_name_is_text(result_dir: Path) -> None:
    name = '#read("/etc/passwd") <x> $x$ *b* \\'
    text = words_of(render_pdf(read_result(result_dir), "patient", name=name))
    assert '#read("/etc/passwd") <x> $x$ *b*' in text
    assert "root:" not in text


def test_same_folder_same_bytes(result_dir: Path, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "result"
    shutil.copytree(result_dir, copy)
    first = write_pdf(result_dir, tmp_path / "a.pdf", "therapist").read_bytes()
    assert write_pdf(copy, tmp_path / "b.pdf", "therapist").read_bytes() == first
    stamp = (result_dir / "assessment.json").stat().st_mtime
    os.utime(copy / "assessment.json", (stamp + 86400, stamp + 86400))
    assert write_pdf(copy, tmp_path / "c.pdf", "therapist").read_bytes() != first
    assert not [p for p in tmp_path.iterdir() if p.suffix not in (".pdf", "")]


def test_no_network(result_dir: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: Any, **__: Any) -> None:
        raise AssertionError("the report asked for the network")

    monkeypatch.setattr(socket, "socket", refuse)
    monkeypatch.setenv("https_proxy", "http://127.0.0.1:9")
    assert render_pdf(read_result(result_dir), "patient")[:5] == b"%PDF-"
    template = Path("movecheck/report/report.typ")
    assert "@preview" not in (Path(__file__).parents[2] / template).read_text()


def test_command_line(result_dir: Path, tmp_path: Path) -> None:
    folder = tmp_path / "result"
    shutil.copytree(result_dir, folder)
    command = [sys.executable, "-m", "movecheck", "report"]
    done = subprocess.run([*command, str(folder), "--words", "therapist"], check=True)
    assert done.returncode == 0
    assert "3 repetitions counted" in words_of((folder / "report.pdf").read_bytes())
    bad = subprocess.run([*command, str(tmp_path)], capture_output=True, text=True, check=False)
    assert bad.returncode == 2
    assert bad.stderr.startswith("error: ")
    assert len(bad.stderr.splitlines()) == 1


def test_errors_are_ours(result_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(DataError):
        write_pdf(tmp_path, tmp_path / "r.pdf")
    with pytest.raises(ExportError):
        write_pdf(result_dir, tmp_path / "missing" / "r.pdf")
