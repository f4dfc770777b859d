"""Measures that belong to no single signal, by the names under which movements ask for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import numpy as np

from movecheck.assessment.evidence import NOT_SEEN, Evidence, summarised, why_not, without
from movecheck.marks import N_
from movecheck.measures.body import HIP_FALL, SHOULDER_FALL, SPEED, SWAY
from movecheck.measures.names import SIDES, column, sides_of
from movecheck.measures.tempo import goes_at_s, share, smoothness, trend
from movecheck.measures.uncertainty import Z95, half_width_s
from movecheck.movements.chair import first_move_s
from movecheck.movements.drive import drive_of
from movecheck.types import FloatArray, Measure, Rep

TEST_S = 30.0  # by definition of the 30-second chair stand

# These are our own choice, but for the first.
SMOOTHNESS_SD = 0.2  # of drawn people, even-numbered bodies, rounded up: what jitter leaves out
SLOW = 0.05  # of the greatest speed of a repetition
FALL_SD = 0.01  # of the shoulders' height: landmarks are right to 1 to 2 %
LEAST_FALL = 0.08  # below it hips and shoulders move too little to be compared
LEAST_BEND_DEG = 20.0
BACK_JITTER_DEG = 2.0  # of the back's outline after the filter
SWAY_SD = 0.25  # percent of the shoulders' height, of a landmark after the filter
SWAY_CENTRAL = 95.0


def _five_stands(evidence: Evidence) -> Iterator[Measure]:
    """Time from the first move of the shoulders until the fifth stand is reached."""
    yield _until_fifth(evidence, "sts5_time", lambda rep: rep.peak_s)


def _five_sits(evidence: Evidence) -> Iterator[Measure]:
    """Time from the first move of the shoulders until the seat is reached the fifth time."""
    yield _until_fifth(evidence, "sts5_time_to_sit", lambda rep: rep.end_s)


def _until_fifth(evidence: Evidence, id_: str, end_of: Callable[[Rep], float]) -> Measure:
    if evidence.refused:
        return without(id_, None, None, "s", evidence.refused)
    counted = [rep for rep in evidence.reps if not rep.excluded_reason]
    if len(counted) < 5:
        reason = N_(f"Full stands seen: {len(counted)}; the test takes five.")
        return without(id_, None, None, "s", f"{reason} {N_('Stand up fully each time.')}")
    fifth = counted[4]
    if id_ == "sts5_time_to_sit" and fifth.end_s == fifth.peak_s:
        reason = N_(
            "The person stayed up after the fifth stand. Sit down again if you want this time."
        )
        return without(id_, None, None, "s", reason)
    begin = _first_move_s(evidence)
    width = half_width_s(evidence.step_s, _first_move(evidence), "seat")
    return Measure(id_, None, None, end_of(fifth) - begin, "s", width, "measured")


def _first_move_s(evidence: Evidence) -> float:
    angles = evidence.angles
    lean = angles[column("trunk_inclination")]
    return first_move_s(angles.time_s, angles[SPEED], list(evidence.reps), lean)


def _first_move(evidence: Evidence) -> str:
    """Return the row of `times_table` for the clock's start."""
    return "first_move" if evidence.stance.view == "side" else "first_move_front"


def _stands_in_30s(evidence: Evidence) -> Iterator[Measure]:
    """Full stands within 30 s; one that is past its middle when the time is up counts."""
    angles, id_ = evidence.angles, "sts30_count"
    if evidence.refused or not evidence.reps:
        yield without(id_, None, None, "count", evidence.refused or N_("No stand was seen."))
        return
    begin = _first_move_s(evidence)
    if angles.time_s[-1] < begin + TEST_S:
        lasted = angles.time_s[-1] - begin
        reason = N_(
            f"The recording ends {lasted:.0f} s after the first move, and the test takes 30 s."
        )
        yield without(id_, None, None, "count", f"{reason} {N_('Let the camera run on.')}")
        return
    full = [(rep.start_s + rep.peak_s) / 2 for rep in evidence.reps if not rep.excluded_reason]
    end, unsure = begin + TEST_S, half_width_s(evidence.step_s, _first_move(evidence), "seat")
    count = sum(middle <= end for middle in full)
    # One may be more or less where a stand is near the end of the time, or was not finished.
    doubt = sum(abs(middle - end) <= unsure for middle in full)
    doubt += sum(bool(rep.excluded_reason) and rep.start_s <= end for rep in evidence.reps)
    yield Measure(id_, None, None, float(count), "count", float(doubt), "measured")


def _seat_off_lean(evidence: Evidence) -> Iterable[Measure]:
    """Inclination of the trunk as the hips leave the seat."""
    stem, id_ = "trunk_inclination", "seat_off_lean"
    if reason := why_not(evidence, stem, None):
        return [without(id_, None, None, "deg", reason)]
    series = evidence.angles[column(stem)]
    speed = np.abs(np.gradient(series, evidence.step_s))
    found = []
    for number, rep in evidence.numbered():
        value, off = evidence.at(series, rep.start_s), 0.1 * evidence.at(speed, rep.start_s)
        if np.isfinite(value):
            width = evidence.width(stem, "absolute", value, off)
            found.append(Measure(id_, None, number, value, "deg", width, "measured"))
        else:
            found.append(without(id_, None, number, "deg", NOT_SEEN))
    return summarised(found, evidence.reps)


