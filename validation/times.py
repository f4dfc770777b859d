"""``python -m validation.times SWEEP BATTERY``: instants against the truth, and their ±.

SWEEP and BATTERY hold drawn clips. With ``--calibrate`` the table of deviations is fitted anew, on
the even-numbered bodies; what is printed of the ± is of the others.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import numpy as np

from movecheck.analyze import Result, interpret
from movecheck.measures.body import SPEED
from movecheck.measures.uncertainty import Z95, times_rows, times_table
from movecheck.movements import load
from movecheck.movements.chair import first_move_s
from movecheck.movements.drive import at_rest, timed_by
from movecheck.types import Person
from validation.calibrate import BASIS, FEWEST, read_rows, widened, write_rows
from validation.recordings import Known, drawn, raw_track
from validation.synthetic.battery import battery, held_out

LEAST_S = 0.05
OTHER_NAMES = {"forward_bend_natural": "forward_bend"}


@dataclass(frozen=True)
class TimeError:
    """How far one instant is off, in seconds; `calibrates`: of an even-numbered body."""

    clip: str
    instant: str
    error_s: float
    calibrates: bool


def time_errors(known: Known, result: Result) -> Iterator[TimeError]:
    """Compare the instants of one recording with its truth."""
    about, found = known.about, result.assessment
    even = _body(known.name) % 2 == 0
    movement = load(found.movement)
    angles = result.angles

    def error(instant: str, seen: float, true: float) -> TimeError:
        return TimeError(known.name, instant, seen - true, even)

    if movement.kind == "chair":
        yield from _of_chair(known, result, error)
    elif movement.stance is not None:
        ends = [about[k] for k in sorted(about) if k.startswith("foot_")]
        for rep, down, off in zip(found.reps, *(e[:1] for e in ends[:2]), strict=False):
            if not rep.excluded_reason:
                yield error("foot", rep.start_s, off)
                yield error("foot", rep.end_s, down)
    elif movement.kind == "repeats":
        rest = at_rest(angles, result.stance, movement)
        for true in about["reps"]:
            middle = true.get("bottom_s", true.get("peak_s"))
            near = [r for r in found.reps if r.start_s < middle < r.end_s]
            if true["end_s"] is None or not near or near[0].excluded_reason:
                continue
            way = timed_by(angles, rest, movement, near[0])
            yield error(way, near[0].start_s, true["start_s"])
            yield error(way, near[0].end_s, true["end_s"])
            yield error("deepest", near[0].peak_s, middle)


def _of_chair(known: Known, result: Result, error: Any) -> Iterator[TimeError]:
    about, reps, angles = known.about, result.assessment.reps, result.angles
    if not reps:
        return
    lean = angles["trunk_inclination_deg"]
    begin = first_move_s(angles.time_s, angles[SPEED], list(reps), lean)
    way = "first_move" if result.stance.view == "side" else "first_move_front"
    yield error(way, begin, about["test_from_s"])
    for key, of in (("seat_off_s", "start_s"), ("stood_s", "peak_s"), ("seat_on_s", "end_s")):
        for rep, true in zip(reps, about[key], strict=False):
            yield error("seat", getattr(rep, of), true)


def _body(name: str) -> int:
    digits = name.rpartition("_")[2]
    return int(digits) if digits.isdigit() else [*battery(), *held_out()].index(name)


def deviations(errors: list[TimeError]) -> dict[str, float]:
    """Return the deviation of each instant, from the even-numbered bodies."""
    groups: dict[str, list[float]] = defaultdict(list)
    for e in errors:
        if e.calibrates:
            groups[e.instant].append(e.error_s)
    return {
        name: max(LEAST_S, widened(found)) for name, found in groups.items() if len(found) >= FEWEST
    }


def main() -> None:
    """Print the table; with ``--calibrate`` write it too."""
    parser = argparse.ArgumentParser(prog="python -m validation.times", description=__doc__)
    parser.add_argument("folders", type=Path, nargs="+")
    parser.add_argument("--calibrate", action="store_true")
    given = parser.parse_args()
    errors: list[TimeError] = []
    for folder in given.folders:
        for known in drawn(folder):
            kind = OTHER_NAMES.get(known.about["movement"], known.about["movement"])
            if kind == "standing" or "+" in kind:
                continue
            result = interpret(raw_track(known, folder / "landmarks"), kind, "auto", Person())
            errors += time_errors(known, result)
    if given.calibrate:
        _rewrite(deviations(errors))
    print("| instant | n | mean error s | largest s | ± s | others within ± |\n" + "|---" * 6 + "|")
    for name, sd in times_table().items():
        all_ = np.array([e.error_s for e in errors if e.instant == name])
        others = np.array([e.error_s for e in errors if e.instant == name and not e.calibrates])
        if not len(all_):
            continue
        inside = (
            f"{(np.abs(others) <= Z95 * sd).mean():.0%} of {len(others)}" if len(others) else ""
        )
        print(f"| {name} | {len(all_)} | {all_.mean():+.3f} | {np.abs(all_).max():.2f} "
              f"| {Z95 * sd:.2f} | {inside} |")  # fmt: skip


def _rewrite(table: dict[str, float]) -> None:
    path = Path(str(files("movecheck.measures").joinpath("data", "times.csv")))
    rows = read_rows(path)
    for row in rows:
        if row["instant"] in table:
            row["sd_s"] = f"{table[row['instant']]:.3f}"
            row["basis"] = BASIS
    write_rows(path, rows)
    times_rows.cache_clear()
    times_table.cache_clear()


if __name__ == "__main__":
    main()
