"""The spine's shape from the back's edge, in side view.

The dorsal edge of the silhouette is known as its distance from the line mid-hip to mid-shoulder,
at stations along that line. A smooth curve through it has a tangent everywhere; three of them
stand for pelvis, lower thorax and upper thorax. Skin and clothes lie over the spine, so only the
change from the person's own standing is reported.
"""

from __future__ import annotations

import numpy as np
from numpy.polynomial.chebyshev import chebder, chebfit, chebval
from numpy.typing import NDArray

from movecheck.measures.geometry import inclination_deg
from movecheck.measures.view import Stance, point
from movecheck.types import EDGE_STATIONS, FloatArray, PoseTrack

# Heights along the trunk (0 hip joints, 1 shoulders), from the segment tables of Drillis and
# Contini (1966) and surface anatomy: hip joints at .53 of stature, shoulders at .82; the second
# sacral vertebra at about .56, T12 at about .68, T4 at about .79.
SACRUM, MID_BACK, UPPER_BACK = 0.10, 0.55, 0.90
FIT_RANGE = (-0.15, 1.15)  # buttock to neck: beyond, the edge is no longer the back
DEGREE = 5
LEAST_SHARE = 0.8  # of the stations in FIT_RANGE that must show an edge

UPPER_BACK_GAIN = 1.45
"""The tangent of the upper back turns less than the spine under it, over shoulder blades and neck.
Learned on the drawn people of ``validation/`` (even-numbered bodies)."""


def back_tangents_deg(track: PoseTrack, stance: Stance) -> FloatArray:
    """Return the back's tangents against the vertical, + forward, shape (n, 3), in degrees.

    Sacrum, mid-back, upper back; NaN where the edge is not seen.
    """
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")
    length = np.linalg.norm(shoulder - hip, axis=-1)
    trunk = inclination_deg(hip, shoulder, stance.forward)
    dorsal = track.edge_px[:, 0 if stance.forward > 0 else 1] / length[:, None]
    inside = (FIT_RANGE[0] <= EDGE_STATIONS) & (FIT_RANGE[1] >= EDGE_STATIONS)
    known = inside & np.isfinite(dorsal)
    tangents = np.full((len(dorsal), 3), np.nan)
    # One fit for all frames that show the same stations: nearly always, all frames.
    shown, which = np.unique(known, axis=0, return_inverse=True)
    for group, stations in enumerate(shown):
        if stations.sum() < LEAST_SHARE * inside.sum():
            continue
        frames = np.flatnonzero(which.ravel() == group)
        curve = chebfit(EDGE_STATIONS[stations], dorsal[np.ix_(frames, stations)].T, DEGREE)
        slope = chebval(np.array([SACRUM, MID_BACK, UPPER_BACK]), chebder(curve))
        # Going up the back, an edge that nears the trunk's line leans forward of it.
        tangents[frames] = trunk[frames, None] - np.degrees(np.arctan(slope))
    return tangents


def spine_signals(track: PoseTrack, stance: Stance) -> dict[str, FloatArray]:
    """Return spine flexion, lumbar flexion and pelvis pitch as change from standing.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Degrees; all NaN when no quiet standing shows the back's edge.
    """
    tangents = back_tangents_deg(track, stance)
    tangents -= neutral(tangents, stance.standing)
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
