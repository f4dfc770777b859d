"""Who is in a recording, from a table that the researcher keeps."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from movecheck.errors import DataError
from movecheck.movements import load
from movecheck.types import Person

COLUMNS = ("file", "id", "visit", "age", "sex", "height_cm", "movement", "view")
_SEX = {"f": "F", "female": "F", "m": "M", "male": "M"}


class Entry(BaseModel):
    """One row of the table; what is left empty is not known."""

    model_config = ConfigDict(frozen=True)

    row: int = 0
    id: str = ""
    visit: str = ""
    age: Annotated[float | None, Field(ge=0, le=130)] = None
    sex: Annotated[
        Literal["F", "M"] | None,
        BeforeValidator(lambda cell: _SEX.get(cell.lower(), cell) if cell else cell),
    ] = None
    height_cm: Annotated[float | None, Field(ge=50, le=250)] = None
    movement: str = "auto"
    view: Literal["auto", "side", "front"] = "auto"

    @property
    def person(self) -> Person:
        """Return what published ranges need."""
        return Person(self.age, self.sex, self.height_cm)


@dataclass(frozen=True)
class Participants:
    """The table: rows by file, and columns that are not known here."""

    rows: Mapping[str, Entry] = field(default_factory=dict)
    unknown_columns: tuple[str, ...] = ()

    def match(self, names: list[str]) -> tuple[dict[str, Entry], list[str]]:
        """Give each recording its row, by its path below the folder, or by its bare file name.

        Returns
        -------
        dict
            The entry of each recording that has one.
        list of str
            Files of the table of which there is no recording.

        Raises
        ------
        DataError
            When a bare file name fits several recordings.
        """
        by_file: dict[str, list[str]] = {}
        for name in names:
            by_file.setdefault(PurePosixPath(name).name, []).append(name)
        found: dict[str, Entry] = {}
        missing: list[str] = []
        exact = set(names)
        for file, entry in self.rows.items():
            fits = [file] if file in exact else by_file.get(file, [])
            if len(fits) > 1:
                raise DataError(
                    f"row {entry.row} of the participants table: {len(fits)} recordings have "
                    "that file name", "Write the folder too, as in visit1/squat.mp4.",
                )  # fmt: skip
            if not fits:
                missing.append(file)
            elif fits[0] in found:
                raise DataError(
                    f"rows {found[fits[0]].row} and {entry.row} of the participants table name "
                    "the same recording", "Keep one row a recording.",
                )  # fmt: skip
            else:
                found[fits[0]] = entry
        return found, missing


def read_participants(path: Path, defaults: Mapping[str, str] | None = None) -> Participants:
    """Read the table: CSV with a header, commas or semicolons, one row a recording.

    Parameters
    ----------
    path : Path
        The file. ``file`` is required; see `COLUMNS` for the others, all optional.
    defaults : mapping, optional
        What an empty cell stands for.

    Raises
    ------
    DataError
        Says which row and column cannot be used.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise DataError(
            "the participants table cannot be read", "Save it as CSV in UTF-8, and check its name."
        ) from error
    header = text.partition("\n")[0]
    mark = max(",;\t", key=header.count)
    try:
        table = list(csv.DictReader(text.splitlines(), delimiter=mark, strict=True))
    except csv.Error as error:
        raise DataError(
            f"the participants table is not CSV: {error}", "Save the table as CSV in UTF-8."
        ) from error
    columns = {name: name.strip().lower() for name in (table[0] if table else {}) if name}
    if "file" not in columns.values():
        raise DataError(
            "the participants table has no rows with a column 'file'",
            f"Its first line names the columns: {', '.join(COLUMNS)}.",
        )
    rows: dict[str, Entry] = {}
    for number, cells in enumerate(table, start=2):
        row = {columns[k]: (v or "").strip() for k, v in cells.items() if k in columns}
        file = row.pop("file").replace("\\", "/").removeprefix("./")
        if not any((file, *row.values())):
            continue
        _check_file(file, number, rows)
        rows[file] = _entry({**(defaults or {}), **{k: v for k, v in row.items() if v}}, number)
    unknown = sorted(set(columns.values()) - set(COLUMNS))
    return Participants(rows, tuple(unknown))


def _check_file(file: str, number: int, rows: Mapping[str, Entry]) -> None:
    where = PurePosixPath(file)
    if not file or where.is_absolute() or ".." in where.parts or ":" in where.parts[0]:
        raise DataError(
            f"row {number} of the participants table names no file of the folder",
            "Give the file as it is named below the folder, as in visit1/squat.mp4.",
        )
    if file in rows:
        raise DataError(
            f"rows {rows[file].row} and {number} of the participants table name the same file",
            "Keep one row a recording.",
        )


def _entry(row: dict[str, str], number: int) -> Entry:
    try:
        entry = Entry(row=number, **row)  # type: ignore[arg-type]
        if entry.movement != "auto":
            load(entry.movement)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise DataError(
            f"row {number} of the participants table, column {first['loc'][0]!r}: {first['msg']}",
            "Age in years, sex F or M, height_cm in centimetres, view side or front.",
        ) from error
    except DataError as error:
        raise DataError(f"row {number} of the participants table: {error}", error.hint) from error
    return entry
