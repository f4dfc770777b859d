"""Where a body is at the time of a picture, between the samples of its track."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from movecheck.skeleton import INDEX
from movecheck.types import EDGE_STATIONS, Facing, FloatArray, PoseTrack, State, StateArray


@dataclass(frozen=True)
class Place:
    """A time between two samples: their indices, and how far it is from one to the other."""

    before: int
    after: int
    share: float

    @property
    def nearest(self) -> int:
        """Return the index of the sample that is closer."""
        return self.before if self.share < 0.5 else self.after

    def mix(self, values: FloatArray) -> FloatArray:
        """Interpolate along the first axis; where one neighbour is NaN, take the nearest."""
        mixed = (1 - self.share) * values[self.before] + self.share * values[self.after]
        settled: FloatArray = np.where(np.isnan(mixed), values[self.nearest], mixed)
        return settled


def place_of(times: FloatArray, time_s: float) -> Place | None:
    """Find a time among samples; None when the nearest one is too far off to stand for it."""
    if len(times) == 0:
        return None
    after = int(np.clip(np.searchsorted(times, time_s), 0, len(times) - 1))
    before = max(after - 1, 0) if times[after] > time_s else after
    gap = times[after] - times[before]
    share = float((time_s - times[before]) / gap) if gap > 0 else 0.0
    share = min(max(share, 0.0), 1.0)
    place = Place(before, after, share)
    step = float(np.median(np.diff(times))) if len(times) > 1 else 0.0
    reach = max(1.5 * step, 0.05)
    if abs(times[place.nearest] - time_s) > reach:
        return None
    return place if gap <= 2 * reach else Place(place.nearest, place.nearest, 0.0)


def landmarks_at(track: PoseTrack, time_s: float) -> tuple[FloatArray, StateArray]:
    """Return landmarks, shape (33, 2), and their states at one time; MISSING where unknown."""
    place = place_of(track.time_s, time_s)
    if place is None:
        missing = np.full(track.xy_px.shape[1:], np.nan)
        return missing, np.zeros(len(missing), np.int8)
    state = track.state[place.nearest].copy()
    points = place.mix(track.xy_px)
    state[~np.all(np.isfinite(points), axis=1)] = State.MISSING
    return points, state


def back_at(raw: PoseTrack, time_s: float, facing: Facing) -> FloatArray:
    """Return the edge of the back, shape (73, 2), in pixels of the full picture."""
    place = place_of(raw.time_s, time_s)
    if place is None:
        return np.full((len(EDGE_STATIONS), 2), np.nan)
    i = place.nearest
    hip, shoulder = (
        raw.xy_px[i, [INDEX[f"left_{joint}"], INDEX[f"right_{joint}"]]].mean(axis=0)
        for joint in ("hip", "shoulder")
    )
    trunk = shoulder - hip
    back = 0 if facing == "right" else 1
    outward = np.array([trunk[1], -trunk[0]]) / max(float(np.hypot(*trunk)), 1.0)
    outward = outward if back == 0 else -outward
    along = hip + EDGE_STATIONS[:, None] * trunk
    edge: FloatArray = along + raw.edge_px[i, back][:, None] * outward
    return edge
