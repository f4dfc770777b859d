"""When a live recording ends by itself. Our own choice, after the instructions of each movement."""

from __future__ import annotations

from dataclasses import dataclass

from movecheck.live import Session
from movecheck.movements import Movement

# These are our own choice.
REPS = 3
AFTER_S = 1.5  # filmed after the last repetition: its end, and standing
STILL_S = 5.0
CHAIR_S = 32.0  # from the first move, as the instructions of the 30 s test say
LONGEST_S = 90.0
LONGEST_HELD_S = 300.0
COUNTS = {"sit_to_stand_5": 5, "chair_stand_30s": None, "single_leg_stance": 6}
"""Movements whose number is another one than `REPS`, or `REPS` on each side; None: by the clock.
Five stands are so by definition of the test; the rest is our own choice."""


@dataclass(frozen=True)
class Goal:
    """How many repetitions end the recording (None: they do not), and how long it may last."""

    count: int | None
    longest_s: float


def goal_of(movement: Movement) -> Goal:
    """Return when the recording of a movement is complete."""
    if movement.kind == "still":
        return Goal(None, LONGEST_S)
    held = movement.kind == "held"
    usual = 1 if held else 2 * REPS if movement.sided else REPS
    return Goal(COUNTS.get(movement.id, usual), LONGEST_HELD_S if held else LONGEST_S)


def reached(session: Session, goal: Goal) -> bool:
    """Tell whether a recording is complete: enough was done, or it has lasted long enough."""
    now = session.seconds
    if now >= goal.longest_s:
        return True
    if session.movement.kind == "still":
        return session.stance is not None and session.stance.stand_s >= STILL_S
    counted = [rep for rep in session.reps if rep.excluded_reason is None]
    if not counted:
        return False
    if goal.count is None:
        return now - counted[0].start_s >= CHAIR_S
    return session.count >= goal.count and now - counted[-1].end_s >= AFTER_S
