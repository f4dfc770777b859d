"""What it costs in accuracy to look at every n-th frame only, for ``docs/speed.md``.

::

    python -m validation.skipping FOLDER [--write]

FOLDER holds the drawn clips of `validation.sweep`. Those of the bodies that the error model is not
fitted on are looked at again, every frame, every second and every third one; they are drawn at 10
to 15 frames a second, so that is 10 to 15, 5 to 7.5, and 3.3 to 5.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from movecheck.analyze import Result, interpret
from movecheck.process import look
from movecheck.settings import Settings
from movecheck.types import Person
from validation.accuracy import measure_errors, signal_errors
from validation.recordings import Known, drawn
from validation.sweep import sweep

PAGE = Path(__file__).parents[1] / "docs" / "speed.md"
BEGIN, END = (f"<!-- {w} of what validation.skipping writes -->" for w in ("begin", "end"))
EVERY = (1, 2, 3)
RATES = {1: "10 to 15", 2: "5 to 7.5", 3: "3.3 to 5"}
SIGNALS = {"knee_flexion": "knee", "hip_flexion": "hip", "trunk_inclination": "trunk",
           "spine_flexion": "spine"}  # fmt: skip


def row(results: list[tuple[Result, Known]], every: int) -> str:
    """Return the line of the table for one spacing."""
    signals = [e for r, k in results for e in signal_errors(r, k)]
    measures = [e for r, k in results for e in measure_errors(r, k)]
    errors = [
        np.mean([e.mae for e in signals
                 if (e.signal, e.method, e.kind) == (name, "movecheck", "change")])
        for name in SIGNALS
    ]  # fmt: skip
    found = sum(len(r.assessment.reps) == len(k.about["reps"]) for r, k in results)
    inside = np.mean([e.covered for e in measures])
    wide = np.median([e.half_width for e in measures])
    apart = np.mean([abs(e.error) for e in measures])
    cells = [f"{error:.1f}°" for error in errors]
    return (
        f"| {every} | {RATES[every]} | {' | '.join(cells)} | {apart:.1f}° | ± {wide:.1f}° "
        f"| {100 * inside:.0f} % | {found} of {len(results)} |"
    )


def main() -> None:
    """Look, compare, and print or write the table."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clips", type=int, default=24, help="at most so many")
    parser.add_argument("--write", action="store_true", help="put the table into docs/speed.md")
    given = parser.parse_args()
    checked = [
        clip.spec.name for clip in sweep()
        if not clip.calibrates and clip.spec.name.startswith(("side", "front"))
    ]  # fmt: skip
    step = max(1, len(checked) // given.clips)
    chosen = set(checked[::step][: given.clips])
    known = [k for k in drawn(given.folder) if k.name in chosen]
    lines = []
    for every in EVERY:
        results = [
            (interpret(look(k.video, Settings(every=every)), "auto", "auto", Person()), k)
            for k in known
        ]
        lines.append(row(results, every))
        print(lines[-1], flush=True)
    text = "\n".join([
        BEGIN,
        f"{len(known)} drawn clips of bodies that the error model is not fitted on "
        "(`python -m validation.skipping`): mean errors of the signals, then of the measures of "
        "each repetition, the ± that they carry, and how many lie within it.",
        "",
        f"| every | frames a second | {' | '.join(SIGNALS.values())} | measures | their ± | "
        "within ± | all repetitions found |",
        "|---|---|" + "---|" * (len(SIGNALS) + 4),
        *lines,
        END,
    ])  # fmt: skip
    if given.write:
        before, _, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
        PAGE.write_text(before + text + rest.partition(END)[2], encoding="utf-8")


if __name__ == "__main__":
    main()
