"""The whole road in a real browser: server, page, tool, model, video.

They need the pose model, the sample and Chromium; without one of them they are skipped and say so.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import pypdf
import pytest
from visitors import SAMPLE, Server, Visit

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]

PLAYS = """async () => {
  const video = document.querySelector('video');
  video.muted = true;
  await video.play();
  const before = video.currentTime;
  await new Promise(resolve => setTimeout(resolve, 1200));
  return {width: video.videoWidth, error: video.error, moved: video.currentTime - before};
}"""

KEEP_SOCKETS = """
  const Real = window.WebSocket;
  window.sockets = [];
  window.WebSocket = class extends Real {
    constructor(...given) { super(...given); window.sockets.push(this); }
  };
"""


def test_upload_to_result(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit()
    one.picture(tmp_path / "empty_1280.png")
    one.page.locator("input[type=file]").set_input_files(SAMPLE)
    one.page.get_by_role("button", name="Delete this recording").wait_for()
    one.measure_button().click()
    one.page.get_by_role("progressbar").first.wait_for()
    one.wait_result()
    assert "You did" in one.page.get_by_role("heading", level=1).inner_text()
    assert "±" in one.page.get_by_role("heading", level=1).inner_text()
    played = one.page.evaluate(PLAYS)
    assert played["width"] > 0
    assert played["error"] is None
    assert played["moved"] > 0.3
    assert one.fits()
    one.picture(tmp_path / "result_1280.png")
    one.page.set_viewport_size({"width": 390, "height": 844})
    one.page.wait_for_timeout(1000)
    assert one.fits(), "the page scrolls sideways on a phone"
    one.picture(tmp_path / "result_390.png")
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Report (PDF)").click()
    report = pypdf.PdfReader(download.value.path(), strict=True)
    assert len(report.pages) == 1
    assert "You did 3 squats" in " ".join(report.pages[0].extract_text().split())
    with one.page.expect_download() as download:
        one.page.get_by_role("button", name="Report (HTML)").click()
    assert "not a medical device" in Path(download.value.path()).read_text()
    one.page.get_by_role("button", name="Delete this one").click()
    one.page.get_by_text("were deleted").wait_for()
    assert one.hosts <= {"localhost", "127.0.0.1"}, f"the page asked {one.hosts}"


def test_phone(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit(390)
    assert one.fits()
    one.picture(tmp_path / "empty_390.png")
    one.page.get_by_text("How to film").click()
    one.page.get_by_text("hip height").wait_for()
    assert one.fits()


def test_sample_is_one_click(visit: Callable[..., Visit]) -> None:
    one = visit()
    one.page.get_by_role("button", name="Squat, from the side").click()
    one.wait_result()
    assert "squats" in one.page.get_by_role("heading", level=1).inner_text()


FOCUSED = """() => {
  const one = document.activeElement;
  return one.tagName === 'BUTTON' ? one.innerText.trim() : '';
}"""


def tab_to(one: Visit, label: str, most: int = 60) -> None:
    """Press Tab until a button is reached."""
    for _ in range(most):
        one.page.keyboard.press("Tab")
        if one.page.evaluate(FOCUSED).endswith(label):
            return
    raise AssertionError(f"Tab never reaches {label!r}")


def test_keyboard_alone(visit: Callable[..., Visit]) -> None:
    one = visit(safe=False)
    tab_to(one, "continue")
    one.page.keyboard.press("Enter")
    one.measure_button().wait_for()
    tab_to(one, "Measure")
    one.page.keyboard.press("Enter")
    one.page.get_by_text("Choose a recording or a sample first.").wait_for()
    tab_to(one, "Squat, from the side")
    one.page.keyboard.press("Enter")
    one.page.get_by_role("progressbar").first.wait_for()
    tab_to(one, "Cancel")
    one.page.keyboard.press("Enter")
    one.page.get_by_text("Stopped.").wait_for()


def test_two_visitors_at_once(visit: Callable[..., Visit]) -> None:
    both = [visit(), visit()]
    for one in both:
        one.page.get_by_role("button", name="Squat, from the side").click()
        one.page.get_by_role("progressbar").first.wait_for()
    told = []
    for one in both:
        one.wait_result(400)
        told.append(one.page.get_by_role("heading", level=1).inner_text())
    assert told[0] == told[1]


def test_connection_lost_in_between(visit: Callable[..., Visit]) -> None:
    one = visit(script=KEEP_SOCKETS)
    one.page.locator("input[type=file]").set_input_files(SAMPLE)
    one.page.get_by_role("button", name="Delete this recording").wait_for()
    one.measure_button().click()
    one.page.get_by_role("progressbar").first.wait_for()
    one.page.wait_for_timeout(1000)
    one.page.evaluate("() => window.sockets.at(-1).close()")
    one.page.wait_for_function("() => window.sockets.length > 1")
    one.wait_result()
    assert "±" in one.page.get_by_role("heading", level=1).inner_text()


def test_file_that_is_no_video(visit: Callable[..., Visit], tmp_path: Path) -> None:
    one = visit(390)
    text = tmp_path / "holiday <b>.mp4"
    text.write_text("this is no video")
    one.page.locator("input[type=file]").set_input_files(text)
    one.page.get_by_role("button", name="Delete this recording").wait_for()
    assert one.page.get_by_text("Recording: holiday <b>.mp4").is_visible()
    one.measure_button().click()
    alert = one.page.get_by_test_id("stAlertContentError")
    alert.wait_for(timeout=60_000)
    told = alert.inner_text()
    assert "Traceback" not in told
    assert "Record" in told or "Use a video" in told
    assert one.fits()
    one.picture(tmp_path / "error_390.png")


def test_first_paint(visit: Callable[..., Visit], server: Server) -> None:
    one = visit()
    took = []
    for _ in range(4):
        started = time.monotonic()
        one.page.goto(server.url)
        one.continue_button().wait_for()
        took.append(time.monotonic() - started)
    assert min(took) <= 5.0, took  # about 1.2 s where nothing else runs


def test_listens_on_this_computer_alone(server: Server) -> None:
    found = []
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        if not Path(table).is_file():
            pytest.skip("no /proc/net on this system")
        for line in Path(table).read_text().splitlines()[1:]:
            address, state = line.split()[1], line.split()[3]
            host, _, port = address.partition(":")
            if state == "0A" and int(port, 16) == server.port:
                found.append(host)
    loopback = {"0100007F", "00000000000000000000000001000000"}
    assert found
    assert set(found) <= loopback
