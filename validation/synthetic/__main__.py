"""Draw named clips: ``python -m validation.synthetic squat_side --out DIR``."""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from .clip import write, write_truth
from .clips import CLIPS, SAMPLES


def main() -> None:
    """Draw the clips the command line asks for."""
    parser = argparse.ArgumentParser(prog="python -m validation.synthetic", description=__doc__)
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
    args.out.mkdir(parents=True, exist_ok=True)
    for name in names:
        begin, spec = time.perf_counter(), CLIPS[name]
        (write_truth if args.truth_only else write)(spec, args.out)
        frames = len(spec.frame_times())
        print(f"{name}: {frames} frames, {time.perf_counter() - begin:.1f} s", flush=True)


if __name__ == "__main__":
    main()
