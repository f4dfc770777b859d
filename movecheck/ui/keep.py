"""Keeping results: the store as the page reaches it, and the form that keeps a result."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import IO, TYPE_CHECKING

import streamlit as st

from movecheck.errors import DataError
from movecheck.texts import _, pgettext
from movecheck.ui import lock, words
from movecheck.ui import words_visits as say

if TYPE_CHECKING:
    from movecheck.store import Store, Visit

WHOSE = "whose"
PICTURES = "key-frames"
"""Where the session keeps the key pictures of the result shown last."""


def forget_pictures() -> None:
    """Drop the key pictures, as when what they show is deleted."""
    st.session_state.pop(PICTURES, None)


def store() -> Store:
    """Return the store; stops the page with a sentence when it cannot be reached."""
    from movecheck.store import StoreSettings

    # The frame asks as well; but whatever is drawn, nothing kept is shown while it is locked.
    if not lock.passed():
        lock.screen()
        st.stop()
    settings = StoreSettings()
    try:
        return _opened(str(settings.data_dir), settings.database_url)
    except DataError as error:
        problem(error)
        st.stop()


@st.cache_resource(show_spinner=False)
def _opened(folder: str, url: str | None) -> Store:
    from movecheck.store import Store

    return Store(Path(folder), url)


def problem(error: DataError) -> None:
    """Say what went wrong and what to do."""
    st.error(
        f"{words.escape(_(str(error)))} {words.escape(_(error.hint))}", icon=":material/error:"
    )


def erase(how: Callable[[], None]) -> None:
    """Delete something kept, and draw the page anew with a notice; or say what went wrong."""
    try:
        how()
    except DataError as error:
        problem(error)
        return
    forget_pictures()
    st.session_state["visits-notice"] = _(say.GONE)
    st.rerun()


def whose(label: str) -> int | None:
    """Ask whose visits: one's own, or a client's; without clients nothing is asked.

    Returns
    -------
    int or None
        Number of the client; None is oneself.
    """
    names: dict[int | None, str] = {None: _(say.MYSELF)}
    names |= {client.id: client.name for client in store().clients()}
    if len(names) == 1:
        return None
    if st.session_state.get(WHOSE) not in names:
        st.session_state[WHOSE] = None
    return st.selectbox(
        label,
        list(names),
        format_func=lambda number: names.get(number, ""),
        key=WHOSE,
        persist_state="session",
    )


def pain(kinds: Sequence[str], key: str = "") -> dict[str, int]:
    """Ask for pain from 0 to 10; what is left empty is not returned."""
    places = st.columns(len(kinds)) if len(kinds) > 1 else [st.container()]
    told = {
        kind: place.number_input(
            _("{pain} (0 to 10)").format(pain=_(words.PAIN_KINDS[kind])),
            0,
            10,
            value=None,
            key=f"{key}{kind}",
            persist_state="session",
        )
        for kind, place in zip(kinds, places, strict=True)
    }
    return {kind: value for kind, value in told.items() if value is not None}


def keep_form(result_dir: Path, recording: Path | None) -> None:
    """Offer to keep the result with a visit."""
    st.header(_(say.KEEP_TITLE), anchor=False)
    if kept_as(result_dir) is not None:
        st.success(_(say.KEPT), icon=":material/check:")
        return
    st.markdown(words.small(_(say.KEEP)))
    with st.expander(_("Keep it with a visit"), icon=":material/bookmark_add:"):
        client = whose(_("For"))
        written = pgettext("the same for the date picker", "YYYY-MM-DD")
        day = st.date_input(
            _("Day of the visit"),
            "today",
            format=written,
            required=True,
        )
        st.markdown(words.small(_(words.PAIN)))
        scores = pain(tuple(words.PAIN_KINDS))
        note = st.text_area(_("Note"), key="keep-note")
        video = st.checkbox(_(say.KEEP_VIDEO), key="keep-video")
        if st.button(_("Keep"), type="primary", icon=":material/bookmark_add:"):
            assert isinstance(day, date)
            try:
                visit = store().visit(client, day)
                number = store().add_assessment(
                    visit, result_dir, keep_video=video, recording=recording
                )
                for kind, value in scores.items():
                    store().set_score(visit, kind, value)
                store().add_note(visit, note)
            except DataError as error:
                problem(error)
                return
            st.session_state["kept"] = (str(result_dir), number)
            st.rerun()


def kept_as(result_dir: Path) -> int | None:
    """Return the number under which a result was kept in this session, or None."""
    folder, number = st.session_state.get("kept") or ("", None)
    return number if folder == str(result_dir) else None


def put_in_place(result_dir: Path, new: Path) -> None:
    """Put a corrected result in place of the one shown, and of the one kept from it."""
    for path in new.iterdir():
        shutil.move(path, result_dir / path.name)
    number = kept_as(result_dir)
    if number is not None:
        store().replace_result(number, result_dir)


def zipped(visits: Sequence[Visit]) -> bytes:
    """Return visits as a zip."""
    from movecheck.store.files import export_zip

    with tempfile.TemporaryFile() as out:
        export_zip(store(), visits, out)
        out.seek(0)
        return out.read()


def all_visits() -> list[Visit]:
    """Return the visits of everybody."""
    numbers = [None, *(client.id for client in store().clients())]
    return [visit for number in numbers for visit in store().visits(number)]


def backup_mb() -> float:
    """Return how large a backup would be."""
    from movecheck.store.backup import size

    return size(store()) / 1e6


def backup() -> bytes:
    """Return everything that is kept as a backup."""
    from movecheck.store.backup import write_backup

    with tempfile.TemporaryFile() as out:
        write_backup(store(), out)
        out.seek(0)
        return out.read()


def restored(file: IO[bytes]) -> None:
    """Put everything of a backup into the store, which is empty."""
    from movecheck.store.backup import restore

    restore(store(), file)
