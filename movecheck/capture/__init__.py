"""From a video file or a camera to pictures with times: the only place that decodes video.

::

    with VideoFile(path, settings) as video:
        for frame in video:            # Frame(time_s, rgb), scaled down for the pose model
            ...
        video.recording                # what has been read

Every source is a `FrameSource`: `VideoFile`, `Webcam`, and `ArrayFrames` for tests.
"""

import os

# Read once by OpenCV when it loads: damaged videos would otherwise flood stderr.
os.environ.setdefault("OPENCV_LOG_LEVEL", "SILENT")
os.environ.setdefault("OPENCV_FFMPEG_LOGLEVEL", "-8")

from movecheck.capture.base import FrameSource
from movecheck.capture.fake import ArrayFrames
from movecheck.capture.files import VideoFile
from movecheck.capture.probe import Probe, probe
from movecheck.capture.webcam import Webcam

__all__ = ["ArrayFrames", "FrameSource", "Probe", "VideoFile", "Webcam", "probe"]
