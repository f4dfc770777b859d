"""Clients, two visits compared, deleting, warning signs, accessibility: in a real browser."""

from __future__ import annotations

import json
import sqlite3
import sys
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from visitors import Server, Visit

sys.path.insert(0, str(Path(__file__).parents[1] / "app"))
import made_up_result

from movecheck.store import Store
from movecheck.ui.app import TITLES

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

NAME = "Zoë Łukasz"
NOTHING_SERIOUS = {"minor", "moderate", None}


@pytest.fixture
def client(server: Server, tmp_path: Path) -> str:
    """A client with two visits: the knee 20 degrees further at the later one."""
    store = Store(server.data)
    store.delete_all()
    number = store.add_client(NAME)
    for day, knee in ((date(2026, 3, 1), 90.0), (date(2026, 3, 15), 110.0)):
        folder = made_up_result.make(tmp_path / day.isoformat())
        raw = made_up_result.assessment()
        for row in raw["measures"]:
            if row["id"] == "knee_flexion_range" and row["side"] == "left":
                row["value"] = knee
        (folder / "assessment.json").write_text(json.dumps(raw))
        store.add_assessment(store.visit(number, day), folder, keep_video=True)
    store.close()
    return NAME


def choose(one: Visit, name: str) -> None:
    # the menu beside the page has one of its own, for the language
    one.page.get_by_test_id("stMain").get_by_role("combobox").first.click()
    one.page.get_by_role("option", name=name).click()
    one.settle()


def serious(one: Visit) -> list[str]:
    """Return what axe finds that is serious or critical."""
    axe = pytest.importorskip(
        "axe_playwright_python.sync_playwright", reason="ACCESSIBILITY NOT TESTED: no axe"
    )
    one.page.wait_for_timeout(800)
    found = axe.Axe().run(one.page).response["violations"]
    return [
        f"{v['id']}: {v['nodes'][0]['html'][:120]}"
        for v in found
        if v["impact"] not in NOTHING_SERIOUS
    ]


def test_warning_sign_stops(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit(390, safe=False)
    assert one.fits()
    assert serious(one) == []
    one.picture(tmp_path / "safety_390.png")
    one.page.get_by_text("Fever, or feeling very ill").click()
    one.page.get_by_text("Get medical help today").wait_for()
    assert one.page.locator("input[type=file]").count() == 0
    assert not one.continue_button().is_visible()
    one.page.get_by_text("Fever, or feeling very ill").click()
    one.continue_button().click()
    one.measure_button().wait_for()
    one.page.reload()
    one.continue_button().wait_for()


def test_two_visits_compared(client: str, visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit()
    one.go("Compare")
    choose(one, client)
    one.page.get_by_text("Real change").first.wait_for()
    one.page.get_by_text("Within measurement error").first.wait_for()
    one.page.get_by_role("heading", name="All visits").wait_for()
    assert one.page.locator("video").count() == 2
    assert one.page.get_by_test_id("stVegaLiteChart").count() >= 3
    assert serious(one) == []
    one.picture(tmp_path / "compare_1280.png")
    one.page.set_viewport_size({"width": 390, "height": 844})
    one.page.wait_for_timeout(1000)
    assert one.fits()
    assert one.hosts <= {"localhost", "127.0.0.1"}


def test_kept_result_opens_with_its_report(client: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.go("Clients and visits")
    choose(one, client)
    one.page.get_by_role("button", name="Show result").first.click()
    one.wait_result(30)
    assert "110°" in one.page.get_by_role("heading", level=1).inner_text()
    assert serious(one) == []
    cursor_follows_the_video(one)
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Report (PDF)").click()
    assert Path(download.value.path()).read_bytes()[:5] == b"%PDF-"


def cursor_follows_the_video(one: Visit) -> None:
    cursors, video = one.page.locator("line.cursor"), one.page.locator("video")
    assert cursors.count() == 3
    found = []
    for second in (3.0, 9.0):
        video.evaluate("(video, t) => { video.currentTime = t; }", second)
        one.page.wait_for_timeout(400)
        found.append([float(cursors.nth(i).get_attribute("x1") or 0) for i in range(3)])
    # the drawing is 588 units wide and 12 s long
    assert found[1][0] - found[0][0] == pytest.approx(588 * 6 / 12, abs=3)
    assert len(set(found[0])) == 1, "the cursors stand at different times"
    chart = one.page.locator(".charts svg").first
    box = chart.bounding_box()
    chart.click(position={"x": box["width"] / 2, "y": box["height"] / 2})
    # the middle of the picture, 44 of 640 units being the scale on the left and 8 the margin
    assert video.evaluate("video => video.currentTime") == pytest.approx(
        12 * (320 - 44) / 588, abs=0.3
    )


def test_videos_play_in_step(client: str, visit: Callable[..., Visit]) -> None:
    one = visit()
    one.go("Compare")
    choose(one, client)
    one.page.get_by_role("heading", name="All visits").wait_for()
    one.page.get_by_role("button", name="in step").click()
    one.page.wait_for_timeout(1000)
    times = one.page.evaluate(
        "() => [...document.querySelectorAll('video')].map(v => v.currentTime)"
    )
    # the middle repetition of the made-up result begins at 5 s
    assert all(5.0 < t < 8.0 for t in times), times
    assert times[0] == pytest.approx(times[1], abs=0.25)
    one.page.get_by_role("button", name="Stop").click()
    paused = one.page.evaluate("() => [...document.querySelectorAll('video')].every(v => v.paused)")
    assert paused


def test_delete_leaves_no_row_and_no_file(
    client: str, server: Server, visit: Callable[..., Visit]
) -> None:
    assert list(server.data.rglob("overlay.mp4"))
    one = visit()
    one.go("Clients and visits")
    choose(one, client)
    button = one.page.get_by_role("button", name="Delete this client with all visits")
    assert button.is_disabled()
    one.page.get_by_text("Delete this client with all visits: yes").click()
    button.click()
    one.page.get_by_text("neither a row nor a file is left").wait_for()
    assert list((server.data / "visits").iterdir()) == []
    with sqlite3.connect(server.data / "movecheck.sqlite") as raw:
        for table in ("client", "visit", "assessment", "note", "score"):
            assert raw.execute(f"SELECT count(*) FROM {table}").fetchone() == (0,)
    assert NAME.encode() not in (server.data / "movecheck.sqlite").read_bytes()


@pytest.mark.parametrize("width", [1280, 390])
def test_every_page_is_accessible_and_fits(
    client: str, visit: Callable[..., Visit], width: int, tmp_path: Path
) -> None:
    one = visit(width)
    told: dict[str, Any] = {}
    for name, (title, _) in TITLES.items():
        one.go(title)
        told[name] = serious(one)
        assert one.fits(), f"{name} scrolls sideways"
        one.picture(tmp_path / f"{name}_{width}.png")
    assert told == {name: [] for name in TITLES}


def test_words_for_a_therapist_stay_from_page_to_page(
    client: str, visit: Callable[..., Visit]
) -> None:
    one = visit()
    one.page.get_by_text("A therapist's words").click()
    one.go("Compare")
    choose(one, client)
    one.page.get_by_text("Knee flexion, change from standing").first.wait_for()
