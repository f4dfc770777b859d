"""A stick figure that moves as told: raw pose tracks whose angles are known exactly.

Plainly synthetic: straight segments, a parallel projection, no person behind it. Angles are those
of the contract: `knee` + flexion, `shank`, `thigh` and `trunk` + upper end forward, `lumbar` and
`thoracic` + flexion of the back's outline against standing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.integrate import cumulative_trapezoid

from movecheck.measures import angles as angles_module
from movecheck.measures import spine as spine_module
from movecheck.signals.swaps import swap_legs
from movecheck.skeleton import INDEX, MIRROR
from movecheck.types import EDGE_STATIONS, N_LANDMARKS, PoseTrack, Recording, State

Array = NDArray[np.float64]

THIGH_M, SHANK_M, TRUNK_M = 0.43, 0.42, 0.51
HALF_SHOULDERS_M, HALF_HIPS_M = 0.18, 0.10
ANKLE_HEIGHT_M = 0.08
MID_BACK, UPPER_BACK = 0.55, 0.90
REST = (8.0, -10.0, 8.0)  # tangents of the standing back at seat, mid-back and upper back
LOIN = (0.325, 0.375)  # between them the edge turns from the seat's slope to the back's
# What movecheck has learned of flesh over bones holds for no stick figure; `truth` includes it,
# so that the rest can be tested exactly.
SPINE_GAIN = spine_module.UPPER_BACK_GAIN
TRUNK_PER_SPINE = angles_module.TRUNK_PER_SPINE
SHOULDER_SPREAD_DEG = angles_module.SHOULDER_SPREAD_DEG

STANDING = {"shank": 0.0, "knee": 0.0, "trunk": 0.0, "lumbar": 0.0, "thoracic": 0.0}
NATURAL = {"shank": 4.0, "knee": 3.0, "trunk": 3.0, "lumbar": 0.0, "thoracic": 0.0}
SQUAT = {"shank": 28.0, "knee": 105.0, "trunk": 40.0, "lumbar": 12.0, "thoracic": 3.0}
HINGE = {"shank": 2.0, "knee": 12.0, "trunk": 65.0, "lumbar": 5.0, "thoracic": 2.0}
BEND = {"shank": 0.0, "knee": 3.0, "trunk": 65.0, "lumbar": 50.0, "thoracic": 20.0}
# In front view the goals below matter; they are 0 where a pose does not name them.
EXTRA = {
    "lean": 0.0,
    "shoulder_tilt": 0.0,
    "pelvis_tilt": 0.0,
    "valgus_left": 0.0,
    "valgus_right": 0.0,
}


@dataclass(frozen=True)
class Motion:
    """Joint angles at any times, and what they come from.

    `angles` takes times in seconds and gives one array per name of `STANDING` and `EXTRA`;
    `knee` and `shank` may be given per side as ``knee_left`` and so on. `hip_m`, when given, is
    how far forward the hips have travelled; else the feet stay.
    """

    angles: Callable[[Array], dict[str, Array]]
    duration_s: float
    hip_m: Callable[[Array], Array] | None = None
    starts_s: tuple[float, ...] = ()
    peaks_s: tuple[float, ...] = ()
    ends_s: tuple[float, ...] = ()


def raised_cosine(u: Array) -> Array:
    """0 to 1 while u goes 0 to 1."""
    return (1 - np.cos(np.pi * np.clip(u, 0, 1))) / 2


def minimum_jerk(u: Array) -> Array:
    """0 to 1 while u goes 0 to 1, with no speed and no acceleration at either end."""
    v = np.clip(u, 0, 1)
    return v**3 * (10 - 15 * v + 6 * v**2)


PROFILES = {"raised_cosine": raised_cosine, "minimum_jerk": minimum_jerk}


@dataclass(frozen=True)
class Plan:
    """Repetitions after one another: share of the full movement (0 to 1) over time."""

    count: int = 3
    down_s: float = 1.2
    hold_s: float = 0.0
    up_s: float = 1.2
    pause_s: float = 1.0
    stand_s: float = 2.0
    depths: tuple[float, ...] = ()
    profile: str = "raised_cosine"

    @property
    def rep_s(self) -> float:
        return self.down_s + self.hold_s + self.up_s

    @property
    def starts_s(self) -> tuple[float, ...]:
        return tuple(self.stand_s + i * (self.rep_s + self.pause_s) for i in range(self.count))

    @property
    def ends_s(self) -> tuple[float, ...]:
        return tuple(start + self.rep_s for start in self.starts_s)

    @property
    def peaks_s(self) -> tuple[float, ...]:
        return tuple(start + self.down_s + self.hold_s / 2 for start in self.starts_s)

    @property
    def duration_s(self) -> float:
        return (self.ends_s[-1] if self.count else self.stand_s) + self.stand_s

    def share(self, time_s: Array) -> Array:
        shape = PROFILES[self.profile]
        total = np.zeros(len(time_s))
        for i, start in enumerate(self.starts_s):
            depth = self.depths[i] if self.depths else 1.0
            down = shape((time_s - start) / self.down_s)
            up = shape((time_s - start - self.down_s - self.hold_s) / self.up_s)
            total += depth * (down - up)
        return total


def movement(
    goal: Mapping[str, float], plan: Plan | None = None, base: Mapping[str, float] = NATURAL
) -> Motion:
    """Go from `base` to `goal` and back as often as the plan says."""
    plan = plan or Plan()
    start = {**EXTRA, **base}
    end = {**start, **goal}

    def angles(time_s: Array) -> dict[str, Array]:
        share = plan.share(time_s)
        return {name: start[name] + (end[name] - start[name]) * share for name in start}

    return Motion(angles, plan.duration_s, None, plan.starts_s, plan.peaks_s, plan.ends_s)


def standing(duration_s: float = 5.0, **angles: float) -> Motion:
    """Stand still."""
    return movement({}, Plan(count=0, stand_s=duration_s / 2), {**NATURAL, **angles})


def walking(
    duration_s: float = 8.0, speed_m_s: float = 1.1, steps_hz: float = 1.8, stand_s: float = 0.0
) -> Motion:
    """Walk: the knees bend one after the other to 60 degrees, the hips hardly fall."""

    def going(time_s: Array) -> Array:
        return np.clip((time_s - stand_s) / 0.5, 0, 1) * np.clip(
            (duration_s - stand_s - time_s) / 0.5, 0, 1
        )

    def angles(time_s: Array) -> dict[str, Array]:
        amount = going(time_s)
        out = {name: np.zeros(len(time_s)) for name in EXTRA}
        for side, shift in (("left", 0.0), ("right", np.pi)):
            phase = np.pi * steps_hz * time_s + shift
            knee = amount * (6 + 54 * np.clip(np.sin(phase), 0, 1) ** 2)
            thigh = -amount * 17 * np.sin(phase - 1.25)  # upper end forward when the leg is behind
            out[f"knee_{side}"] = knee
            out[f"shank_{side}"] = thigh + knee
        out["trunk"] = amount * (4 + 1.5 * np.sin(2 * np.pi * steps_hz * time_s))
        out["lumbar"] = out["thoracic"] = np.zeros(len(time_s))
        return out

    return Motion(angles, duration_s, lambda t: speed_m_s * np.cumsum(going(t)) * np.gradient(t))


def times(duration_s: float, fps: float = 30.0, jitter: float = 0.0, seed: int = 0) -> Array:
    """Return frame times; `jitter` is how far each may lie off, as a share of the step."""
    count = round(duration_s * fps) + 1
    off = np.random.default_rng(seed).uniform(-0.5, 0.5, count) * jitter
    off[0] = 0.5 * jitter  # the first frame is the zero of time
    time_s = (np.arange(count) + off) / fps
    return time_s - time_s[0]


def body_points(motion: Motion, time_s: Array) -> tuple[dict[str, Array], dict[str, Array]]:
    """Return joints as (n, 3) in the body's axes (forward, up, left) in metres, and the angles."""
    given = motion.angles(time_s)
    angle = {name: np.asarray(value, dtype=float) for name, value in given.items()}
    for name in ("knee", "shank"):
        for side in ("left", "right"):
            angle.setdefault(f"{name}_{side}", angle.get(name, np.zeros(len(time_s))))
    for side in ("left", "right"):
        angle[f"thigh_{side}"] = angle[f"shank_{side}"] - angle[f"knee_{side}"]

    def along(length: float, incl: Array, lean: Array | float = 0.0) -> Array:
        """A segment going up: forward by its inclination, to the left by `lean`."""
        a, b = np.radians(incl), np.radians(np.broadcast_to(lean, incl.shape))
        return length * np.stack([np.sin(a) * np.cos(b), np.cos(a) * np.cos(b), np.sin(b)], -1)

    # Valgus turns thigh and shank in the frontal plane: half of it each, knee towards midline.
    legs = {}
    for side, left in (("left", 1.0), ("right", -1.0)):
        half = left * angle[f"valgus_{side}"] / 2
        legs[side] = (along(SHANK_M, angle[f"shank_{side}"], -half),
                      along(THIGH_M, angle[f"thigh_{side}"], half))  # fmt: skip
    height = np.maximum(*(sum(legs[s])[:, 1] for s in legs)) + ANKLE_HEIGHT_M
    forward = sum(legs["left"])[:, 0] if motion.hip_m is None else motion.hip_m(time_s)
    mid_hip = np.stack([forward, height, np.zeros(len(time_s))], -1)

    def across(half: float, tilt: Array) -> Array:
        """From the middle to the left end; + tilt: the right end is lower."""
        t = np.radians(tilt)
        return half * np.stack([np.zeros(len(t)), np.sin(t), np.cos(t)], -1)

    # Lateral lean is + to the subject's right, so the shoulders go to the right.
    mid_shoulder = mid_hip + along(TRUNK_M, angle["trunk"], -angle["lean"])
    points = {"mid_hip": mid_hip, "mid_shoulder": mid_shoulder}
    hips, shoulders = (
        across(HALF_HIPS_M, angle["pelvis_tilt"]),
        across(HALF_SHOULDERS_M, angle["shoulder_tilt"]),
    )
    axis = (mid_shoulder - mid_hip) / TRUNK_M
    head = mid_shoulder + 0.22 * axis
    one = np.ones(len(time_s))[:, None]
    points["nose"] = head + one * [0.10, 0.0, 0.0]
    for side, left in (("left", 1.0), ("right", -1.0)):
        hip, shoulder = mid_hip + left * hips, mid_shoulder + left * shoulders
        shank, thigh = legs[side]
        knee = hip - thigh
        ankle = knee - shank
        elbow = shoulder - one * [0.0, 0.28, -0.04 * left]
        wrist = elbow - one * [-0.03, 0.25, 0.0]
        more = {
            "shoulder": shoulder, "hip": hip, "knee": knee, "ankle": ankle, "elbow": elbow,
            "wrist": wrist, "heel": ankle + one * [-0.05, -0.06, 0.0],
            "foot_index": ankle + one * [0.17, -0.07, 0.02 * left],
            "pinky": wrist + one * [0.02, -0.08, 0.0], "index": wrist + one * [0.03, -0.09, 0.0],
            "thumb": wrist + one * [0.03, -0.05, 0.0], "ear": head + one * [0.0, 0.0, 0.07 * left],
            "eye": head + one * [0.09, 0.03, 0.03 * left],
            "eye_inner": head + one * [0.09, 0.03, 0.02 * left],
            "eye_outer": head + one * [0.09, 0.03, 0.04 * left],
        }  # fmt: skip
        points.update({f"{side}_{name}": value for name, value in more.items()})
        points[f"mouth_{side}"] = head + one * [0.09, -0.05, 0.02 * left]
    return points, angle


