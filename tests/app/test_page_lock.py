"""The passphrase: asked for in each new session, hashed, and slow to guess."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest
from test_page_check import button, opened, texts

from movecheck.errors import DataError
from movecheck.ui import lock

PHRASE = "four plain words here"


@pytest.fixture
def locked(stub: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    stub.setattr(lock, "COST", {"n": 2**10, "r": 8, "p": 1})
    lock.guard.clear()
    lock.set_phrase(PHRASE)
    return stub


def given(page: AppTest, phrase: str) -> AppTest:
    page.text_input[0].set_value(phrase)
    button(page, "Open").click().run()
    assert not page.exception
    return page


def test_without_a_passphrase_nothing_is_asked(stub: pytest.MonkeyPatch) -> None:
    assert not lock.is_set()
    assert lock.TITLE not in texts(opened())


def test_each_new_session_is_locked(locked: pytest.MonkeyPatch) -> None:
    for _ in range(2):
        page = opened()
        assert page.title[0].value == lock.TITLE
        assert not page.checkbox
        assert not page.sidebar.radio
    for name in ("clients", "privacy", "compare"):
        # The test runner draws a page without its frame, which asks first.
        page.switch_page(f"pages/{name}.py").run()
        assert page.title[-1].value == lock.TITLE
        assert [b.label for b in page.button] == ["Open"]
        assert not page.get("download_button")


def test_a_wrong_one_slows_everybody_down(locked: pytest.MonkeyPatch) -> None:
    now = 100.0
    locked.setattr(lock.time, "monotonic", lambda: now)
    guard = lock.Guard()
    waits = []
    for _ in range(9):
        assert not guard.try_phrase("a wrong one")
        waits.append(guard.wait_s())
        assert not guard.try_phrase(PHRASE), "the right one goes through while one must wait"
        now += guard.wait_s()
    assert waits == [1, 2, 4, 8, 16, 32, 60, 60, 60]
    assert guard.try_phrase(PHRASE)
    assert not guard.try_phrase("a wrong one")
    assert guard.wait_s() == 1


# Streamlit's test runner draws a page without its frame once it knows it; this is a frame alone.
FRAME = """
import streamlit as st
from movecheck.ui import lock
if lock.passed():
    st.title("inside")
else:
    lock.screen()
"""


def test_a_wrong_one_is_told(locked: pytest.MonkeyPatch) -> None:
    locked.setattr(lock, "FIRST_WAIT_S", 60.0)
    page = given(AppTest.from_string(FRAME, default_timeout=20).run(), "not this one")
    assert page.error[0].value == lock.WRONG
    page = given(page, PHRASE)
    assert "Wait" in page.warning[0].value
    assert page.title[0].value == lock.TITLE
    lock.guard.clear()
    assert given(page, PHRASE).title[0].value == "inside"


def test_only_a_salted_hash_is_stored(locked: pytest.MonkeyPatch) -> None:
    kept = json.loads(lock.file().read_text())
    assert PHRASE not in lock.file().read_text()
    assert lock.file().stat().st_mode & 0o777 == 0o600
    expected = hashlib.scrypt(
        PHRASE.encode(), salt=bytes.fromhex(kept["salt"]), n=2**10, r=8, p=1, dklen=32
    )
    assert kept["hash"] == expected.hex()
    lock.set_phrase(PHRASE)
    assert json.loads(lock.file().read_text())["salt"] != kept["salt"]


def test_a_damaged_file_lets_nobody_in(locked: pytest.MonkeyPatch) -> None:
    for text in ("", "{}", '{"n": 1}', "[]"):
        lock.file().write_text(text)
        assert not lock.fits(PHRASE)
        assert lock.is_set()


def test_the_cost_is_what_owasp_names() -> None:
    assert lock.COST == {"n": 2**15, "r": 8, "p": 3}


def test_set_change_and_remove_on_the_page(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub.setattr(lock, "COST", {"n": 2**10, "r": 8, "p": 1})
    lock.guard.clear()
    page = opened()
    page.switch_page("pages/privacy.py").run()

    def save(*phrases: str) -> AppTest:
        for field, phrase in zip(page.text_input, phrases, strict=True):
            field.set_value(phrase)
        button(page, "Save").click().run()
        assert not page.exception
        return page

    assert "at least 8" in save("short", "short").error[0].value
    assert "not the same" in save(PHRASE, PHRASE + "x").error[0].value
    assert not lock.is_set()
    save(PHRASE, PHRASE)
    assert lock.fits(PHRASE)
    assert "is set" in page.success[0].value
    assert save("a wrong one", "", "").error[0].value == lock.WRONG
    lock.guard.clear()
    save(PHRASE, "", "")
    assert not lock.is_set()


def test_too_short_is_refused(stub: pytest.MonkeyPatch) -> None:
    with pytest.raises(DataError):
        lock.set_phrase("seven77")
