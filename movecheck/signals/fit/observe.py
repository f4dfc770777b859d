"""What the fit sees: landmarks at about 8 poses a second, and how sure each of them is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from movecheck.signals.clean import Cleaning, body_size_px
from movecheck.signals.fit.body import AT, JOINTS, LANDMARK_OF, LENGTHS, SIDES, Assumptions, Offsets
from movecheck.signals.fit.stance import BoolArray, IntArray, footholds, quiet
from movecheck.signals.swaps import find_swaps, swap_legs
from movecheck.skeleton import INDEX
from movecheck.types import FloatArray, PoseTrack

# These are our own choice.
LEAST_VISIBILITY = 0.05  # a hidden landmark counts for next to nothing, but not for nothing
LEAST_POSES = 5
LEAST_SIZE_PX = 20.0
MOST_POSES = 3000  # six minutes at 8 a second; a longer recording is sampled more coarsely
SIZE_OF_STATURE = sum(LENGTHS[kind][0] for kind in ("thigh", "shank", "trunk"))


@dataclass(frozen=True)
class Observed:
    """The recording on the fit's own time grid of n poses.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Uniform.
    uv : ndarray, shape (n, 12, 2)
        Joints' landmarks in px from the picture's middle, x right, y down; 0 where unknown.
    weight : ndarray, shape (n, 12)
        Reciprocal of their standard deviation in px; 0 where unknown.
    world_m : ndarray, shape (n, 12, 3)
        The model's own joints about mid-hip in the camera's axes (right, up, towards the camera),
        scaled to the assumed stature.
    arms_m : ndarray, shape (n, 3)
        How far the arms move the centre of mass from where it is with their mass at the
        shoulders; same axes, from the model's own arms.
    raised : ndarray, shape (n, 2)
        How far each arm is raised: 0 hanging, 1 at right angles to the trunk.
    known, standing : ndarray of bool, shape (n,)
        Whether the body is seen; whether the person stands quiet and upright.
    hold : ndarray of int, shape (n, 2)
        Foothold of left and right foot, -1 while it does not stand; there are `n_holds`.
    focal_px, height_px : float
        Usual focal length; height of the standing body in the picture.
    """

    time_s: FloatArray
    uv: FloatArray
    weight: FloatArray
    world_m: FloatArray
    arms_m: FloatArray
    raised: FloatArray
    known: BoolArray
    standing: BoolArray
    hold: IntArray
    n_holds: int
    focal_px: float
    height_px: float

    @property
    def step_s(self) -> float:
        """Time between poses."""
        return float(self.time_s[1] - self.time_s[0])

    @property
    def main_holds(self) -> set[int]:
        """The foothold of each foot that it stands on longest."""
        counts = [np.bincount(side[side >= 0]) for side in self.hold.T]
        return {int(count.argmax()) for count in counts if len(count)}

    def landmarks(self, off: Offsets) -> FloatArray:
        """Return what makes landmarks of joints: (n, 12, 12), rows landmarks, columns joints."""
        out = np.tile(np.eye(len(JOINTS)), (len(self.time_s), 1, 1))

        def shift(joint: str, other: str, share: FloatArray | float) -> None:
            out[:, AT[joint], AT[joint]] -= share
            out[:, AT[joint], AT[other]] += share

        for k, (side, far) in enumerate((SIDES, SIDES[::-1])):
            shift(f"{side}_hip", f"{far}_hip", -off.hip_out)
            shift(f"{side}_ankle", f"{side}_knee", off.ankle_up)
            shift(f"{side}_heel", f"{side}_foot_index", off.heel_ahead)
            shift(f"{side}_shoulder", f"{side}_hip", -off.arm_up * self.raised[:, k])
            shift(f"{side}_shoulder", f"{far}_shoulder", off.arm_in * self.raised[:, k])
        return out


def observe(track: PoseTrack, how: Assumptions) -> Observed | None:
    """Bring a raw track to the fit's time grid; None when it shows too little of a body."""
    size = body_size_px(track.xy_px)
    seen = np.isfinite(track.xy_px[:, LANDMARK_OF]).all(axis=(1, 2))
    seen &= np.isfinite(track.world_m[:, LANDMARK_OF]).all(axis=(1, 2))
    # A comparison with NaN is False.
    if seen.sum() < LEAST_POSES or not size > LEAST_SIZE_PX:
        return None
    swaps = find_swaps(track.xy_px, Cleaning().swap_price * size)
    time_s = track.time_s[seen]
    step = max(1 / how.rate_hz, float(np.median(np.diff(track.time_s))))
    count = int(np.clip(round((time_s[-1] - time_s[0]) / step), LEAST_POSES - 1, MOST_POSES))
    grid = np.linspace(time_s[0], time_s[-1], count + 1)
    mean, known = _averager(time_s, grid)
    height = size / SIZE_OF_STATURE
    middle = np.array([track.recording.width_px, track.recording.height_px]) / 2

    def named(values: FloatArray) -> FloatArray:
        return np.asarray(swap_legs(values, swaps)[seen])

    off_middle = named(track.xy_px)[:, LANDMARK_OF] - middle
    uv = np.where(known[:, None, None], mean(off_middle), 0.0)
    visibility = mean(named(track.visibility)[:, LANDMARK_OF])
    sure = np.clip(np.nan_to_num(visibility), LEAST_VISIBILITY, 1.0)
    metres = _metres(named(track.world_m), how)
    hold, n_holds = footholds(uv / height, known, grid[1] - grid[0])
    return Observed(
        time_s=grid,
        uv=uv,
        weight=known[:, None] * sure**how.visibility_power / (how.pixel * height),
        world_m=mean(metres[:, LANDMARK_OF]),
        arms_m=mean(_arms(metres)),
        raised=mean(_raised(metres)),
        known=known,
        standing=quiet(uv / height, known, grid[1] - grid[0]),
        hold=hold,
        n_holds=n_holds,
        focal_px=float(middle.max() / np.tan(np.radians(how.fov_deg / 2))),
        height_px=height,
    )


