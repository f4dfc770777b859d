"""One person of several: the picture outside the part that holds them is painted out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movecheck.corrections import Region, region_text
from movecheck.pose.base import Landmarks, Outcome, PoseModel, mean_colour


class WithinRegion:
    """A pose model that sees but a part of the picture's width.

    The picture keeps its size, so that landmarks need no turning back, and the background's motion
    is still looked for in the whole of it. What is painted out has the mean colour of the part
    that is left, so that its edge is no brighter or darker than the picture.

    Parameters
    ----------
    model : PoseModel
        The model that looks.
    region : tuple of float
        From and to as shares of the width.
    """

    def __init__(self, model: PoseModel, region: Region) -> None:
        self._model = model
        self._region = region

    @property
    def info(self) -> Mapping[str, str]:
        """Name, sha256 and versions of the model, and the part that it saw."""
        return {**self._model.info, "region": region_text(self._region)}

    def __call__(self, rgb: NDArray[np.uint8], time_s: float) -> Landmarks | None:
        """Return the person in the part, or None."""
        return self._model(self.seen(rgb), time_s)

    def begin(self, rgb: NDArray[np.uint8], time_s: float) -> Outcome:
        """Start to look for the person in the part."""
        return self._model.begin(self.seen(rgb), time_s)

    def count_people(self, rgb: NDArray[np.uint8], person: Landmarks | None) -> int:
        """Return how many people are in the part."""
        return self._model.count_people(self.seen(rgb), person)

    def seen(self, rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return the picture as the model sees it."""
        left, right = (round(share * rgb.shape[1]) for share in self._region)
        part = rgb[:, left:right]
        out = np.empty_like(rgb)
        out[:] = mean_colour(part)
        out[:, left:right] = part
        return out

    def close(self) -> None:
        """Release the model."""
        self._model.close()

    def __enter__(self) -> WithinRegion:
        return self

    def __exit__(self, *exc: Any) -> None:
        self.close()
