"""Names of signals, measures, units, checks and movements in words that people read. Data only."""

from __future__ import annotations

from typing import Literal

Audience = Literal["patient", "therapist"]

SIGNALS: dict[str, tuple[str, str]] = {
    "knee_flexion": ("knee bend", "knee flexion"),
    "hip_flexion": ("hip bend (the back's share included)", "hip flexion (spine flexion included)"),
    "trunk_inclination": ("forward lean of the trunk", "trunk inclination"),
    "thigh_inclination": ("tilt of the thigh", "thigh inclination"),
    "shank_inclination": ("forward lean of the shin", "shank inclination"),
    "spine_flexion": ("rounding of the whole back", "spine flexion, change from standing"),
    "lumbar_flexion": ("rounding of the lower back", "lumbar flexion, change from standing"),
    "pelvis_pitch": ("forward tip of the pelvis", "pelvic pitch, change from standing"),
    "trunk_lateral_lean": ("sideways lean of the trunk", "lateral trunk lean"),
    "shoulder_tilt": ("tilt of the shoulders", "shoulder line tilt"),
    "pelvis_tilt": ("tilt of the pelvis", "pelvic line tilt"),
    "knee_fppa": ("knee pointing inward", "knee projection angle in front view, + inward"),
}
"""Signal name without side and unit: words for a patient, words for a therapist."""

KINDS: dict[str, tuple[str, str]] = {
    "at_peak": ("at the deepest point", "at the deepest point"),
    "peak": ("at its most", "peak"),
    "range": ("from standing to its most", "range"),
    "min": ("at its least", "minimum"),
    "mean": ("on average", "mean"),
    "median": ("as a rule", "median"),
    "standing": ("while standing still", "in quiet standing"),
    "change": ("change from standing", "change from standing"),
}
"""Ending of a measure's name: words for a patient, words for a therapist."""

WHOLE: dict[str, tuple[str, str]] = {
    "duration": ("time of one repetition", "duration"),
    "duration_down": ("time of the way down", "duration, down"),
    "duration_up": ("time of the way up", "duration, up"),
    "peak_speed": ("fastest speed", "peak angular speed"),
    "depth": ("depth", "depth"),
    "reps": ("repetitions", "repetitions"),
    "lift_index": ("how much the legs stayed straight", "hip drop against shoulder drop (index)"),
}
"""Measures that belong to no single signal."""

UNITS: dict[str, str] = {
    "deg": "°",
    "s": " s",
    "deg/s": "°/s",
    "deg_per_s": "°/s",
    "%": " %",
    "percent": " %",
    "px": " px",
    "m": " m",
    "cm": " cm",
    "ratio": "",
    "1": "",
    "": "",
    "count": "",
}
"""Unit as the files name it: what is written after the number."""

MOVEMENTS: dict[str, tuple[str, str, str]] = {
    "squat": ("Squat", "squat", "squats"),
    "forward_bend": ("Forward bend", "forward bend", "forward bends"),
    "hip_hinge": ("Hip hinge", "hip hinge", "hip hinges"),
    "posture": ("Standing posture", "", ""),
}
"""Movement: its title, one of it, several of it; no count where the person stands still."""

CHECKS: dict[str, str] = {
    "duration": "Length of the recording",
    "complete": "File complete",
    "fps": "Pictures a second",
    "frame_rate": "Pictures a second",
    "resolution": "Size of the picture",
    "person": "Person in the picture",
    "coverage": "Person seen throughout",
    "person_seen": "Person seen throughout",
    "whole_body": "Whole body in the picture",
    "body_in_frame": "Whole body in the picture",
    "people": "One person alone",
    "one_person": "One person alone",
    "single_person": "One person alone",
    "brightness": "Light",
    "light": "Light",
    "distance": "Distance to the camera",
    "size": "Distance to the camera",
    "person_size": "Distance to the camera",
    "camera_still": "Camera held still",
    "steady_camera": "Camera held still",
    "view": "Direction of view",
    "camera_angle": "Direction of view",
    "yaw": "Turned square to the camera",
    "tilt": "Camera level",
    "camera_level": "Camera level",
    "standing": "Quiet standing first",
    "quiet_standing": "Quiet standing first",
    "visibility": "Joints seen clearly",
    "confidence": "Joints seen clearly",
    "contour": "Outline of the back seen",
    "back_contour": "Outline of the back seen",
    "movement": "Movement recognised",
    "reps": "Repetitions found",
    "repetitions": "Repetitions found",
    "slow_motion": "Speed of the film",
}
"""Item of the capture check: its name for a person."""


def plain(name: str) -> str:
    """Return an unknown machine name as words."""
    words = name.removesuffix("_deg").replace("_", " ").strip()
    return words[:1].upper() + words[1:]


def check_name(check_id: str) -> str:
    """Return the name of a capture check for a person."""
    return CHECKS.get(check_id) or plain(check_id)


def movement_name(movement: str) -> str:
    """Return the title of a movement."""
    known = MOVEMENTS.get(movement)
    return known[0] if known else plain(movement)


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


def signal_base(signal: str) -> tuple[str, str | None]:
    """Split a signal's column name into its base name and its side.

    >>> signal_base("knee_flexion_left_deg")
    ('knee_flexion', 'left')
    """
    base = signal.removesuffix("_deg")
    for side in ("left", "right"):
        if base.endswith(f"_{side}"):
            return base[: -len(side) - 1], side
    return base, None


def signal_name(base: str, audience: Audience) -> str:
    """Return the name of a signal (without side and unit) for a reader."""
    words = SIGNALS.get(base)
    text = words[audience == "therapist"] if words else plain(base)
    return text[:1].upper() + text[1:]


def measure_name(measure_id: str, audience: Audience) -> str:
    """Return the name of a measure for a reader."""
    column = audience == "therapist"
    if measure_id in WHOLE:
        text = WHOLE[measure_id][column]
        return text[:1].upper() + text[1:]
    signal, ending = split_measure(measure_id)
    if not signal:
        return plain(measure_id)
    ending_words = KINDS[ending][column] if ending in KINDS else ending.replace("_", " ")
    return f"{signal_name(signal, audience)}, {ending_words}".removesuffix(", ")
