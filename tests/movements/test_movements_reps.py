"""Repetitions: as many as there are, where they are, and none where there are none."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_track import PROFILES, Plan, times

from movecheck.movements import find_reps
from movecheck.movements.onset import Timing
from movecheck.signals.smooth import low_pass, resample, uniform_grid
from movecheck.types import Rep, State

LEAST = 25.0
WITHIN_S = 0.3  # strokes of up to 2.5 s have no sharp onset
FRAME_RATES = [10, 12, 15, 24, 25, 30, 50, 60, 100, 120]


def seen(
    plan: Plan,
    peak: float = 90.0,
    fps: float = 30.0,
    jitter: float = 0.0,
    noise: float = 0.0,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Return a driving signal as it comes to `find_reps`: with noise, on the grid, low-passed."""
    time_s = times(plan.duration_s, fps, jitter, seed)
    raw = peak * plan.share(time_s)
    raw = raw + np.random.default_rng(seed).normal(0, noise, len(raw))
    grid = uniform_grid(time_s, 60.0)
    rate = 1 / float(grid[1] - grid[0])
    return grid, low_pass(resample(time_s, raw, grid, max(0.25, 3 / fps)), rate, 4.0)


def edges(plan: Plan) -> list[tuple[float, float]]:
    return list(zip(plan.starts_s, plan.ends_s, strict=True))


def counted(reps: Sequence[Rep]) -> list[Rep]:
    return [rep for rep in reps if rep.excluded_reason is None]


plans = st.builds(
    Plan,
    count=st.integers(0, 30),
    down_s=st.floats(0.6, 2.5),
    hold_s=st.floats(0.0, 3.0),
    up_s=st.floats(0.6, 2.5),
    pause_s=st.floats(0.0, 3.0),
    stand_s=st.floats(0.5, 2.5),
    profile=st.sampled_from(sorted(PROFILES)),
)


@given(plans, st.floats(35, 120), st.sampled_from(FRAME_RATES), st.floats(0, 0.8),
       st.integers(0, 99))  # fmt: skip
@settings(max_examples=120)
def test_k_clean_repetitions_are_k(plan, peak, fps, jitter, seed):
    reps = find_reps(*seen(plan, peak, fps, jitter, seed=seed), LEAST)
    assert len(reps) == len(counted(reps)) == plan.count
    for rep, (start, end), deepest in zip(reps, edges(plan), plan.peaks_s, strict=True):
        assert rep.start_s == pytest.approx(start, abs=WITHIN_S)
        assert rep.end_s == pytest.approx(end, abs=WITHIN_S)
        assert rep.peak_s == pytest.approx(deepest, abs=plan.hold_s / 2 + 0.2)


@given(plans, st.floats(60, 120), st.sampled_from(FRAME_RATES), st.floats(0, 0.8),
       st.integers(0, 99))  # fmt: skip
@settings(max_examples=120)
def test_k_repetitions_in_noise_are_k(plan, peak, fps, jitter, seed):
    reps = find_reps(*seen(plan, peak, fps, jitter, noise=2.0, seed=seed), LEAST)
    assert len(reps) == len(counted(reps)) == plan.count


def study(noise: float, n: int = 100) -> float:
    """Share of seeded signals whose repetitions are all found, and nothing else."""
    right = 0
    for seed in range(n):
        rng = np.random.default_rng(seed)
        plan = Plan(
            count=int(rng.integers(0, 11)), down_s=rng.uniform(0.7, 2), up_s=rng.uniform(0.7, 2),
            hold_s=rng.uniform(0, 2), pause_s=rng.uniform(0, 2),
            profile=sorted(PROFILES)[seed % 2],
        )  # fmt: skip
        signal = seen(plan, rng.uniform(60, 110), rng.choice(FRAME_RATES), 0.6, noise, seed)
        reps = find_reps(*signal, LEAST)
        right += len(reps) == len(counted(reps)) == plan.count
    return right / n


def test_noise_of_five_degrees_costs_nothing():
    assert study(5.0) == 1.0


def test_noise_of_ten_degrees_costs_two_in_a_hundred_at_most():
    assert study(10.0) >= 0.98


@pytest.mark.parametrize("profile", sorted(PROFILES))
@pytest.mark.parametrize("fps", [10, 30, 60])
@pytest.mark.parametrize("half_s", [0.7, 1.5, 3.0])
def test_start_and_end_are_those_of_the_truth(profile, fps, half_s):
    plan = Plan(down_s=half_s, up_s=half_s, profile=profile)
    reps = find_reps(*seen(plan, fps=fps), LEAST)
    for rep, (start, end) in zip(reps, edges(plan), strict=True):
        assert rep.start_s == pytest.approx(start, abs=0.15)
        assert rep.end_s == pytest.approx(end, abs=0.15)


