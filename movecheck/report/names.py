"""Names of signals, measures, units, checks and movements in words that people read."""

from __future__ import annotations

from typing import Literal

from movecheck.errors import DataError
from movecheck.movements import Movement, load
from movecheck.texts import _
from movecheck.types import Side

Audience = Literal["patient", "therapist"]

SIGNALS: dict[str, tuple[str, str]] = {
    "knee_flexion": ("knee bend", "knee flexion"),
    "hip_flexion": ("hip bend (the back's share included)", "hip flexion (spine flexion included)"),
    "trunk_inclination": ("forward lean of the trunk", "trunk inclination"),
    "thigh_inclination": ("tilt of the thigh", "thigh inclination"),
    "shank_inclination": ("forward lean of the shin", "shank inclination"),
    "spine_flexion": ("rounding of the whole back", "spine flexion"),
    "lumbar_flexion": ("rounding of the lower back", "lumbar flexion"),
    "pelvis_pitch": ("forward tip of the pelvis", "pelvic pitch"),
    "trunk_lateral_lean": (
        "sideways lean of the trunk (plus: to the right)",
        "lateral trunk lean, + right",
    ),
    "shoulder_tilt": (
        "tilt of the shoulders (plus: right side lower)",
        "shoulder line tilt, + right lower",
    ),
    "pelvis_tilt": (
        "tilt of the pelvis (plus: right side lower)",
        "pelvic line tilt, + right lower",
    ),
    "knee_fppa": (
        "knee pointing inward (minus: outward)",
        "knee projection angle in front view, + inward",
    ),
    "trunk_side_lean": ("lean of the trunk to that side", "lateral trunk lean, + to that side"),
    "shoulder_side_tilt": (
        "tilt of the shoulders to that side",
        "shoulder line tilt, + that side lower",
    ),
    "pelvis_side_tilt": (
        "tilt of the pelvis to that side",
        "pelvic line tilt, + that side lower",
    ),
    "body_line": (
        "bend of the body at the hips (plus: the hips hang)",
        "shoulder-hip-ankle angle from straight, + sagging",
    ),
    "hip_line": (
        "bend at the hips (plus: the hips hang)",
        "shoulder-hip-knee angle from straight, + sagging",
    ),
    "knee_line": (
        "bend at the knees (plus: the knees hang)",
        "hip-knee-ankle angle from straight, + sagging",
    ),
    "trunk_rise": ("slope of the trunk", "trunk elevation over the horizontal"),
    "leg_rise": ("height of the thigh above level", "thigh elevation over the horizontal"),
}
"""Signal name without side and unit: words for a patient, words for a therapist."""

KINDS: dict[str, tuple[str, str]] = {
    "range": ("counted from standing", "change from standing"),
    "peak": ("at its most", "peak"),
    "at_peak": ("at the deepest point", "at the deepest point"),
    "mean": ("while still", "mean while still"),
    "drift": ("largest change from the first 3 seconds", "largest change from the first 3 s"),
    "range_difference": ("left minus right", "change from standing, left minus right"),
    "mean_difference": ("left minus right", "in quiet standing, left minus right"),
}
"""Ending of a measure's name: words for a patient, words for a therapist."""

WHOLE: dict[str, tuple[str, str]] = {
    "duration": ("time of one repetition", "duration"),
    "duration_down": ("time of the way down", "duration, down"),
    "duration_up": ("time of the way up", "duration, up"),
    "peak_speed": ("fastest speed", "peak angular speed"),
    "depth": ("depth, as a share of the height in standing", "depth, share of standing height"),
    "duration_out": ("time of the way there", "duration, out"),
    "duration_back": ("time of the way back", "duration, back"),
    "duration_trend": (
        "how much longer each repetition took than the one before",
        "trend of the duration over the repetitions",
    ),
    "hold_time": ("time held", "hold time"),
    "hold_time_difference": ("time held, left minus right", "hold time, left minus right"),
    "sts5_time": ("time until the fifth stand", "five times sit to stand, to the fifth stand"),
    "sts5_time_to_sit": (
        "time until the fifth time seated",
        "five times sit to stand, to the fifth sitting down",
    ),
    "sts30_count": ("full stands in 30 seconds", "30-second chair stand"),
    "seat_off_lean": (
        "forward lean of the trunk as you leave the chair",
        "trunk inclination at seat-off",
    ),
    "depth_angle": (
        "how far the hips went below the knees (minus: above)",
        "thigh below the horizontal at the deepest point",
    ),
    "trunk_shank_angle": (
        "how much further the trunk leaned than the shins",
        "trunk minus shank inclination at the deepest point",
    ),
    "lift_index": (
        "share of the trunk in going down (0 legs alone, 100 trunk alone)",
        "lift index, 0 legs to 100 trunk",
    ),
    "lumbar_share": ("share of the low back in the bend", "lumbar share of lumbar and pelvis"),
    "lumbar_lead": (
        "how much earlier the low back went than the pelvis",
        "lead of the lumbar spine over the pelvis",
    ),
    "smoothness": (
        "smoothness (nearer to zero is smoother)",
        "smoothness, spectral arc length of the speed",
    ),
    "sway": ("how wide the shoulders swayed", "sway of mid-shoulder over the foot, central 95 %"),
}
"""Measures that belong to no single signal."""

