"""A camera that is held by hand: its motion, and landmarks as a camera on a stand sees them."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from movecheck.signals.clean import body_size_px
from movecheck.signals.fit.observe import SIZE_OF_STATURE
from movecheck.signals.smooth import resample
from movecheck.types import FloatArray, PoseTrack

# These are our own choice. Cameras on stands were seen to move by at most 0.03 degrees and 1 px.
STILL_ROLL_DEG = 0.2
STILL_SHIFT = 0.005  # of the person's height
LONGEST_GAP_S = 0.5  # between two looks at the background
LEAST_KNOWN = 0.8  # of the frames, to take the motion out of the landmarks


@dataclass(frozen=True)
class CameraMotion:
    """How far the camera's picture goes to and fro during a recording.

    Attributes
    ----------
    roll_deg : float
        Range of its turn; NaN when the background never showed it.
    shift : float
        Range of its shift, as a share of the person's height.
    path : ndarray, shape (n, 3)
        Shift right and down in px, clockwise turn in degrees; NaN where it is not known from
        looks at most `LONGEST_GAP_S` apart.
    """

    roll_deg: float
    shift: float
    path: FloatArray

    @property
    def moves(self) -> bool:
        """Whether it is seen to move more than a camera on a stand."""
        return self.roll_deg > STILL_ROLL_DEG or self.shift > STILL_SHIFT

    @property
    def followed(self) -> bool:
        """Whether the camera moves, and nearly all of its motion is known."""
        known = float(np.isfinite(self.path).all(axis=1).mean()) if len(self.path) else 0.0
        return self.moves and known >= LEAST_KNOWN


def camera_motion(track: PoseTrack) -> CameraMotion:
    """Return the camera's motion, between the frames whose background was looked at too."""
    looks = np.column_stack([track.camera_shift_px, track.camera_roll_deg])
    path = resample(track.time_s, looks, track.time_s, LONGEST_GAP_S)
    seen = path[np.isfinite(path).all(axis=1)]
    if not len(seen):
        return CameraMotion(float("nan"), float("nan"), path)
    right, down, roll = np.ptp(seen, axis=0)
    shift = np.hypot(right, down) * SIZE_OF_STATURE / body_size_px(track.xy_px)
    return CameraMotion(float(roll), float(shift), path)


def steadied(track: PoseTrack, motion: CameraMotion) -> PoseTrack:
    """Return landmarks as a camera that stays as it is in the first frame would see them.

    A camera that is not `followed` is taken for one on a stand.

    What a hand does to a phone is a turn of the camera about its own axes, to a good part: it
    shifts and turns the picture of near and far things alike (a turn about the vertical by 3
    degrees also stretches it, by less than 2 % in the middle half of a picture). Landmarks of
    frames whose motion is not known are not seen.
    """
    if not motion.followed:
        return track
    return _moved(track, -motion.path, inverse=True)


def as_filmed(track: PoseTrack, raw: PoseTrack, motion: CameraMotion) -> PoseTrack:
    """Put a track that was steadied, on its own time grid, back into the picture as filmed."""
    if not motion.followed:
        return track
    path = np.column_stack(
        [np.interp(track.time_s, raw.time_s, np.nan_to_num(column)) for column in motion.path.T]
    )
    return _moved(track, path, inverse=False)


def _moved(track: PoseTrack, path: FloatArray, *, inverse: bool) -> PoseTrack:
    """Shift and turn landmarks about the picture's middle; `inverse` shifts before it turns."""
    middle = np.array([track.recording.width_px, track.recording.height_px]) / 2
    shift, turn = path[:, None, :2], np.radians(path[:, 2])
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])

    def turned(points: FloatArray) -> FloatArray:
        return np.asarray(np.einsum("ijn,nkj->nki", rotation, points))

    from_middle = track.xy_px - middle
    moved = turned(from_middle + shift) if inverse else turned(from_middle) + shift
    world = track.world_m.copy()
    world[..., :2] = turned(world[..., :2])
    return replace(track, xy_px=moved + middle, world_m=world)
