"""A video that every browser plays: H.264 in MP4, with the real time of each frame."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from types import TracebackType
from typing import Self

import av
import cv2
import numpy as np
from av.video.reformatter import ColorRange
from numpy.typing import NDArray

from movecheck.errors import ExportError
from movecheck.export.atomic import export_error, part_path, remove

TICKS_PER_S = 90_000  # by definition: the clock of MPEG
_BT709, _BT601 = 1, 6  # by definition: as H.264 numbers them
_NOMINAL_FPS = 30  # only a hint for the encoder, which goes by the frames' times (our own choice)


class ClipWriter:
    """Write pictures with their times into an MP4 file.

    The file takes its place when the block ends without an error, and is not there otherwise.

    Parameters
    ----------
    path : Path
        The file; one that is there is replaced. Its folder must exist.
    width, height : int
        Size of each picture in pixels: both even, at least 16.
    quality : int, optional
        x264's constant rate factor: lower is better and larger.
    preset : str, optional
        x264's trade of processor time for size.

    Raises
    ------
    ValueError
        When the size is odd or too small.
    ExportError
        On entering, writing or leaving: when the file cannot be written, or no frame was.

    Examples
    --------
    >>> with ClipWriter(path, 480, 854) as clip:  # doctest: +SKIP
    ...     for frame in frames:
    ...         clip.write(frame.rgb, frame.time_s)
    """

    def __init__(
        self, path: Path, width: int, height: int, quality: int = 23, preset: str = "veryfast"
    ) -> None:
        """Check the size; see the class."""
        if width % 2 or height % 2 or min(width, height) < 16:
            raise ValueError(f"Expected even sizes from 16 pixels, but got {width} x {height}.")
        self._path = Path(path)
        self._size = (width, height)
        self._quality, self._preset = quality, preset
        self._tick = -1
        self._step = TICKS_PER_S // _NOMINAL_FPS
        self._temp = part_path(self._path)

    def __enter__(self) -> Self:
        """Open the temporary file."""
        try:
            self._container = av.open(
                str(self._temp), "w", format="mp4", options={"movflags": "+faststart"}
            )
            self._stream = self._make_stream()
            self._container.start_encoding()  # opens the file now, not at the first picture
        except (av.FFmpegError, OSError) as error:
            remove(self._temp)
            raise export_error(error) from error
        return self

    def _make_stream(self) -> av.VideoStream:
        # Without B-frames each frame is stored in the order it is shown, at exactly its time.
        options = {"preset": self._preset, "crf": str(self._quality), "bf": "0"}
        stream = self._container.add_stream("libx264", rate=_NOMINAL_FPS, options=options)
        stream.width, stream.height = self._size
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 2 * _NOMINAL_FPS  # a key frame every two seconds: the slider moves fast
        context = stream.codec_context
        context.time_base = Fraction(1, TICKS_PER_S)
        context.colorspace = _BT601
        context.color_primaries = context.color_trc = _BT709
        context.color_range = int(ColorRange.MPEG)
        return stream

    def write(self, rgb: NDArray[np.uint8], time_s: float) -> None:
        """Append one picture.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (height, width, 3)
            The picture.
        time_s : float
            Its time from the start: not below zero, and later than that of the one before.

        Raises
        ------
        ValueError
            When shape, type or time are not as they should be.
        ExportError
            When the file cannot be written.
        """
        width, height = self._size
        if rgb.shape != (height, width, 3) or rgb.dtype != np.uint8:
            raise ValueError(
                f"Expected uint8 of shape ({height}, {width}, 3), but got {rgb.dtype} {rgb.shape}."
            )
        tick = round(time_s * TICKS_PER_S)
        if tick <= self._tick or tick < 0:
            raise ValueError(
                f"Expected a time after {self._tick / TICKS_PER_S:.5f} s, but got {time_s:.5f} s."
            )
        # OpenCV converts ten times as fast as PyAV, by BT.601 in the video range: see _make_stream
        yuv = cv2.cvtColor(np.ascontiguousarray(rgb), cv2.COLOR_RGB2YUV_I420)
        planes = np.asarray(yuv, np.uint8)
        frame = av.VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = tick, Fraction(1, TICKS_PER_S)
        self._step = tick - self._tick if self._tick >= 0 else self._step
        self._tick = tick
        self._mux(frame)

    def _mux(self, frame: av.VideoFrame | None) -> None:
        try:
            for packet in self._stream.encode(frame):
                packet.duration = self._step  # counts for the last one: no next one ends it
                self._container.mux(packet)
        except (av.FFmpegError, OSError) as error:
            raise export_error(error) from error

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Finish the file and put it in its place; after an error, remove it."""
        try:
            if error is None:
                self._finish()
        finally:
            self._abandon()

    def _finish(self) -> None:
        if self._tick < 0:
            raise ExportError("No frame was written.", "Use a recording that has a picture.")
        self._mux(None)
        try:
            self._container.close()
            self._temp.replace(self._path)
        except (av.FFmpegError, OSError) as error:
            raise export_error(error) from error

    def _abandon(self) -> None:
        """Close and remove what is left; after `_finish` there is nothing left."""
        try:
            self._container.close()
        except (av.FFmpegError, OSError):
            pass  # it is thrown away
        finally:
            remove(self._temp)
