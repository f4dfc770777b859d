"""A video file as a source of pictures with their true times."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import TracebackType
from typing import Self

import numpy as np
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.reformatter import VideoReformatter
from av.video.stream import VideoStream

from movecheck.capture.base import Tally
from movecheck.capture.container import DECODER_ERRORS, as_unreadable, open_container, video_stream
from movecheck.capture.picture import Picture, check_size, rotated, scaled_size
from movecheck.capture.probe import Probe, probe, seen_size
from movecheck.capture.spans import WHOLE, Span
from movecheck.errors import TooLong, TooShort, UnreadableVideo
from movecheck.settings import Settings
from movecheck.types import Frame, Recording

DECODER_THREADS = 2
"""Decoding keeps ahead of the pose model with these; each more holds pictures (our choice)."""
ARRIVAL_S = 0.5
"""The first picture of a warm-up may come so late; else the file was entered in the wrong place
(our choice)."""
_SAME_SHAPE = 0.02
"""Aspect ratios that differ by less are one picture in two resolutions (our choice)."""
_MOST_DAMAGED = 0.25
"""With a larger share of damaged pictures, those between them cannot be trusted (our choice)."""


class Scaler:
    """Scales decoded pictures by area and turns them to RGB, in this order where that is possible.

    The other way round, and both at once, takes twice as long or more; both at once is also less
    exact, by about one grey level.
    """

    def __init__(self) -> None:
        self._to_size, self._to_rgb = VideoReformatter(), VideoReformatter()

    def __call__(self, frame: VideoFrame, width_px: int, height_px: int) -> Picture:
        """Return the picture, shape (height_px, width_px, 3)."""
        if frame.format.name.startswith("yuv"):
            frame = self._to_size.reformat(frame, width_px, height_px, interpolation="AREA")
        return np.asarray(
            self._to_rgb.reformat(
                frame, width_px, height_px, format="rgb24", interpolation="AREA"
            ).to_ndarray(),
            dtype=np.uint8,
        )


class VideoFile:
    """A `FrameSource` over a video file.

    Times are those of the container, from the first picture on. Pictures are rotated as the file
    asks, have square pixels, and are scaled down to ``settings.pose_long_side_px``; `recording`
    gives the full size. Iterating again reads the file again.

    A damaged file gives the pictures that it has, and ``recording.complete`` is then False: when
    it ends before 95 % of its declared duration, when pictures cannot be decoded (these are left
    out and counted in `damaged`), and when the picture changes its shape midway (what follows is
    not read). A picture whose time is not later than the one before is left out too, and counted
    in `dropped`.

    Parameters
    ----------
    path : Path
        The file.
    settings : Settings, optional
        The limits, and whether only every n-th picture is wanted.
    span : Span, optional
        The part to read, with some seconds before it as a warm-up. Times still count from the
        first picture of the file. Such a part has no `recording` of its own, and damage does not
        raise: see `flawless`.

    Raises
    ------
    VideoError
        At once, when `probe` refuses the file. While iterating: `TooLong`, or `TooLarge` when a
        picture is larger than declared. At the end: `TooShort`, or `UnreadableVideo` when more
        than a quarter of the pictures are damaged, or when what is left of a longer file is
        too short.
    """

    def __init__(self, path: Path, settings: Settings | None = None, span: Span = WHOLE) -> None:
        self._settings = settings or Settings()
        self._span = span
        self.probe: Probe = probe(path, self._settings)
        self._size = (self.probe.width_px, self.probe.height_px)
        self._reset()
        self._container: InputContainer | None = None

    def _reset(self) -> None:
        self._tally = Tally(self.probe.declared_duration_s)
        self._changed_shape = self._arriving = self._late = False
        self.damaged = 0
        """Pictures that could not be decoded, or only in part."""

    @property
    def declared_duration_s(self) -> float:
        """Duration that the file declares, in seconds; NaN when it declares none."""
        return self.probe.declared_duration_s

    @property
    def dropped(self) -> int:
        """Pictures left out so far because their time did not rise."""
        return self._tally.dropped

    @property
    def flawless(self) -> bool:
        """Whether every picture could be read, and the part began where it should."""
        return not (self.damaged or self.dropped or self._changed_shape or self._late)

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
            complete=not self.damaged and not self._changed_shape,
        )

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
        if self._container is not None:
            self._container.close()
            self._container = None

    def __iter__(self) -> Iterator[Frame]:
        self.close()
        self._reset()
        container = self._container = open_container(
            self.probe.path, self.probe.demuxer, self._settings
        )
        scaler = Scaler()
        try:
            for n, frame in enumerate(self._wanted(container)):
                check_size(frame.width, frame.height, self._settings)
                if self._shape_differs(frame):
                    self._changed_shape = True
                    break
                if n % self._settings.every:
                    continue
                time_s = float("nan") if frame.time is None else frame.time
                since_first_s = self._tally.add(time_s)
                if since_first_s is None:
                    continue
                if since_first_s > self._settings.max_duration_s:
                    raise TooLong(f"The limit is {self._settings.max_duration_s:.0f} s")
                if since_first_s >= self._span.end_s:
                    break
                yield Frame(since_first_s, self._picture(frame, scaler))
                if self._container is not container:  # closed, or read anew
                    return
        finally:
            container.close()
        if self._span.is_whole:
            self._check_length()

    def _wanted(self, container: InputContainer) -> Iterator[VideoFrame]:
        """Whole pictures from the beginning, or from the warm-up before the span."""
        stream = video_stream(container)
        # Ahead of the reader, but not by a frame for each of 64 processors.
        stream.thread_type, stream.thread_count = "AUTO", DECODER_THREADS
        begin_s = self._span.warm_up_s
        if not begin_s:
            yield from self._decode(container, stream)
            return
        first = next(self._decode(container, stream), None)
        if first is None or first.time is None or stream.time_base is None:
            self._late = True
            return
        self._tally.add(first.time)
        begin_s += first.time
        container.seek(int(begin_s / stream.time_base), stream=stream)
        self._arriving = True
        for frame in self._decode(container, stream):
            if frame.time is not None and frame.time >= begin_s:
                if self._arriving:
                    self._late = frame.time > begin_s + ARRIVAL_S
                    self._arriving = False
                yield frame

    def _decode(self, container: InputContainer, stream: VideoStream) -> Iterator[VideoFrame]:
        """Whole pictures until the file ends; the others are counted once one was whole."""
        packets = container.demux(stream)
        while True:
            try:
                packet = next(packets, None)
            except DECODER_ERRORS:
                self.damaged += 1
                return
            if packet is None:
                return
            try:
                frames = packet.decode()
            except DECODER_ERRORS:
                self._count_damage()
                continue
            for frame in frames:
                if not isinstance(frame, VideoFrame):
                    continue
                if frame.is_corrupt:
                    self._count_damage()
                else:
                    yield frame

    def _count_damage(self) -> None:
        # A stream that was cut out of a longer one, or is entered midway, may begin with pictures
        # that need earlier ones; that is no damage.
        self.damaged += len(self._tally) > 0 and not self._arriving

    def _picture(self, frame: VideoFrame, scaler: Scaler) -> Picture:
        """Scale (by area), turn to RGB and rotate."""
        width_px, height_px = self._given_size
        if self.probe.rotated_deg in (90, 270):
            width_px, height_px = height_px, width_px
        with as_unreadable("A picture cannot be converted"):
            rgb = scaler(frame, width_px, height_px)
        return rotated(rgb, self.probe.rotated_deg)

    @property
    def _given_size(self) -> tuple[int, int]:
        """Size of the pictures given: width and height in px."""
        return scaled_size(*self._size, self._settings.pose_long_side_px)

    def _shape_differs(self, frame: VideoFrame) -> bool:
        """Tell whether the aspect ratio differs from that of the first picture."""
        width_px, height_px = seen_size(frame, self.probe.pixel_aspect, self.probe.rotated_deg)
        ratio = (width_px / height_px) / (self._size[0] / self._size[1])
        return abs(ratio - 1) > _SAME_SHAPE

    def _check_length(self) -> None:
        """Raise when too little was read: the recording is short, or the file is damaged."""
        n, duration_s = len(self._tally), self._tally.duration_s
        if self.damaged > _MOST_DAMAGED * (n + self.damaged):
            raise UnreadableVideo(f"{self.damaged} of {n + self.damaged} pictures are damaged")
        if n >= self._settings.min_frames and duration_s >= self._settings.min_duration_s:
            return
        lost = (
            not self._tally.complete and self.declared_duration_s >= self._settings.min_duration_s
        )
        if n == 0 or lost or self.damaged or self._changed_shape or self.dropped > n:
            raise UnreadableVideo(f"Only {n} pictures ({duration_s:.2f} s) can be decoded")
        raise TooShort(
            f"The recording has {n} pictures in {duration_s:.2f} s; it needs at least "
            f"{self._settings.min_frames} and {self._settings.min_duration_s:g} s"
        )
