"""The spine from the back's edge: what is read, from where, and when nothing is said."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType

import numpy as np
import pytest
from make_track import BEND, HINGE, SQUAT, STANDING, Plan, make_track, movement, take, truth

from movecheck.analyze import interpret
from movecheck.measures.angles import measure
from movecheck.measures.names import FROM_CONTOUR, column
from movecheck.measures.spine import (
    ARM_HIDES,
    LEAST_HOLLOW,
    SACRUM,
    SHIRT_HIDES,
    back_edge,
    back_tangents_deg,
    behind_arm,
    hidden_by,
    hollow,
    spine_signals,
)
from movecheck.measures.view import find_stance
from movecheck.skeleton import INDEX
from movecheck.types import EDGE_STATIONS, Person, PoseTrack

NAMES = tuple(column(stem) for stem in sorted(FROM_CONTOUR))
GOALS = MappingProxyType({"bend": BEND, "hinge": HINGE, "squat": SQUAT})


def with_edge(track: PoseTrack, edge: np.ndarray) -> PoseTrack:
    """Put another dorsal edge, in px, on a figure that faces the picture's right."""
    return replace(track, edge_px=np.stack([edge, track.edge_px[:, 1]], axis=1))


def bend(count: int = 1) -> PoseTrack:
    return make_track(movement(BEND, Plan(count=count)))


def around_hips(pitch_deg: np.ndarray, trunk_deg: np.ndarray) -> PoseTrack:
    """A rigid pelvis, whose flesh behind is a straight slab, under a trunk that turns by itself."""
    motion = movement({"trunk": 1.0}, Plan(count=0, stand_s=len(pitch_deg) / 60), STANDING)
    track = take(make_track(motion), slice(0, len(pitch_deg)))
    length = 180.0
    hip = np.array([270.0, 480.0])
    turn, lean = np.radians(pitch_deg)[:, None], np.radians(trunk_deg)[:, None]
    up = np.hstack([np.sin(lean), -np.cos(lean)])
    xy = track.xy_px.copy()
    for joint, at in (("hip", hip + 0 * up), ("shoulder", hip + length * up)):
        for side in ("left", "right"):
            xy[:, INDEX[f"{side}_{joint}"]] = at
            xy[:, INDEX[f"{side}_elbow"]] = xy[:, INDEX[f"{side}_wrist"]] = np.nan
    # Seen from the line, the slab 0.25 behind the hips leans by the difference of the two turns.
    slope = np.tan(lean - turn)
    edge = length * (0.25 / np.cos(lean - turn) + slope * EDGE_STATIONS)
    return with_edge(replace(track, xy_px=xy), np.where(edge > 0, edge, np.nan))


def test_the_sacrum_is_found_on_the_pelvis_not_on_the_trunks_line():
    """A slab is seen from the line at any station; which part of it is read must not matter."""
    pitch = np.concatenate([np.zeros(40), np.linspace(0, 25, 20)])
    trunk = np.concatenate([np.zeros(40), np.linspace(0, 60, 20)])
    track = around_hips(pitch, trunk)
    stance = replace(find_stance(track), standing=np.arange(60) < 40)
    tangent = back_tangents_deg(track, stance, behind_arm(track, stance))[:, 0]
    np.testing.assert_allclose(tangent, pitch, atol=1e-6)


def test_the_loin_that_climbs_along_the_line_is_not_read_as_sacrum():
    """Above the pelvis the back turns on; a fixed station on the line would slide onto it."""
    pitch = np.concatenate([np.zeros(40), np.full(20, 20.0)])
    trunk = np.concatenate([np.zeros(40), np.full(20, 50.0)])
    track = around_hips(pitch, trunk)
    length, slope = 180.0, np.tan(np.radians(30.0))
    # The slab ends where, in the pelvis, it is 0.28 above the hips; the back then bends forward.
    end = np.cos(np.radians(30.0)) * 0.28 - np.sin(np.radians(30.0)) * 0.25
    beyond = np.clip(EDGE_STATIONS - end, 0, None)
    edge = back_edge(track, find_stance(track)) * length
    edge[40:] -= length * (slope + np.tan(np.radians(10.0))) * beyond
    bent = with_edge(track, edge)
    stance = replace(find_stance(track), standing=np.arange(60) < 40)
    pelvis = spine_signals_of_any_back(bent, stance)[45]
    assert pelvis == pytest.approx(20.0, abs=1.0)
    at_fixed_station = 50.0 - np.degrees(
        np.arctan(np.polyfit(*(v[np.abs(EDGE_STATIONS - SACRUM) <= 0.15] for v in (
            EDGE_STATIONS, edge[45] / length)), 1)[0])
    )  # fmt: skip
    assert at_fixed_station > 30.0, "the mistake that this rule avoids"


