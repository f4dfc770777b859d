"""A passphrase for the page: asked for in each new session, where one was set.

It keeps a passer-by from opening what is kept, not a person who can read the disk: the files are
not encrypted. What is stored is a salted hash (scrypt, RFC 7914) with the cost that OWASP's
password storage cheat sheet names for 32 MB of memory (N = 2^15, r = 8, p = 3).
"""

from __future__ import annotations

import hashlib
import hmac
import json
import secrets
import threading
import time
from pathlib import Path

import streamlit as st

from movecheck.errors import DataError
from movecheck.export.atomic import write_text
from movecheck.marks import N_
from movecheck.settings import Settings
from movecheck.texts import _

FILE = "passphrase.json"
COST = {"n": 2**15, "r": 8, "p": 3}
LEAST_LETTERS = 8
PASSED = "unlocked"
FIRST_WAIT_S, LONGEST_WAIT_S = 1.0, 60.0
"""After a wrong phrase everybody waits, twice as long each time (our own choice)."""

TITLE = N_("This page is locked")
ASK = N_("Give the passphrase that was set on this computer.")
WRONG = N_("That is not the passphrase.")
FORGOTTEN = N_(
    "Forgotten? Whoever may open the data folder of movecheck on this computer can delete the file "
    "'passphrase.json' in it. Nothing else is lost."
)
SET_TITLE = N_("Passphrase")
WHAT_FOR = N_(
    "With a passphrase, each new visit to this page asks for it first. It keeps others who use "
    "this computer from opening the page. It does not encrypt: whoever can read the data folder or "
    "a backup can read what is kept. Encrypt the disk for that."
)


def file() -> Path:
    """Return where the hash of the passphrase lies."""
    return Settings().data_dir / FILE


def is_set() -> bool:
    """Tell whether a passphrase was set."""
    return file().is_file()


def set_phrase(phrase: str) -> None:
    """Set the passphrase.

    Raises
    ------
    DataError
        It is too short.
    """
    if len(phrase) < LEAST_LETTERS:
        raise DataError(
            f"A passphrase has at least {LEAST_LETTERS} letters.", "Several words are easy to keep."
        )
    salt = secrets.token_bytes(16)
    kept = {"kdf": "scrypt", **COST, "salt": salt.hex(), "hash": _hash(phrase, salt, COST).hex()}
    path = file()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_text(path, json.dumps(kept))
    path.chmod(0o600)


def remove() -> None:
    """Ask for no passphrase any more."""
    file().unlink(missing_ok=True)


def fits(phrase: str) -> bool:
    """Tell whether this is the passphrase; a file that cannot be read lets nobody in."""
    try:
        kept = json.loads(file().read_bytes())
        cost = {name: int(kept[name]) for name in COST}
        known = bytes.fromhex(kept["hash"])
        return hmac.compare_digest(_hash(phrase, bytes.fromhex(kept["salt"]), cost), known)
    except (OSError, ValueError, KeyError, TypeError):
        return False


def _hash(phrase: str, salt: bytes, cost: dict[str, int]) -> bytes:
    memory = 2 * 128 * cost["n"] * cost["r"]
    return hashlib.scrypt(phrase.encode(), salt=salt, maxmem=memory, dklen=32, **cost)


class Guard:
    """Slows down guessing, over all visitors of this page."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._wrong = 0
        self._until_s = 0.0

    def wait_s(self) -> float:
        """Return how long nobody may try yet."""
        return max(0.0, self._until_s - time.monotonic())

    def try_phrase(self, phrase: str) -> bool:
        """Tell whether this is the passphrase, one try at a time; while one must wait, no."""
        with self._lock:
            if self.wait_s() > 0:
                return False
            if fits(phrase):
                self._wrong = 0
                return True
            wait_s = min(FIRST_WAIT_S * 2**self._wrong, LONGEST_WAIT_S)
            self._wrong += 1
            self._until_s = time.monotonic() + wait_s
            return False


@st.cache_resource(show_spinner=False)
def guard() -> Guard:
    """Return the one guard of this server."""
    return Guard()


def passed() -> bool:
    """Tell whether the visitor may see the page: no passphrase is set, or they gave it."""
    return bool(st.session_state.get(PASSED)) or not is_set()


def screen() -> None:
    """Ask for the passphrase."""
    st.title(_(TITLE), anchor=False)
    st.markdown(_(ASK))
    with st.form("unlock", border=False):
        phrase = st.text_input(_(SET_TITLE), type="password", autocomplete="current-password")
        asked = st.form_submit_button(_("Open"), type="primary", icon=":material/lock_open:")
    if asked:
        wait_s = guard().wait_s()
        if guard().try_phrase(phrase):
            st.session_state[PASSED] = True
            st.rerun()
        if wait_s > 0:
            told = _("Wait {seconds} s before you try again.").format(seconds=int(wait_s) + 1)
            st.warning(told, icon=":material/hourglass_top:")
        else:
            st.error(_(WRONG), icon=":material/error_outline:")
    st.markdown(f":small[{_(FORGOTTEN)}]")


def settings() -> None:
    """Set, change or remove the passphrase."""
    st.header(_(SET_TITLE), anchor=False)
    st.markdown(_(WHAT_FOR))
    note = st.session_state.pop("phrase-notice", None)
    if note:
        st.success(note, icon=":material/check:")
    there = is_set()
    title = _("Change or remove the passphrase") if there else _("Set a passphrase")
    with (
        st.expander(title, icon=":material/key:"),
        st.form("passphrase", border=False, clear_on_submit=True),
    ):
        known = True
        if there:
            old = st.text_input(
                _("Passphrase now"), type="password", autocomplete="current-password"
            )
        new = [
            st.text_input(label, type="password", autocomplete="new-password")
            for label in (_("New passphrase"), _("New passphrase once more"))
        ]
        if there:
            st.markdown(f":small[{_('Leave the new one empty to remove it.')}]")
        if not st.form_submit_button(_("Save"), icon=":material/key:"):
            return
        if there:
            known = guard().try_phrase(old)
    if not known:
        st.error(_(WRONG), icon=":material/error_outline:")
    elif new[0] != new[1]:
        st.error(_("The two are not the same."), icon=":material/error_outline:")
    elif there and not new[0]:
        remove()
        _told(_("The passphrase was removed."))
    else:
        try:
            set_phrase(new[0])
        except DataError as error:
            st.error(f"{_(str(error))} {_(error.hint)}", icon=":material/error_outline:")
            return
        _told(_("The passphrase is set."))


def _told(note: str) -> None:
    st.session_state[PASSED] = True
    st.session_state["phrase-notice"] = note
    st.rerun()
