from __future__ import annotations

import os
import signal
import socket
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from visitors import SAMPLE, Server, Visit, host_of, wait_healthy


@pytest.fixture(scope="session")
def needs() -> Path:
    """The pose model; skip, and say so, where something that the page needs is not there."""
    from movecheck.pose.model import find
    from movecheck.settings import Settings

    model = find(Settings())
    if model is None:
        pytest.skip("E2E NOT RUN: no pose model; run 'movecheck setup' first")
    if not SAMPLE.is_file():
        pytest.skip("E2E NOT RUN: samples/squat_side.mp4 is missing")
    return model


@pytest.fixture(scope="session")
def server(needs: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """The page, started from a folder of its own, with its private folders there too."""
    from movecheck.ui.launch import command

    place = tmp_path_factory.mktemp("server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = subprocess.Popen(
        command(port, open_browser=False),
        cwd=place,
        env={
            **os.environ,
            "TMPDIR": str(place),
            "HOME": os.environ.get("HOME", str(place)),
            # what is kept goes into a folder of these tests; the model stays where it is
            "MOVECHECK_DATA_DIR": str(place / "data"),
            "MOVECHECK_MODEL": str(needs),
        },
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_healthy(f"http://localhost:{port}/_stcore/health", process)
        yield Server(f"http://localhost:{port}", port, process, place / "data")
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(timeout=20)
    left = list(place.glob("movecheck-page-*"))
    assert not left, "private folders outlive the server"


@pytest.fixture
def visit(server: Server, browser: Any) -> Iterator[Callable[..., Visit]]:
    """Open the page as a new visitor, with a window of the given width."""
    contexts = []

    def open_page(width: int = 1280, script: str = "", *, safe: bool = True) -> Visit:
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.add_init_script(script)
        contexts.append(context)
        one = Visit(context.new_page())
        one.page.on("request", lambda request: one.hosts.add(host_of(request.url)))
        one.page.goto(server.url)
        one.continue_button().wait_for(timeout=30_000)
        if safe:
            one.continue_button().click()
            one.measure_button().wait_for()
        return one

    yield open_page
    for context in contexts:
        context.close()
