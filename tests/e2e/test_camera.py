"""Live recording in a real browser: the fake camera shows a drawn squat, or there is no camera."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pytest
from visitors import SAMPLE, Server, Visit, host_of, wait_healthy

from movecheck.pose.quarantine import quarantined
from movecheck.ui import words_live
from movecheck.ui.launch import command
from movecheck.ui.workspace import RECORDING
from validation.fake_camera import browser_flags, write_y4m

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

UPLOAD = words_live.INSTEAD_BUTTON
LEAST_FPS = 5  # on a busy machine; how many it can be is measured by validation.connect
NO_ANSWER = "navigator.mediaDevices.getUserMedia = () => new Promise(() => {});"
REFUSED = """navigator.mediaDevices.getUserMedia =
  () => Promise.reject(new DOMException('no', 'NotAllowedError'));"""


@pytest.fixture(scope="module")
def filmed(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A browser whose camera shows a person who stands for a while, then squats three times."""
    y4m = write_y4m(SAMPLE, tmp_path_factory.mktemp("camera") / "squat.y4m")
    flags = ["--no-sandbox", "--disable-gpu", *browser_flags(y4m)]
    found = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
    one = browser.browser_type.launch(executable_path=found, args=flags)
    yield one
    one.close()
    y4m.unlink()


def opened(browser: Any, server: Server, script: str = "") -> Visit:
    """Go to live recording as a new visitor."""
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    context.add_init_script(script)
    one = Visit(context.new_page())
    one.page.on("request", lambda request: one.hosts.add(host_of(request.url)))
    one.page.on("websocket", lambda socket: one.hosts.add(host_of(socket.url)))
    one.page.goto(server.url)
    one.continue_button().click(timeout=30_000)
    one.measure_button().wait_for()
    one.go("Record live")
    turn_on(one).wait_for()
    return one


def turn_on(one: Visit) -> Any:
    return one.page.get_by_role("button", name="Turn on the camera")


def stage(one: Visit) -> str:
    live = one.page.locator(".live")
    return str(live.get_attribute("data-stage")) if live.count() else "gone"


def said(one: Visit) -> str:
    return str(one.page.locator(".live .say").inner_text())


def watch(one: Visit, seconds: float = 120.0) -> tuple[list[str], list[int], list[str], list[str]]:
    """Follow the page until the recording is over; return stages, rates, counts and figures."""
    stages: list[str] = []
    rates: list[int] = []
    counts: list[str] = []
    figures: list[str] = []
    until = time.monotonic() + seconds
    live = one.page.locator(".live")
    while (now := stage(one)) not in ("gone", "failed", "saving"):
        assert time.monotonic() < until, f"still {now}: {said(one)}"
        if not stages or stages[-1] != now:
            stages.append(now)
        if now == "recording":
            rates.append(int(live.get_attribute("data-fps") or 0))
            counts.append(live.locator(".count").inner_text())
            figures.append(live.locator(".figure").inner_text())
        one.page.wait_for_timeout(150)
    return stages, rates, counts, figures


def recordings(server: Server) -> list[Path]:
    return list(server.data.parent.glob("movecheck-page-*/**/*.mp4"))


def test_camera_to_result(filmed: Any, server: Server, tmp_path: Path) -> None:
    of_others = set(recordings(server))  # whose pages were closed less than two minutes ago
    one = opened(filmed, server)
    turn_on(one).click()
    stages, rates, counts, figures = watch(one)
    assert stages == ["starting", "framing", "countdown", "recording"]
    assert counts[-1] == "3 of 3"
    assert {"0 of 3", "1 of 3", "2 of 3"} <= set(counts)
    bends = [int(text.rstrip("°").replace("−", "-")) for text in figures if text.endswith("°")]
    assert max(bends) > 70, "the angle does not follow the squat"
    assert min(bends) < 15
    assert max(rates) >= LEAST_FPS, rates
    one.wait_result()
    told = one.page.get_by_role("heading", level=1).inner_text()
    assert "You did 3 squats" in told
    assert "±" in told
    assert one.page.get_by_text("Squat, recorded live").is_visible()
    (video,) = [path for path in set(recordings(server)) - of_others if path.name == RECORDING]
    with av.open(str(video)) as recorded:
        assert recorded.streams.video[0].codec_context.name == "h264", "browsers do not play it"
    one.page.get_by_role("button", name="Delete this one").click()
    one.page.get_by_text("were deleted").wait_for()
    left = set(recordings(server)) - of_others
    assert not left, "a recording outlives its deletion"
    assert one.hosts <= {"localhost", "127.0.0.1"}, f"the page asked {one.hosts}"


