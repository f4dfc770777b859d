"""The inner loops of the renderer, compiled by numba.

The frame is cut into tiles; each is traced only against the primitives that can reach it.
The columns of a primitive's row are explained in `shape`.
"""

from __future__ import annotations

import numba
import numpy as np
from numpy.typing import NDArray

F = NDArray[np.float64]
Ints = NDArray[np.int64]
Floats = NDArray[np.float32]
Image = Floats

TILE = 8
SHADOW_SIZE, SHADOW_CELL = 160, 0.02  # of the floor's shadow map, cells and metres
_STEPS = 64
_FAR = 1e9


@numba.njit(cache=True, fastmath=True)
def _distance(row: F, x: float, y: float, z: float) -> float:
    """Distance of a point from one primitive."""
    px, py, pz = x - row[7], y - row[8], z - row[9]
    if row[0] == 0.0:
        up = px * row[10] + py * row[11] + pz * row[12]
        out = np.sqrt(max(0.0, px * px + py * py + pz * pz - up * up))
        slope = row[16]
        flat = np.sqrt(max(0.0, 1.0 - slope * slope))
        k = flat * up - slope * out
        if k < 0.0:
            return float(np.sqrt(out * out + up * up) - row[14])
        if k > flat * row[13]:
            return float(np.sqrt(out * out + (up - row[13]) ** 2) - row[15])
        return float(flat * out + slope * up - row[14])
    px, py, pz = x - row[3], y - row[4], z - row[5]
    u = (row[10] * px + row[11] * py + row[12] * pz) / row[7]
    v = (row[13] * px + row[14] * py + row[15] * pz) / row[8]
    w = (row[16] * px + row[17] * py + row[18] * pz) / row[9]
    k0 = np.sqrt(u * u + v * v + w * w)
    k1 = np.sqrt((u / row[7]) ** 2 + (v / row[8]) ** 2 + (w / row[9]) ** 2)
    if k1 < 1e-9:
        return float(-min(row[7], row[8], row[9]))
    return float(k0 * (k0 - 1.0) / k1)


@numba.njit(cache=True, fastmath=True)
def _field(prims: F, ids: Ints, n: int, x: float, y: float, z: float) -> tuple[float, int]:
    """Distance from the melted union of the listed primitives and the nearest one's index."""
    best, nearest, owner = _FAR, _FAR, -1
    group, current = -1.0, _FAR
    for i in range(n):
        row = prims[ids[i]]
        if row[1] != group:
            best = min(best, current)
            group, current = row[1], _FAR
        dx, dy, dz = x - row[3], y - row[4], z - row[5]
        soft = row[2]
        limit = min(best, current) + soft + row[6]
        if limit < 0.0 or dx * dx + dy * dy + dz * dz > limit * limit:
            continue
        d = _distance(row, x, y, z)
        if d < nearest:
            nearest, owner = d, ids[i]
        gap = soft - abs(current - d)
        current = min(current, d)
        if gap > 0.0:
            current -= gap * gap / (4.0 * soft)
    return min(best, current), owner


@numba.njit(cache=True, fastmath=True)
def _shade(
    prims: F,
    ids: Ints,
    n: int,
    colours: F,
    owner: int,
    p: tuple[float, float, float],
    light: F,
    out: F,
) -> None:
    """Light leaving a point of the surface."""
    e = 0.0015
    a, _ = _field(prims, ids, n, p[0] + e, p[1] - e, p[2] - e)
    b, _ = _field(prims, ids, n, p[0] - e, p[1] - e, p[2] + e)
    c, _ = _field(prims, ids, n, p[0] - e, p[1] + e, p[2] - e)
    d, _ = _field(prims, ids, n, p[0] + e, p[1] + e, p[2] + e)
    nx, ny, nz = a - b - c + d, -a - b + c + d, -a + b - c + d
    size = np.sqrt(nx * nx + ny * ny + nz * nz) + 1e-12
    nx, ny, nz = nx / size, ny / size, nz / size
    # How far the surface is from a point off it tells how much of the sky it sees.
    far, _ = _field(prims, ids, n, p[0] + 0.03 * nx, p[1] + 0.03 * ny, p[2] + 0.03 * nz)
    sky = 0.4 + 0.6 * min(1.0, max(0.0, far / 0.03))
    key = max(0.0, nx * light[0] + ny * light[1] + nz * light[2])
    fill = max(0.0, 0.6 * nz - 0.3 * nx)
    total = 0.62 * key + sky * (0.34 + 0.12 * ny) + 0.14 * sky * fill
    for k in range(3):
        out[k] = colours[owner, k] * total


