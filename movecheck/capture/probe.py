"""What a video file says of itself, and whether it may be decoded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import av
from av.container import InputContainer
from av.video.frame import VideoFrame
from av.video.stream import VideoStream

from movecheck.capture.container import DECODER_ERRORS, as_unreadable, open_container, video_stream
from movecheck.capture.picture import check_size
from movecheck.capture.sniff import HEAD_BYTES, sniff
from movecheck.errors import TooLarge, TooLong, UnreadableVideo
from movecheck.settings import Settings


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


def probe(path: Path, settings: Settings) -> Probe:
    """Look at a file, and refuse it when it may not be decoded.

    Only headers are read until the limits are known to hold; then the first picture is decoded,
    as the rotation of a file shows on its pictures.

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
    with open_container(path, demuxer, settings, decode=False) as container:
        stream = video_stream(container)
        if min(stream.width, stream.height) <= 0:
            raise UnreadableVideo("The size of the picture cannot be read")
        check_size(stream.width, stream.height, settings)
        codec = stream.codec_context.name
        with as_unreadable("The video is cut off or damaged"):
            duration_s = _duration_s(container, stream)
        fps = float(stream.average_rate) if stream.average_rate else math.nan
        aspect = _pixel_aspect(stream)
    if duration_s > settings.max_duration_s:
        raise TooLong(
            f"The recording lasts {duration_s:.0f} s; the limit is {settings.max_duration_s:.0f} s"
        )
    first = _first_picture(path, demuxer, settings)
    rotated_deg = rotation_deg(first)
    width_px, height_px = seen_size(first, aspect, rotated_deg)
    check_size(width_px, height_px, settings)
    return Probe(path, demuxer, codec, width_px, height_px, rotated_deg, aspect, duration_s, fps)


def rotation_deg(frame: VideoFrame) -> int:
    """Clockwise rotation that a picture asks for: 0, 90, 180 or 270; 0 for any other angle."""
    asked_deg = round(-frame.rotation) % 360  # FFmpeg counts the other way round
    return asked_deg if asked_deg in (90, 180, 270) else 0


def seen_size(frame: VideoFrame, pixel_aspect: float, rotated_deg: int) -> tuple[int, int]:
    """Width and height in px as a person sees a picture: square pixels, rotated."""
    width_px, height_px = max(1, round(frame.width * pixel_aspect)), frame.height
    return (height_px, width_px) if rotated_deg in (90, 270) else (width_px, height_px)


def _accept(path: Path, settings: Settings) -> tuple[Path, str]:
    """Absolute path and demuxer of an ordinary file within the size limit."""
    try:
        path = path.resolve()
        if not path.exists():
            raise UnreadableVideo(
                "The file was not found", "The file was not found: check its name and folder."
            )
        if not path.is_file():
            raise UnreadableVideo("This is a folder or a device, not a file", "Choose one file.")
        size_mb = path.stat().st_size / 1e6
        if size_mb > settings.max_file_mb:
            raise TooLarge(
                f"The file has {size_mb:.0f} MB; the limit is {settings.max_file_mb:.0f} MB"
            )
        with path.open("rb") as file:
            return path, sniff(file.read(HEAD_BYTES))
    except (OSError, ValueError) as error:  # ValueError: a name with a zero byte
        raise UnreadableVideo(
            "The file cannot be read", "Check that you may open this file, or copy it again."
        ) from error


def _first_picture(path: Path, demuxer: str, settings: Settings) -> VideoFrame:
    """Decode the first picture that can be decoded."""
    with open_container(path, demuxer, settings) as container:
        stream = video_stream(container)
        stream.codec_context.thread_count = 1  # others would decode ahead
        with as_unreadable("No picture can be decoded"):
            for packet in container.demux(stream):
                try:
                    frames = packet.decode()
                except DECODER_ERRORS:
                    continue
                for frame in frames:
                    if isinstance(frame, VideoFrame):
                        return frame
    raise UnreadableVideo("No picture can be decoded")


def _duration_s(container: InputContainer, stream: VideoStream) -> float:
    """Declared duration of the video, or of the file, in seconds; NaN when there is none."""
    in_matroska = container.format.name.startswith("matroska")
    if stream.duration and stream.duration > 0 and stream.time_base and not in_matroska:
        return float(stream.duration * stream.time_base)
    if not container.duration or container.duration <= 0:
        return math.nan
    duration_s = container.duration / av.time_base
    if in_matroska:  # counted from time 0, not from the first picture
        first = next(container.demux(stream), None)
        if first is not None and first.pts and first.time_base:
            duration_s -= max(0.0, float(first.pts * first.time_base))
    return duration_s if duration_s > 0 else math.nan


def _pixel_aspect(stream: VideoStream) -> float:
    """Width of a stored pixel over its height; 1 when unknown or beyond belief."""
    aspect = float(stream.sample_aspect_ratio or 1)
    return aspect if 0.25 <= aspect <= 4 else 1.0
