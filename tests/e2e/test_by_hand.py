"""By hand and by keyboard: corrections, the passphrase, backups, clicks counted; a real browser."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from test_page import tab_to
from test_visits import NAME, choose, client, serious  # noqa: F401 - client is a fixture
from visitors import SAMPLE, Server, Visit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

COUNT_CLICKS = """
  window.clicks = 0;
  window.addEventListener('click', (event) => { if (event.isTrusted) window.clicks += 1; }, true);
"""


def clicks(one: Visit) -> int:
    return int(one.page.evaluate("() => window.clicks"))


def heading(one: Visit) -> str:
    return str(one.page.get_by_role("heading", level=1).inner_text())


def test_sample_to_result_in_three_clicks_and_corrected_by_hand(
    visit: Callable[..., Visit], tmp_path: Path
) -> None:
    one = visit(script=COUNT_CLICKS, safe=False)
    one.continue_button().click()
    one.page.get_by_role("button", name="Squat, from the side").click()
    one.wait_result()
    assert clicks(one) <= 3
    assert "You did 3 squats" in heading(one)
    one.page.get_by_text("A therapist's words").click()
    one.page.get_by_text("Correct by hand").click()
    one.settle()
    one.page.get_by_text("This repetition counts").click()
    one.settle()
    one.page.get_by_role("button", name="Measure again").first.click()
    one.page.get_by_text("Repetition 1: left out").wait_for(timeout=120_000)
    one.settle()
    assert "2 repetitions counted" in heading(one)
    assert serious(one) == []
    one.picture(tmp_path / "corrected_1280.png")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Everything (JSON)").click()
    told = json.loads(Path(download.value.path()).read_text())
    assert [c["what"] for c in told["corrections"]] == ["rep_counts"]
    assert [rep["excluded_reason"] for rep in told["reps"]] == ["left out by hand", None, None]
    one.settle()
    one.page.get_by_text("Correct by hand").click()
    one.settle()
    one.page.get_by_role("button", name="Take back the last correction").click()
    measured_again(one)
    assert one.page.get_by_text("Repetition 1: left out").count() == 0
    assert "3 repetitions counted" in heading(one)
    add(one, 0.2, 4.0)
    one.page.get_by_text("overlaps repetition 1").wait_for(timeout=120_000)
    assert "3 repetitions counted" in heading(one)
    add(one, 0.2, 1.2)
    one.go("Methods and sources")  # it goes on meanwhile
    one.go("Check a movement")
    one.page.get_by_text("Repetition 1: added, 0.20 – 1.20 s").wait_for(timeout=120_000)
    one.settle()
    assert "4 repetitions counted" in heading(one)
    assert one.page.get_by_text("yes, added by hand").count() == 1
    assert serious(one) == []
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Everything (JSON)").click()
    told = json.loads(Path(download.value.path()).read_text())
    assert [rep["by_hand"] for rep in told["reps"]] == [True, False, False, False]
    assert [(c["what"], c["rep"]) for c in told["corrections"]] == [("rep_added", 1)]


def measured_again(one: Visit) -> None:
    """Wait until a correction is worked in."""
    again = one.page.get_by_role("heading", name="Measuring again")
    again.wait_for()
    again.wait_for(state="detached", timeout=120_000)
    one.settle()


def add(one: Visit, start_s: float, end_s: float) -> None:
    """Add a repetition, in the form that folds out."""
    one.settle()
    one.page.get_by_text("Correct by hand").click()
    one.settle()
    for name, value in (("Start in s", start_s), ("End in s", end_s)):
        one.page.get_by_label(name).last.fill(str(value))
    one.page.get_by_role("button", name="Add and measure again").click()
    one.page.get_by_role("heading", name="Measuring again").wait_for()


def test_phone_video_to_result_in_five_clicks(visit: Callable[..., Visit]) -> None:
    one = visit(390, script=COUNT_CLICKS, safe=False)
    one.continue_button().click()
    with one.page.expect_file_chooser() as chooser:
        one.page.get_by_test_id("stFileUploader").locator("button").first.click()
    chooser.value.set_files(SAMPLE)  # a phone asks "camera or file" here: one tap more
    one.page.get_by_role("button", name="Delete this recording").wait_for()
    one.measure_button().click()
    one.page.get_by_role("progressbar").first.wait_for()
    assert clicks(one) + 1 <= 5
    one.page.get_by_role("button", name="Cancel").click()
    one.page.get_by_text("Stopped.").wait_for()


def test_keyboard_alone_on_a_phone(visit: Callable[..., Visit], client: str) -> None:  # noqa: F811
    one = visit(390, safe=False)
    tab_to(one, "continue")
    one.page.keyboard.press("Enter")
    one.measure_button().wait_for()
    one.page.keyboard.press("Home")
    tab_to_test_id(one, "stExpandSidebarButton")
    one.page.keyboard.press("Enter")
    tab_to_link(one, "Privacy and data")
    one.page.keyboard.press("Enter")
    one.page.get_by_role("heading", name="Privacy and data").wait_for()
    one.settle()
    tab_to(one, "Save a backup (zip)")
    with one.page.expect_download() as download:
        one.page.keyboard.press("Enter")
    assert Path(download.value.path()).read_bytes()[:2] == b"PK"


def tab_to_test_id(one: Visit, test_id: str, most: int = 80) -> None:
    focused = f"() => !!document.activeElement.closest('[data-testid={test_id}]')"
    _tab_until(one, focused, most)


def tab_to_link(one: Visit, name: str, most: int = 80) -> None:
    focused = f"() => document.activeElement.innerText.trim().endsWith({json.dumps(name)})"
    _tab_until(one, focused, most)


def _tab_until(one: Visit, focused: str, most: int) -> None:
    for _ in range(most):
        one.page.keyboard.press("Tab")
        if one.page.evaluate(focused):
            return
    raise AssertionError(f"Tab never gets there: {focused}")


@pytest.mark.parametrize("width", [1280, 390])
def test_a_result_and_all_that_folds_is_accessible(
    client: str,  # noqa: F811
    visit: Callable[..., Visit],
    width: int,
    tmp_path: Path,
) -> None:
    one = visit(width)
    one.go("Clients and visits")
    choose(one, client)
    unfold(one)
    assert serious(one) == []
    assert one.fits()
    one.page.get_by_role("button", name="Show result").first.click()
    one.wait_result(60)
    unfold(one)
    assert serious(one) == []
    assert one.fits()
    one.picture(tmp_path / f"unfolded_{width}.png")


def unfold(one: Visit) -> None:
    """Open everything that folds away."""
    for details in one.page.get_by_test_id("stExpander").locator("details").all():
        details.evaluate(
            "details => { if (!details.open) details.querySelector('summary').click() }"
        )
    one.settle()


@pytest.fixture
def locked(server: Server, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """A passphrase that is set in the data folder of the server."""
    from movecheck.ui import lock

    monkeypatch.setenv("MOVECHECK_DATA_DIR", str(server.data))
    lock.set_phrase("four plain words here")
    yield "four plain words here"
    lock.remove()


def test_a_locked_page_shows_nothing_until_it_is_opened(
    locked: str,
    client: str,  # noqa: F811
    server: Server,
    browser: Any,
    tmp_path: Path,
) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 844})
    one = Visit(context.new_page())
    try:
        # Straight to an inner page as well: each session is asked.
        for path in ("", "/clients", "/privacy", "/compare", "/record"):
            one.page.goto(f"{server.url}{path}")
            one.page.get_by_role("heading", name="This page is locked").wait_for(timeout=30_000)
            one.settle()
            assert NAME not in one.page.content()
            assert one.page.get_by_test_id("stSidebarNavLink").count() == 0
        assert serious(one) == []
        assert one.fits()
        one.page.goto(server.url)
        one.page.get_by_label("Passphrase").fill("not these words")
        one.page.get_by_test_id("stMain").get_by_role("button", name="Open").click()
        one.page.get_by_text("That is not the passphrase").wait_for()
        one.page.wait_for_timeout(1500)
        one.page.get_by_label("Passphrase").fill(locked)
        one.page.keyboard.press("Enter")
        one.continue_button().wait_for()
    finally:
        context.close()


def test_saved_deleted_and_restored(
    client: str,  # noqa: F811
    server: Server,
    visit: Callable[..., Visit],
    tmp_path: Path,
) -> None:
    before = {p.name: p.stat().st_size for p in server.data.rglob("visits/*/*")}
    one = visit()
    one.go("Privacy and data")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Save a backup").click()
    backup = tmp_path / "backup.zip"
    download.value.save_as(backup)
    one.page.get_by_text("Delete everything that is kept: yes").click()
    one.page.get_by_role("button", name="Delete everything that is kept").click()
    one.page.get_by_text("neither a row nor a file is left").wait_for()
    assert list((server.data / "visits").iterdir()) == []
    one.page.locator("input[type=file]").set_input_files(backup)
    one.page.get_by_text("Everything of the backup is here again").wait_for()
    assert {p.name: p.stat().st_size for p in server.data.rglob("visits/*/*")} == before
    one.go("Clients and visits")
    choose(one, client)
    assert one.page.get_by_role("button", name="Show result").count() == 2
