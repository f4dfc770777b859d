"""The grid and the low-pass: no delay, no drift, nothing across a gap."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from make_track import Plan, times
from scipy.signal import butter, sosfiltfilt

from movecheck.signals.gaps import runs
from movecheck.signals.smooth import low_pass, resample, uniform_grid

number = st.floats(-1e3, 1e3)


@given(st.lists(number, min_size=2, max_size=60), st.sampled_from([10, 25, 30, 60]))
def test_resampling_of_a_uniform_signal_is_identity(values, fps):
    time_s = np.arange(len(values)) / fps
    grid = uniform_grid(time_s, 60.0)
    np.testing.assert_allclose(grid, time_s, atol=1e-9)
    np.testing.assert_allclose(resample(time_s, np.array(values), grid, 0.25), values, atol=1e-6)


@given(st.integers(2, 300), st.floats(1, 240), st.floats(0, 0.95), st.integers(0, 99))
def test_a_grid_never_outruns_its_limit_and_keeps_both_ends(n, fps, jitter, seed):
    time_s = times((n - 1) / fps, fps, jitter, seed)
    grid = uniform_grid(time_s, 60.0)
    assert grid[0] == time_s[0]
    assert grid[-1] == pytest.approx(time_s[-1])
    if len(grid) > 2:
        assert np.diff(grid).min() > 0.6 / 60
    assert len(grid) <= 2 * n


def test_resampling_is_linear_between_samples_and_stops_at_both_ends():
    time_s, values = np.array([1.0, 2.0, 3.0]), np.array([0.0, 10.0, 0.0])
    got = resample(time_s, values, np.array([0.9, 1.0, 1.5, 2.0, 2.75, 3.0, 3.1]), 1.5)
    np.testing.assert_allclose(got, [np.nan, 0, 5, 10, 2.5, 0, np.nan], atol=1e-9)


@pytest.mark.parametrize("how", ["NaN", "no frames"])
@pytest.mark.parametrize(("gap", "bridged"), [(0.2, True), (0.3, False)])
def test_a_gap_is_bridged_up_to_its_limit(how, gap, bridged):
    time_s = np.arange(100) / 50
    values = 3 * time_s
    lost = (time_s > 1.0 + 1e-9) & (time_s < 1.0 + gap - 1e-9)
    if how == "NaN":
        got = resample(time_s, np.where(lost, np.nan, values), time_s, 0.25)
    else:
        got = resample(time_s[~lost], values[~lost], time_s, 0.25)
    np.testing.assert_allclose(got[~lost], values[~lost], atol=1e-9)
    if bridged:
        np.testing.assert_allclose(got, values, atol=1e-9)
    else:
        assert np.isnan(got[lost]).all()


@pytest.mark.parametrize("n", [0, 1])
def test_less_than_two_samples_give_nothing(n):
    values = np.full(9, np.nan)
    values[:n] = 5.0
    assert np.isnan(resample(np.arange(9.0), values, np.arange(9.0), 5.0)).all()


@given(number, st.integers(1, 200), st.sampled_from([5.0, 10.0, 25.0, 30.0, 60.0]))
def test_constants_pass(value, n, rate):
    np.testing.assert_allclose(low_pass(np.full(n, value), rate, 4.0), value, atol=1e-6)


@given(st.lists(st.one_of(number, st.just(np.nan)), min_size=1, max_size=120))
def test_length_and_gaps_are_kept(values):
    array = np.array(values)
    done = low_pass(array, 30.0, 4.0)
    assert len(done) == len(array)
    assert np.array_equal(np.isnan(done), np.isnan(array))


@pytest.mark.parametrize("rate", [10.0, 25.0, 30.0, 60.0])
def test_no_delay(rate):
    """A slow rise and fall comes out where it went in, to a hundredth of a second."""
    plan = Plan(count=1, down_s=1.5, up_s=1.5)
    time_s = np.arange(0, plan.duration_s, 1 / rate)
    raw = 100 * plan.share(time_s)
    done = low_pass(raw, rate, 4.0)
    lags = np.linspace(-0.1, 0.1, 41)
    inner = (time_s > 1) & (time_s < 6)
    cost = [np.square(np.interp(time_s + lag, time_s, done) - raw)[inner].sum() for lag in lags]
    assert abs(lags[int(np.argmin(cost))]) < 0.006
    assert np.abs(done - raw).max() < 1.0


@pytest.mark.parametrize("rate", [25.0, 30.0, 60.0, 120.0])
def test_what_is_fast_goes_and_what_is_slow_stays(rate):
    time_s = np.arange(0, 10, 1 / rate)
    inner = (time_s > 2) & (time_s < 8)
    for hz, least, most in ((0.5, 0.97, 1.03), (1.0, 0.95, 1.03), (10.0, 0.0, 0.1)):
        gain = low_pass(np.sin(2 * np.pi * hz * time_s), rate, 4.0)[inner].std() / np.sqrt(0.5)
        assert least <= gain <= most, hz


def test_runs_do_not_know_one_another():
    rng = np.random.default_rng(0)
    values = rng.normal(size=100)
    values[40:60] = np.nan
    other = values.copy()
    other[60:] = 1000.0
    a, b = low_pass(values, 30.0, 4.0), low_pass(other, 30.0, 4.0)
    np.testing.assert_array_equal(a[:40], b[:40])


def test_turned_round_in_time_is_the_same():
    values = np.random.default_rng(1).normal(size=200).cumsum()
    there, back = low_pass(values, 30.0, 4.0), low_pass(values[::-1].copy(), 30.0, 4.0)[::-1]
    np.testing.assert_allclose(there[15:-15], back[15:-15], atol=0.05)


def test_low_pass_is_that_of_scipy_run_by_run():
    rng = np.random.default_rng(3)
    values = rng.normal(size=(200, 12)).cumsum(axis=0)
    values[rng.random(values.shape) < 0.08] = np.nan
    expected, sos = values.copy(), butter(2, 4.0, fs=30.0, output="sos")
    for column in expected.T:
        for start, stop in runs(np.isfinite(column)):
            if stop - start > 2:
                pad = min(8, stop - start - 1)
                column[start:stop] = sosfiltfilt(sos, column[start:stop], padlen=pad)
    np.testing.assert_allclose(low_pass(values, 30.0, 4.0), expected, rtol=1e-12)
