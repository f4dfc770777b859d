"""What a batch costs by its size, and what 100 000 recordings would, for ``docs/cost.md``.

::

    python -m validation.cost [--sizes 1,10,100] [--write]

Batches of short cuts of the samples run with one and with two workers. Time on a busy machine says
little; the processor time of the batch does, and is given beside it. Two lengths of recording give
what each costs by itself, and what each second of it costs; that is carried on to 100 000.
"""

from __future__ import annotations

import argparse
import os
import tempfile
from pathlib import Path

from movecheck.batch.run import plan, run
from movecheck.settings import Settings
from validation.interrupted import recordings
from validation.speed import long_video, taken_s

PAGE = Path(__file__).parents[1] / "docs" / "cost.md"
END = "<!-- end of what validation.cost writes -->"
CUT_S = 2.0
SHORT_S, LONG_S = 4.0, 20.0
MANY, EACH_S, EACH_MB = 100_000, 30.0, 15.0
"""So many recordings, so long, so large (1080p, 4 Mbit/s): our choice."""
CORES = (16, 64, 256)


def curve(folder: Path, sizes: list[int]) -> list[str]:
    """Return a line of the table for each size and number of workers."""
    lines = []
    for size in sizes:
        clips = folder / f"in{size}"
        recordings(clips, size, 0, CUT_S)
        for workers in (1, 2):
            out = folder / f"out{size}-{workers}"
            wall_s, cpu_s = taken_s(
                lambda clips=clips, out=out, workers=workers: run(  # type: ignore[misc]
                    plan(clips, out, settings=Settings()), workers
                )
            )
            line = (
                f"| {size} | {workers} | {wall_s:.0f} s | {cpu_s:.0f} s | {cpu_s / size:.2f} s "
                f"| {size * CUT_S / wall_s:.2f} |"
            )
            print(line, flush=True)
            lines.append(line)
    return lines


def one(folder: Path, seconds: float) -> tuple[float, float]:
    """Return processor seconds, and MB of results, of one recording of 1080p."""
    clips = folder / f"one{seconds:.0f}"
    clips.mkdir()
    long_video(clips / "a.mp4", seconds)
    out = folder / f"result{seconds:.0f}"
    _, cpu_s = taken_s(lambda: run(plan(clips, out, settings=Settings()), 1))
    result = sum(file.stat().st_size for file in (out / "recordings").rglob("*"))
    return cpu_s, result / 1e6


def carried_on(short: tuple[float, float], long: tuple[float, float]) -> list[str]:
    """Return what `MANY` recordings would cost."""

    def at(i: int) -> tuple[float, float]:
        slope = (long[i] - short[i]) / (LONG_S - SHORT_S)
        return short[i] - slope * SHORT_S, slope

    (own_s, per_s), (own_mb, mb_per_s) = at(0), at(1)
    each_s, each_mb = own_s + per_s * EACH_S, own_mb + mb_per_s * EACH_S
    total_h = MANY * each_s / 3600
    lines = [
        f"A recording costs {own_s:.1f} s of one processor by itself, and {per_s:.2f} s for each "
        f"of its seconds (1080p, 30 frames a second); its results take {each_mb:.1f} MB for "
        f"{EACH_S:.0f} s. {MANY:,} recordings of {EACH_S:.0f} s and {EACH_MB:.0f} MB are then "
        f"{total_h:,.0f} hours of one processor, {MANY * EACH_MB / 1e6:.1f} TB read once, "
        f"{MANY * each_mb / 1e3:,.0f} GB of results:",
        "",
        "| processors | hours | read, MB a second | written, MB a second |",
        "|---|---|---|---|",
    ]
    for cores in CORES:
        hours = total_h / cores
        lines.append(
            f"| {cores} | {hours:.1f} | {MANY * EACH_MB / hours / 3600:.0f} "
            f"| {MANY * each_mb / hours / 3600:.1f} |"
        )
    return lines


def main() -> None:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--sizes", default="1,10,100")
    parser.add_argument("--write", action="store_true", help="put the tables into docs/cost.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="movecheck-cost-") as name:
        folder = Path(name)
        forward = carried_on(one(folder, SHORT_S), one(folder, LONG_S))
        print("\n".join(forward), flush=True)
        lines = curve(folder, [int(size) for size in given.sizes.split(",")])
    text = "\n".join([
        "# What a batch costs",
        "",
        f"Made by `python -m validation.cost` on {os.cpu_count()} processors, load "
        f"{os.getloadavg()[2]:.1f}: cuts of {CUT_S:.0f} s of the samples (480 x 854), where the "
        "start of the pose process is the larger part of the cost.",
        "",
        "| recordings | workers | time | processor time | each | seconds of video a second |",
        "|---|---|---|---|---|---|",
        *lines,
        "",
        f"## {MANY:,} recordings",
        "",
        *forward,
        "",
        END,
    ])  # fmt: skip
    print(text)
    if given.write:
        below = PAGE.read_text(encoding="utf-8").partition(END)[2] if PAGE.exists() else "\n"
        PAGE.write_text(text + below, encoding="utf-8")


if __name__ == "__main__":
    main()
