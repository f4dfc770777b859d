"""Opens a file with OpenCV's FFmpeg, told which demuxer to use and to read nothing else."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import cv2

from movecheck.errors import UnreadableVideo

_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
_options_lock = threading.Lock()


def demuxer_options(demuxer: str) -> dict[str, str]:
    """FFmpeg options that keep a demuxer from opening anything but the one file."""
    options = {"protocol_whitelist": "file"}
    if demuxer == "mov":
        options["enable_drefs"] = "0"  # a QuickTime file may name other files as its media
    return options


@contextmanager
def _capture_options(demuxer: str) -> Iterator[None]:
    """OpenCV takes FFmpeg's options from the environment alone: set them while a file is opened."""
    options = {**demuxer_options(demuxer), "input_format": demuxer}
    with _options_lock:
        before = os.environ.get(_OPTIONS)
        os.environ[_OPTIONS] = "|".join(f"{key};{value}" for key, value in options.items())
        try:
            yield
        finally:
            if before is None:
                del os.environ[_OPTIONS]
            else:
                os.environ[_OPTIONS] = before


def open_capture(path: Path, demuxer: str) -> cv2.VideoCapture:
    """Open the video of a file that `sniff` has accepted.

    Parameters
    ----------
    path : Path
        Absolute path, which FFmpeg cannot take for a protocol.
    demuxer : str
        FFmpeg's name of the container, from `sniff`.

    Returns
    -------
    cv2.VideoCapture
        Rotates pictures as the file asks, decodes in software.

    Raises
    ------
    UnreadableVideo
        When OpenCV cannot open it.
    """
    in_software = [cv2.CAP_PROP_HW_ACCELERATION, int(cv2.VIDEO_ACCELERATION_NONE)]
    try:
        with _capture_options(demuxer):
            capture = cv2.VideoCapture(str(path), cv2.CAP_FFMPEG, in_software)
    except (cv2.error, UnicodeError) as error:
        raise UnreadableVideo("The decoder cannot open the file.") from error
    if not capture.isOpened():
        capture.release()
        raise UnreadableVideo("The decoder cannot open the file.")
    capture.set(cv2.CAP_PROP_ORIENTATION_AUTO, 1)
    return capture
