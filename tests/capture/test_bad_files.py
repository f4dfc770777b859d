"""Every bad file ends in an error of ours with a hint, or in a marked recording."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import av
import numpy as np
import pytest
from av.stream import Disposition
from corpus import CASES, make_bad

import movecheck.errors
from movecheck.capture import VideoFile, probe
from movecheck.capture.sniff import sniff
from movecheck.errors import (
    MoveCheckError,
    NoPicture,
    UnreadableVideo,
    UnsupportedFormat,
    VideoError,
)
from movecheck.settings import Settings

ROOT = Path(__file__).parents[2]
MEMORY_MB = 1500

READ_ALL = """
import resource, sys
from pathlib import Path
from movecheck.capture import VideoFile
from movecheck.errors import MoveCheckError
try:
    with VideoFile(Path(sys.argv[1])) as video:
        for frame in video:
            pass
    print("frames", video.recording.n_frames)
except MoveCheckError as error:
    print(type(error).__name__)
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)
"""

FUZZ = """
import random, sys
from pathlib import Path
from movecheck.capture import VideoFile
from movecheck.errors import MoveCheckError
from movecheck.settings import Settings
source, target, first, last = Path(sys.argv[1]), Path(sys.argv[2]), *map(int, sys.argv[3:])
whole, settings = source.read_bytes(), Settings(max_side_px=1000, max_pixels=1_000_000)
counts = {}
for seed in range(first, last):
    chance, data = random.Random(seed), bytearray(whole)
    for _ in range(chance.choice([1, 3, 10, 40])):
        # Half of the hits go into the container's tables, where little bytes do much.
        where = chance.randrange(len(data) if chance.random() < 0.5 else min(2000, len(data)))
        data[where] ^= 1 << chance.randrange(8)
    target.write_bytes(data)
    try:
        with VideoFile(target, settings) as video:
            for frame in video:
                pass
        outcome = "complete" if video.recording.complete else "incomplete"
    except MoveCheckError as error:
        assert error.hint
        outcome = type(error).__name__
    counts[outcome] = counts.get(outcome, 0) + 1
