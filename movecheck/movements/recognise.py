"""Which movements a recording shows, where, and how sure that is.

Every way of leaving rest is an event: the hips fall, the shoulders fall, the trunk leans, a foot
is lifted. What kind it is follows from a tree of a few shares and angles. Each fork is a soft one:
its limit and the width over which it turns are our own choice, and the product of the forks along
a branch is the confidence. Below `SURE` the two likeliest are named and nothing is said, unless
they are of one family, such as a bend and a hinge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movecheck.measures.angles import HIP_HEIGHT, SHOULDER_HEIGHT, change_from_standing
from movecheck.measures.body import (
    BREADTH,
    CLEARANCE,
    FOOT_LIFT,
    HANDS,
    HIP_LEVEL,
    SPEED,
    STEP,
    STRIDE,
)
from movecheck.measures.names import SIDES, column
from movecheck.measures.view import Stance
from movecheck.movements.chair import begins_seated, find_stands
from movecheck.movements.definition import Stance as OneLeg
from movecheck.movements.definition import names
from movecheck.movements.holds import find_stances
from movecheck.movements.reps import find_reps
from movecheck.signals.gaps import runs
from movecheck.types import AngleTrack, FloatArray, Part, Rep

UNKNOWN = "unknown"
# These are our own choice.
SURE, DOUBT = 0.6, 0.8
LEAST_POSTURE_S = 1.0
LEAST_LYING_S = 2.0
# What makes an event: our own choice, well above the camera's error and below a small movement.
FALL, LEAN_DEG, BACK_DEG = 6.0, 10.0, 10.0
ONE_LEG = OneLeg(lift=0.03, cap_s=1e6)
# A bend lowers hips by about a tenth of what it lowers the shoulders over them, a squat by about
# as much; the limit is near the geometric middle (our own choice).
SQUAT_SHARE = 0.35
ROUND_BACK_DEG, ROUND_BACK_SD_DEG = 25.0, 7.4  # degrees; the error model has 6 (our own choice)
GENERAL = {"hip_hinge": "forward_bend", "overhead_squat": "squat"}
"""A movement, and the more general one that has the same repetitions and signals."""

Odds = dict[str, float]


@dataclass(frozen=True)
class Event:
    """A stretch in which a body left rest, and what it may be."""

    start_s: float
    end_s: float
    odds: Odds

    @property
    def likeliest(self) -> str:
        """The movement with the best odds."""
        return max(self.odds, key=lambda name: self.odds[name])


def main_part(parts: list[Part]) -> Part | None:
    """Return the part whose movement takes most time; of several of that movement the longest."""
    moving = [part for part in parts if part.movement != "posture"] or parts
    if not moving:
        return None

    def total(part: Part) -> tuple[float, float]:
        same = [p.end_s - p.start_s for p in moving if p.movement == part.movement]
        return sum(same), part.end_s - part.start_s

    return max(moving, key=total)


def of_movement(
    reps: list[Rep], parts: list[Part], movement: str, *, asked: bool = False
) -> list[Rep]:
    """Return the repetitions that are not surely of another movement of the same recording.

    A movement that was asked for gives way only to another one beyond `DOUBT`.
    """
    own = [part for part in parts if movement in (part.movement, *part.candidates)]
    others = [
        (p.start_s, p.end_s)
        for p in parts
        if p not in own and p.movement != UNKNOWN and not (asked and p.confidence <= DOUBT)
    ]
    if not own:
        return reps
    mine = [(part.start_s, part.end_s) for part in own]
    return [rep for rep in reps if _overlaps(rep, mine) or not _overlaps(rep, others)]


def find_parts(angles: AngleTrack, stance: Stance) -> list[Part]:
    """Tell which movements a recording shows, in order of time.

    Parameters
    ----------
    angles : AngleTrack
        Signals of the whole recording.
    stance : Stance
        How the person stands to the camera.

    Returns
    -------
    list of Part
        Empty when nothing known was seen. A part that may be one of two names both; its movement
        is ``unknown``, or the more general one of two that are measured alike.
    """
    if len(angles.time_s) < 3:
        return []
    parts = [*_lying(angles), *_chair(angles, stance)]
    # Without quiet standing, a walk may pass for a movement.
    if stance.standing.any():
        taken = [(part.start_s, part.end_s) for part in parts]
        events = [e for e in _events(angles, stance) if not _overlaps(e, taken)]
        parts += [_part(group) for group in _groups(events)]
        if not parts and stance.stand_s >= LEAST_POSTURE_S:
            share = float(stance.standing.mean())
            odds = {"posture": _soft(share, 0.65, 0.06), UNKNOWN: 1 - _soft(share, 0.65, 0.06)}
            time_s = angles.time_s[stance.standing]
            parts = [_part([Event(float(time_s[0]), float(time_s[-1]), odds)])]
    return sorted(parts, key=lambda part: part.start_s)


def _soft(value: float, limit: float, width: float) -> float:
    """Return how sure it is that a value is over a limit; 0.5 at it, and for one not known."""
    if not np.isfinite(value):
        return 0.5
    return float(1 / (1 + np.exp(np.clip((limit - value) / width, -60, 60))))


def _part(group: list[Event]) -> Part:
    odds = {
        name: float(np.mean([event.odds.get(name, 0.0) for event in group]))
        for event in group
        for name in event.odds
    }
    best = sorted((name for name in odds if name in names()), key=lambda n: -odds[n])
    start, end = group[0].start_s, group[-1].end_s
    sure = odds[best[0]]
    if sure >= SURE:
        return Part(best[0], start, end, sure)
    kin = [name for name in best if _family(name) == _family(best[0])]
    if sum(odds[name] for name in kin) >= SURE:
        return Part(_family(best[0]), start, end, sure, tuple(kin))
    return Part(UNKNOWN, start, end, sure, tuple(best[:2]))


def _family(name: str) -> str:
    """Return the more general movement that one is measured like, or itself."""
    return GENERAL.get(name, name)


def _groups(events: list[Event]) -> Iterator[list[Event]]:
    """Put events of the same family that follow one another together."""
    group: list[Event] = []
    for event in events:
        if group and _family(event.likeliest) != _family(group[-1].likeliest):
            yield group
            group = []
        group.append(event)
    if group:
        yield group


def _overlaps(event: Event | Rep, taken: list[tuple[float, float]]) -> bool:
    return any(event.start_s < end and event.end_s > start for start, end in taken)


def _events(angles: AngleTrack, stance: Stance) -> list[Event]:
    """Find every way in which a standing body left its rest, and tell what each is."""
    time_s, change = angles.time_s, change_from_standing(angles, stance)
    lean = np.abs(change[column("trunk_lateral_lean")])
    back = -change[column("trunk_inclination")]
    spans = [
        _trimmed(rep, time_s, stance.standing)
        for drive, least in (
            (100 * (1 - angles[HIP_HEIGHT]), FALL),
            (100 * (1 - angles[SHOULDER_HEIGHT]), FALL),
            (lean, LEAN_DEG),
            (back if stance.view == "side" else np.full(len(time_s), np.nan), BACK_DEG),
        )
        for rep in find_reps(time_s, drive, least)
    ]
    spans += [(r.start_s, r.end_s) for r in find_stances(time_s, angles[FOOT_LIFT], ONE_LEG)]
    return [
        Event(start, end, _odds(angles, stance, change, (time_s >= start) & (time_s <= end)))
        for start, end in _joined(sorted(spans))
    ]


def _trimmed(rep: Rep, time_s: FloatArray, standing: NDArray[np.bool_]) -> tuple[float, float]:
    """Return when standing is left for a repetition, and reached again after it."""
    before = np.flatnonzero(standing & (time_s <= rep.peak_s) & (time_s >= rep.start_s))
    after = np.flatnonzero(standing & (time_s > rep.peak_s) & (time_s <= rep.end_s))
    start = float(time_s[before[-1]]) if len(before) else rep.start_s
    return start, float(time_s[after[0]]) if len(after) else rep.end_s


def _joined(spans: list[tuple[float, float]]) -> list[tuple[float, float]]:
    """Join spans that share more than a third of the shorter one."""
    joined: list[tuple[float, float]] = []
    for start, end in spans:
        if joined:
            last = joined[-1]
            shared = min(last[1], end) - start
            if shared > min(last[1] - last[0], end - start) / 3:
                joined[-1] = (last[0], max(last[1], end))
                continue
        joined.append((start, end))
    return joined


def _odds(
    angles: AngleTrack, stance: Stance, change: dict[str, FloatArray], when: NDArray[np.bool_]
) -> Odds:
    """Return how likely each movement is for one event."""

    def most(series: FloatArray) -> float:
        known = series[when & np.isfinite(series)]
        return float(known.max()) if len(known) else float("nan")

    def usual(series: FloatArray) -> float:
        inside = np.flatnonzero(when)
        middle = inside[len(inside) // 4 : len(inside) - len(inside) // 4]
        known = series[middle][np.isfinite(series[middle])]
        return float(np.median(known)) if len(known) else float("nan")

    hips, shoulders = (most(100 * (1 - angles[n])) for n in (HIP_HEIGHT, SHOULDER_HEIGHT))
    # A step forward is long in side view; from the front the foot comes nearer, so lower.
    ahead, limit = (STRIDE, 0.2) if stance.view == "side" else (STEP, 0.07)
    apart = _known(_soft(usual(angles[ahead]), limit, 0.15 * limit))
    sunk = _soft(hips, 10.0, 1.5)
    # Where the knees bend, a far foot seems to rise with its heel.
    lifted = _known(_soft(usual(np.abs(angles[FOOT_LIFT])), 0.05 + 0.03 * sunk, 0.008))
    low = _soft(np.log(max(hips, 0.5) / max(shoulders, 0.5)), np.log(SQUAT_SHARE), 0.3)
    low *= _soft(hips, 4.0, 0.7)
    over = _known(_soft(usual(angles[HANDS]), 0.15, 0.03))
    return {
        "lunge": apart,
        **_scaled((1 - apart) * lifted, {"single_leg_squat": sunk, "single_leg_stance": 1 - sunk}),
        **_scaled((1 - apart) * (1 - lifted) * low, {"overhead_squat": over, "squat": 1 - over}),
        **_scaled(
            (1 - apart) * (1 - lifted) * (1 - low), _trunk_odds(change, stance, most, shoulders)
        ),
    }


def _known(odds: float) -> float:
    """Take what is not seen as not there: a far foot is hidden because it stands."""
    return 0.0 if odds == 0.5 else odds


def _scaled(by: float, odds: Odds) -> Odds:
    return {name: by * value for name, value in odds.items()}


def _trunk_odds(change: dict[str, FloatArray], stance: Stance, most, shoulders: float) -> Odds:  # type: ignore[no-untyped-def]
    """Return the odds of the movements of the trunk over standing legs."""
    side = back = 0.0
    if stance.view == "front":
        lean = most(np.abs(change[column("trunk_lateral_lean")]))
        # A trunk that leans by an angle falls by 1 - cos of it; what it falls more is forward.
        more = shoulders / 100 - (1 - np.cos(np.radians(lean)))
        side = _soft(lean, 8.0, 1.5) * (1 - _soft(more, 0.2, 0.04))
    elif stance.view == "side":
        trunk = change[column("trunk_inclination")]
        back, fore = most(-trunk), most(trunk)
        # A trunk that falls without leaning forward goes sideways, which this view does not show.
        side = 0.5 * (1 - _soft(fore, 12.0, 2.0))
        back = _soft(back, 7.0, 1.0) * _soft(back - fore, 0.0, 3.0)
    spine = most(change[column("spine_flexion")])
    width = ROUND_BACK_SD_DEG * float(np.sqrt(3) / np.pi)  # a logistic of that deviation
    rounded = _soft(spine, ROUND_BACK_DEG, width)
    rest = (1 - side) * (1 - back)
    return {
        "back_extension": back,
        "side_bend": (1 - back) * side,
        "forward_bend": rest * rounded,
        "hip_hinge": rest * (1 - rounded),
    }


def _chair(angles: AngleTrack, stance: Stance) -> list[Part]:
    """Return the stands from a chair as one part."""
    time_s, level = angles.time_s, angles[HIP_LEVEL]
    seated = begins_seated(time_s, level, angles[SPEED], stance.standing)
    if not seated:
        return []
    stands = find_stands(time_s, level)
    start, end = stands[0].start_s, stands[-1].end_s
    count = sum(rep.excluded_reason is None for rep in stands)
    # Five stands take 5 to 22 s in published groups; the other test takes 30 s.
    long = _soft(end - start, 25.0, 1.5)
    five = {5: 0.95, 4: 0.7, 3: 0.65}.get(count, 0.5)
    odds = {"sit_to_stand_5": five * (1 - long), "chair_stand_30s": max(0.95 * long, 1 - five)}
    return [_part([Event(start, end, _scaled(seated, odds))])]


def _lying(angles: AngleTrack) -> list[Part]:
    """Return each stretch of lying as one part."""
    time_s = angles.time_s
    step = float(time_s[1] - time_s[0])
    down = np.isfinite(angles[column("body_line")])
    return [
        _part([Event(float(time_s[a]), float(time_s[b - 1]), _lying_odds(angles, slice(a, b)))])
        for a, b in runs(down)
        if (b - a) * step >= LEAST_LYING_S
    ]


def _lying_odds(angles: AngleTrack, when: slice) -> Odds:
    """Return how likely each movement in lying is, from the legs against the level."""

    def middle(name: str, share: float = 50.0) -> float:
        known = angles[name][when]
        known = known[np.isfinite(known)]
        return float(np.percentile(known, share)) if len(known) else float("nan")

    legs = [name for s in SIDES if np.isfinite(middle(name := column("leg_rise", s)))]
    usual = [middle(name) for name in legs] or [np.nan]
    # Of one who kneels on hands and knees, at least one thigh hangs down at any time.
    lower = np.fmin.reduce([angles[name][when] for name in (legs or [column("body_line")])])
    kneels = 1 - _soft(float(np.nanmedian(lower)), -45.0, 6.0)
    knees_up = _soft(min(usual), 10.0, 3.0)
    raises = _soft(max((middle(n, 95) - middle(n, 20) for n in legs), default=0.0), 25.0, 4.0)
    held_up = _soft(middle(CLEARANCE), 0.1, 0.02)
    sideways = _known(_soft(middle(BREADTH), 0.14, 0.02))
    flat = (1 - kneels) * (1 - knees_up)
    return {
        "bird_dog": kneels,
        "bridge": (1 - kneels) * knees_up,
        "leg_raise": flat * (1 - held_up) * raises,
        "plank_side": flat * held_up * sideways,
        "plank_front": flat * held_up * (1 - sideways),
    }
