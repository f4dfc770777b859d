"""On a phone the menu lies over the page: it closes once a page was chosen.

Streamlit leaves it open, so that one sees nothing of what one asked for.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import streamlit as st

WIDE_PX = 768
"""From this width on Streamlit puts the menu beside the page."""
JS = """
export default function ({ data }) {
  const close = (event) => {
    const link = event.target.closest?.('[data-testid=stSidebarNavLink]');
    if (!link || window.innerWidth >= data.wide) return;
    const button = '[data-testid=stSidebarCollapseButton] button';
    setTimeout(() => document.querySelector(button)?.click(), 100);
  };
  document.addEventListener('click', close);
  return () => document.removeEventListener('click', close);
}
"""


def close_menu() -> None:
    """Let the menu close by itself; drawn once in the frame."""
    with st.sidebar:
        _closes()(data={"wide": WIDE_PX}, key="phone-menu")


@cache
def _closes() -> Any:
    return st.components.v2.component("movecheck.phone", js=JS)
