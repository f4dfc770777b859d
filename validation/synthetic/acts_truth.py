"""The truth of an act: more angles than a stance has, repetitions, holds and events.

Rules, all read from the drawn skeleton 200 times a second: a repetition starts and ends with
the moves that make it; its top lasts while its driving angle is within 5 % of the extreme and its
peak is the middle of the time in the last 1 %. The seat is left, and a foot is
lifted, where hips or ankle are 1 cm above where they rest.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from scipy.interpolate import CubicSpline

from . import truth
from .acts import Act
from .body import SIDES, Body, Vec
from .pose import Skeleton
from .scene import Camera

MORE_PIXELS = ("elbow", "wrist", "fingers")
_SOLVED, _RATE = 50.0, 200.0  # skeletons solved a second, and instants read between them
_EDGE, _LIFTED_M, _REST_S = 0.05, 0.01, 0.4
DRIFT_DEG, DRIFT_S, DRIFT_FROM_S = 12.0, 2.0, 3.0


def elevation(start: Vec, end: Vec) -> float:
    """Angle of a line above the horizontal."""
    way = end - start
    return float(np.degrees(np.arcsin(way[1] / np.linalg.norm(way))))


def angles(skeleton: Skeleton) -> dict[str, float]:
    """Angles and heights that `truth.angles` does not give.

    Thigh elevation: hip to knee above the horizontal. Shoulder-hip-ankle and shoulder-hip-knee:
    180 when straight, of mid-points and of each side. `hip_rise_deg` is the bend of
    shoulder-hip-ankle with a sign, positive with the hips above that line. `knee_flexion_deg` is
    the mean of both knees. Heights are of joint centres (the fingers' ends for the fingertips) in
    metres.
    """
    j = skeleton.joints
    mid = {n: (j[f"{n}_left"] + j[f"{n}_right"]) / 2 for n in ("shoulder", "hip", "knee", "ankle")}
    out: dict[str, float] = {}
    knees = []
    for s in SIDES:
        shoulder, hip, knee, ankle = (j[f"{n}_{s}"] for n in ("shoulder", "hip", "knee", "ankle"))
        out[f"thigh_elevation_{s}_deg"] = elevation(hip, knee)
        out[f"shank_elevation_{s}_deg"] = elevation(knee, ankle)
        out[f"arm_elevation_{s}_deg"] = elevation(shoulder, j[f"wrist_{s}"])
        out[f"shoulder_hip_ankle_{s}_deg"] = truth.between(shoulder - hip, ankle - hip)
        out[f"shoulder_hip_knee_{s}_deg"] = truth.between(shoulder - hip, knee - hip)
        knees.append(truth.between(hip - knee, knee - ankle))
        out[f"ankle_height_{s}_m"] = float(ankle[1])
        out[f"fingertip_height_{s}_m"] = float(j[f"fingers_{s}"][1])
    out["knee_flexion_deg"] = sum(knees) / 2
    out["trunk_elevation_deg"] = elevation(mid["hip"], mid["shoulder"])
    out["shoulder_hip_ankle_deg"] = truth.between(
        mid["shoulder"] - mid["hip"], mid["ankle"] - mid["hip"]
    )
    out["shoulder_hip_knee_deg"] = truth.between(
        mid["shoulder"] - mid["hip"], mid["knee"] - mid["hip"]
    )
    along = mid["ankle"] - mid["shoulder"]
    nearest = mid["shoulder"] + (mid["hip"] - mid["shoulder"]) @ along / (along @ along) * along
    bend = 180.0 - out["shoulder_hip_ankle_deg"]
    out["hip_rise_deg"] = bend if mid["hip"][1] >= nearest[1] else -bend
    out["hip_height_m"] = float(mid["hip"][1])
    return out


def pixels(placed: Skeleton, camera: Camera) -> dict[str, float]:
    """Projected joints of the arms and the nose."""
    names = [*(f"{n}_{s}" for n in MORE_PIXELS for s in SIDES), "nose"]
    out: dict[str, float] = {}
    for name in names:
        out[f"px_{name}_x"], out[f"px_{name}_y"] = map(float, camera.project(placed.joints[name]))
    return out


def all_angles(body: Body, act: Act, t: float) -> dict[str, float]:
    """Every angle at a time, those of a stance included."""
    skeleton = act.skeleton(body, t)
    return {**truth.angles(skeleton, act.pose(t)), **angles(skeleton)}


@lru_cache(maxsize=8)
def courses(body: Body, act: Act) -> tuple[Vec, dict[str, Vec]]:
    """Every angle and height 200 times a second."""
    knots = np.arange(0.0, act.length_s + 1.0 / _SOLVED, 1.0 / _SOLVED)
    rows = [all_angles(body, act, float(t)) for t in knots]
    times = np.arange(0.0, act.length_s, 1.0 / _RATE)
    columns = {k: CubicSpline(knots, [row[k] for row in rows])(times) for k in rows[0]}
    return times, columns


def repetitions(body: Body, act: Act) -> tuple[dict[str, Any], ...]:
    """Start, top and end of every repetition of an act, counted anew in each section.

    Start and end are those of the moves that make it. `end_s` is None where the clip ends before
    they are back.
    """
    every, columns = courses(body, act)
    out = []
    for section in act.sections:
        for i, (begin, end) in enumerate(section.reps):
            side = section.labels[i] if section.labels else None
            driver = section.driver.format(side=side)
            course = columns[driver]
            still = (every >= section.rest_s) & (every < section.rest_s + _REST_S)
            rest = float(course[still].mean())
            within = (every >= begin) & (every < end)
            times, away = every[within], course[within] - rest
            extreme = float(away[np.argmax(np.abs(away))])
            share = away / extreme
            peak, top = np.flatnonzero(share >= 0.99), np.flatnonzero(share >= 1 - _EDGE)
            low, last = peak[0], peak[-1]
            leave, home = _moved(act, begin, end)
            back = home <= every[-1] + 1.0 / _RATE
            out.append(
                {
                    "rep": i + 1,
                    "movement": section.movement,
                    "side": side,
                    "start_s": round(leave, 3),
                    "peak_s": round(float(times[low] + times[last]) / 2, 3),
                    "end_s": round(home, 3) if back else None,
                    "top_from_s": round(float(times[top[0]]), 3),
                    "top_to_s": round(float(times[top[-1]]), 3),
                    "driver": driver,
                    "rest_deg": round(rest, 3),
                    "peak_deg": round(rest + extreme, 3),
                    "range_deg": round(abs(extreme), 3),
                }
            )
    return tuple(out)


def _moved(act: Act, begin: float, end: float) -> tuple[float, float]:
    """When the first move within a span begins, and when the last is back."""
    slack = 1e-6
    inside = [
        window
        for move in act.moves
        for window in move.windows
        if window[0] >= begin - slack and window[3] <= end + slack
    ]
    return min(w[0] for w in inside), max(w[3] for w in inside)


def _crossings(times: Vec, height: Vec, level: float) -> tuple[list[float], list[float]]:
    """Times at which a height rises over a level and falls under it."""
    over = height > level
    steps = np.flatnonzero(over[1:] != over[:-1]) + 1
    at = [round(float(times[i]), 3) for i in steps]
    up = [t for t, i in zip(at, steps, strict=True) if over[i]]
    return up, [t for t in at if t not in up]


def _hold(act: Act, times: Vec, columns: dict[str, Vec]) -> dict[str, Any]:
    """When a hold begins and ends.

    It lasts while each of its columns is within 12 deg of its mean over the first 3 s in place;
    it ends as one leaves that for 2 s, or until the clip is over. A position that is never left
    ends with the clip.
    """
    in_place = (times >= act.hold_from_s) & (times < act.hold_from_s + DRIFT_FROM_S)
    out = np.zeros(len(times), dtype=bool)
    for name in act.hold_columns:
        out |= np.abs(columns[name] - columns[name][in_place].mean()) > DRIFT_DEG
    early = np.flatnonzero(out & (times < act.hold_from_s))
    begin = times[early[-1] + 1] if len(early) else 0.0
    end = None
    for i in np.flatnonzero(out & (times > act.hold_from_s)):
        if out[i : i + round(DRIFT_S * _RATE)].all():
            end = round(float(times[i]), 3)
            break
    return {
        "columns": list(act.hold_columns),
        "start_s": round(float(begin), 3),
        "end_s": round(act.length_s, 3) if end is None else end,
        "left": end is not None,
    }


def _chair(body: Body, act: Act, times: Vec, columns: dict[str, Vec]) -> dict[str, Any]:
    """When the seat is left and reached, and when a chair test begins and a stand is reached.

    The test begins with the first lean of the trunk; a stand is reached as the knees are within 5 %
    of straightest.
    """
    assert act.seated_s is not None
    first = int(np.searchsorted(times, act.seated_s))
    up, down = _crossings(
        times, columns["hip_height_m"], columns["hip_height_m"][first] + _LIFTED_M
    )
    stood = [r for r in repetitions(body, act) if r["driver"] == "knee_flexion_deg"]
    return {
        "seat_off_s": up,
        "seat_on_s": down,
        "test_from_s": round(float(stood[0]["start_s"]), 3),
        "stood_s": [r["top_from_s"] for r in stood],
    }


def summary(body: Body, act: Act) -> dict[str, Any]:
    """Sections, events and holds of an act."""
    times, columns = courses(body, act)
    out: dict[str, Any] = {
        "sections": [
            {"movement": s.movement, "start_s": s.span_s[0], "end_s": s.span_s[1]}
            for s in act.sections
        ],
        "end_event": act.end_event,
        "wrong": act.wrong,
    }
    if act.seated_s is not None:
        out |= _chair(body, act, times, columns)
    for side in act.lifts:
        height = columns[f"ankle_height_{side}_m"]
        names = (f"foot_{side}_off_s", f"foot_{side}_down_s")
        out |= zip(names, _crossings(times, height, height[0] + _LIFTED_M), strict=True)
    if act.hold_columns:
        out["hold"] = _hold(act, times, columns)
    return out
