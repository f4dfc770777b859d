"""Where a published number comes from, and how to cite it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from pydantic import BaseModel, ConfigDict, model_validator

from movecheck.errors import DataError
from movecheck.reference._csv import DATA, load_table

SOURCES = "sources.csv"


class Source(BaseModel):
    """One publication: a row of ``sources.csv``.

    Attributes
    ----------
    key : str
        Name that the other tables use.
    authors : str
        Family names with initials, set apart by semicolons.
    year : int or None
        Year; None when it is not known to us.
    title, journal : str
        As published.
    doi, address : str or None
        At least one of them.
    note : str or None
        What a reader should know of the source.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    key: str
    authors: str
    year: int | None = None
    title: str
    journal: str | None = None
    doi: str | None = None
    address: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _can_be_found(self) -> Source:
        if not (self.doi or self.address):
            raise ValueError("a source needs a DOI or an address")
        return self

    @property
    def short(self) -> str:
        """First author and year: ``Laird 2019``."""
        first = self.authors.split(";")[0].strip()
        family = first.rpartition(" ")[0] if first.rpartition(" ")[2].isupper() else first
        return f"{family or first} {self.year or 'n.d.'}"

    @property
    def link(self) -> str:
        """Address to open: the DOI's, or the page's where there is no DOI."""
        return f"https://doi.org/{self.doi}" if self.doi else str(self.address)

    @property
    def full(self) -> str:
        """Authors, year, title, journal and link."""
        parts = (f"{self.authors} ({self.year or 'n.d.'})", self.title, self.journal, self.link)
        return ". ".join(part for part in parts if part).replace("?. ", "? ")


@cache
def load_sources() -> Mapping[str, Source]:
    """Read the sources that come with movecheck, by key.

    Raises
    ------
    DataError
        A cell does not hold what it should; names the file, the row and the column.
    """
    return {source.key: source for source in load_table(DATA / SOURCES, Source)}


def citation(key: str, *, full: bool = False) -> str:
    """Cite a source.

    Parameters
    ----------
    key : str
        Key of the source, such as ``LAIRD2019``.
    full : bool, default False
        False gives ``Laird 2019``; True gives authors, title, journal and DOI.

    Returns
    -------
    str
        The citation.

    Raises
    ------
    DataError
        No source has this key.
    """
    source = load_sources().get(key)
    if source is None:
        raise DataError(f"No source has the key '{key}'.")
    return source.full if full else source.short
