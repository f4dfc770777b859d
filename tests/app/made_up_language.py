"""A language with every text of the catalogue in brackets: what has none went past it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from google.protobuf.json_format import MessageToDict

from movecheck import texts
from movecheck.locale.__main__ import template

CODE = "qq"
OPEN, CLOSE = "⟦", "⟧"
WORD = re.compile(r"[A-Za-z]{3,}")
ENUM = re.compile("[A-Z_0-9]+")
MARKDOWN = r":small|:material/\w+:"
AS_THEY_ARE = ("decimal mark", "a day, as strftime writes it", "the same for the date picker")


def mark(text: str) -> str:
    """Say a text in the made-up language."""
    return f"{OPEN}{text}{CLOSE}"


def make(folder: Path) -> None:
    """Write the catalogue of the made-up language."""
    catalog = Catalog(CODE, fuzzy=False)
    for message in template():
        if not message.id or message.context in AS_THEY_ARE:
            continue
        several = not isinstance(message.id, str)
        told: Any = tuple(map(mark, message.id)) if several else mark(message.id)
        catalog.add(message.id, told, context=message.context)
    path = folder / CODE / "LC_MESSAGES" / f"{texts.DOMAIN}.mo"
    path.parent.mkdir(parents=True)
    with path.open("wb") as file:
        write_mo(file, catalog)


def outside(text: str) -> str:
    """Return what of a text stands in no brackets."""
    depth, kept = 0, []
    for letter in text:
        depth += letter == OPEN
        if depth == 0:
            kept.append(letter)
        depth -= letter == CLOSE
    return "".join(kept)


def unmarked(found: Iterable[str], allowed: Iterable[str] = ()) -> list[str]:
    """Return the texts that have a word outside of brackets which is not allowed."""
    may = re.compile("|".join([MARKDOWN, *map(re.escape, allowed)]))
    left = [(text, may.sub("", outside(text.replace("\\", "")))) for text in found]
    return [text for text, rest in left if WORD.search(rest) and not ENUM.fullmatch(text)]


class Shown(HTMLParser):
    """The texts of an HTML page: what is read, and what is read aloud."""

    SILENT = ("style", "script", "dl")
    ALOUD = ("aria-label", "alt", "title", "placeholder")

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[str] = []
        self._silent = 0
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._silent += tag in self.SILENT
        self.found += [value for name, value in attrs if name in self.ALOUD and value]

    def handle_endtag(self, tag: str) -> None:
        self._silent -= tag in self.SILENT

    def handle_data(self, data: str) -> None:
        if not self._silent and data.strip():
            self.found.append(data.strip())


CODE_KEYS = frozenset(
    [
        "address",
        "appendId",
        "arrowData",
        "autocomplete",
        "bones",
        "componentName",
        "cssContent",
        "data",
        "deferredFileId",
        "elementType",
        "formId",
        "format",
        "hash",
        "height",
        "icon",
        "iconPosition",
        "id",
        "imgs",
        "isoFormat",
        "jsContent",
        "key",
        "marks",
        "mediaFileId",
        "mimetype",
        "movement",
        "page",
        "pagePath",
        "pageScriptHash",
        "src",
        "subtitles",
        "tag",
        "theme",
        "type",
        "unit",
        "url",
        "vegaLiteSchema",
        "width",
    ]
)
"""Fields of Streamlit's messages that hold no text for a person."""


def of_page(node: Any) -> Iterator[str]:
    """Give the texts of a page as Streamlit's test runner has it: every field that is no code."""
    proto = getattr(node, "proto", None)
    if proto is not None:
        yield from strings(MessageToDict(proto))
    if getattr(node, "type", "") in ("arrow_data_frame", "arrow_table"):
        table = node.value
        yield from map(str, table.columns)
        yield from (str(cell) for row in table.to_numpy() for cell in row)
    for child in getattr(node, "children", {}).values():
        yield from of_page(child)


def strings(tree: Any, key: str = "") -> Iterator[str]:
    """Give the texts of a message, or of data as JSON has it."""
    if key in CODE_KEYS:
        return
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from strings(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from strings(value, key)
    elif key == "spec":
        yield from _of_chart(json.loads(tree))
    elif isinstance(tree, str):
        if tree.startswith("{"):
            yield from strings(json.loads(tree))
        elif "<" in tree:
            yield from Shown(tree).found
        else:
            yield tree


def _of_chart(tree: Any, key: str = "") -> Iterator[str]:
    """Give titles, keys and written marks of a chart."""
    if isinstance(tree, dict):
        for name, value in tree.items():
            yield from _of_chart(value, name)
    elif isinstance(tree, list):
        for value in tree:
            yield from _of_chart(value, key)
    elif isinstance(tree, str) and key in ("title", "text", "domain", "side", "name", "visit"):
        yield tree
