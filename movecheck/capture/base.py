"""What all sources of pictures have in common."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from types import TracebackType
from typing import Protocol, Self

import numpy as np

from movecheck.types import Frame, Recording

COMPLETE_SHARE = 0.95
"""Share of the declared duration that must have been read for a complete recording (our choice)."""


class FrameSource(Protocol):
    """Pictures in the order of their times, as a context manager and an iterable of `Frame`.

    Times start at 0 and rise strictly. All pictures of one source have one size, which may be
    smaller than the real one: landmarks found in a picture, times `scale`, are pixels of the
    full picture (or normalised landmarks times ``recording.width_px`` and ``height_px``).
    """

    @property
    def scale(self) -> float:
        """Full size divided by the size of the pictures given, 1 or more."""

    @property
    def declared_duration_s(self) -> float:
        """Duration known beforehand, for progress; NaN when there is none."""

    @property
    def recording(self) -> Recording:
        """What has been read so far; whole after the last frame.

        Raises
        ------
        RuntimeError
            Before the first frame.
        """

    def __iter__(self) -> Iterator[Frame]:
        """Give frame after frame."""

    def __enter__(self) -> Self:
        """Return the source."""

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give file or camera back."""


class Tally:
    """Times of the frames read so far, and what follows from them.

    Parameters
    ----------
    declared_duration_s : float
        Duration that the source declares; NaN when it declares none.
    """

    def __init__(self, declared_duration_s: float = float("nan")) -> None:
        self.declared_duration_s = declared_duration_s
        self._times = array("d")
        self._origin_s = 0.0
        self.dropped = 0

    def add(self, time_s: float) -> float | None:
        """Count a frame; return its time from the first one, or None when it must be dropped.

        A frame whose time is not later than the one before has no time of its own: a made-up one
        would be a made-up speed, so the frame goes.
        """
        if not self._times:
            self._origin_s = time_s
        since_first_s = time_s - self._origin_s
        if not np.isfinite(since_first_s) or (self._times and since_first_s <= self._times[-1]):
            self.dropped += 1
            return None
        self._times.append(since_first_s)
        return since_first_s

    def __len__(self) -> int:
        return len(self._times)

    @property
    def step_s(self) -> float:
        """Median time between frames, in seconds; NaN for fewer than two frames.

        Matroska keeps whole milliseconds (33, 33, 34), so the median is refined by the mean over
        the steps that agree with it to a millisecond.
        """
        if len(self) < 2:
            return float("nan")
        steps_s = np.diff(self._times)
        median_s = np.median(steps_s)
        alike_s = steps_s[np.abs(steps_s - median_s) < 1.01e-3]
        return float(np.mean(alike_s) if len(alike_s) else median_s)

    @property
    def duration_s(self) -> float:
        """From the first frame to the end of the last one, in seconds; 0 for a single frame."""
        return float(self._times[-1] + self.step_s) if len(self) > 1 else 0.0

    @property
    def complete(self) -> bool:
        """False when the frames end before 95 % of the declared duration."""
        missing = self.duration_s < COMPLETE_SHARE * self.declared_duration_s  # NaN: not missing
        return not missing

    def recording(
        self, width_px: int, height_px: int, *, rotated_deg: int = 0, complete: bool = True
    ) -> Recording:
        """Return what is known; `complete` is False when the caller knows that pictures are lost.

        Raises
        ------
        RuntimeError
            Before the first frame.
        """
        if not self._times:
            raise RuntimeError("The recording is known once its frames have been read.")
        return Recording(
            duration_s=self.duration_s,
            fps=1 / self.step_s,
            width_px=width_px,
            height_px=height_px,
            rotated_deg=rotated_deg,
            n_frames=len(self),
            declared_duration_s=self.declared_duration_s,
            complete=complete and self.complete,
        )
