"""Everything that movecheck raises on purpose.

::

    MoveCheckError
    ├── VideoError
    │   ├── UnreadableVideo      the file cannot be opened or decoded
    │   ├── UnsupportedFormat    a container that is not on the allow-list
    │   ├── NoPicture            sound without a picture
    │   ├── TooShort             under one second or 15 frames
    │   ├── TooLong              longer than the limit
    │   └── TooLarge             more pixels or bytes than the limit
    ├── PoseError
    │   ├── ModelMissing         no pose model on this computer, and no way to fetch it
    │   ├── ModelDamaged         the model file is not what it should be
    │   └── WorkerFailed         the pose process ended before its work did
    ├── CameraError              no camera, or it is in use or was unplugged
    ├── DataError                a file of ours does not hold what it should
    └── ExportError              a result cannot be written

``str(error)`` is one line for a log and holds no path and no name; ``error.hint`` is one
sentence that tells a person what to do next.
"""

from __future__ import annotations


class MoveCheckError(Exception):
    """Base of all errors that movecheck raises on purpose.

    Parameters
    ----------
    message : str
        One line for a log: what is wrong. No file path, no name of a person.
    hint : str, optional
        One sentence for a person: what to do about it.
    """

    default_hint = "Please try again."

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint or self.default_hint


class VideoError(MoveCheckError):
    """The recording cannot be used."""

    default_hint = "Record the video again and keep the file as the camera app saved it."


class UnreadableVideo(VideoError):
    """The file cannot be opened or decoded."""

    default_hint = "The file is incomplete or damaged. Record it again, or copy it again."


class UnsupportedFormat(VideoError):
    """The content of the file is not one of the accepted kinds of video."""

    default_hint = "Use a video file: MP4, MOV, M4V, WebM, MKV, AVI or MPEG-TS."


class NoPicture(VideoError):
    """There is sound but no picture."""

    default_hint = "This file has sound but no picture. Choose the video recording."


class TooShort(VideoError):
    """Too few frames or seconds to measure anything."""

    default_hint = "Record at least a few seconds: stand still for two seconds, then move."


class TooLong(VideoError):
    """The recording is longer than the limit."""

    default_hint = "Cut the recording to the part that shows the movement."


class TooLarge(VideoError):
    """The picture or the file is larger than the limit."""

    default_hint = "Record in 1080p or 4K, or make the file smaller."


class PoseError(MoveCheckError):
    """The body could not be looked for."""


class ModelMissing(PoseError):
    """No pose model on this computer."""

    default_hint = (
        "Run 'movecheck setup' once with an internet connection, "
        "or give a pose_landmarker .task file with --model."
    )


class ModelDamaged(PoseError):
    """The model file is not what it should be."""

    default_hint = "Run 'movecheck setup --force' to make the pose model again."


class WorkerFailed(PoseError):
    """The pose process ended before its work did."""

    default_hint = "Try again; if it happens again, run 'movecheck doctor'."


class CameraError(MoveCheckError):
    """No camera, or it is in use or was unplugged."""

    default_hint = (
        "Check that a camera is connected, allowed and not used by another program; "
        "you can also record a video and open the file."
    )


class DataError(MoveCheckError):
    """A file of ours does not hold what it should."""

    default_hint = "Use a file that this version of movecheck has written."


class ExportError(MoveCheckError):
    """A result cannot be written."""

    default_hint = "Choose a folder that you may write to and that has free space."
