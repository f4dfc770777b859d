"""The spine's shape from the back's edge, in side view.

The dorsal edge of the silhouette is known as its distance from the line mid-hip to mid-shoulder,
at stations along that line. Its tangent, taken over a finite span, stands for the pelvis at the
sacrum, for the lower thorax at mid-back and for the thorax below the shoulder blades. Skin and
clothes lie over the spine, so only the change from the person's own standing is reported.

The line from hips to shoulders turns with the whole trunk, the pelvis less so when the back
rounds: a fixed station on the line climbs from the sacrum to the loin. The sacrum is therefore
looked for where it is fixed, at its height above the hip joints along the pelvis itself, whose
direction is the tangent that is sought.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import correlate1d

from movecheck.marks import N_
from movecheck.measures.geometry import inclination_deg
from movecheck.measures.view import Stance, point
from movecheck.types import EDGE_STATIONS, FloatArray, PoseTrack

# Heights along the trunk (0 hip joints, 1 shoulders), from the segment tables of Drillis and
# Contini (1966) and surface anatomy: hip joints at .53 of stature, shoulders at .82; the second
# sacral vertebra at about .56, T12 at about .68, T9 at about .72. Higher up the edge is that of
# shoulder blades, hair and neck: the tangents there show nothing of the spine (r 0.0 with the
# thoracic flexion of the drawn people).
SACRUM, MID_BACK, UPPER_BACK = 0.10, 0.55, 0.65
SPAN = 0.30  # of the trunk, over which a tangent is taken (our choice, on even-numbered bodies)
LEAST_SHARE = 0.6  # of a span's stations that must show an edge (our choice)

SEAT, BLADES = -0.20, 0.95  # what cloth can hang between: upper thigh and shoulders (our choice)
LEAST_HOLLOW = 0.03
"""Least hollow of a back in standing, in trunk lengths, for its edge to be taken for skin. Drawn
people show 0.044 to 0.132 in close shirts, 0.030 to 0.053 with hardly any lordosis (5 to 20
degrees), and at most 0.020 where a shirt hangs over the hollow; one that sinks half into it shows
0.028 to 0.044 and is not told from a back."""

SURE_HOLLOW, CLOTH_WIDENS = 0.05, 2.5
"""Below this hollow the edge may be that of cloth which sinks half into it. Such cloth takes up to
15 degrees from a bend, so the ± grows by as much (drawn people in slack shirts)."""

ARM = ("shoulder", "elbow", "wrist", "index")
ARM_RADIUS = 0.10  # in trunk lengths: .029 of stature, an arm with its sleeve (our choice)
# An arm that hangs comes behind a trunk that leans back of standing by more than this, and slides
# along its edge: it counts from farther off (our choice).
LEANS_BACK_DEG, ARM_RADIUS_THEN = 5.0, 0.15

SHIRT_HIDES = N_(
    "No hollow of the back shows in standing: the shirt may hide the back's shape. "
    "Tuck in a close-fitting shirt, or bare the back."
)
ARM_HIDES = N_("An arm hides the back. Keep both arms beside you or in front of you.")

UPPER_BACK_GAIN = 1.26
"""The back is read up to T9 and turns further above it: spine flexion for each degree of it.
Learned on the drawn people of ``validation/`` (even-numbered bodies)."""

SAMPLES_AT_ONCE = 10_000  # bounds the memory of long recordings (our own choice)


def back_tangents_deg(track: PoseTrack, stance: Stance, arm: NDArray[np.bool_]) -> FloatArray:
    """Return the back's tangents against the vertical, + forward, shape (n, 3), in degrees.

    Sacrum, mid-back, upper back; NaN where the edge is not seen, or an arm is before it (`arm`,
    see `behind_arm`).
    """
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")
    length = np.linalg.norm(shoulder - hip, axis=-1)
    trunk = inclination_deg(hip, shoulder, stance.forward)
    share = length / neutral(length, stance.standing)
    edge = back_edge(track, stance)
    edge[arm] = np.nan
    out = np.empty((len(edge), 3))
    # An hour at once would take ten times the room of its edge.
    for start in range(0, len(edge), SAMPLES_AT_ONCE):
        now = slice(start, start + SAMPLES_AT_ONCE)
        distance, slope = _lines(edge[now])
        # Going up the back, an edge that nears the trunk's line leans forward of it.
        tangent = trunk[now, None] - np.degrees(np.arctan(slope))
        # Height of each point above the hip joints, along its tangent, in standing trunk lengths.
        height = (EDGE_STATIONS + distance * slope) / np.hypot(1.0, slope) * share[now, None]
        line = np.broadcast_to(EDGE_STATIONS, height.shape)
        heights = ((height, SACRUM), (line, MID_BACK), (line, UPPER_BACK))
        out[now] = np.stack([_where(x, level, tangent) for x, level in heights], axis=-1)
    return out


def back_edge(track: PoseTrack, stance: Stance) -> FloatArray:
    """Return the back's distance from the trunk's line in trunk lengths, shape (n, 73)."""
    length = np.linalg.norm(point(track, "mid_shoulder") - point(track, "mid_hip"), axis=-1)
    return np.asarray(track.edge_px[:, 0 if stance.forward > 0 else 1] / length[:, None])


def behind_arm(track: PoseTrack, stance: Stance) -> NDArray[np.bool_]:
    """Tell of each sample whether an arm reaches the edge where the back is read, shape (n,)."""
    edge = back_edge(track, stance)
    hip = point(track, "mid_hip")
    line = point(track, "mid_shoulder") - hip
    length = np.linalg.norm(line, axis=-1)
    behind = stance.forward * np.stack([line[:, 1], -line[:, 0]], axis=-1)
    trunk = inclination_deg(hip, hip + line, stance.forward)
    back = trunk < neutral(trunk, stance.standing) - LEANS_BACK_DEG
    radius = np.where(back, ARM_RADIUS_THEN, ARM_RADIUS)
    reaches = np.zeros(len(edge), dtype=bool)
    for side in ("left", "right"):
        for start, end in pairwise(point(track, f"{side}_{joint}") for joint in ARM):
            for share in np.linspace(0.0, 1.0, 7):
                at = start + share * (end - start) - hip
                height, depth = ((at * axis).sum(axis=-1) / length**2 for axis in (line, behind))
                beside = (height >= SEAT) & (height <= UPPER_BACK + SPAN / 2)
                station = np.searchsorted(EDGE_STATIONS, np.where(beside, height, 0.0))
                here = edge[np.arange(len(edge)), station]
                reaches |= beside & (depth + radius >= here)
    return reaches


def hollow(edge: FloatArray) -> float:
    """Return how deep one back's edge, shape (73,), is hollow between seat and shoulder blades.

    The greatest distance, in trunk lengths, from a straight line that touches the edge on both
    sides: cloth that hangs from the blades to the seat is such a line. NaN when nothing is seen.
    """
    used = np.isfinite(edge) & (EDGE_STATIONS >= SEAT) & (EDGE_STATIONS <= BLADES)
    x, y = EDGE_STATIONS[used], edge[used]
    low, high = np.triu_indices(len(x), 2)
    if not len(low):
        return float("nan")
    share = (x - x[low, None]) / (x[high] - x[low])[:, None]
    chord = y[low, None] + share * (y[high] - y[low])[:, None]
    return float((chord - y)[(share > 0) & (share < 1)].max())


def hidden_by(track: PoseTrack, stance: Stance, arm: NDArray[np.bool_]) -> str | None:
    """Say what hides the shape of the back in quiet standing, and what to do; None: nothing."""
    depth = standing_hollow(track, stance)
    if np.isnan(depth):
        return None
    if np.mean(arm[stance.standing]) > 0.5:
        return ARM_HIDES
    return SHIRT_HIDES if depth < LEAST_HOLLOW else None


def standing_hollow(track: PoseTrack, stance: Stance) -> float:
    """Return the `hollow` of the back in quiet standing; NaN when the back is not seen there."""
    edge = back_edge(track, stance)[stance.standing]
    middle, seen = np.full(edge.shape[1], np.nan), np.isfinite(edge).any(axis=0)
    middle[seen] = np.nanmedian(edge[:, seen], axis=0)
    return hollow(middle)


def _lines(edge: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Return distance and slope of the least-squares line over SPAN about each station.

    Each of the shape of `edge`, (n, 73); NaN where less than LEAST_SHARE of the span is seen.
    """
    step = float(EDGE_STATIONS[1] - EDGE_STATIONS[0])
    half = round(SPAN / step / 2)
    x = step * np.arange(-half, half + 1.0)

    def over_span(values: FloatArray, weights: FloatArray) -> FloatArray:
        return np.asarray(correlate1d(values, weights, axis=1, mode="constant"))

    seen = np.isfinite(edge).astype(float)
    y = np.where(seen > 0, edge, 0.0)
    count = over_span(seen, np.ones_like(x))
    known = count >= LEAST_SHARE * len(x)
    total = np.where(known, count, np.nan)
    mean_x, mean_y = over_span(seen, x) / total, over_span(y, np.ones_like(x)) / total
    spread = over_span(seen, x**2) / total - mean_x**2
    slope = (over_span(y, x) / total - mean_x * mean_y) / spread
    return mean_y - slope * mean_x, slope


