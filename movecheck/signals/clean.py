"""From raw landmarks to landmarks that can be measured."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movecheck.signals.gaps import outliers
from movecheck.signals.smooth import low_pass, resample, uniform_grid
from movecheck.signals.swaps import find_swaps, swap_legs
from movecheck.skeleton import INDEX
from movecheck.types import FloatArray, PoseTrack, State

COLUMNS_AT_ONCE = 73  # one side of the silhouette's edge, or all landmarks (our own choice)


@dataclass(frozen=True)
class Cleaning:
    """How landmarks are cleaned.

    Attributes
    ----------
    min_visibility : float
        A landmark below it is missing. 0.5 is the model's own even odds (our own choice).
    outlier_window_s, outlier_least : float
        Width of the running median; least deviation that counts, as a fraction of body size.
    swap_price : float
        What an exchange of left and right costs, as a fraction of body size.
    max_gap_s : float
        Longest gap that is bridged (our own choice: a tenth of a slow repetition).
    cutoff_hz : float
        Low-pass; 4 Hz is what OpenCap Monocular uses for squat and sit to stand
        (Gilon et al. 2025).
    max_rate_hz : float
        Finest time grid.
    """

    min_visibility: float = 0.5
    outlier_window_s: float = 0.35
    outlier_least: float = 0.03
    swap_price: float = 0.01
    max_gap_s: float = 0.25
    cutoff_hz: float = 4.0
    max_rate_hz: float = 60.0


def body_size_px(xy_px: FloatArray) -> float:
    """Return hip-to-knee-to-ankle plus hip-to-shoulder, the longest in 95 % of frames, in px."""

    def length(a: str, b: str) -> FloatArray:
        sides = [
            np.linalg.norm(xy_px[:, INDEX[f"{s}_{a}"]] - xy_px[:, INDEX[f"{s}_{b}"]], axis=-1)
            for s in ("left", "right")
        ]
        return np.asarray(np.fmax(*sides))

    total = length("shoulder", "hip") + length("hip", "knee") + length("knee", "ankle")
    known = total[np.isfinite(total)]
    return float(np.percentile(known, 95)) if len(known) else float("nan")


def within_picture(track: PoseTrack) -> PoseTrack:
    """Return a raw track in which landmarks outside the picture have visibility 0.

    The model places the whole body, also what the picture cuts off, and gives that part a
    visibility of up to 0.97.
    """
    size = [track.recording.width_px, track.recording.height_px]
    inside = ((track.xy_px >= 0) & (track.xy_px <= size)).all(axis=-1)
    return replace(track, visibility=np.where(inside, track.visibility, 0.0))


def clean(track: PoseTrack, how: Cleaning | None = None) -> PoseTrack:
    """Gate, repair, fill, resample and smooth the landmarks of a raw track.

    Parameters
    ----------
    track : PoseTrack
        As the pose model gave it.
    how : Cleaning, optional
        Settings.

    Returns
    -------
    PoseTrack
        On a uniform time grid. `state` says of each landmark whether it was measured (also when
        left and right were put right), filled, or is missing (NaN).
    """
    how = how or Cleaning()
    size = body_size_px(track.xy_px)
    if len(track.time_s) < 3 or not size > 0:
        return replace(
            track,
            xy_px=np.full_like(track.xy_px, np.nan),
            edge_px=np.full_like(track.edge_px, np.nan),
            state=np.full_like(track.state, State.MISSING),
        )
    swaps = find_swaps(track.xy_px, how.swap_price * size)
    xy = swap_legs(track.xy_px, swaps)
    visibility = swap_legs(track.visibility, swaps)
    # The gate comes after the repair: a swapped leg carries its visibility with it.
    xy[visibility < how.min_visibility] = np.nan
    xy[outliers(track.time_s, xy, how.outlier_window_s, how.outlier_least * size)] = np.nan
    return _on_grid(track, xy, visibility, how)


def _on_grid(track: PoseTrack, xy: FloatArray, visibility: FloatArray, how: Cleaning) -> PoseTrack:
    time_s = track.time_s
    grid = uniform_grid(time_s, how.max_rate_hz)
    rate = 1 / float(grid[1] - grid[0])
    # A slow camera makes every step a gap unless the limit knows the frame rate.
    limit = max(how.max_gap_s, 1.5 * float(np.median(np.diff(time_s))))
    middles = (time_s[1:] + time_s[:-1]) / 2
    nearest = np.searchsorted(middles, grid)
    # As frames mostly come at even times, most of what is not smoothed need not be copied.
    as_they_are = np.array_equal(nearest, np.arange(len(time_s)))

    def at_grid(values: NDArray[Any]) -> NDArray[Any]:
        return values if as_they_are else values[nearest]

    # The edge is kept as distances from the trunk's line; both are smoothed alike, so they fit.
    def smooth(values: FloatArray) -> FloatArray:
        columns = values.reshape(len(values), -1)
        out = np.empty((len(grid), columns.shape[1]))
        # Few columns at a time, since an hour of all of them takes some 200 MB, three times over.
        for k in range(0, columns.shape[1], COLUMNS_AT_ONCE):
            some = slice(k, k + COLUMNS_AT_ONCE)
            out[:, some] = low_pass(
                resample(time_s, columns[:, some], grid, limit), rate, how.cutoff_hz
            )
        return out.reshape(len(grid), *values.shape[1:])

    out = smooth(xy)
    known = np.isfinite(out).all(axis=-1)
    seen = at_grid(np.asarray(np.isfinite(xy).all(axis=-1)))
    state = np.where(known, np.where(seen, State.MEASURED, State.FILLED), State.MISSING)
    return replace(
        track,
        time_s=grid,
        xy_px=out,
        visibility=at_grid(visibility),
        world_m=at_grid(track.world_m),
        edge_px=smooth(track.edge_px),
        people=at_grid(track.people),
        brightness=at_grid(track.brightness),
        camera_shift_px=at_grid(track.camera_shift_px),
        camera_roll_deg=at_grid(track.camera_roll_deg),
        state=state.astype(np.int8),
    )
