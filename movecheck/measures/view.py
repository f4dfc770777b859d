"""How the person stands to the camera, and when they stand still."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from movecheck.signals.clean import body_size_px
from movecheck.signals.fit import BodyFit
from movecheck.signals.gaps import runs
from movecheck.signals.smooth import low_pass
from movecheck.skeleton import INDEX
from movecheck.types import Facing, FloatArray, PoseTrack, Side, View

STILL_PER_S = 0.06  # body sizes a second; breathing and sway stay below (our own choice)
SWAY_HZ = 2.0  # the body on its feet sways more slowly, landmarks tremble faster (our own choice)
UPRIGHT = 0.97  # of the greatest height (our own choice)
TRUNK_UPRIGHT = 0.85  # shoulders over hips in trunk lengths: 32 degrees of lean (our own choice)
LEGS_STRAIGHT = 0.8  # hips over ankles in leg lengths: above a chair's 0.5 (our own choice)
SHORTEST_STAND_S = 0.3  # our own choice
# These are our own choice.
SIDE_WITHIN_DEG = 25.0  # the view's name changes here; the cost in accuracy is in the uncertainty
FRONT_WITHIN_DEG = 25.0


@dataclass(frozen=True)
class Stance:
    """How the person stands to the camera.

    Attributes
    ----------
    view, facing : str
        See `movecheck.types`.
    yaw_deg : float
        0 facing the camera, +90 facing the picture's right, -90 its left, 180 away; NaN unknown.
    near_side : {'left', 'right'} or None
        The subject's side that is nearer to the camera in a side view.
    standing : ndarray of bool, shape (n,)
        Samples in which the person stands quiet and upright.
    stand_s : float
        Longest such stretch in seconds.
    """

    view: View
    facing: Facing
    yaw_deg: float
    near_side: Side | None
    standing: NDArray[np.bool_] = field(repr=False)
    stand_s: float = 0.0

    @property
    def forward(self) -> float:
        """+1 when forward is the picture's right, -1 when it is its left."""
        return -1.0 if self.facing == "left" else 1.0


def point(track: PoseTrack, name: str) -> FloatArray:
    """Return one landmark, shape (n, 2); ``mid_hip`` and the like are the mean of both sides."""
    if name.startswith("mid_"):
        left, right = (track.xy_px[:, INDEX[f"{s}_{name[4:]}"]] for s in ("left", "right"))
        return np.asarray((left + right) / 2)
    return track.xy_px[:, INDEX[name]]


def find_stance(track: PoseTrack, view: str = "auto", fit: BodyFit | None = None) -> Stance:
    """Find view, facing and quiet standing of a clean track.

    Parameters
    ----------
    track : PoseTrack
        Clean, on a uniform grid.
    view : {'auto', 'side', 'front'}
        What the user says; 'auto' goes by yaw.
    fit : BodyFit, optional
        The body in space: it knows the yaw better than the model's own depth.
    """
    standing, longest = quiet_standing(track)
    seen = np.asarray(np.isfinite(point(track, "mid_shoulder")).all(axis=-1))
    when = standing if standing.any() else seen
    yaw = yaw_deg(track, when)
    if fit is not None and fit.ok and (fit.trusted & when).any():
        yaw = _mean_turn(fit.yaw_deg[fit.trusted & when])
    found = _view(yaw) if view == "auto" else view
    if found == "side":
        facing: Facing = "right" if np.sin(np.radians(yaw)) > 0 else "left"
        # A person who faces the picture's left turns their left side to the camera.
        return Stance("side", facing, yaw, facing, standing, longest)  # type: ignore[arg-type]
    if found == "front":
        facing = "camera" if np.cos(np.radians(yaw)) > 0 else "away"
        return Stance("front", facing, yaw, None, standing, longest)
    facing = "unknown" if np.isnan(yaw) else "camera" if abs(yaw) < 90 else "away"
    return Stance("unknown", facing, yaw, None, standing, longest)


def from_front_deg(yaw_deg: float) -> float:
    """Return how far a body is turned from facing the camera or away from it, 0 to 90 degrees."""
    return min(abs(yaw_deg), 180 - abs(yaw_deg))


def _view(yaw: float) -> View:
    if np.isnan(yaw):
        return "unknown"
    from_front = from_front_deg(yaw)
    if from_front >= 90 - SIDE_WITHIN_DEG:
        return "side"
    return "front" if from_front <= FRONT_WITHIN_DEG else "unknown"


