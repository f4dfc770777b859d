"""Reading one CSV file of ours into checked rows."""

from __future__ import annotations

import csv
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from movecheck.errors import DataError

DATA = Path(__file__).with_name("data")
M = TypeVar("M", bound=BaseModel)


def read_table(path: Path, model: type[M]) -> tuple[list[M], list[str]]:
    """Read one CSV file.

    Parameters
    ----------
    path : Path
        The file.
    model : type
        pydantic model of a row.

    Returns
    -------
    rows : list
        The rows that hold what they should.
    problems : list of str
        One line a problem, with file, row and column.
    """
    rows: list[M] = []
    problems: list[str] = []
    with path.open(encoding="utf-8", newline="") as file:
        for line in csv.DictReader(file, restkey="too many cells"):
            name = next(iter(line.values())) or "without id"
            try:
                rows.append(model.model_validate({k: v for k, v in line.items() if v}))
            except ValidationError as error:
                problems += [
                    f"{path.name}, row {name}, column "
                    f"{'.'.join(map(str, item['loc'][:1])) or '(several)'}: "
                    f"{item['msg'].removeprefix('Value error, ')}."
                    for item in error.errors()
                ]
    return rows, problems


def load_table(path: Path, model: type[M]) -> tuple[M, ...]:
    """Read one CSV file; a row that does not hold what it should raises DataError."""
    rows, problems = read_table(path, model)
    if problems:
        raise DataError(problems[0], "Install movecheck again: one of its data files is damaged.")
    return tuple(rows)
