"""A camera of this computer as a source of pictures."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from movecheck.capture.base import Tally
from movecheck.capture.picture import Picture, bgr_to_rgb, scaled_size
from movecheck.errors import CameraError
from movecheck.settings import Settings
from movecheck.types import Frame, Recording

_MISSES_ALLOWED = 10
"""Reads in a row that may fail before the camera counts as lost (our choice)."""


class Webcam:
    """A `FrameSource` over a local camera; it ends when the caller stops reading.

    Cameras give no times: a picture has the time at which it arrived, on a clock that never
    goes back.

    Parameters
    ----------
    index : int, optional
        Which camera, from 0.
    settings : Settings, optional
        The size that pictures are scaled down to.
    mirror : bool, optional
        Flip left and right, for showing only: landmark names swap sides in a mirrored picture.
    clock : callable, optional
        Seconds, rising; for tests.

    Raises
    ------
    CameraError
        When the camera cannot be opened (on entering or iterating) or is lost (while iterating).
    """

    def __init__(
        self,
        index: int = 0,
        settings: Settings | None = None,
        *,
        mirror: bool = False,
        clock: Callable[[], float] = time.perf_counter,
    ) -> None:
        self._index = index
        self._settings = settings or Settings()
        self._mirror = mirror
        self._clock = clock
        self._tally = Tally()
        self._size = (1, 1)
        self._capture: cv2.VideoCapture | None = None
        self.declared_duration_s = math.nan

    @property
    def scale(self) -> float:
        """Full size divided by the size of the pictures given; 1 before the first frame."""
        return max(self._size) / max(self._given_size)

    @property
    def recording(self) -> Recording:
        """What has been read so far; RuntimeError before the first frame."""
        return self._tally.recording(*self._size)

    def __enter__(self) -> Self:
        self._open()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Give the camera back. A loop over the frames that is still open ends."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def __iter__(self) -> Iterator[Frame]:
        self._tally = Tally()
        self._open()
        while (picture := self._read()) is not None:
            time_s = self._clock()
            if len(self._tally) == 0:
                self._size = (picture.shape[1], picture.shape[0])
            since_first_s = self._tally.add(time_s)
            if since_first_s is not None:
                yield Frame(since_first_s, bgr_to_rgb(picture, self._given_size))

    @property
    def _given_size(self) -> tuple[int, int]:
        return scaled_size(*self._size, self._settings.pose_long_side_px)

    def _open(self) -> None:
        """Open the camera unless it is open."""
        if self._capture is not None:
            return
        try:
            capture = cv2.VideoCapture(self._index)
        except cv2.error as error:
            raise CameraError("The camera cannot be opened") from error
        if not capture.isOpened():
            capture.release()
            raise CameraError("The camera cannot be opened")
        self._capture = capture

    def _read(self) -> Picture | None:
        """Next picture in BGR; None once the source is closed."""
        for _ in range(_MISSES_ALLOWED):
            if self._capture is None:
                return None
            try:
                found, picture = self._capture.read()
            except cv2.error as error:
                raise CameraError("The camera was lost") from error
            if found:
                seen = cv2.flip(picture, 1) if self._mirror else picture
                return np.asarray(seen, dtype=np.uint8)
        raise CameraError("The camera was lost")
