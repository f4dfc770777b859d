"""The public fake: pictures from memory, so that tests need neither a video nor a camera."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from movecheck.capture.base import Tally
from movecheck.types import Frame, Recording, check_shape, check_time


class ArrayFrames:
    """A `FrameSource` over an array of pictures.

    Parameters
    ----------
    frames : ndarray of uint8, shape (n, height, width, 3)
        Pictures in RGB.
    time_s : array_like, shape (n,)
        Time of each picture in seconds, strictly rising; the first one counts as 0.
    declared_duration_s : float, optional
        Duration that the "file" declares; longer than the pictures makes it incomplete.
    scale : float, optional
        Full size divided by the size of `frames`.

    Raises
    ------
    ValueError
        When shapes do not fit or the times do not rise.
    """

    def __init__(
        self,
        frames: NDArray[np.uint8],
        time_s: ArrayLike,
        *,
        declared_duration_s: float = float("nan"),
        scale: float = 1.0,
    ) -> None:
        check_shape("frames", frames, (None, None, None, 3))
        self._time_s = np.asarray(time_s, dtype=np.float64)
        check_time(self._time_s)
        check_shape("time_s", self._time_s, (len(frames),))
        self._frames = frames
        self._tally = Tally(declared_duration_s)
        self.declared_duration_s = declared_duration_s
        self.scale = scale

    def __iter__(self) -> Iterator[Frame]:
        self._tally = Tally(self.declared_duration_s)
        for time_s, picture in zip(self._time_s, self._frames, strict=True):
            since_first_s = self._tally.add(float(time_s))
            if since_first_s is not None:
                yield Frame(since_first_s, np.ascontiguousarray(picture))

    @property
    def recording(self) -> Recording:
        """What has been read so far; RuntimeError before the first frame."""
        height_px, width_px = (round(side * self.scale) for side in self._frames.shape[1:3])
        return self._tally.recording(width_px, height_px)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        pass
