"""Texts in the reader's language: English sentences are the keys, a catalogue gives the rest.

Files and the clinical core hold English. At the edges (page, report, command line) a text goes
through `_`. It knows a sentence that is in the catalogue word by word, one that was made from a
template of the catalogue ("Turn 25° ..." from "Turn {off}° ..."), and several of these in a row: so
a reason that a result file holds, figures and all, is told in the reader's language years later.
What the catalogue does not know stays English.

The language is that of the context (`use`), so two visitors of one page may have two, or else
``MOVECHECK_LANGUAGE``, which child processes inherit.
"""

from __future__ import annotations

import functools
import os
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import ParamSpec, TypeVar

FOLDER = Path(__file__).with_name("locale")
DOMAIN = "movecheck"
ENGLISH = "en"
VARIABLE = "MOVECHECK_LANGUAGE"
TEMPLATE = "template"
"""Context of texts that are made of a template somewhere else: an f-string in the core."""

P = ParamSpec("P")
T = TypeVar("T")

_chosen: ContextVar[str | None] = ContextVar("movecheck_language", default=None)
PLACE = re.compile(r"\{(\w+)(?:![rs])?(?::[^{}]*)?\}")
"""A place in a text that a value goes to."""
_NUMBER = re.compile(r"([-−+]?\d+)\.(\d+)(?=$|[ °])")
_WITHIN, _ACROSS = r"(?:(?![.!?]\s).)+?", ".+?"
"""What a place holds: nothing that goes on after a sentence, or anything."""
_OR = re.compile(r"( or )")
_SENTENCE_ENDS = re.compile(r"(?<=[.!?:;])\s+|$")


def languages() -> tuple[str, ...]:
    """Return the codes of the languages that there are, English first."""
    return _languages(FOLDER)


@functools.cache
def _languages(folder: Path) -> tuple[str, ...]:
    found = sorted(path.parts[-3] for path in folder.glob(f"*/LC_MESSAGES/{DOMAIN}.mo"))
    return (ENGLISH, *found)


def language() -> str:
    """Return the code of this context's language, one of `languages`."""
    wanted = _chosen.get() or os.environ.get(VARIABLE) or ENGLISH
    return wanted if wanted in languages() else ENGLISH


def use(code: str | None) -> None:
    """Take a language for this context (as a rule, a thread); None is that of the environment."""
    _chosen.set(code)


@contextmanager
def speaking(code: str) -> Iterator[None]:
    """Take a language for a while."""
    before = _chosen.set(code)
    try:
        yield
    finally:
        _chosen.reset(before)


def kept(function: Callable[P, T]) -> Callable[P, T]:
    """Return a function that speaks the language of now, whatever thread it will run in."""
    now = language()

    @functools.wraps(function)
    def spoken(*args: P.args, **kwargs: P.kwargs) -> T:
        with speaking(now):
            return function(*args, **kwargs)

    return spoken


def _(message: str) -> str:
    """Return a text in the reader's language, or as it is where the catalogue does not know it."""
    code = language()
    return message if code == ENGLISH else _told(code, message)


def ngettext(one: str, many: str, n: int) -> str:
    """Return the form of a text that goes with a number."""
    return _catalogue(language()).gettext.ngettext(one, many, n)


def pgettext(context: str, message: str) -> str:
    """Return a text whose English alone does not say enough: `context` tells two uses apart."""
    return _catalogue(language()).gettext.pgettext(context, message)


def decimal(number: str) -> str:
    """Return a written number with the reader's decimal mark."""
    return number.replace(".", pgettext("decimal mark", "."))


def day(when: date) -> str:
    """Return a date as the reader writes it."""
    return when.strftime(day_format())


def day_format() -> str:
    """Return how the reader writes a date, in the signs of `strftime`."""
    return pgettext("a day, as strftime writes it", "%Y-%m-%d")


