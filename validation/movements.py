"""``python -m validation.movements FOLDER``: the movement battery against its truth, as a table.

FOLDER holds the clips of ``python -m validation.synthetic battery``. Landmarks are kept in it.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

import numpy as np

from movecheck.analyze import Result, interpret
from movecheck.types import Measure, Part, Person
from validation.recordings import Known, drawn, raw_track

# Main measure of a movement, and where the battery's truth of a repetition holds it.
OF_RANGE = {
    "squat": "knee_flexion_range", "overhead_squat": "knee_flexion_range",
    "forward_bend": "trunk_inclination_range", "hip_hinge": "trunk_inclination_range",
    "back_extension": "trunk_inclination_range", "side_bend": "trunk_side_lean_range",
    "lunge": "trunk_inclination_range", "single_leg_squat": "knee_flexion_range",
    "leg_raise": "leg_rise_peak", "bird_dog": "leg_rise_peak",
}  # fmt: skip


def row(known: Known, result: Result) -> str:
    """Return one line of the table."""
    about, found = known.about, result.assessment
    # Of two movements in one recording, the one that was assessed.
    about = {**about, "reps": [r for r in about["reps"] if r["movement"] == found.movement]
             if "+" in about["movement"] else about["reps"]}  # fmt: skip
    true = [rep for rep in about["reps"] if not rep.get("partial") and rep["end_s"]]
    counted = [rep for rep in found.reps if not rep.excluded_reason]
    split = _split(known.about, found.parts)
    parts = "; ".join(f"{p.movement} {p.confidence:.2f}" for p in found.parts) or "nothing"
    main = _main(known, about, true, found.measures)
    return (
        f"| {known.name} | {about['wrong']} | {parts} | {len(counted)} of {_count(about, true)} "
        f"| {_times(about, true, counted)} | {split} | {main} |"
    )


def _split(about: dict[str, Any], parts: tuple[Part, ...]) -> str:
    """Return how far off the border of two movements is: the first one's end, the next one's start.

    They are those of its repetitions; between them the person stands or walks.
    """
    kinds = [section["movement"] for section in about["sections"]]
    if len(kinds) < 2:
        return ""
    if [part.movement for part in parts] != kinds:
        return "not split"
    ends = [[r["end_s"] for r in about["reps"] if r["movement"] == k and r["end_s"]] for k in kinds]
    starts = [[r["start_s"] for r in about["reps"] if r["movement"] == k] for k in kinds]
    off = [abs(part.end_s - max(end)) for part, end in zip(parts, ends[:-1], strict=False)]
    off += [abs(p.start_s - min(s)) for p, s in zip(parts[1:], starts[1:], strict=True)]
    return f"{max(off):.2f} s"


def _count(about: dict[str, Any], true: list[Any]) -> int:
    if about.get("hold", {}).get("start_s") is not None:
        return 1
    if about.get("stood_s"):
        return len(about["stood_s"])
    stances = [k for k in about if k.startswith("foot_") and k.endswith("_off_s")]
    return len(true) or sum(len(about[k]) for k in stances)


def _times(about: dict[str, Any], true: list[Any], counted: list[Any]) -> str:
    """Return the largest error of a start or an end, in seconds."""
    edges = [(rep["start_s"], rep["end_s"]) for rep in true]
    if about.get("hold", {}).get("start_s") is not None:
        edges = [(about["hold"]["start_s"], about["hold"]["end_s"])]
    elif about.get("seat_off_s"):
        # Who sits down before the first stand reaches the seat once more than they leave it.
        on = [t for t in about["seat_on_s"] if t > about["seat_off_s"][0]]
        edges = list(zip(about["seat_off_s"], on, strict=False))
    elif not edges:
        for key in about:
            if key.startswith("foot_") and key.endswith("_off_s"):
                downs = about[key.replace("_off_s", "_down_s")]
                edges += list(zip(about[key], downs, strict=False))
    if len(edges) > len(counted) or not edges:
        return ""
    errors = [
        max(abs(rep.start_s - a), abs(rep.end_s - b))
        for rep, (a, b) in zip(counted, edges, strict=False)
    ]
    return f"{max(errors):.2f} s"


def _range(known: Known, measure: str, rep: dict[str, Any]) -> float:
    """Return what a repetition changes a signal by, where another one drives the movement."""
    name = f"{measure.removesuffix('_range')}_deg"
    level = known.angles.get(name)
    if level is None or rep["driver"] == name or name not in known.about["standing"]:
        return float(rep["peak_deg" if measure.endswith("_peak") else "range_deg"])
    within = (known.time_s >= rep["start_s"]) & (known.time_s <= rep["end_s"])
    change = level[within] - known.about["standing"][name]
    return float(change[np.argmax(np.abs(change))])


def _main(
    known: Known, about: dict[str, Any], true: list[Any], measures: tuple[Measure, ...]
) -> str:
    """Return the error of the main measure and its ±; with a star beyond it."""
    summary = {(m.id, m.side): m for m in measures if m.rep is None and m.value is not None}
    kind = about["movement"]
    wanted: dict[tuple[str, Any], float] = {}
    if kind == "sit_to_stand_5" and len(about.get("stood_s", [])) >= 5:
        wanted["sts5_time", None] = about["stood_s"][4] - about["test_from_s"]
    elif kind == "chair_stand_30s":
        until = about["test_from_s"] + 30
        wanted["sts30_count", None] = sum(s <= until for s in about["stood_s"])
    elif about.get("hold", {}).get("end_s"):
        wanted["hold_time", None] = about["hold"]["end_s"] - about["hold"]["start_s"]
    elif kind == "single_leg_stance":
        for lifted, other in (("left", "right"), ("right", "left")):
            off, down = (about.get(f"foot_{lifted}_{what}_s") for what in ("off", "down"))
            if off and down:
                wanted["hold_time", other] = down[0] - off[0]
    elif kind in OF_RANGE and true:
        for side in sorted({rep["side"] for rep in true}, key=str):
            of_side = [rep for rep in true if rep["side"] == side]
            ranges = [_range(known, OF_RANGE[kind], rep) for rep in of_side]
            wanted[OF_RANGE[kind], side] = float(np.median(ranges))
    out = []
    for (id_, side), truth in wanted.items():
        near = [m for (name, s), m in summary.items() if name == id_ and side in (None, s, "both")]
        for m in near[:1]:
            error = abs(m.value or 0.0) - abs(truth)
            star = "" if abs(error) <= (m.uncertainty or 0.0) else " \\*"
            out.append(f"{id_} {error:+.2f} (± {m.uncertainty:.2f}){star}")
    return "; ".join(out)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(prog="python -m validation.movements", description=__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    columns = ("clip", "wrong", "recognised", "repetitions", "times off by", "split off by",
               "main measure off by")  # fmt: skip
    print("| " + " | ".join(columns) + " |")
    print("|---" * 7 + "|")
    for known in drawn(folder):
        if "sections" not in json.loads((folder / f"{known.name}.truth.json").read_text("utf-8")):
            continue
        print(
            row(known, interpret(raw_track(known, folder / "landmarks"), "auto", "auto", Person()))
        )


if __name__ == "__main__":
    main()
