"""The language of the page: each visitor has their own."""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

from movecheck import texts

KEY = "language"
# Streamlit writes <html lang="en"> and offers no other; a screen reader goes by it.
TELL_JS = "export default function ({ data }) { document.documentElement.lang = data.language; }"


def start() -> None:
    """Speak the visitor's language; the first thing that a run of a page or fragment does."""
    texts.use(st.session_state.get(KEY))


def choose() -> None:
    """Ask in the sidebar, on every page, and tell the browser which language the page is in."""
    known = texts.languages()
    with st.sidebar:
        if len(known) > 1:
            st.selectbox(
                " · ".join(map(_label, known)),
                known,
                index=known.index(texts.language()),
                format_func=texts.name_of,
                key=KEY,
                persist_state="session",
            )
        _tell()(data={"language": texts.language()}, key="html-language")


def _label(code: str) -> str:
    """Return the label in a language: whoever looks for theirs finds it."""
    with texts.speaking(code):
        return texts._("Language")


@cache
def _tell() -> Any:
    return st.components.v2.component("movecheck.language", js=TELL_JS)
