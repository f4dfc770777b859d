"""The page in Streamlit's own test runner, with a stub in place of the tool."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from movecheck.movements import load, names
from movecheck.ui import safety, words
from movecheck.ui.workspace import PREFIX

APP = Path(__file__).parents[2] / "movecheck" / "ui" / "app.py"
HOSTILE = "../../<img src=x onerror=alert(1)> **x** $(rm -rf).mp4"


def opened() -> AppTest:
    page = AppTest.from_file(str(APP), default_timeout=20).run()
    assert not page.exception
    return page


def start() -> AppTest:
    """Open the page, past the warning signs."""
    page = button(opened(), safety.CONTINUE).click().run()
    assert not page.exception
    return page


def button(page: AppTest, label: str):
    return next(b for b in page.button if b.label == label)


def upload(page: AppTest, name: str = "me.mp4") -> AppTest:
    page.file_uploader[0].set_value((name, b"not really a video", "video/mp4")).run()
    assert not page.exception
    return page


def wait(page: AppTest, seconds: float = 20.0) -> AppTest:
    """Let the page poll until the job is over."""
    until = time.monotonic() + seconds
    while any(b.label == "Cancel" for b in page.button):
        assert time.monotonic() < until, "the job did not end"
        time.sleep(0.1)
        page.run()
    assert not page.exception
    return page


def folders(tmp_path: Path) -> list[Path]:
    return [p for p in tmp_path.glob(f"{PREFIX}*/*") if p.name != ".lock"]


def texts(page: AppTest) -> str:
    kinds = (page.title, page.header, page.subheader, page.markdown, page.caption, page.text)
    alerts = (page.error, page.warning, page.info)
    found = [str(item.value) for kind in (*kinds, *alerts) for item in kind]
    found += [b.label for b in page.button] + [f"{m.label} {m.value}" for m in page.metric]
    return "\n".join(found)


def test_empty_page_says_when_to_stop(stub: pytest.MonkeyPatch) -> None:
    page = start()
    assert page.markdown[0].value == words.INTRO
    shown = texts(page)
    assert words.STOP in shown
    assert words.NOT_A_DIAGNOSIS in shown


@pytest.mark.parametrize("number", range(len(safety.TODAY) + len(safety.ASK)))
def test_any_warning_sign_stops(stub: pytest.MonkeyPatch, number: int) -> None:
    page = opened()
    assert [c.label for c in page.checkbox] == [*safety.TODAY, *safety.ASK]
    page.checkbox[number].check().run()
    today = number < len(safety.TODAY)
    told = [e.value for e in (page.error if today else page.warning)]
    assert told == [safety.STOP_TODAY if today else safety.STOP_ASK]
    assert not page.file_uploader, "a recording can still be made"
    assert safety.CONTINUE not in [b.label for b in page.button]
    assert len(page.checkbox) == len(safety.TODAY) + len(safety.ASK)
    page.checkbox[number].uncheck().run()
    assert button(page, safety.CONTINUE)


def test_warning_signs_await_a_clinician_and_can_be_asked_again(stub: pytest.MonkeyPatch) -> None:
    page = opened()
    assert "await a clinician's sign-off" in texts(page)
    page = button(page, safety.CONTINUE).click().run()
    button(page, "Go through the warning signs again").click().run()
    assert len(page.checkbox) == len(safety.TODAY) + len(safety.ASK)
    assert not page.file_uploader


def test_every_movement_is_offered_with_what_to_do(stub: pytest.MonkeyPatch) -> None:
    page = start()
    offered = next(s for s in page.selectbox if s.label == "Movement")
    assert len(offered.options) == 1 + len(names())
    for name in names():
        movement = load(name)
        offered.set_value(name).run()
        assert not page.exception
        shown = texts(page).replace("\\", "")
        assert movement.instructions[0] in shown
        assert movement.safety in shown
        assert f"from the {movement.best_view}" in shown
        assert f"{movement.camera.height} height" in shown
        offered = next(s for s in page.selectbox if s.label == "Movement")


def test_measure_without_a_recording(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = button(start(), "Measure").click().run()
    assert page.warning[0].value == words.NO_RECORDING
    assert folders(tmp_path) == []


def test_upload_measure_result(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = upload(start())
    next(s for s in page.selectbox if s.label == "Movement").set_value("squat")
    next(n for n in page.number_input if n.label == "Age").set_value(40)
    button(page, "Measure").click().run()
    wait(page)
    assert page.title[0].value.startswith("You did 3 squats. Counted from standing, your left knee")
    assert "101° ± 7°".replace(" ", "\u00a0") in page.title[0].value
    arguments = json.loads(next(tmp_path.rglob("arguments.json")).read_text())
    assert arguments[0] == "assess"
    assert arguments[2:8] == ["--movement", "squat", "--view", "auto", "--age", "40"]
    assert "--overlay" in arguments
    assert "--progress-json" in arguments
    assert len(page.get("vega_lite_chart")) >= 3
    assert len(page.get("video")) == 1
    labels = {b.label for b in page.get("download_button")}
    assert {"Video with lines", "Everything (JSON)", "Report (PDF)", "Report (HTML)"} <= labels


def test_words_for_a_therapist(stub: pytest.MonkeyPatch) -> None:
    page = wait(button(upload(start()), "Measure").click().run())
    page.session_state["audience"] = "therapist"
    page.run()
    assert page.title[0].value.startswith("Squat\\: 3 repetitions counted")
    assert not page.exception


def test_error_of_the_tool_is_shown_with_its_hint(stub: pytest.MonkeyPatch) -> None:
    stub.setenv("STUB_MODE", "error")
    page = wait(button(upload(start()), "Measure").click().run())
    shown = page.error[0].value
    assert "The file cannot be decoded." in shown
    assert r"Record it again, \*please\*." in shown
    assert button(page, "Measure")


def test_crash_shows_no_traceback_and_no_path(stub: pytest.MonkeyPatch) -> None:
    stub.setenv("STUB_MODE", "crash")
    page = wait(button(upload(start()), "Measure").click().run())
    shown = texts(page)
    assert "stopped before it was finished" in shown
    assert "movecheck doctor" in shown
    assert "Traceback" not in shown
    assert "/path" not in shown


def test_hostile_name_is_text_and_never_a_path(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = upload(start(), HOSTILE)
    assert f"Recording: {HOSTILE}" in [t.value for t in page.text]
    assert not any("onerror" in str(m.value) for m in page.markdown)
    page = wait(button(page, "Measure").click().run())
    assert f"Recording: {HOSTILE}" in [t.value for t in page.text]
    names = {p.name for p in tmp_path.rglob("*")}
    assert "recording.mp4" in names
    assert not any("img" in name or "evil" in name for name in names)
    folder = next(tmp_path.glob(f"{PREFIX}*"))
    assert folder.stat().st_mode & 0o777 == 0o700


def test_delete_removes_recording_and_result(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = wait(button(upload(start()), "Measure").click().run())
    assert folders(tmp_path)
    button(page, "Delete this one").click().run()
    assert folders(tmp_path) == []
    assert words.DELETED in texts(page)
    assert page.file_uploader


def test_cancel_ends_the_child(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub.setenv("STUB_MODE", "slow")
    page = button(upload(start()), "Measure").click().run()
    button(page, "Cancel").click().run()
    assert not page.exception
    assert words.CANCELLED in texts(page)
    assert not list(tmp_path.rglob("result")), "the results of a cancelled job stay"


def test_damaged_result_is_one_sentence(
    stub: pytest.MonkeyPatch, tmp_path: Path, result_dir: Path
) -> None:
    broken = tmp_path / "broken"
    broken.mkdir()
    (broken / "assessment.json").write_text('{"reps": 3}')
    stub.setenv("STUB_RESULT", str(broken))
    page = wait(button(upload(start()), "Measure").click().run())
    assert page.error[0].value == words.CANNOT_READ


def test_methods_page(stub: pytest.MonkeyPatch) -> None:
    page = opened()
    page.switch_page("pages/methods.py").run()
    assert not page.exception
    shown = texts(page)
    assert "not a medical device" in shown
    assert "What it cannot say" in shown
    assert "doi.org" in shown.replace("\\", "")
    assert "Trunk inclination, peak" in shown, "what is compared is not listed"
    assert len(page.table) == 1
