"""The page about data: what is kept, where, and how to take it away or delete it."""

from __future__ import annotations

import streamlit as st

from movecheck.ui import keep
from movecheck.ui import words_visits as say


def main() -> None:
    """Draw the page."""
    st.title("Privacy and data", anchor=False)
    for title, lines in say.PRIVACY:
        st.header(title, anchor=False)
        st.markdown("\n".join(f"- {line}" for line in lines))
    st.header("What is kept now", anchor=False)
    note = st.session_state.pop("visits-notice", None)
    if note:
        st.success(note, icon=":material/check:")
    visits = keep.all_visits()
    clients = keep.store().clients()
    results = [one for visit in visits for one in visit.assessments]
    videos = sum(one.has_video for one in results)
    st.markdown(
        f"Clients: {len(clients)} · visits: {len(visits)} · results: {len(results)}, of them with "
        f"a video: {videos}"
    )
    if not visits and not clients:
        return
    st.download_button(
        say.EXPORT_ALL,
        data=lambda: keep.zipped(visits),
        file_name="movecheck-export.zip",
        mime="application/zip",
        on_click="ignore",
        icon=":material/download:",
    )
    sure = st.checkbox(f"{say.DELETE_ALL}: {say.SURE.lower()}", key="sure-all")
    if st.button(say.DELETE_ALL, disabled=not sure, icon=":material/delete_forever:"):
        keep.erase(keep.store().delete_all)


main()