def _averager(
    time_s: FloatArray, grid: FloatArray
) -> tuple[Callable[[FloatArray], FloatArray], BoolArray]:
    """Return a mean over the frames around each pose, and which poses have any frame.

    The weights fall linearly to zero one step away, so that a slow camera is interpolated and a
    fast one averaged.
    """
    n = len(grid)
    place = (time_s - grid[0]) / (grid[1] - grid[0])
    before = np.clip(place.astype(int), 0, n - 2)
    after = np.clip(place - before, 0.0, 1.0)
    frames = np.arange(len(time_s))
    share = csr_array(
        (np.r_[1 - after, after], (np.r_[before, before + 1], np.r_[frames, frames])),
        shape=(n, len(time_s)),
    )
    total = share.sum(axis=1)

    def mean(values: FloatArray) -> FloatArray:
        flat = np.nan_to_num(values).reshape(len(values), -1)
        return np.asarray(
            (share @ flat / np.maximum(total, 1e-9)[:, None]).reshape(n, *values.shape[1:])
        )

    return mean, total > 0.05


def _metres(world: FloatArray, how: Assumptions) -> FloatArray:
    """Turn the model's metres to the camera's axes and to the assumed stature."""
    own = world * [1.0, -1.0, -1.0]
    own -= own[:, [INDEX[f"{s}_hip"] for s in SIDES]].mean(axis=1, keepdims=True)
    legs = [
        np.linalg.norm(own[:, INDEX[f"{s}_{a}"]] - own[:, INDEX[f"{s}_{b}"]], axis=-1)
        for s in SIDES
        for a, b in (("hip", "knee"), ("knee", "ankle"))
    ]
    usual = how.stature_m * (LENGTHS["thigh"][0] + LENGTHS["shank"][0]) / 2
    own *= usual
    own /= max(float(np.nanmedian(legs)), 1e-6)
    return np.asarray(own)


def _arms(metres: FloatArray) -> FloatArray:
    """Shift of the centre of mass by the arms, shape (n, 3); masses of Winter's table 4.1."""
    out = np.zeros((len(metres), 3))
    for side in SIDES:
        shoulder, elbow, wrist = (
            metres[:, INDEX[f"{side}_{joint}"]] for joint in ("shoulder", "elbow", "wrist")
        )
        out += 0.028 * 0.436 * (elbow - shoulder)
        out += 0.022 * (elbow - shoulder + 0.682 * (wrist - elbow))
    return out


def _raised(metres: FloatArray) -> FloatArray:
    """How far each arm is raised, shape (n, 2): 0 hanging, 1 at right angles to the trunk."""
    trunk = sum(metres[:, INDEX[f"{s}_shoulder"]] - metres[:, INDEX[f"{s}_hip"]] for s in SIDES)
    out = []
    for side in SIDES:
        arm = metres[:, INDEX[f"{side}_elbow"]] - metres[:, INDEX[f"{side}_shoulder"]]
        size = np.linalg.norm(arm, axis=1) * np.linalg.norm(trunk, axis=1)
        out.append(1 + np.clip((arm * trunk).sum(axis=1) / np.maximum(size, 1e-9), -1, 0.5))
    return np.stack(out, axis=1)
