"""What `validation.speed` runs in processes of their own: each prints one line of JSON.

::

    python -m validation.loops bare VIDEO FRAMES LONG_SIDE_PX
    python -m validation.loops stages VIDEO
    python -m validation.loops collect MINUTES
    python -m validation.loops worker VIDEO
    python -m validation.loops analysis LANDMARKS MINUTES
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np

from movecheck.capture import VideoFile
from movecheck.capture.files import Scaler
from movecheck.capture.spans import PART_S, WARM_UP_S
from movecheck.pose.base import Landmarks
from movecheck.pose.fake import FakePose
from movecheck.pose.model import ensure
from movecheck.pose.track import COUNT_EVERY_S, Joined, TrackBuilder
from movecheck.settings import Settings
from movecheck.types import Frame, Person, Recording

KEPT_FRAMES = 60
RATE = 30


def _kept(video: Path, settings: Settings) -> list[Any]:
    frames = []
    for frame in VideoFile(video, settings):
        frames.append(frame.rgb)
        if len(frames) == KEPT_FRAMES:
            break
    return [*frames, *frames[-2:0:-1]]  # there and back: no jump


def _landmarker(masks: bool = True) -> tuple[Any, Any]:
    import mediapipe
    from mediapipe.tasks.python import BaseOptions, vision

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(ensure(Settings()))),
        running_mode=vision.RunningMode.VIDEO, num_poses=1, output_segmentation_masks=masks,
    )  # fmt: skip
    return mediapipe, vision.PoseLandmarker.create_from_options(options)


def bare(video: Path, frames: int, long_side_px: int) -> dict[str, float]:
    """Feed pictures that are decoded and scaled already to one landmarker, and do nothing else."""
    mediapipe, landmarker = _landmarker()
    images = [
        mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        for rgb in _kept(video, Settings(pose_long_side_px=long_side_px))
    ]
    landmarker.detect_for_video(images[0], 0)
    start, cpu = time.perf_counter(), time.process_time()
    for i in range(1, frames):
        landmarker.detect_for_video(images[i % len(images)], round(i * 1e6 / RATE))
    wall_s, cpu_s = time.perf_counter() - start, time.process_time() - cpu
    landmarker.close()
    return {"wall_s": wall_s, "cpu_s": cpu_s}


def stages(video: Path) -> dict[str, float]:
    """Return the processor time of each stage of the pose process, in ms a frame."""
    from movecheck.pose.edge import silhouette_edge
    from movecheck.pose.mediapipe import MediaPipePose
    from movecheck.pose.steady import LOOK_EVERY_S, Background

    def each(work: Callable[[Any], object], things: list[Any], share: float = 1.0) -> float:
        start = time.process_time()
        for thing in things:
            work(thing)
        return 1000 * share * (time.process_time() - start) / len(things)

    found = {}
    with av.open(str(video)) as container:
        stream = container.streams.video[0]
        start = time.process_time()
        decoded = []
        for n, frame in enumerate(container.decode(stream), 1):
            if n <= RATE:
                decoded.append(frame)
            if n == 8 * RATE:
                break
        found["decoding"] = 1000 * (time.process_time() - start) / n
    source = VideoFile(video, Settings())
    scaler = Scaler()
    found["scaling, to RGB"] = each(lambda f: source._picture(f, scaler), decoded)
    del decoded
    pictures = _kept(video, Settings())
    mediapipe, landmarker = _landmarker()
    masks: list[Any] = []
    clock = iter(range(0, 10**9, round(1e6 / RATE)))

    def see(rgb: Any) -> None:
        image = mediapipe.Image(image_format=mediapipe.ImageFormat.SRGB, data=rgb)
        masks[:] = [landmarker.detect_for_video(image, next(clock))]

    see(pictures[0])
    found["the two networks"] = each(see, pictures)
    mask = masks[0].segmentation_masks[0].numpy_view().squeeze()
    landmarker.close()
    with MediaPipePose(ensure(Settings())) as pose:
        person = pose(pictures[0], 0.0)
        assert person is not None
        xy_px = person.xy_px
        found["silhouette's edge"] = each(lambda _: silhouette_edge(mask, xy_px), pictures)
        found["mirror image"] = each(lambda rgb: cv2.flip(rgb, 1), pictures, 0.5)
        found["others in the picture"] = each(
            lambda rgb: pose.count_people(rgb, person), pictures[:40], 1 / (RATE * COUNT_EVERY_S)
        )
        background = Background()
        found["motion of the camera"] = each(
            lambda rgb: background.look(rgb, xy_px), pictures, 1 / (RATE * LOOK_EVERY_S)
        )
        times = iter(np.arange(1, 10**6) / RATE)
        whole = each(lambda rgb: pose(rgb, float(next(times))), pictures)
    known = ("the two networks", "silhouette's edge", "mirror image")
    found["landmarks to arrays, threads, the mean of both ways"] = max(
        0.0, whole - sum(found[name] for name in known)
    )
    return found


def collect(minutes: int) -> dict[str, float]:
    """Follow a recording without the model; return the peak memory of both sides in MB.

    The pose process holds one part at a time, its small pictures included; what joins the parts
    holds the landmarks of all.
    """
    rng = np.random.default_rng(0)
    rgb = np.zeros((1280, 720, 3), np.uint8)

    def script(time_s: float) -> Landmarks:
        return Landmarks(
            rng.uniform(0, 64, (33, 2)), rng.random(33), rng.random((33, 3)), rng.random((2, 73))
        )

    joined = Joined()
    for k in range(minutes):
        start_s = k * PART_S
        builder = TrackBuilder(FakePose(script), whole=minutes == 1)
        for i in range(int((PART_S + (WARM_UP_S if k else 0)) * RATE)):
            builder.add(Frame(start_s - (WARM_UP_S if k else 0) + i / RATE, rgb))
        part = builder.part(Recording(PART_S, RATE, 720, 1280), 1.0, start_s)
        del builder
        joined.add(part)
        if k == min(1, minutes - 1):
            looking_mb = _peak_mb()
    n = minutes * int(PART_S) * RATE
    joined.track(Recording(n / RATE, RATE, 720, 1280, 0, n))
    return {"looking_mb": looking_mb, "joined_mb": _peak_mb()}


def _peak_mb() -> float:
    # Not ru_maxrss: that one begins with the peak of the process that started this one.
    status = Path("/proc/self/status").read_text()
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


def analysis(landmarks: Path, minutes: int) -> dict[str, float]:
    """Return the peak memory of the analysis of saved landmarks, repeated to some length."""
    from movecheck.analyze import interpret
    from movecheck.export.landmarks import read_landmarks

    once = read_landmarks(landmarks)
    n = minutes * 60 * RATE
    place = np.arange(n) % len(once.time_s)
    columns = {
        name: value[place] for name, value in vars(once).items() if isinstance(value, np.ndarray)
    }
    columns["time_s"] = np.arange(n) / RATE
    recording = replace(once.recording, duration_s=n / RATE, n_frames=n)
    track = replace(once, **columns, recording=recording)
    del once, columns
    interpret(track, "auto", "auto", Person())
    return {"peak_mb": _peak_mb()}


def worker(video: Path) -> dict[str, float]:
    """Return the peak memory of the largest pose process on a recording, in MB."""
    from movecheck.process import look

    look(video, Settings())
    return {"peak_mb": resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024}


def main(argv: list[str]) -> None:
    """Run one of them."""
    what, *given = argv
    if what == "bare":
        found = bare(Path(given[0]), int(given[1]), int(given[2]))
    elif what == "analysis":
        found = analysis(Path(given[0]), int(given[1]))
    elif what == "collect":
        found = collect(int(given[0]))
    else:
        found = {"stages": stages, "worker": worker}[what](Path(given[0]))
    print(json.dumps(found))


if __name__ == "__main__":
    main(sys.argv[1:])
