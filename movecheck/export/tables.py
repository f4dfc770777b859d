"""Signals and measures as tables, for pandas and as CSV files."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from movecheck.export.atomic import write_text
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
_STATE_NAMES = np.array([state.name.lower() for state in State])
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
    known = [name for name in SIGNAL_ORDER if name in angles.values]
    others = sorted(set(angles.values) - set(SIGNAL_ORDER))
    columns: dict[str, Any] = {"time_s": angles.time_s}
    for name in [*known, *others]:
        columns[name] = angles.values[name]
        columns[f"{name}_state"] = _STATE_NAMES[angles.state[name]]
    return pd.DataFrame(columns)


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
    write_text(path, _csv(signals_frame(angles)))


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
    excluded = {n: rep.excluded_reason or "" for n, rep in enumerate(assessment.reps, start=1)}
    rows = [
        (
            assessment.movement, assessment.view, m.id, m.side or "",
            m.rep, _number(m.value), m.unit, _number(m.uncertainty), m.status, m.reason or "",
            excluded.get(m.rep or 0, ""),
        )
        for m in assessment.measures
    ]  # fmt: skip
    rows += _pain_rows(assessment)
    frame = pd.DataFrame(rows, columns=list(MEASURE_COLUMNS))
    numbers = {"rep": "Int64", "value": "float64", "uncertainty": "float64"}
    return frame.astype({name: numbers.get(name, "str") for name in MEASURE_COLUMNS})


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
    frame = measures_frame(assessment)
    frame["rep"] = ["" if pd.isna(rep) else str(rep) for rep in frame["rep"]]
    write_text(path, _csv(frame))


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


def _csv(frame: pd.DataFrame) -> str:
    safe = {
        guard(str(name)): _settled(column.to_numpy(np.float64))
        if column.dtype.kind == "f"
        else [guard(str(cell)) for cell in column]
        for name, column in frame.items()
    }
    return pd.DataFrame(safe).to_csv(
        index=False, na_rep="NaN", float_format=f"%.{DECIMALS}f", lineterminator="\n"
    )


def _settled(values: FloatArray) -> FloatArray:
    """Take out infinity, and the minus of a zero that only rounding makes."""
    settled = np.where(np.isfinite(values), values, np.nan)
    settled[np.abs(settled) < 0.5 * 10.0**-DECIMALS] = 0.0
    return settled