@pytest.mark.parametrize("pause_s", [0.0, 0.3, 1.0, 5.0, 20.0])
def test_pauses_at_the_top(pause_s):
    plan = Plan(count=4, pause_s=pause_s)
    reps = find_reps(*seen(plan), LEAST)
    assert len(counted(reps)) == 4
    durations = [rep.end_s - rep.start_s for rep in reps]
    assert durations == pytest.approx([b - a for a, b in edges(plan)], abs=0.1)


@pytest.mark.parametrize("hold_s", [0.3, 1.0, 3.0, 10.0])
def test_pauses_at_the_bottom(hold_s):
    plan = Plan(hold_s=hold_s)
    reps = find_reps(*seen(plan, noise=1.0), LEAST)
    assert len(counted(reps)) == 3
    for rep, (start, end) in zip(reps, edges(plan), strict=True):
        assert rep.start_s == pytest.approx(start, abs=0.2)
        assert rep.end_s == pytest.approx(end, abs=0.2)


@pytest.mark.parametrize("drift", [-0.05, 0.04, 0.08])
def test_edges_are_counted_from_a_rest_that_drifts(drift):
    """After each repetition the person stands a little more bent, or straighter, than before."""
    plan = Plan(count=4, pause_s=1.5)
    time_s, signal = seen(plan, noise=1.0)
    shift = np.interp(time_s, plan.peaks_s, drift * 90 * np.arange(4))
    reps = find_reps(time_s, signal + shift, LEAST)
    assert len(counted(reps)) == 4
    for rep, (start, end) in zip(reps, edges(plan), strict=True):
        assert rep.start_s == pytest.approx(start, abs=0.15)
        assert rep.end_s == pytest.approx(end, abs=0.15)


def test_another_signal_times_the_repetitions_where_it_is_known():
    """A height falls with the square of the angle: late to fall, and soon back."""
    plan = Plan(count=2, down_s=1.6, up_s=1.6)
    time_s, angle = seen(plan)
    height = (angle / 90) ** 2 * 40
    alone = find_reps(time_s, height, 6.0)
    timed = find_reps(time_s, height, 6.0, timing=lambda _: Timing(angle))
    half = np.where(time_s > plan.ends_s[0] + 0.5, angle, np.nan)
    partly = find_reps(time_s, height, 6.0, timing=lambda _: Timing(half))
    for late, rep, (start, end) in zip(alone, timed, edges(plan), strict=True):
        assert rep.start_s == pytest.approx(start, abs=0.1)
        assert rep.end_s == pytest.approx(end, abs=0.1)
        assert rep.peak_s == late.peak_s
        assert late.start_s > rep.start_s
        assert late.end_s < rep.end_s
    assert partly == [alone[0], timed[1]]


@pytest.mark.parametrize("seen_from", [0.3, 0.55])
@pytest.mark.parametrize("profile", PROFILES)
def test_a_leg_that_comes_into_sight_on_its_way_tells_when_it_began(profile, seen_from):
    plan = Plan(count=1, down_s=1.2, up_s=1.2, profile=profile)
    time_s, angle = seen(plan)
    hidden = (time_s < plan.peaks_s[0]) & (angle - angle[0] < seen_from * np.ptp(angle))
    part = np.where(hidden, np.nan, angle - angle[0])
    (rep,) = find_reps(time_s, angle, LEAST, timing=lambda _: Timing(part))
    assert rep.start_s == pytest.approx(plan.starts_s[0], abs=0.15)
    assert rep.end_s == pytest.approx(plan.ends_s[0], abs=0.15)
    late = np.where((time_s < plan.peaks_s[0]) & (angle < 0.9 * angle.max()), np.nan, part)
    (kept,) = find_reps(time_s, angle, LEAST, timing=lambda _: Timing(late))
    assert kept.start_s == find_reps(time_s, angle, LEAST)[0].start_s


def test_a_joint_that_jumps_away_at_the_top_ends_nothing():
    plan = Plan(count=1, hold_s=2.0)
    time_s, angle = seen(plan)
    jumps = np.where(np.abs(time_s - plan.peaks_s[0]) < 0.2, 0.4 * angle, angle)
    (rep,) = find_reps(time_s, angle, LEAST, timing=lambda _: Timing(jumps))
    (clean,) = find_reps(time_s, angle, LEAST)
    assert (rep.start_s, rep.end_s) == pytest.approx((clean.start_s, clean.end_s), abs=0.05)


