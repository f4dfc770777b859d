"""Whose words the page uses: plain ones, or a therapist's."""

from __future__ import annotations

import streamlit as st

from movecheck.report.names import Audience

KEY = "audience"
CHOICES: dict[str, str] = {"patient": "Plain words", "therapist": "A therapist's words"}


def choose() -> None:
    """Ask in the sidebar, on every page."""
    with st.sidebar:
        st.radio(
            "Words",
            list(CHOICES),
            format_func=CHOICES.__getitem__,
            key=KEY,
            persist_state="session",
        )


def current() -> Audience:
    """Return what was chosen."""
    return "therapist" if st.session_state.get(KEY) == "therapist" else "patient"
