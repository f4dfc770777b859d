"""Every text goes through the catalogue: in a made-up language nothing is left in English."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path

import made_up_language as made_up
import made_up_result
import pytest
from made_up_language import mark
from streamlit.testing.v1 import AppTest
from test_page_check import opened

from movecheck import texts
from movecheck.reference import load_tables
from movecheck.report.html import render
from movecheck.report.load import read_result
from movecheck.report.names import Audience
from movecheck.report.pdf import _data
from movecheck.store import Store
from movecheck.ui import safety

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
CLIENT = "Zoë *B*"
ALLOWED = ["movecheck", CLIENT, "Language", "English"]
"""Names, also of languages, and the English part of the label of their choice."""


@pytest.fixture
def made_up_texts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    made_up.make(tmp_path / "locale")
    monkeypatch.setattr(texts, "FOLDER", tmp_path / "locale")
    monkeypatch.setenv(texts.VARIABLE, made_up.CODE)
    texts._catalogue.cache_clear()
    texts._told.cache_clear()
    yield
    texts._catalogue.cache_clear()
    texts._told.cache_clear()


def full_result(folder: Path) -> Path:
    """A result with every kind of line: left out, not measurable, compared, advice, notes."""
    made_up_result.make(folder)
    raw = made_up_result.assessment()
    raw["reps"][2]["excluded_reason"] = "the recording ends in the middle of it"
    moved = (
        "The camera moved: it turned by up to 1.5°, and the picture shifted by up to 3 % of your "
        "height. Put the phone on something firm, and lean it against something."
    )
    raw["capture"] = [
        {"id": "camera_steady", "ok": False, "value": 1.5, "advice": moved},
        {"id": "feet", "ok": True, "value": 1.0, "advice": None},
    ]
    hidden = "A side view does not show it. Record again so that you face the camera."
    for row in raw["measures"]:
        if row["value"] is None:
            row["reason"] = hidden
    raw["measures"].append(made_up_result.measure("trunk_inclination_peak", 61.0, 6.0))
    age = "The published values depend on age, which was not given."
    raw["findings"] = [
        made_up_result.finding("knee_flexion_at_peak", "left", note=age),
        *made_up_result.hinge()["findings"],
    ]
    (folder / "assessment.json").write_text(json.dumps(raw))
    return folder


def cited() -> list[str]:
    """Sources are cited as they were published."""
    sources = load_tables().sources.values()
    return [told for source in sources for told in (source.full, source.short)]


def left_over(found: Iterator[str] | list[str]) -> str:
    return "\n".join(made_up.unmarked(found, [*ALLOWED, *cited()]))


def check(page: AppTest) -> None:
    assert not page.exception
    assert left_over(made_up.of_page(page._tree)) == ""


def arrived() -> AppTest:
    page = opened()
    page.default_timeout = 90
    return page


def start() -> AppTest:
    page = arrived()
    next(b for b in page.button if b.label == mark(safety.CONTINUE)).click().run()
    return page


def test_brackets_are_understood() -> None:
    assert made_up.outside(mark(f"a {mark('b')} c") + " d") == " d"
    assert made_up.unmarked([mark("well told"), "12 s", "went past"]) == ["went past"]


def test_report_as_html(made_up_texts: None, tmp_path: Path) -> None:
    page = render(read_result(full_result(tmp_path / "result")))
    assert mark("Angles over time") in page
    assert left_over(made_up.Shown(page).found) == ""


@pytest.mark.parametrize("audience", ["patient", "therapist"])
def test_report_as_pdf(made_up_texts: None, tmp_path: Path, audience: Audience) -> None:
    """The PDF's template holds no text of its own: all that it shows is in its data."""
    result = read_result(full_result(tmp_path / "result"))
    data = _data(result, audience, CLIENT, NOON, tmp_path)
    for code in ("audience", "language", "provenance"):
        del data[code]
    shown = [text for text in made_up.strings(data) if not text.endswith((".svg", ".jpg"))]
    assert left_over(shown) == ""
    svg = [path.read_text() for path in tmp_path.glob("*.svg")]
    assert svg
    assert left_over([text for one in svg for text in made_up.Shown(one).found]) == ""


def test_first_page_and_what_is_before_it(made_up_texts: None, stub: pytest.MonkeyPatch) -> None:
    check(opened())
    check(start())


@pytest.mark.parametrize("audience", ["patient", "therapist"])
def test_result(
    made_up_texts: None, stub: pytest.MonkeyPatch, tmp_path: Path, audience: Audience
) -> None:
    stub.setenv("STUB_RESULT", str(full_result(tmp_path / "full")))
    page = start()
    page.session_state["audience"] = audience
    next(b for b in page.button if b.label == mark("Squat, from the side")).click().run()
    check(page)
    until = time.monotonic() + 20
    while not any(h.value == mark("Take it with you") for h in page.header):
        assert time.monotonic() < until, "no result came"
        time.sleep(0.1)
        page.run()
    check(page)


@pytest.mark.parametrize("name", ["clients", "compare", "methods", "privacy", "record"])
def test_other_pages(
    made_up_texts: None, stub: pytest.MonkeyPatch, tmp_path: Path, name: str
) -> None:
    store = Store(tmp_path / "data")
    client = store.add_client(CLIENT)
    for day in (date(2026, 3, 1), date(2026, 3, 15)):
        result = made_up_result.make(tmp_path / day.isoformat(), overlay=False)
        store.add_assessment(store.visit(client, day), result)
    page = arrived()
    page.session_state["whose"] = client
    page.session_state[safety.PASSED] = True
    page.switch_page(f"pages/{name}.py").run()
    check(page)
