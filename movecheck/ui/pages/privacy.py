"""The page about data: what is kept, where, and how to take it away or delete it."""

from __future__ import annotations

from datetime import date

import streamlit as st

from movecheck.errors import DataError
from movecheck.texts import _
from movecheck.ui import keep, lock, words
from movecheck.ui import words_visits as say
from movecheck.ui.uploads import drop_from_memory


def main() -> None:
    """Draw the page."""
    st.title(_("Privacy and data"), anchor=False)
    for title, lines in say.PRIVACY:
        st.header(_(title), anchor=False)
        st.markdown("\n".join(f"- {_(line)}" for line in lines))
    st.header(_("What is kept now"), anchor=False)
    note = st.session_state.pop("visits-notice", None)
    if note:
        st.success(note, icon=":material/check:")
    visits = keep.all_visits()
    clients = keep.store().clients()
    results = [one for visit in visits for one in visit.assessments]
    videos = sum(one.has_video for one in results)
    st.markdown(
        _(
            "Clients: {clients} · visits: {visits} · results: {results}, of them with a video: "
            "{videos}"
        ).format(clients=len(clients), visits=len(visits), results=len(results), videos=videos)
    )
    if visits or clients:
        st.download_button(
            _(say.EXPORT_ALL),
            data=lambda: keep.zipped(visits),
            file_name="movecheck-export.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
        sure = st.checkbox(f"{_(say.DELETE_ALL)}: {_(say.SURE)}", key="sure-all")
        if st.button(_(say.DELETE_ALL), disabled=not sure, icon=":material/delete_forever:"):
            keep.erase(keep.store().delete_all)
    backups(empty=not visits and not clients)
    lock.settings()


def backups(empty: bool) -> None:
    """Save everything as one file, and put it back into an empty store."""
    st.header(_(say.BACKUPS), anchor=False)
    st.markdown(_(say.BACKUP))
    if not empty:
        large = keep.backup_mb() > say.BACKUP_CAP_MB
        if large:
            st.markdown(_(say.BACKUP_LARGE))
        else:
            st.download_button(
                _("Save a backup (zip)"),
                data=keep.backup,
                file_name=f"movecheck-backup-{date.today().isoformat()}.zip",
                mime="application/zip",
                on_click="ignore",
                icon=":material/save:",
            )
        st.markdown(words.small(_(say.RESTORE_EMPTY)))
        return
    problem = st.session_state.pop("restore-problem", None)
    if problem is not None:
        keep.problem(problem)
    turn = st.session_state.setdefault("restore_turn", 0)
    upload = st.file_uploader(
        _("Restore from a backup"),
        type=["zip"],
        max_upload_size=say.BACKUP_CAP_MB,
        key=f"restore-{turn}",
    )
    if upload is None:
        return
    try:
        keep.restored(upload)
        st.session_state["visits-notice"] = _(say.RESTORED)
    except DataError as error:
        st.session_state["restore-problem"] = error
    drop_from_memory(upload)
    st.session_state["restore_turn"] = turn + 1
    st.rerun()


main()
