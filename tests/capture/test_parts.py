"""A long recording in parts: together they are the whole, picture for picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import av
import numpy as np
import pytest

from movecheck.capture import Probe, VideoFile, probe
from movecheck.capture.spans import PART_S, WARM_UP_S, WHOLE, Span, spans
from movecheck.settings import Settings

SECONDS, RATE = 190, 8


def film(path: Path, seconds: int = SECONDS, b_frames: int = 2) -> Path:
    """Write pictures that differ from frame to frame; keyframes are 11 s apart."""
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=RATE)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        stream.options = {"preset": "ultrafast", "g": str(11 * RATE), "bf": str(b_frames)}
        for i in range(seconds * RATE):
            grey = np.full((48, 64, 3), 30 + i * 7 % 190, np.uint8)
            picture = av.VideoFrame.from_ndarray(grey, "rgb24")
            picture.pts = i
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    return path


@pytest.fixture(scope="module", params=["mp4", "mkv", "webm"])
def video(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("long")
    if request.param != "webm":
        return film(folder / f"long.{request.param}")
    # As browsers record: no duration, no index.
    film(folder / "long.mkv", b_frames=0)
    with (
        av.open(str(folder / "long.mkv")) as source,
        av.open(str(folder / "long.webm"), "w", format="matroska", options={"live": "1"}) as out,
    ):
        stream = source.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for packet in source.demux(stream):
            if packet.dts is not None:
                packet.stream = copy
                out.mux(packet)
    return folder / "long.webm"


@pytest.mark.parametrize("every", [1, 3])
def test_parts_together_are_the_whole(video: Path, every: int):
    settings = Settings(every=every)
    parts = spans(probe(video, settings), settings)
    assert len(parts) == round(SECONDS / PART_S) == 3
    with VideoFile(video, settings) as source:
        whole = [(f.time_s, int(f.rgb[20, 20, 0])) for f in source]
    joined = []
    for part in parts:
        with VideoFile(video, settings, part) as source:
            read = [(f.time_s, int(f.rgb[20, 20, 0])) for f in source]
            assert source.flawless
        own = [frame for frame in read if frame[0] >= part.start_s]
        warm_up_s = own[0][0] - read[0][0]
        assert warm_up_s == pytest.approx(WARM_UP_S if part.start_s else 0, abs=3 * every / RATE)
        # The model looks at frames in two ways in turn: each keeps the way that it would have had.
        assert (whole.index(own[0]) - (len(read) - len(own))) % 2 == 0
        joined += own
    assert joined == whole


def test_parts_do_not_depend_on_what_a_file_declares(video: Path):
    settings = Settings()
    known = probe(video, settings)
    for declared_s in (np.nan, 95.0, 1e6):
        assert spans(replace(known, declared_duration_s=declared_s), settings) == spans(
            known, settings
        )


def test_what_is_short_or_too_long_is_not_divided(tmp_path: Path):
    short = film(tmp_path / "short.mp4", seconds=80)
    assert spans(probe(short, Settings()), Settings()) == [WHOLE]
    no_duration: Probe = replace(probe(short, Settings()), declared_duration_s=np.nan)
    assert spans(no_duration, Settings()) == [WHOLE]
    long = film(tmp_path / "long.mp4", seconds=125)
    assert len(spans(probe(long, Settings()), Settings())) == 2
    known = probe(long, Settings())
    assert spans(known, Settings(max_duration_s=100)) == [WHOLE]


def test_a_file_that_is_damaged_is_not_flawless(tmp_path: Path):
    path = film(tmp_path / "long.mp4")
    known = probe(path, Settings())
    data = bytearray(path.read_bytes())
    for i in range(len(data) // 2, len(data) // 2 + 2000):
        data[i] ^= 0x55
    path.write_bytes(data)
    sound = []
    for part in spans(known, Settings()):
        with VideoFile(path, Settings(), part) as source:
            list(source)
            sound.append(source.flawless)
    assert sound[0]
    assert not all(sound)


def test_a_transport_stream_is_not_divided(tmp_path: Path):
    path = film(tmp_path / "long.ts", seconds=125)
    assert spans(probe(path, Settings()), Settings()) == [WHOLE]


def test_a_part_begins_where_it_should(tmp_path: Path):
    path = film(tmp_path / "long.mp4", seconds=100)
    with VideoFile(path, Settings(), Span(50.0, 60.0, 45.0)) as source:
        times = [frame.time_s for frame in source]
        assert source.flawless
    assert times[0] == pytest.approx(45.0, abs=1 / RATE)
    assert times[-1] == pytest.approx(60.0 - 1 / RATE, abs=1e-6)
    with VideoFile(path, Settings(), Span(150.0, 160.0, 145.0)) as source:
        assert not list(source)
