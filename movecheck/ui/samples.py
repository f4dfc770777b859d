"""The sample recordings that come with movecheck."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

FOLDERS = (Path(__file__).parents[2] / "samples", Path(__file__).parents[1] / "samples")
"""Where samples lie: at the root of a checkout, or inside an installed package."""

TITLES: dict[str, str] = {
    "squat_side": "Squat, from the side",
    "squat_front": "Squat, from the front",
    "bend_side": "Forward bend, from the side",
    "forward_bend_side": "Forward bend, from the side",
    "hinge_side": "Hip hinge, from the side",
    "hip_hinge_side": "Hip hinge, from the side",
    "posture_front": "Standing, from the front",
    "posture_side": "Standing, from the side",
}
"""File name without its ending: what the button says."""


@dataclass(frozen=True)
class Sample:
    """A sample recording and its title."""

    path: Path
    title: str


def find_samples(folders: tuple[Path, ...] = FOLDERS) -> list[Sample]:
    """Return the samples of the first folder that has any; those with a known title first."""
    for folder in folders:
        paths = sorted(folder.glob("*.mp4"), key=lambda p: (p.stem not in TITLES, p.stem))
        if paths:
            return [Sample(p, TITLES.get(p.stem) or _title(p.stem)) for p in paths]
    return []


def _title(stem: str) -> str:
    words = stem.replace("_", " ").replace("-", " ").strip()
    return words[:1].upper() + words[1:]
