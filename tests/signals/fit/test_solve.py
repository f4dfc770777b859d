"""The solver against dense linear algebra."""

from __future__ import annotations

import numpy as np
import pytest

from movecheck.signals.fit.solve import Rows, System, apply_second, second_differences
from movecheck.types import FloatArray


def made_up(n: int, joints: int = 2, shared: int = 3) -> tuple[System, FloatArray, FloatArray]:
    """Return a system of random rows, and its dense matrix (n m + s) and half gradient."""
    rng = np.random.default_rng(n)
    m, thin = 3 * joints, 0.3
    rows = Rows(n, m, shared, thin)
    dense, gradient = np.zeros((n * m + shared,) * 2), np.zeros(n * m + shared)
    for _ in range(m + 2):
        off, weight, slope, by = (rng.normal(size=s) for s in ((n,), (n,), (n, 3), (n,)))
        joint, unknown = int(rng.integers(joints)), int(rng.integers(shared))
        rows.add(off, weight, {joint: slope}, {unknown: by})
        for k in range(n):
            row = np.zeros(n * m + shared)
            row[k * m + 3 * joint : k * m + 3 * joint + 3] = slope[k]
            row[n * m + unknown] = by[k]
            dense += thin * weight[k] ** 2 * np.outer(row, row)
            gradient += thin * weight[k] ** 2 * off[k] * row
    second = second_differences(np.sort(rng.uniform(0, 1, n)), 1e-3)
    at = rng.normal(size=(n, m))
    pull = apply_second(second, at)
    dense[: n * m, : n * m] += np.column_stack(
        [apply_second(second, e.reshape(n, m)).ravel() for e in np.eye(n * m)]
    )
    gradient[: n * m] += pull.ravel()
    blocks, border, corner = rows.normal()
    border[..., -1] += pull
    # What the rows leave open is held a little.
    dense += 0.1 * np.eye(len(dense))
    blocks[:, range(m), range(m)] += 0.1
    corner[:, :-1] += 0.1 * np.eye(shared)
    return System(blocks, second, border, corner), dense, gradient


@pytest.mark.parametrize("n", [1, 2, 5, 8])
@pytest.mark.parametrize("damping", [0.0, 0.5])
def test_step_is_that_of_the_dense_equations(n: int, damping: float) -> None:
    system, dense, gradient = made_up(n)
    poses, shared = system.step(damping)
    damped = dense + damping * np.diag(np.diag(dense))
    np.testing.assert_allclose(
        np.append(poses.ravel(), shared), -np.linalg.solve(damped, gradient), rtol=1e-8, atol=1e-10
    )


@pytest.mark.parametrize("n", [1, 2, 5, 8])
def test_covariance_is_in_the_dense_inverse(n: int) -> None:
    system, dense, _ = made_up(n)
    inverse, m = np.linalg.inv(dense), system.blocks.shape[1]
    expected = [inverse[k : k + m, k : k + m] for k in range(0, n * m, m)]
    np.testing.assert_allclose(system.covariance(), expected, rtol=1e-8, atol=1e-10)


def test_rows_know_their_cost() -> None:
    rows = Rows(2, 3, 1, 0.25)
    for scale in (1.0, 2.0):
        rows.add(np.array([3.0, 4.0]), scale, {})
    assert rows.squares(0) == pytest.approx(0.25 * 25 * (1 + 4))
    assert rows.squares(1) == pytest.approx(0.25 * 25 * 4)


def test_poses_in_pieces_give_the_same_equations(monkeypatch: pytest.MonkeyPatch) -> None:
    whole, *_ = made_up(8)
    monkeypatch.setattr("movecheck.signals.fit.solve.POSES_AT_ONCE", 3)
    pieces, *_ = made_up(8)
    for name in ("blocks", "border", "corner"):
        np.testing.assert_allclose(getattr(pieces, name), getattr(whole, name), rtol=1e-12)


def test_a_tie_is_three_rows() -> None:
    rng = np.random.default_rng(1)
    n, off, weight = 5, rng.normal(size=(5, 3)), rng.random(5)
    place = np.array([1, 4, 1, 1, 4])
    tied, written = Rows(n, 6, 7, 0.3), Rows(n, 6, 7, 0.3)
    tied.tie(1, off, weight, place)
    for axis in range(3):
        shared = {int(k) + axis: -1.0 * (place == k) for k in set(place)}
        written.add(off[:, axis], weight, {1: np.tile(np.eye(3)[axis], (n, 1))}, shared)
    for one, other in zip(tied.normal(), written.normal(), strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-12, atol=1e-15)
