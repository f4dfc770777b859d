"""Draw named clips: ``python -m validation.synthetic squat_side --out DIR``.

``python -m validation.synthetic battery DIR [NAME ...]`` draws the movement battery, or those of
its clips or groups that are named; a clip that is there already is not drawn again.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable
from pathlib import Path

from .acts import Act
from .battery import GROUPS, battery, held_out
from .clip import ClipSpec, write, write_truth
from .clips import CLIPS, SAMPLES


def main() -> None:
    """Draw the clips the command line asks for."""
    if sys.argv[1:2] == ["battery"]:
        _battery(sys.argv[2:])
        return
    parser = argparse.ArgumentParser(
        prog="python -m validation.synthetic",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("names", nargs="*", metavar="CLIP", help=f"of: {', '.join(CLIPS)}")
    parser.add_argument("--all", action="store_true", help="every clip")
    parser.add_argument("--samples", action="store_true", help="those kept in samples/")
    parser.add_argument("--truth-only", action="store_true", help="no video")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR")
    args = parser.parse_args()
    names = list(CLIPS) if args.all else list(SAMPLES) if args.samples else args.names
    unknown = [n for n in names if n not in CLIPS]
    if unknown or not names:
        parser.error(f"no such clip: {', '.join(unknown)}" if unknown else "no clip named")
    _draw((CLIPS[name] for name in names), args.out, args.truth_only)


def _battery(argv: list[str]) -> None:
    clips = {**battery(), **held_out()}
    groups = {**GROUPS, "held_out": lambda: list(held_out().values())}
    parser = argparse.ArgumentParser(prog="python -m validation.synthetic battery")
    parser.add_argument("out", type=Path, metavar="DIR")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"clips, or: {', '.join(groups)}")
    parser.add_argument("--truth-only", action="store_true", help="no video")
    args = parser.parse_intermixed_args(argv)
    specs: list[ClipSpec] = []
    for name in args.names or GROUPS:
        if name not in groups and name not in clips:
            parser.error(f"no such clip or group: {name}")
        specs += groups[name]() if name in groups else [clips[name]]
    if not args.truth_only:
        specs = [s for s in specs if not (args.out / f"{s.name}.truth.json").exists()]
    # The right ones first: they are wanted sooner.
    specs.sort(key=lambda s: isinstance(s.movement, Act) and bool(s.movement.wrong))
    _draw(specs, args.out, args.truth_only)


def _draw(specs: Iterable[ClipSpec], out: Path, truth_only: bool) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for spec in specs:
        begin = time.perf_counter()
        (write_truth if truth_only else write)(spec, out)
        frames = len(spec.frame_times())
        print(f"{spec.name}: {frames} frames, {time.perf_counter() - begin:.1f} s", flush=True)


if __name__ == "__main__":
    main()
