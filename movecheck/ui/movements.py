"""The movements to choose from, read from their data files without loading what measures them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "movements" / "data"
ORDER = ("squat", "forward_bend", "hip_hinge", "side_bend", "posture")
"""Those that come first; others follow by name."""


@dataclass(frozen=True)
class Choice:
    """A movement: its title, what to do for it, how to film it, and what to mind."""

    title: str
    instructions: tuple[str, ...]
    filming: str = ""
    safety: str = ""


@cache
def choices() -> dict[str, Choice]:
    """Return the movements by their ids; a file that cannot be read is left out."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            found[str(raw["id"])] = Choice(
                str(raw["name"]),
                tuple(str(line) for line in raw["instructions"]),
                _filming(raw),
                str(raw.get("safety", "")),
            )
        except (OSError, ValueError, KeyError):
            continue
    rank = {name: i for i, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[0], len(ORDER)), item[0])))


def _filming(raw: dict[str, Any]) -> str:
    """Return where the camera stands, in words."""
    camera = raw.get("camera", {})
    near, far = camera.get("distance_m", (3, 4))
    picture = camera.get("picture", "upright")
    return (
        f"Film it from the {raw['best_view']}, with the lens at {camera.get('height', 'hip')} "
        f"height, {near:g} to {far:g} metres away, the picture {picture}."
    )
