"""The signals of the contract, from clean landmarks."""

from __future__ import annotations

import numpy as np

from movecheck.measures.geometry import flexion_deg, inclination_deg, tilt_deg
from movecheck.measures.names import COLUMNS, FROM_CONTOUR, SIDES, column
from movecheck.measures.spine import neutral, spine_signals
from movecheck.measures.view import Stance, point, standing_height_px
from movecheck.skeleton import INDEX
from movecheck.types import AngleTrack, FloatArray, PoseTrack, State, StateArray

HIP_HEIGHT = "hip_height_ratio"
SHOULDER_HEIGHT = "shoulder_height_ratio"
HEIGHTS = (HIP_HEIGHT, SHOULDER_HEIGHT)
"""Height of mid-hip above the ankles, and of mid-shoulder above mid-hip; 1 in quiet standing."""


def measure(track: PoseTrack, stance: Stance) -> AngleTrack:
    """Compute every signal that the view shows; the others are NaN throughout.

    Parameters
    ----------
    track : PoseTrack
        Clean landmarks on a uniform grid.
    stance : Stance
        How the person stands to the camera.
    """
    values = dict.fromkeys((*COLUMNS, *HEIGHTS), np.full(len(track.time_s), np.nan))
    rests_on: dict[str, tuple[str, ...]] = {}
    if stance.view == "side":
        _side_view(track, stance, values, rests_on)
    elif stance.view == "front":
        _front_view(track, stance, values, rests_on)
    _heights(track, stance, values, rests_on)
    state = {name: _state(track, values[name], rests_on.get(name, ())) for name in values}
    return AngleTrack(track.time_s, values, state)


Values = dict[str, FloatArray]
RestsOn = dict[str, tuple[str, ...]]


def _side_view(track: PoseTrack, stance: Stance, values: Values, rests_on: RestsOn) -> None:
    side = stance.near_side
    if side is None:
        return
    forward = stance.forward
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")
    knee, ankle, near_hip = (point(track, f"{side}_{j}") for j in ("knee", "ankle", "hip"))
    trunk = ("left_hip", "right_hip", "left_shoulder", "right_shoulder")

    def put(stem: str, angle: FloatArray, *landmarks: str, of: bool = True) -> None:
        name = column(stem, side if of else None)
        values[name], rests_on[name] = angle, landmarks

    put("knee_flexion", flexion_deg(near_hip, knee, ankle, -forward),
        f"{side}_hip", f"{side}_knee", f"{side}_ankle")  # fmt: skip
    # The trunk's line is that of the mid-points: the errors of the two sides partly cancel.
    put("hip_flexion", flexion_deg(shoulder, hip, knee, forward), *trunk, f"{side}_knee")
    put("trunk_inclination", inclination_deg(hip, shoulder, forward), *trunk, of=False)
    put("thigh_inclination", inclination_deg(knee, near_hip, forward),
        f"{side}_hip", f"{side}_knee")  # fmt: skip
    put("shank_inclination", inclination_deg(ankle, knee, forward),
        f"{side}_knee", f"{side}_ankle")  # fmt: skip
    for stem, angle in spine_signals(track, stance).items():
        put(stem, angle, *trunk, of=False)


def _front_view(track: PoseTrack, stance: Stance, values: Values, rests_on: RestsOn) -> None:
    # In the picture the subject's right is on the left for one who faces the camera.
    to_right = -1.0 if stance.facing == "camera" else 1.0
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")

    def put(name: str, angle: FloatArray, *landmarks: str) -> None:
        values[name], rests_on[name] = angle, landmarks

    put(column("trunk_lateral_lean"), inclination_deg(hip, shoulder, to_right),
        "left_hip", "right_hip", "left_shoulder", "right_shoulder")  # fmt: skip
    for stem, joint in (("shoulder_tilt", "shoulder"), ("pelvis_tilt", "hip")):
        ends = (f"right_{joint}", f"left_{joint}")
        put(column(stem), tilt_deg(*(point(track, end) for end in ends)), *ends)
    for side in SIDES:
        legs = tuple(f"{side}_{joint}" for joint in ("hip", "knee", "ankle"))
        # A knee that is medial turns the shank to the outside of the line of the thigh.
        outward = -to_right if side == "left" else to_right
        hip_, knee, ankle = (point(track, name) for name in legs)
        fppa = flexion_deg(hip_, knee, ankle, outward)
        put(column("knee_fppa", side), fppa, *legs)


def _heights(track: PoseTrack, stance: Stance, values: Values, rests_on: RestsOn) -> None:
    """Heights as a share of those in quiet standing; they drive repetitions in any view.

    Without quiet standing the tallest that the person is seen serves for counting.
    """
    trunk = point(track, "mid_hip")[:, 1] - point(track, "mid_shoulder")[:, 1]
    legs = standing_height_px(track) - trunk
    for name, height in ((HIP_HEIGHT, legs), (SHOULDER_HEIGHT, trunk)):
        values[name] = height / _standing_height(height, stance)
        rests_on[name] = ("left_hip", "right_hip", "left_shoulder", "right_shoulder")


def _standing_height(height: FloatArray, stance: Stance) -> float:
    known = height[np.isfinite(height)]
    if stance.standing.any() or not len(known):
        return float(neutral(height, stance.standing))
    return float(np.percentile(known, 95))


def _state(track: PoseTrack, values: FloatArray, landmarks: tuple[str, ...]) -> StateArray:
    states = track.state[:, [INDEX[name] for name in landmarks]]
    filled = (states == State.FILLED).any(axis=1) if landmarks else np.zeros(len(values), bool)
    state = np.where(filled, State.FILLED, State.MEASURED)
    return np.where(np.isfinite(values), state, State.MISSING).astype(np.int8)


def change_from_standing(angles: AngleTrack, stance: Stance) -> Values:
    """Return every signal in degrees as change from the person's own quiet standing."""
    contour = {column(stem) for stem in FROM_CONTOUR}
    return {
        name: series if name in contour else series - neutral(series, stance.standing)
        for name, series in angles.values.items()
        if name.endswith("_deg")
    }
