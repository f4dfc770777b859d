"""One frame: the person, sphere-traced over the backdrop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from . import kernels
from .scene import LIGHT, Camera, Image
from .shape import BOUND, CONE, GROUP, KIND, MIDDLE, RADII, SOFT, START


def _tiles(
    prims: NDArray[np.float64], camera: Camera
) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
    """For each tile the primitives that can reach it and the span its rays must search."""
    ny, nx = -(-camera.height // kernels.TILE), -(-camera.width // kernels.TILE)
    cone = prims[:, KIND] == CONE
    # A cone's image is bounded by its axis and its thicker end, an ellipsoid's by a circle.
    starts = np.where(cone[:, None], prims[:, START], prims[:, MIDDLE])
    ends = 2 * prims[:, MIDDLE] - starts
    width = np.where(cone, prims[:, RADII].max(axis=1), prims[:, BOUND]) + prims[:, SOFT]
    depth = [np.linalg.norm(p - camera.centre, axis=1) for p in (starts, ends)]
    near, far = np.minimum(*depth) - width, np.maximum(*depth) + width
    # Away from the picture's middle a sphere's image is stretched; the factor covers it.
    radius = 1.1 * camera.focal_px * width / np.maximum(near, 0.1) + 1.0
    lists = np.zeros((ny, nx, len(prims)), dtype=np.int64)
    counts = np.zeros((ny, nx), dtype=np.int64)
    spans = np.zeros((ny, nx, 2))
    image = [camera.project(p) for p in (starts, ends)]
    kernels.fill_tiles(*image, radius, near, far, lists, counts, spans)
    return lists, counts, spans


def draw(
    camera: Camera,
    backdrop: Image,
    floor: NDArray[np.float32],
    prims: NDArray[np.float64] | None = None,
    colours: NDArray[np.float64] | None = None,
    exposure: float = 1.0,
) -> NDArray[np.uint8]:
    """Draw one frame; without primitives it is the empty room. `exposure` scales the light.

    Returns
    -------
    ndarray
        Height by width by 3, sRGB.
    """
    image = np.concatenate([backdrop, backdrop], axis=2)
    if prims is not None and colours is not None:
        middle = prims[:, MIDDLE].mean(axis=0) - [0.5, 0.0, 0.5]
        corner = middle - kernels.SHADOW_SIZE * kernels.SHADOW_CELL / 2
        shadow = kernels.shadow_map(prims, LIGHT, corner[0], corner[2])
        kernels.lay_backdrop(image, floor, shadow, corner[0], corner[2])
        owners = np.full(image.shape[:2], -1, dtype=np.int64)
        # An edge is where colour or group changes, not where one ellipsoid of the back meets
        # the next.
        kinds = np.column_stack([prims[:, GROUP], colours])
        labels = np.unique(kinds, axis=0, return_inverse=True)[1].ravel()
        args = (
            owners,
            labels,
            prims,
            colours,
            *_tiles(prims, camera),
            camera.centre,
            camera.axes(),
        )
        for fine in (False, True):
            kernels.trace_image(image, *args, camera.focal_px, LIGHT, fine)
    light = np.clip(image[..., :3] * np.float32(exposure), 0.0, 1.0)
    return np.asarray(255.0 * light ** (1 / 2.2) + 0.5).astype(np.uint8)
