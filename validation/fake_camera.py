"""A video as the picture of Chromium's fake camera: the browser shows it again and again."""

from __future__ import annotations

from pathlib import Path

import av
import cv2

FPS = 30
SIDE_PX = 480
STAND_S = 22.0
"""So long the first picture is held: the camera and the pose process start, the framing is found
good, and the countdown runs, before the person moves."""


def write_y4m(video: Path, out: Path, stand_s: float = STAND_S) -> Path:
    """Write a video as Y4M, 480 by 480 pixels, 30 pictures a second, after a time of standing."""
    with av.open(str(video)) as container, out.open("wb") as file:
        file.write(f"YUV4MPEG2 W{SIDE_PX} H{SIDE_PX} F{FPS}:1 Ip A1:1 C420jpeg\n".encode())
        written = 0
        for frame in container.decode(video=0):
            assert frame.time is not None
            picture = b"FRAME\n" + _fitted(frame).tobytes()
            until = 1 + round((stand_s + frame.time) * FPS)
            file.write(picture * (until - written))
            written = until
    return out


def _fitted(frame: av.VideoFrame) -> cv2.typing.MatLike:
    """Return a frame, its edges drawn out to a square, in planes of YUV."""
    bgr = frame.to_ndarray(format="bgr24")
    scale = SIDE_PX / max(bgr.shape[:2])
    small = cv2.resize(bgr, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA)
    high, wide = (SIDE_PX - small.shape[0]), (SIDE_PX - small.shape[1])
    square = cv2.copyMakeBorder(
        small, high // 2, high - high // 2, wide // 2, wide - wide // 2, cv2.BORDER_REPLICATE
    )
    return cv2.cvtColor(square, cv2.COLOR_BGR2YUV_I420)


def browser_flags(y4m: Path) -> list[str]:
    """Return Chromium's options for a camera that shows the file, and is allowed at once."""
    return [
        "--use-fake-ui-for-media-stream",
        "--use-fake-device-for-media-stream",
        f"--use-file-for-fake-video-capture={y4m}",
    ]
