"""What is said about each signal on the picture, and where."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from movecheck.marks import N_
from movecheck.overlay.draw import Label
from movecheck.skeleton import INDEX
from movecheck.texts import _
from movecheck.types import Facing, FloatArray, Side, State, StateArray, View


@dataclass(frozen=True)
class Spec:
    """How one signal is shown.

    Attributes
    ----------
    noun : str
        What it is called.
    landmarks : tuple of str
        The label stands beside the middle of those that are there.
    more, less : str
        Words for a positive and a negative value; without them the sign is written.
    where : {"front", "back", "spine", "right", "left"}
        In front of the person, behind, off the back at right angles to the trunk, or on the
        subject's right or left.
    away : float
        How far the label stands off, in lengths of the trunk: past the body's edge.
    """

    noun: str
    landmarks: tuple[str, ...]
    where: str
    more: str = ""
    less: str = ""
    away: float = 0.0

    def say(self, value: float) -> str:
        """Return the label, such as "knee 92°" or "trunk 4° left"."""
        whole = round(value)
        if self.more and self.less:
            word = f" {_(self.more if whole > 0 else self.less)}" if whole else ""
            return f"{_(self.noun)} {abs(whole)}°{word}"
        return f"{_(self.noun)} {'−' if whole < 0 else ''}{abs(whole)}°"

    def to_right(self, facing: Facing) -> bool:
        """Return whether the label stands to the right of its point in the picture."""
        if self.where in ("left", "right"):
            # the subject's left is the picture's right, unless the back is to the camera
            return (self.where == "left") != (facing == "away")
        return (self.where == "front") == (facing != "left")


_HIPS = ("left_hip", "right_hip")
_TRUNK = ("left_shoulder", "right_shoulder", *_HIPS)
_LOW_TRUNK = (*_TRUNK, *_HIPS)


def _sided() -> dict[str, Spec]:
    specs: dict[str, Spec] = {}
    for side in ("left", "right"):
        hip, knee, ankle = (f"{side}_{joint}" for joint in ("hip", "knee", "ankle"))
        specs[f"knee_flexion_{side}_deg"] = Spec(N_("knee"), (knee,), "front")
        specs[f"hip_flexion_{side}_deg"] = Spec(N_("hip"), (hip,), "back", away=0.2)
        specs[f"knee_fppa_{side}_deg"] = Spec(N_("knee"), (knee,), side, N_("in"), N_("out"))
        specs[f"thigh_inclination_{side}_deg"] = Spec(N_("thigh"), (hip, knee), "back", away=0.15)
        specs[f"shank_inclination_{side}_deg"] = Spec(N_("shank"), (knee, ankle), "back", away=0.1)
    return specs


SIGNALS: dict[str, Spec] = {
    **_sided(),
    "trunk_inclination_deg": Spec(N_("trunk"), _TRUNK, "spine", away=0.38),
    "spine_flexion_deg": Spec(N_("spine"), _TRUNK, "spine", away=0.38),
    "lumbar_flexion_deg": Spec(N_("low back"), _LOW_TRUNK, "spine", away=0.38),
    "pelvis_pitch_deg": Spec(N_("pelvis"), _HIPS, "back", away=0.25),
    "trunk_lateral_lean_deg": Spec(N_("trunk"), _TRUNK, "left", N_("right"), N_("left"), away=0.42),
    "shoulder_tilt_deg": Spec(
        N_("shoulders"), ("left_shoulder",), "left", N_("right"), N_("left"), away=0.15
    ),
    "pelvis_tilt_deg": Spec(
        N_("pelvis"), ("left_hip",), "left", N_("right"), N_("left"), away=0.25
    ),
}
"""Signals that can be shown."""


def label_for(
    signal: str,
    value: float,
    landmarks_px: FloatArray,
    state: StateArray,
    facing: Facing,
    sure: bool = True,
) -> Label | None:
    """Make the label of one signal.

    Parameters
    ----------
    signal : str
        Name of the signal.
    value : float
        Its value in degrees.
    landmarks_px : ndarray, shape (33, 2)
        Landmarks in pixels of the picture.
    state : ndarray, shape (33,)
        `State` of each landmark.
    facing : {"left", "right", "camera", "away", "unknown"}
        Where the person looks; the knee's label stands in front, the others behind.
    sure : bool, optional
        False when the value was filled in.

    Returns
    -------
    Label or None
        None when the value is not known, the signal is not in `SIGNALS`, or none of its
        landmarks is there to stand beside.
    """
    spec = SIGNALS.get(signal)
    if spec is None or not np.isfinite(value):
        return None
    marks = [i for name in spec.landmarks if state[i := INDEX[name]] != State.MISSING]
    if not marks:
        return None
    x, y = landmarks_px[marks].mean(axis=0).tolist()
    to_right = spec.to_right(facing)
    across = 1 if to_right else -1
    up, length = _trunk(landmarks_px)
    if spec.where == "spine":
        x, y = x - across * spec.away * up[1], y + across * spec.away * up[0]
    else:
        x += across * spec.away * length
    return Label(spec.say(value), (x, y), to_right, sure)


def _trunk(points: FloatArray) -> tuple[tuple[float, float], float]:
    """Return the longer side of the trunk from hip to shoulder, and its length; 0 if unknown."""
    sides = [
        np.nan_to_num(points[INDEX[f"{s}_shoulder"]] - points[INDEX[f"{s}_hip"]])
        for s in ("left", "right")
    ]
    x, y = max(sides, key=lambda v: float(np.hypot(*v))).tolist()
    return (x, y), math.hypot(x, y)


def default_signals(view: View, near: Side | None) -> tuple[str, ...]:
    """Return the signals shown in a view.

    Parameters
    ----------
    view : {"side", "front", "unknown"}
        Where the camera stands.
    near : {"left", "right"}, optional
        The side close to the camera.

    Returns
    -------
    tuple of str
        Few enough that a person reads them while the clip plays.
    """
    if view == "front":
        return (
            "trunk_lateral_lean_deg",
            "pelvis_tilt_deg",
            "knee_fppa_left_deg",
            "knee_fppa_right_deg",
        )
    if view == "side" and near is not None:
        return ("trunk_inclination_deg", f"hip_flexion_{near}_deg", f"knee_flexion_{near}_deg")
    return ()
