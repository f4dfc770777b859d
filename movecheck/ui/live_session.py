"""Live recording in the page's server: one socket a visitor, one pose process a socket.

The browser sends its camera's pictures over a socket of the page itself, and gets back what they
show. Nothing else is opened: no port beside the page's own, no connection to another address, so
it works where the page works, also without any network. The page's process only passes bytes on.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import secrets
import sys
import weakref
from asyncio.subprocess import DEVNULL, PIPE, Process
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from starlette.routing import WebSocketRoute
from starlette.websockets import WebSocket, WebSocketDisconnect

from movecheck.errors import MoveCheckError
from movecheck.export.atomic import part_path
from movecheck.settings import Settings
from movecheck.ui.job import child_environment

MODULE = "movecheck.ui.live_worker"
MOST_BYTES = 8_000_000
"""Longest message: a large JPEG (our own choice)."""
PATH = "live"
"""Path of the socket, beside the page's own."""


@dataclass(eq=False)
class Live:
    """A visitor's live recording: which movement, and where its file goes.

    `key` is what the browser shows to reach it; it is as good as a password, and new each time.
    `complete` tells that the file is there and may be measured.
    """

    movement: str
    path: Path
    key: str = field(default_factory=lambda: secrets.token_urlsafe(24))
    complete: bool = False

    def __post_init__(self) -> None:
        _OPEN[self.key] = self

    @property
    def address(self) -> str:
        """Path of the socket, relative to the page's."""
        return f"{PATH}/{self.key}"


_OPEN: weakref.WeakValueDictionary[str, Live] = weakref.WeakValueDictionary()
"""Those that a visitor's session still holds."""


async def socket(ws: WebSocket) -> None:
    """Serve one browser until it leaves."""
    live = _OPEN.get(ws.path_params["key"])
    if live is None or not same_origin(ws.headers.get("origin"), ws.headers.get("host")):
        await ws.close(4404)
        return
    await ws.accept()
    try:
        process = await _start(ws, live)
    except MoveCheckError as error:
        await ws.send_text(json.dumps({"error": str(error), "hint": error.hint}))
        await ws.close()
        return
    try:
        live.complete = False
        await _until_one_ends(_pictures(ws, process), _answers(ws, process, live))
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if not live.complete:  # the visitor turned the camera off, or left
            for left in (live.path, *live.path.parent.glob(part_path(live.path, "*").name)):
                left.unlink(missing_ok=True)
        with contextlib.suppress(RuntimeError, WebSocketDisconnect):
            await ws.close()


def same_origin(origin: str | None, host: str | None) -> bool:
    """Tell whether a page of this server asks: pages of others may open sockets, too."""
    return origin is not None and urlsplit(origin).netloc == host


async def _start(ws: WebSocket, live: Live) -> Process:
    """Start the pose process; the model is fetched first where it is not there yet."""
    from movecheck.pose.model import ensure, find
    from movecheck.pose.quarantine import quarantined

    settings = Settings()
    model = find(settings)
    if model is None:
        await ws.send_text(json.dumps({"model": True}))
        model = await asyncio.to_thread(ensure, settings)
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", MODULE, str(model), live.movement, str(live.path),
        stdin=PIPE, stdout=PIPE, stderr=DEVNULL,
        env=quarantined(child_environment()),
    )  # fmt: skip


async def _pictures(ws: WebSocket, process: Process) -> None:
    """Pass on what the browser sends."""
    assert process.stdin is not None
    # KeyError: a text, which no browser of ours sends
    with contextlib.suppress(WebSocketDisconnect, ConnectionError, KeyError):
        async for message in ws.iter_bytes():
            if len(message) > MOST_BYTES:
                return
            process.stdin.write(len(message).to_bytes(4, "little") + message)
            await process.stdin.drain()


async def _answers(ws: WebSocket, process: Process, live: Live) -> None:
    """Pass on what the pose process says; note a recording that is complete."""
    assert process.stdout is not None
    with contextlib.suppress(WebSocketDisconnect, ConnectionError, RuntimeError):
        async for line in process.stdout:
            live.complete |= b'"enough": true' in line
            await ws.send_text(line.decode())


async def _until_one_ends(*parts: object) -> None:
    tasks = [asyncio.ensure_future(part) for part in parts]  # type: ignore[call-overload]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


ROUTES = [WebSocketRoute(f"/{PATH}/{{key}}", socket)]
