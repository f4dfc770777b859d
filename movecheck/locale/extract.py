"""What is taken from our files as texts; see "Texts" in CONTRIBUTING.md.

Besides what is marked (`_`, `N_`, `ngettext`, `pgettext`) these are texts: message and hint of
every error of ours, and the texts of movements and reference tables. An f-string becomes a
template: its values are found again when a message is told (`movecheck.texts`).
"""

from __future__ import annotations

import ast
import csv
import io
import re
import tomllib
from collections.abc import Iterator
from typing import Any, BinaryIO

from movecheck import errors
from movecheck.texts import TEMPLATE

Message = tuple[int, str, Any, list[str]]

ERRORS = frozenset(
    name
    for name, one in vars(errors).items()
    if isinstance(one, type) and issubclass(one, errors.MoveCheckError)
)
MOVEMENT_TEXTS = ("name", "instructions", "begins", "ends", "safety", "note")
FILES_OF_WORDS = (
    "ui/words.py",
    "**/words_*.py",
    "ui/safety.py",
    "report/names.py",
    "report/phrases.py",
)
"""Files whose constants are all texts."""
TABLE_TEXTS = ("caution", "reason", "people", "reading", "definition", "instrument")
IDENTIFIER = "[a-z]+(_[a-z0-9]+)+"


def from_python(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:
    """Take marked texts, and those of errors, from Python."""
    for node in ast.walk(ast.parse(file.read())):
        if isinstance(node, ast.Assign | ast.AnnAssign) and _target(node) == "default_hint":
            yield from _template(node.value, node.lineno)
        if not isinstance(node, ast.Call):
            continue
        name = node.func.attr if isinstance(node.func, ast.Attribute) else _name(node.func)
        plain = [arg.value for arg in node.args if isinstance(arg, ast.Constant)]
        if name in ERRORS:
            hints = [word.value for word in node.keywords if word.arg == "hint"]
            for arg in (*node.args[:2], *hints):
                yield from _template(arg, node.lineno)
        elif name == "N_":
            yield from _template(node.args[0], node.lineno)
        elif name == "_" and node.args:
            if isinstance(node.args[0], ast.JoinedStr):
                raise ValueError(f"line {node.lineno}: write _('... {{x}}').format(x=...)")
            if plain:
                yield node.lineno, "gettext", plain[0], []
        elif name in ("ngettext", "pgettext") and len(plain) >= 2:
            yield node.lineno, name, tuple(plain[:2]), []


def from_words(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Message]:
    """Take what `from_python` takes, and all texts of the constants of a file of words.

    Keys of a dict are no texts, nor are names such as ``pain_before``.
    """
    source = file.read()
    yield from from_python(io.BytesIO(source), keywords, comment_tags, options)
    for node in ast.parse(source).body:
        if isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for text in _texts(node.value):
                yield from _template(text, text.lineno)


def _texts(node: ast.AST) -> Iterator[ast.expr]:
    if isinstance(node, ast.JoinedStr):
        yield node
    elif isinstance(node, ast.Constant):
        if re.search("[A-Za-z]", str(node.value)) and not re.fullmatch(IDENTIFIER, str(node.value)):
            yield node
    elif not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        inside = node.values if isinstance(node, ast.Dict) else ast.iter_child_nodes(node)
        for one in inside:
            yield from _texts(one)


def _target(node: ast.Assign | ast.AnnAssign) -> str:
    return _name(node.targets[0] if isinstance(node, ast.Assign) else node.target)


def _name(node: ast.expr) -> str:
    return node.id if isinstance(node, ast.Name) else ""


def _template(node: ast.expr | None, line: int) -> Iterator[Message]:
    """Take a string; of an f-string its template."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield line, "gettext", node.value, []
    elif isinstance(node, ast.IfExp):
        yield from _template(node.body, line)
        yield from _template(node.orelse, line)
    elif isinstance(node, ast.JoinedStr):
        names: list[str] = []
        text = ""
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                names.append(_place(part.value, names))
                text += f"{{{names[-1]}}}"
            elif isinstance(part, ast.Constant):
                text += str(part.value)
        yield line, "pgettext", (TEMPLATE, text), []


def _place(value: ast.expr, taken: list[str]) -> str:
    """Name a place after the last name that its expression has, each place once."""
    found = [
        node.attr if isinstance(node, ast.Attribute) else node.id
        for node in ast.walk(value)
        if isinstance(node, ast.Attribute | ast.Name)
    ]
    skip = {"abs", "len", "join", "strip", "rstrip", "str", "int", "max", "min", "sorted"}
    name = next((one for one in found if one not in skip), "value").lower().strip("_")
    return name if name not in taken else f"{name}_{len(taken)}"


def from_movement(
    file: BinaryIO, keywords: Any, comment_tags: Any, options: Any
) -> Iterator[Message]:
    """Take the texts of a movement's file; what one does several of has a plural."""
    raw = tomllib.loads(file.read().decode())
    for key in MOVEMENT_TEXTS:
        text = raw.get(key, "")
        for one in text if isinstance(text, list) else [text]:
            if one:
                yield 1, "gettext", one, []
    yield 1, "ngettext", (raw["plain"], f"{raw['plain']}s"), []


def from_table(file: BinaryIO, keywords: Any, comment_tags: Any, options: Any) -> Iterator[Message]:
    """Take the sentences of a reference table."""
    for row in csv.DictReader(io.TextIOWrapper(file, "utf-8", newline="")):
        for key in TABLE_TEXTS:
            if row.get(key):
                yield 1, "gettext", row[key], []
