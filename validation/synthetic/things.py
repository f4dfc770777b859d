"""What else is in the room: others, and things of round bars such as a chair."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .body import RGB, Body
from .pose import Pose, place, solve
from .shape import GROUP, Shapes, build

Flesh = tuple[NDArray[np.float64], NDArray[np.float64]]
"""Primitives, one row each, and their colours; see `shape`."""


class Thing(Protocol):
    """Something in the room that can be drawn."""

    def flesh(self) -> Flesh:
        """Return its primitives."""


@dataclass(frozen=True)
class Bystander:
    """Somebody who stands still at a place of the room, turned as ``ClipSpec.yaw_deg``."""

    body: Body
    x_m: float
    z_m: float = 0.0
    yaw_deg: float = 0.0

    def flesh(self) -> Flesh:
        """Dress the one who stands there."""
        return build(self.body, place(solve(self.body, Pose()), self.yaw_deg, self.x_m, self.z_m))


@dataclass(frozen=True)
class Bar:
    """A round bar between two points of the room, in metres."""

    start: tuple[float, float, float]
    end: tuple[float, float, float]
    radius_m: float = 0.02
    colour: RGB = (0.30, 0.20, 0.14)

    def flesh(self) -> Flesh:
        """Return the bar's primitive."""
        out = Shapes(1.0)
        out.start(0.0)
        out.cone(
            np.array(self.start), np.array(self.end), self.radius_m, self.radius_m, self.colour
        )
        return out.arrays()


def together(parts: Sequence[Flesh]) -> Flesh:
    """Put several things into one picture; none melts into another."""
    primitives, groups = [], 0.0
    for rows, _ in parts:
        moved = rows.copy()
        moved[:, GROUP] += groups
        groups = moved[:, GROUP].max() + 1
        primitives.append(moved)
    return np.concatenate(primitives), np.concatenate([colours for _, colours in parts])
