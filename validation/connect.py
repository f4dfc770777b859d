"""``python -m validation.connect``: how often, and how fast, does live recording connect?

Starts the page, opens it in Chromium with a fake camera as a new visitor, turns the camera on, and
waits until the page says what it sees; twenty times. Where it does not connect, the page must say
so and offer the upload. Prints a line for each try, and a summary.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from validation.fake_camera import browser_flags, write_y4m
from validation.page import CHROMIUM, served

SAMPLE = Path(__file__).parents[1] / "samples" / "squat_side.mp4"
PATIENCE_S = 40.0
WATCH_S = 6.0


@dataclass(frozen=True)
class Try:
    """One visitor: seconds until the page said what it sees (None: it did not), and the rate."""

    seconds: float | None
    fps: int
    fallback: bool


def main() -> int:
    """Run it; return 1 when fewer than 18 in 20 connect, or one fails without a fallback."""
    parser = argparse.ArgumentParser(prog="python -m validation.connect", description=__doc__)
    parser.add_argument("--tries", type=int, default=20)
    parser.add_argument("--video", type=Path, default=SAMPLE)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        y4m = write_y4m(given.video, place / "camera.y4m")
        with served(place) as server:
            tries = [_try(server.url, y4m, number) for number in range(given.tries)]
    took = [one.seconds for one in tries if one.seconds is not None]
    rates = [one.fps for one in tries if one.seconds is not None]
    print(f"connected {len(took)} of {len(tries)}")
    if took:
        print(f"seconds until seen: median {statistics.median(took):.1f}, most {max(took):.1f}")
        print(f"pictures a second: median {statistics.median(rates)}, least {min(rates)}")
    helped = all(one.fallback for one in tries if one.seconds is None)
    return 0 if helped and len(took) >= 0.9 * len(tries) else 1


def _try(url: str, y4m: Path, number: int) -> Try:
    from playwright.sync_api import sync_playwright

    flags = ["--no-sandbox", "--disable-gpu", *browser_flags(y4m)]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=flags)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(url)
        page.get_by_role("button", name="continue").click(timeout=30_000)
        page.get_by_role("button", name="Measure", exact=True).wait_for()
        page.get_by_role("link", name="Record live").click()
        page.get_by_role("button", name="Turn on the camera").click(timeout=30_000)
        one = _watch(page)
        browser.close()
    took = "did not connect" if one.seconds is None else f"{one.seconds:4.1f} s, {one.fps} fps"
    print(
        f"{number + 1:3}  {took}{'' if one.seconds else f', fallback {one.fallback}'}", flush=True
    )
    return one


def _watch(page: Any) -> Try:
    started = time.monotonic()
    live = page.locator(".live")
    while time.monotonic() - started < PATIENCE_S:
        stage = live.get_attribute("data-stage")
        if stage in ("framing", "countdown", "recording") and live.get_attribute("data-fps"):
            took = time.monotonic() - started
            page.wait_for_timeout(WATCH_S * 1000)
            return Try(took, int(live.get_attribute("data-fps") or 0), False)
        if stage == "failed":
            break
        time.sleep(0.1)
    offered = page.get_by_role("link", name="Record with the camera app and upload").is_visible()
    told = live.locator(".say").inner_text()
    return Try(None, 0, offered and "upload" in told)


if __name__ == "__main__":
    sys.exit(main())