def test_the_deepest_point_of_a_hold_is_its_middle():
    plan = Plan(count=2, hold_s=2.5)
    rng = np.random.default_rng(3)
    time_s, angle = seen(plan)
    reps = find_reps(time_s, angle + rng.normal(0, 0.5, len(angle)), LEAST)
    for rep, peak in zip(reps, plan.peaks_s, strict=True):
        assert rep.peak_s == pytest.approx(peak, abs=0.25)


def test_a_recording_that_ends_at_the_bottom_has_no_end_there():
    time_s, signal = seen(Plan(count=1, hold_s=3.0))
    cut = time_s < 5.0
    (rep,) = find_reps(time_s[cut], signal[cut], LEAST)
    assert "ends in the middle" in (rep.excluded_reason or "")
    assert rep.end_s == pytest.approx(5.0, abs=0.05)


@pytest.mark.parametrize("share", [0.1, 0.2, 0.35, 0.45])
@pytest.mark.parametrize("bounces", [1, 2, 4])
def test_bouncing_at_the_bottom_is_one_repetition(share, bounces):
    plan = Plan(count=2, hold_s=bounces * 0.8)
    time_s, signal = seen(plan)
    for start in plan.starts_s:
        u = (time_s - start - plan.down_s) / plan.hold_s
        inside = (u > 0) & (u < 1)
        signal[inside] -= 90 * share * (1 - np.cos(2 * np.pi * bounces * u[inside])) / 2
    reps = find_reps(time_s, signal, LEAST)
    assert len(reps) == len(counted(reps)) == 2
    starts, ends = zip(*edges(plan), strict=True)
    assert [rep.start_s for rep in reps] == pytest.approx(starts, abs=0.1)
    assert [rep.end_s for rep in reps] == pytest.approx(ends, abs=0.1)


def test_a_real_return_makes_two():
    time_s, signal = seen(Plan(count=1, hold_s=1.6))
    u = (time_s - 3.2) / 1.6
    inside = (u > 0) & (u < 1)
    signal[inside] -= 90 * 0.7 * (1 - np.cos(2 * np.pi * u[inside])) / 2
    assert len(find_reps(time_s, signal, LEAST)) == 2


@pytest.mark.parametrize("depth", [0.35, 0.45, 0.55])
@pytest.mark.parametrize("which", [0, 1, 3])
def test_a_partial_repetition_is_kept_but_excluded(depth, which):
    depths = [1.0] * 4
    depths[which] = depth
    reps = find_reps(*seen(Plan(count=4, depths=tuple(depths))), LEAST)
    assert len(reps) == 4
    assert [i for i, rep in enumerate(reps) if rep.excluded_reason] == [which]
    assert "partial" in (reps[which].excluded_reason or "")


@pytest.mark.parametrize("depth", [0.65, 0.8, 1.0, 1.3])
def test_a_somewhat_shallower_one_counts(depth):
    reps = find_reps(*seen(Plan(count=4, depths=(1.0, depth, 1.0, 1.0))), LEAST)
    assert len(counted(reps)) == 4


def test_what_is_below_the_least_is_no_repetition():
    assert find_reps(*seen(Plan(), peak=20.0), LEAST) == []
    assert len(find_reps(*seen(Plan(), peak=30.0), LEAST)) == 3


@pytest.mark.parametrize("cut", [2.4, 2.8, 3.2])
def test_cut_off_at_the_start(cut):
    plan = Plan()
    time_s, signal = seen(plan)
    keep = time_s >= cut
    reps = find_reps(time_s[keep], signal[keep], LEAST)
    assert len(counted(reps)) == 2
    if len(reps) == 3:
        assert "starts" in (reps[0].excluded_reason or "")


@pytest.mark.parametrize("cut", [3.2, 3.6, 4.0])
def test_cut_off_at_the_end(cut):
    plan = Plan()
    time_s, signal = seen(plan)
    cut += plan.starts_s[-1] - plan.starts_s[0]
    keep = time_s <= cut
    reps = find_reps(time_s[keep], signal[keep], LEAST)
    assert len(counted(reps)) == 2
    if len(reps) == 3:
        assert "ends" in (reps[-1].excluded_reason or "")


def test_cut_at_both_ends_right_after_standing_still_counts():
    plan = Plan(stand_s=0.2)
    assert len(counted(find_reps(*seen(plan), LEAST))) == 3


