"""A clip: the movement of a body in a room, drawn to mp4 with its truth beside it."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
from numpy.typing import NDArray

from . import acts_truth, render, truth
from .acts import Act
from .body import Body
from .movements import Movement
from .pose import Pose, place, solve
from .scene import Camera, Room, backdrop
from .shape import build
from .things import Bystander, Thing, together

_TICK = Fraction(1, 90000)  # time base of the mp4: fine enough for any frame rate


@dataclass(frozen=True)
class ClipSpec:
    """Everything a clip is made from; the same spec gives the same clip.

    Attributes
    ----------
    name : str
        File stem.
    body, movement, camera, room
        Who, what, from where and before what.
    yaw_deg : float
        0 faces the camera, +90 the right edge of the picture.
    x_m : float
        Where the person stands, to the right of the room's middle.
    fps : float
        Frame rate; ignored where ``times`` is given.
    times : tuple of float or None
        Frame times of a clip of variable rate, in seconds, rising.
    absent_s : tuple of (float, float)
        Spans in which nobody is in the room.
    shake_deg : float
        How far a hand that holds the camera turns it about each of its axes; 0 is a stand.
    exposure : float
        Light, 1 in a well-lit room.
    company : tuple of `Bystander`
        Others who stand in the room.
    bars : tuple of `Thing`
        Things in the room: bars, a stool.
    """

    name: str
    body: Body
    movement: Movement | Act
    camera: Camera = field(default_factory=Camera)
    room: Room = field(default_factory=Room)
    yaw_deg: float = 90.0
    x_m: float = 0.0
    fps: float = 30.0
    times: tuple[float, ...] | None = None
    absent_s: tuple[tuple[float, float], ...] = ()
    shake_deg: float = 0.0
    exposure: float = 1.0
    company: tuple[Bystander, ...] = ()
    bars: tuple[Thing, ...] = ()

    def camera_at(self, t: float) -> Camera:
        """Return the camera at a time: slow drift and quicker tremor of a hand, if any."""
        if not self.shake_deg:
            return self.camera
        rates = 2 * np.pi * np.array([[0.23], [0.61], [1.7]]) * [1.0, 1.13, 0.89]
        phases = np.random.default_rng(self.movement.seed).uniform(0, 2 * np.pi, (3, 3))
        yaw, pitch, roll = self.shake_deg * ([0.7, 0.5, 0.2] @ np.sin(rates * t + phases))
        camera = self.camera
        return replace(
            camera,
            yaw_deg=camera.yaw_deg + float(yaw),
            pitch_deg=camera.pitch_deg + float(pitch),
            roll_deg=camera.roll_deg + float(roll),
        )

    def frame_times(self) -> NDArray[np.float64]:
        """Time of each frame on the movement's clock."""
        if self.times is not None:
            return np.array(self.times)
        return np.arange(round(self.movement.duration() * self.fps)) / self.fps

    def present(self, t: float) -> bool:
        """Whether the person is in the room at a time."""
        return not any(start <= t < end for start, end in self.absent_s)


def frames(spec: ClipSpec) -> Iterator[NDArray[np.uint8]]:
    """Draw the frames of a clip one after the other (height by width by 3, RGB)."""
    things = [thing.flesh() for thing in (*spec.company, *spec.bars)]
    drawn_for = None
    for t in spec.frame_times():
        camera = spec.camera_at(float(t))
        if camera != drawn_for:
            (image, floor), drawn_for = backdrop(camera, spec.room), camera
        parts = [*things]
        if spec.present(float(t)):
            skeleton = spec.movement.skeleton(spec.body, float(t))
            parts.insert(0, build(spec.body, place(skeleton, spec.yaw_deg, spec.x_m)))
        flesh = together(parts) if parts else (None, None)
        yield render.draw(camera, image, floor, *flesh, exposure=spec.exposure)


def truth_rows(spec: ClipSpec) -> list[dict[str, float | None]]:
    """Truth of every frame; angles and pixels are None where nobody is in the room."""
    reps = _repetitions(spec)
    rows = []
    for t in spec.frame_times():
        pose = spec.movement.pose(float(t))
        skeleton = spec.movement.skeleton(spec.body, float(t))
        placed = place(skeleton, spec.yaw_deg, spec.x_m)
        values: dict[str, float | None] = {
            **truth.angles(skeleton, pose),
            **truth.pixels(placed, spec.camera_at(float(t))),
        }
        if isinstance(spec.movement, Act):
            values |= acts_truth.angles(skeleton)
            values |= acts_truth.pixels(placed, spec.camera_at(float(t)))
        if not spec.present(float(t)):
            values = dict.fromkeys(values)
        rows.append({"time_s": float(t), "rep": truth.rep_at(reps, float(t)), **values})
    return rows


