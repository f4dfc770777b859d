"""``python -m movecheck.locale``: bring the catalogues in line with the sources.

Writes ``movecheck.pot``, brings every language's ``movecheck.po`` in line with it, makes its
``movecheck.mo``, and says what is not translated. With the code of a new language, as in ``fr``,
its folder is made first. Babel is needed; what runs movecheck does without.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from babel import Locale
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from movecheck.locale import extract
from movecheck.texts import DOMAIN, FOLDER

METHODS: list[tuple[str, Any]] = [
    *((name, extract.from_words) for name in extract.FILES_OF_WORDS),
    ("**.py", extract.from_python),
    ("movements/data/*.toml", extract.from_movement),
    ("reference/data/*.csv", extract.from_table),
    ("report/*.j2", "jinja2"),
]
"""Which files hold texts, and what takes them; the first that fits is used."""
OPTIONS = {"report/*.j2": {"trimmed": "true"}}
WIDTH = 100


def template() -> Catalog:
    """Return all texts of the sources."""
    catalog = Catalog(fuzzy=False)
    found = extract_from_dir(FOLDER.parent, METHODS, OPTIONS)
    for _file, _line, message, _comments, context in found:
        catalog.add(message, context=context)
    return catalog


def read(code: str) -> Catalog:
    """Return the catalogue of a language; an empty one when there is none yet."""
    path = po_path(code)
    if not path.is_file():
        return Catalog(code)
    with path.open("rb") as file:
        return read_po(file, locale=code)


def po_path(code: str) -> Path:
    """Return where the texts of a language stand."""
    return FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.po"


def missing(catalog: Catalog) -> list[Message]:
    """Return the texts that have no translation."""
    return [
        message
        for message in catalog
        if message.id and (message.fuzzy or not _all_there(message.string))
    ]


def _all_there(text: Any) -> bool:
    return bool(text) and (isinstance(text, str) or all(text))


def write(catalog: Catalog, texts: Catalog) -> None:
    """Bring a language in line with the sources, and write it in both forms."""
    catalog.update(texts, no_fuzzy_matching=True, update_creation_date=False)
    catalog.obsolete.clear()
    code = str(catalog.locale_identifier)
    name = str(Locale.parse(code).english_name)
    catalog.header_comment = f"# {name} texts of movecheck."
    catalog.project, catalog.version, catalog.fuzzy = "movecheck", "", False
    catalog.msgid_bugs_address = catalog.last_translator = ""
    catalog.language_team = name
    path = po_path(code)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalog, width=WIDTH, sort_output=True, ignore_obsolete=True)
    with path.with_suffix(".mo").open("wb") as file:
        write_mo(file, catalog)


def main(codes: list[str]) -> None:
    """Bring everything in line."""
    texts = template()
    with (FOLDER / f"{DOMAIN}.pot").open("wb") as file:
        write_po(file, texts, width=WIDTH, omit_header=True, sort_output=True)
    known = {path.parts[-3] for path in FOLDER.glob(f"*/LC_MESSAGES/{DOMAIN}.po")}
    for code in sorted(known.union(codes)):
        catalog = read(code)
        write(catalog, texts)
        print(f"{code}: {len(catalog)} texts, {len(missing(catalog))} not translated")


if __name__ == "__main__":
    main(sys.argv[1:])
