"""``python -m validation.methods``: write ``docs/measures.md`` from the project's own data.

The page says of each movement how it is done, when its clock starts and stops, what is measured,
how sure that is, which published values may stand beside it, and what it cannot say.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from pathlib import Path

from movecheck.assessment.extra import EXTRA
from movecheck.assessment.measures import kinds_of, name_of
from movecheck.assessment.times import time_ids
from movecheck.measures.names import DEFINITION, VIEW_OF
from movecheck.measures.uncertainty import Z95, error_table, times_rows
from movecheck.movements import Movement, load, names
from movecheck.reference import citation, load_tables
from movecheck.reference.rules import refusal
from movecheck.reference.words import describe
from movecheck.report.names import WHOLE, measure_name
from validation.drawings import FOLDER, write_all

PAGE = Path(__file__).parents[1] / "docs" / "measures.md"
GROUPS = {
    "spine": "How the spine moves",
    "functional": "Functional movements",
    "balance": "Hip and balance",
    "core": "Core",
    "posture": "Posture",
}
TIERS = {
    "range": "a figure beside a published range",
    "trend": "a figure and its change over your own recordings; no published range fits",
    "graded": "a figure with low confidence, to be read in broad steps",
    "experimental": "a figure alone; nothing is known to hold it against",
}
VIEWS = {
    "side": "side",
    "front": "front",
    "any": "side; another view by the body fit",
    "picture": "any in which the body lies along the picture",
}
KINDS = {
    "range": "change from rest at its furthest",
    "peak": "value at its furthest",
    "at_peak": "value at the deepest point",
    "mean": "mean while still",
    "drift": "largest change from the first 3 s of a hold",
}
TIMES = {
    "duration": "from the start to the end of a repetition",
    "duration_down": "the part of it on the way down",
    "duration_up": "the part of it on the way up",
    "duration_out": "the part of it to the furthest point",
    "duration_back": "the part of it from the furthest point",
    "peak_speed": "greatest speed of the signal that drives the repetitions",
    "depth": "greatest fall of the height that is lowered, as a share of it in quiet standing",
    "hold_time": "from the beginning to the end of a hold; the longest of a side counts",
}


INSTANTS = {
    "edge_angle": "start or end of a repetition, in an angle seen in its plane, or a step ahead",
    "edge_fit": "the same in an angle of the body fit",
    "edge_height": "the same in a height, where no angle is known",
    "deepest": "the deepest point, the middle of it where it is flat",
    "seat": "hips that leave the seat, stand, or sit again",
    "first_move": "onset of the trunk's swing before the first stand, from the side",
    "first_move_front": "the same from the front",
    "foot": "a foot off the ground, or back on it",
}


def page() -> str:
    """Return the whole page."""
    lines = [
        "# What movecheck measures",
        "",
        "This page is made from the data that movecheck works with "
        "(`python -m validation.methods`). Every figure carries its ±: in about 95 of 100 "
        "recordings like it the true value lies within. How well that holds is in "
        "[accuracy.md](accuracy.md).",
        "",
        *_signals(),
    ]
    for group, title in GROUPS.items():
        lines += [f"## {title}", ""]
        for name in names():
            if load(name).group == group:
                lines += _movement(load(name))
    lines += ["## Sources", ""]
    keys = {row.source_key for row in load_tables().rows.values()}
    lines += [f"- {key}: {citation(key)}" for key in sorted(keys)]
    return "\n".join(lines) + "\n"


def _signals() -> Iterator[str]:
    yield from (
        "## Angles",
        "",
        "| angle | | what it is | seen from | ± of a change | ± of a level |",
    )
    yield "|---|---|---|---|---|---|"
    table = error_table()
    for stem, text in DEFINITION.items():
        ways = [way for name, way in table if name == stem]
        change, level = (
            ", ".join(f"{Z95 * table[stem, way][kind]:.0f}° ({way})" for way in ways)
            for kind in ("change", "absolute")
        )
        drawn = f"![{text}](angles/{stem}.svg)"
        yield f"| `{stem}` | {drawn} | {text} | {VIEWS[VIEW_OF[stem]]} | {change} | {level} |"
    yield from (
        "",
        "The ± grows with a turn out of the plane, with poor tracking, with few pictures a second "
        "and with a tilted camera. `fit` is the body fitted in space, in any view but a side view.",
        "",
        "| of an angle | is |",
        "|---|---|",
    )
    yield from (f"| `_{kind}` | {text} |" for kind, text in KINDS.items())
    yield from ("| `_sd` | spread of three or more repetitions |",
                "| `_difference` | left minus right |", "")  # fmt: skip
    yield from (
        "A repetition starts and ends with its motion: found backwards from where the "
        "signal that drives it has gone 5 % and 25 % of its way (our own choice).",
        "",
        "| instant | ± | from |",
        "|---|---|---|",
    )
    for name, row in times_rows().items():
        yield f"| {INSTANTS[name]} | {Z95 * float(row['sd_s']):.2f} s | {row['basis']} |"
    yield ""


def _movement(movement: Movement) -> Iterator[str]:
    low, high = movement.camera.distance_m
    yield from (f"### {movement.name}", "", f"`{movement.id}`: {TIERS[movement.tier]}.", "")
    yield from (f"{i}. {text}" for i, text in enumerate(movement.instructions, 1))
    yield from (
        "",
        f"**Camera** from the {movement.best_view}, lens at {movement.camera.height} height, "
        f"{low:g} to {high:g} m away, picture {movement.camera.picture}.",
        f"**Begins** when {movement.begins}. **Ends** when {movement.ends}.",
        f"**Safety.** {movement.safety}",
        f"**It cannot say.** {movement.note}",
        "",
    )
    yield from ("| measure | what it is |", "|---|---|")
    kinds = kinds_of(movement.kind, movement.rest)
    for stem in movement.all_stems():
        ids = ", ".join(f"`{name_of(stem, movement)}_{kind}`" for kind in kinds)
        towards = "; + to that side" if name_of(stem, movement) != stem else ""
        yield f"| {ids} | {DEFINITION[stem]}{towards} |"
    if movement.repeats:
        yield from (f"| `{name}` | {TIMES[name]} |" for name in time_ids(movement))
    for name in movement.extra_measures:
        yield f"| `{_id(name)}` | {_first_sentence(EXTRA[name].__doc__ or '')} |"
    yield ""
    yield from _published(movement)


def _id(extra: str) -> str:
    return extra if extra in WHOLE else f"duration_{extra}"


def _first_sentence(text: str) -> str:
    sentence = " ".join(text.split("\n\n")[0].split()).removeprefix("Return ")
    return sentence[:1].lower() + sentence[1:].rstrip(".")


def _published(movement: Movement) -> Iterator[str]:
    tables = load_tables()
    lines = [line for line in tables.comparisons if line.movement == movement.id]
    for line in lines:
        row = tables.rows.get(line.row_id or "")
        if row is None:
            continue
        what = "" if "*" in line.measure_id else f"{measure_name(line.measure_id, 'therapist')}: "
        shown = line.relation == "compare" and refusal(row) is None
        use = "may be held against" if shown else "context only"
        yield f"- {what}{describe(row, tables.sources[row.source_key])} *{use}, {row.row_id}*"
    if lines:
        yield ""


def main() -> None:
    """Write the page."""
    parser = argparse.ArgumentParser(prog="python -m validation.methods", description=__doc__)
    parser.add_argument("--out", type=Path, default=PAGE)
    out = parser.parse_args().out
    out.write_text(page(), encoding="utf-8")
    write_all(out.parent / FOLDER.name)


if __name__ == "__main__":
    main()
