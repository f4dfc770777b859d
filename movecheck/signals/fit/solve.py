"""Sparse least squares over time: poses in a band, what all poses share in a Schur complement."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.linalg.lapack import dpbtrf, dtbtrs, dtrtri

from movecheck.signals.fit.stance import IntArray
from movecheck.types import FloatArray

POSES_AT_ONCE = 500  # bounds the memory: a minute's poses (our own choice)

_Row = tuple[FloatArray, FloatArray, dict[int, FloatArray], dict[int, FloatArray]]
_Tie = tuple[int, FloatArray, FloatArray, IntArray]


@dataclass
class Rows:
    """Weighted residuals of every pose, with their derivatives.

    Attributes
    ----------
    n, size, shared : int
        Poses, unknowns of one pose (three a joint), unknowns shared by all poses.
    thin : float
        Share of each square that counts.
    cost : float
        Of these residuals and what else there is; NaN until somebody says so.
    """

    n: int
    size: int
    shared: int
    thin: float
    rows: list[_Row] = field(default_factory=list)
    ties: list[_Tie] = field(default_factory=list)
    cost: float = float("nan")

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
        weighed = np.asarray(np.sqrt(self.thin) * np.asarray(weight))
        self.rows.append((residual, weighed, joints, shared or {}))

    def tie(self, joint: int, off: FloatArray, weight: FloatArray, place: IntArray) -> None:
        """Add three rows a pose: a joint is where three shared unknowns say.

        Parameters
        ----------
        joint : int
        off : ndarray, shape (n, 3)
            How far the joint is from there.
        weight : ndarray, shape (n,)
            Reciprocal of the standard deviation.
        place : ndarray of int, shape (n,)
            The first of the three unknowns.
        """
        self.ties.append((joint, off, weight, place))

    def squares(self, first: int) -> float:
        """Return the sum of squares of the rows from `first` on."""
        weighted = (residual * weight for residual, weight, *_ in self.rows[first:])
        return sum(float(r @ r) for r in weighted)

    def normal(self) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Return blocks, border and corner of the normal equations; see `System`."""
        m = self.size
        # Unknowns that only ties know come last; they need no room beside every row.
        known = 1 + max((k for *_, shared in self.rows for k in shared), default=-1)
        to = [*range(known), -1]
        blocks = np.empty((self.n, m, m))
        border = np.zeros((self.n, m, self.shared + 1))
        corner = np.zeros((self.shared, self.shared + 1))
        for start in range(0, self.n, POSES_AT_ONCE):
            now = slice(start, start + POSES_AT_ONCE)
            slopes = self._dense(now, known)
            square = slopes.transpose(0, 2, 1) @ slopes
            blocks[now] = square[:, :m, :m]
            border[now, :, to] = square[:, :m, m:]
            corner[:known, to] += square[:, m:-1, m:].sum(axis=0)
        for joint, off, weight, place in self.ties:
            own, at = 3 * joint + np.arange(3), place[:, None] + np.arange(3)
            counts = self.thin * weight[:, None] ** 2
            blocks[:, own, own] += counts
            border[:, own, -1] += counts * off
            border[np.arange(self.n)[:, None], own, at] -= counts
            np.add.at(corner, (at, at), counts)
            np.add.at(corner[:, -1], at, -counts * off)
        return blocks, border, corner

    def _dense(self, now: slice, known: int) -> FloatArray:
        """Return rows (n, rows, m + known + 1) of some poses: derivatives, then the residual."""
        n = len(range(self.n)[now])
        out = np.zeros((n, len(self.rows), self.size + known + 1))
        for i, (residual, weight, joints, shared) in enumerate(self.rows):
            heavy = np.broadcast_to(weight, self.n)[now]
            for joint, slope in joints.items():
                out[:, i, 3 * joint : 3 * joint + 3] = slope[now] * heavy[:, None]
            for unknown, by in shared.items():
                out[:, i, self.size + unknown] = by[now] * heavy
            out[:, i, -1] = residual[now] * heavy
        return out


