"""Write videos that are broken, hostile or merely unusual, and say what must become of each.

::

    python samples/make_bad.py OUT_DIR [--clip VIDEO]

`--clip` is a recording of a person, from which the unusual but good files are made; without it
they show a moving pattern. `CASES` names every file and what movecheck must do with it:

- ``ok``: it is read from beginning to end;
- ``incomplete``: it is read as far as it goes, and the recording is marked incomplete;
- ``error:<Name>``: it is refused with that error of `movecheck.errors`;
- ``any``: one of the above, depending on which bytes were hit.
"""

from __future__ import annotations

import argparse
import random
import struct
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

Picture = NDArray[np.uint8]
SMOOTH = Fraction(1, 90_000)


@dataclass(frozen=True)
class Clip:
    """What the files are made of: RGB pictures of one size, and their frame rate."""

    pictures: list[Picture]
    fps: Fraction


CASES: dict[str, str] = {}
_MAKERS: dict[str, Callable[[Path, Clip], None]] = {}

Maker = Callable[[Path, Clip], None]


def case(name: str, becomes: str) -> Callable[[Maker], Maker]:
    """Enter a file and what must become of it into the table."""

    def enter(maker: Maker) -> Maker:
        CASES[name] = becomes
        _MAKERS[name] = maker
        return maker

    return enter


def pattern(n: int = 90, width: int = 320, height: int = 240, fps: int = 30) -> Clip:
    """A square that wanders over a gradient, with a red block in the top left corner."""
    row, column = np.mgrid[0:height, 0:width]
    ground = np.stack([row * 160 // height, column * 160 // width, row * 0 + 80], axis=-1)
    pictures = []
    for i in range(n):
        picture = ground.astype(np.uint8)
        x = (width // 4) + round((width // 4) * np.sin(2 * np.pi * i / n))
        picture[height // 3 : 2 * height // 3, x : x + width // 4] = 230
        picture[: height // 4, : width // 4] = (230, 20, 20)
        pictures.append(picture)
    return Clip(pictures, Fraction(fps))


def from_video(path: Path, seconds: float = 6.0, long_side_px: int = 640) -> Clip:
    """Read the first seconds of a video, scaled down so that the files are quickly made."""
    pictures = []
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        fps = stream.average_rate or Fraction(30)
        shrink = min(1.0, long_side_px / max(stream.width, stream.height))
        width, height = (2 * round(side * shrink / 2) for side in (stream.width, stream.height))
        for frame in container.decode(stream):
            if len(pictures) >= seconds * fps:
                break
            pictures.append(frame.to_ndarray(format="rgb24", width=width, height=height))
    return Clip(pictures, fps.limit_denominator(1001))


def write(
    path: Path,
    pictures: Iterable[Picture],
    times: Iterable[Fraction | float],
    *,
    codec: str = "libx264",
    container: str | None = None,
    muxer: dict[str, str] | None = None,
    options: dict[str, str] | None = None,
    pix_fmt: str = "yuv420p",
    rotation_deg: int = 0,
    pixel_aspect: Fraction | None = None,
) -> None:
    """Encode pictures, each at its own time in seconds; `rotation_deg` is clockwise."""
    if codec == "libx264":
        options = {"preset": "ultrafast", "crf": "20", "bf": "2", "b-pyramid": "none"} | (
            options or {}
        )
    stream = None
    # Written through a file object: names may hold what FFmpeg reads as a pattern.
    kind = container or {".mkv": "matroska", ".ts": "mpegts"}.get(path.suffix, path.suffix[1:])
    with path.open("wb") as file, av.open(file, "w", format=kind, container_options=muxer) as out:
        for picture, time in zip(pictures, times, strict=False):
            if stream is None:
                stream = out.add_stream(codec, rate=30, options=options or {})
                stream.height, stream.width = picture.shape[:2]
                stream.pix_fmt = pix_fmt
                stream.codec_context.time_base = SMOOTH
                if pixel_aspect:
                    stream.codec_context.sample_aspect_ratio = pixel_aspect
                if rotation_deg:
                    stream.set_display_rotation(-rotation_deg)
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = round(time / SMOOTH), SMOOTH
            out.mux(stream.encode(frame))
        if stream is not None:
            out.mux(stream.encode(None))


def times(clip: Clip, n: int | None = None, fps: float | Fraction | None = None) -> list[Fraction]:
    """Times in seconds of the clip's pictures, or of `n`, at its own rate or another one."""
    step = 1 / Fraction(fps or clip.fps)
    return [i * step for i in range(n or len(clip.pictures))]


def cut(path: Path, share: float) -> None:
    """Keep the first part of a file."""
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * share)])


def corrupt(data: bytes, n: int, seed: int) -> bytes:
    """Overwrite `n` bytes at random places."""
    chance, broken = random.Random(seed), bytearray(data)
    for _ in range(n):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)


# ---------------------------------------------------------------- not a video, or not a whole one


@case("empty.mp4", "error:UnreadableVideo")
def _(path: Path, clip: Clip) -> None:
    path.write_bytes(b"")


@case("text.mp4", "error:UnreadableVideo")
def _(path: Path, clip: Clip) -> None:
    path.write_text("This is a letter to my physiotherapist, not a video.\n" * 50)


@case("directory.mp4", "error:UnreadableVideo")
def _(path: Path, clip: Clip) -> None:
    path.mkdir(exist_ok=True)


@case("moov_cut_off.mp4", "error:UnreadableVideo")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, times(clip))
    cut(path, 0.8)


