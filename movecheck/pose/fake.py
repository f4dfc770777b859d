"""A scripted pose model: the public fake for tests and for tools built on movecheck."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movecheck.pose.base import Landmarks, Outcome


class FakePose:
    """Gives the landmarks that a script says, whatever the picture shows.

    Parameters
    ----------
    script : callable
        Takes the time in seconds; returns `Landmarks`, or None for nobody.
    people : int
        What `count_people` answers.

    Examples
    --------
    >>> import numpy as np
    >>> nobody = FakePose(lambda time_s: None, people=0)
    >>> nobody(np.zeros((4, 4, 3), np.uint8), 0.0) is None
    True
    """

    def __init__(self, script: Callable[[float], Landmarks | None], people: int = 1) -> None:
        self._script = script
        self._people = people
        self._last_s = -np.inf
        self.closed = False

    @property
    def info(self) -> Mapping[str, str]:
        """Say that this is no real model."""
        return {"name": "fake", "sha256": "", "mediapipe": "", "opencv": ""}

    def __call__(self, rgb: NDArray[np.uint8], time_s: float) -> Landmarks | None:
        """Return what the script says at `time_s`, which must rise from call to call."""
        if time_s <= self._last_s:
            raise ValueError("Expected time_s to rise strictly.")
        self._last_s = time_s
        return self._script(time_s)

    def begin(self, rgb: NDArray[np.uint8], time_s: float) -> Outcome:
        """Ask the script at once."""
        found = self(rgb, time_s)
        return lambda: found

    def count_people(self, rgb: NDArray[np.uint8], person: Landmarks | None) -> int:
        """Return the scripted number."""
        return self._people

    def close(self) -> None:
        """Remember that it was called."""
        self.closed = True

    def __enter__(self) -> FakePose:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()
