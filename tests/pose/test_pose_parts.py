"""Parts of a recording, joined, and the pose processes that look at them."""

from __future__ import annotations

import dataclasses
import math
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from test_pose_steady import room, seen

from movecheck import process
from movecheck.capture.spans import Span
from movecheck.errors import ModelMissing, MoveCheckError, WorkerFailed
from movecheck.pose.base import Landmarks
from movecheck.pose.fake import FakePose
from movecheck.pose.model import find
from movecheck.pose.track import Joined, Part, TrackBuilder
from movecheck.settings import Settings
from movecheck.types import Frame, PoseTrack, Recording

SAMPLE = Path(__file__).parents[2] / "samples" / "squat_side.mp4"
N, RATE = 90, 30.0
RECORDING = Recording(N / RATE, RATE, 720, 1280, n_frames=N)


def same(a: PoseTrack, b: PoseTrack) -> bool:
    return all(
        np.array_equal(x, y, equal_nan=True) if isinstance(x, np.ndarray) else repr(x) == repr(y)
        for x, y in (
            (getattr(a, f.name), getattr(b, f.name)) for f in dataclasses.fields(PoseTrack)
        )
    )


def script(time_s: float) -> Landmarks | None:
    """Somebody who is away for a moment."""
    if 1.2 < time_s < 1.4:
        return None
    rng = np.random.default_rng(round(time_s * RATE))
    middle = rng.uniform((150, 250), (200, 300), (33, 2))
    return Landmarks(middle, rng.random(33), rng.random((33, 3)), rng.random((2, 73)) * 30)


def part_of(frames: list[Frame], start_s: float, whole: bool) -> Part:
    builder = TrackBuilder(FakePose(script), whole)
    for frame in frames:
        builder.add(frame)
    return builder.part(RECORDING, 2.0, start_s)


def test_parts_joined_are_the_whole():
    wall = room()
    # A camera that is carried: its motion goes on from part to part.
    frames = [Frame(i / RATE, seen(wall, 0.2 * i, -0.1 * i, 0.02 * i)) for i in range(N)]
    alone, joined = Joined(), Joined()
    alone.add(part_of(frames, 0.0, True))
    # Cut where others are counted and the background is looked at anyway, every 15th frame.
    joined.add(part_of(frames[:45], 0.0, False))
    joined.add(part_of(frames[30:], 45 / RATE, False))
    want, got = alone.track(RECORDING), joined.track(RECORDING)
    assert np.isfinite(want.camera_shift_px[:, 0]).sum() == N / 5
    shift, roll = want.camera_shift_px, want.camera_roll_deg
    np.testing.assert_allclose(got.camera_shift_px, shift, atol=0.05)
    np.testing.assert_allclose(got.camera_roll_deg, roll, atol=0.01)
    assert same(dataclasses.replace(got, camera_shift_px=shift, camera_roll_deg=roll), want)


def _has_model() -> bool:
    try:
        return find(Settings()) is not None
    except ModelMissing:
        return False


def _middle(i: int) -> float:
    return (i - 0.5) / RATE if i else 0.0


@pytest.mark.slow
@pytest.mark.skipif(not _has_model(), reason="NO POSE MODEL: run 'movecheck setup'")
def test_the_number_of_processes_changes_no_digit(monkeypatch: pytest.MonkeyPatch):
    settings = Settings(max_duration_s=20)
    cuts = [0, 40, 80, 120]
    parts = [Span(_middle(a), _middle(b), _middle(max(0, a - 30)))
             for a, b in pairwise(cuts)]  # fmt: skip
    monkeypatch.setattr(process, "spans", lambda *_: parts)
    told: list[float] = []
    one = process.look(SAMPLE, settings, lambda _, share: told.append(share or 0.0), workers=1)
    two = process.look(SAMPLE, settings, workers=2)
    assert len(one.time_s) == cuts[-1]
    assert same(one, two)
    assert told == sorted(told)
    # In one piece: the same but for how the tracker settles.
    monkeypatch.setattr(process, "spans", lambda *_: [Span(0.0, _middle(cuts[-1]))])
    whole = process.look(SAMPLE, settings)
    np.testing.assert_array_equal(one.xy_px[:40], whole.xy_px[:40])
    apart = np.linalg.norm(one.xy_px[:, 11:29] - whole.xy_px[:, 11:29], axis=-1)
    assert np.median(apart[40:]) < 3.0
    # What cannot be read in parts is read in one piece.
    late = [Span(0.0, 2.0), Span(2.0, math.inf, 1e3)]
    monkeypatch.setattr(process, "spans", lambda *_: late)
    undivided = process.look(SAMPLE, settings)
    assert undivided.recording.complete
    assert len(undivided.time_s) > 300


@pytest.mark.slow
@pytest.mark.skipif(not _has_model(), reason="NO POSE MODEL: run 'movecheck setup'")
def test_a_process_takes_one_recording_after_the_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    started: list[Any] = []
    real = process.Crew._start

    def start(crew: process.Crew) -> Any:
        started.append(real(crew))
        return started[-1]

    monkeypatch.setattr(process.Crew, "_start", start)
    monkeypatch.setattr(process, "spans", lambda *_: [Span(0.0, 0.5)])
    settings = Settings()
    alone = process.look(SAMPLE, settings)
    with process.Crew(settings) as crew:
        first = process.look(SAMPLE, settings, crew=crew)
        second = process.look(SAMPLE, settings, crew=crew)
        assert same(alone, first)
        assert same(alone, second)
        assert len(started) == 2
        # One that died at rest is an error of that recording; the next one has a new process.
        started[-1].kill()
        started[-1].wait()
        with pytest.raises(WorkerFailed):
            process.look(SAMPLE, settings, crew=crew)
        assert same(alone, process.look(SAMPLE, settings, crew=crew))
        # So does one whose recording turned out to be of no use.
        monkeypatch.setattr(process, "spans", lambda *_: [Span()])
        broken = tmp_path / "broken.mp4"
        broken.write_bytes(SAMPLE.read_bytes()[: SAMPLE.stat().st_size // 12])
        with pytest.raises(MoveCheckError):
            process.look(broken, settings, crew=crew)
    assert all(one.returncode is not None for one in started)
