"""Reading ahead changes neither the frames nor the errors."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import numpy as np
import pytest

from movecheck.ahead import ahead
from movecheck.errors import UnreadableVideo
from movecheck.types import Frame


def frames(n: int, fail_at: int | None = None, log: list[int] | None = None) -> Iterator[Frame]:
    for i in range(n):
        if i == fail_at:
            raise UnreadableVideo("cut off")
        if log is not None:
            log.append(i)
        yield Frame(float(i), np.full((2, 2, 3), i, np.uint8))


def readers() -> int:
    return sum(thread.name == "movecheck-reader" for thread in threading.enumerate())


@pytest.mark.parametrize("n", [0, 1, 2, 3, 50])
def test_the_same_frames_in_the_same_order(n: int):
    found = [(frame.time_s, int(frame.rgb[0, 0, 0])) for frame in ahead(frames(n))]
    assert found == [(float(i), i) for i in range(n)]
    assert readers() == 0


def test_an_error_comes_after_the_frames_before_it():
    found: list[float] = []
    with pytest.raises(UnreadableVideo, match="cut off"):
        found.extend(frame.time_s for frame in ahead(frames(9, fail_at=5)))
    assert found == [0, 1, 2, 3, 4]
    assert readers() == 0


def test_no_more_is_read_than_there_is_room():
    log: list[int] = []
    source = ahead(frames(50, log=log), room=2)
    next(source)
    until = time.monotonic() + 5
    while len(log) < 4 and time.monotonic() < until:
        time.sleep(0.01)
    time.sleep(0.05)
    assert len(log) == 4  # one given, two waiting, one in the hand
    source.close()
    assert readers() == 0
    assert len(log) <= 5
