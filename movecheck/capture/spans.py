"""A long recording, divided into parts that can be looked at side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from movecheck.capture.container import DECODER_ERRORS, open_container, video_stream
from movecheck.capture.probe import Probe
from movecheck.settings import Settings
from movecheck.types import FloatArray

PART_S = 60.0
"""About how long a part is: longer ones leave processors idle at the end, each costs a warm-up and
0.3 s to load the model (our choice)."""
WARM_UP_S = 2.0
"""So long before its start a part is read already, for the tracker to settle (our choice)."""
_FEWEST_A_SECOND = 5.0  # frames in the index, for it to be believed (our choice)
_ENTERED_ANYWHERE = ("mov", "matroska")
"""FFmpeg finds the picture to begin with in these; in a transport stream it lands beside it."""


@dataclass(frozen=True)
class Span:
    """A part of a recording: frames from `start_s` up to, but without, `end_s`.

    Reading begins at `warm_up_s` already, with a frame of even number: the pose model looks at
    frames as they are and mirrored in turn, and goes on with the turn that it would have had.
    """

    start_s: float = 0.0
    end_s: float = math.inf
    warm_up_s: float = 0.0

    @property
    def is_whole(self) -> bool:
        """Whether nothing is left out."""
        return self == WHOLE


WHOLE = Span()


def spans(probe: Probe, settings: Settings) -> list[Span]:
    """Divide a recording into parts of about a minute; one part when it is short.

    The parts depend on the file alone, never on the number of processors: so do the landmarks.
    Times are those of the packets, since declared durations are missing or wrong in many files.
    A file whose times do not rise as they should is not divided.

    Parameters
    ----------
    probe : Probe
        What the file declares.
    settings : Settings
        The limits; what lasts longer is not divided. And whether frames are skipped.
    """
    if probe.demuxer not in _ENTERED_ANYWHERE or probe.declared_duration_s < 1.5 * PART_S:
        return [WHOLE]  # a duration of NaN is none of these
    times: list[float] = []
    try:
        with open_container(probe.path, probe.demuxer, settings, decode=False) as container:
            for packet in container.demux(video_stream(container)):
                if packet.is_corrupt:
                    return [WHOLE]
                if packet.size and packet.time_base is not None:
                    if packet.pts is None:
                        return [WHOLE]
                    times.append(float(packet.pts * packet.time_base))
    except DECODER_ERRORS:
        return [WHOLE]
    time_s = np.sort(times)
    length_s = float(np.ptp(time_s)) if len(time_s) else 0.0
    count = round(length_s / PART_S)
    sound = np.all(np.diff(time_s) > 0) and len(time_s) >= _FEWEST_A_SECOND * length_s
    if count < 2 or length_s > settings.max_duration_s or not sound:
        return [WHOLE]
    time_s -= time_s[0]
    steady = 2 * settings.every  # in turn, of those frames that are looked at
    parts = []
    for k in range(count):
        first, last = (round(len(time_s) * i / count / steady) * steady for i in (k, k + 1))
        warm = np.searchsorted(time_s, time_s[first] - WARM_UP_S) // steady * steady
        start_s, warm_up_s = (_before(time_s, i) for i in (first, warm))
        parts.append(
            Span(start_s, math.inf if k == count - 1 else _before(time_s, last), warm_up_s)
        )
    return parts


def _before(time_s: FloatArray, i: int) -> float:
    """Return a time between a frame and the one before it, so that rounding tells no other."""
    return float(time_s[i - 1 : i + 1].mean()) if i else 0.0
