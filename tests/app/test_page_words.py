"""What the page and the report say."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import made_up_result as made_up
import pytest

from movecheck.errors import DataError, ExportError
from movecheck.reference.words import BANNED
from movecheck.report import names
from movecheck.report import words as say
from movecheck.report.html import render, write_report
from movecheck.report.load import ResultFolder, read_result
from movecheck.report.select import band_of, key_measures
from movecheck.types import Assessment, Finding, Measure
from movecheck.ui import safety, words
from movecheck.ui import words_visits as visits

ROOT = Path(__file__).parents[2] / "movecheck"
PATTERN = re.compile(
    r"faulty|abnormal|\bbad\b|\bweak(?!ref|set|value)|dysfunction|\bnormal\b|unstable"
    r"|risk of injury",
    re.I,
)


def read(folder: Path, raw: dict[str, Any]) -> ResultFolder:
    folder.mkdir(exist_ok=True)
    (folder / "assessment.json").write_text(json.dumps(raw))
    return read_result(folder)


@pytest.fixture
def load(tmp_path: Path):
    return lambda raw: read(tmp_path, raw).assessment


def said(assessment: Assessment, audience: names.Audience = "patient") -> str:
    return say.headline(assessment, audience).main.replace("\u00a0", " ")


@pytest.mark.parametrize(
    "path", sorted([*ROOT.glob("ui/**/*.py"), *ROOT.glob("report/*")]), ids=lambda p: p.name
)
def test_no_judging_words(path: Path) -> None:
    if path.is_file():
        found = PATTERN.findall(path.read_text())
        assert not found


def test_scan_covers_the_words_banned_in_the_reference() -> None:
    ours = {"faulty", "abnormal", "bad", "weak", "dysfunction", "normal"}
    assert ours <= BANNED
    safe = (*safety.TODAY, *safety.ASK, safety.STOP_TODAY, safety.STOP_ASK)
    for text in (*safe, *words.FILMING, words.STOP, say.DISCLAIMER, *visits.VERDICTS.values()):
        assert not BANNED & set(re.findall(r"[a-z]+", text.lower()))


def test_no_raw_html_in_the_page() -> None:
    for path in ROOT.glob("ui/**/*.py"):
        assert "unsafe_allow_html" not in path.read_text()


def test_squat_for_patient_and_therapist(load) -> None:
    result = load(made_up.assessment())
    assert said(result) == (
        "You did 3 squats. Counted from standing, your left knee (near the camera) bent 101° ± 7° "
        "and your trunk leaned forward 35° ± 6°."
    )
    assert said(result, "therapist") == (
        "Squat: 3 repetitions counted. Median change from standing: knee flexion, left (near the "
        "camera) 101° ± 7°; trunk inclination 35° ± 6°."
    )


def bend(lumbar: float, **changes: Any) -> dict[str, Any]:
    rows = [
        made_up.measure("trunk_inclination_peak", 82.0, 6.0),
        made_up.measure("lumbar_flexion_peak", lumbar, 8.6),
    ]
    return made_up.assessment("forward_bend", measures=rows, **changes)


def test_forward_bend_without_a_change_from_standing(load) -> None:
    assert said(load(bend(42.0))) == (
        "You did 3 forward bends. At the furthest point your trunk leaned forward 82° ± 6° and "
        "your lower back rounded 42° ± 9°."
    )


def test_what_cannot_be_told_from_zero_is_not_called_a_change(load) -> None:
    assert said(load(bend(-6.0))).endswith(
        "the camera saw no clear rounding of your lower back (−6° ± 9°)."
    )
    assert said(load(bend(-12.0))).endswith("your lower back hollowed 12° ± 9°.")


def test_signal_without_a_phrase_is_named(load) -> None:
    result = load(made_up.assessment())
    one = Measure("thigh_inclination_range", "left", None, -77.0, "deg", 9.0, "measured")
    expected = "tilt of the thigh, counted from standing, left (near the camera): −77° ± 9°"
    assert say._told(one, result).replace("\u00a0", " ") == expected
    assert say._technical(one, result).startswith("Thigh inclination, change from standing, left")


def test_standing_from_the_side(load) -> None:
    raw = made_up.assessment("posture", reps=[])
    raw["measures"] = [made_up.measure("trunk_inclination_mean", 9.0, 2.0)]
    assert said(load(raw)) == "You stood still. Your trunk leaned forward 9° ± 2°."


def test_unknown_movement(load) -> None:
    line = say.headline(load(made_up.assessment("unknown", reps=[], measures=[])))
    assert line.main == "No movement that can be measured was recognised in this recording."
    assert not line.measured


def test_one_repetition_and_one_left_out(load) -> None:
    raw = made_up.assessment()
    raw["reps"] = raw["reps"][:2]
    raw["reps"][1]["excluded_reason"] = "The deepest point was not seen."
    line = say.headline(load(raw))
    assert line.main.startswith("You did 1 squat.")
    assert line.more == ("Repetition 2 was left out: The deepest point was not seen.",)


def test_standing(load) -> None:
    raw = made_up.assessment(
        "posture",
        view="front",
        reps=[],
        measures=[
            made_up.measure("trunk_lateral_lean_mean", -4.4, 3.0),
            made_up.measure("shoulder_tilt_mean", 5.6, 3.6),
            made_up.measure("pelvis_tilt_mean", 0.6, 7.6),
        ],
    )
    assert said(load(raw)) == (
        "You stood still. Your trunk leaned to your left by 4° ± 3°, your right shoulder was "
        "lower by 6° ± 4° and the camera saw no clear tilt of your pelvis (1° ± 8°)."
    )


def test_nothing_measurable_gives_reason_and_remedy(load) -> None:
    reason = "The knees were hidden. Film the whole body."
    raw = made_up.assessment(
        reps=[], measures=[made_up.measure("knee_flexion_range", None, reason=reason)]
    )
    line = say.headline(load(raw))
    assert not line.measured
    assert line.main == "No squat was found in this recording."
    assert line.more == ("Turn on a light in front of the person.", reason)


def test_facing_right_names_the_right_side(load) -> None:
    assert "your right knee (near the camera)" in said(load(made_up.assessment(facing="right")))


@pytest.mark.parametrize(
    ("value", "half", "unit", "text"),
    [
        (104.4, 6.2, "deg", "104° ± 7°"),
        (-0.3, 2.0, "deg", "0° ± 2°"),
        (-12.0, 2.01, "deg", "−12° ± 3°"),
        (2.34, 0.11, "s", "2.3 s ± 0.2 s"),
        (2.34, None, "s", "2.3 s"),
        (0.5, 0.1, "ratio", "0.50 ± 0.10"),
    ],
)
def test_value_text(value: float, half: float | None, unit: str, text: str) -> None:
    one = Measure("x", None, None, value, unit, half, "measured")
    assert say.value_text(one).replace("\u00a0", " ") == text


def test_names() -> None:
    assert names.split_measure("hip_flexion_at_peak") == ("hip_flexion", "at_peak")
    assert names.split_measure("duration_down") == ("", "duration_down")
    assert names.signal_base("knee_fppa_right_deg") == ("knee_fppa", "right")
    assert names.signal_base("trunk_inclination_deg") == ("trunk_inclination", None)
    assert (
        names.measure_name("knee_flexion_range", "therapist")
        == "Knee flexion, change from standing"
    )
    assert names.measure_name("duration_sd", "therapist") == "Duration: SD over the repetitions"
    assert names.measure_name("something_new", "patient") == "Something new"
    assert names.check_name("unheard_of") == "Unheard of"


def test_band_only_for_the_peak_itself() -> None:
    def one(measure_id: str, result: Any = "within") -> Finding:
        return Finding(measure_id, None, result, 10.0, 20.0)

    assert band_of("knee_flexion", (one("knee_flexion_peak"),)) == (10.0, 20.0)
    assert band_of("knee_flexion", (one("knee_flexion_range"),)) is None
    assert band_of("knee_flexion", (one("knee_flexion_peak", "no_reference"),)) is None
    assert band_of("hip_flexion", (one("knee_flexion_peak"),)) is None


def test_key_figures_take_the_near_side(load) -> None:
    chosen = [(m.id, m.side) for m in key_measures(load(made_up.assessment()))]
    assert chosen == [
        ("knee_flexion_range", "left"),
        ("trunk_inclination_range", None),
        ("depth", None),
        ("duration", None),
    ]


def test_escape_shows_text_as_it_is() -> None:
    assert words.escape("a *b* [c](d) $e$ :material") == (r"a \*b\* \[c\]\(d\) \$e\$ \:material")
    assert words.clock(65) == "1 min 05 s"
    assert words.megabytes(10) == "0.1 MB"


class Outline(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.links += [v or "" for k, v in attrs if k in ("src", "href", "action", "xlink:href")]
        assert not any(name.startswith("on") for name, _ in attrs)


def test_report_is_self_contained(result_dir: Path, tmp_path: Path) -> None:
    page = write_report(result_dir, tmp_path / "report.html").read_text()
    outline = Outline()
    outline.feed(page)
    assert outline.links == []
    assert not {"script", "iframe", "link", "object", "img"} & set(outline.tags)
    assert outline.tags.count("h1") == 1
    assert outline.tags.count("svg") == 3
    assert "url(" not in page
    assert "You did 3 squats" in page
    assert "not a medical device" in page
    assert [p.name for p in tmp_path.iterdir()] == ["report.html"]


def test_report_escapes_what_it_shows(tmp_path: Path) -> None:
    raw = made_up.assessment()
    raw["capture"][0]["advice"] = "<script>alert(1)</script>"
    raw["provenance"]["<b>"] = "</dd><script>"
    page = render(read(tmp_path, raw))
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_report_with_a_source(tmp_path: Path) -> None:
    page = render(read(tmp_path, made_up.hinge()))
    assert "Within the published range" in page
    assert "10.1186/1471-2474-13-263" in page


def test_report_of_nothing(tmp_path: Path) -> None:
    raw = made_up.assessment(reps=[], measures=[], findings=[], capture=[])
    assert "No squat was found" in render(read(tmp_path, raw))


def test_report_cannot_be_written(result_dir: Path, tmp_path: Path) -> None:
    with pytest.raises(ExportError):
        write_report(result_dir, tmp_path / "missing" / "report.html")
    with pytest.raises(DataError):
        write_report(tmp_path, tmp_path / "report.html")


def test_report_loads_neither_streamlit_nor_cv2(result_dir: Path, tmp_path: Path) -> None:
    code = (
        "import sys\n"
        "from movecheck.report.html import write_report\n"
        f"write_report({str(result_dir)!r}, {str(tmp_path / 'r.html')!r})\n"
        "print(sorted({'streamlit', 'cv2', 'mediapipe', 'av', 'matplotlib'} & set(sys.modules)))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT.parent
    )
    assert run.stdout.strip() == "[]", run.stderr