def spine_signals_of_any_back(track: PoseTrack, stance) -> np.ndarray:
    tangents = back_tangents_deg(track, stance, behind_arm(track, stance))
    return tangents[:, 0] - np.median(tangents[stance.standing, 0])


@pytest.mark.parametrize("goal", GOALS.values(), ids=GOALS)
@pytest.mark.parametrize("yaw", [90.0, -90.0])
def test_a_back_of_straight_pieces_is_read_exactly(goal, yaw):
    motion = movement(goal, Plan(count=1))
    track = make_track(motion, yaw_deg=yaw)
    angles = measure(track, find_stance(track))
    want = truth(motion, track.time_s, "right" if yaw > 0 else "left")
    for name in NAMES:
        np.testing.assert_allclose(angles[name], want[name], atol=1e-6, err_msg=name)


@pytest.mark.parametrize("lost", [0, 3, 5])
def test_the_back_is_read_with_some_of_its_edge_lost(lost):
    motion = movement(BEND, Plan(count=1))
    track = make_track(motion)
    edge = track.edge_px.copy()
    edge[:, 0, 20 : 20 + lost] = np.nan
    angles = measure(replace(track, edge_px=edge), find_stance(track))
    want = truth(motion, track.time_s, "right")
    for name in NAMES:
        np.testing.assert_allclose(angles[name], want[name], atol=1e-6, err_msg=name)


@pytest.mark.parametrize("gone", [slice(16, 26), slice(33, 43)], ids=["sacrum", "mid-back"])
def test_too_little_of_the_edge_is_no_back(gone):
    track = make_track(movement(BEND, Plan(count=1)))
    edge = track.edge_px.copy()
    edge[:, 0, gone] = np.nan
    signals = spine_signals(replace(track, edge_px=edge), find_stance(track))
    assert np.isnan(signals["lumbar_flexion"]).all()


def test_neck_and_hair_do_not_matter():
    track = bend()
    edge = track.edge_px.copy()
    edge[:, :, EDGE_STATIONS > 0.96] = np.nan
    a, b = (measure(t, find_stance(track)) for t in (track, replace(track, edge_px=edge)))
    for name in NAMES:
        np.testing.assert_array_equal(a[name], b[name])


def test_the_belly_is_not_the_back():
    """What is in front of the trunk must not matter."""
    track = bend()
    edge = track.edge_px.copy()
    edge[:, 1] = np.random.default_rng(0).uniform(0, 200, edge[:, 1].shape)
    a, b = (measure(t, find_stance(track)) for t in (track, replace(track, edge_px=edge)))
    for name in NAMES:
        assert np.array_equal(a[name], b[name])


def test_frames_that_show_different_stations_do_not_disturb_one_another():
    track = bend()
    edge = track.edge_px.copy()
    edge[::2, 0, 30] = np.nan
    edge[::3, 0, 33:43] = np.nan
    mixed = replace(track, edge_px=edge)
    whole, part = (spine_signals(t, find_stance(track))["lumbar_flexion"] for t in (track, mixed))
    seen = np.isfinite(part)
    assert seen.mean() == pytest.approx(2 / 3, abs=0.01)
    np.testing.assert_allclose(part[seen], whole[seen], atol=0.3)


def test_without_quiet_standing_there_is_no_change_of_the_back():
    track = take(make_track(movement(BEND, Plan(count=1, stand_s=2.0))), slice(66, 120))
    stance = find_stance(track)
    assert not stance.standing.any()
    assert all(np.isnan(values).all() for values in spine_signals(track, stance).values())
    assert hidden_by(track, stance, behind_arm(track, stance)) is None, "the reason is another one"


def clothed(track: PoseTrack) -> PoseTrack:
    """Hang a shirt from blade to seat: the same edge, without its hollow."""
    edge = track.edge_px[:, 0].copy()
    low, high = 8, 50
    share = (np.arange(low, high + 1) - low) / (high - low)
    taut = edge[:, [low]] * (1 - share) + edge[:, [high]] * share
    edge[:, low : high + 1] = np.fmax(edge[:, low : high + 1], taut)
    return with_edge(track, edge)


def test_cloth_over_the_hollow_is_refused():
    track = bend()
    stance = find_stance(track)
    assert hidden_by(track, stance, behind_arm(track, stance)) is None
    assert hidden_by(clothed(track), stance, behind_arm(clothed(track), stance)) == SHIRT_HIDES
    signals = spine_signals(clothed(track), stance)
    assert all(np.isnan(values).all() for values in signals.values())


@pytest.mark.usefixtures("without_fit")
def test_the_reason_and_the_remedy_reach_the_measures():
    result = interpret(clothed(bend()), "forward_bend", "side", Person())
    measures = {m.id: m for m in result.assessment.measures}
    for stem in FROM_CONTOUR:
        assert measures[f"{stem}_range"].reason == SHIRT_HIDES
        assert measures[f"{stem}_range"].value is None
    assert measures["trunk_inclination_range"].value is not None


