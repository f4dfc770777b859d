"""Opens a file with FFmpeg, told which demuxer to use and to read nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import av
from av.container import InputContainer
from av.stream import Disposition
from av.video.stream import VideoStream

from movecheck.errors import NoPicture, UnreadableVideo, UnsupportedFormat
from movecheck.settings import Settings

# Of a picture's size that is allowed, for headers and for the decoder: our own choice.
_HEADER_ROOM, _DECODER_ROOM = 8, 2
_INT_MAX = 2**31 - 1  # by definition: FFmpeg's options are C's int
# Up to PyAV 18 odd letters in a title are an error unless asked otherwise; 19 has no such option.
_LENIENT: dict[str, Any] = (
    {"metadata_errors": "replace"} if int(av.__version__.split(".")[0]) < 19 else {}
)

DECODER_ERRORS = (av.FFmpegError, OSError, ValueError, LookupError, MemoryError)
"""What PyAV raises over a damaged file; LookupError when a stream turns up in the midst of it."""


def open_container(
    path: Path, demuxer: str, settings: Settings, *, decode: bool = True
) -> InputContainer:
    """Open a file that `sniff` has accepted.

    FFmpeg reads this one file and nothing that it may name, and its decoders refuse a picture
    that is much over the limit before they take memory for it, wherever in the file it comes.

    Parameters
    ----------
    path : Path
        Absolute path, which FFmpeg cannot take for a protocol.
    demuxer : str
        FFmpeg's name of the container, from `sniff`.
    settings : Settings
        The limit on pixels. Decoders have twice as many (they see padded pictures), and eight
        times as many where only headers are read, so that the error can name the size.
    decode : bool, optional
        False leaves out all pictures.

    Returns
    -------
    InputContainer
        To be closed by the caller.

    Raises
    ------
    UnreadableVideo
        When FFmpeg cannot open it.
    """
    options = {"protocol_whitelist": "file"}
    if demuxer == "mov":
        options["enable_drefs"] = "0"  # a QuickTime file may name other files as its media
    room = _DECODER_ROOM if decode else _HEADER_ROOM
    decoder = {"max_pixels": str(min(settings.max_pixels * room, _INT_MAX))}
    if not decode:
        decoder |= {"skip_frame": "all", "threads": "1"}
    with as_unreadable("The video is cut off or damaged"):
        opened: InputContainer = av.open(
            str(path), mode="r", format=demuxer, options={**options, **decoder}, **_LENIENT
        )
    for stream in opened.streams.video:
        if stream.codec_context is not None:  # None for an unknown codec, against the stub
            stream.codec_context.options = decoder  # those above are for the look at the headers
    return opened


@contextmanager
def as_unreadable(message: str) -> Iterator[None]:
    """Turn FFmpeg's errors into UnreadableVideo with this message."""
    try:
        yield
    except DECODER_ERRORS as error:
        raise UnreadableVideo(message) from error


def video_stream(container: InputContainer) -> VideoStream:
    """Return the video of a file; the cover of a song is none.

    Raises
    ------
    NoPicture, UnreadableVideo, UnsupportedFormat
        Sound only, nothing at all, or a still picture.
    """
    videos = [s for s in container.streams.video if Disposition.attached_pic not in s.disposition]
    best = container.streams.best("video")
    if videos and all(stream.codec_context is None for stream in videos):
        raise UnsupportedFormat("The video has a codec that cannot be decoded")
    videos = [stream for stream in videos if stream.codec_context is not None]
    if videos:
        return best if isinstance(best, VideoStream) and best in videos else videos[0]
    if container.streams.audio:
        raise NoPicture("The file has sound but no picture")
    if container.streams.video:
        raise UnsupportedFormat("The file holds a still picture only")
    raise UnreadableVideo("The file holds no video")
