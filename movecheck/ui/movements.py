"""The movements to choose from, read from their data files without loading what measures them."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from movecheck.marks import N_
from movecheck.texts import _, decimal

FOLDER = Path(__file__).parents[1] / "movements" / "data"
ORDER = ("squat", "forward_bend", "hip_hinge", "side_bend", "posture")
"""Those that come first; others follow by name."""
CAMERA = {
    "side": N_("from the side"),
    "front": N_("from the front"),
    "hip": N_("hip height"),
    "knee": N_("knee height"),
    "upright": N_("upright"),
    "sideways": N_("sideways"),
}
"""Words of a data file about the camera: how they are told."""


@dataclass(frozen=True)
class Choice:
    """A movement: its title, what to do for it, what to mind, and where the camera stands.

    All of it is English, as in the data file, but for `filming`.
    """

    title: str
    instructions: tuple[str, ...]
    safety: str = ""
    camera: tuple[str, str, str] = ("side", "hip", "upright")
    distance_m: tuple[float, ...] = (3.0, 4.0)

    def filming(self) -> str:
        """Return where the camera stands, in the reader's words."""
        view, height, picture = (_(CAMERA[word]) for word in self.camera)
        near, far = (decimal(f"{metres:g}") for metres in self.distance_m)
        return _(
            "Film it {view}, with the lens at {height}, {near} to {far} metres away, the "
            "picture {picture}."
        ).format(view=view, height=height, near=near, far=far, picture=picture)


@cache
def choices() -> dict[str, Choice]:
    """Return the movements by their ids; a file that cannot be read is left out."""
    found = {}
    for path in sorted(FOLDER.glob("*.toml")):
        try:
            raw = tomllib.loads(path.read_text(encoding="utf-8"))
            camera = raw.get("camera", {})
            found[str(raw["id"])] = Choice(
                str(raw["name"]),
                tuple(str(line) for line in raw["instructions"]),
                str(raw.get("safety", "")),
                (
                    str(raw["best_view"]),
                    str(camera.get("height", "hip")),
                    str(camera.get("picture", "upright")),
                ),
                tuple(camera.get("distance_m", (3.0, 4.0))),
            )
        except (OSError, ValueError, KeyError):
            continue
    rank = {name: i for i, name in enumerate(ORDER)}
    return dict(sorted(found.items(), key=lambda item: (rank.get(item[0], len(ORDER)), item[0])))
