"""Sparse least squares over time: poses in a band, what all poses share in a Schur complement."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.linalg import cho_solve_banded, cholesky_banded

from movecheck.types import FloatArray


@dataclass
class Rows:
    """Weighted residuals of every pose, with their derivatives.

    Attributes
    ----------
    n, size, shared : int
        Poses, unknowns of one pose (three a joint), unknowns shared by all poses.
    """

    n: int
    size: int
    shared: int
    residual: list[FloatArray] = field(default_factory=list)
    own: list[FloatArray] = field(default_factory=list)
    common: list[FloatArray] = field(default_factory=list)

    def add(
        self,
        residual: FloatArray,
        weight: FloatArray | float,
        joints: dict[int, FloatArray],
        shared: dict[int, FloatArray] | None = None,
    ) -> None:
        """Add one row a pose.

        Parameters
        ----------
        residual : ndarray, shape (n,)
        weight : ndarray, shape (n,), or float
            Reciprocal of the standard deviation.
        joints : dict of int to ndarray, shape (n, 3)
            Derivative by the place of a joint.
        shared : dict of int to ndarray, shape (n,)
            Derivative by a shared unknown.
        """
        weight = np.broadcast_to(np.asarray(weight, dtype=float), (self.n,))
        own = np.zeros((self.n, self.size))
        for joint, slope in joints.items():
            own[:, 3 * joint : 3 * joint + 3] += slope * weight[:, None]
        common = np.zeros((self.n, self.shared))
        for unknown, derivative in (shared or {}).items():
            common[:, unknown] += derivative * weight
        self.residual.append(residual * weight)
        self.own.append(own)
        self.common.append(common)

    def normal(self) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray, FloatArray]:
        """Return the blocks of the normal equations: own, own-common, common, and gradients."""
        r = np.stack(self.residual, axis=1)
        a, c = np.stack(self.own, axis=1), np.stack(self.common, axis=1)
        at = a.transpose(0, 2, 1)
        flat = c.reshape(-1, self.shared)
        return (
            at @ a, at @ c, flat.T @ flat, (at @ r[..., None])[..., 0], flat.T @ r.ravel(),
        )  # fmt: skip


@dataclass(frozen=True)
class System:
    """Normal equations: (n, m, m) blocks, second differences (3, n), (n, m, s), (s, s)."""

    blocks: FloatArray
    second: FloatArray
    border: FloatArray
    corner: FloatArray

    def band(self, damping: float) -> FloatArray:
        """Return the lower band matrix of the poses' part, damped after Marquardt."""
        n, m = self.blocks.shape[:2]
        band = np.zeros((2 * m + 1, n * m))
        i, j = np.tril_indices(m)
        columns = np.arange(n)[:, None] * m + j
        band[np.broadcast_to(i - j, columns.shape), columns] = self.blocks[:, i, j]
        for lag in range(3):
            band[lag * m, : (n - lag) * m] += np.repeat(self.second[lag, : n - lag], m)
        band[0] *= 1 + damping
        return band

    def step(
        self, own: FloatArray, common: FloatArray, damping: float
    ) -> tuple[FloatArray, FloatArray]:
        """Solve for the step down the gradients `own` (n, m) and `common` (s,)."""
        n, m, s = self.border.shape
        factor = (cholesky_banded(self.band(damping), lower=True, check_finite=False), True)
        right = np.column_stack([own.reshape(-1, 1), self.border.reshape(n * m, s)])
        solved = cho_solve_banded(factor, right, check_finite=False)
        flat = self.border.reshape(n * m, s)
        schur = self.corner + damping * np.diag(np.diag(self.corner)) - flat.T @ solved[:, 1:]
        shared = -np.linalg.solve(schur, common - flat.T @ solved[:, 0])
        poses = -solved[:, 0] - solved[:, 1:] @ shared
        return poses.reshape(n, m), np.asarray(shared)

    def covariance(self) -> FloatArray:
        """Return the marginal covariance of each pose, shape (n, m, m).

        The diagonal blocks of the band's inverse come from a backward recursion over pairs of
        poses, for which the band is block tridiagonal (Takahashi et al. 1973; Rauch, Tung and
        Striebel 1965); the shared unknowns add their part through the Schur complement.
        """
        n, m, s = self.border.shape
        flat = self.border.reshape(n * m, s)
        factor = (cholesky_banded(self.band(0.0), lower=True, check_finite=False), True)
        reach = cho_solve_banded(factor, flat, check_finite=False)
        shared = np.asarray(np.linalg.inv(self.corner - flat.T @ reach), dtype=np.float64)
        own = self._own_covariance()
        reach = reach.reshape(n, m, s)
        return np.asarray(own + reach @ shared @ reach.transpose(0, 2, 1))

    def _own_covariance(self) -> FloatArray:
        n, m = self.blocks.shape[:2]
        starts = range(0, n, 2)
        eye = np.eye(m)

        def block(rows: slice, columns: slice) -> FloatArray:
            i, j = np.meshgrid(
                np.arange(rows.start, rows.stop), np.arange(columns.start, columns.stop),
                indexing="ij",
            )  # fmt: skip
            lag = np.abs(i - j)
            coupling = self.second[np.minimum(lag, 2), np.minimum(i, j)]
            return np.asarray(np.kron(np.where(lag <= 2, coupling, 0.0), eye), dtype=np.float64)

        kept: list[FloatArray] = []
        gains: list[FloatArray] = []
        for k, a in enumerate(starts):
            here = slice(a, min(a + 2, n))
            diagonal = block(here, here)
            for q in range(here.stop - a):
                diagonal[q * m : (q + 1) * m, q * m : (q + 1) * m] += self.blocks[a + q]
            if k:
                link = block(here, slice(a - 2, a))
                gains.append(kept[-1] @ link.T)
                diagonal -= link @ gains[-1]
            kept.append(np.asarray(np.linalg.inv(diagonal), dtype=np.float64))
        later = kept[-1]
        pairs = [later]
        for k in range(len(kept) - 2, -1, -1):
            later = kept[k] + gains[k] @ later @ gains[k].T
            pairs.append(later)
        out = [p[q : q + m, q : q + m] for p in pairs[::-1] for q in range(0, len(p), m)]
        return np.stack(out)


@dataclass(frozen=True)
class Linear:
    """Cost at some unknowns, normal equations, and gradients by poses (n, m) and shared (s,)."""

    cost: float
    system: System
    own: FloatArray
    common: FloatArray


def second_differences(time_s: FloatArray, weight: float) -> FloatArray:
    """Return D'D of the second derivative on times (n,), times `weight`, as diagonals (3, n)."""
    n = len(time_s)
    out = np.zeros((3, n))
    if n < 3:
        return out
    h, g = np.diff(time_s)[:-1], np.diff(time_s)[1:]
    d = np.stack([2 / (h * (h + g)), -2 / (h * g), 2 / (g * (h + g))])
    for lag in range(3):
        for i in range(3 - lag):
            out[lag, i : i + n - 2] += weight * d[i] * d[i + lag]
    return out


def apply_second(second: FloatArray, places: FloatArray) -> FloatArray:
    """Return D'D times `places`, shape (n, m)."""
    out = second[0][:, None] * places
    for lag in (1, 2):
        coupling = second[lag, : len(places) - lag, None]
        out[lag:] += coupling * places[:-lag]
        out[:-lag] += coupling * places[lag:]
    return np.asarray(out)
