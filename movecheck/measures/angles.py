"""The signals of the contract, from clean landmarks."""

from __future__ import annotations

import numpy as np

from movecheck.measures.body import SHARES, lines_deg, shares
from movecheck.measures.feet import foot_strays
from movecheck.measures.geometry import flexion_deg, inclination_deg, tilt_deg
from movecheck.measures.names import COLUMNS, FROM_CONTOUR, SIDES, column
from movecheck.measures.spine import neutral, spine_signals
from movecheck.measures.view import Stance, point, standing_height_px
from movecheck.signals.fit import BodyFit
from movecheck.skeleton import INDEX
from movecheck.types import AngleTrack, FloatArray, PoseTrack, State, StateArray

HIP_HEIGHT = "hip_height_ratio"
SHOULDER_HEIGHT = "shoulder_height_ratio"
HEIGHTS = (HIP_HEIGHT, SHOULDER_HEIGHT)
"""Height of mid-hip above the ankles, and of mid-shoulder above mid-hip; 1 in quiet standing."""


Values = dict[str, FloatArray]
RestsOn = dict[str, tuple[str, ...]]

TRUNK = ("left_hip", "right_hip", "left_shoulder", "right_shoulder")
CHAINS = {
    "knee_flexion": ("hip", "knee", "ankle"),
    "hip_flexion": ("shoulder", "hip", "knee"),
    "thigh_inclination": ("hip", "knee"),
    "shank_inclination": ("knee", "ankle"),
}
"""Signal of a leg: the joints it is read from."""

FIT_SHARE = {"hip_flexion": 0.3}
"""Weight of the body fit beside the picture in side view, one half where it is not named. Hanging
arms pull the shoulder's landmark, which the fit feels more. Learned on the drawn people of
``validation/`` (even-numbered bodies)."""

SHOULDER_SPREAD_DEG = 9.0
"""How far the line from hip to shoulder leans outward: half the difference between the widths of
shoulders and hips (.21 and .115 of stature) over the trunk (.30), after Drillis and Contini
(1966)."""

SIDEWAYS_DEG = (5.0, 15.0)
"""Tilt of the shoulders below which a body surely does not bend sideways, and above which it
does. Our own choice: squats from the front tilt by 2 degrees, a side bend of 10 by 15."""

SHOULDERS_SHOW = (column("trunk_inclination"), *(column("hip_flexion", s) for s in SIDES))
"""Signals of the fit that depend on the shoulders: not known while the body bends sideways."""

TRUNK_PER_SPINE = 0.053
"""The line from hips to shoulders reads too much as the back rounds: degrees for each degree of
spine flexion. Learned on the drawn people of ``validation/`` (even-numbered bodies)."""


def measure(track: PoseTrack, stance: Stance, fit: BodyFit | None = None) -> AngleTrack:
    """Compute every signal that can be known; the others are NaN throughout.

    Parameters
    ----------
    track : PoseTrack
        Clean landmarks on a uniform grid.
    stance : Stance
        How the person stands to the camera.
    fit : BodyFit, optional
        The body in space, on the same grid; it is used when it is `ok`.
    """
    values = dict.fromkeys((*COLUMNS, *HEIGHTS, *SHARES), np.full(len(track.time_s), np.nan))
    rests_on: dict[str, tuple[str, ...]] = {}
    fitted = _trusted(fit) if fit is not None and fit.ok else {}
    _sagittal(track, stance, fitted, values, rests_on)
    if stance.view == "side":
        _back(track, stance, values, rests_on)
    elif stance.view == "front":
        turn = _standing_turn(fit, stance) if fit is not None and fit.ok else None
        _front_view(track, stance, turn, values, rests_on)
    _heights(track, stance, values, rests_on)
    for name, series in {**lines_deg(track, stance), **shares(track, stance)}.items():
        values[name], rests_on[name] = series, TRUNK
    state = {name: _state(track, values[name], rests_on.get(name, ())) for name in values}
    shown = {n: np.where(state[n] == State.MISSING, np.nan, values[n]) for n in values}
    return AngleTrack(track.time_s, shown, state)


def _sagittal(
    track: PoseTrack, stance: Stance, fitted: Values, values: Values, rests_on: RestsOn
) -> None:
    """Angles in the body's sagittal plane: from the picture in side view, from the fit in any.

    In side view the picture is right in its plane and the fit knows what lies out of it; their
    errors are nearly independent, so a mean is taken where there are both.
    """
    legs = SIDES if stance.near_side is None else (stance.near_side,)
    seen = _in_picture(track, stance) if stance.view == "side" else {}
    for stem in (*CHAINS, "trunk_inclination"):
        for side in legs if stem in CHAINS else (None,):
            name = column(stem, side)
            sources = [angles[name] for angles in (seen, fitted) if name in angles]
            if len(sources) == 2:
                # Where the fit is not trusted, the picture alone: without a jump between the two.
                apart = sources[1] - sources[0]
                steady = float(np.nanmedian(apart)) if np.isfinite(apart).any() else 0.0
                sources[1] = np.where(np.isnan(apart), sources[0] + steady, sources[1])
            if sources:
                share = FIT_SHARE.get(stem, 0.5)
                weights = (1 - share, share) if len(sources) == 2 else (1.0,)
                values[name] = np.average(sources, axis=0, weights=weights)
                rests_on[name] = tuple(f"{side}_{j}" for j in CHAINS.get(stem, ())) or TRUNK


def _trusted(fit: BodyFit) -> Values:
    """Angles of the fit, NaN where a foot has moved or the body does not explain the picture."""
    return {name: np.where(fit.trusted, angle, np.nan) for name, angle in fit.angles().items()}


