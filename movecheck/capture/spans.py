"""A long recording, divided into parts that can be looked at side by side."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from movecheck.capture.container import DECODER_ERRORS, open_container, video_stream
from movecheck.capture.probe import Probe
from movecheck.settings import Settings

PART_S = 60.0
"""About how long a part is: longer ones leave processors idle at the end, each costs a warm-up and
0.3 s to load the model (our choice)."""
WARM_UP_S = 2.0
"""So long before its start a part is read already, for the tracker to settle (our choice)."""
_FEWEST_A_SECOND = 5.0


@dataclass(frozen=True)
class Span:
    """A part of a recording: frames from `start_s` up to, but without, `end_s`."""

    start_s: float = 0.0
    end_s: float = math.inf

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
        The limits; what lasts longer is not divided.
    """
    if probe.declared_duration_s < 1.5 * PART_S:  # NaN is not
        return [WHOLE]
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
    starts = [k * length_s / count for k in range(count)]
    return [Span(a, b) for a, b in zip(starts, [*starts[1:], math.inf], strict=True)]
