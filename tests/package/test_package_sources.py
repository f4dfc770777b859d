"""No number that a figure rests on stands in the code without a word on where it comes from."""

from __future__ import annotations

import ast
import re
import tomllib
from importlib.resources import files
from pathlib import Path

import pytest

PACKAGE = Path(str(files("movecheck")))
MEASURES_NOTHING = {"export", "locale", "overlay", "report", "store", "ui"}
"""Folders whose numbers are sizes, colours and versions; but see `ALSO`."""
ALSO = ("ui/framing.py", "ui/live_goal.py")  # what is told to do, and how much of it

SOURCE = re.compile(
    r"\bour (own )?choice\b"
    r"|\bdrawn (people|persons|bodies)\b"  # measured on those of validation/
    r"|\bby definition\b|\bas published\b"
    r"|\b10\.\d{4,}/|https?://|\.csv\b"
    r"|\b[A-Z]\w+\b[^.]*\b(19|20)\d\d\b"  # Winter (2009)
    r"|\bas (for|in) [`\w]+\.\w+",  # another constant, which has a source of its own
    re.IGNORECASE,
)
SHARED = re.compile(
    r"\b(these|both|all of (it|them))\b", re.IGNORECASE
)  # what a comment says to serve all lines below it


def numeric(node: ast.expr | None) -> bool:
    match node:
        case ast.Constant(value=bool()):
            return False
        case ast.Constant(value=int() | float() as number):
            return number not in (0, 1)  # a start, an axis, an index
        case ast.UnaryOp(operand=inner):
            return numeric(inner)
        case ast.BinOp(left=left, right=right):
            return numeric(left) or numeric(right)
        case ast.Tuple(elts=parts) | ast.List(elts=parts) | ast.Dict(values=parts):
            return any(map(numeric, parts))
        case ast.Call(func=ast.Attribute(value=ast.Name(id="np")), args=parts):
            return any(map(numeric, parts))
    return False


def unsourced(source: str) -> list[str]:
    """Return the constants, and classes with numbers as defaults, that name no source."""
    lines, body = source.splitlines(), ast.parse(source).body

    def said(node: ast.stmt, after: ast.stmt | None) -> str:
        """Comments on the lines and above them, and the docstring below."""
        assert node.end_lineno
        words = [line.partition("#")[2] for line in lines[node.lineno - 1 : node.end_lineno]]
        above = node.lineno - 2
        own = True
        while above >= 0 and lines[above].strip():
            line = lines[above]
            if line.startswith("#"):
                block = []
                while above >= 0 and lines[above].startswith("#"):
                    block.insert(0, lines[above].lstrip("# "))
                    above -= 1
                text = " ".join(block)
                if own or SHARED.search(text):
                    words.append(text)
            own = False
            above -= 1
        match after:
            case ast.Expr(value=ast.Constant(value=str(text))):
                words.append(text)
        return " ".join(" ".join(words).split())

    out = []
    for node, after in zip(body, [*body[1:], None], strict=True):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if numeric(value):
                text = said(node, after)
            case ast.Assign(targets=[ast.Tuple(elts=names)], value=value) if numeric(value):
                name, text = ", ".join(map(ast.unparse, names)), said(node, after)
            case ast.AnnAssign(target=ast.Name(id=name), value=value) if numeric(value):
                text = said(node, after)
            case ast.ClassDef(name=name, body=parts):
                if not any(isinstance(p, ast.AnnAssign) and numeric(p.value) for p in parts):
                    continue
                text = " ".join((ast.get_docstring(node) or "").split())
            case _:
                continue
        if not SOURCE.search(text):
            out.append(name)
    return out


@pytest.mark.parametrize(
    ("code", "found"),
    [
        ("LEAST = 0.3  # of the way", ["LEAST"]),
        ("LEAST = 0.3  # of the way (our own choice)", []),
        ("# Our own choice.\nA = 1.0\nB = 2.0", ["B"]),
        ("# These are our own choice.\nA = 1.0\nB = 2.0\n\nC = (3, 4)", ["C"]),
        ('A = {"x": 1.0}\n"""Winter (2009), table 4.1."""', []),
        ('A: float = -0.5\n"""Of the trunk."""', ["A"]),
        ("A, B = 1, 2", ["A, B"]),
        ('class How:\n    """What is assumed."""\n    share: float = 0.3', ["How"]),
        ('NAMES = ("a", "b")\nON = True', []),
    ],
)
def test_a_number_without_a_source_is_found(code: str, found: list[str]):
    assert unsourced(code) == found


def test_every_number_in_code_has_a_source():
    paths = [
        path
        for path in sorted(PACKAGE.rglob("*.py"))
        if (at := path.relative_to(PACKAGE)).as_posix() in ALSO
        or at.parts[0] not in MEASURES_NOTHING
    ]
    assert len(paths) > 50
    missing = [
        f"{path.relative_to(PACKAGE)}: {name}"
        for path in paths
        for name in unsourced(path.read_text("utf-8"))
    ]
    assert not missing, "\n" + "\n".join(missing)


def unsourced_tables(text: str) -> list[str]:
    """Return the parts of a movement's file, between empty lines, with numbers and no source."""
    out, shared = [], ""
    for part in re.split(r"\n\s*\n", text):
        comments = " ".join(re.findall(r"^#\s*(.*)", part, re.MULTILINE))
        if SHARED.search(comments):
            shared = comments
        if numbers(tomllib.loads(part)) and not SOURCE.search(f"{comments} {shared}"):
            out.append(part)
    return out


def numbers(value: object) -> bool:
    match value:
        case bool():
            return False
        case int() | float():
            return True
        case dict():
            return any(map(numbers, value.values()))
        case list():
            return any(map(numbers, value))
    return False


def test_a_movement_s_number_without_a_source_is_found():
    assert unsourced_tables("# Our own choice.\n[a]\nleast = 2.0\n\n[b]\nleast = 3\n") == [
        "[b]\nleast = 3\n"
    ]
    assert not unsourced_tables("# Our own choice, both.\n[a]\nleast = 2.0\n\n[b]\nleast = 3\n")


def test_every_number_of_a_movement_has_a_source():
    folder = PACKAGE / "movements" / "data"
    missing = [
        f"{path.name}: {part}"
        for path in sorted(folder.glob("*.toml"))
        for part in unsourced_tables(path.read_text("utf-8"))
    ]
    assert not missing, "\n" + "\n".join(missing)
