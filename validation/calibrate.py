"""The error model's table, from the drawn people: fitted on one half of the bodies."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from movecheck.measures.uncertainty import Z95, way_of
from validation.accuracy import MeasureError

WIDER = 1.4
"""Room for what drawn people lack: blur, loose clothes, soft tissue (our own choice)."""
BASIS = f"drawn people, even-numbered bodies; widened by {WIDER}"
LEAST_DEG = 1.0
FEWEST = 6


def way(error: MeasureError) -> str:
    """Return the row of the error table that a measure belongs to."""
    return way_of(error.measure.rpartition("_")[0], error.view)


def widened(errors: Sequence[float]) -> float:
    """Return a standard deviation for errors, with room for what drawn people lack.

    Large enough for the root mean square and for the 95th percentile, since errors have tails.
    """
    size = np.abs(errors)
    return WIDER * float(max(np.sqrt(np.mean(size**2)), np.quantile(size, 0.95) / Z95))


def deviations(errors: Sequence[MeasureError]) -> dict[tuple[str, str, str], float]:
    """Return the standard deviation of each signal, way and kind (change or level), in degrees."""
    groups: dict[tuple[str, str, str], list[float]] = defaultdict(list)
    for error in errors:
        signal, _, kind = error.measure.rpartition("_")
        level = "change" if kind == "range" else "absolute"
        groups[signal, way(error), level].append(error.error)
    table = {}
    for key, found in groups.items():
        if len(found) >= FEWEST:
            table[key] = max(LEAST_DEG, widened(found))
    for signal, where, _ in list(table):
        # A level holds the error of the change and that of standing: it is never surer.
        level, change = (signal, where, "absolute"), (signal, where, "change")
        table[level] = max(table.get(level, 0.0), table.get(change, 0.0))
    return table


def rewrite(path: Path, errors: Sequence[MeasureError]) -> None:
    """Put the deviations into the error table; rows that nothing was found for stay as they are."""
    table = deviations(errors)
    rows = read_rows(path)
    for row in rows:
        for kind in ("change", "absolute"):
            found = table.get((row["signal"], row["way"], kind))
            if found is not None:
                row[f"{kind}_sd_deg"] = f"{found:.1f}"
                row["basis"] = BASIS
    write_rows(path, rows)


def read_rows(path: Path) -> list[dict[str, str]]:
    """Return the rows of a table of deviations."""
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def write_rows(path: Path, rows: list[dict[str, str]]) -> None:
    """Write them again."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
