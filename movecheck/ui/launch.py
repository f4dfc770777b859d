"""How the page is started: on this computer alone, with no usage statistics."""

from __future__ import annotations

import sys
from pathlib import Path

APP = Path(__file__).with_name("server.py")
"""What Streamlit runs: the page, and the socket of live recording."""

OPTIONS: dict[str, str] = {
    "server.address": "localhost",
    "server.maxUploadSize": "200",
    "server.fileWatcherType": "none",
    "server.showEmailPrompt": "false",
    "browser.gatherUsageStats": "false",
    "runner.magicEnabled": "false",
    "client.toolbarMode": "minimal",
    "client.showErrorDetails": "none",
    "theme.baseRadius": "medium",
    "theme.headingFontSizes": '["2rem", "1.4rem", "1.15rem"]',
    "theme.light.primaryColor": "#17696f",
    "theme.light.textColor": "#22302f",
    "theme.light.secondaryBackgroundColor": "#f1f6f5",
    "theme.dark.primaryColor": "#6fb9b3",
}
"""Streamlit options of the page; ``.streamlit/config.toml`` says the same (a test holds it)."""


def command(port: int | None = None, *, open_browser: bool = True) -> list[str]:
    """Return the command line that starts the page.

    All options are given as flags, which win over any configuration file, so that the page is
    bound to this computer wherever it is started from.

    Parameters
    ----------
    port : int, optional
        Port to listen on; without it Streamlit takes its own (8501, or the next one free).
    open_browser : bool
        Whether to open the page in the person's browser.

    Returns
    -------
    list of str
        Program and arguments for `subprocess`.
    """
    arguments = [sys.executable, "-m", "streamlit", "run", str(APP)]
    options = dict(OPTIONS)
    options["server.headless"] = "false" if open_browser else "true"
    if port is not None:
        options["server.port"] = str(port)
    for name, value in options.items():
        arguments += [f"--{name}", value]
    return arguments
