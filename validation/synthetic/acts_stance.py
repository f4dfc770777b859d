"""Acts of people who stand on one leg, step, squat with raised arms, or do two things in turn."""

from __future__ import annotations

from dataclasses import fields, replace

from .acts import Act, Move, Section, Window
from .acts_upright import STANDING, goal, spans, stands, train
from .body import SIGN, Body
from .figure import Arm, Figure
from .movements import GOALS
from .pose import Pose

_OTHER = {"left": "right", "right": "left"}
_NARROW = replace(STANDING, pose=Pose(stance=0.05, toe_out_deg=6.0))


def _lift(side: str, *windows: Window) -> Move:
    """Lift a foot behind; the hips move over the other one."""
    return goal(
        windows, pose__sway_m=-0.065 * SIGN[side], pose__pelvis_tilt_deg=1.5 * SIGN[side],
        **{f"{side}_leg__up": 0.12, f"{side}_leg__ahead": -0.16, f"{side}_leg__pitch_deg": 55.0,
           f"{_OTHER[side]}_arm__out_deg": 11.0, f"{side}_arm__out_deg": 13.0},
    )  # fmt: skip


def single_leg_stance(
    lifted: str = "left", hold_s: float = 6.0, ends: str = "foot down", wrong: str = "",
    seed: int = 0, waver: float = 1.0,
) -> Act:  # fmt: skip
    """Stand on one leg until the other foot is put down, or the clip ends (``ends`` cut)."""
    base = replace(_NARROW, bearing=_OTHER[lifted])
    begin = 1.8
    down = begin + 0.9 + hold_s
    moves = [_lift(lifted, (begin, begin + 0.9, down, down + 0.7))]
    # The trunk wavers, more so before the foot comes down.
    for i, (at, size) in enumerate(((0.2, 1.0), (0.45, -1.2), (0.7, 1.4), (0.88, -2.0))):
        t = begin + 0.9 + at * hold_s
        moves.append(
            goal(((t, t + 0.45, t + 0.5, t + 1.0),), (waver * size,),
                 pose__shoulder_tilt_deg=3.0, pose__sway_m=0.006,
                 **{f"{lifted}_arm__out_deg": 12.0 + 2.0 * (i % 2)})
        )  # fmt: skip
    length = down if ends == "cut" else down + 0.7 + 1.2
    section = Section("single_leg_stance", (0.0, length), labels=(_OTHER[lifted],))
    return Act((section,), base, tuple(moves), length, lifts=(lifted,), end_event=ends,
               wrong=wrong, sway=2.0, seed=seed)  # fmt: skip


def single_leg_squat(
    lifted: str = "left", n: int = 3, knee_deg: float = 58.0, knee_in_deg: float = 8.0,
    wrong: str = "", seed: int = 0, cut_s: float = 0.0,
) -> Act:  # fmt: skip
    """Squat `n` times on one leg; its knee goes inward by `knee_in_deg`."""
    bears = _OTHER[lifted]
    base = replace(_NARROW, bearing=bears)
    windows = train(3.4, n, 1.1, 0.3, 1.0, 0.6)
    down = windows[-1][3] + 0.5
    squat = goal(
        tuple(windows), pose__knee_deg=knee_deg, pose__shank_deg=22.0, pose__pelvis_deg=20.0,
        pose__lumbar_deg=6.0, pose__head_deg=8.0, pose__shoulder_tilt_deg=4.0 * SIGN[lifted],
        **{f"{bears}_leg__knee_in_deg": knee_in_deg, "left_arm__raise_deg": 55.0,
           "right_arm__raise_deg": 55.0},
    )  # fmt: skip
    moves = (_lift(lifted, (1.6, 2.5, down, down + 0.7)), squat)
    length = down + 0.7 + 0.6 - cut_s
    section = Section("single_leg_squat", (0.0, length), f"knee_flexion_{bears}_deg",
                      spans(windows), (bears,) * n, rest_s=2.9)  # fmt: skip
    return Act((section,), base, moves, length, lifts=(lifted,), wrong=wrong, seed=seed)


