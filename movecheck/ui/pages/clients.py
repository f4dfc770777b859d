"""The page with kept results: clients, their visits, and what was measured at each."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

import streamlit as st

from movecheck.errors import DataError
from movecheck.report.names import movement_name
from movecheck.store.files import RECORDING
from movecheck.texts import _, day
from movecheck.ui import keep, questionnaires, words
from movecheck.ui import words_visits as say

if TYPE_CHECKING:
    from movecheck.store import Assessment, Visit

OPENED = "opened"


def main() -> None:
    """Draw the page, or the kept result that was opened."""
    opened = st.session_state.get(OPENED)
    if opened is not None and show_kept(opened):
        return
    st.title(_("Clients and visits"), anchor=False)
    note = st.session_state.pop("visits-notice", None)
    if note:
        st.success(note, icon=":material/check:")
    client = keep.whose(_(say.WHOSE))
    visits = keep.store().visits(client)
    if not visits:
        st.markdown(_(say.NO_VISITS))
    for visit in reversed(visits):
        one_visit(visit, visits)
    if visits:
        st.download_button(
            _("Export these visits (zip)"),
            data=lambda: keep.zipped(visits),
            file_name="movecheck-visits.zip",
            mime="application/zip",
            on_click="ignore",
            icon=":material/download:",
        )
    new_client()
    if client is not None:
        gone = partial(keep.store().delete_client, client)
        delete(_("Delete this client with all visits"), f"client-{client}", gone)


def one_visit(visit: Visit, visits: Sequence[Visit]) -> None:
    """Draw one visit: what was measured, scores, notes, and what to do with it."""
    with st.container(border=True):
        st.header(day(visit.day), anchor=False)
        for one in visit.assessments:
            with st.container(horizontal=True, vertical_alignment="center"):
                st.markdown(described(one))
                if st.button(_("Show result"), key=f"open-{one.id}", icon=":material/visibility:"):
                    st.session_state[OPENED] = (one.id, visit.id, visit.client_id)
                    st.rerun()
        for line in questionnaires.listed(visit.scores):
            st.markdown(words.escape(line))
        for note in visit.notes:
            st.text(note.text)
        with st.expander(_(questionnaires.TITLE)):
            questionnaires.form(visit, visits)
        with st.expander(_("Add a note, or delete this visit")):
            more(visit)


def described(one: Assessment) -> str:
    """Return what was measured, as Markdown."""
    video = f" · {_('video kept')}" if one.has_video else ""
    view = {"side": _("from the side"), "front": _("from the front")}.get(one.view, "")
    return f"**{words.escape(movement_name(one.movement))}** {view}{video}"


def more(visit: Visit) -> None:
    """Draw the form for a note, and the way to delete the visit."""
    with st.form(f"more-{visit.id}", border=False, clear_on_submit=True):
        note = st.text_area(_("Note"), key=f"note-{visit.id}")
        if st.form_submit_button(_("Add")):
            try:
                keep.store().add_note(visit.id, note)
            except DataError as error:
                keep.problem(error)
            else:
                st.rerun()
    gone = partial(keep.store().delete_visit, visit.id)
    delete(_("Delete this visit"), f"visit-{visit.id}", gone)


def new_client() -> None:
    """Draw the form that adds a client."""
    with (
        st.expander(_(say.NEW_CLIENT), icon=":material/person_add:"),
        st.form("new-client", border=False, clear_on_submit=True),
    ):
        name = st.text_input(_("Name or code"), max_chars=200)
        remark = st.text_input(_("Remark"))
        st.markdown(words.small(_(say.NEW_CLIENT_HELP)))
        if st.form_submit_button(_("Add this client")):
            try:
                st.session_state["new-client-id"] = keep.store().add_client(name, remark)
            except DataError as error:
                keep.problem(error)
            else:
                st.session_state["visits-notice"] = _("Added: {name}").format(
                    name=words.escape(name)
                )
                st.rerun()


def delete(label: str, key: str, how: Callable[[], None]) -> None:
    """Offer to delete a client or a visit; it takes a tick and a click."""
    sure = st.checkbox(f"{label}: {_(say.SURE)}", key=f"sure-{key}")
    if st.button(label, key=f"delete-{key}", disabled=not sure, icon=":material/delete:"):
        keep.erase(how)


def show_kept(opened: tuple[int, int, int | None]) -> bool:
    """Draw a kept result; False when it is not there any more."""
    from movecheck.ui.correct import Place
    from movecheck.ui.result import show

    number, client = opened[0], opened[2]
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
    if st.button(_("Back to the visits"), icon=":material/arrow_back:"):
        del st.session_state[OPENED]
        st.rerun()
    name = visit.client.name if visit.client else ""
    shown = " · ".join(filter(None, [name, day(visit.day)]))
    folder = keep.store().folder_of(one)
    recording = folder / RECORDING
    place = Place(
        recording if recording.is_file() else None, partial(keep.store().replace_result, one.id)
    )
    show(folder, shown, name, place)
    return True


main()
