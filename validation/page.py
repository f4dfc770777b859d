"""What an upload of a minute of 1080p costs the page, for ``docs/speed.md``.

::

    python -m validation.page [--seconds 60] [--visitors 2]

A real browser uploads the recording to the page as `movecheck app` starts it. Told are the time to
the first sign of progress, the time to the result over the recording's length, and the memory of
the page's process before, at its highest and afterwards: at first, when the result loads the
libraries that draw it, and once more. Then several visitors do so at once.
"""

from __future__ import annotations

import argparse
import os
import shutil
import socket
import subprocess
import tempfile
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from movecheck.pose.model import ensure
from movecheck.pose.quarantine import LEAN
from movecheck.settings import Settings
from movecheck.ui.launch import command
from validation.speed import long_video

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "chrome"))), None)
"""The browser of this machine; without one, that of Playwright."""
REST_S = 3.0
"""Time in which a visitor who is done lets the page come to rest, before its memory is read."""


@dataclass(frozen=True)
class Server:
    """A running page."""

    url: str
    process: subprocess.Popen[bytes]

    def memory_mb(self) -> float:
        """Return the memory of the page's own process."""
        status = Path(f"/proc/{self.process.pid}/status").read_text()
        return int(status.partition("VmRSS:")[2].split()[0]) / 1024


class Highest:
    """The highest memory of a server while a block runs."""

    def __init__(self, server: Server) -> None:
        self._server, self.mb = server, 0.0
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)

    def _watch(self) -> None:
        while not self._over.wait(0.1):
            self.mb = max(self.mb, self._server.memory_mb())

    def __enter__(self) -> Highest:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._over.set()
        self._thread.join()


@contextmanager
def served(place: Path) -> Iterator[Server]:
    """Start the page with folders of its own."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    model = ensure(Settings())
    folders = {"TMPDIR": str(place), "MOVECHECK_DATA_DIR": str(place / "data")}
    process = subprocess.Popen(
        command(port, open_browser=False),
        env={**os.environ, **LEAN, **folders, "MOVECHECK_MODEL": str(model)},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://localhost:{port}"
    try:
        _wait_healthy(f"{url}/_stcore/health", process)
        yield Server(url, process)
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_healthy(url: str, process: subprocess.Popen[bytes]) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            with urllib.request.urlopen(url, timeout=2):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError("the page did not start")


class Visitor:
    """One browser window on the page."""

    def __init__(self, browser: Any, server: Server) -> None:
        self.page = browser.new_context().new_page()
        self.page.set_default_timeout(300_000)
        self.page.goto(server.url)
        self.page.get_by_role("button", name="None of these is true: continue").click()
        self.page.get_by_role("button", name="Measure", exact=True).wait_for()

    def upload(self, video: Path) -> float:
        """Upload a recording and begin to measure; return the seconds to the first progress."""
        self.page.locator("input[type=file]").set_input_files(video)
        self.page.get_by_role("button", name="Delete this recording").wait_for()
        start = time.monotonic()
        self.page.get_by_role("button", name="Measure", exact=True).click()
        self.page.get_by_role("progressbar").first.wait_for()
        return time.monotonic() - start

    def see_result(self) -> str:
        """Wait for the result; return its main sentence."""
        self.page.get_by_role("heading", name="Take it with you").wait_for()
        return str(self.page.get_by_role("heading", level=1).inner_text())

    def leave(self) -> None:
        """Delete the recording and close the window."""
        self.page.get_by_role("button", name="Delete this one").click()
        self.page.get_by_text("were deleted").wait_for()
        self.page.context.close()
        time.sleep(REST_S)


def rested_mb(server: Server) -> float:
    """Return the page's memory once it has stayed the same for a while."""
    last, since = server.memory_mb(), time.monotonic()
    while time.monotonic() - since < 2 * REST_S:
        time.sleep(0.5)
        now = server.memory_mb()
        if abs(now - last) > 1.0:
            last, since = now, time.monotonic()
    return last


def one_visitor(browser: Any, server: Server, video: Path, seconds: float, which: str) -> None:
    """Upload, wait, delete, and print what it cost."""
    visitor = Visitor(browser, server)
    before = rested_mb(server)
    with Highest(server) as highest:
        start = time.monotonic()
        first = visitor.upload(video)
        visitor.see_result()
        took = time.monotonic() - start
        visitor.leave()
    after = server.memory_mb()
    print(
        f"{which}: first progress after {first:.1f} s, result after {took:.0f} s "
        f"({took / seconds:.2f} of its length); memory {before:.0f} MB before, "
        f"{highest.mb:.0f} at most, {after:.0f} afterwards ({100 * (after / before - 1):+.0f} %)",
        flush=True,
    )


def several(browser: Any, server: Server, video: Path, seconds: float, count: int) -> None:
    """Let several visitors measure at once; each must get the same sentence."""
    visitors = [Visitor(browser, server) for _ in range(count)]
    before = server.memory_mb()
    start = time.monotonic()
    firsts = [visitor.upload(video) for visitor in visitors]
    told = [visitor.see_result() for visitor in visitors]
    took = time.monotonic() - start
    for visitor in visitors:
        visitor.leave()
    after = server.memory_mb()
    print(
        f"{count} at once: first progress after {max(firsts):.1f} s, all results after "
        f"{took:.0f} s ({took / seconds:.2f} of the length); the same sentence for all: "
        f"{len(set(told)) == 1}; memory {before:.0f} MB before, {after:.0f} afterwards "
        f"({100 * (after / before - 1):+.0f} %)",
        flush=True,
    )


def main() -> None:
    """Measure and print."""
    from playwright.sync_api import sync_playwright

    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--visitors", type=int, default=2)
    given = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="movecheck-page-cost-") as name,
        served(Path(name)) as server,
        sync_playwright() as playwright,
    ):
        video = Path(name) / "one.mp4"
        long_video(video, given.seconds)
        print(f"recording: {given.seconds:.0f} s, {video.stat().st_size / 1e6:.0f} MB, "
              f"load of the machine {os.getloadavg()[0]:.1f}", flush=True)  # fmt: skip
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        for which in ("first", "second", "third"):
            one_visitor(browser, server, video, given.seconds, which)
        several(browser, server, video, given.seconds, given.visitors)
        browser.close()


if __name__ == "__main__":
    main()