def _at_bottom(evidence: Evidence, stem: str, rep: Rep) -> float:
    """Return an angle at the deepest point: of the near leg, or the mean of both where both are."""
    if sides_of(stem) == (None,):
        return evidence.at(evidence.angles[column(stem)], rep.peak_s)
    sides = (evidence.stance.near_side,) if evidence.stance.near_side else SIDES
    return float(
        np.mean([evidence.at(evidence.angles[column(stem, s)], rep.peak_s) for s in sides])
    )


def _combined(
    evidence: Evidence, id_: str, stems: tuple[str, ...], value_of: Callable[..., float]
) -> list[Measure]:
    """Return an angle made of others at the deepest point of each repetition."""
    for stem in stems:
        side = evidence.stance.near_side if sides_of(stem) == SIDES else None
        if reason := why_not(evidence, stem, side or sides_of(stem)[0]):
            return [without(id_, None, None, "deg", reason)]
    found = []
    for number, rep in evidence.numbered():
        values = [_at_bottom(evidence, stem, rep) for stem in stems]
        if not np.isfinite(values).all():
            found.append(without(id_, None, number, "deg", NOT_SEEN))
            continue
        widths = [evidence.width(s, "absolute", v) for s, v in zip(stems, values, strict=True)]
        width = float(np.sqrt(np.sum(np.square(widths))))
        found.append(Measure(id_, None, number, value_of(*values), "deg", width, "measured"))
    return summarised(found, evidence.reps)


def _depth_angle(evidence: Evidence) -> list[Measure]:
    """Return how far the hips go below the knees: the thigh against the level, + below."""
    return _combined(evidence, "depth_angle", ("thigh_inclination",), lambda thigh: -thigh - 90)


def _trunk_shank(evidence: Evidence) -> list[Measure]:
    """Return how much further forward the trunk leans than the shin at the deepest point."""
    stems = ("trunk_inclination", "shank_inclination")
    return _combined(evidence, "trunk_shank_angle", stems, lambda trunk, shank: trunk - shank)


def _lift_index(evidence: Evidence) -> list[Measure]:
    """Return 100 * (1 - fall of the hips / fall of the shoulders) at the deepest point.

    0 when the hips go down as far as the shoulders (legs alone), 100 when they stay where they are
    (trunk alone). Our own formula and name; an index of that range has been published (Schmid and
    others 2022), whose formula is not known to us.
    """
    id_ = "lift_index"
    if evidence.refused or not evidence.stance.standing.any():
        return [without(id_, None, None, "percent", evidence.refused or evidence.no_rest)]
    found = []
    for number, rep in evidence.numbered():
        hips, shoulders = (
            evidence.at(evidence.angles[name], rep.peak_s) for name in (HIP_FALL, SHOULDER_FALL)
        )
        if not shoulders >= LEAST_FALL or np.isnan(hips):
            reason = N_(
                "The body went down too little, or was not seen, to compare hips and shoulders."
            )
            found.append(without(id_, None, number, "percent", reason))
            continue
        value = 100 * (1 - hips / shoulders)
        width = 100 * Z95 * FALL_SD / shoulders * float(np.hypot(1.0, hips / shoulders))
        found.append(Measure(id_, None, number, value, "percent", width, "measured"))
    return summarised(found, evidence.reps)


def _lumbar_share(evidence: Evidence) -> list[Measure]:
    """Return the low back's share of low back and pelvis at the deepest point."""
    id_, stems = "lumbar_share", ("lumbar_flexion", "pelvis_pitch")
    if reason := why_not(evidence, "lumbar_flexion", None):
        return [without(id_, None, None, "percent", reason)]
    found = []
    for number, rep in evidence.numbered():
        low, pelvis = (evidence.at(evidence.angles[column(s)], rep.peak_s) for s in stems)
        if not (low + pelvis >= LEAST_BEND_DEG):
            reason = N_("The bend was too small, or was not seen, to be shared out.")
            found.append(without(id_, None, number, "percent", reason))
            continue
        sds = [evidence.width(s, "change", 0.0) / Z95 for s in stems]
        value, width = share(low, pelvis, *sds)
        found.append(Measure(id_, None, number, value, "percent", width, "measured"))
    return summarised(found, evidence.reps)