def name_of(code: str) -> str:
    """Return the name of a language in that language."""
    with speaking(code):
        return pgettext("the name of this language", "English")


class _Catalogue:
    """The texts of one language, and the templates among them, the most telling first."""

    def __init__(self, path: Path | None) -> None:
        self.gettext: NullTranslations = NullTranslations()
        self.texts: dict[str, str] = {}
        self.templates: list[tuple[re.Pattern[str], str]] = []
        self.loose: list[tuple[re.Pattern[str], str]] = []
        if path is not None:
            with path.open("rb") as file:
                self.gettext = GNUTranslations(file)
            # The module has no other way to go through a catalogue. The key of a plural is its
            # English and the number of its form, that of a text with a context holds a \x04.
            every: dict[str | tuple[str, int], str] = self.gettext._catalog  # type: ignore[attr-defined]
            ones = {k[0]: text for k, text in every.items() if isinstance(k, tuple) and k[1] == 0}
            pairs = [*ones.items(), *((k, text) for k, text in every.items() if isinstance(k, str))]
            self.texts = {key: text for key, text in pairs if key and "\x04" not in key}
            mark = f"{TEMPLATE}\x04"
            found = [(key.removeprefix(mark), text) for key, text in pairs if key.startswith(mark)]
            found.sort(key=lambda pair: len(PLACE.sub("", pair[0])), reverse=True)
            self.templates = [(_pattern(key, _WITHIN), text) for key, text in found]
            self.loose = [(_pattern(key, _ACROSS), text) for key, text in found]

    def told(self, message: str) -> str:
        """Return a text that may be several sentences, each known or not."""
        whole = self._one(message)
        if whole is not None:
            return whole
        parts, rest, known = [], message, False
        while rest:
            ends = [end.start() for end in _SENTENCE_ENDS.finditer(rest)]
            found = ((end, self._one(rest[:end])) for end in reversed(ends))
            end, text = next((pair for pair in found if pair[1] is not None), (ends[0], None))
            parts.append(rest[:end] if text is None else text)
            known = known or text is not None
            rest = rest[end:].lstrip()
        # What a place holds may be sentences of somebody else, as of a library's error.
        return " ".join(parts) if known else self._made(message, self.loose) or message

    def _one(self, message: str) -> str | None:
        """Return one text of the catalogue, or one made from a template, or None."""
        return self.texts.get(message) or self._made(message, self.templates)

    def _made(self, message: str, templates: list[tuple[re.Pattern[str], str]]) -> str | None:
        for pattern, text in templates:
            if found := pattern.fullmatch(message):
                return self._filled(text, found)
        return None

    def _filled(self, text: str, found: re.Match[str]) -> str:
        return PLACE.sub(lambda place: self._value(found[place[1]]), text)

    def _value(self, value: str) -> str:
        """Return what stands in a place: a number, a text, or several as in "squat or lunge"."""
        mark = self.gettext.pgettext("decimal mark", ".")
        told = [self.texts.get(one) or self.texts.get(one.capitalize()) for one in _OR.split(value)]
        if None not in told:
            return "".join(filter(None, told))
        return _NUMBER.sub(rf"\1{mark}\2", value)


def _pattern(template: str, place_holds: str) -> re.Pattern[str]:
    """Return what fits a template with its places filled."""
    written, named, at = "", set[str](), 0
    for place in PLACE.finditer(template):
        name = place[1]
        written += re.escape(template[at : place.start()])
        written += f"(?P={name})" if name in named else f"(?P<{name}>{place_holds})"
        named.add(name)
        at = place.end()
    return re.compile(written + re.escape(template[at:]), re.DOTALL)


@functools.cache
def _catalogue(code: str) -> _Catalogue:
    path = FOLDER / code / "LC_MESSAGES" / f"{DOMAIN}.mo"
    return _Catalogue(None if code == ENGLISH else path)


@functools.lru_cache(4096)
def _told(code: str, message: str) -> str:
    return _catalogue(code).told(message)
