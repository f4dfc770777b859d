"""Movements: which pose belongs to a time."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from .body import Body
from .pose import Pose, Skeleton, blend, solve

STANDING = Pose()
# The goals are whole-body poses; a movement is the way from standing to one and back.
GOALS: dict[str, Pose] = {
    "standing": STANDING,
    "squat": Pose(
        knee_deg=104.0, shank_deg=31.0, pelvis_deg=29.0, lumbar_deg=8.0, thoracic_deg=3.0,
        head_deg=12.0, arm_deg=82.0, arm_out_deg=4.0, elbow_deg=8.0, stance=0.085,
        toe_out_deg=16.0,
    ),
    "forward_bend": Pose(
        knee_deg=6.0, shank_deg=-2.0, pelvis_deg=32.0, lumbar_deg=44.0, thoracic_deg=18.0,
        head_deg=84.0, arm_deg=8.0, arm_out_deg=3.0, elbow_deg=6.0,
    ),
    "forward_bend_natural": Pose(
        knee_deg=7.0, shank_deg=-2.0, pelvis_deg=46.0, lumbar_deg=36.0, thoracic_deg=10.0,
        head_deg=82.0, arm_deg=6.0, arm_out_deg=3.0, elbow_deg=6.0,
    ),
    "hip_hinge": Pose(
        knee_deg=17.0, shank_deg=3.0, pelvis_deg=62.0, lumbar_deg=4.0, thoracic_deg=2.0,
        head_deg=50.0, arm_deg=4.0, arm_out_deg=3.0, elbow_deg=6.0,
    ),
}  # fmt: skip
# The angle whose course tells the repetitions.
DRIVER = {
    "squat": "knee",
    "forward_bend": "trunk",
    "forward_bend_natural": "trunk",
    "hip_hinge": "trunk",
    "standing": "none",
}


@dataclass(frozen=True)
class Movement:
    """Repetitions of one movement out of a quiet stance.

    Attributes
    ----------
    kind : str
        A key of `GOALS`.
    depths : tuple of float
        One entry a repetition: its share of the way to the goal; below 1 it is partial.
    tempo : tuple of float
        Duration factors, taken in turn by the repetitions.
    quiet_s, down_s, hold_s, up_s, rest_s, end_s : float
        Quiet stance before, the phases of a repetition at tempo 1, quiet stance after.
    rest : Pose
        The stance between the repetitions.
    changes : tuple of (str, float)
        Fields of the goal pose set otherwise.
    sway : float
        Size of the sway; 1 is a calm stance, 0 none.
    seed : int
        Fixes the sway.
    """

    kind: str
    depths: tuple[float, ...] = (1.0, 1.0, 1.0)
    tempo: tuple[float, ...] = (1.0, 0.92, 1.06)
    quiet_s: float = 2.2
    down_s: float = 1.25
    hold_s: float = 0.35
    up_s: float = 1.15
    rest_s: float = 0.7
    end_s: float = 0.6
    rest: Pose = STANDING
    changes: tuple[tuple[str, float], ...] = ()
    sway: float = 1.0
    seed: int = 0

    def goal(self) -> Pose:
        """Pose of a full repetition; the feet stay as they are at rest."""
        goal = replace(GOALS[self.kind], stance=self.rest.stance, toe_out_deg=self.rest.toe_out_deg)
        return replace(goal, **dict(self.changes))

    def factor(self, i: int) -> float:
        """Duration factor of repetition ``i``."""
        return self.tempo[i % len(self.tempo)] if self.tempo else 1.0

    def windows(self) -> list[tuple[float, float]]:
        """First and last instant of every repetition's motion."""
        out, t = [], self.quiet_s
        for i in range(len(self.depths)):
            span = self.factor(i) * (self.down_s + self.hold_s + self.up_s)
            out.append((t, t + span))
            t += span + self.rest_s
        return out

    def duration(self) -> float:
        """Length of the whole movement in seconds."""
        windows = self.windows()
        return (windows[-1][1] if windows else self.quiet_s) + self.end_s

    def share(self, t: float) -> float:
        """Share of the way to the goal at a time."""
        for i, (start, end) in enumerate(self.windows()):
            if start <= t < end:
                k = self.factor(i)
                down = _ease((t - start) / (k * self.down_s))
                up = _ease((t - start - k * (self.down_s + self.hold_s)) / (k * self.up_s))
                return self.depths[i] * (down - up)
        return 0.0

    def pose(self, t: float) -> Pose:
        """Pose at a time, sway included."""
        pose = blend(self.rest, self.goal(), self.share(t))
        slow = np.random.default_rng(self.seed).uniform(0.0, 2 * np.pi, 4)
        rates = 2 * np.pi * np.array([0.31, 0.23, 0.41, 0.27])
        a, b, c, d = self.sway * np.sin(rates * t + slow)
        return replace(
            pose,
            shank_deg=pose.shank_deg + 0.25 * a,
            pelvis_deg=pose.pelvis_deg + 0.3 * b,
            head_deg=pose.head_deg + 0.5 * c,
            arm_deg=pose.arm_deg + 0.4 * a,
            sway_m=pose.sway_m + 0.003 * d,
        )

    def skeleton(self, body: Body, t: float) -> Skeleton:
        """Joints at a time."""
        return solve(body, self.pose(t))


def _ease(x: float) -> float:
    """Minimum-jerk course from 0 to 1."""
    x = min(1.0, max(0.0, x))
    return x**3 * (10.0 - 15.0 * x + 6.0 * x * x)