def _repetitions(spec: ClipSpec) -> tuple[dict[str, Any], ...]:
    if isinstance(spec.movement, Act):
        return acts_truth.repetitions(spec.body, spec.movement)
    return truth.repetitions(spec.body, spec.movement)


def truth_summary(spec: ClipSpec) -> dict[str, Any]:
    """What the clip shows: movement, view, camera, repetitions."""
    times, turned = spec.frame_times(), np.sin(np.radians(spec.yaw_deg))
    view = "side" if abs(turned) > 0.9 else "front" if abs(turned) < 0.26 else "oblique"
    facing = "camera" if view == "front" else "right" if turned > 0 else "left"
    rest = Pose() if isinstance(spec.movement, Act) else spec.movement.rest
    standing = truth.angles(solve(spec.body, rest), rest)
    events = acts_truth.summary(spec.body, spec.movement) if isinstance(spec.movement, Act) else {}
    return {
        "name": spec.name,
        "movement": spec.movement.kind,
        "view": view,
        "facing": facing,
        "near_side": truth.near_side(spec.yaw_deg),
        "yaw_deg": spec.yaw_deg,
        "fps": None if spec.times is not None else spec.fps,
        "n_frames": len(times),
        "duration_s": round(spec.movement.duration(), 4),
        "frame_size": [spec.camera.width, spec.camera.height],
        "stature_m": round(spec.body.stature_m, 4),
        "height_px": round(_height_px(spec), 1),
        "camera": {**asdict(spec.camera), "focal_px": round(spec.camera.focal_px, 2)},
        "body": asdict(spec.body),
        "absent_s": [list(span) for span in spec.absent_s],
        "standing": {k: round(v, 3) for k, v in standing.items()},
        "reps": _repetitions(spec),
        **events,
    }


def _height_px(spec: ClipSpec) -> float:
    """Height of the standing person in the picture."""
    ends = np.array([[spec.x_m, 0.0, 0.0], [spec.x_m, spec.body.stature_m, 0.0]])
    foot, head = spec.camera.project(ends)
    return float(np.linalg.norm(foot - head))


def write(spec: ClipSpec, folder: Path, crf: int = 20) -> Path:
    """Write ``name.mp4``, ``name.truth.csv`` and ``name.truth.json``; returns the mp4's path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / f"{spec.name}.mp4"
    _encode(spec, path, crf)
    write_truth(spec, folder)
    return path


def write_truth(spec: ClipSpec, folder: Path) -> None:
    """Write the truth alone; figures are rounded to three decimals, times to five."""
    rows = truth_rows(spec)
    with (folder / f"{spec.name}.truth.csv").open("w", newline="", encoding="utf-8") as handle:
        table = csv.DictWriter(handle, list(rows[0]), lineterminator="\n")
        table.writeheader()
        for row in rows:
            table.writerow({k: _text(k, v) for k, v in row.items()})
    text = json.dumps(truth_summary(spec), indent=1)
    (folder / f"{spec.name}.truth.json").write_text(text + "\n", encoding="utf-8")


def _text(key: str, value: float | None) -> str:
    if value is None:
        return ""
    if key == "rep":
        return str(int(value))
    # Adding zero turns -0.0 into 0.0.
    return f"{round(value, 5) + 0.0:.5f}" if key == "time_s" else f"{round(value, 3) + 0.0:.3f}"


def _encode(spec: ClipSpec, path: Path, crf: int) -> None:
    rate = Fraction(spec.fps).limit_denominator(1001)
    with av.open(str(path), "w", options={"movflags": "+faststart"}) as out:
        stream = out.add_stream("libx264", rate=rate)
        stream.width, stream.height = spec.camera.width, spec.camera.height
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = _TICK
        # One thread: the file must not depend on the machine's cores.
        stream.options = {"crf": str(crf), "preset": "slow", "threads": "1"}
        for t, picture in zip(spec.frame_times(), frames(spec), strict=True):
            frame = av.VideoFrame.from_ndarray(picture, format="rgb24")
            frame.time_base, frame.pts = _TICK, round(float(t) / _TICK)
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
