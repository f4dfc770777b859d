"""The sample recordings that come with movecheck."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from movecheck.marks import N_

FOLDERS = (Path(__file__).parents[2] / "samples", Path(__file__).parents[1] / "samples")
"""Where samples lie: at the root of a checkout, or inside an installed package."""

TITLES: dict[str, str] = {
    "squat_side": N_("Squat, from the side"),
    "squat_front": N_("Squat, from the front"),
    "forward_bend_side": N_("Forward bend, from the side"),
    "hip_hinge_side": N_("Hip hinge, from the side"),
    "posture_front": N_("Standing, from the front"),
}
"""File name without its ending: what the button says."""


@dataclass(frozen=True)
class Sample:
    """A sample recording and its title."""

    path: Path
    title: str


def find_samples(folders: tuple[Path, ...] = FOLDERS) -> list[Sample]:
    """Return the samples of the first folder that has any; in the order of `TITLES`."""
    for folder in folders:
        paths = sorted(folder.glob("*.mp4"), key=_rank)
        if paths:
            return [Sample(p, TITLES.get(p.stem) or _title(p.stem)) for p in paths]
    return []


def _rank(path: Path) -> tuple[int, str]:
    known = list(TITLES)
    return known.index(path.stem) if path.stem in known else len(known), path.stem


def _title(stem: str) -> str:
    words = stem.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