def test_phone_and_keyboard_alone(filmed: Any, server: Server, tmp_path: Path) -> None:
    one = opened(filmed, server)
    one.page.set_viewport_size({"width": 390, "height": 844})
    one.page.wait_for_timeout(1000)
    assert one.fits()
    press(one, "Turn on the camera")
    one.page.locator('.live[data-stage="framing"]').wait_for(timeout=40_000)
    assert one.fits()
    press(one, "Start now")
    one.page.locator('.live[data-stage="recording"]').wait_for(timeout=20_000)
    assert one.fits()
    one.page.locator(".live .count").filter(has_text="of 3").wait_for(timeout=20_000)
    assert one.page.get_by_text("rough figures without ±").is_visible()
    one.picture(tmp_path / "recording_390.png")
    one.page.wait_for_timeout(2500)
    press(one, "Stop and see the result")
    one.page.get_by_role("progressbar").first.wait_for(timeout=30_000)
    one.page.get_by_role("button", name="Cancel").click()
    one.page.get_by_text("Stopped.").wait_for()


FOCUSED = """() => {
  let one = document.activeElement;
  while (one?.shadowRoot?.activeElement) one = one.shadowRoot.activeElement;
  return one?.innerText?.trim() ?? '';
}"""


def press(one: Visit, label: str, most: int = 40) -> None:
    """Reach a button by Tab, and press Enter."""
    for _ in range(most):
        if one.page.evaluate(FOCUSED) == label:
            one.page.keyboard.press("Enter")
            return
        one.page.keyboard.press("Tab")
    raise AssertionError(f"Tab never reaches {label!r}")


@pytest.mark.parametrize(
    ("script", "told"),
    [
        ("", "none"),  # a computer without a camera
        (REFUSED, "denied"),
        (NO_ANSWER, "slow"),  # a camera, or a person, that never answers
        ("delete MediaDevices.prototype.getUserMedia;", "no_way"),
    ],
)
def test_camera_that_does_not_start(browser: Any, server: Server, script: str, told: str) -> None:
    one = opened(browser, server, script=script)
    turn_on(one).click()
    one.page.get_by_text(words_live.BROWSER[told]).wait_for(timeout=15_000)
    link = one.page.get_by_role("link", name=UPLOAD)
    assert link.is_visible()
    link.click()
    one.measure_button().wait_for()
    assert one.page.locator("input[type=file]").count() == 1


def test_first_visitor_at_a_pages_own_address(browser: Any, needs: Path, tmp_path: Path) -> None:
    """The frame, and with it the lock, is there from the first visit on."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command(port, open_browser=False), cwd=tmp_path,
        env={**os.environ, "TMPDIR": str(tmp_path), "MOVECHECK_DATA_DIR": str(tmp_path / "data")},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        wait_healthy(f"http://localhost:{port}/_stcore/health", process)
        page = browser.new_page()
        page.goto(f"http://localhost:{port}/clients")
        page.get_by_role("heading", level=1).wait_for(timeout=30_000)
        links = page.get_by_test_id("stSidebarNavLink").all_inner_texts()
        assert [text.split()[-1] for text in links][:2] == ["movement", "live"], links
        page.close()
    finally:
        process.terminate()
        process.wait(timeout=20)


FAKE_CAMERA = """
import sys
import cv2
from movecheck import live
real, shown = cv2.VideoCapture, []
cv2.VideoCapture = lambda index: real(sys.argv[4])
cv2.imshow = lambda title, picture: shown.append(picture.shape)
cv2.waitKey = lambda ms: ord("q") if len(shown) >= int(sys.argv[5]) else -1
cv2.getWindowProperty = lambda title, what: 1.0
status = live.main(sys.argv[1:4])
assert len(shown) == int(sys.argv[5]) and len(set(shown)) == 1, shown[:3]
sys.exit(status)
"""


def test_window_with_a_camera_of_this_computer(needs: Path) -> None:
    """`movecheck live`, its camera being a video that is read as fast as it is looked at."""
    import cv2

    video = cv2.VideoCapture(str(SAMPLE))
    pictures = int(video.get(cv2.CAP_PROP_FRAME_COUNT)) - 2
    done = subprocess.run(
        [sys.executable, "-c", FAKE_CAMERA, "0", "squat", str(needs), str(SAMPLE), str(pictures)],
        env=quarantined(os.environ), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    assert done.stdout.startswith("3 squat"), done.stdout
