"""A visitor of the page in a real browser, and the server that they visit."""

from __future__ import annotations

import subprocess
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

SAMPLE = Path(__file__).parents[2] / "samples" / "squat_side.mp4"


@dataclass
class Server:
    """A running page: its address, its port, its process, and where it keeps results."""

    url: str
    port: int
    process: subprocess.Popen[bytes]
    data: Path


def wait_healthy(url: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert process.poll() is None, "the server ended at once"
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.2)
    raise AssertionError("the server did not start")


@dataclass
class Visit:
    """One visitor's tab, and the hosts that it asked for anything."""

    page: Any
    hosts: set[str] = field(default_factory=set)

    def measure_button(self) -> Any:
        return self.page.get_by_role("button", name="Measure", exact=True)

    def continue_button(self) -> Any:
        return self.page.get_by_role("button", name="None of these is true: continue")

    def go(self, name: str) -> None:
        """Choose a page in the menu; on a phone the menu is opened first."""
        link = self.page.get_by_role("link", name=name)
        menu = self.page.get_by_test_id("stExpandSidebarButton")
        if menu.is_visible():
            menu.click()
        link.click()
        self.page.wait_for_function(
            "name => document.querySelector('[aria-current=page]')?.innerText.includes(name)",
            arg=name,
        )
        self.settle()

    def settle(self) -> None:
        """Wait until the script has run."""
        self.page.wait_for_timeout(300)
        state = '[data-testid="stApp"][data-test-script-state="notRunning"]'
        self.page.locator(state).wait_for()

    def wait_result(self, seconds: float = 240) -> None:
        self.page.get_by_role("heading", name="Take it with you").wait_for(timeout=seconds * 1000)

    def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(
            self.page.evaluate(
                """() => {
                  const main = document.querySelector('[data-testid="stMain"]');
                  return document.documentElement.scrollWidth <= window.innerWidth
                    && main.scrollWidth <= main.clientWidth;
                }"""
            )
        )

    def picture(self, path: Path) -> None:
        """Save the whole page as a picture."""
        size = self.page.viewport_size
        height = self.page.evaluate(
            "() => document.querySelector('[data-testid=stMain]').scrollHeight"
        )
        self.page.set_viewport_size({"width": size["width"], "height": int(height)})
        self.page.wait_for_timeout(800)
        self.page.screenshot(path=str(path))
        self.page.set_viewport_size(size)


def host_of(url: str) -> str:
    return urlsplit(url).hostname or "localhost"
