"""One contract for every source of frames: a file, a camera, an array."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from corpus import make_bad

from movecheck.capture import ArrayFrames, FrameSource, VideoFile, Webcam
from movecheck.errors import CameraError
from movecheck.settings import Settings

N, FPS = 40, 25
Make = Callable[[], FrameSource]


class StubCamera:
    """Stands for ``cv2.VideoCapture`` of a camera that delivers `n` pictures and is then lost."""

    def __init__(self, n: int = N, *, opens: bool = True) -> None:
        self.left = n
        self.opens = opens
        self.released = False

    def isOpened(self) -> bool:
        return self.opens

    def read(self) -> tuple[bool, np.ndarray | None]:
        if self.left == 0:
            return False, None
        self.left -= 1
        picture = np.zeros((480, 640, 3), np.uint8)
        picture[:, :100] = (255, 0, 0)  # blue, in OpenCV's order, on the left
        return True, picture

    def release(self) -> None:
        self.released = True


def ticking() -> Callable[[], float]:
    """Return a clock that goes one frame further at each look and starts anywhere."""
    ticks: Iterator[float] = iter(1000 + np.arange(10_000) / FPS)
    return lambda: next(ticks)


def use_camera(monkeypatch: pytest.MonkeyPatch, camera: StubCamera) -> StubCamera:
    monkeypatch.setattr(cv2, "VideoCapture", lambda index: camera)
    return camera


@pytest.fixture(params=["array", "file", "camera"])
def source(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> FrameSource:
    clip = make_bad.pattern(N, width=640, height=480, fps=FPS)
    settings = Settings(pose_long_side_px=320)
    if request.param == "array":
        small = np.stack([p[::2, ::2] for p in clip.pictures])
        return ArrayFrames(small, 7 + np.arange(N) / FPS, scale=2)
    if request.param == "file":
        make_bad.write(tmp_path / "clip.mp4", clip.pictures, make_bad.times(clip))
        return VideoFile(tmp_path / "clip.mp4", settings)
    use_camera(monkeypatch, StubCamera())
    return Webcam(settings=settings, clock=ticking())


def read(source: FrameSource, n: int = N) -> list:
    """Take `n` frames, and no more: a camera never ends by itself."""
    frames = iter(source)
    return [next(frames) for _ in range(n)]


class TestContract:
    def test_has_all_that_the_protocol_asks(self, source: FrameSource) -> None:
        asked = {name for name in vars(FrameSource) if not name.startswith("_")}
        assert asked == {"scale", "declared_duration_s", "recording"}
        assert asked <= set(dir(source))

    def test_times_start_at_zero_and_rise(self, source: FrameSource) -> None:
        with source:
            times = [frame.time_s for frame in read(source)]
        np.testing.assert_allclose(times, np.arange(N) / FPS, atol=1e-6)

    def test_pictures_are_contiguous_rgb_of_one_size(self, source: FrameSource) -> None:
        with source:
            for frame in read(source):
                assert frame.rgb.shape == (240, 320, 3)
                assert frame.rgb.dtype == np.uint8
                assert frame.rgb.flags.c_contiguous

    def test_recording_tells_the_full_size(self, source: FrameSource) -> None:
        with source:
            frame = read(source)[-1]
            recording = source.recording
        assert (recording.width_px, recording.height_px) == (640, 480)
        assert source.scale == pytest.approx(2)
        assert frame.rgb.shape[1] * source.scale == recording.width_px

    def test_recording_tells_what_was_read(self, source: FrameSource) -> None:
        with source:
            read(source)
            recording = source.recording
        assert recording.n_frames == N
        assert recording.fps == pytest.approx(FPS)
        assert recording.duration_s == pytest.approx(N / FPS)
        assert recording.complete

    def test_recording_needs_a_frame(self, source: FrameSource) -> None:
        with pytest.raises(RuntimeError, match="frames have been read"):
            _ = source.recording

    def test_declared_duration_is_a_number_or_nan(self, source: FrameSource) -> None:
        assert np.isnan(source.declared_duration_s) or source.declared_duration_s > 1

    def test_may_be_left_early(self, source: FrameSource) -> None:
        with source:
            for _ in source:
                break
        assert source.recording.n_frames == 1


def test_file_can_be_read_twice(corpus: Path) -> None:
    with VideoFile(corpus / "vfr.mp4") as video:
        assert [f.time_s for f in video] == [f.time_s for f in video]
        assert video.recording.n_frames == 90


def test_array_guards_its_shapes() -> None:
    with pytest.raises(ValueError, match=r"Expected 'frames' to have shape"):
        ArrayFrames(np.zeros((3, 4, 5), np.uint8), [0, 1, 2])
    with pytest.raises(ValueError, match=r"Expected 'time_s'"):
        ArrayFrames(np.zeros((2, 4, 5, 3), np.uint8), [0, 0])
    with pytest.raises(ValueError, match=r"Expected 'time_s' to have shape"):
        ArrayFrames(np.zeros((2, 4, 5, 3), np.uint8), [0, 1, 2])


def test_array_can_be_incomplete() -> None:
    with ArrayFrames(np.zeros((3, 4, 5, 3), np.uint8), [0, 1, 2], declared_duration_s=9) as frames:
        list(frames)
    assert not frames.recording.complete


def test_camera_colours_and_sides(monkeypatch: pytest.MonkeyPatch) -> None:
    use_camera(monkeypatch, StubCamera())
    with Webcam() as camera:
        frame = next(iter(camera))
    assert frame.rgb[0, 0].tolist() == [0, 0, 255]
    assert frame.rgb[0, -1].tolist() == [0, 0, 0]
    use_camera(monkeypatch, StubCamera())
    with Webcam(mirror=True) as camera:
        frame = next(iter(camera))
    assert frame.rgb[0, -1].tolist() == [0, 0, 255]
    assert frame.rgb.flags.c_contiguous


def test_camera_that_does_not_open(monkeypatch: pytest.MonkeyPatch) -> None:
    camera = use_camera(monkeypatch, StubCamera(opens=False))
    with pytest.raises(CameraError, match="cannot be opened") as caught, Webcam():
        pass
    assert caught.value.hint
    assert camera.released


def test_camera_that_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    camera = use_camera(monkeypatch, StubCamera(n=3))
    with pytest.raises(CameraError, match="lost"), Webcam(clock=ticking()) as webcam:
        for _ in webcam:
            pass
    assert webcam.recording.n_frames == 3
    assert camera.released


def test_camera_frame_at_the_same_time_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    use_camera(monkeypatch, StubCamera(n=4))
    clock = iter([5.0, 5.0, 5.1, 5.2])
    with Webcam(clock=lambda: next(clock)) as webcam:
        times = [frame.time_s for frame in read(webcam, 3)]
    np.testing.assert_allclose(times, [0, 0.1, 0.2])