print(counts)
"""


def run(code: str, *arguments: object, timeout_s: float = 60) -> str:
    """Run Python code in a process of its own, so that a crash of FFmpeg is seen as one."""
    done = subprocess.run(
        [sys.executable, "-c", code, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=timeout_s,
        check=False,
    )
    assert done.returncode == 0, f"status {done.returncode}: {done.stderr[-2000:]}"
    assert not done.stderr, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("name", sorted(CASES))
def test_case_becomes_what_the_table_says(name: str, corpus: Path, settings: Settings) -> None:
    becomes, error = CASES[name], None
    try:
        with VideoFile(corpus / name, settings) as video:
            list(video)
    except MoveCheckError as raised:
        error = raised
    if error is None:
        marked = "ok" if video.recording.complete else "incomplete"
        assert becomes in (marked, "any")
        assert video.recording.n_frames >= settings.min_frames
    else:
        assert becomes in (f"error:{type(error).__name__}", "any"), repr(error)
        assert isinstance(error, VideoError)
        assert error.hint.endswith(".")
        assert "\n" not in str(error)
        assert str(corpus) not in str(error)
        assert name not in str(error)


def test_table_names_real_errors() -> None:
    names = {b.removeprefix("error:") for b in CASES.values() if b.startswith("error:")}
    assert all(issubclass(getattr(movecheck.errors, name), VideoError) for name in names)
    assert names >= {"UnreadableVideo", "UnsupportedFormat", "NoPicture", "TooShort", "TooLarge"}


@pytest.mark.parametrize(
    "name", ["giant_h264.mp4", "giant_vp9.webm", "lying_size.mp4", "four_k.mp4"]
)
def test_memory_stays_small(name: str, corpus: Path) -> None:
    outcome, peak_mb = run(READ_ALL, corpus / name).splitlines()
    becomes = CASES[name].removeprefix("error:")
    assert outcome == ("frames 18" if becomes == "ok" else becomes)
    assert int(peak_mb) < MEMORY_MB


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
@pytest.mark.parametrize(
    "script",
    [
        "ffconcat version 1.0\nfile sibling.mp4\n",
        "\ufeffffconcat version 1.0\nfile sibling.mp4\n",
        "#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nsibling.mp4\n",
        "v=0\nm=video 9 RTP/AVP 96\n",
    ],
)
def test_script_never_opens_its_sibling(script: str, tmp_path: Path) -> None:
    """The sibling is a pipe that nobody writes to: whoever opens it waits for ever."""
    (tmp_path / "script.mp4").write_text(script, encoding="utf-8")
    os.mkfifo(tmp_path / "sibling.mp4")
    assert run(READ_ALL, tmp_path / "script.mp4", timeout_s=20).startswith("UnsupportedFormat")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_pipe_and_device_are_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    with pytest.raises(UnreadableVideo, match="not a file"):
        probe(tmp_path / "pipe.mp4", Settings())
    with pytest.raises(UnreadableVideo, match="not a file"):
        probe(Path(os.devnull), Settings())


@pytest.mark.parametrize(
    "name", ["missing.mp4", "http://localhost/clip.mp4", "concat:a.mp4|b.mp4", "zero\0byte.mp4"]
)
def test_what_is_no_file_is_not_found(name: str, tmp_path: Path) -> None:
    with pytest.raises(UnreadableVideo) as caught:
        probe(tmp_path / name, Settings())
    assert "not found" in caught.value.hint or "copy" in caught.value.hint


@pytest.mark.parametrize(("sound", "error"), [(True, NoPicture), (False, UnsupportedFormat)])
def test_cover_of_a_song_is_no_video(sound: bool, error: type[VideoError], tmp_path: Path) -> None:
    path = tmp_path / "song.mp4"
    with av.open(str(path), "w") as out:
        cover = out.add_stream("mjpeg", rate=1)
        cover.width, cover.height, cover.pix_fmt = 64, 64, "yuvj420p"
        cover.disposition = Disposition.attached_pic
        music = out.add_stream("aac", rate=48_000) if sound else None
        out.mux(cover.encode(av.VideoFrame(64, 64, "yuvj420p")))
        out.mux(cover.encode(None))
        if music is not None:
            silence = np.zeros((1, 1024), np.float32)
            frame = av.AudioFrame.from_ndarray(silence, format="fltp", layout="mono")
            frame.sample_rate = 48_000
            out.mux(music.encode(frame))
            out.mux(music.encode(None))
    with pytest.raises(error):
        probe(path, Settings())


@pytest.mark.parametrize(
    ("head", "demuxer"),
    [
        (b"\0\0\0\x18ftypmp42", "mov"),
        (b"\0\0\0\x08wide\0\0\0\0mdat", "mov"),
        (b"\x1a\x45\xdf\xa3\x01\0\0\0", "matroska"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        ((b"\x47" + bytes(187)) * 8, "mpegts"),
        ((bytes(4) + b"\x47" + bytes(187)) * 8, "mpegts"),
    ],
)
def test_accepted_containers(head: bytes, demuxer: str) -> None:
    assert sniff(head) == demuxer


@pytest.mark.parametrize(
    "head",
    [
        b"ffconcat version 1.0",
        b"  \n#EXTM3U",
        b"\xef\xbb\xbf#EXTM3U",
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff\xe0",
        b"GIF89a",
        b"RIFF\0\0\0\0WAVE",
        b"RIFF\0\0\0\0WEBP",
        b"OggS",
        b"PK\3\4",
        b"<?xml version='1.0'?><MPD>",
    ],
)
def test_refused_kinds_of_file(head: bytes) -> None:
    with pytest.raises(UnsupportedFormat):
        sniff(head)


@pytest.mark.parametrize("head", [b"", b"a letter", bytes(1000), b"\x47" + bytes(300), b"RIF"])
def test_unknown_bytes(head: bytes) -> None:
    with pytest.raises(UnreadableVideo):
        sniff(head)


def test_damaged_pictures_are_left_out_and_marked(tmp_path: Path) -> None:
    """FFmpeg conceals damage; a picture that was concealed is not a measurement."""
    clip, path = make_bad.pattern(90, 640, 480), tmp_path / "clip.mp4"
    muxer = {"movflags": "faststart"}
    make_bad.write(
        path, clip.pictures, make_bad.times(clip), options={"g": "10", "crf": "10"}, muxer=muxer
    )
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + make_bad.corrupt(data[start:], 5, seed=4))
    with VideoFile(path) as video:
        n = len(list(video))
    assert 0 < video.damaged <= 5
    assert 80 < n == video.recording.n_frames <= 90 - video.damaged
    assert not video.recording.complete


@pytest.mark.parametrize(
    ("suffix", "batch"), [("mp4", 0), ("mp4", 1), ("mp4", 2), ("mp4", 3), ("mkv", 0), ("ts", 0)]
)
def test_flipped_bits(suffix: str, batch: int, tmp_path: Path) -> None:
    """Fifty seeded mutations each: an error of ours or frames, and never a crash or a hang."""
    clip, source = make_bad.pattern(30, 160, 120), tmp_path / f"source.{suffix}"
    muxer = {"movflags": "faststart"} if suffix == "mp4" else None
    make_bad.write(source, clip.pictures, make_bad.times(clip), muxer=muxer)
    mutant, first = tmp_path / f"mutant.{suffix}", 50 * batch
    assert run(FUZZ, source, mutant, first, first + 50, timeout_s=30).startswith("{")