def _where(along: FloatArray, level: float, values: FloatArray) -> FloatArray:
    """Return `values` where `along` rises through `level`, shape (n,); NaN where it does not.

    Of several places the one nearest to the station of that height.
    """
    rows = np.arange(len(along))
    rises = (along[:, :-1] < level) & (along[:, 1:] >= level)
    away = np.where(rises, np.abs(EDGE_STATIONS[:-1] - level), np.inf)
    at = np.argmin(away, axis=1)
    before, after = along[rows, at], along[rows, at + 1]
    found = np.isfinite(away[rows, at])
    share = (level - before) / np.where(found, after - before, 1.0)
    mixed = values[rows, at] * (1 - share) + values[rows, at + 1] * share
    return np.where(found, mixed, np.nan)


def spine_signals(track: PoseTrack, stance: Stance) -> dict[str, FloatArray]:
    """Return spine flexion, lumbar flexion and pelvis pitch as change from standing.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Degrees; all NaN when no quiet standing shows the back's shape (see `hidden_by`).
    """
    arm = behind_arm(track, stance)
    tangents = back_tangents_deg(track, stance, arm)
    tangents -= neutral(tangents, stance.standing)
    if hidden_by(track, stance, arm):
        tangents[:] = np.nan
    sacrum, middle, upper = tangents.T
    return {
        "spine_flexion": UPPER_BACK_GAIN * (upper - sacrum),
        "lumbar_flexion": middle - sacrum,
        "pelvis_pitch": sacrum,
    }


def neutral(values: FloatArray, standing: NDArray[np.bool_]) -> FloatArray:
    """Return the median over quiet standing, of (n, ...) values; NaN when there is none."""
    known = values[standing]
    known = known[np.isfinite(known).all(axis=tuple(range(1, known.ndim)))]
    return np.median(known, axis=0) if len(known) else np.full(values.shape[1:], np.nan)
