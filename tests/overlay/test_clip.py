from __future__ import annotations

import os
import subprocess
import sys
import textwrap

import av
import numpy as np
import pytest

from movecheck.clip import ClipWriter
from movecheck.errors import ExportError

COLOURS = np.array([[230, 30, 30], [30, 200, 40], [40, 60, 220], [128, 128, 128]], np.uint8)


def picture(i: int, width: int = 64, height: int = 48) -> np.ndarray:
    return np.broadcast_to(COLOURS[i % len(COLOURS)], (height, width, 3)).copy()


def write(path, times, width=64, height=48):
    with ClipWriter(path, width, height) as clip:
        for i, time_s in enumerate(times):
            clip.write(picture(i, width, height), time_s)


def read(path):
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = [(f.time, f.to_ndarray(format="rgb24").mean((0, 1))) for f in container.decode(0)]
        return stream, frames, container.duration / 1e6


def test_the_kind_of_file(tmp_path):
    path = tmp_path / "clip.mp4"
    write(path, np.arange(30) / 30)
    stream, frames, duration = read(path)
    context = stream.codec_context
    assert (context.name, context.pix_fmt) == ("h264", "yuv420p")
    assert (context.width, context.height) == (64, 48)
    assert len(frames) == 30
    assert duration == pytest.approx(1.0, abs=0.002)
    content = path.read_bytes()
    assert content.index(b"moov") < content.index(b"mdat")  # plays before it is all there
    assert [p.name for p in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.parametrize("start", [0.0, 0.4])
def test_each_frame_keeps_its_time_and_its_colour(tmp_path, start):
    rng = np.random.default_rng(3)
    times = start + np.concatenate([[0], np.cumsum(rng.uniform(0.004, 0.3, 80))])
    write(tmp_path / "clip.mp4", times)
    _, frames, duration = read(tmp_path / "clip.mp4")
    assert len(frames) == len(times)
    assert np.max(np.abs(np.array([t for t, _ in frames]) - times)) < 0.001
    shown = times[-1] - times[0] + times[-1] - times[-2]
    assert duration == pytest.approx(shown, abs=0.002)
    for i, (_, colour) in enumerate(frames):
        assert np.max(np.abs(colour - COLOURS[i % len(COLOURS)])) < 8


def test_one_frame_is_enough(tmp_path):
    write(tmp_path / "clip.mp4", [0.0])
    assert len(read(tmp_path / "clip.mp4")[1]) == 1


def test_a_non_contiguous_picture_is_written_right(tmp_path):
    with ClipWriter(tmp_path / "clip.mp4", 64, 48) as clip:
        clip.write(picture(0)[:, :, ::-1], 0.0)
    assert read(tmp_path / "clip.mp4")[1][0][1][2] > 200


@pytest.mark.parametrize("size", [(63, 48), (64, 47), (0, 0), (14, 48)])
def test_sizes_that_cannot_be_are_refused(tmp_path, size):
    with pytest.raises(ValueError, match="even sizes"):
        ClipWriter(tmp_path / "clip.mp4", *size)


@pytest.mark.parametrize(
    ("rgb", "time_s"),
    [
        (picture(0), 0.0),
        (picture(0), -1.0),
        (picture(0)[:10], 1.0),
        (picture(0).astype(float), 1.0),
    ],
)
def test_a_wrong_frame_is_named_and_leaves_no_file(tmp_path, rgb, time_s):
    def body() -> None:
        with ClipWriter(tmp_path / "clip.mp4", 64, 48) as clip:
            clip.write(picture(0), 0.0)
            clip.write(rgb, time_s)

    with pytest.raises(ValueError, match="but got"):
        body()
    assert not list(tmp_path.iterdir())


def test_any_error_in_the_block_keeps_the_old_file_and_the_error(tmp_path):
    path = tmp_path / "clip.mp4"
    path.write_bytes(b"old")

    def body() -> None:
        with ClipWriter(path, 64, 48) as clip:
            clip.write(picture(0), 0.0)
            raise OSError("the source")

    with pytest.raises(OSError, match="the source"):
        body()
    assert path.read_bytes() == b"old"
    assert [p.name for p in tmp_path.iterdir()] == ["clip.mp4"]


def test_no_frames_are_an_export_error(tmp_path):
    with pytest.raises(ExportError, match="No frame"):
        write(tmp_path / "clip.mp4", [])
    assert not list(tmp_path.iterdir())


def test_a_missing_folder_and_a_folder_in_the_way(tmp_path):
    with pytest.raises(ExportError) as caught:
        write(tmp_path / "none" / "clip.mp4", [0.0])
    assert "does not exist" in caught.value.hint
    with pytest.raises(ExportError):
        ClipWriter(tmp_path / "none" / "clip.mp4", 64, 48).__enter__()
    (tmp_path / "clip.mp4").mkdir()
    with pytest.raises(ExportError):
        write(tmp_path / "clip.mp4", [0.0])
    assert [p.name for p in tmp_path.iterdir()] == ["clip.mp4"]


@pytest.mark.skipif(os.name != "posix", reason="needs a limit on the size of files")
@pytest.mark.parametrize("n", [3, 60])
def test_a_disk_that_takes_no_more_is_an_export_error(tmp_path, n):
    code = f"""
        import resource, sys
        from pathlib import Path
        import numpy as np
        from movecheck.clip import ClipWriter
        from movecheck.errors import ExportError
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, 20_000))
        rng = np.random.default_rng(0)
        try:
            with ClipWriter(Path(sys.argv[1], "clip.mp4"), 320, 240) as clip:
                for i in range({n}):
                    clip.write(rng.integers(0, 255, (240, 320, 3), dtype=np.uint8), i / 30)
        except ExportError as error:
            print(error.hint)
    """
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code), str(tmp_path)],
        capture_output=True, text=True, timeout=60, check=True,
    )  # fmt: skip
    assert "Choose another folder." in done.stdout
    assert not list(tmp_path.iterdir())