def back_slopes(lumbar: Array, thoracic: Array) -> tuple[Array, Array]:
    """Return the slope of the back's edge against the trunk's line at the stations (n, 73), and how
    far the sacrum's tangent leans forward of that line, in degrees.

    The seat is straight up to the loin. From there to the neck the slope changes evenly, so that
    between mid-back and upper back the tangent turns by `thoracic`. At rest it has the hollow of
    `REST`.
    """
    sacrum = -(2 * lumbar + thoracic) / 3  # the three tangents lie about the trunk's own line
    turned = (sacrum, sacrum + lumbar, sacrum + lumbar + thoracic)
    low, middle, high = (
        -np.tan(np.radians(rest + turn))[:, None] for rest, turn in zip(REST, turned, strict=True)
    )
    x = EDGE_STATIONS
    above = middle + (high - middle) * (x - MID_BACK) / (UPPER_BACK - MID_BACK)
    start, end = LOIN
    share = np.clip((x - start) / (end - start), 0, 1)
    at_end = middle + (high - middle) * (end - MID_BACK) / (UPPER_BACK - MID_BACK)
    return np.where(x < end, low + (at_end - low) * share, above), sacrum


def back_edge(lumbar: Array, thoracic: Array) -> Array:
    """Return the back's distance from the trunk's line in trunk lengths (n, 73)."""
    slopes, _ = back_slopes(lumbar, thoracic)
    edge = cumulative_trapezoid(slopes, EDGE_STATIONS, axis=1, initial=0.0)
    inner = EDGE_STATIONS <= 1.2
    edge += 0.12 - edge[:, inner].min(axis=1, keepdims=True)
    edge[:, ~inner] = np.nan
    return np.asarray(edge)


