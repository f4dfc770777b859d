"""Reading an output folder back: ``assessment.json`` and ``signals.csv``."""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from movecheck.errors import DataError
from movecheck.types import (
    AngleTrack,
    Assessment,
    Check,
    Finding,
    Measure,
    Recording,
    Rep,
    State,
)

T = TypeVar("T", Recording, Check, Rep, Measure, Finding)

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
    try:
        raw = json.loads((folder / "assessment.json").read_text(encoding="utf-8"))
        assessment = _assessment(raw)
        signals = folder / "signals.csv"
        track = read_signals(signals) if signals.is_file() else None
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise DataError("The result files do not hold what they should.") from error
    return ResultFolder(folder, assessment, track)


def _build(kind: type[T], raw: Mapping[str, Any]) -> T:
    """Make a dataclass from its JSON object; keys of later versions are passed over."""
    known = {f.name for f in fields(kind)}
    return kind(**{name: value for name, value in raw.items() if name in known})


def _assessment(raw: Mapping[str, Any]) -> Assessment:
    recording = {name: value for name, value in raw["recording"].items() if value is not None}
    return Assessment(
        recording=_build(Recording, recording),
        capture=tuple(_build(Check, check) for check in raw["capture"]),
        movement=str(raw["movement"]),
        view=raw["view"],
        facing=raw["facing"],
        reps=tuple(_build(Rep, rep) for rep in raw["reps"]),
        measures=tuple(_build(Measure, measure) for measure in raw["measures"]),
        findings=tuple(_build(Finding, finding) for finding in raw["findings"]),
        provenance=dict(raw.get("provenance") or {}),
        schema_version=str(raw.get("schema_version", "1.0")),
    )


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
