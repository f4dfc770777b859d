"""Whose words the page uses: plain ones, or a therapist's."""

from __future__ import annotations

import streamlit as st

from movecheck.marks import N_
from movecheck.report.names import Audience
from movecheck.texts import _

KEY = "audience"
CHOICES: dict[str, str] = {"patient": N_("Plain words"), "therapist": N_("A therapist's words")}


def choose() -> None:
    """Ask in the sidebar, on every page."""
    with st.sidebar:
        st.radio(
            _("Words"),
            list(CHOICES),
            format_func=lambda who: _(CHOICES[who]),
            key=KEY,
            persist_state="session",
        )


def current() -> Audience:
    """Return what was chosen."""
    return "therapist" if st.session_state.get(KEY) == "therapist" else "patient"
