"""The page with kept results: clients, their visits, and what was measured at each."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from movecheck.errors import DataError
from movecheck.report.names import movement_name
from movecheck.ui import keep, words
from movecheck.ui import words_visits as say

if TYPE_CHECKING:
    from movecheck.store import Assessment, Visit

OPENED = "opened"


def main() -> None:
    """Draw the page, or the kept result that was opened."""
    opened = st.session_state.get(OPENED)
    if opened is not None and show_kept(opened):
        return
    st.title("Clients and visits", anchor=False)
    note = st.session_state.pop("visits-notice", None)
    if note:
        st.success(note, icon=":material/check:")
    client = keep.whose()
    visits = keep.store().visits(client)
    if not visits:
        st.markdown(say.NO_VISITS)
    for visit in reversed(visits):
        one_visit(visit)
    if visits:
        st.download_button(
            "Export these visits (zip)",
            data=lambda: keep.zipped(visits),
            file_name="movecheck-visits.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
    new_client()
    if client is not None:
        gone = partial(keep.store().delete_client, client)
        delete("Delete this client with all visits", f"client-{client}", gone)


def one_visit(visit: Visit) -> None:
    """Draw one visit: what was measured, scores, notes, and what to do with it."""
    from movecheck.ui.trend import score_name

    with st.container(border=True):
        st.header(visit.day.isoformat(), anchor=False)
        for one in visit.assessments:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(described(one))
                if st.button("Show result", key=f"open-{one.id}", icon=":material/visibility:"):
                    st.session_state[OPENED] = (one.id, visit.id, visit.client_id)
                    st.rerun()
        if visit.scores:
            told = " · ".join(f"{score_name(s.kind)} {s.value:g}" for s in visit.scores)
            st.markdown(words.escape(told))
        for note in visit.notes:
            st.text(note.text)
        with st.expander("Add a note or a score, or delete"):
            more(visit)


def described(one: Assessment) -> str:
    """Return what was measured, as Markdown."""
    video = " · video kept" if one.has_video else ""
    view = {"side": "from the side", "front": "from the front"}.get(one.view, "")
    return f"**{words.escape(movement_name(one.movement))}** {view}{video}"


def more(visit: Visit) -> None:
    """Draw the form for a note or a score, and the way to delete the visit."""
    with st.form(f"more-{visit.id}", border=False, clear_on_submit=True):
        note = st.text_area("Note", key=f"note-{visit.id}")
        st.markdown(words.small(say.OTHER_SCORE))
        left, right = st.columns(2)
        kind = left.text_input("Name of the score", key=f"kind-{visit.id}", max_chars=80)
        value = right.number_input("Value", 0.0, 1000.0, value=None, key=f"value-{visit.id}")
        if st.form_submit_button("Add"):
            try:
                keep.store().add_note(visit.id, note)
                if kind.strip() and value is not None:
                    keep.store().set_score(visit.id, kind.strip(), value)
            except DataError as error:
                keep.problem(error)
            else:
                st.rerun()
    gone = partial(keep.store().delete_visit, visit.id)
    delete("Delete this visit", f"visit-{visit.id}", gone)


def new_client() -> None:
    """Draw the form that adds a client."""
    with (
        st.expander(say.NEW_CLIENT, icon=":material/person_add:"),
        st.form("new-client", border=False, clear_on_submit=True),
    ):
        name = st.text_input("Name or code", max_chars=200)
        remark = st.text_input("Remark")
        st.markdown(words.small(say.NEW_CLIENT_HELP))
        if st.form_submit_button("Add this client"):
            try:
                st.session_state["new-client-id"] = keep.store().add_client(name, remark)
            except DataError as error:
                keep.problem(error)
            else:
                st.session_state["visits-notice"] = f"Added: {words.escape(name)}"
                st.rerun()


def delete(label: str, key: str, how: Callable[[], None]) -> None:
    """Offer to delete a client or a visit; it takes a tick and a click."""
    sure = st.checkbox(f"{label}: {say.SURE.lower()}", key=f"sure-{key}")
    if st.button(label, key=f"delete-{key}", disabled=not sure, icon=":material/delete:"):
        keep.erase(how)


def show_kept(opened: tuple[int, int, int | None]) -> bool:
    """Draw a kept result; False when it is not there any more."""
    from movecheck.ui.result import show

    number, _, client = opened
    found = [
        (visit, one)
        for visit in keep.store().visits(client)
        for one in visit.assessments
        if one.id == number
    ]
    if not found:
        del st.session_state[OPENED]
        return False
    visit, one = found[0]
    if st.button("Back to the visits", icon=":material/arrow_back:"):
        del st.session_state[OPENED]
        st.rerun()
    name = visit.client.name if visit.client else ""
    shown = " · ".join(filter(None, [name, visit.day.isoformat()]))
    show(keep.store().folder_of(one), shown, name)
    return True


main()