def yaw_deg(track: PoseTrack, when: NDArray[np.bool_]) -> float:
    """Return the turn of shoulders and hips to the camera, the median over the samples marked.

    From the model's world landmarks. Their depth is too rough for joint angles, but the line
    across the body turns by 90 degrees between the views that have to be told apart.
    """
    turns = []
    for joint in ("shoulder", "hip"):
        across = (
            track.world_m[when, INDEX[f"left_{joint}"]]
            - (track.world_m[when, INDEX[f"right_{joint}"]])
        )
        turns.append(np.stack([across[:, 0], across[:, 2]], axis=-1))
    mean = np.concatenate(turns) if turns else np.empty((0, 2))
    mean = mean[np.isfinite(mean).all(axis=-1)]
    if not len(mean):
        return float("nan")
    x, z = np.median(mean / np.linalg.norm(mean, axis=-1, keepdims=True), axis=0)
    return float(np.degrees(np.arctan2(z, x)))


def _mean_turn(turns_deg: FloatArray) -> float:
    """Mean of directions, which have no end at 180 degrees."""
    turns = np.radians(turns_deg[np.isfinite(turns_deg)])
    return float(np.degrees(np.arctan2(np.sin(turns).mean(), np.cos(turns).mean())))


def quiet_standing(track: PoseTrack) -> tuple[NDArray[np.bool_], float]:
    """Find where the person stands still and upright.

    Returns
    -------
    standing : ndarray of bool, shape (n,)
    longest_s : float
        Longest stretch in seconds.
    """
    step = float(track.time_s[1] - track.time_s[0]) if len(track.time_s) > 1 else 1.0
    size = body_size_px(track.xy_px)
    if not size > 0:
        return np.zeros(len(track.time_s), dtype=bool), 0.0
    speeds = []
    for name in ("mid_shoulder", "mid_hip", "left_knee", "right_knee"):
        path = low_pass(point(track, name), 1 / step, SWAY_HZ)
        velocity = np.gradient(path, step, axis=0)
        speeds.append(np.linalg.norm(velocity, axis=-1) / size)
    height = standing_height_px(track)
    ankles = np.fmax(point(track, "left_ankle")[:, 1], point(track, "right_ankle")[:, 1])
    on_legs = ankles - point(track, "mid_hip")[:, 1] >= LEGS_STRAIGHT * legs_px(track)
    trunk = point(track, "mid_hip") - point(track, "mid_shoulder")
    upright = trunk[:, 1] >= TRUNK_UPRIGHT * _longest(np.linalg.norm(trunk, axis=-1))
    still = (np.fmax.reduce(speeds) < STILL_PER_S) & np.isfinite(height) & on_legs & upright
    if not still.any():
        return still, 0.0
    still &= height >= UPRIGHT * np.percentile(height[still], 95)
    long_enough = [r for r in runs(still) if (r[1] - r[0]) * step >= SHORTEST_STAND_S]
    standing = np.zeros(len(still), dtype=bool)
    for start, stop in long_enough:
        standing[start:stop] = True
    return standing, max(((b - a) * step for a, b in long_enough), default=0.0)


def standing_height_px(track: PoseTrack) -> FloatArray:
    """Return the height of mid-shoulder above the lower ankle, shape (n,), in px.

    While one ankle is not seen it is taken to be where it mostly is: to change over to the other
    one would look like a rise. NaN while neither is seen.
    """
    ankles = np.stack([point(track, f"{side}_ankle")[:, 1] for side in ("left", "right")])
    seen = np.isfinite(ankles)
    mostly = [np.median(y[s]) if s.any() else np.nan for y, s in zip(ankles, seen, strict=True)]
    lower = np.fmax.reduce(np.where(seen, ankles, np.array(mostly)[:, None]))
    return np.asarray(
        np.where(seen.any(axis=0), lower, np.nan) - point(track, "mid_shoulder")[:, 1]
    )


def legs_px(track: PoseTrack) -> float:
    """Return the length of thigh and shank, the longest in 95 % of frames, in px."""
    lengths = [
        np.linalg.norm(point(track, f"{s}_hip") - point(track, f"{s}_knee"), axis=-1)
        + np.linalg.norm(point(track, f"{s}_knee") - point(track, f"{s}_ankle"), axis=-1)
        for s in ("left", "right")
    ]
    return _longest(np.fmax(*lengths))


def _longest(lengths: FloatArray) -> float:
    """Return the length that 95 % of frames stay below; NaN when none is known."""
    known = lengths[np.isfinite(lengths)]
    return float(np.percentile(known, 95)) if len(known) else float("nan")
