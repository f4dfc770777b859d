"""The fixed texts of the page about one recording; those of the warning signs stand in
`movecheck.ui.safety`, those of visits in `movecheck.ui.words_visits`.
"""

from __future__ import annotations

import re

from movecheck.texts import decimal, ngettext

TITLE = "See how you move"
INTRO = (
    "Film a movement, such as a squat or a bend, with one ordinary camera. movecheck measures the "
    "angles and says how sure it is. The recording stays on this computer."
)

STOP = (
    "Move only as far as you are comfortable. **Stop** if your pain gets clearly worse, or if you "
    "feel numbness, tingling, dizziness or a loss of strength."
)
NOT_A_DIAGNOSIS = "Not a diagnosis. Not a medical device."

FILMING_TITLE = "How to film"
FILMING = (
    "From the **side** for bending and squatting; from the **front** to see the knees or the level "
    "of shoulders and pelvis.",
    "Phone or camera at **hip height**, 3 to 4 metres away, upright and not moving.",
    "The **whole body** in the picture, feet and head included, with some space around it.",
    "Close-fitting clothes, bare feet, plain background, light from the front. One person alone.",
    "**Stand still for 2 seconds first**, then do 3 repetitions at your own speed.",
)
"""Item list: how to make a recording that can be measured well."""

UPLOAD_CAP_MB = 200
UPLOAD_LABEL = "Record or choose a video"
UPLOAD_HELP = (
    f"On a phone this button also opens the camera. Up to {UPLOAD_CAP_MB} MB. The recording is "
    "kept in a private folder on this computer and deleted when you delete it or measure another "
    "one, and two minutes after you close the page."
)

AUTO = "Find out by itself"
VIEW_CHOICES: dict[str, str] = {
    "auto": AUTO,
    "side": "From the side",
    "front": "From the front",
}
PAIN_TITLE = "Pain today (optional)"
PAIN = "0 is no pain, 10 the worst that one can imagine. It is stored only if you keep the result."
PAIN_KINDS: dict[str, str] = {
    "pain_before": "Pain before",
    "pain_worst": "Worst pain while moving",
    "pain_after": "Pain after",
}
"""Score as the store names it: what is asked."""
ABOUT_YOU_TITLE = "About the person (optional)"
ABOUT_YOU = (
    "Age and sex choose which published group the figures are compared with; height is kept with "
    "the result. Leave them empty and everything is measured just the same. Nothing of it is "
    "stored unless you keep the result."
)

STAGE_WORDS: dict[str, str] = {
    "model": "Getting ready",
    "pose": "Looking for the body in each picture",
    "analysis": "Measuring the angles",
    "overlay": "Drawing the video",
}

WORKING = "Working"
NO_RECORDING = "Choose a recording or a sample first."
CANCELLED = "Stopped. Nothing was kept of this measurement."
CANNOT_STORE = (
    "The recording could not be stored on this computer. Free some space on the disk and try again."
)
CANNOT_READ = "The result could not be read. Measure the recording again."
DELETED = "The recording and its results were deleted."

OVERLAY_ALT = (
    "The recording with lines drawn over the body: trunk, thighs, shins and the measured angles."
)

_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+!$~|<>:&])")


def escape(text: str) -> str:
    """Return text so that it shows as it is where Markdown is read."""
    return _SPECIAL.sub(r"\\\1", text)


def small(text: str) -> str:
    """Return Markdown in small print that keeps the full contrast of the text."""
    return f":small[{text}]"


def clock(seconds: float) -> str:
    """Return a time so far as "8 s" or "2 min 05 s"."""
    minutes, rest = divmod(int(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes else f"{rest} s"


def megabytes(size: int) -> str:
    """Return a file size for a person."""
    return f"{decimal(f'{max(size / 1e6, 0.1):.1f}')} MB"


FILMING_AGAIN = "Film again with the points above in mind; the list 'How to film' helps."
NO_RANGES = "No published range fits what was measured here, so nothing is called low or high."
WHY_NO_RANGES = "Why some figures have no range"
NO_RANGE_KNOWN = "no published range is known to us."
CURSOR_KEY = "The upright line follows the video; click a chart to go there."
REPS_KEY = "Grey stretches are the repetitions."
CHART_KEY = (
    "A dashed line was filled in over a short gap; where there is no line, nothing was seen."
)
BAND_KEY = "The blue band is the published range for the deepest point."
INCOMPLETE = "The file ends before it should. What was there has been measured."


NOT_MEASURED = "What was not measurable, and how to film it next time"
KEY_ALT = "The person, with the measured angles drawn on the body."


def more_angles(count: int) -> str:
    """Return the title of the charts that do not come first."""
    return ngettext("One more angle", "{n} more angles", count).format(n=count)


def better_recording(count: int) -> str:
    """Return the note that points to the capture check."""
    return ngettext(
        "One point of the recording could be better. See 'The recording itself' below before you "
        "rely on the figures.",
        "{n} points of the recording could be better. See 'The recording itself' below before you "
        "rely on the figures.",
        count,
    ).format(n=count)


DISCLAIMER = (
    "movecheck measures how a person moves on video and shows published values from other people. "
    "It does not diagnose, treat or monitor any disease and is **not a medical device**. Stop if a "
    "movement makes your pain clearly worse. If pain or a warning sign worries you, see a health "
    "professional."
)

METHODS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "How it measures",
        (
            "A pose model finds 33 points of the body in each picture of the recording.",
            "Angles are computed from the picture and corrected for its shape. The depth that the "
            "model guesses is not used for angles.",
            "In a side view the outline of the back shows how much it rounds, as a change from "
            "your own standing at the start.",
            "Single wild points are taken out and the rest is smoothed. Short gaps are filled and "
            "drawn dashed; longer gaps stay empty.",
            "A repetition whose deepest point was not seen does not count, and the page says so.",
        ),
    ),
    (
        "How sure it is",
        (
            "Each figure carries a ± for this measure, this view and how clearly the body was "
            "seen: a 95 % interval.",
            "A figure is called below or above a published range only when its whole interval lies "
            "there. Otherwise it is too close to the limit to say.",
            "Change from your own standing in the same recording is more certain than an absolute "
            "angle. For follow-up, film from the same place at the same time of day.",
        ),
    ),
    (
        "What it cannot say",
        (
            "Why something hurts, and what is wise to do about it.",
            "Rotation, small movements of single vertebrae, or strength.",
            "What the camera cannot see: one view shows one plane, and loose clothes hide the "
            "back and the knees.",
            "Whether a figure outside a range means anything. In most published ranges, one or two "
            "of ten people without pain are outside.",
        ),
    ),
)
"""Sections of the page "Methods and sources": title and items."""

ERRORS = (
    "Standard deviations in degrees, found on drawn people whose angles are known. The ± of a "
    "figure is 1.96 of them and grows with a turned body, few pictures a second and hidden parts."
)

SOURCES = (
    "A published range is shown only when it measures the same quantity, with its source and the "
    "people it was measured in. Sources are never blended. The filming advice and the stop rules "
    "are our own words; the warning signs follow the groups of Finucane and others 2020 (J Orthop "
    "Sports Phys Ther 50(7):350) and of the NICE guideline NG59."
)
