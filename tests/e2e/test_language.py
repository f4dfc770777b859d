"""The page in another language, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from visitors import Visit

from movecheck.texts import _, speaking
from movecheck.ui import safety, words

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


def german(text: str) -> str:
    with speaking("de"):
        return _(text)


def choose_german(one: Visit) -> None:
    """Choose it in the sidebar; on a phone the menu is opened and closed."""
    menu = one.page.get_by_test_id("stExpandSidebarButton")
    if menu.is_visible():
        menu.click()
    pick_german(one)
    one.page.get_by_role("heading", name=german(words.TITLE)).wait_for(state="attached")
    close = one.page.get_by_test_id("stSidebarCollapseButton").get_by_role("button")
    if one.page.viewport_size["width"] < 700:
        close.click()
    one.settle()


def pick_german(one: Visit) -> None:
    one.page.get_by_role("combobox", name="Language · Sprache").click()
    one.page.get_by_role("option", name="Deutsch").click()


def faults(one: Visit) -> list[str]:
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(one.page).response["violations"]
    return [fault["id"] for fault in found if fault["impact"] in ("serious", "critical")]


@pytest.mark.parametrize("width", [390, 1280])
def test_german(visit: Callable[..., Visit], tmp_path: Path, width: int) -> None:
    one, other = visit(width, safe=False), visit(width, safe=False)
    choose_german(one)
    assert one.page.evaluate("document.documentElement.lang") == "de"
    assert other.page.evaluate("document.documentElement.lang") == "en"
    assert one.fits()
    assert faults(one) == []
    one.picture(tmp_path / f"signs_de_{width}.png")
    one.page.get_by_role("button", name=german(safety.CONTINUE)).click()
    one.page.get_by_role("button", name="Messen", exact=True).wait_for()
    one.settle()
    assert one.fits()
    assert faults(one) == []
    one.picture(tmp_path / f"check_de_{width}.png")
    other.continue_button().wait_for()
    if width < 700:
        return
    other.continue_button().click()
    other.measure_button().wait_for()
    other.go("Record live")
    other.page.get_by_role("button", name="Turn on the camera").wait_for()
    pick_german(other)
    other.page.get_by_role("button", name=german("Turn on the camera")).wait_for()
    other.page.get_by_text(german("The camera is off.")).wait_for()
    one.page.get_by_role("button", name=german("Squat, from the side")).click()
    ready = one.page.get_by_role("heading", name=german("Take it with you"))
    ready.wait_for(timeout=240_000)
    one.settle()
    assert "Sie haben 3 Kniebeugen gemacht" in one.page.get_by_role("heading", level=1).inner_text()
    assert one.fits()
    assert faults(one) == []
    one.picture(tmp_path / f"result_de_{width}.png")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name=german("Report (PDF)")).click()
    report = pypdf.PdfReader(download.value.path(), strict=True)
    assert report.trailer["/Root"]["/Lang"] == "de"
    assert "Kniebeugen" in " ".join(report.pages[0].extract_text().split())
    one.page.set_viewport_size({"width": 390, "height": 844})
    one.page.wait_for_timeout(1000)
    assert one.fits(), "the page scrolls sideways on a phone"
    one.picture(tmp_path / "result_de_390.png")
