"""The mark of a text for people. What measures marks its texts and knows no language."""

from __future__ import annotations


def N_(text: str) -> str:
    """Return the text as it is; the mark puts it into the catalogue (see `movecheck.texts`)."""
    return text