def _lumbar_lead(evidence: Evidence) -> list[Measure]:
    """Return by how much the low back goes before the pelvis: + the low back first.

    Each goes when it has done a quarter of its own way down (our own choice).
    """
    id_, stems = "lumbar_lead", ("lumbar_flexion", "pelvis_pitch")
    if reason := why_not(evidence, "lumbar_flexion", None):
        return [without(id_, None, None, "s", reason)]
    time_s, found = evidence.angles.time_s, []
    for number, rep in evidence.numbered():
        down = (time_s >= rep.start_s - 0.2) & (time_s <= rep.peak_s)
        parts = [evidence.angles[column(s)][down] for s in stems]
        low, pelvis = (goes_at_s(time_s[down], p, len(p) - 1, BACK_JITTER_DEG) for p in parts)
        value, width = pelvis[0] - low[0], float(np.hypot(pelvis[1], low[1]))
        if np.isfinite(value) and np.isfinite(width):
            found.append(Measure(id_, None, number, value, "s", width, "measured"))
        else:
            found.append(
                without(id_, None, number, "s", N_("Low back or pelvis moved too little."))
            )
    return summarised(found, evidence.reps)


def _stroke(drive: FloatArray, time_s: FloatArray, rep: Rep) -> slice:
    """Return a repetition with the slow beginning and end that its times leave out.

    To where it is slower than 5 % of its greatest speed, as the speed's spectrum needs: cut off
    in full speed, it would have an edge.
    """
    inside = np.flatnonzero((time_s >= rep.start_s) & (time_s <= rep.end_s))
    if len(inside) < 3:
        return slice(0, 0)
    speed = np.abs(np.gradient(drive))
    # What is not seen is not known to be slow.
    slow = speed <= SLOW * np.nan_to_num(speed[inside]).max()
    a, b = int(inside[0]), int(inside[-1])
    while a > 0 and not slow[a]:
        a -= 1
    while b < len(slow) - 1 and not slow[b]:
        b += 1
    return slice(a, b + 1)


def _smoothness(evidence: Evidence) -> list[Measure]:
    """Return the spectral arc length of each repetition's speed."""
    if evidence.refused:
        return [without("smoothness", None, None, "ratio", evidence.refused)]
    time_s, found = evidence.angles.time_s, []
    for number, rep in evidence.numbered():
        drive = drive_of(evidence.angles, evidence.stance, evidence.movement, rep.side)
        part = drive[_stroke(drive, time_s, rep)]
        value, width = float("nan"), float("nan")
        if np.isfinite(part).all() and len(part) > 3:
            value, jitter = smoothness(part, evidence.step_s)
            width = float(np.hypot(jitter, Z95 * SMOOTHNESS_SD))
        if np.isfinite(value) and np.isfinite(width):
            found.append(Measure("smoothness", None, number, value, "ratio", width, "measured"))
        else:
            found.append(without("smoothness", None, number, "ratio", NOT_SEEN))
    return summarised(found, evidence.reps)


def _trend(evidence: Evidence) -> Iterator[Measure]:
    """Change of the duration from one repetition to the next, over four or more that count."""
    whole = [
        rep.end_s - rep.start_s
        for rep in evidence.reps
        if not rep.excluded_reason and rep.end_s > rep.peak_s
    ]
    found = None if evidence.refused else trend(np.array(whole))
    if found is not None:
        yield Measure("duration_trend", None, None, found[0], "s_per_rep", found[1], "measured")


def _sway(evidence: Evidence) -> Iterator[Measure]:
    """Return how wide the shoulders sway over the foot, as a share of the shoulders' height.

    The central 95 % of mid-shoulder's place sideways in the picture over the lower ankle, in
    quiet standing or during each stance.
    """
    angles, id_ = evidence.angles, "sway"
    if evidence.refused:
        yield without(id_, None, None, "percent", evidence.refused)
        return
    series = 100 * angles[SWAY]
    width = Z95 * SWAY_SD * float(np.sqrt(2))
    if not evidence.movement.repeats:
        value = _spread(series[evidence.stance.standing])
        if np.isfinite(value):
            yield Measure(id_, None, None, value, "percent", width, "measured")
        else:
            yield without(id_, None, None, "percent", evidence.no_rest)
        return
    found = []
    for number, rep in evidence.numbered():
        value = _spread(series[(angles.time_s >= rep.start_s) & (angles.time_s <= rep.end_s)])
        if np.isfinite(value):
            found.append(Measure(id_, rep.side, number, value, "percent", width, "measured"))
        else:
            found.append(without(id_, rep.side, number, "percent", NOT_SEEN))
    yield from summarised(found, evidence.reps)


def _spread(values: np.ndarray) -> float:
    known = values[np.isfinite(values)]
    if len(known) < 10:
        return float("nan")
    low, high = np.percentile(known, [50 - SWAY_CENTRAL / 2, 50 + SWAY_CENTRAL / 2])
    return float(high - low)


EXTRA: dict[str, Callable[[Evidence], Iterable[Measure]]] = {
    "sts5_time": _five_stands,
    "sts5_time_to_sit": _five_sits,
    "sts30_count": _stands_in_30s,
    "seat_off_lean": _seat_off_lean,
    "depth_angle": _depth_angle,
    "trunk_shank_angle": _trunk_shank,
    "lift_index": _lift_index,
    "lumbar_share": _lumbar_share,
    "lumbar_lead": _lumbar_lead,
    "smoothness": _smoothness,
    "trend": _trend,
    "sway": _sway,
}
"""Name in a movement's ``extra_measures``: what makes the measures of it."""