def spine_deg(lumbar: Array, thoracic: Array) -> Array:
    """Return the spine's flexion as movecheck reads it: to T9, and its gain for what lies above."""
    slopes, sacrum = back_slopes(np.atleast_1d(lumbar), np.atleast_1d(thoracic))
    read_at = np.argmin(np.abs(EDGE_STATIONS - spine_module.UPPER_BACK))
    rest, _ = back_slopes(np.zeros(1), np.zeros(1))
    tangent, upright = (-np.degrees(np.arctan(s[:, read_at])) for s in (slopes, rest))
    return np.asarray(SPINE_GAIN * (tangent - upright - sacrum))


def make_track(
    motion: Motion,
    *,
    yaw_deg: float = 90.0,
    fps: float = 30.0,
    jitter: float = 0.0,
    size: tuple[int, int] = (540, 960),
    px_per_m: float | None = None,
    noise_px: float = 0.0,
    seed: int = 0,
    time_s: Array | None = None,
) -> PoseTrack:
    """Look at a motion from the side or from the front.

    Parameters
    ----------
    motion : Motion
        What the figure does.
    yaw_deg : float
        0 facing the camera, +90 facing the picture's right.
    fps, jitter, seed
        See `times`.
    size : (int, int)
        Width and height of the picture.
    px_per_m : float, optional
        Scale; by default the figure takes 70 % of the picture's height.
    noise_px : float
        Standard deviation of every coordinate.
    time_s : ndarray, optional
        Frame times in place of fps and jitter.
    """
    if time_s is None:
        time_s = times(motion.duration_s, fps, jitter, seed)
    points, angle = body_points(motion, time_s)
    width, height = size
    scale = px_per_m or 0.7 * height / 1.75
    yaw = np.radians(yaw_deg)
    rotation = np.array([  # (forward, up, left) to (right, down, away) in the picture
        [np.sin(yaw), 0.0, np.cos(yaw)],
        [0.0, -1.0, 0.0],
        [-np.cos(yaw), 0.0, np.sin(yaw)],
    ])  # fmt: skip
    body = np.stack([points[name] for name in INDEX], axis=1)
    camera = body @ rotation.T
    xy = camera[..., :2] * scale + [width / 2, 0.88 * height]
    rng = np.random.default_rng(seed)
    xy = xy + rng.normal(0.0, noise_px, xy.shape) if noise_px else xy
    edge_share = back_edge(angle["lumbar"], angle["thoracic"])
    mid = [
        (xy[:, INDEX[f"left_{j}"]] + xy[:, INDEX[f"right_{j}"]]) / 2 for j in ("hip", "shoulder")
    ]
    length = np.linalg.norm(mid[1] - mid[0], axis=-1)[:, None]
    front = np.full_like(edge_share, 0.3)
    back_is_left = np.sin(yaw) > 0
    edges = (edge_share, front) if back_is_left else (front, edge_share)
    n = len(time_s)
    step = float(np.median(np.diff(time_s))) if n > 1 else float("nan")
    duration = float(time_s[-1] + step) if n > 1 else 0.0
    return PoseTrack(
        time_s=time_s,
        xy_px=xy,
        visibility=np.full((n, N_LANDMARKS), 0.98),
        world_m=camera - (points["mid_hip"] @ rotation.T)[:, None],
        edge_px=np.stack(edges, axis=1) * length[..., None],
        people=np.ones(n),
        brightness=np.full(n, 128.0),
        state=np.full((n, N_LANDMARKS), State.MEASURED, dtype=np.int8),
        recording=Recording(duration, 1 / step, width, height, n_frames=n),
        model={"name": "stick figure", "sha256": "", "mediapipe": "", "opencv": ""},
    )