@case("audio_only.mp4", "error:NoPicture")
def _(path: Path, clip: Clip) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream("aac", rate=48_000)
        for i in range(100):
            sound = av.AudioFrame.from_ndarray(
                np.zeros((1, 1024), np.float32), format="fltp", layout="mono"
            )
            sound.sample_rate, sound.pts = 48_000, 1024 * i
            out.mux(stream.encode(sound))
        out.mux(stream.encode(None))


@case("picture.mp4", "error:UnsupportedFormat")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures[:1], [0], codec="png", pix_fmt="rgb24", container="image2pipe")


@case("script.mp4", "error:UnsupportedFormat")
def _(path: Path, clip: Clip) -> None:
    write(path.with_name("another_patient.mp4"), clip.pictures, times(clip))
    path.write_text("ffconcat version 1.0\nfile another_patient.mp4\n")


@case("playlist.mp4", "error:UnsupportedFormat")
def _(path: Path, clip: Clip) -> None:
    path.write_text("#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nanother_patient.mp4\n")


@case("truncated_faststart.mp4", "incomplete")
def _(path: Path, clip: Clip) -> None:
    # Key frames every half second, or x264 might put most bytes into the first picture.
    write(path, clip.pictures, times(clip), options={"g": "15"}, muxer={"movflags": "faststart"})
    cut(path, 0.5)


@case("truncated.mkv", "incomplete")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, times(clip), options={"g": "15"})
    cut(path, 0.5)


@case("corrupted.mp4", "any")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, times(clip))
    path.write_bytes(corrupt(path.read_bytes(), 200, seed=1))


@case("corrupted_pictures.mp4", "any")
def _(path: Path, clip: Clip) -> None:
    # The container is whole, the pictures are not.
    write(path, clip.pictures, times(clip), options={"g": "15"}, muxer={"movflags": "faststart"})
    data = path.read_bytes()
    start = data.index(b"mdat") + 4
    path.write_bytes(data[:start] + corrupt(data[start:], 200, seed=1))


@case("single_frame.mp4", "error:TooShort")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures[:1], [0])


@case("five_frames.mp4", "error:TooShort")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures[:5], times(clip, 5))


# -------------------------------------------------------------------------------------- too large


@case("giant_h264.mp4", "error:TooLarge")
def giant_h264(path: Path, clip: Clip) -> None:
    """Five grey pictures of 142 million pixels each in half a megabyte."""
    options = {"preset": "ultrafast", "qp": "51", "threads": "1", "refs": "1", "bf": "0"}
    _write_grey(path, "libx264", 16384, 8704, 5, options | {"x264-params": "rc-lookahead=0"})


@case("giant_vp9.webm", "error:TooLarge")
def _(path: Path, clip: Clip) -> None:
    # 8192 x 8192 takes this encoder 4.5 GB; 6144 x 4096 is over both limits and takes 1.7 GB.
    options = {"deadline": "realtime", "cpu-used": "8", "lag-in-frames": "0", "crf": "63", "b": "0"}
    _write_grey(path, "libvpx-vp9", 6144, 4096, 2, options | {"threads": "1"})


@case("lying_size.mp4", "error:UnreadableVideo")
def _(path: Path, clip: Clip) -> None:
    # The container says 320 x 240, the stream inside 16384 x 8704.
    source = path.with_name("giant_h264.mp4")
    if not source.exists():
        giant_h264(source, clip)
    data = source.read_bytes()
    for layout, factor in ((">HH", 1), (">II", 65536)):
        real = struct.pack(layout, 16384 % 65536 * factor, 8704 * factor)
        data = data.replace(real, struct.pack(layout, 320 * factor, 240 * factor))
    path.write_bytes(data)


def _write_grey(
    path: Path, codec: str, width: int, height: int, n: int, options: dict[str, str]
) -> None:
    with av.open(str(path), "w") as out:
        stream = out.add_stream(codec, rate=10, options=options)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        frame = av.VideoFrame(width, height, "yuv420p")
        for plane in frame.planes:
            np.frombuffer(plane, np.uint8)[:] = 100
        for i in range(n):
            frame.pts = i
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


# ----------------------------------------------------------------------------- unusual, but good