def test_the_hollow_is_as_deep_as_drawn():
    x = EDGE_STATIONS
    for depth in (0.0, 0.02, LEAST_HOLLOW, 0.08):
        edge = 0.25 + 0.1 * x - depth * np.clip(1 - ((x - 0.35) / 0.3) ** 2, 0, None)
        assert hollow(edge) == pytest.approx(depth, abs=1e-9)
    assert hollow(0.25 - 0.1 * (x - 0.3) ** 2) < 1e-9, "a round back has none"
    assert np.isnan(hollow(np.full(73, np.nan)))


def test_an_arm_behind_the_back_is_refused_while_it_is_there():
    track = bend()
    stance = find_stance(track)
    hip, shoulder = (
        (track.xy_px[:, INDEX[f"left_{j}"]] + track.xy_px[:, INDEX[f"right_{j}"]]) / 2
        for j in ("hip", "shoulder")
    )
    xy = track.xy_px.copy()
    length = np.linalg.norm(shoulder - hip, axis=1)[:, None]
    up = (shoulder - hip) / length
    behind = np.stack([up[:, 1], -up[:, 0]], axis=1)
    xy[:, INDEX["right_elbow"]] = hip + length * (0.4 * up + 0.4 * behind)
    there = replace(track, xy_px=xy)
    assert hidden_by(there, stance, behind_arm(there, stance)) == ARM_HIDES
    assert np.isnan(spine_signals(there, stance)["spine_flexion"]).all()
    # Only while bending: standing is known, and the rest is read as before.
    brief = track.xy_px.copy()
    brief[70:80] = xy[70:80]
    part = replace(track, xy_px=brief)
    assert hidden_by(part, stance, behind_arm(part, stance)) is None
    gone = np.isnan(spine_signals(part, stance)["spine_flexion"])
    assert np.array_equal(np.flatnonzero(gone), np.arange(70, 80))


def test_a_repetition_whose_back_an_arm_hides_says_so():
    track = bend()
    rep = interpret(track, "forward_bend", "side", Person()).assessment.reps[0]
    hip, shoulder = (
        (track.xy_px[:, INDEX[f"left_{j}"]] + track.xy_px[:, INDEX[f"right_{j}"]]) / 2
        for j in ("hip", "shoulder")
    )
    up = shoulder - hip
    behind = np.stack([up[:, 1], -up[:, 0]], axis=1)
    there = (track.time_s > rep.start_s) & (track.time_s < rep.end_s)
    xy = track.xy_px.copy()
    xy[there, INDEX["right_elbow"]] = (hip + 0.4 * up + 0.4 * behind)[there]
    result = interpret(replace(track, xy_px=xy), "forward_bend", "side", Person())
    reasons = {
        m.id: m.reason
        for m in result.assessment.measures
        if m.rep == 1 and m.id in ("spine_flexion_range", "trunk_inclination_range")
    }
    assert reasons == {"spine_flexion_range": ARM_HIDES, "trunk_inclination_range": None}


def test_arms_that_hang_behind_a_trunk_that_leans_back_are_refused():
    """They slide along the edge; in front of the trunk they do not matter."""
    motion = movement({"trunk": -25.0, "lumbar": -15.0}, Plan(count=1))
    track = make_track(motion)
    stance = find_stance(track)
    lowest = int(np.argmin(motion.angles(track.time_s)["lumbar"]))
    for depth, seen in ((-0.12, False), (-0.30, True)):
        line = back_edge(track, stance)[:, EDGE_STATIONS.searchsorted(0.4)]
        xy = track.xy_px.copy()
        hip, shoulder = (
            (xy[:, INDEX[f"left_{j}"]] + xy[:, INDEX[f"right_{j}"]]) / 2
            for j in ("hip", "shoulder")
        )
        up = shoulder - hip
        behind = np.stack([up[:, 1], -up[:, 0]], axis=1)
        for side in ("left", "right"):
            for joint in ("elbow", "wrist", "index"):
                xy[:, INDEX[f"{side}_{joint}"]] = hip + 0.4 * up + (line + depth)[:, None] * behind
        signals = spine_signals(replace(track, xy_px=xy), stance)
        assert np.isfinite(signals["lumbar_flexion"][stance.standing]).all()
        assert np.isfinite(signals["lumbar_flexion"][lowest]) == seen


def test_samples_in_pieces_give_the_same_signals(monkeypatch):
    track = bend()
    stance = find_stance(track)
    whole = spine_signals(track, stance)
    monkeypatch.setattr("movecheck.measures.spine.SAMPLES_AT_ONCE", 50)
    for name, series in spine_signals(track, stance).items():
        np.testing.assert_array_equal(series, whole[name])
