"""The pieces that the main sentence is made of. Data only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Phrase:
    """How a signal is told.

    Attributes
    ----------
    above, below : str
        For the person, when the value is clearly above or below zero.
    unclear : str
        For the person, when the value cannot be told from zero.
    technical : str
        For a therapist.
    """

    above: str
    below: str
    unclear: str
    technical: str


PHRASES: dict[str, Phrase] = {
    "knee_flexion": Phrase(
        "your {knee} bent {value}",
        "your {knee} straightened {value}",
        "the camera saw no clear bend of your {knee} ({value})",
        "knee flexion",
    ),
    "trunk_inclination": Phrase(
        "your trunk leaned forward {value}",
        "your trunk leaned backward {value}",
        "the camera saw no clear lean of your trunk ({value})",
        "trunk inclination",
    ),
    "lumbar_flexion": Phrase(
        "your lower back rounded {value}",
        "your lower back hollowed {value}",
        "the camera saw no clear rounding of your lower back ({value})",
        "lumbar flexion",
    ),
    "spine_flexion": Phrase(
        "your back rounded {value}",
        "your back straightened {value}",
        "the camera saw no clear rounding of your back ({value})",
        "spine flexion",
    ),
    "trunk_lateral_lean": Phrase(
        "your trunk leaned to your right by {value}",
        "your trunk leaned to your left by {value}",
        "the camera saw no clear sideways lean of your trunk ({value})",
        "lateral trunk lean (+ right)",
    ),
    "shoulder_tilt": Phrase(
        "your right shoulder was lower by {value}",
        "your left shoulder was lower by {value}",
        "the camera saw no clear tilt of your shoulders ({value})",
        "shoulder line tilt (+ right lower)",
    ),
    "pelvis_tilt": Phrase(
        "the right side of your pelvis was lower by {value}",
        "the left side of your pelvis was lower by {value}",
        "the camera saw no clear tilt of your pelvis ({value})",
        "pelvic line tilt (+ right lower)",
    ),
    "knee_fppa": Phrase(
        "your {knee} pointed inward by {value}",
        "your {knee} pointed outward by {value}",
        "your {knee} pointed neither clearly inward nor clearly outward ({value})",
        "knee projection angle (+ inward)",
    ),
    "trunk_side_lean": Phrase(
        "your trunk leaned {value} to the {side}",
        "your trunk leaned {value} away from the {side}",
        "the camera saw no clear lean to the {side} ({value})",
        "lateral trunk lean (+ to that side)",
    ),
    "sts5_time": Phrase(
        "the fifth stand was reached after {value}",
        "",
        "",
        "five times sit to stand, to the fifth stand",
    ),
    "sts5_time_to_sit": Phrase(
        "you were seated for the fifth time after {value}",
        "",
        "",
        "to the fifth sitting down",
    ),
    "hold_time": Phrase(
        "you held it for {value}",
        "",
        "you held it for {value}",
        "hold time",
    ),
    "body_line": Phrase(
        "your hips sank by {value} from how you began",
        "your hips rose by {value} from how you began",
        "the camera saw no clear sinking or rising of your hips ({value})",
        "shoulder-hip-ankle angle, + sagging, largest change",
    ),
    "hip_line": Phrase(
        "your hips sank by {value} from how you began",
        "your hips rose by {value} from how you began",
        "the camera saw no clear sinking or rising of your hips ({value})",
        "shoulder-hip-knee angle, + sagging, largest change",
    ),
    "sts30_count": Phrase(
        "{value} full stands were counted in 30 seconds",
        "",
        "{value} full stands were counted in 30 seconds",
        "30-second chair stand",
    ),
}
"""Signal, or measure that belongs to none: how it is told."""

KNEES: dict[str, tuple[str, str]] = {
    "left": ("left knee", "left knee (near the camera)"),
    "right": ("right knee", "right knee (near the camera)"),
}
"""Side of a knee: its name alone, and with where it is in a side view."""

LEADS: dict[str, tuple[str, str]] = {
    "range": ("counted from standing, ", "median change from standing: "),
    "peak": ("at the furthest point ", "median of the peaks: "),
    "at_peak": ("at the deepest point ", "median at the deepest point: "),
}
"""Ending of the leading measure: how the sentence opens for a patient and for a therapist."""
