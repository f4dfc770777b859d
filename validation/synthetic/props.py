"""A stool to sit on."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from .body import RGB, Vec
from .pose import turn
from .shape import Shapes
from .things import Flesh


@dataclass(frozen=True)
class Stool:
    """A stool without back or arms; it stands behind a person who stands at the room's middle.

    Attributes
    ----------
    yaw_deg, x_m : float
        Of the person, as in `ClipSpec`.
    behind_m : float
        From the person's ankles back to the seat's middle.
    seat_m, half_m : float
        Height of the seat, and half its width.
    """

    yaw_deg: float = 90.0
    x_m: float = 0.0
    behind_m: float = 0.30
    seat_m: float = 0.45
    half_m: float = 0.19
    colour: RGB = (0.50, 0.34, 0.20)

    def flesh(self) -> Flesh:
        """Return the stool's primitives."""
        frame, out = turn(yaw_deg=self.yaw_deg), Shapes(1.0)
        middle = frame @ np.array([0.0, 0.0, -self.behind_m]) + np.array([self.x_m, 0.0, 0.0])

        def at(x: float, y: float, z: float) -> Vec:
            return np.asarray(middle + frame @ np.array([x, y, z]))

        out.start(0.0)
        thick, half = 0.022, self.half_m
        for z in np.linspace(-half, half, 13):
            ends = (at(x, self.seat_m - thick, float(z)) for x in (-half, half))
            out.cone(*ends, thick, thick, self.colour)
        for x in (-0.8, 0.8):
            for z in (-0.8, 0.8):
                top = at(x * half, self.seat_m - thick, z * half)
                out.cone(top, at(x * half * 1.1, 0.02, z * half * 1.1), 0.018, 0.016, self.colour)
        return out.arrays()
