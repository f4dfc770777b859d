"""What a video file says of itself, and whether it may be decoded; no picture is decoded here."""

from __future__ import annotations

import math
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
from av.container import InputContainer
from av.video.stream import VideoStream

from movecheck.capture.decoder import demuxer_options, open_capture
from movecheck.capture.picture import check_size
from movecheck.capture.sniff import HEAD_BYTES, sniff
from movecheck.errors import NoPicture, TooLarge, TooLong, UnreadableVideo, UnsupportedFormat
from movecheck.settings import Settings

_DECODER_HEADROOM = 8
"""The decoder may look at headers of pictures this many times the limit, so that the error can
name their size; beyond that it refuses by itself and the size stays unknown."""


@dataclass(frozen=True)
class Probe:
    """What a video file declares.

    Attributes
    ----------
    path : Path
        The file, absolute.
    demuxer : str
        FFmpeg's container: ``mov``, ``matroska``, ``avi`` or ``mpegts``.
    codec : str
        FFmpeg's name of the codec, such as ``h264``.
    width_px, height_px : int
        Size of the picture as a person sees it: after rotation, with square pixels.
    rotated_deg : int
        Rotation that the file asks for, clockwise: 0, 90, 180 or 270.
    pixel_aspect : float
        Width of a stored pixel divided by its height, before rotation; 1 for nearly all videos.
    declared_duration_s : float
        Declared duration in seconds; NaN when there is none, as in browser recordings.
    declared_fps : float
        Declared mean frame rate; NaN when there is none. For information: times are read.
    """

    path: Path
    demuxer: str
    codec: str
    width_px: int
    height_px: int
    rotated_deg: int
    pixel_aspect: float
    declared_duration_s: float
    declared_fps: float


def seen_size(
    width_px: int, height_px: int, pixel_aspect: float, rotated_deg: int
) -> tuple[int, int]:
    """Width and height as a person sees them, from those stored in the file."""
    width_px = round(width_px * pixel_aspect)
    return (height_px, width_px) if rotated_deg in (90, 270) else (width_px, height_px)


def probe(path: Path, settings: Settings) -> Probe:
    """Look at a file without decoding a picture, and refuse it when it may not be decoded.

    Parameters
    ----------
    path : Path
        The file. Its name and ending do not matter, its content does.
    settings : Settings
        The limits.

    Returns
    -------
    Probe
        What the file declares; all of it may be wrong.

    Raises
    ------
    UnreadableVideo
        No such file, an empty or cut-off one, or something that is no video.
    UnsupportedFormat
        A container or codec that is not accepted: playlists, lists of files, pictures.
    NoPicture
        Sound without a picture.
    TooLarge, TooLong
        Over the limits on bytes, pixels or declared seconds.
    """
    path, demuxer = _accept(path, settings)
    with _container(path, demuxer, settings) as container:
        stream = _video_stream(container)
        width_px, height_px = stream.width, stream.height
        if min(width_px, height_px) <= 0:
            raise UnreadableVideo("The size of the picture cannot be read.")
        check_size(width_px, height_px, settings)
        codec = stream.codec_context.name
        duration_s = _duration_s(container, stream)
        fps = float(stream.average_rate) if stream.average_rate else math.nan
        aspect = _pixel_aspect(stream)
    if duration_s > settings.max_duration_s:
        raise TooLong(
            f"The recording lasts {duration_s:.0f} s; the limit is {settings.max_duration_s:.0f} s."
        )
    rotated_deg = _rotation_deg(path, demuxer, settings)
    width_px, height_px = seen_size(width_px, height_px, aspect, rotated_deg)
    check_size(width_px, height_px, settings)
    return Probe(path, demuxer, codec, width_px, height_px, rotated_deg, aspect, duration_s, fps)


def _accept(path: Path, settings: Settings) -> tuple[Path, str]:
    """Absolute path and demuxer of an ordinary file within the size limit."""
    try:
        path = path.resolve()
        if not path.exists():
            raise UnreadableVideo(
                "The file was not found.", "The file was not found: check its name and folder."
            )
        if not path.is_file():
            raise UnreadableVideo("This is a folder or a device, not a file.", "Choose one file.")
        size_mb = path.stat().st_size / 1e6
        if size_mb > settings.max_file_mb:
            raise TooLarge(
                f"The file has {size_mb:.0f} MB; the limit is {settings.max_file_mb:.0f} MB."
            )
        with path.open("rb") as file:
            return path, sniff(file.read(HEAD_BYTES))
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise UnreadableVideo(
            "The file cannot be read.", "Check that you may open this file, or copy it again."
        ) from error


@contextmanager
def _container(path: Path, demuxer: str, settings: Settings) -> Iterator[InputContainer]:
    """Open with the demuxer forced; turns FFmpeg's errors into ours."""
    decoder = {
        "skip_frame": "all",
        "threads": "1",
        "max_pixels": str(settings.max_pixels * _DECODER_HEADROOM),
    }
    try:
        with av.open(  # type: ignore[call-overload]  # the stub knows no dictionaries
            str(path),
            mode="r",
            format=demuxer,
            container_options=demuxer_options(demuxer),
            stream_options=[decoder] * 64,  # one a stream
            metadata_errors="replace",
        ) as container:
            yield container
    except (av.FFmpegError, OSError, ValueError, UnicodeError) as error:
        raise UnreadableVideo("The video is cut off or damaged.") from error


def _video_stream(container: InputContainer) -> VideoStream:
    """Return the video that OpenCV will read too; cover art of a song is no video."""
    stream = container.streams.best("video")
    if not isinstance(stream, VideoStream) or stream.disposition.name == "attached_pic":
        if container.streams.audio:
            raise NoPicture("The file has sound but no picture.")
        if not container.streams.video:
            raise UnreadableVideo("The file holds no video.")
        raise UnsupportedFormat("The file holds a still picture only.")
    return stream


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    """Declared duration of the video, or of the file, in seconds; NaN when there is none."""
    if stream.duration and stream.duration > 0 and stream.time_base:
        return float(stream.duration * stream.time_base)
    if container.duration and container.duration > 0:
        return container.duration / av.time_base
    return math.nan


def _pixel_aspect(stream: VideoStream) -> float:
    """Width of a stored pixel over its height; 1 when unknown or beyond belief."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 0.25 <= aspect <= 4 else 1.0


def _rotation_deg(path: Path, demuxer: str, settings: Settings) -> int:
    """Rotation in degrees that OpenCV will apply; PyAV shows it on decoded pictures only."""
    capture = open_capture(path, demuxer)
    try:
        width_px = int(capture.get(cv2.CAP_PROP_FRAME_WIDTH))
        height_px = int(capture.get(cv2.CAP_PROP_FRAME_HEIGHT))
        check_size(width_px, height_px, settings)  # the stream may contradict the container
        asked_deg = round(capture.get(cv2.CAP_PROP_ORIENTATION_META)) % 360
    finally:
        capture.release()
    return asked_deg if asked_deg in (90, 180, 270) else 0