def lunge(
    step: str = "left", n: int = 2, depth: float = 1.0, wrong: str = "", seed: int = 0,
    cut_s: float = 0.0,
) -> Act:  # fmt: skip
    """Step forward with one foot, lower the other knee, push back; `n` times."""
    base = replace(_NARROW, at_y=0.462, at_z=0.19)
    front, rear = f"{step}_leg", f"{_OTHER[step]}_leg"
    out, low, foot = [], [], []
    for i in range(n):
        t = 1.6 + 4.1 * i
        out.append((t, t + 0.7, t + 2.5, t + 3.3))
        low.append((t + 0.45, t + 1.45, t + 1.65, t + 2.75))
        foot += [(t, t + 0.35, t + 0.35, t + 0.7), (t + 2.5, t + 2.9, t + 2.9, t + 3.3)]
    moves = (
        goal(tuple(out), free=1.0, **{f"{front}__ahead": 0.42}),
        goal(tuple(foot), **{f"{front}__up": 0.05}),
        goal(tuple(low), (depth,) * n, at_y=0.31, at_z=0.215, pose__pelvis_deg=4.0,
             pose__lumbar_deg=3.0, **{f"{rear}__up": 0.062, f"{rear}__ahead": 0.045,
                                      f"{rear}__pitch_deg": 46.0}),
    )  # fmt: skip
    length = out[-1][3] + 0.8 - cut_s
    section = Section("lunge", (0.0, length), f"knee_flexion_{step}_deg",
                      tuple((w[0] - 0.15, w[3] + 0.15) for w in out), (step,) * n)  # fmt: skip
    return Act((section,), base, moves, length, wrong=wrong, seed=seed)


def overhead_squat(
    n: int = 3, knee_deg: float = 96.0, wrong: str = "", seed: int = 0, cut_s: float = 0.0
) -> Act:
    """Squat with the arms overhead; they are up from the beginning."""
    arm = Arm(raise_deg=176.0, out_deg=-16.0, elbow_deg=5.0)
    base = Figure(Pose(stance=0.085, toe_out_deg=16.0), arm, arm)
    windows = train(1.6, n, 1.2, 0.35, 1.1, 0.6)
    move = goal(
        tuple(windows), pose__knee_deg=knee_deg, pose__shank_deg=30.0, pose__pelvis_deg=24.0,
        pose__lumbar_deg=4.0, pose__head_deg=6.0, both_arms__raise_deg=162.0,
    )  # fmt: skip
    length = windows[-1][3] + 0.7 - cut_s
    section = Section("overhead_squat", (0.0, length), "knee_flexion_deg", spans(windows))
    return Act((section,), base, (move,), length, wrong=wrong, seed=seed)


def whole(kind: str, base: Figure, windows: list[Window]) -> Move:
    """A movement of `movements.GOALS`, made by a figure; its feet stay."""
    pose, to = GOALS[kind], {}
    for f in fields(Pose):
        new = getattr(pose, f.name)
        if f.name in ("arm_deg", "arm_out_deg", "elbow_deg"):
            name = {"arm_deg": "raise_deg", "arm_out_deg": "out_deg"}.get(f.name, f.name)
            to[f"both_arms__{name}"] = new
        elif f.name not in ("stance", "toe_out_deg") and new != getattr(base.pose, f.name):
            to[f"pose__{f.name}"] = new
    return goal(tuple(windows), **to)


def squats_then_bends(seed: int = 0, quiet_s: float = 2.0) -> Act:
    """Stand, squat twice, stand, bend forward twice."""
    base = replace(STANDING, pose=Pose(stance=0.08, toe_out_deg=12.0))
    squats = train(quiet_s, 2, 1.15, 0.3, 1.05, 0.7)
    between = squats[-1][3]
    bends = train(between + 1.8, 2, 1.3, 0.4, 1.2, 0.7)
    length = bends[-1][3] + 0.8
    moves = (whole("squat", base, squats), whole("forward_bend", base, bends))
    sections = (
        Section("squat", (0.0, between), "knee_flexion_deg", spans(squats)),
        Section("forward_bend", (between, length), "trunk_inclination_deg", spans(bends)),
    )
    return Act(sections, base, moves, length, seed=seed)


def bends_then_stands(body: Body, seed: int = 0) -> Act:
    """Bend forward twice, sit down on the stool behind, stand up five times."""
    bends = train(1.8, 2, 1.2, 0.3, 1.1, 0.6)
    sit = bends[-1][3] + 1.0
    chair = stands(body, begin_s=sit + 2.4, ends="standing", seed=seed)
    base = replace(chair.base, left_arm=Arm(), right_arm=Arm())
    seated, lean = chair.moves
    first = seated.windows[0]
    # Instead of sitting from the first frame, the person sits down.
    down = (sit, sit + 1.0, *first[2:])
    seated = replace(seated, windows=(down, *seated.windows[1:]))
    bow = (sit - 0.1, sit + 0.7, sit + 0.72, sit + 1.4)
    lean = replace(lean, windows=(bow, *lean.windows))
    between = bends[-1][3]
    sections = (
        Section("forward_bend", (0.0, between), "trunk_inclination_deg", spans(bends)),
        replace(chair.sections[0], span_s=(between, chair.length_s)),
    )
    moves = (whole("forward_bend", base, bends), seated, lean)
    return replace(chair, sections=sections, base=base, moves=moves, seated_s=sit + 1.7)
