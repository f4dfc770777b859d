"""Times, orientation, sizes and ends of video files."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from corpus import CASES, make_bad

from movecheck.capture import VideoFile, probe
from movecheck.errors import TooLarge, TooLong, TooShort, UnreadableVideo
from movecheck.settings import Settings

GOOD = sorted(name for name, becomes in CASES.items() if becomes == "ok")
BROADCAST = Fraction(30000, 1001)


def container_times(path: Path) -> np.ndarray:
    """Times of the pictures as PyAV reads them, from the first one."""
    with av.open(str(path)) as container:
        times = [float(f.pts * f.time_base) for f in container.decode(video=0)]
    return np.asarray(times) - times[0]


def read_times(path: Path, settings: Settings) -> np.ndarray:
    with VideoFile(path, settings) as video:
        return np.asarray([frame.time_s for frame in video])


def grey_levels(n: int = 60) -> list[np.ndarray]:
    """Pictures that say their own number: grey of level 20 + 3 i."""
    return [np.full((120, 160, 3), 20 + 3 * i, np.uint8) for i in range(n)]


@pytest.mark.parametrize("name", GOOD)
def test_times_are_those_of_the_container(name: str, corpus: Path, settings: Settings) -> None:
    times = read_times(corpus / name, settings)
    np.testing.assert_allclose(times, container_times(corpus / name), rtol=0, atol=1e-6)


@pytest.mark.parametrize("suffix", ["mp4", "mov", "mkv", "ts"])
@pytest.mark.parametrize("options", [{"bf": "0"}, {"bf": "3", "b-pyramid": "normal"}])
def test_each_picture_has_its_own_time(
    suffix: str, options: dict[str, str], tmp_path: Path, settings: Settings
) -> None:
    """Variable frame rate with and without reordered pictures: picture i keeps time i."""
    path, times = tmp_path / f"clip.{suffix}", make_bad.vfr_times(60, 30)
    make_bad.write(path, grey_levels(), times, options=options)
    with VideoFile(path, settings) as video:
        frames = list(video)
    assert len(frames) == 60
    np.testing.assert_allclose([f.time_s for f in frames], times, rtol=0, atol=1e-3)
    shown = [round((float(f.rgb.mean()) - 20) / 3) for f in frames]
    assert shown == list(range(60))


def test_broadcast_rate(tmp_path: Path, settings: Settings) -> None:
    path = tmp_path / "clip.mp4"
    times = [i / BROADCAST for i in range(60)]
    make_bad.write(path, grey_levels(), times)
    np.testing.assert_allclose(
        read_times(path, settings), [float(t) for t in times], rtol=0, atol=1e-3
    )
    with VideoFile(path, settings) as video:
        list(video)
    assert video.recording.fps == pytest.approx(float(BROADCAST), abs=0.01)


def test_rate_from_whole_milliseconds(corpus: Path) -> None:
    with VideoFile(corpus / "vp9.webm") as video:
        list(video)
    assert video.recording.fps == pytest.approx(30, abs=0.02)


@pytest.mark.parametrize("degrees", [0, 90, 180, 270])
def test_marker_lands_in_the_top_left_corner(degrees: int, corpus: Path) -> None:
    name = f"rotated_{degrees}.mp4" if degrees else "wrong_extension.avi"
    with VideoFile(corpus / name) as video:
        frame = next(iter(video))
    assert video.probe.rotated_deg == degrees
    assert (video.probe.width_px, video.probe.height_px) == (320, 240)
    assert frame.rgb.shape == (240, 320, 3)
    corner = frame.rgb[10:50, 10:70].reshape(-1, 3).mean(axis=0)
    assert corner[0] > 180
    assert corner[1:].max() < 80
    rest = [frame.rgb[-40:, -60:], frame.rgb[:40, -60:], frame.rgb[-40:, :60]]
    assert all(part[..., 0].mean() < 180 for part in rest)


def test_rotated_recording_tells_its_rotation(corpus: Path) -> None:
    with VideoFile(corpus / "rotated_270.mp4") as video:
        list(video)
    assert video.recording.rotated_deg == 270


def test_wide_pixels_are_stretched(corpus: Path) -> None:
    with VideoFile(corpus / "wide_pixels.mp4") as video:
        frame = next(iter(video))
    assert frame.rgb.shape == (240, 320, 3)
    assert (video.recording.width_px, video.recording.height_px) == (320, 240)


def test_four_k_is_scaled_down(corpus: Path) -> None:
    with VideoFile(corpus / "four_k.mp4") as video:
        frame = next(iter(video))
    assert frame.rgb.shape == (540, 960, 3)
    assert (video.recording.width_px, video.recording.height_px) == (3840, 2160)
    assert video.scale == 4


@pytest.mark.parametrize(
    ("name", "codec"), [("hevc_8bit.mov", "hevc"), ("hevc_10bit.mov", "hevc"), ("vp9.webm", "vp9")]
)
def test_codecs(name: str, codec: str, corpus: Path) -> None:
    with VideoFile(corpus / name) as video:
        frames = list(video)
    assert video.probe.codec == codec
    corner = frames[5].rgb[10:50, 10:70].reshape(-1, 3).mean(axis=0)
    np.testing.assert_allclose(corner, [230, 20, 20], atol=15)


def test_live_recording_declares_no_duration(corpus: Path) -> None:
    with VideoFile(corpus / "live.webm") as video:
        assert np.isnan(video.declared_duration_s)
        list(video)
    assert video.recording.complete
    assert video.recording.duration_s == pytest.approx(3, abs=0.01)


def test_recording_that_starts_late_is_complete(corpus: Path) -> None:
    with VideoFile(corpus / "late_start.mkv") as video:
        assert next(iter(video)).time_s == 0
        list(video)
    assert video.declared_duration_s == pytest.approx(3, abs=0.05)
    assert video.recording.complete


def test_two_frames_in_one_millisecond_are_both_kept(corpus: Path) -> None:
    with VideoFile(corpus / "same_millisecond.mp4") as video:
        times = [frame.time_s for frame in video]
    assert times[10] - times[9] == pytest.approx(0.0001)
    assert video.dropped == 0


@pytest.mark.parametrize("name", ["truncated_faststart.mp4", "truncated.mkv"])
def test_truncated_is_marked(name: str, corpus: Path) -> None:
    with VideoFile(corpus / name) as video:
        frames = list(video)
    assert 15 <= len(frames) < 60
    assert not video.recording.complete
    assert video.recording.declared_duration_s == pytest.approx(3, abs=0.05)


def test_too_little_of_a_longer_file_is_damage_and_not_shortness(tmp_path: Path) -> None:
    path = tmp_path / "clip.mp4"
    clip = make_bad.pattern()
    make_bad.write(path, clip.pictures, make_bad.times(clip), muxer={"movflags": "faststart"})
    make_bad.cut(path, 0.25)
    with pytest.raises(UnreadableVideo, match="can be decoded"), VideoFile(path) as video:
        list(video)


def test_short_recording(corpus: Path) -> None:
    with pytest.raises(TooShort, match="5 pictures"), VideoFile(corpus / "five_frames.mp4") as v:
        list(v)


def test_limit_on_declared_duration(corpus: Path) -> None:
    with pytest.raises(TooLong, match="lasts 3 s; the limit is 2 s"):
        probe(corpus / "vp9.webm", Settings(max_duration_s=2))


def test_limit_on_real_duration(corpus: Path) -> None:
    with VideoFile(corpus / "live.webm", Settings(max_duration_s=2)) as video:
        with pytest.raises(TooLong):
            list(video)
        assert video.recording.n_frames in (60, 61, 62)


def test_limit_on_bytes(corpus: Path) -> None:
    with pytest.raises(TooLarge, match="MB"):
        probe(corpus / "nobody.mp4", Settings(max_file_mb=1))


def test_limit_on_pixels_holds_after_stretching(corpus: Path) -> None:
    with pytest.raises(TooLarge, match="320 x 240"):
        probe(corpus / "wide_pixels.mp4", Settings(max_side_px=300))


def test_picture_that_changes_its_shape_ends_the_recording(
    tmp_path: Path, lenient: Settings
) -> None:
    """A phone that is turned while a browser records gives such a file."""
    path = tmp_path / "turned.ts"
    parts = []
    for width, height, start in ((320, 240, 0), (240, 320, 2)):
        clip = make_bad.pattern(60, width, height)
        make_bad.write(path, clip.pictures, [start + t for t in make_bad.times(clip)])
        parts.append(path.read_bytes())
    path.write_bytes(b"".join(parts))
    with VideoFile(path, lenient) as video:
        shapes = {frame.rgb.shape for frame in video}
    assert shapes == {(240, 320, 3)}
    assert not video.recording.complete
    assert video.recording.duration_s == pytest.approx(2, abs=0.1)
