"""The page's frame: its pages, how to move between them, and whose words are used."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from movecheck.marks import N_
from movecheck.texts import _
from movecheck.ui import again, audience, language, lock, phone

PAGES = Path(__file__).with_name("pages")
# A file of ours: Streamlit fetches its own icons and emoji for this place from the internet.
ICON = Path(__file__).with_name("icon.png")
TITLES = {
    "check": (N_("Check a movement"), "videocam"),
    "record": (N_("Record live"), "photo_camera"),
    "clients": (N_("Clients and visits"), "folder_shared"),
    "compare": (N_("Compare"), "compare_arrows"),
    "methods": (N_("Methods and sources"), "menu_book"),
    "privacy": (N_("Privacy and data"), "lock"),
}
"""File of a page: its title and its icon."""


def main() -> None:
    """Draw the frame and the page that the visitor has chosen."""
    language.start()
    st.set_page_config(page_title="movecheck", page_icon=str(ICON))
    page = st.navigation(
        [
            st.Page(
                PAGES / f"{name}.py",
                title=_(title),
                icon=f":material/{icon}:",
                default=name == "check",
            )
            for name, (title, icon) in TITLES.items()
        ],
        position="sidebar" if lock.passed() else "hidden",
    )
    if not lock.passed():
        language.choose()
        lock.screen()
        return
    audience.choose()
    language.choose()
    phone.close_menu()
    again.settle()
    page.run()


if __name__ == "__main__":
    main()