@case("four_k.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    large = (np.kron(p, np.ones((2, 2, 1), np.uint8)) for p in pattern(18, 1920, 1080).pictures)
    write(path, large, times(clip, 18, fps=15))


@case("live.webm", "ok")
def _(path: Path, clip: Clip) -> None:
    # As a browser's recorder writes it: no duration, no index, clusters of unknown size.
    options = {"deadline": "realtime", "cpu-used": "8", "b": "1M"}
    write(path, clip.pictures, times(clip), codec="libvpx", options=options, muxer={"live": "1"})


@case("live.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    flags = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
    write(path, clip.pictures, times(clip), options={"g": "15"}, muxer=flags)


@case("vfr.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, vfr_times(len(clip.pictures), float(clip.fps)))


def vfr_times(n: int, fps: float, seed: int = 2) -> list[float]:
    """Times in seconds of a phone that slows down in poor light: gaps of 0.6 to 2.5 frames."""
    gaps = np.random.default_rng(seed).uniform(0.6, 2.5, n - 1) / fps
    return [float(t) for t in np.concatenate([[0], np.cumsum(gaps)])]


for _degrees in (90, 180, 270):

    @case(f"rotated_{_degrees}.mp4", "ok")
    def _(path: Path, clip: Clip, degrees: int = _degrees) -> None:
        # Stored turned back, so that a person who sees the file sees the clip upright.
        turned = [np.ascontiguousarray(np.rot90(p, degrees // 90)) for p in clip.pictures]
        write(path, turned, times(clip), rotation_deg=degrees)


@case("wrong_extension.avi", "ok")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, times(clip), container="mp4")


for _name, _format in (("hevc_8bit.mov", "yuv420p"), ("hevc_10bit.mov", "yuv420p10le")):

    @case(_name, "ok")
    def _(path: Path, clip: Clip, pix_fmt: str = _format) -> None:
        options = {"preset": "ultrafast", "x265-params": "log-level=none"}
        write(path, clip.pictures, times(clip), codec="libx265", options=options, pix_fmt=pix_fmt)


@case("vp9.webm", "ok")
def _(path: Path, clip: Clip) -> None:
    options = {"deadline": "realtime", "cpu-used": "8", "b": "1M"}
    write(path, clip.pictures, times(clip), codec="libvpx-vp9", options=options)


@case("camcorder.ts", "ok")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, times(clip))


@case("old_camera.avi", "ok")
def _(path: Path, clip: Clip) -> None:
    with av.open(str(path), "w") as out:
        rate = round(clip.fps)
        stream = out.add_stream("mjpeg", rate=rate)
        stream.height, stream.width = clip.pictures[0].shape[:2]
        stream.pix_fmt = "yuvj420p"
        for i, picture in enumerate(clip.pictures):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.pts, frame.time_base = i, Fraction(1, rate)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))


@case("late_start.mkv", "ok")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, [t + 3 for t in times(clip)])


@case("wide_pixels.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    # Every second column is stored; the player must stretch them.
    narrow = [np.ascontiguousarray(p[:, ::2][:, : p.shape[1] // 4 * 2]) for p in clip.pictures]
    write(path, narrow, times(clip), pixel_aspect=Fraction(2, 1))


@case("zero_duration.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    write(path, clip.pictures, times(clip))
    data = bytearray(path.read_bytes())
    for box, offset in ((b"mvhd", 20), (b"mdhd", 20), (b"tkhd", 24)):
        at = data.index(box) + offset
        data[at : at + 4] = bytes(4)
    path.write_bytes(data)


@case("nobody.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    chance = np.random.default_rng(3)
    noise = (chance.integers(100, 140, (240, 320, 3), np.uint8) for _ in range(60))
    write(path, noise, times(clip, 60, fps=30))


@case("same_millisecond.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    when = times(clip)
    when[10] = when[9] + 9 * SMOOTH
    write(path, clip.pictures, when)


@case("fps_5.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    pictures = clip.pictures[:: max(1, round(clip.fps / 5))]
    write(path, (pictures * 20)[: max(20, len(pictures))], times(clip, 200, fps=5))


@case("fps_120.mp4", "ok")
def _(path: Path, clip: Clip) -> None:
    each = max(1, round(120 / clip.fps))
    slow = [picture for picture in clip.pictures for _ in range(each)]
    write(path, (slow * 2)[: max(150, len(slow))], times(clip, 2 * len(slow), fps=120))


for _name in ("=1+1.mp4", "..péa ☂ %03d #%2e.mp4", "-rf.mp4"):

    @case(_name, "ok")
    def _(path: Path, clip: Clip) -> None:
        write(path, clip.pictures, times(clip))


def make(folder: Path, clip: Clip | None = None, names: Iterable[str] | None = None) -> list[Path]:
    """Write the files of `CASES` (or those named) into a folder and return their paths."""
    folder.mkdir(parents=True, exist_ok=True)
    clip = clip or pattern()
    paths = []
    for name in names or CASES:
        paths.append(folder / name)
        _MAKERS[name](paths[-1], clip)
    return paths


def main() -> None:
    """Write the files and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--clip", type=Path, help="a recording of a person")
    arguments = parser.parse_args()
    for path in make(arguments.folder, from_video(arguments.clip) if arguments.clip else None):
        sys.stdout.write(f"{CASES[path.name]:24} {path.name}\n")


if __name__ == "__main__":
    main()
