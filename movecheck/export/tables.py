"""Signals and measures as tables, for pandas and as CSV files."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

import numpy as np
import pandas as pd

from movecheck.export.atomic import atomic
from movecheck.measures.names import COLUMNS
from movecheck.types import AngleTrack, Assessment, FloatArray, State

SIGNAL_ORDER: tuple[str, ...] = COLUMNS
"""Order of the columns of ``signals.csv``; other signals follow, by name."""

MEASURE_COLUMNS: tuple[str, ...] = (
    "movement", "view", "id", "side", "rep", "value", "unit", "uncertainty", "status", "reason",
    "excluded_reason",
)  # fmt: skip
"""Columns of ``measures.csv``."""

DECIMALS = 4
_ROWS_AT_ONCE = 5000  # as text they take many times the room of the numbers (our own choice)
_STATE_NAMES = np.array([state.name.lower() for state in State], dtype=object)
_FORMULA_STARTS = ("=", "+", "-", "@")


def signals_frame(angles: AngleTrack) -> pd.DataFrame:
    """Put the signals into a table.

    Parameters
    ----------
    angles : AngleTrack
        The signals.

    Returns
    -------
    DataFrame
        ``time_s``, then for each signal present, in `SIGNAL_ORDER`, its values (NaN where
        unknown) and ``<name>_state``: measured, filled or missing.
    """
    columns: dict[str, Any] = {"time_s": angles.time_s}
    for name in _in_order(angles):
        columns[name] = angles.values[name]
        columns[f"{name}_state"] = _STATE_NAMES[angles.state[name]]
    return pd.DataFrame(columns)


def _in_order(angles: AngleTrack) -> list[str]:
    known = [name for name in SIGNAL_ORDER if name in angles.values]
    return [*known, *sorted(set(angles.values) - set(SIGNAL_ORDER))]


def write_signals(angles: AngleTrack, path: Path) -> None:
    """Write ``signals.csv``: four decimals, ``NaN`` where unknown, the same bytes each time.

    Parameters
    ----------
    angles : AngleTrack
        The signals.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written.
    """
    names = _in_order(angles)
    heads = [cell for name in names for cell in (name, f"{name}_state")]
    with _table(path, ["time_s", *heads]) as file:
        for start in range(0, len(angles.time_s), _ROWS_AT_ONCE):
            now = slice(start, start + _ROWS_AT_ONCE)
            columns = [_written(angles.time_s[now])]
            for name in names:
                columns.append(_written(angles.values[name][now]))
                columns.append(_STATE_NAMES[angles.state[name][now]].tolist())
            # Numbers and names of states need no quotes.
            file.writelines(",".join(row) + "\n" for row in zip(*columns, strict=True))


def measures_frame(assessment: Assessment) -> pd.DataFrame:
    """Put the measures into a table, one row each, in the order of the assessment.

    Parameters
    ----------
    assessment : Assessment
        What one recording says about one movement.

    Returns
    -------
    DataFrame
        The columns of `MEASURE_COLUMNS`. ``rep`` is a nullable integer, empty in the summary over
        repetitions; value and uncertainty are NaN where there is none; the other columns are text.
        ``excluded_reason`` says why a repetition is left out of the summaries: average only the
        rows in which it is empty. What the person told of pain follows, as ``reported``.
    """
    frame = pd.DataFrame(_measure_rows(assessment), columns=list(MEASURE_COLUMNS))
    numbers = {"rep": "Int64", "value": "float64", "uncertainty": "float64"}
    return frame.astype({name: numbers.get(name, "str") for name in MEASURE_COLUMNS})


def _measure_rows(assessment: Assessment) -> list[tuple[Any, ...]]:
    excluded = {n: rep.excluded_reason or "" for n, rep in enumerate(assessment.reps, start=1)}
    rows: list[tuple[Any, ...]] = [
        (
            assessment.movement, assessment.view, m.id, m.side or "",
            m.rep, _number(m.value), m.unit, _number(m.uncertainty), m.status, m.reason or "",
            excluded.get(m.rep or 0, ""),
        )
        for m in assessment.measures
    ]  # fmt: skip
    return rows + _pain_rows(assessment)


def _pain_rows(assessment: Assessment) -> list[tuple[Any, ...]]:
    pain = assessment.pain
    if pain is None:
        return []
    told = [
        ("pain_before", pain.before, "points", None, ""),
        ("pain_worst", pain.worst, "points", None, ""),
        ("pain_after", pain.after, "points", None, ""),
        ("pain_time", pain.at_s, "s", None, pain.where),
        (f"pain_at_{(pain.signal or '').removesuffix('_deg')}", pain.value_deg, "deg",
         pain.uncertainty_deg, ""),
    ]  # fmt: skip
    return [
        (
            assessment.movement, assessment.view, id_, "", pain.rep if unit != "points" else None,
            _number(value), unit, _number(width), "reported", where, "",
        )
        for id_, value, unit, width, where in told
        if value is not None or where
    ]  # fmt: skip


def write_measures(assessment: Assessment, path: Path) -> None:
    """Write ``measures.csv``: ``NaN`` where there is no number, empty where there is no text.

    Parameters
    ----------
    assessment : Assessment
        What one recording says about one movement.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written.
    """
    with _table(path, MEASURE_COLUMNS) as file:
        csv.writer(file, lineterminator="\n").writerows(
            [_cell(value) for value in row] for row in _measure_rows(assessment)
        )


def _cell(value: str | float | None) -> str:
    if isinstance(value, float):
        return _written(np.array([value]))[0]
    return guard("" if value is None else str(value))


def guard(text: str) -> str:
    """Keep a spreadsheet from running a text as a formula.

    Parameters
    ----------
    text : str
        A cell of text. Numbers never pass here, so that minus five stays a number.

    Returns
    -------
    str
        The text, with an apostrophe before it when it starts with a tab, a line break or, after
        spaces, with ``= + - @``. Line breaks become spaces, so that one row is one line.
    """
    risky = text.startswith(("\t", "\r", "\n")) or text.lstrip().startswith(_FORMULA_STARTS)
    line = text.replace("\r\n", " ").replace("\r", " ").replace("\n", " ")
    return f"'{line}" if risky else line


def _number(value: float | None) -> float:
    return float("nan") if value is None else float(value)


@contextmanager
def _table(path: Path, heads: Iterable[str]) -> Iterator[TextIO]:
    """Give a file that begins with a line of heads, for the rows."""
    with (
        atomic(Path(path)) as temp,
        temp.open("w", encoding="utf-8", errors="backslashreplace", newline="") as file,
    ):
        csv.writer(file, lineterminator="\n").writerow([guard(head) for head in heads])
        yield file


def _written(values: FloatArray) -> list[str]:
    """Write a column; without infinity, and without the minus of a zero that rounding makes."""
    settled = np.where(np.isfinite(values), values, np.nan)
    settled[np.abs(settled) < 0.5 * 10.0**-DECIMALS] = 0.0
    # One operation for all of them takes a tenth of the time.
    text = f"%.{DECIMALS}f\n" * len(settled) % tuple(settled.tolist())
    return text.replace("nan", "NaN").split()
