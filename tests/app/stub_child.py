"""Stands for ``movecheck assess``: reports progress and copies a made-up result folder.

STUB_MODE is "ok", "error" (unusable input), "crash", or "slow" (never ends by itself);
STUB_RESULT is the folder to copy.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
from pathlib import Path


def main() -> int:
    mode = os.environ.get("STUB_MODE", "ok")
    arguments = sys.argv[1:]
    out = Path(arguments[arguments.index("--out") + 1])
    (out / "arguments.json").write_text(json.dumps(arguments))
    pause = float(os.environ.get("STUB_PAUSE", "0"))
    if mode == "error":
        print("error: The file cannot be decoded. Record it again.", file=sys.stderr)
        answer = {"error": "The file cannot be decoded.", "hint": "Record it again, *please*."}
        print(json.dumps(answer), flush=True)
        return 2
    if mode == "crash":
        raise RuntimeError("a secret /path/of/somebody")
    for stage in ("model", "pose", "analysis", "overlay"):
        for fraction in (0.0, 0.5, 1.0):
            print(json.dumps({"stage": stage, "fraction": fraction}), flush=True)
            time.sleep(pause)
    while mode == "slow":
        time.sleep(0.1)
    shutil.copytree(os.environ["STUB_RESULT"], out, dirs_exist_ok=True)
    if "--corrections" in arguments:
        given = Path(arguments[arguments.index("--corrections") + 1])
        told = json.loads((out / "assessment.json").read_text())
        told["corrections"] = json.loads(given.read_text())
        (out / "assessment.json").write_text(json.dumps(told))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
