"""The page as a server: Streamlit's own pages, and the one socket of live recording.

Streamlit finds ``app`` by reading this file, so it is made here by name.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from movecheck.ui import job, workspace
from movecheck.ui.live_session import ROUTES

PAGE = Path(__file__).with_name("app.py")
# Streamlit takes a folder called "pages" for pages without a frame, until a first visitor has run
# the frame: whoever came before by a page's own address would pass the lock by.
PagesManager.uses_pages_directory = False


@asynccontextmanager
async def until_closed(_: st.App) -> AsyncIterator[None]:
    """End jobs and remove private folders with the server, which a signal ends before `atexit`."""
    try:
        yield
    finally:
        job.cancel_all()
        workspace.close_all()


app = st.App(PAGE, routes=ROUTES, lifespan=until_closed)
