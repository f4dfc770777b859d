"""Acts of people who stand or sit: chair, bends, one leg, lunge, overhead squat."""

from __future__ import annotations

from dataclasses import replace

from .acts import ALWAYS, Act, Move, Section, Window
from .body import Body
from .figure import Arm, Figure

SEAT_M = 0.45
STANDING = Figure()
_CROSSED = replace(STANDING, left_arm=Arm("crossed"), right_arm=Arm("crossed"))
_ON_HIPS = replace(STANDING, left_arm=Arm("hips"), right_arm=Arm("hips"))
BEHIND = 0.215  # of the hips of one who sits, behind the ankles


def goal(windows: tuple[Window, ...], depths: tuple[float, ...] = (), **to: float) -> Move:
    """Move to goal values; ``__`` stands for the point in a path."""
    return Move(tuple((k.replace("__", "."), v) for k, v in to.items()), windows, depths)


def stands(
    body: Body,
    kind: str = "sit_to_stand_5",
    count: int = 5,
    begin_s: float = 1.5,
    pace: float = 0.82,
    ends: str = "seated",
    length_s: float | None = None,
    wrong: str = "",
    seed: int = 0,
) -> Act:
    """Stand up from a stool `count` times, arms crossed; the last time ends as `ends` says."""
    h = body.stature_m
    base = replace(_CROSSED, at_y=SEAT_M / h + 0.045, at_z=-BEHIND)
    # A little later each time, as people tire.
    starts, t = [], begin_s
    for i in range(count):
        starts.append((t, pace * (1 + 0.02 * i)))
        t += 2.5 * pace * (1 + 0.02 * i)
    seat: list[Window] = []
    lean: list[Window] = []
    since = (-ALWAYS, -ALWAYS)
    for i, (t, k) in enumerate(starts):
        seat.append((*since, t + 0.38 * k, t + 1.12 * k))
        lean.append((t, t + 0.55 * k, t + 0.56 * k, t + 1.1 * k))
        since = (t + 1.38 * k, t + 2.12 * k)
        if ends == "seated" or i + 1 < count:
            lean.append((t + 1.36 * k, t + 1.92 * k, t + 1.94 * k, t + 2.48 * k))
    t, k = starts[-1]
    finish = t + 1.12 * k
    if ends == "seated":
        seat.append((*since, ALWAYS, ALWAYS))
        finish = t + 2.48 * k
    moves = (
        goal(tuple(seat), free=1.0, pose__pelvis_deg=-6.0, pose__lumbar_deg=10.0,
             pose__thoracic_deg=5.0, pose__head_deg=6.0),
        goal(tuple(lean), pose__pelvis_deg=34.0, pose__lumbar_deg=7.0, pose__head_deg=14.0),
    )  # fmt: skip
    length = length_s if length_s is not None else finish + 1.0
    spans = tuple((t - 0.1, t + 2.49 * k) for t, k in starts if t + 1.2 * k < length)
    section = Section(kind, (0.0, length), "knee_flexion_deg", spans, rest_s=begin_s - 0.6)
    return Act((section,), base, moves, length, seated_s=0.0, end_event=ends, wrong=wrong,
               seed=seed)  # fmt: skip


def train(begin: float, n: int, go: float, hold: float, back: float, rest: float) -> list[Window]:
    """Windows of `n` repetitions, not all of the same tempo."""
    out, t = [], begin
    for i in range(n):
        k = (1.0, 1.08, 0.94)[i % 3]
        out.append((t, t + k * go, t + k * (go + hold), t + k * (go + hold + back)))
        t = out[-1][3] + rest
    return out


def spans(windows: list[Window], slack: float = 0.15) -> tuple[tuple[float, float], ...]:
    """Where the repetitions of such windows are looked for."""
    return tuple((w[0] - slack, w[3] + slack) for w in windows)


def side_bend(
    most_deg: float = 40.0, n: int = 4, left: float = 1.0, wrong: str = "", seed: int = 0
) -> Act:
    """Bend to the right and to the left in turn, the hand sliding down the thigh.

    To the left it goes a share `left` of the way.
    """
    windows = train(1.8, n, 1.1, 0.5, 1.0, 0.6)
    moves = []
    for sign, share, some in ((1.0, 1.0, windows[::2]), (-1.0, left, windows[1::2])):
        near, far = ("right", "left") if sign > 0 else ("left", "right")
        moves.append(
            goal(tuple(some), (share,) * len(some), pose__pelvis_tilt_deg=3.0 * sign,
                 pose__shoulder_tilt_deg=most_deg * sign, pose__sway_m=0.035 * sign,
                 **{f"{near}_arm__out_deg": -9.0, f"{near}_arm__elbow_deg": 6.0,
                    f"{far}_arm__out_deg": 19.0})
        )  # fmt: skip
    length = windows[-1][3] + 0.8
    labels = tuple(("right", "left")[i % 2] for i in range(n))
    section = Section("side_bend", (0.0, length), "trunk_lateral_lean_deg", spans(windows), labels)
    return Act((section,), STANDING, tuple(moves), length, wrong=wrong, seed=seed)


def back_extension(
    share: float = 1.0, cut_s: float = 0.0, wrong: str = "", seed: int = 0, hands: str = "hips"
) -> Act:
    """Lean back three times, the pelvis going forward."""
    base = _ON_HIPS if hands == "hips" else STANDING
    windows = train(2.0, 3, 1.1, 0.5, 1.0, 0.7)
    move = goal(tuple(windows), (share,) * 3, pose__pelvis_deg=-11.0, pose__lumbar_deg=-17.0,
                pose__thoracic_deg=-6.0, pose__head_deg=-24.0, pose__shank_deg=8.5)  # fmt: skip
    length = windows[-1][3] + 0.8 - cut_s
    section = Section("back_extension", (0.0, length), "trunk_inclination_deg", spans(windows))
    return Act((section,), base, (move,), length, wrong=wrong, seed=seed)