@pytest.mark.parametrize("at", ["peak", "side"])
def test_a_filled_extreme_is_excluded_and_a_filled_slope_is_not(at):
    plan = Plan()
    time_s, signal = seen(plan)
    state = np.full(len(time_s), State.MEASURED, dtype=np.int8)
    when = plan.peaks_s[1] - (0.0 if at == "peak" else 0.6)
    state[np.abs(time_s - when) < 0.1] = State.FILLED
    reps = find_reps(time_s, signal, LEAST, state)
    reasons = [rep.excluded_reason for rep in reps]
    assert len(reps) == 3
    if at == "peak":
        assert reasons[0] is reasons[2] is None
        assert "filled" in (reasons[1] or "")
    else:
        assert reasons == [None] * 3


@pytest.mark.parametrize("gap_s", [0.6, 1.0, 1.4])
def test_a_long_gap_excludes_the_repetition_it_hits(gap_s):
    plan = Plan()
    time_s, signal = seen(plan)
    signal[np.abs(time_s - plan.peaks_s[1] - 0.3) < gap_s / 2] = np.nan
    reps = find_reps(time_s, signal, LEAST)
    assert [rep.start_s for rep in counted(reps)] == pytest.approx(
        [plan.starts_s[0], plan.starts_s[2]], abs=0.3
    )
    hit = [rep for rep in reps if rep.excluded_reason]
    assert all("not seen" in (rep.excluded_reason or "") for rep in hit)


def test_a_gap_between_repetitions_costs_nothing():
    plan = Plan(pause_s=2.0)
    time_s, signal = seen(plan)
    middle = (plan.ends_s[0] + plan.starts_s[1]) / 2
    signal[np.abs(time_s - middle) < 0.6] = np.nan
    assert len(counted(find_reps(time_s, signal, LEAST))) == 3


@pytest.mark.parametrize("end", ["starts", "ends"])
def test_a_recording_cut_at_the_bottom_lists_that_repetition_and_why(end):
    plan = Plan(pause_s=1.0)
    time_s, signal = seen(plan)
    at = np.argmin(np.abs(time_s - plan.peaks_s[0 if end == "starts" else -1]))
    kept = slice(at, None) if end == "starts" else slice(None, at + 1)
    reps = find_reps(time_s[kept], signal[kept], LEAST)
    assert len(reps) == 3
    cut = reps[0 if end == "starts" else -1]
    assert cut.excluded_reason == f"the recording {end} in the middle of it"
    assert len(counted(reps)) == 2


@given(st.floats(-200, 200), st.integers(0, 400), st.sampled_from(FRAME_RATES))
def test_a_flat_line_has_none(level, n, fps):
    assert find_reps(np.arange(n) / fps, np.full(n, level), LEAST) == []


@given(st.integers(3, 300), st.integers(0, 99))
def test_noise_alone_has_none(n, seed):
    noise = np.random.default_rng(seed).normal(0, 3.0, n)
    assert find_reps(np.arange(n) / 30, noise, LEAST) == []


def test_a_slow_drift_has_none():
    time_s = np.arange(900) / 30
    assert find_reps(time_s, 20 * time_s / 30, LEAST) == []
    assert counted(find_reps(time_s, 90 * time_s / 30, LEAST)) == []


@pytest.mark.parametrize("n", [0, 1, 2, 3, 15])
def test_next_to_nothing(n):
    time_s = np.arange(n) / 30
    assert find_reps(time_s, np.full(n, np.nan), LEAST) == []
    assert counted(find_reps(time_s, np.linspace(0, 90, n), LEAST)) == []


@given(plans.filter(lambda plan: plan.count > 0), st.integers(0, 99))
def test_order_and_no_overlap(plan, seed):
    reps = find_reps(*seen(plan, noise=4.0, seed=seed), LEAST)
    for rep in reps:
        assert rep.start_s <= rep.peak_s <= rep.end_s
    for a, b in itertools.pairwise(reps):
        assert a.end_s <= b.start_s


def test_where_a_deepest_point_may_not_lie_there_is_none():
    plan = Plan()
    time_s, signal = seen(plan)
    real = np.abs(time_s - plan.peaks_s[1]) > 0.5
    reps = find_reps(time_s, signal, LEAST, real=real)
    assert len(reps) == 2
    assert [rep.peak_s for rep in reps] == pytest.approx(
        [plan.peaks_s[0], plan.peaks_s[2]], abs=0.1
    )