@numba.njit(cache=True, fastmath=True)
def _trace(
    prims: F, ids: Ints, n: int, colours: F, eye: F, ray: F, span: F, light: F, out: F
) -> int:
    """Follow one ray between the ends of its span; returns the primitive hit, or -1."""
    t, owner = span[0], -1
    x, y, z, d = 0.0, 0.0, 0.0, 0.0
    for _ in range(_STEPS):
        x, y, z = eye[0] + t * ray[0], eye[1] + t * ray[1], eye[2] + t * ray[2]
        d, owner = _field(prims, ids, n, x, y, z)
        if d < 0.0006:
            break
        t += 0.95 * d
        if t > span[1]:
            return -1
    # A ray that ran out of steps grazes the surface: take it for a hit where it is close.
    if d > 0.004:
        return -1
    _shade(prims, ids, n, colours, owner, (x, y, z), light, out)
    return owner


@numba.njit(cache=True, fastmath=True)
def trace_image(
    image: Image,
    owners: Ints,
    labels: Ints,
    prims: F,
    colours: F,
    lists: Ints,
    counts: Ints,
    spans: F,
    eye: F,
    axes: F,
    focal: float,
    light: F,
    fine: bool,
) -> None:
    """Trace all tiles once (``fine`` false) or only the edge pixels at sub-pixels (true)."""
    height, width = image.shape[0], image.shape[1]
    ray, light_out, total = np.empty(3), np.empty(3), np.empty(3)
    samples = 2 if fine else 1
    for ty in range(counts.shape[0]):
        for tx in range(counts.shape[1]):
            n = counts[ty, tx]
            if n == 0:
                continue
            ids = lists[ty, tx]
            for v in range(ty * TILE, min(height, (ty + 1) * TILE)):
                for u in range(tx * TILE, min(width, (tx + 1) * TILE)):
                    if fine and not _edge(owners, u, v):
                        continue
                    total[:] = 0.0
                    hits = 0
                    for s in range(samples * samples):
                        ox = (s % samples + 0.5) / samples
                        oy = (s // samples + 0.5) / samples
                        _aim(ray, axes, u + ox - width / 2, height / 2 - v - oy, focal)
                        span = spans[ty, tx]
                        own = _trace(prims, ids, n, colours, eye, ray, span, light, light_out)
                        if own >= 0:
                            hits += 1
                            total += light_out
                        if not fine:
                            owners[v, u] = labels[own] if own >= 0 else -1
                    # The backdrop was under this pixel in the first pass only.
                    for k in range(3):
                        back = image[v, u, 3 + k] * (samples * samples - hits)
                        image[v, u, k] = (total[k] + back) / (samples * samples)


@numba.njit(cache=True, fastmath=True)
def _edge(owners: Ints, u: int, v: int) -> bool:
    here = owners[v, u]
    for dv, du in ((0, 1), (0, -1), (1, 0), (-1, 0)):
        y, x = v + dv, u + du
        if 0 <= y < owners.shape[0] and 0 <= x < owners.shape[1] and owners[y, x] != here:
            return True
    return False


@numba.njit(cache=True, fastmath=True)
def _aim(ray: F, axes: F, right: float, up: float, focal: float) -> None:
    """Unit direction of the ray through a point of the image plane."""
    size = np.sqrt(right * right + up * up + focal * focal)
    for k in range(3):
        ray[k] = (axes[k, 0] * right + axes[k, 1] * up + axes[k, 2] * focal) / size


@numba.njit(cache=True, fastmath=True)
def shadow_map(prims: F, light: F, corner_x: float, corner_z: float) -> Floats:
    """Share of the lamp's light that reaches each cell of the floor."""
    out = np.ones((SHADOW_SIZE, SHADOW_SIZE), dtype=np.float32)
    for i in range(SHADOW_SIZE):
        for j in range(SHADOW_SIZE):
            x, z = corner_x + i * SHADOW_CELL, corner_z + j * SHADOW_CELL
            clear = 1.0
            for k in range(prims.shape[0]):
                row = prims[k]
                dx, dy, dz = row[3] - x, row[4], row[5] - z
                along = dx * light[0] + dy * light[1] + dz * light[2]
                off = dx * dx + dy * dy + dz * dz - along * along
                reach = row[6] + 0.03 + 0.06 * along
                if along > 0.0 and off < reach * reach:
                    clear = min(clear, _gap(row, x, z, along, light))
            out[i, j] = clear
    return out


@numba.njit(cache=True, fastmath=True)
def _gap(row: F, x: float, z: float, along: float, light: F) -> float:
    """Light past one primitive: the ray is followed near it, softer the farther it is."""
    clear, t = 1.0, max(0.005, along - row[6])
    for _ in range(10):
        d = _distance(row, x + t * light[0], t * light[1], z + t * light[2])
        soft = 0.5 + d / (0.04 + 0.10 * t)
        clear = min(clear, max(0.0, soft))
        t += max(0.006, d)
        if t > along + row[6] or clear <= 0.0:
            break
    return clear * clear * (3.0 - 2.0 * clear)


@numba.njit(cache=True, fastmath=True)
def lay_backdrop(
    image: Image, floor: Floats, shadow: Floats, corner_x: float, corner_z: float
) -> None:
    """Put the backdrop, darkened by the shadow on the floor, under the person."""
    top = SHADOW_SIZE - 1.001
    for v in range(image.shape[0]):
        for u in range(image.shape[1]):
            tone = np.float32(1.0)
            gx = (floor[v, u, 0] - corner_x) / SHADOW_CELL
            gz = (floor[v, u, 1] - corner_z) / SHADOW_CELL
            if 0.0 <= gx < top and 0.0 <= gz < top:
                i, j = int(gx), int(gz)
                fx, fz = gx - i, gz - j
                low = (1 - fx) * shadow[i, j] + fx * shadow[i + 1, j]
                high = (1 - fx) * shadow[i, j + 1] + fx * shadow[i + 1, j + 1]
                tone = np.float32(0.48 + 0.52 * ((1 - fz) * low + fz * high))
            for k in range(3):
                image[v, u, 3 + k] *= tone
                image[v, u, k] = image[v, u, 3 + k]


@numba.njit(cache=True, fastmath=True)
def fill_tiles(
    starts: F, ends: F, radius: F, near: F, far: F, lists: Ints, counts: Ints, spans: F
) -> None:
    """List for each tile the primitives whose image touches it, and the span they fill.

    The image of a primitive is taken as a stadium about the line from ``starts`` to ``ends``.
    """
    half = TILE / 2
    for ty in range(counts.shape[0]):
        for tx in range(counts.shape[1]):
            n, low, high = 0, _FAR, 0.05
            for k in range(len(radius)):
                x, y = tx * TILE + half - starts[k, 0], ty * TILE + half - starts[k, 1]
                lx, ly = ends[k, 0] - starts[k, 0], ends[k, 1] - starts[k, 1]
                at = min(1.0, max(0.0, (x * lx + y * ly) / (lx * lx + ly * ly + 1e-9)))
                reach = radius[k] + 1.42 * half
                if (x - at * lx) ** 2 + (y - at * ly) ** 2 < reach * reach:
                    lists[ty, tx, n] = k
                    n += 1
                    low = min(low, near[k])
                    high = max(high, far[k])
            counts[ty, tx] = n
            spans[ty, tx, 0], spans[ty, tx, 1] = max(low, 0.05), high
