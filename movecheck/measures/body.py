"""What a picture shows of any body in any posture: is it upright, seated or lying, and how.

These signals need no plane and no quiet standing. They tell movements apart, and they are the
measures of a body that lies along the picture (plank, bridge), where view and facing say nothing.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import median_filter

from movecheck.measures.geometry import rise_deg, sag_deg
from movecheck.measures.names import SIDES, column
from movecheck.measures.spine import neutral
from movecheck.measures.view import Stance, legs_px, point
from movecheck.signals.clean import body_size_px
from movecheck.skeleton import INDEX
from movecheck.types import FloatArray, PoseTrack

HIP_LEVEL = "hip_level_ratio"
HIP_FALL, SHOULDER_FALL = "hip_fall_ratio", "shoulder_fall_ratio"
FOOT_LIFT, STRIDE, HANDS, SPEED = "foot_lift_ratio", "stride_ratio", "hands_ratio", "speed_ratio"
BREADTH, CLEARANCE, STEP = "breadth_ratio", "clearance_ratio", "step_ratio"
SWAY, ADVANCE = "sway_ratio", "advance_ratio"
SHARES = (HIP_LEVEL, HIP_FALL, SHOULDER_FALL, FOOT_LIFT, STRIDE, HANDS, SPEED, BREADTH, CLEARANCE,
          SWAY, STEP, ADVANCE)  # fmt: skip
"""Signals of this module that are no angles; see `shares`."""

# These are our own choice: halfway between an upright body and a lying one.
LYING_TRUNK_DEG = 45.0
LYING_SHANK_DEG = 45.0
LYING_SHOULDER = 0.35  # shoulders' height over the lowest foot or hand, in leg lengths
LYING_S = 1.0
SEEN_ALIKE = 0.9  # of the better seen side's visibility
FAR_FOOT = 0.05  # a far foot 0.2 m behind, from 3 m and 1 m high, is seen so much higher


def lowest_px(track: PoseTrack, *joints: str) -> FloatArray:
    """Return the y of the lowest of the joints of both sides, shape (n,)."""
    each = [track.xy_px[:, INDEX[f"{s}_{joint}"], 1] for s in SIDES for joint in joints]
    return np.asarray(np.fmax.reduce(each))


def chain(track: PoseTrack) -> dict[str, FloatArray]:
    """Return shoulder, hip, knee and ankle in the picture, shape (n, 2) each.

    The middles of both sides where both are seen about as often, else the side that is seen more:
    a far side that comes and goes would make the lines jump.
    """
    joints = ("shoulder", "hip", "knee", "ankle")
    seen = [
        float(np.isfinite(np.stack([point(track, f"{s}_{j}") for j in joints])).all((0, 2)).mean())
        for s in SIDES
    ]
    which = "mid" if min(seen) >= SEEN_ALIKE * max(seen) else SIDES[int(np.argmax(seen))]
    return {joint: point(track, f"{which}_{joint}") for joint in joints}


def lying(track: PoseTrack) -> NDArray[np.bool_]:
    """Tell in which samples the body lies or kneels on hands and knees, shape (n,).

    The trunk is nearer to level than to upright, and so are the shanks, or the shoulders are
    near the ground. A bend keeps the shanks upright and the shoulders high.
    """
    body = chain(track)
    shank = rise_deg(body["ankle"], body["knee"])
    ground = lowest_px(track, "ankle", "wrist", "elbow")
    near_ground = ground - body["shoulder"][:, 1] < LYING_SHOULDER * legs_px(track)
    level = np.abs(rise_deg(body["hip"], body["shoulder"])) < LYING_TRUNK_DEG
    down = level & ((np.abs(shank) < LYING_SHANK_DEG) | near_ground)
    step = float(track.time_s[1] - track.time_s[0]) if len(track.time_s) > 1 else 1.0
    width = 2 * round(LYING_S / step / 2) + 1
    return np.asarray(median_filter(down.astype(np.int8), width, mode="nearest") > 0)


FRONT_LINE = 0.78
"""Share of a bend that is read between shoulders, hips and feet where a lying body faces the
camera, as in a side plank: the pose model puts the hips nearer to the line. Learned on four drawn
people (0.74 to 0.82; one that it was not learned on: 0.81). In side view it is 0.94."""


def lines_deg(track: PoseTrack, stance: Stance) -> dict[str, FloatArray]:
    """Return the lines of a body while it lies, by column; NaN while it does not.

    ``body_line`` is how far the hips hang below the line from shoulders to ankles, ``hip_line``
    below the line from shoulders to knees, ``knee_line`` the knees below that from hips to ankles:
    the angle at the middle, 0 when straight. ``trunk_rise`` and ``leg_rise`` are against the
    level: + with shoulders above hips, knee above hip; beyond 90 or -90 degrees with the knee
    towards the head.
    """
    body = chain(track)
    shoulder, hip, knee, ankle = (body[j] for j in ("shoulder", "hip", "knee", "ankle"))
    down = lying(track)
    from_head = (hip - shoulder)[down, 0]
    away = -1.0 if from_head.size and np.nanmedian(from_head) < 0 else 1.0
    seen = FRONT_LINE if stance.view == "front" else 1.0
    found = {
        column("body_line"): sag_deg(shoulder, hip, ankle) / seen,
        column("hip_line"): sag_deg(shoulder, hip, knee) / seen,
        column("knee_line"): sag_deg(hip, knee, ankle),
        column("trunk_rise"): rise_deg(hip, shoulder),
        **{
            column("leg_rise", s): rise_deg(
                point(track, f"{s}_hip"), point(track, f"{s}_knee"), away
            )
            for s in SIDES
        },
    }
    return {name: np.where(down, angle, np.nan) for name, angle in found.items()}


def shares(track: PoseTrack, stance: Stance) -> dict[str, FloatArray]:
    """Return lengths as shares of the body's own, shape (n,) each.

    Notes
    -----
    ``hip_level``: hips over the lower ankle, in leg lengths; about 1 standing, 0.5 on a chair.
    ``hip_fall``, ``shoulder_fall``: how far hips and shoulders are below their height in quiet
    standing, as a share of the shoulders' height over the ankles. ``foot_lift``: left ankle above
    the right, as change from standing. ``stride``: ankles apart along the picture, as change from
    standing. ``hands``: wrists above shoulders. ``speed``: of mid-shoulder, a second.
    ``breadth``: between the shoulders. ``clearance``: shoulders above the lowest hand or elbow.
    ``sway``: mid-shoulder sideways of the lower ankle. ``step``: how far that ankle is above
    or below where the lower one was in quiet standing. ``advance``: how far mid-hip is along the
    picture from where it was in quiet standing. Those not said otherwise are in body sizes
    (shoulder to ankle).
    """
    size = body_size_px(track.xy_px)
    ankles = {s: point(track, f"{s}_ankle") for s in SIDES}
    ground = np.fmax(ankles["left"][:, 1], ankles["right"][:, 1])
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")
    wrists = np.fmax(*(track.xy_px[:, INDEX[f"{s}_wrist"], 1] for s in SIDES))
    across = point(track, "left_shoulder") - point(track, "right_shoulder")
    hips, shoulders = ground - hip[:, 1], ground - shoulder[:, 1]
    stood = stance.standing
    step = float(track.time_s[1] - track.time_s[0]) if len(track.time_s) > 1 else 1.0
    speed = np.gradient(shoulder, step, axis=0) if len(shoulder) > 1 else 0.0 * shoulder
    lift = (ankles["right"][:, 1] - ankles["left"][:, 1]) / size
    stride = np.abs(ankles["left"][:, 0] - ankles["right"][:, 0]) / size
    on_left = ankles["left"][:, 1] >= ankles["right"][:, 1]
    lower = np.where(on_left[:, None], ankles["left"], ankles["right"])
    # Where a foot is hidden, the other one is the lower.
    lower = np.where(np.isnan(lower), np.fmax(ankles["left"], ankles["right"]), lower)
    return {
        HIP_LEVEL: hips / legs_px(track),
        HIP_FALL: (neutral(hips, stood) - hips) / neutral(shoulders, stood),
        SHOULDER_FALL: 1 - shoulders / neutral(shoulders, stood),
        FOOT_LIFT: _from_level(lift, stood),
        STRIDE: stride - float(np.nan_to_num(neutral(stride, stood))),
        HANDS: (shoulder[:, 1] - wrists) / size,
        SPEED: np.linalg.norm(speed, axis=-1) / size,
        BREADTH: np.linalg.norm(across, axis=-1) / size,
        CLEARANCE: (lowest_px(track, "wrist", "elbow") - shoulder[:, 1]) / size,
        SWAY: (shoulder[:, 0] - lower[:, 0]) / size,
        STEP: np.abs(lower[:, 1] - neutral(lower[:, 1], stood)) / size,
        ADVANCE: np.abs(hip[:, 0] - neutral(hip[:, 0], stood)) / size,
    }


def _from_level(lift: FloatArray, standing: NDArray[np.bool_]) -> FloatArray:
    """Return a foot's lift as change from standing on both feet.

    Somebody may stand still on one leg too: feet further apart than perspective makes them are
    not both on the ground. Where standing hides a foot, what is usual is taken off.
    """
    level = float(neutral(lift, standing & (np.abs(lift) <= FAR_FOOT)))
    if np.isfinite(level):
        return lift - level
    return np.asarray(np.sign(lift) * np.maximum(np.abs(lift) - FAR_FOOT, 0.0))
