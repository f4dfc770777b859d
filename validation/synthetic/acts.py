"""Acts: which figure belongs to a time, for movements that a stance on two feet cannot make."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from .body import Body
from .figure import Figure, assemble, changed, value
from .movements import _ease
from .pose import Pose, Skeleton

Window = tuple[float, float, float, float]
"""Times: a move begins, has arrived, begins to go back, is back."""
ALWAYS = float("inf")


@dataclass(frozen=True)
class Move:
    """Goal values of some numbers of the figure, and when they are gone to and back from.

    Moves add up: each adds its share of the way from the act's base to its goal. A move that is
    there from the first frame begins at ``-ALWAYS``, one that stays goes back at ``ALWAYS``.
    """

    goal: tuple[tuple[str, float], ...]
    windows: tuple[Window, ...]
    depths: tuple[float, ...] = ()

    def share(self, t: float) -> float:
        """Share of the way to the goal at a time."""
        total = 0.0
        for i, (begin, there, leave, back) in enumerate(self.windows):
            depth = self.depths[i] if self.depths else 1.0
            total += depth * (_course(t, begin, there) - _course(t, leave, back))
        return total


def _course(t: float, begin: float, end: float) -> float:
    if np.isinf(begin):
        return 1.0 if begin < 0 else 0.0
    return _ease((t - begin) / (end - begin))


@dataclass(frozen=True)
class Section:
    """A movement within an act: what it is called, and what its truth is read from.

    Attributes
    ----------
    movement : str
        Identifier of the movement.
    driver : str
        Column of the truth whose course tells the repetitions; ``{side}`` in it stands for the
        repetition's side.
    reps : tuple of (float, float)
        Spans, each of which holds one repetition.
    labels : tuple of str
        Side of each repetition, where there is one.
    span_s : tuple of (float, float)
        From when to when the act is this movement, the quiet before and after it included.
    rest_s : float
        When the driver is at rest, for 0.4 s.
    """

    movement: str
    span_s: tuple[float, float]
    driver: str = ""
    reps: tuple[tuple[float, float], ...] = ()
    labels: tuple[str, ...] = ()
    rest_s: float = 0.0


@dataclass(frozen=True)
class Act:
    """Moves of a figure, and what they are.

    It answers to what a clip asks of a `Movement`: kind, seed, duration, pose and skeleton.

    Attributes
    ----------
    sections, base, moves, length_s
        What it is, the figure it starts from, its moves, and how long it lasts.
    seated_s : float or None
        A time at which the person sits.
    lifts : tuple of str
        Sides whose foot stands at first and is lifted.
    hold_columns, hold_from_s
        Columns of the truth that tell whether a hold lasts, and a time from which it does.
    end_event : str
        What ends the test.
    wrong : str
        Empty, or what is wrong with the recording.
    sway, seed
        As in a `Movement`.
    """

    sections: tuple[Section, ...]
    base: Figure
    moves: tuple[Move, ...]
    length_s: float
    seated_s: float | None = None
    lifts: tuple[str, ...] = ()
    hold_columns: tuple[str, ...] = ()
    hold_from_s: float = 0.0
    end_event: str = ""
    wrong: str = ""
    sway: float = 1.0
    seed: int = 0

    @property
    def kind(self) -> str:
        """Identifier of the movement; several are joined by a plus sign."""
        return "+".join(s.movement for s in self.sections)

    def duration(self) -> float:
        """Length in seconds."""
        return self.length_s

    def figure(self, t: float) -> Figure:
        """Figure at a time, sway included."""
        figure = self.base
        for move in self.moves:
            share = move.share(t)
            if share:
                for path, goal in move.goal:
                    figure = changed(figure, path, share * (goal - value(self.base, path)))
        a, b, c, d = self.sway * np.sin(self._rates * t + self._phases)
        pose = figure.pose
        return replace(
            figure,
            pose=replace(
                pose,
                shank_deg=pose.shank_deg + 0.25 * a,
                pelvis_deg=pose.pelvis_deg + 0.3 * b,
                head_deg=pose.head_deg + 0.5 * c,
                sway_m=pose.sway_m + 0.003 * d,
            ),
        )

    def pose(self, t: float) -> Pose:
        """Trunk at a time."""
        return self.figure(t).pose

    def skeleton(self, body: Body, t: float) -> Skeleton:
        """Joints at a time."""
        return assemble(body, self.figure(t))

    @cached_property
    def _phases(self) -> np.ndarray:
        return np.random.default_rng(self.seed).uniform(0.0, 2 * np.pi, 4)

    @cached_property
    def _rates(self) -> np.ndarray:
        return 2 * np.pi * np.array([0.31, 0.23, 0.41, 0.27])