SPREAD = ("how far the repetitions differ", "SD over the repetitions")
"""What is added to a measure whose name ends in ``_sd``."""

UNITS: dict[str, str] = {
    "deg": "°",
    "s": " s",
    "deg_per_s": "°/s",
    "percent": " %",
    "percent_per_s": " %/s",
    "ratio": "",
    "count": "",
    "s_per_rep": " s each time",
}
"""Unit as the files name it: what is written after the number."""

CHECKS: dict[str, str] = {
    "complete": "File complete",
    "person": "Person seen throughout",
    "one_person": "One person alone",
    "body_in_frame": "Whole body in the picture",
    "distance": "Distance to the camera",
    "frame_rate": "Pictures a second",
    "light": "Light",
    "camera_steady": "Camera standing still",
    "camera_level": "Camera upright",
    "camera_angle": "Turned square to the camera",
    "quiet_standing": "Standing still first",
    "feet": "Feet seen",
    "movement": "Movement found",
}
"""Item of the capture check: its name for a person."""


def plain(name: str) -> str:
    """Return an unknown machine name as words."""
    words = name.removesuffix("_deg").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def check_name(check_id: str) -> str:
    """Return the name of a capture check for a person."""
    return _(CHECKS[check_id]) if check_id in CHECKS else plain(check_id)


def movement_name(movement: str) -> str:
    """Return the title of a movement."""
    known = find_movement(movement)
    return _(known.name) if known else plain(movement)


def find_movement(movement: str) -> Movement | None:
    """Return what is known of a movement; None when it was not recognised."""
    try:
        return load(movement)
    except DataError:
        return None


def split_measure(measure_id: str) -> tuple[str, str]:
    """Split a measure's name into its signal and the ending; the ending is "" when unknown.

    >>> split_measure("knee_flexion_at_peak")
    ('knee_flexion', 'at_peak')
    """
    for signal in sorted(SIGNALS, key=len, reverse=True):
        if measure_id == signal:
            return signal, ""
        if measure_id.startswith(signal + "_"):
            return signal, measure_id[len(signal) + 1 :]
    return "", measure_id


def signal_base(signal: str) -> tuple[str, Side | None]:
    """Split a signal's column name into its base name and its side.

    >>> signal_base("knee_flexion_left_deg")
    ('knee_flexion', 'left')
    """
    base = signal.removesuffix("_deg")
    sides: tuple[Side, ...] = ("left", "right")
    for side in sides:
        if base.endswith(f"_{side}"):
            return base[: -len(side) - 1], side
    return base, None


def signal_name(base: str, audience: Audience) -> str:
    """Return the name of a signal (without side and unit) for a reader."""
    return upper_first(_signal_words(base, audience))


def measure_name(measure_id: str, audience: Audience) -> str:
    """Return the name of a measure for a reader."""
    return upper_first(measure_words(measure_id, audience))


def measure_words(measure_id: str, audience: Audience) -> str:
    """Return the name of a measure as it stands within a sentence."""
    column = audience == "therapist"
    if measure_id.endswith("_sd"):
        return f"{measure_words(measure_id[:-3], audience)}: {_(SPREAD[column])}"
    if measure_id in WHOLE:
        return _(WHOLE[measure_id][column])
    signal, ending = split_measure(measure_id)
    if not signal:
        return plain(measure_id)
    ending_words = _(KINDS[ending][column]) if ending in KINDS else ending.replace("_", " ")
    return f"{_signal_words(signal, audience)}, {ending_words}".removesuffix(", ")


def _signal_words(base: str, audience: Audience) -> str:
    words = SIGNALS.get(base)
    return _(words[audience == "therapist"]) if words else plain(base)


def upper_first(text: str) -> str:
    """Return a text with a capital at its start; the rest is left as it is."""
    return text[:1].upper() + text[1:]
