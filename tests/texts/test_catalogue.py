"""The catalogues are complete, in line with the sources, and choose their words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from gettext import GNUTranslations

import pytest
from babel.messages.catalog import Message

from movecheck import texts
from movecheck.locale.__main__ import missing, po_path, read, template
from movecheck.reference.words import BANNED

OTHERS = texts.languages()[1:]
PLACES = re.compile(r"\{(\w+)[^{}]*\}|%\((\w+)\)s")
BANNED_IN = {
    # a file of ours may be wrong; a person's movement is not
    "en": re.compile(rf"\b({'|'.join(BANNED - {'wrong'})})\b", re.I),
    "de": re.compile(
        r"fehlerhaft|a[nb]normal|\bnormal|\bschlecht|\bschwach|\bschwäch|fehlstellung|instabil"
        r"|dysfunktion|\bfalsch",
        re.I,
    ),
}
"""Words that reach nobody: we say how values differ, not what they are worth."""


def key(message: Message) -> tuple[str | None, str]:
    return message.context, message.id if isinstance(message.id, str) else message.id[0]


def forms(message: Message) -> Iterator[tuple[str, str]]:
    """Give each English form with its translation."""
    if isinstance(message.id, str):
        yield message.id, str(message.string)
    else:
        yield message.id[0], message.string[0]
        for more in message.string[1:]:
            yield message.id[1], more


def test_german_is_there() -> None:
    assert "de" in OTHERS


def test_the_template_holds_the_texts_of_the_sources() -> None:
    from babel.messages.pofile import read_po

    with (texts.FOLDER / "movecheck.pot").open("rb") as file:
        kept = {key(message) for message in read_po(file) if message.id}
    now = {key(message) for message in template() if message.id}
    assert now == kept, "run: python -m movecheck.locale"


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_is_translated(code: str) -> None:
    catalog = read(code)
    assert {key(m) for m in catalog if m.id} == {key(m) for m in template() if m.id}
    assert not [message.id for message in missing(catalog)]


@pytest.mark.parametrize("code", OTHERS)
def test_translations_have_the_places_of_the_english(code: str) -> None:
    for message in read(code):
        if not message.id or message.context not in (None, texts.TEMPLATE):
            continue
        for english, other in forms(message):
            assert sorted(PLACES.findall(english)) == sorted(PLACES.findall(other)), english
            assert english.count("**") == other.count("**"), english
            assert english.startswith(" ") == other.startswith(" "), english
            assert english.endswith(" ") == other.endswith(" "), english


@pytest.mark.parametrize("code", OTHERS)
def test_the_compiled_catalogue_says_what_the_written_one_says(code: str) -> None:
    with po_path(code).with_suffix(".mo").open("rb") as file:
        compiled = GNUTranslations(file)
    for message in read(code):
        if not message.id:
            continue
        if isinstance(message.id, str):
            got = (
                compiled.pgettext(message.context, message.id)
                if message.context
                else compiled.gettext(message.id)
            )
            assert got == message.string
        else:
            assert [compiled.ngettext(*message.id, n) for n in (1, 2)] == list(message.string)


def test_no_judging_words_in_any_language() -> None:
    for message in template():
        for text in [message.id] if isinstance(message.id, str) else message.id:
            assert not BANNED_IN["en"].search(text), text
    for code in OTHERS:
        for message in read(code):
            for _, text in forms(message) if message.id else ():
                assert not BANNED_IN[code].search(text), text
