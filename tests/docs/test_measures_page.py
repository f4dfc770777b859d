"""The page of methods, and the words of every text that a person reads."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from movecheck.measures.names import DEFINITION
from movecheck.movements import load, names
from movecheck.reference.words import BANNED
from movecheck.report import names as of_report
from movecheck.report import phrases
from movecheck.report.words import DISCLAIMER, OUTSIDE_IS_COMMON, PLUS_MINUS, RESULTS
from movecheck.ui import words as of_page

ROOT = Path(__file__).parents[2]
# What a therapist's report may not say of a person either.
FORBIDDEN = BANNED | {"incorrect", "defect", "defective", "disorder", "impaired", "impairment"}


def test_every_angle_of_the_page_has_its_drawing_made_by_the_same_command():
    drawings = pytest.importorskip("validation.drawings")
    assert {*drawings.ANGLES, *drawings.TANGENTS} == set(DEFINITION)
    for stem in DEFINITION:
        kept = (drawings.FOLDER / f"{stem}.svg").read_text("utf-8")
        assert kept == drawings.drawing(stem), "run: python -m validation.methods"


def test_the_page_of_methods_is_made_from_the_data():
    methods = pytest.importorskip("validation.methods")
    page = methods.PAGE.read_text("utf-8")
    assert page == methods.page(), "run: python -m validation.methods"
    assert page == methods.page()
    for name in names():
        assert f"`{name}`" in page
        assert load(name).safety in page
        assert load(name).note in page


def texts() -> list[str]:
    """Every fixed text that movecheck shows to a person."""
    found: list[str] = [DISCLAIMER, OUTSIDE_IS_COMMON, PLUS_MINUS, *RESULTS.values()]
    for name in names():
        m = load(name)
        found += [m.name, m.plain, m.begins, m.ends, m.safety, m.note, *m.instructions]
    for table in (of_report.SIGNALS, of_report.KINDS, of_report.WHOLE):
        found += [text for pair in table.values() for text in pair]
    found += [*of_report.CHECKS.values()]
    for phrase in phrases.PHRASES.values():
        found += [phrase.above, phrase.below, phrase.unclear, phrase.technical]
    found += [str(value) for name, value in vars(of_page).items() if name.isupper()]
    return found


def test_no_text_judges_a_person():
    said = texts()
    assert len(said) > 250
    for text in said:
        words = set(re.findall(r"[a-z]+", text.lower()))
        assert not FORBIDDEN & words, text


def test_no_advice_in_the_code_judges_a_person():
    """Texts that are put together where they are needed: reasons, advice, errors."""
    folder = ROOT / "movecheck"
    quoted = re.compile(r'"([^"\n]{12,})"')
    for path in [*folder.rglob("*.py")]:
        for text in quoted.findall(path.read_text("utf-8")):
            if " " in text.strip():
                words = set(re.findall(r"[a-z]+", text.lower()))
                assert not (FORBIDDEN & words) - {"wrong", "poor", "normal"}, f"{path.name}: {text}"


def test_no_text_of_the_catalogue_judges_a_person():
    """The catalogue holds every text there is: movements, tables, reports, page, errors."""
    read_po = pytest.importorskip("babel.messages.pofile").read_po
    with (ROOT / "movecheck" / "locale" / "movecheck.pot").open("rb") as file:
        catalogue = read_po(file)
    every = [m.id if isinstance(m.id, str) else " ".join(m.id) for m in catalogue if m.id]
    assert len(every) > 1000
    word = re.compile(rf"\b({'|'.join(map(re.escape, sorted(FORBIDDEN)))})\b", re.IGNORECASE)
    # A file may be wrong; a person is not.
    of_files = "The assessment file is wrong at"
    found = [text for text in every if word.search(text) and not text.startswith(of_files)]
    assert found == []
