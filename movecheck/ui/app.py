"""The page's frame: its pages and how to move between them. Runnable by `streamlit run`."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

PAGES = Path(__file__).with_name("pages")
# A file of ours: Streamlit fetches its own icons and emoji for this place from the internet.
ICON = Path(__file__).with_name("icon.png")


def main() -> None:
    """Draw the frame and the page that the visitor has chosen."""
    st.set_page_config(page_title="movecheck", page_icon=str(ICON))
    page = st.navigation(
        [
            st.Page(
                PAGES / "check.py", title="Your movement", icon=":material/videocam:", default=True
            ),
            st.Page(PAGES / "about.py", title="About", icon=":material/info:"),
        ],
        position="top",
    )
    page.run()


if __name__ == "__main__":
    main()
