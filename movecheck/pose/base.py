"""What a pose model gives for one frame, and what it must offer."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import cv2
import numpy as np
from numpy.typing import NDArray

from movecheck.skeleton import MIRROR
from movecheck.types import EDGE_STATIONS, N_LANDMARKS, FloatArray, check_shape


@dataclass(frozen=True)
class Landmarks:
    """One person in one frame.

    Attributes
    ----------
    xy_px : ndarray, shape (33, 2)
        Landmarks in pixels of the frame given, x right, y down.
    visibility : ndarray, shape (33,)
        0 to 1.
    world_m : ndarray, shape (33, 3)
        Metres about mid-hip.
    edge_px : ndarray, shape (2, 73)
        Silhouette edge, see `movecheck.types.PoseTrack`.
    """

    xy_px: FloatArray
    visibility: FloatArray
    world_m: FloatArray
    edge_px: FloatArray

    def __post_init__(self) -> None:
        check_shape("xy_px", self.xy_px, (N_LANDMARKS, 2))
        check_shape("visibility", self.visibility, (N_LANDMARKS,))
        check_shape("world_m", self.world_m, (N_LANDMARKS, 3))
        check_shape("edge_px", self.edge_px, (2, len(EDGE_STATIONS)))

    @classmethod
    def absent(cls) -> Landmarks:
        """Nobody is seen: all NaN, visibility 0."""
        nan = np.nan
        return cls(
            np.full((N_LANDMARKS, 2), nan),
            np.zeros(N_LANDMARKS),
            np.full((N_LANDMARKS, 3), nan),
            np.full((2, len(EDGE_STATIONS)), nan),
        )

    def mirrored(self, width_px: int) -> Landmarks:
        """Return the same person as the mirror image of a frame `width_px` wide shows them."""
        xy_px, world_m = self.xy_px[MIRROR], self.world_m[MIRROR]
        return Landmarks(
            np.column_stack([width_px - xy_px[:, 0], xy_px[:, 1]]),
            self.visibility[MIRROR],
            world_m * [-1.0, 1.0, 1.0],
            self.edge_px[::-1].copy(),
        )

    @classmethod
    def blend(cls, *readings: tuple[float, Landmarks]) -> Landmarks:
        """Return the weighted sum of readings of one person; the weights add up to 1."""

        def total(name: str) -> FloatArray:
            return np.asarray(sum(share * getattr(person, name) for share, person in readings))

        visibility = np.clip(total("visibility"), 0, 1)
        return cls(total("xy_px"), visibility, total("world_m"), total("edge_px"))


def mean_colour(rgb: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return the mean colour of a picture, rounded down; a hundred times as fast as NumPy's."""
    total = cv2.sumElems(np.ascontiguousarray(rgb))[:3]
    return np.asarray(np.floor_divide(total, rgb.shape[0] * rgb.shape[1]), np.uint8)


Outcome = Callable[[], "Landmarks | None"]
"""Waits for what was found in a frame, and returns it."""


class PoseModel(Protocol):
    """Finds one person, frame after frame of one recording. Stateful: one a recording."""

    @property
    def info(self) -> Mapping[str, str]:
        """Name, sha256 and versions, for the provenance of results."""

    def __call__(self, rgb: NDArray[np.uint8], time_s: float) -> Landmarks | None:
        """Return the person in a contiguous RGB frame, or None; `time_s` must rise."""

    def begin(self, rgb: NDArray[np.uint8], time_s: float) -> Outcome:
        """Start to do the same; more frames may be begun before the outcome is asked for.

        Outcomes are asked for in the order of the frames, each once.
        """

    def count_people(self, rgb: NDArray[np.uint8], person: Landmarks | None) -> int:
        """Return how many people are in a frame: `person`, and at most one other."""

    def close(self) -> None:
        """Release the model."""

    def __enter__(self) -> PoseModel: ...

    def __exit__(self, *exc: Any) -> None: ...
