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


def field(fields, label: str):
    return next(f for f in fields if f.label == label)


def test_a_note_is_added(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    field(page.text_area, "Note").set_value("after the holidays")
    button(page, "Add").click().run()
    last = store.visits(two_visits)[-1]
    assert [n.text for n in last.notes] == ["after the holidays"]


def test_answers_are_kept_and_asked_for_again(store: Store, two_visits: int) -> None:
    early = store.visits(two_visits)[0]
    store.set_score(early.id, "psfs", 3.5, items=[("sitting", 3.0), ("lifting", 4.0)])
    page = page_of("clients", two_visits)
    # the later visit comes first, and asks for the activities of the earlier one
    assert [t.value for t in page.text_input if t.label == "Activity 2"] == ["lifting", "lifting"]
    for label, value in (
        ("Activity 1, 0 to 10", 5.0), ("Activity 2, 0 to 10", 8.0), ("Total", 22.0),
        ("The most it can be", 100.0), ("Worst pain while moving (0 to 10)", 3.0),
    ):  # fmt: skip
        field(page.number_input, label).set_value(value)
    field(page.text_input, "Name of the questionnaire").set_value("ODI")
    button(page, "Save the answers").click().run()
    assert not page.exception
    last = store.visits(two_visits)[-1]
    kept = {s.kind: (s.value, s.most) for s in last.scores}
    assert kept == {"ODI": (22, 100), "pain_worst": (3, 10), "psfs": (6.5, 10)}
    told = texts(page)
    assert "ODI 22 / 100" in told
    assert "6.5 / 10 (sitting 5; lifting 8)" in told.replace("\\", "")
    shown = page_of("compare", two_visits)
    (row,) = shown.table[0].value.to_dict("records")
    assert (row["Earlier"], row["Later"], row["Difference"]) == ("3.5", "6.5", "+3")
    assert "as published: 1.3 – 2.7 points" in texts(shown).replace("\\", "")


def test_an_activity_needs_a_name(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    field(page.number_input, "Activity 1, 0 to 10").set_value(5.0)
    button(page, "Save the answers").click().run()
    assert "needs a name" in page.error[0].value
    assert store.visits(two_visits)[-1].scores == []


def test_backup_and_restore_on_the_page(store: Store, two_visits: int) -> None:
    from movecheck.ui import keep

    page = page_of("privacy")
    assert [b.label for b in page.get("download_button")][-1] == "Save a backup (zip)"
    assert not page.file_uploader
    out = keep.backup()
    store.delete_all()
    page = page_of("privacy")
    page.file_uploader[0].set_value(("b.zip", b"no zip", "application/zip")).run()
    assert "no backup" in page.error[0].value
    page.file_uploader[0].set_value(("b.zip", out, "application/zip")).run()
    assert say.RESTORED in [s.value for s in page.success]
    assert [len(c.name) for c in store.clients()] == [len("Zoë *B*")]
    assert len(list(store.files.iterdir())) == 2


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


def words_of_a_therapist(page: AppTest) -> AppTest:
    page.session_state["audience"] = "therapist"
    return page.run()


def corrected(page: AppTest) -> str:
    """Return what the page says was corrected by hand."""
    told = [i.value for i in page.info if "Corrected by hand" in i.value]
    assert len(told) <= 1
    return "".join(told).replace("\\", "")


def leave_out(page: AppTest, number: int) -> AppTest:
    page = words_of_a_therapist(page)
    next(s for s in page.selectbox if s.label == "Repetition").set_value(number).run()
    next(c for c in page.checkbox if c.label == "This repetition counts").uncheck()
    again = next(b for b in page.button if b.label == "Measure again")
    return wait(again.click().run())


def test_a_repetition_is_left_out_by_hand(store: Store, stub: pytest.MonkeyPatch) -> None:
    page = wait(button(upload(start()), "Measure").click().run())
    assert corrected(page) == ""
    button(page, "Keep").click().run()
    (before,) = store.visits(None)[0].assessments
    page = leave_out(page, 2)
    assert "- Repetition 2: left out (" in corrected(page)
    # what was kept of it is corrected as well, and there is still one of it
    (after,) = store.visits(None)[0].assessments
    assert after.id == before.id
    (one,) = after.content["corrections"]  # type: ignore[misc]
    assert (one["what"], one["rep"], one["after"]) == ("rep_counts", 2, False)
    assert one["when"]
    assert [p.name for p in store.files.iterdir()] == [after.folder]
    page.run()
    wait(button(page, "Take back the last correction").click().run())
    assert corrected(page) == ""


def test_a_kept_result_is_corrected_where_it_lies(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    button(page, "Show result").click().run()
    page = leave_out(page, 3)
    assert "Repetition 3: left out (" in corrected(page)
    early, late = store.visits(two_visits)
    assert early.assessments[0].content.get("corrections", []) == []
    assert len(late.assessments[0].content["corrections"]) == 1  # type: ignore[arg-type]
    assert len(list(store.files.iterdir())) == 2
    stored = store.folder_of(late.assessments[0]) / "assessment.json"
    assert "rep_counts" in stored.read_text()


def test_a_patient_is_not_asked_to_correct(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    button(page, "Show result").click().run()
    assert not [b for b in page.button if b.label == "Measure again"]


def test_of_several_people_one_is_chosen(
    store: Store, stub: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    folder = made_up_result.make(tmp_path / "two")
    raw = made_up_result.assessment(movement="squat")
    raw["capture"].append({"id": "one_person", "ok": False, "value": 1.0, "advice": "Alone."})
    (folder / "assessment.json").write_text(json.dumps(raw))
    stub.setenv("STUB_RESULT", str(folder))
    page = wait(button(upload(start()), "Measure").click().run())
    page.slider[0].set_value((50, 100))
    wait(button(page, "Measure this person").click().run())
    assert "Person: from 50 to 100 % of the picture" in corrected(page)


def test_a_missed_repetition_is_added_by_hand(store: Store, two_visits: int) -> None:
    page = page_of("clients", two_visits)
    page = words_of_a_therapist(button(page, "Show result").click().run())
    add = next(b for b in page.button if b.label == "Add and measure again")
    add.click().run()
    assert [w.value for w in page.warning][-1] == "Give its start and its end."
    for label, value in (("Start in s", 0.5), ("End in s", 1.5)):
        next(n for n in reversed(page.number_input) if n.label == label).set_value(value)
    wait(next(b for b in page.button if b.label == "Add and measure again").click().run())
    late = store.visits(two_visits)[1].assessments[0]
    (one,) = late.content["corrections"]  # type: ignore[misc]
    assert (one["what"], one["after"]) == ("rep_added", [0.5, 1.5])
    assert "added, 0.50 – 1.50 s" in corrected(page)


def test_a_correction_goes_on_whatever_is_clicked(
    store: Store, two_visits: int, stub: pytest.MonkeyPatch
) -> None:
    page = page_of("clients", two_visits)
    words_of_a_therapist(button(page, "Show result").click().run())
    next(c for c in page.checkbox if c.label == "This repetition counts").uncheck()
    stub.setenv("STUB_PAUSE", "0.1")
    next(b for b in page.button if b.label == "Measure again").click().run()
    # Meanwhile nothing of the result from before is shown as if it were the new one.
    assert [t.value for t in page.title] == ["Measuring again"]
    assert not page.metric
    assert not page.get("download_button")
    for name in ("methods", "clients"):
        page.switch_page(f"pages/{name}.py").run()
    wait(page)
    assert "Repetition 1: left out (" in corrected(page)
    assert len(store.visits(two_visits)[1].assessments[0].content["corrections"]) == 1  # type: ignore[arg-type]


def test_a_correction_that_does_not_fit_leaves_the_result(
    store: Store, two_visits: int, stub: pytest.MonkeyPatch
) -> None:
    page = page_of("clients", two_visits)
    words_of_a_therapist(button(page, "Show result").click().run())
    next(c for c in page.checkbox if c.label == "This repetition counts").uncheck()
    stub.setenv("STUB_MODE", "error")
    wait(next(b for b in page.button if b.label == "Measure again").click().run())
    (told,) = [e.value for e in page.error]
    assert "cannot be decoded" in told
    assert "as it was before" in told
    assert corrected(page) == ""
    assert page.metric
