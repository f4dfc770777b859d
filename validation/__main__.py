"""``python -m validation``: draw the sweep, measure it, write the report.

Drawing takes about half an hour of one core the first time; clips and landmarks are kept. With
``--calibrate`` the error model's table is fitted anew on the even-numbered bodies. Recordings of a
folder named by ``MOVECHECK_TRUTH`` are measured too, and are never used to fit anything.
"""

from __future__ import annotations

import argparse
from importlib.resources import files
from pathlib import Path

from movecheck.analyze import interpret
from movecheck.measures.uncertainty import error_table
from movecheck.types import Person
from validation.accuracy import MeasureError, SignalError, measure_errors, signal_errors
from validation.calibrate import rewrite
from validation.recordings import (
    Known,
    drawn,
    motion_capture,
    outside,
    raw_track,
    rendered_by_others,
)
from validation.report import report
from validation.steps import without_each
from validation.sweep import factor_of, render_all, sweep


def measure(
    recordings: list[Known], cache: Path
) -> tuple[list[SignalError], list[MeasureError], list[str]]:
    """Assess every recording; return errors of signals and measures, and a line for each."""
    signals: list[SignalError] = []
    measures: list[MeasureError] = []
    lines = []
    for known in recordings:
        result = interpret(raw_track(known, cache), "auto", "auto", Person())
        signals += signal_errors(result, known)
        measures += measure_errors(result, known)
        found, true = len(result.assessment.reps), known.about["reps"]
        lines.append(
            f"| {known.name} | {known.about['movement']} | {known.about['yaw_deg']:.0f} "
            f"| {result.assessment.movement} | {result.stance.view} "
            f"| {result.stance.yaw_deg:.0f} | {found} of {'?' if true is None else len(true)} |"
        )
    return signals, measures, lines


def main() -> None:
    """Run it."""
    parser = argparse.ArgumentParser(prog="python -m validation", description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("results/validation"))
    parser.add_argument("--out", type=Path, default=Path("docs/accuracy.md"))
    parser.add_argument("--calibrate", action="store_true")
    given = parser.parse_args()
    render_all(given.folder)
    calibrates = {clip.spec.name for clip in sweep() if clip.calibrates}
    clips = drawn(given.folder)
    cache = given.folder / "landmarks"
    if given.calibrate:
        _, errors, _ = measure([clip for clip in clips if clip.name in calibrates], cache)
        table = files("movecheck.measures").joinpath("data", "errors.csv")
        rewrite(Path(str(table)), errors)
        error_table.cache_clear()
    signals, measures, lines = measure(clips, cache)
    others: list[MeasureError] = []
    folder = outside()
    if folder is not None:
        theirs = rendered_by_others(folder / "rendered") + motion_capture(folder / "real")
        more, others, more_lines = measure(theirs, cache)
        signals, lines = signals + more, lines + more_lines
    held_out = [m for m in measures if m.clip not in calibrates]
    given.out.parent.mkdir(parents=True, exist_ok=True)
    steps = without_each([clip for clip in clips if not factor_of(clip.name)], cache)
    text = report(signals, measures, held_out, others, lines, steps)
    given.out.write_text(text, encoding="utf-8")
    print(f"{given.out} written from {len(lines)} recordings")


if __name__ == "__main__":
    main()
