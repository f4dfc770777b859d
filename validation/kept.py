"""Drawn clips kept in the repository, and the errors they had: the guard against getting worse.

``python -m validation.kept`` measures the clips of ``validation/kept`` and writes
``baseline.csv`` beside them. A test holds every later state of the project against that table.
The clips are some of the sweep's, of bodies that nothing is fitted on.
"""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import numpy as np

from movecheck.analyze import analyze
from validation.accuracy import signal_errors
from validation.recordings import Known, drawn

FOLDER = Path(__file__).parent / "kept"
BASELINE = FOLDER / "baseline.csv"
WORSE_DEG = 0.5
"""A mean absolute error may grow by so much: processors and library versions differ a little."""

Table = dict[tuple[str, str], float]


def group_of(known: Known) -> str:
    """Return how the person of a clip stands to the camera: side, oblique or front."""
    turned = abs(np.sin(np.radians(float(known.about["yaw_deg"]))))
    return "side" if turned > 0.9 else "front" if turned < 0.45 else "oblique"


def measured() -> Table:
    """Return the mean absolute error of each signal over the kept clips, by signal and group."""
    found: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
    for known in drawn(FOLDER):
        for error in signal_errors(analyze(known.video), known):
            if error.method == "movecheck" and error.kind == "change":
                found[error.signal, group_of(known)].append(error.mae)
    return {key: float(np.mean(errors)) for key, errors in sorted(found.items())}


def baseline() -> Table:
    """Return the table that was written last."""
    with BASELINE.open(newline="", encoding="utf-8") as file:
        return {(r["signal"], r["seen_from"]): float(r["mae_deg"]) for r in csv.DictReader(file)}


def main() -> None:
    """Measure and write the table."""
    with BASELINE.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["signal", "seen_from", "mae_deg"])
        writer.writerows([*key, f"{mae:.2f}"] for key, mae in measured().items())


if __name__ == "__main__":
    main()
