"""What each assumption of the body fit brings: the fit's errors without it, one at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from movecheck.signals.fit import fit_body
from movecheck.signals.fit.body import Assumptions, Offsets
from validation.kept import group_of
from validation.recordings import Known, raw_track

GROUPS = ("side", "oblique", "front")
ANGLES = ("knee_flexion", "trunk_inclination")

_AS_IT_IS = Assumptions()
_NOWHERE = Offsets(0.0, 0.0, 0.0, 1e-6, 0.0, 0.0, 0.0, 0.0)
STEPS: tuple[tuple[str, Assumptions, Offsets], ...] = (
    ("the body fit as it is", _AS_IT_IS, Offsets()),
    ("bones of any length", replace(_AS_IT_IS, bone=10.0, trunk_bone=10.0), Offsets()),
    ("feet that may slide", replace(_AS_IT_IS, still_m=10.0, heel_still_m=10.0), Offsets()),
    (
        "feet anywhere beside each other",
        replace(_AS_IT_IS, feet_square_m=100.0, step_m=300.0),
        Offsets(),
    ),
    ("knees anywhere", replace(_AS_IT_IS, knee_plane=100.0), Offsets()),
    ("jerky movement", replace(_AS_IT_IS, acceleration=1e3), Offsets()),
    ("no balance", replace(_AS_IT_IS, balance_m=100.0), Offsets()),
    ("no depth from the model", replace(_AS_IT_IS, depth_m=100.0), Offsets()),
    (
        "nothing usual in standing",
        replace(_AS_IT_IS, standing_knee_sd=100.0, standing_trunk=100.0),
        Offsets(),
    ),
    ("landmarks taken for joints", _AS_IT_IS, _NOWHERE),
)


def without_each(recordings: Sequence[Known], cache: Path) -> str:
    """Return a table in Markdown: RMSE of the fit's own level, both sides, by view.

    Recordings that the fit as it is refuses are left out.
    """
    tracks = [(known, raw_track(known, cache)) for known in recordings]
    used = [(known, track) for known, track in tracks if fit_body(track).ok]
    rows = []
    for name, how, offsets in STEPS:
        squares: defaultdict[tuple[str, str], list[float]] = defaultdict(list)
        for known, track in used:
            fit = fit_body(track, how, offsets)
            for column, angle in fit.angles().items():
                stem = column.removesuffix("_deg").removesuffix("_left").removesuffix("_right")
                if stem in ANGLES and column in known.angles:
                    error = angle - known.at(column, fit.time_s)
                    squares[stem, group_of(known)].append(float(np.nanmean(error**2)))
        cells = [
            f"{np.sqrt(np.mean(squares[stem, group])):.1f}" for stem in ANGLES for group in GROUPS
        ]
        rows.append(f"| {name} | " + " | ".join(cells) + " |")
    head = [f"{stem.split('_')[0]}, {group}" for stem in ANGLES for group in GROUPS]
    return "\n".join(
        [
            "\n## What each assumption of the body fit brings\n",
            "Root mean square error of the fit's own angles (level, both sides) with one "
            f"assumption taken away at a time, over {len(used)} drawn recordings.\n",
            "| without | " + " | ".join(head) + " |",
            "|" + "---|" * (len(head) + 1),
            *rows,
        ]
    )
