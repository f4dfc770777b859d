"""Acts of people who lie, kneel or lean on their forearms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np

from .acts import ALWAYS, Act, Move, Section
from .acts_truth import angles
from .acts_upright import goal
from .body import Body, Vec
from .figure import Arm, Figure, Leg, assemble, changed, difference, fitted
from .pose import Pose, Skeleton

# Heights over the floor, fractions of stature: of the joints' centres where the flesh rests.
_ELBOW, _KNEE, _TOES, _PELVIS, _WRIST, _SIDE_ANKLE = 0.022, 0.034, 0.104, 0.080, 0.030, 0.034
_PLANK = ("hip_rise_deg", "knee_flexion_deg")  # what a plank holds

_SUPINE = Figure(
    Pose(pelvis_deg=-90.0, head_deg=-88.0, toe_out_deg=12.0),
    *(Arm(raise_deg=88.0, out_deg=14.0, elbow_deg=4.0),) * 2,
    *(Leg("free", knee_deg=3.0, out_deg=3.0, pitch_deg=28.0),) * 2,
    free=1.0,
    at_y=_PELVIS,
)


def to(base: Figure, figure: Figure, *windows: tuple[float, float, float, float]) -> Move:
    """Move to a whole figure."""
    return Move(tuple(difference(base, figure).items()), windows)


def leg_raise(
    most_deg: float = 68.0, side: str = "right", n: int = 2, wrong: str = "", seed: int = 0,
    cut_s: float = 0.0,
) -> Act:  # fmt: skip
    """Lie on the back and raise one straight leg, `n` times."""
    windows = [(1.8 + 4.0 * i, 3.3 + 4.0 * i, 4.0 + 4.0 * i, 5.4 + 4.0 * i) for i in range(n)]
    move = goal(tuple(windows), **{f"{side}_leg__raise_deg": most_deg})
    length = windows[-1][3] + 0.8 - cut_s
    section = Section(
        "leg_raise", (0.0, length), f"thigh_elevation_{side}_deg",
        tuple((w[0] - 0.15, w[3] + 0.15) for w in windows), (side,) * n,
    )  # fmt: skip
    return Act((section,), _SUPINE, (move,), length, wrong=wrong, sway=0.5, seed=seed)


def bridge(
    body: Body, hold_s: float = 5.0, wrong: str = "", seed: int = 0, sag_s: float | None = None,
    cut_s: float = 0.0,
) -> Act:  # fmt: skip
    """Lie on the back, knees bent, lift the hips and hold; they may sink by half during it."""
    feet = Leg(ahead=0.315, knee_up=1.0)
    base = replace(_SUPINE, left_leg=feet, right_leg=feet)
    h, still = body.stature_m, assemble(body, base).joints

    def shoulders(sk: Skeleton) -> np.ndarray:
        return (sk.joints["shoulder_left"] + sk.joints["shoulder_right"])[1:] / 2

    where = (still["shoulder_left"] + still["shoulder_right"])[1:] / 2

    def residual(sk: Skeleton) -> Sequence[float]:
        straight = angles(sk)["shoulder_hip_knee_deg"] - 172.0
        return [*(shoulders(sk) - where) / h, straight / 100]

    high = replace(base, pose=replace(base.pose, pelvis_deg=-112.0, lumbar_deg=3.0,
                                      thoracic_deg=6.0), at_y=0.17)  # fmt: skip
    high = fitted(body, high, ("pose.pelvis_deg", "at_y", "at_z"), residual)
    up, down = 2.8, 2.8 + hold_s
    moves = [to(base, high, (1.6, up, down, down + 1.1))]
    if sag_s is not None:
        sunk = Move(moves[0].goal, ((sag_s, sag_s + 0.8, down, down + 1.1),), (-0.5,))
        moves.append(sunk)
    length = down + 1.1 + 0.9 - cut_s
    section = Section("bridge", (0.0, length), "shoulder_hip_knee_deg", ((1.4, down + 1.2),))
    return Act((section,), base, tuple(moves), length, hold_columns=("shoulder_hip_knee_deg",),
               hold_from_s=up, wrong=wrong, sway=0.5, end_event="hips down", seed=seed)  # fmt: skip


def _straight_plank(body: Body) -> Figure:
    """Front plank on the forearms, elbows below the shoulders, toes at a fixed place."""
    h = body.stature_m
    start = Figure(
        Pose(pelvis_deg=84.0, head_deg=72.0, toe_out_deg=0.0),
        *(Arm(raise_deg=0.0, out_deg=0.0, elbow_deg=90.0),) * 2,
        *(Leg("free", knee_deg=3.0, pitch_deg=-12.0),) * 2,
        free=1.0,
        at_y=0.17,
    )

    def residual(sk: Skeleton) -> Sequence[float]:
        ankle, elbow = sk.joints["ankle_left"] / h, sk.joints["elbow_left"] / h
        bend = (angles(sk)["hip_rise_deg"] - 3.0) / 100
        return [ankle[1] - _TOES, elbow[1] - _ELBOW, ankle[2] + 0.45, bend]

    return fitted(body, start, ("pose.pelvis_deg", "at_y", "at_z", "both_legs.raise_deg"), residual)


def _off_plank(body: Body, plank: Figure, rise_deg: float) -> Figure:
    """The plank with its hips so far up or down, elbows and toes in their places."""
    before, h = assemble(body, plank).joints, body.stature_m
    paths = ["pose.pelvis_deg", "at_y", "at_z", "both_legs.raise_deg", "both_arms.raise_deg"]

    def residual(sk: Skeleton) -> Sequence[float]:
        return [*_moved(sk, before, h), (angles(sk)["hip_rise_deg"] - rise_deg) / 100]

    start = changed(plank, "both_legs.raise_deg", 0.5 * rise_deg)
    found = fitted(body, start, paths, residual)
    return changed(found, "both_arms.elbow_deg", -found.left_arm.raise_deg)


def _moved(sk: Skeleton, before: Mapping[str, Vec], size: float) -> list[float]:
    """How far ankle and elbow are up and ahead of where they were."""
    names = ("ankle_left", "elbow_left")
    return [float(v) for n in names for v in (sk.joints[n] - before[n])[1:] / size]


def _knees_down(body: Body, plank: Figure) -> Figure:
    """On forearms and knees; elbows and toes stay."""
    before, h = assemble(body, plank).joints, body.stature_m
    # The shoulders move back over the elbows: on the knees the body is too long otherwise.
    start = changed(changed(plank, "both_arms.raise_deg", 14.0), "both_arms.elbow_deg", -14.0)
    start = changed(changed(start, "both_legs.raise_deg", 40.0), "both_legs.knee_deg", 60.0)
    paths = ["pose.pelvis_deg", "at_y", "at_z", "both_legs.raise_deg", "both_legs.knee_deg"]

    def residual(sk: Skeleton) -> Sequence[float]:
        return [*_moved(sk, before, h), float(sk.joints["knee_left"][1] / h - _KNEE)]

    return fitted(body, replace(start, at_y=0.25), paths, residual)


def plank_front(
    body: Body, hold_s: float = 6.0, ends: str = "knees", wrong: str = "", seed: int = 0,
) -> Act:  # fmt: skip
    """Front plank on the forearms, begun from the knees.

    It ends with the knees down, or the hips sag or rise by 19 degrees and stay there, or the clip
    ends (``ends`` knees, sag, rise, cut).
    """
    base = _straight_plank(body)
    knees = _knees_down(body, base)
    up, down = 2.2, 2.2 + hold_s
    kneel: list[tuple[float, float, float, float]] = [(-ALWAYS, -ALWAYS, 1.2, up)]
    moves, length = [], down + 4.0
    if ends == "knees":
        kneel.append((down, down + 0.9, ALWAYS, ALWAYS))
        length = down + 2.0
    elif ends in ("sag", "rise"):
        off = _off_plank(body, base, 22.0 if ends == "rise" else -16.0)
        moves.append(to(base, off, (down, down + 1.6, ALWAYS, ALWAYS)))
    else:
        length = down
    moves.append(to(base, knees, *kneel))
    section = Section("plank_front", (0.0, length))
    return Act((section,), base, tuple(moves), length, hold_columns=_PLANK, hold_from_s=up,
               end_event=ends, wrong=wrong, sway=0.6, seed=seed)  # fmt: skip


def _side_plank(body: Body, rise_deg: float, straight: Figure | None = None) -> Figure:
    """Side plank on the right forearm, head to the picture's left of one who faces the camera.

    Given the straight one, elbow and feet stay where they are in it.
    """
    h = body.stature_m
    legs = (Leg("free", knee_deg=2.0, out_deg=-3.0, pitch_deg=20.0),) * 2
    start = straight or Figure(
        Pose(head_deg=0.0, toe_out_deg=0.0),
        Arm("hips"),
        Arm(raise_deg=0.0, out_deg=78.0, elbow_deg=90.0),
        *legs,
        free=1.0,
        at_y=0.2,
        roll_deg=78.0,
    )
    before = assemble(body, straight).joints if straight else None
    paths = ["roll_deg", "at_x", "at_y", "pose.pelvis_tilt_deg"]
    paths += ["right_arm.out_deg"] if straight else []

    def residual(sk: Skeleton) -> Sequence[float]:
        ankle, elbow = sk.joints["ankle_right"] / h, sk.joints["elbow_right"] / h
        bend = (angles(sk)["hip_rise_deg"] - rise_deg) / 100
        if before is None:
            return [ankle[1] - _SIDE_ANKLE, elbow[1] - _ELBOW, ankle[0] - 0.45, bend]
        away = [ankle - before["ankle_right"] / h, elbow - before["elbow_right"] / h]
        return [*away[0][:2], *away[1][:2], bend]

    return fitted(body, start, paths, residual)


def plank_side(
    body: Body, hold_s: float = 6.0, ends: str = "sag", wrong: str = "", seed: int = 0
) -> Act:
    """Side plank; the hips begin low, and end low (``ends`` sag) or up (cut)."""
    base = _side_plank(body, 4.0)
    low = _side_plank(body, -18.0, base)
    up, down = 2.2, 2.2 + hold_s
    windows = [(-ALWAYS, -ALWAYS, 1.1, up)]
    length = down
    if ends == "sag":
        windows.append((down, down + 1.2, ALWAYS, ALWAYS))
        length = down + 3.6
    section = Section("plank_side", (0.0, length))
    return Act((section,), base, (to(base, low, *windows),), length, hold_columns=_PLANK,
               hold_from_s=up, end_event=ends, wrong=wrong, sway=0.6, seed=seed)  # fmt: skip


def bird_dog(
    body: Body, hold_s: float = 2.6, n: int = 2, wrong: str = "", seed: int = 0, cut_s: float = 0.0
) -> Act:
    """On hands and knees: stretch the arm and the other leg, in turn."""
    h = body.stature_m
    start = Figure(
        Pose(pelvis_deg=78.0, head_deg=72.0, toe_out_deg=0.0),
        *(Arm(raise_deg=12.0, out_deg=2.0, elbow_deg=6.0, wrist_deg=70.0),) * 2,
        *(Leg("free", raise_deg=78.0, knee_deg=90.0, pitch_deg=72.0),) * 2,
        free=1.0,
        at_y=0.28,
        at_z=-0.1,
    )
    paths = ["pose.pelvis_deg", "at_y", "both_legs.raise_deg", "both_legs.knee_deg"]

    def residual(sk: Skeleton) -> Sequence[float]:
        j = {n: p / h for n, p in sk.joints.items()}
        return [j["wrist_left"][1] - _WRIST, j["knee_left"][1] - _KNEE, j["ankle_left"][1] - _KNEE,
                j["knee_left"][2] - j["hip_left"][2]]  # fmt: skip

    base = fitted(body, start, paths, residual)
    level = base.pose.pelvis_deg - 90.0
    windows, t = [], 1.6
    for _ in range(n):
        windows.append((t, t + 1.2, t + 1.2 + hold_s, t + 2.3 + hold_s))
        t += 3.0 + hold_s
    moves = []
    for arm, leg, some in (("left", "right", windows[::2]), ("right", "left", windows[1::2])):
        if some:
            moves.append(
                goal(tuple(some), **{
                    f"{arm}_arm__raise_deg": 96.0, f"{arm}_arm__elbow_deg": 3.0,
                    f"{arm}_arm__wrist_deg": 0.0, f"{leg}_leg__raise_deg": level - 2.0,
                    f"{leg}_leg__knee_deg": 4.0, f"{leg}_leg__pitch_deg": 30.0,
                })
            )  # fmt: skip
    length = windows[-1][3] + 0.8 - cut_s
    section = Section(
        "bird_dog", (0.0, length), "thigh_elevation_{side}_deg",
        tuple((w[0] - 0.15, w[3] + 0.15) for w in windows),
        tuple(("right", "left")[i % 2] for i in range(n)),
    )  # fmt: skip
    return Act((section,), base, tuple(moves), length, wrong=wrong, sway=0.6, seed=seed)