def truth(motion: Motion, time_s: Array, near: Literal["left", "right"]) -> dict[str, Array]:
    """Return the signals of a side view, by column of the contract."""
    _, angle = body_points(motion, time_s)
    _, sacrum = back_slopes(angle["lumbar"], angle["thoracic"])
    spine = spine_deg(angle["lumbar"], angle["thoracic"])
    return {
        f"knee_flexion_{near}_deg": angle[f"knee_{near}"],
        f"hip_flexion_{near}_deg": in_space(angle["trunk"] - angle[f"thigh_{near}"]),
        "trunk_inclination_deg": angle["trunk"] - TRUNK_PER_SPINE * spine,
        f"thigh_inclination_{near}_deg": angle[f"thigh_{near}"],
        f"shank_inclination_{near}_deg": angle[f"shank_{near}"],
        "lumbar_flexion_deg": angle["lumbar"],
        "spine_flexion_deg": spine,
        "pelvis_pitch_deg": angle["trunk"] + sacrum - (angle["trunk"] + sacrum)[0],
    }


def in_space(flexion_deg: Array) -> Array:
    """Angle between two lines that are turned by `flexion_deg` and spread by the shoulders."""
    one, other = np.radians(flexion_deg), np.radians(SHOULDER_SPREAD_DEG)
    a = np.stack([np.cos(one), np.sin(one), 0 * one], -1)
    b = np.array([np.cos(other), 0.0, np.sin(other)])
    return np.degrees(np.arccos(a @ b))