@dataclass(frozen=True)
class System:
    """Normal equations of n poses of m unknowns and of the s unknowns they share.

    Attributes
    ----------
    blocks : ndarray, shape (n, m, m)
        Of each pose.
    second : ndarray, shape (3, n)
        Between poses near in time; see `second_differences`.
    border : ndarray, shape (n, m, s + 1)
        Of poses and shared unknowns; in the last column half the gradient by the poses.
    corner : ndarray, shape (s, s + 1)
        Of the shared unknowns; in the last column half the gradient by them.
    """

    blocks: FloatArray
    second: FloatArray
    border: FloatArray
    corner: FloatArray

    def step(self, damping: float) -> tuple[FloatArray, FloatArray]:
        """Return the step of the poses (n, m) and of what they share (s,), damped."""
        factor, half, schur = self._eliminate(damping)
        shared = -np.linalg.solve(schur[:, :-1], schur[:, -1])
        poses = dtbtrs(factor, -half @ np.append(shared, 1.0), uplo="L", trans="T")[0]
        return poses.reshape(self.blocks.shape[:2]), np.asarray(shared)

    def covariance(self) -> FloatArray:
        """Return the marginal covariance of each pose, shape (n, m, m)."""
        n, m, _ = self.border.shape
        factor, half, schur = self._eliminate(0.0)
        reach = np.ascontiguousarray(dtbtrs(factor, half[:, :-1], uplo="L", trans="T")[0])
        by_shared = (reach @ np.linalg.inv(schur[:, :-1])).reshape(n, m, -1)
        shared = by_shared @ reach.reshape(n, m, -1).transpose(0, 2, 1)
        return np.asarray(_inverse_blocks(factor, m) + shared)

    def _eliminate(self, damping: float) -> tuple[FloatArray, FloatArray, FloatArray]:
        """Factor the band of the poses, its diagonal raised after Marquardt.

        Returns the lower band of Cholesky's factor, its inverse times the border, and what is
        left of the corner (Schur's complement).
        """
        n, m, width = self.border.shape
        band = np.zeros((n, m, 2 * m + 1))
        for k in range(m):
            band[:, k, : m - k] = self.blocks[:, k, k:]
        for lag in range(3):
            band[:, :, lag * m] += self.second[lag, :, None]
        band[:, :, 0] *= 1 + damping
        factor, failed = dpbtrf(band.reshape(n * m, -1).T, lower=1, overwrite_ab=1)
        if failed:
            raise np.linalg.LinAlgError("the normal equations are not positive definite")
        half = dtbtrs(factor, self.border.reshape(n * m, width), uplo="L")[0]
        corner = self.corner.copy()
        corner[:, :-1] += damping * np.diag(np.diag(corner))
        return factor, half, corner - half[:, :-1].T @ half


def _inverse_blocks(factor: FloatArray, m: int) -> FloatArray:
    """Return the diagonal blocks (n, m, m) of the inverse of a factored band matrix.

    By recursion from the end over pairs of blocks, for which the band of a block and its next two
    is block tridiagonal (Takahashi et al. 1973; Rauch, Tung and Striebel 1965).
    """
    columns, size = factor.T, 2 * m
    n = len(columns) // m
    # Shear the band into dense columns: row r of column k moves to r + k. An odd number of
    # blocks is made even by a block of ones that is tied to nothing.
    sheared = np.zeros((n + n % 2, m, 2 * size + 1))
    sheared[..., 0] = 1.0
    sheared[:n, :, : size + 1] = columns.reshape(n, m, -1)
    dense = sheared.reshape(-1, size * (2 * size + 1))[:, : 2 * size * size]
    out = np.empty((len(dense), 2, m, m))
    later = np.zeros((size, size))
    for k in range(len(dense) - 1, -1, -1):
        upper, link = np.split(dense[k].reshape(size, -1), 2, axis=1)
        back = dtrtri(upper)[0]
        gain = back @ link
        later = back @ back.T + gain @ later @ gain.T
        out[k] = later[:m, :m], later[m:, m:]
    return out.reshape(-1, m, m)[:n]


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
    """Return D'D times `places`, shape (n, ...)."""
    diagonals = second.reshape(*second.shape, *(1,) * (places.ndim - 1))
    out = diagonals[0] * places
    for lag in (1, 2):
        coupling = diagonals[lag, : len(places) - lag]
        out[lag:] += coupling * places[:-lag]
        out[:-lag] += coupling * places[lag:]
    return np.asarray(out)
