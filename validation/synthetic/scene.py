"""The pinhole camera and the room behind the person."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.ndimage import map_coordinates

from .body import RGB, Vec
from .pose import Mat

Image = NDArray[np.float32]
LIGHT: Vec = np.array([0.38, 0.80, 0.46]) / np.linalg.norm([0.38, 0.80, 0.46])


@dataclass(frozen=True)
class Camera:
    """A pinhole camera in front of the person, looking along the room's negative z.

    Attributes
    ----------
    width, height : int
        Frame size in pixels.
    distance_m, height_m, x_m : float
        Position; the person stands at the origin.
    vfov_deg : float
        Vertical field of view.
    yaw_deg, pitch_deg, roll_deg : float
        Turned to the right, upward, clockwise.
    """

    width: int = 480
    height: int = 854
    distance_m: float = 3.4
    height_m: float = 1.0
    x_m: float = 0.0
    vfov_deg: float = 45.0
    yaw_deg: float = 0.0
    pitch_deg: float = -2.0
    roll_deg: float = 0.0

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return float(self.height / 2 / np.tan(np.radians(self.vfov_deg) / 2))

    @property
    def centre(self) -> Vec:
        """Centre of projection in the room."""
        return np.array([self.x_m, self.height_m, self.distance_m])

    def axes(self) -> Mat:
        """Columns: the camera's right, up and forward axis in the room."""
        yaw, pitch, roll = np.radians([self.yaw_deg, self.pitch_deg, self.roll_deg])
        ahead = np.array([np.sin(yaw) * np.cos(pitch), np.sin(pitch), -np.cos(yaw) * np.cos(pitch)])
        right = np.array([np.cos(yaw), 0.0, np.sin(yaw)])
        up = np.cross(right, ahead)
        turned = np.cos(roll) * right - np.sin(roll) * up
        return np.column_stack([turned, np.cross(turned, ahead), ahead])

    def project(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Pixel position of points of the room; the origin is the top left corner."""
        local = (np.asarray(points) - self.centre) @ self.axes()
        scale = self.focal_px / local[..., 2:]
        offset = local[..., :2] * scale * [1.0, -1.0]
        return np.asarray(offset + np.array([self.width, self.height]) / 2)

    def rays(self, samples: int = 1) -> NDArray[np.float64]:
        """Direction (not normalised) of a ray through every pixel or sub-pixel centre."""
        u = (np.arange(self.width * samples) + 0.5) / samples - self.width / 2
        v = self.height / 2 - (np.arange(self.height * samples) + 0.5) / samples
        local = np.stack([*np.meshgrid(u, v), np.full((len(v), len(u)), self.focal_px)], axis=-1)
        return np.asarray(local @ self.axes().T)


@dataclass(frozen=True)
class Room:
    """Wall and floor: sRGB colours, distance of the wall, planks or plain, a picture."""

    wall: RGB = (0.78, 0.79, 0.76)
    floor: RGB = (0.52, 0.42, 0.33)
    wall_m: float = 1.9
    planks: bool = True
    picture: bool = True
    seed: int = 0


def linear(colour: RGB) -> Vec:
    """Colour as light, from its sRGB values."""
    return np.asarray(colour, dtype=np.float64) ** 2.2


def backdrop(camera: Camera, room: Room) -> tuple[Image, NDArray[np.float32]]:
    """Draw the empty room once a clip.

    Returns
    -------
    image : Image
        Linear light, height by width by 3.
    floor : ndarray
        x and z of the floor point of each pixel; NaN where the wall is seen.
    """
    dirs, eye = camera.rays(2), camera.centre
    with np.errstate(divide="ignore", invalid="ignore"):
        to_wall = (-room.wall_m - eye[2]) / dirs[..., 2]
        to_floor = np.where(dirs[..., 1] < 0, -eye[1] / dirs[..., 1], np.inf)
    on_floor = to_floor < to_wall
    point = eye + dirs * np.minimum(to_wall, to_floor)[..., None]
    light = np.where(
        on_floor[..., None], _floor(point[..., 0], point[..., 2], room), _wall(point, room)
    )
    shape = (camera.height, 2, camera.width, 2, 3)
    image = light.reshape(shape).mean(axis=(1, 3)).astype(np.float32)
    place = np.where(on_floor[..., None], point[..., ::2], np.nan)[::2, ::2]
    return np.ascontiguousarray(image), np.ascontiguousarray(place, dtype=np.float32)


def _noise(x: NDArray[np.float64], y: NDArray[np.float64], seed: int) -> NDArray[np.float64]:
    """Smooth noise between -1 and 1 with a period of 64 units."""
    grid = np.random.default_rng(seed).uniform(-1.0, 1.0, (64, 64))
    return np.asarray(map_coordinates(grid, [x, y], order=1, mode="grid-wrap"))


def _floor(x: NDArray[np.float64], z: NDArray[np.float64], room: Room) -> NDArray[np.float64]:
    tone = 1.0 + 0.05 * _noise(x * 9.0, z * 9.0, room.seed + 1)
    if room.planks:
        row = np.floor(z / 0.16)
        along = x + 0.83 * row
        board = np.floor(along / 1.7)
        rng = np.random.default_rng(room.seed + 2)
        tint = rng.uniform(0.86, 1.1, 251)
        tone = tone * tint[(row * 37 + board * 11).astype(int) % 251]
        tone = tone + 0.05 * _noise(x * 6.0, z * 90.0, room.seed + 3)
        seam = np.minimum(z / 0.16 - row, 6.0 * (along / 1.7 - board))
        tone = np.where(seam < 0.04, 0.6 * tone, tone)
    # The floor loses light toward the wall, as under a ceiling lamp.
    tone = tone * (0.95 - 0.10 * np.clip((0.6 - z) / 3.0, 0.0, 1.0))
    return np.asarray(tone[..., None] * linear(room.floor))


def _wall(point: NDArray[np.float64], room: Room) -> NDArray[np.float64]:
    x, y = point[..., 0], point[..., 1]
    tone = 0.92 + 0.025 * _noise(x * 25.0, y * 25.0, room.seed) + 0.02 * _noise(x * 3.0, y * 3.0, 9)
    tone = tone - 0.06 * np.abs(y - 1.8) - 0.03 * (x - 0.4)
    light = tone[..., None] * linear(room.wall)
    skirting = (y < 0.10)[..., None]
    light = np.where(skirting, np.where(y < 0.092, 0.72, 0.5)[..., None], light)
    if room.picture:
        side = 1.0 if room.seed % 2 else -1.0
        u, v = np.abs(x - side * 0.85) / 0.26, np.abs(y - 1.62) / 0.20
        inside = np.stack([0.22 + 0.2 * x * side, 0.34 + 0 * x, 0.30 + 0.12 * (y - 1.5)], axis=-1)
        light = np.where(((u < 1) & (v < 1))[..., None], 0.05, light)
        light = np.where(((u < 0.9) & (v < 0.87))[..., None], inside, light)
    return np.asarray(light)
