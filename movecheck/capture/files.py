"""A video file as a source of pictures with their true times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import cv2
import numpy as np

from movecheck.capture.base import Tally
from movecheck.capture.decoder import open_capture
from movecheck.capture.picture import Picture, check_size, scaled_size, to_rgb
from movecheck.capture.probe import Probe, probe
from movecheck.errors import TooLong, TooShort, UnreadableVideo
from movecheck.settings import Settings
from movecheck.types import Frame, Recording

_SAME_SHAPE = 0.02
"""Aspect ratios that differ by less are one picture in two resolutions (our choice)."""


class VideoFile:
    """A `FrameSource` over a video file.

    Times are those of the container, from the first picture on. Pictures are rotated as the file
    asks, have square pixels, and are scaled down to ``settings.pose_long_side_px``; `recording`
    gives the full size. Iterating again reads the file again.

    A file that ends early, as a copy that was broken off does, gives the pictures that it has,
    and ``recording.complete`` is then False. So it is when a file changes the shape of its
    picture midway: what follows is not read. A picture whose time is not later than the one
    before is dropped and counted in `dropped`.

    Parameters
    ----------
    path : Path
        The file.
    settings : Settings, optional
        The limits.

    Raises
    ------
    VideoError
        At once, when `probe` refuses the file. While iterating: `TooLong`, `TooLarge` when a
        picture is larger than declared, and at the end `TooShort`, or `UnreadableVideo` when
        the file declares more than can be decoded and the rest is too short.
    """

    def __init__(self, path: Path, settings: Settings | None = None) -> None:
        self._settings = settings or Settings()
        self.probe: Probe = probe(path, self._settings)
        self._size = (self.probe.width_px, self.probe.height_px)
        self._tally = Tally(self.probe.declared_duration_s)
        self._changed_shape = False
        self._capture: cv2.VideoCapture | None = None

    @property
    def declared_duration_s(self) -> float:
        """Duration that the file declares, in seconds; NaN when it declares none."""
        return self.probe.declared_duration_s

    @property
    def dropped(self) -> int:
        """Pictures dropped so far because their time did not rise."""
        return self._tally.dropped

    @property
    def scale(self) -> float:
        """Full size divided by the size of the pictures given, 1 or more."""
        return max(self._size) / max(self._given_size)

    @property
    def recording(self) -> Recording:
        """What has been read so far; RuntimeError before the first frame."""
        return self._tally.recording(
            *self._size,
            rotated_deg=self.probe.rotated_deg,
            complete=not self._changed_shape,
        )

    def __iter__(self) -> Iterator[Frame]:
        self.close()
        self._tally = Tally(self.probe.declared_duration_s)
        self._changed_shape = False
        capture = self._capture = open_capture(self.probe.path, self.probe.demuxer)
        try:
            yield from self._frames(capture)
        finally:
            capture.release()
        self._check_length()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file. A loop over the frames that is still open ends."""
        if self._capture is not None:
            self._capture.release()
            self._capture = None

    def _frames(self, capture: cv2.VideoCapture) -> Iterator[Frame]:
        """Decode until the file ends, its shape changes, or a limit is reached."""
        while True:
            picture = self._read(capture)
            if picture is None:
                return
            time_s = capture.get(cv2.CAP_PROP_POS_MSEC) / 1000  # true only after the read
            if len(self._tally) == 0:
                self._size = self._seen_size(picture)
            elif self._shape_differs(picture):
                self._changed_shape = True
                return
            since_first_s = self._tally.add(time_s)
            if since_first_s is None:
                continue
            if since_first_s > self._settings.max_duration_s:
                raise TooLong(f"The limit is {self._settings.max_duration_s:.0f} s.")
            yield Frame(since_first_s, to_rgb(picture, self._given_size))

    def _read(self, capture: cv2.VideoCapture) -> Picture | None:
        """Next picture in BGR, or None at the end or where decoding fails."""
        try:
            found, picture = capture.read()
        except cv2.error as error:
            raise UnreadableVideo("A picture cannot be decoded.") from error
        if not found:
            return None
        check_size(picture.shape[1], picture.shape[0], self._settings)
        return np.asarray(picture, dtype=np.uint8)

    @property
    def _given_size(self) -> tuple[int, int]:
        """Size of the pictures given: width and height in px."""
        return scaled_size(*self._size, self._settings.pose_long_side_px)

    def _seen_size(self, picture: Picture) -> tuple[int, int]:
        """Width and height in px with square pixels, of a picture that is already rotated."""
        height_px, width_px = picture.shape[:2]
        if self.probe.rotated_deg in (90, 270):
            return width_px, round(height_px * self.probe.pixel_aspect)
        return round(width_px * self.probe.pixel_aspect), height_px

    def _shape_differs(self, picture: Picture) -> bool:
        """Tell whether the aspect ratio differs from that of the first picture."""
        width_px, height_px = self._seen_size(picture)
        ratio = (width_px / height_px) / (self._size[0] / self._size[1])
        return abs(ratio - 1) > _SAME_SHAPE

    def _check_length(self) -> None:
        """Raise when too little was read: the recording is short, or the file is damaged."""
        n, duration_s = len(self._tally), self._tally.duration_s
        if n >= self._settings.min_frames and duration_s >= self._settings.min_duration_s:
            return
        damaged = not self._tally.complete or self._changed_shape or self.dropped > n
        if n == 0 or damaged:
            raise UnreadableVideo(f"Only {n} pictures ({duration_s:.2f} s) can be decoded.")
        raise TooShort(
            f"The recording has {n} pictures in {duration_s:.2f} s; it needs at least "
            f"{self._settings.min_frames} and {self._settings.min_duration_s:g} s."
        )