def _in_picture(track: PoseTrack, stance: Stance) -> Values:
    """Angles of trunk and near leg in the plane of a side view."""
    side, forward = stance.near_side, stance.forward
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")
    knee, ankle, near_hip = (point(track, f"{side}_{j}") for j in ("knee", "ankle", "hip"))
    angles = {
        column("knee_flexion", side): flexion_deg(near_hip, knee, ankle, -forward),
        column("hip_flexion", side): _hip_in_space(track, stance),
        column("thigh_inclination", side): inclination_deg(knee, near_hip, forward),
        column("shank_inclination", side): inclination_deg(ankle, knee, forward),
    }
    strays = foot_strays(track, side) if side else np.zeros(len(hip), dtype=bool)
    leg = {name: np.where(strays, np.nan, angle) for name, angle in angles.items()}
    return {**leg, column("trunk_inclination"): inclination_deg(hip, shoulder, forward)}


def _hip_in_space(track: PoseTrack, stance: Stance) -> FloatArray:
    """Return the near hip's flexion as the angle in space of the contract.

    The picture has two trunk lines, that of the near side and that of the mid-points, which err
    to either side. Their mean is counted from standing and then put into space: the shoulder
    stands wider than the hip, so the three points are never in line, and with the trunk spread
    sideways by s, cos(angle) = cos(flexion) * cos(s).
    """
    side = stance.near_side
    knee = point(track, f"{side}_knee")
    lines = [(f"{side}_hip", f"{side}_shoulder"), ("mid_hip", "mid_shoulder")]
    flexion = np.mean([
        flexion_deg(point(track, shoulder), point(track, hip), knee, stance.forward)
        for hip, shoulder in lines
    ], axis=0)  # fmt: skip
    spread = np.cos(np.radians(SHOULDER_SPREAD_DEG))

    def in_space(angle: FloatArray) -> FloatArray:
        return np.asarray(np.degrees(np.arccos(np.cos(np.radians(angle)) * spread)))

    standing = np.nan_to_num(neutral(flexion, stance.standing))
    return in_space(flexion - standing) + in_space(standing) - SHOULDER_SPREAD_DEG


def _back(track: PoseTrack, stance: Stance, values: Values, rests_on: RestsOn) -> None:
    """The spine from the back's edge, and what its rounding does to the trunk's line."""
    for stem, angle in spine_signals(track, stance).items():
        values[column(stem)], rests_on[column(stem)] = angle, TRUNK
    rounding = np.nan_to_num(values[column("spine_flexion")])
    trunk = column("trunk_inclination")
    values[trunk] = values[trunk] - TRUNK_PER_SPINE * rounding


def _standing_turn(fit: BodyFit, stance: Stance) -> FloatArray:
    """Return how far the body is turned in standing, in degrees, for every sample, shape (n,).

    The feet stay. What the fit finds later is of a body that does not bend sideways: it turns it.
    """
    known = fit.yaw_deg[stance.standing & np.isfinite(fit.yaw_deg)]
    turn = float(np.median(known)) if len(known) else float(np.nanmedian(fit.yaw_deg))
    return np.full(len(fit.yaw_deg), turn)


def _front_view(
    track: PoseTrack, stance: Stance, turn_deg: FloatArray | None, values: Values, rests_on: RestsOn
) -> None:
    # In the picture the subject's right is on the left for one who faces the camera.
    to_right = -1.0 if stance.facing == "camera" else 1.0
    hip, shoulder = point(track, "mid_hip"), point(track, "mid_shoulder")

    def put(name: str, angle: FloatArray, *landmarks: str) -> None:
        values[name], rests_on[name] = angle, landmarks

    for stem, joint in (("shoulder_tilt", "shoulder"), ("pelvis_tilt", "hip")):
        ends = (f"right_{joint}", f"left_{joint}")
        put(column(stem), tilt_deg(*(point(track, end) for end in ends)), *ends)
    lean = inclination_deg(hip, shoulder, 1.0)
    if turn_deg is not None:
        tilt = values[column("shoulder_tilt")]
        tilt = np.abs(tilt - np.nan_to_num(neutral(tilt, stance.standing)))
        # The fit's body does not bend sideways: it takes shoulders that fall so for a lean forward.
        forward = values[column("trunk_inclination")] * np.interp(tilt, SIDEWAYS_DEG, (1.0, 0.0))
        lean = _without_turn(lean, forward, turn_deg)
        for name in SHOULDERS_SHOW:
            values[name] = np.where(tilt > SIDEWAYS_DEG[1], np.nan, values[name])
    put(column("trunk_lateral_lean"), to_right * lean, *TRUNK)
    for side in SIDES:
        legs = tuple(f"{side}_{joint}" for joint in ("hip", "knee", "ankle"))
        # A knee that is medial turns the shank to the outside of the line of the thigh.
        outward = -to_right if side == "left" else to_right
        hip_, knee, ankle = (point(track, name) for name in legs)
        fppa = flexion_deg(hip_, knee, ankle, outward)
        put(column("knee_fppa", side), fppa, *legs)


def _without_turn(
    lean_deg: FloatArray, forward_deg: FloatArray, turn_deg: FloatArray
) -> FloatArray:
    """Take out of a sideways lean in the picture what a turned body's forward lean puts there.

    A trunk that leans forward by f, of a body turned by y, is displaced sideways by
    tan(f) * sin(y) of its height (parallel projection).
    """
    lean, forward, turn = (np.radians(angle) for angle in (lean_deg, forward_deg, turn_deg))
    return np.asarray(np.degrees(np.arctan(np.tan(lean) - np.tan(forward) * np.sin(turn))))


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
