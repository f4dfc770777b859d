"""Reading an output folder back: ``assessment.json`` and ``signals.csv``."""

from __future__ import annotations

import csv
import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from movecheck.errors import DataError
from movecheck.export.assessment_json import read_assessment
from movecheck.types import AngleTrack, Assessment, State

STATES = {"measured": State.MEASURED, "filled": State.FILLED, "missing": State.MISSING}


@dataclass(frozen=True)
class ResultFolder:
    """What one measurement wrote: its assessment, its signals and where its files lie."""

    folder: Path
    assessment: Assessment
    signals: AngleTrack | None

    def file(self, name: str) -> Path | None:
        """Return the path of one of the files, or None when it was not written."""
        path = self.folder / name
        return path if path.is_file() else None


def read_result(folder: Path) -> ResultFolder:
    """Read an output folder of ``movecheck assess``.

    Parameters
    ----------
    folder : Path
        Folder that holds ``assessment.json`` and, as a rule, ``signals.csv``.

    Raises
    ------
    DataError
        A file is missing or does not hold what it should.
    """
    assessment = read_assessment(folder / "assessment.json")
    try:
        signals = folder / "signals.csv"
        track = read_signals(signals) if signals.is_file() else None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError("The result files do not hold what they should.") from error
    return ResultFolder(folder, assessment, track)


def read_signals(path: Path) -> AngleTrack | None:
    """Read ``signals.csv``; None when it has no rows.

    A value that is no finite number is NaN, and its state is missing.
    """
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        header = next(rows)
        columns = list(zip(*rows, strict=True))
    if not columns:
        return None
    cells = dict(zip(header, columns, strict=True))
    time_s = np.array([float(cell) for cell in cells["time_s"]])
    names = [name for name in header if f"{name}_state" in cells]
    values = {name: np.array([_number(cell) for cell in cells[name]]) for name in names}
    state = {
        name: np.array([STATES.get(cell, State.MISSING) for cell in cells[f"{name}_state"]], "i1")
        for name in names
    }
    for name in names:
        state[name][~np.isfinite(values[name])] = State.MISSING
    return AngleTrack(time_s, values, state)


def _number(cell: str) -> float:
    try:
        number = float(cell)
    except ValueError:
        return math.nan
    return number if math.isfinite(number) else math.nan
