"""A live recording: its pictures as they came, and the video that is made of them at its end.

While it is recorded nothing is encoded, so that the preview has the processors to itself. What
has come lies in a file without a name, which goes with the process.
"""

from __future__ import annotations

import contextlib
import struct
import tempfile
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import numpy as np

from movecheck.clip import TICKS_PER_S, ClipWriter
from movecheck.live import Picture

HEAD = struct.Struct("<QI")
# x264's constant rate factor, hardly to be told from what came; and little work, as the visitor
# waits (our own choice).
QUALITY, PRESET = 18, "ultrafast"


class LiveClip:
    """Keeps JPEGs with their times, and makes an MP4 of them that every browser plays.

    Parameters
    ----------
    path : Path
        The video; one that is there is replaced.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._came = tempfile.TemporaryFile(dir=path.parent)  # noqa: SIM115 - see `close`
        self._first_s = 0.0
        self._tick = -1
        self.pictures = 0

    def keep(self, jpeg: bytes, time_s: float) -> None:
        """Keep a picture; one whose time does not rise is left out."""
        if not self.pictures:
            self._first_s = time_s
        tick = round((time_s - self._first_s) * TICKS_PER_S)
        if tick <= self._tick:
            return
        self._came.write(HEAD.pack(tick, len(jpeg)) + jpeg)
        self._tick = tick
        self.pictures += 1

    @property
    def seconds(self) -> float:
        """From the first picture to the last."""
        return max(self._tick, 0) / TICKS_PER_S

    def save(self) -> None:
        """Make the video: H.264, each picture at its own time from the first one.

        Left out is what is no picture, and what has another size than the first one, as when a
        phone is turned.

        Raises
        ------
        ExportError
            When it cannot be written.
        """
        pictures = self._pictures()
        first = next(pictures, None)
        if first is None:
            return
        height, width = first[0].shape[:2]
        even = width - width % 2, height - height % 2
        with ClipWriter(self._path, *even, QUALITY, PRESET) as clip:
            for rgb, time_s in chain([first], pictures):
                if rgb.shape[:2] == (height, width):
                    clip.write(rgb[: even[1], : even[0]], time_s)

    def _pictures(self) -> Iterator[tuple[Picture, float]]:
        self._came.seek(0)
        while head := self._came.read(HEAD.size):
            tick, length = HEAD.unpack(head)
            rgb = decoded(self._came.read(length))
            if rgb is not None:
                yield rgb, tick / TICKS_PER_S

    def close(self) -> None:
        """Throw away what has come."""
        self._came.close()


def decoded(jpeg: bytes) -> Picture | None:
    """Return the picture in RGB, or None where there is none."""
    import cv2

    with contextlib.suppress(cv2.error):
        picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR_RGB)
        return None if picture is None else np.asarray(picture, np.uint8)
    return None
