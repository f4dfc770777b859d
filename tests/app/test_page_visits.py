"""Keeping results, clients and visits, comparing, and deleting, in Streamlit's test runner."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import made_up_result
import pytest
from streamlit.testing.v1 import AppTest
from test_page_check import button, opened, start, texts, upload, wait

from movecheck.store import Store
from movecheck.ui import words_visits as say

DAY, LATER = date(2026, 3, 1), date(2026, 3, 15)


@pytest.fixture
def store(stub: pytest.MonkeyPatch, tmp_path: Path) -> Store:
    return Store(tmp_path / "data")


def result_with(folder: Path, knee: float) -> Path:
    made_up_result.make(folder, overlay=False)
    raw = made_up_result.assessment()
    for row in raw["measures"]:
        if row["id"] == "knee_flexion_range" and row["side"] == "left":
            row["value"] = knee
    (folder / "assessment.json").write_text(json.dumps(raw))
    return folder


@pytest.fixture
def two_visits(store: Store, tmp_path: Path) -> int:
    """A client with two visits: the knee 20 degrees further at the later one."""
    client = store.add_client("Zoë *B*")
    for day, knee in ((DAY, 90.0), (LATER, 110.0)):
        result = result_with(tmp_path / day.isoformat(), knee)
        store.add_assessment(store.visit(client, day), result)
    return client


def page_of(name: str, whose: int | None = None) -> AppTest:
    page = opened()
    page.session_state["whose"] = whose
    page.switch_page(f"pages/{name}.py").run()
    assert not page.exception
    return page


def test_result_is_kept_without_a_client(store: Store, stub: pytest.MonkeyPatch) -> None:
    page = wait(button(upload(start()), "Measure").click().run())
    next(n for n in page.number_input if n.label.startswith("Worst pain")).set_value(3)
    next(t for t in page.text_area if t.label == "Note").set_value("felt fine")
    button(page, "Keep").click().run()
    assert not page.exception
    assert [s.value for s in page.success] == [say.KEPT]
    (visit,) = store.visits(None)
    assert visit.day == date.today()
    assert {s.kind: s.value for s in visit.scores} == {"pain_worst": 3}
    assert [n.text for n in visit.notes] == ["felt fine"]
    (one,) = visit.assessments
    assert not one.has_video
    assert not list(store.files.rglob("*.mp4")), "a video is kept though nobody asked"


def test_video_is_kept_when_asked(store: Store, stub: pytest.MonkeyPatch) -> None:
    page = wait(button(upload(start()), "Measure").click().run())
    next(c for c in page.checkbox if c.label == say.KEEP_VIDEO).check()
    button(page, "Keep").click().run()
    kept = {p.name for p in store.files.rglob("*.mp4")}
    assert kept == {"overlay.mp4", "recording.mp4"}


def test_nothing_is_kept_unless_asked(store: Store, stub: pytest.MonkeyPatch) -> None:
    wait(button(upload(start()), "Measure").click().run())
    assert store.visits(None) == []
    assert list(store.files.iterdir()) == []


def test_visits_are_listed_and_opened(two_visits: int) -> None:
    page = page_of("clients", two_visits)
    assert [s.value for s in page.header][:2] == ["2026-03-15", "2026-03-01"]
    button(page, "Show result").click().run()
    assert not page.exception
    assert "110° ± 7°".replace(" ", "\u00a0") in page.title[0].value
    assert "Zoë *B* · 2026-03-15" in [t.value for t in page.text]
    button(page, "Back to the visits").click().run()
    assert page.title[0].value == "Clients and visits"


def test_empty_pages_say_what_to_do(store: Store) -> None:
    assert say.NO_VISITS in texts(page_of("clients"))
    assert [i.value for i in page_of("compare").info] == [say.COMPARE_NEEDS]
    assert "Clients: 0 · visits: 0 · results: 0" in texts(page_of("privacy"))


def test_client_is_added_once(store: Store) -> None:
    page = page_of("clients")
    for _ in range(2):
        next(t for t in page.text_input if t.label == "Name or code").set_value("K-17")
        button(page, "Add this client").click().run()
        assert not page.exception
    assert [c.name for c in store.clients()] == ["K-17"]
    assert "clashes" in page.error[0].value


def test_notes_and_scores(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    next(t for t in page.text_area if t.label == "Note").set_value("after the holidays")
    next(t for t in page.text_input if t.label == "Name of the score").set_value("ODI")
    next(n for n in page.number_input if n.label == "Value").set_value(22.0)
    button(page, "Add").click().run()
    last = store.visits(two_visits)[-1]
    assert [n.text for n in last.notes] == ["after the holidays"]
    assert {s.kind: s.value for s in last.scores} == {"ODI": 22}
    assert "ODI 22" in texts(page)


def test_delete_asks_first_and_leaves_nothing(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    gone = "Delete this client with all visits"
    assert button(page, gone).disabled
    next(c for c in page.checkbox if c.label.startswith(gone)).check().run()
    button(page, gone).click().run()
    assert not page.exception
    assert [s.value for s in page.success] == [say.GONE]
    assert store.clients() == []
    assert store.visits(two_visits) == []
    assert list(store.files.iterdir()) == []


def test_delete_everything(store: Store, two_visits: int) -> None:
    page = page_of("privacy")
    assert "Clients: 1 · visits: 2 · results: 2, of them with a video: 0" in texts(page)
    next(c for c in page.checkbox if c.label.startswith(say.DELETE_ALL)).check().run()
    button(page, say.DELETE_ALL).click().run()
    assert [s.value for s in page.success] == [say.GONE]
    assert store.clients() == []
    assert list(store.files.iterdir()) == []


def test_compare_says_real_change_and_measurement_error(two_visits: int) -> None:
    page = page_of("compare", two_visits)
    shown = texts(page).replace("\u00a0", " ")
    # 20 degrees against a detectable change of sqrt(7^2 + 7^2) = 9.9 degrees
    assert "90° ± 7° → 110° ± 7°, difference **+20°** (smallest detectable 10°)" in shown
    verdicts = [m.value for m in page.markdown if m.value in say.VERDICTS.values()]
    assert verdicts[0] == say.VERDICTS["real change"]
    assert set(verdicts[1:]) == {say.VERDICTS["within measurement error"]}
    assert len(page.get("vega_lite_chart")) >= 3
    assert say.DETECTABLE in shown


def test_a_store_that_cannot_be_opened_is_a_sentence(
    stub: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    stub.setenv("MOVECHECK_DATABASE_URL", "sqlite:////no/such/place/x.sqlite")
    page = page_of("clients")
    assert "cannot be opened" in page.error[0].value
    assert "/no/such" not in page.error[0].value
