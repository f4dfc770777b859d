"""Finding a text again: word by word, from a template, and several in a row."""

from __future__ import annotations

import threading
from datetime import date

import pytest

from movecheck import texts
from movecheck.texts import _, decimal, kept, ngettext, speaking


def test_english_is_left_alone() -> None:
    with speaking("en"):
        assert _("Turn 25° so that your side faces the camera squarely.").startswith("Turn 25°")
        assert ngettext("{n} repetition", "{n} repetitions", 2) == "{n} repetitions"
        assert decimal("1.5") == "1.5"


def test_a_sentence_with_a_figure_is_found_again() -> None:
    with speaking("de"):
        told = _("Turn 25° so that your side faces the camera squarely.")
        assert told == "Drehen Sie sich um 25°, sodass Ihre Seite gerade zur Kamera zeigt."


def test_figures_get_the_decimal_mark_of_the_language() -> None:
    stored = (
        "The camera moved: it turned by up to 1.5°, and the picture shifted by up to 3 % of your "
        "height. Put the phone on something firm, and lean it against something."
    )
    with speaking("de"):
        assert "um bis zu 1,5°" in _(stored)


def test_several_sentences_in_a_row() -> None:
    stored = (
        "The feet do not stand still for long enough. "
        "Keep both feet in place, and nothing between you and the camera."
    )
    with speaking("de"):
        told = _(stored)
    assert told.startswith("Die Füße stehen nicht lange genug still. Lassen Sie beide Füße")


def test_a_text_in_a_place_is_told_too() -> None:
    stored = "It may be: squat or hip hinge. The recording does not show which. Choose it yourself."
    with speaking("de"):
        assert _(stored).startswith("Infrage kommt: Kniebeuge oder Hüftbeuge")
        held = "It lasted at least 12 s: the recording ends in the middle of it."
        told = "Es dauerte mindestens 12 s: die Aufnahme endet mittendrin."
        assert _(held) == told
        more = "Let the camera run before you begin and until you have ended."
        assert _(f"{held} {more}") == f"{told} {_(more)}"


def test_a_place_may_hold_sentences_of_somebody_else() -> None:
    with speaking("de"):
        told = _("the participants table is not CSV: Line 3. Expected 2 fields")
    assert told == "Die Teilnehmertabelle ist kein CSV: Line 3. Expected 2 fields"


def test_what_is_not_known_stays_as_it_is() -> None:
    unknown = "A sentence of a later version, 3.5 degrees. And one more?"
    with speaking("de"):
        assert _(unknown) == unknown
        beside = "It was not seen at this moment."
        assert _(f"{unknown} {beside}") == f"{unknown} {_(beside)}"


def test_a_name_that_looks_like_a_template_is_kept() -> None:
    with speaking("de"):
        assert _("there is no movement called 'lean to left'").endswith(
            "'lean to left' gibt es nicht"
        )


def test_plurals_and_days() -> None:
    with speaking("de"):
        assert ngettext("squat", "squats", 1) == "Kniebeuge"
        assert ngettext("squat", "squats", 3) == "Kniebeugen"
        assert texts.day(date(2026, 3, 9)) == "09.03.2026"
    assert texts.day(date(2026, 3, 9)) == "2026-03-09"


def test_two_threads_have_two_languages() -> None:
    told: dict[str, str] = {}
    both = threading.Barrier(2)

    def visitor(code: str) -> None:
        texts.use(code)
        both.wait()
        told[code] = _("Squat")

    threads = [threading.Thread(target=visitor, args=(code,)) for code in ("en", "de")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert told == {"en": "Squat", "de": "Kniebeuge"}


def test_what_runs_later_keeps_its_language() -> None:
    with speaking("de"):
        later = kept(lambda: _("Squat"))
    assert (_("Squat"), later()) == ("Squat", "Kniebeuge")


def test_the_environment_says_the_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(texts.VARIABLE, "de")
    assert texts.language() == "de"
    monkeypatch.setenv(texts.VARIABLE, "xx")
    assert texts.language() == "en"
    assert [texts.name_of(code) for code in texts.languages()][:2] == ["English", "Deutsch"]