# What can happen to a track.


def take(track: PoseTrack, frames: Sequence[int] | NDArray[np.intp] | slice) -> PoseTrack:
    """Keep some frames only: the others were never recorded."""
    each = ("time_s", "xy_px", "visibility", "world_m", "edge_px", "people", "brightness", "state",
            "camera_shift_px", "camera_roll_deg")  # fmt: skip
    return replace(track, **{name: getattr(track, name)[frames] for name in each})


def drop(track: PoseTrack, start_s: float, stop_s: float) -> PoseTrack:
    """Lose all frames of a stretch of time."""
    return take(track, np.flatnonzero((track.time_s < start_s) | (track.time_s > stop_s)))


def hide(
    track: PoseTrack, start_s: float, stop_s: float, landmarks: Sequence[str] = tuple(INDEX)
) -> PoseTrack:
    """Lose some landmarks for a stretch of time, as the model does when nobody is seen."""
    when = (track.time_s >= start_s) & (track.time_s <= stop_s)
    which = np.ix_(when, [INDEX[name] for name in landmarks])
    xy, world, visibility, state, edge = (
        getattr(track, name).copy()
        for name in ("xy_px", "world_m", "visibility", "state", "edge_px")
    )
    xy[which], world[which], visibility[which], state[which] = np.nan, np.nan, 0.0, State.MISSING
    if len(landmarks) == N_LANDMARKS:
        edge[when] = np.nan
    return replace(track, xy_px=xy, world_m=world, visibility=visibility, state=state, edge_px=edge)


def swap(track: PoseTrack, frames: NDArray[np.bool_]) -> PoseTrack:
    """Let the model take one leg for the other in the frames marked."""
    return replace(
        track,
        xy_px=swap_legs(track.xy_px, frames),
        visibility=swap_legs(track.visibility, frames),
    )


def hold_by_hand(track: PoseTrack, shift_px: Array, roll_deg: Array, looks: int = 3) -> PoseTrack:
    """Turn everything in the picture about its middle, clockwise, then shift it.

    The camera's motion is known in every `looks`-th frame.
    """
    middle = np.array([track.recording.width_px, track.recording.height_px]) / 2
    turn = np.radians(roll_deg)
    rotation = np.array([[np.cos(turn), -np.sin(turn)], [np.sin(turn), np.cos(turn)]])
    xy = np.einsum("ijn,nkj->nki", rotation, track.xy_px - middle) + middle + shift_px[:, None]
    unseen = np.arange(len(track.time_s)) % looks > 0
    return replace(
        track, xy_px=xy,
        camera_shift_px=np.where(unseen[:, None], np.nan, shift_px),
        camera_roll_deg=np.where(unseen, np.nan, roll_deg),
    )  # fmt: skip


def mirror(track: PoseTrack) -> PoseTrack:
    """Film in a mirror: right and left change places, and so do their names."""
    xy, world = track.xy_px[:, MIRROR].copy(), track.world_m[:, MIRROR].copy()
    xy[..., 0] = track.recording.width_px - xy[..., 0]
    world[..., 0] *= -1
    return replace(
        track, xy_px=xy, world_m=world, visibility=track.visibility[:, MIRROR],
        state=track.state[:, MIRROR], edge_px=track.edge_px[:, ::-1],
    )  # fmt: skip


def nobody(duration_s: float = 3.0, fps: float = 30.0) -> PoseTrack:
    """An empty room."""
    track = make_track(standing(duration_s), fps=fps)
    return replace(hide(track, -1.0, duration_s + 1.0), people=np.zeros(len(track.time_s)))
