"""Key pictures of a movement, standing and deepest, taken from the clip with the drawn angles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import av
import cv2
import numpy as np
from numpy.typing import NDArray

from movecheck.errors import MoveCheckError
from movecheck.report.load import ResultFolder
from movecheck.report.select import held
from movecheck.texts import _, decimal

LONGEST_PX = 640
JPEG_QUALITY = 85
ROOM = (0.3, 0.11)
"""Space beside and above the landmarks, as shares of their height: labels stand beside the person,
and the top of the head lies above the highest landmark."""

FARTHEST_S = 0.5
"""A picture further than this from the time asked for is not shown in its place."""

Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class KeyFrame:
    """A picture and what it shows.

    Attributes
    ----------
    title : str
        Such as "Deepest point of repetition 2, at 5.5 s".
    jpeg : bytes
        The picture.
    wide : bool
        Whether it is wider than high, as of a person who lies.
    """

    title: str
    jpeg: bytes
    wide: bool = False


def key_frames(result: ResultFolder) -> list[KeyFrame]:
    """Return the moment before and the deepest point of the middle repetition that counts.

    Without repetitions one picture from the middle of the recording is returned; without a clip,
    or when it cannot be read, none.
    """
    clip = result.file("overlay.mp4")
    if clip is None:
        return []
    box = _around_person(result)
    found = []
    for title, time_s in _moments(result):
        jpeg = picture_at(clip, time_s, box)
        if jpeg is not None:
            height, width = _decoded(jpeg).shape[:2]
            told = _("{moment}, at {time} s").format(moment=title, time=decimal(f"{time_s:.1f}"))
            found.append(KeyFrame(told, jpeg, width > height))
    return found


def _moments(result: ResultFolder) -> list[tuple[str, float]]:
    counted = [(i, r) for i, r in enumerate(result.assessment.reps, 1) if r.excluded_reason is None]
    if not counted:
        return [(_("Middle of the recording"), result.assessment.recording.duration_s / 2)]
    number, rep = counted[len(counted) // 2]
    if held(result.assessment) or rep.peak_s in (rep.start_s, rep.end_s):  # no deepest point
        middle_s = (rep.start_s + rep.end_s) / 2
        return [
            (_("Beginning of hold {number}").format(number=number), rep.start_s),
            (_("Middle of hold {number}").format(number=number), middle_s),
        ]
    return [
        (_("Before repetition {number}").format(number=number), rep.start_s),
        (_("Deepest point of repetition {number}").format(number=number), rep.peak_s),
    ]


def _around_person(result: ResultFolder) -> Box | None:
    """Return the part of the picture that the person and the labels beside them fill."""
    from movecheck.export.landmarks import read_landmarks

    path = result.file("landmarks.parquet")
    try:
        track = read_landmarks(path) if path else None
    except MoveCheckError:
        return None
    if track is None or not np.isfinite(track.xy_px).any():
        return None
    size = np.array([track.recording.width_px, track.recording.height_px])
    points = track.xy_px[np.isfinite(track.xy_px).all(axis=2)] / size
    low, high = np.percentile(points, 1, axis=0), np.percentile(points, 99, axis=0)
    room = np.array(ROOM) * (high - low)[1] * size[1] / size
    low, high = np.maximum(low - room, 0.0), np.minimum(high + room, 1.0)
    return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def picture_at(clip: Path, time_s: float, box: Box | None = None) -> bytes | None:
    """Return the picture shown at a time of a clip as JPEG, or None when there is none.

    Parameters
    ----------
    clip : Path
        A video of ours.
    time_s : float
        Seconds from its start.
    box : tuple of float, optional
        Left, top, right and bottom of the part to show, as shares of the picture.
    """
    shown = None
    try:
        with av.open(str(clip)) as container:
            stream = container.streams.video[0]
            if stream.time_base is None:
                return None
            container.seek(int(max(time_s, 0.0) / stream.time_base), stream=stream)
            for frame in container.decode(stream):
                if shown is not None and (frame.time or 0.0) > time_s + 1e-3:
                    break
                shown = frame
    except (av.FFmpegError, OSError, IndexError):
        return None
    if shown is None or abs((shown.time or 0.0) - time_s) > FARTHEST_S:
        return None
    bgr = shown.to_ndarray(format="bgr24")
    if box is not None:
        height, width = bgr.shape[:2]
        left, top, right, bottom = box
        bgr = bgr[int(top * height) : int(bottom * height), int(left * width) : int(right * width)]
    shrink = min(1.0, LONGEST_PX / max(bgr.shape[:2]))
    small = cv2.resize(bgr, None, fx=shrink, fy=shrink, interpolation=cv2.INTER_AREA)
    done, data = cv2.imencode(".jpg", small, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    return np.asarray(data).tobytes() if done else None


def with_part(jpeg: bytes, start: float, end: float) -> bytes:
    """Return a picture that is dark outside a part of its width, given as shares."""
    picture = _decoded(jpeg).copy()
    left, right = (round(share * picture.shape[1]) for share in (start, end))
    for outside in (picture[:, :left], picture[:, right:]):
        outside //= 4
    done, data = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("Expected a picture that can be written as JPEG.")
    return np.asarray(data).tobytes()


def beside(frames: Sequence[KeyFrame]) -> bytes:
    """Return pictures of one height beside each other as one JPEG, so that a phone shows both."""
    pictures = [_decoded(frame.jpeg) for frame in frames]
    gap = np.full((pictures[0].shape[0], 12, 3), 255, np.uint8)
    parts = [part for picture in pictures for part in (gap, picture)][1:]
    done, data = cv2.imencode(".jpg", np.hstack(parts), [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
    if not done:
        raise ValueError("Expected pictures that can be written as JPEG.")
    return np.asarray(data).tobytes()


def _decoded(jpeg: bytes) -> NDArray[np.uint8]:
    return np.asarray(cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR), np.uint8)
