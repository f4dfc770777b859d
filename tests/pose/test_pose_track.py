"""From frames to a raw track, with the public fakes at both ends."""

from __future__ import annotations

import numpy as np
import pytest
from make_track import BEND, SQUAT, Plan, make_track, movement

from movecheck.analyze import interpret
from movecheck.capture import ArrayFrames
from movecheck.pose.base import Landmarks, PoseModel
from movecheck.pose.edge import normals, silhouette_edge, trunk_line
from movecheck.pose.fake import FakePose
from movecheck.pose.quarantine import NOWHERE, is_quarantined, quarantined
from movecheck.pose.track import COUNT_EVERY_S, TrackBuilder, add_all
from movecheck.skeleton import INDEX
from movecheck.types import EDGE_STATIONS, Frame, Person, PoseTrack, State

pytestmark = pytest.mark.usefixtures("without_fit")

SMALL = (48, 27)


def frames(n: int, fps: float = 30.0, scale: float = 20.0, grey: int = 100) -> ArrayFrames:
    pictures = np.full((n, *SMALL, 3), grey, np.uint8)
    return ArrayFrames(pictures, np.arange(n) / fps, scale=scale)


def build(source: ArrayFrames, model: PoseModel) -> PoseTrack:
    builder = TrackBuilder(model)
    seen: list[float] = []
    with source:
        add_all(builder, source, seen.append)
    assert seen == sorted(seen)
    return builder.track(source.recording, source.scale)


def script(track: PoseTrack, scale: float):
    """Say frame by frame what a known track holds, in pixels of the small picture."""

    def person(time_s: float) -> Landmarks:
        i = int(np.argmin(np.abs(track.time_s - time_s)))
        return Landmarks(
            track.xy_px[i] / scale, track.visibility[i], track.world_m[i], track.edge_px[i] / scale
        )

    return person


@pytest.mark.parametrize("goal", [SQUAT, BEND], ids=["squat", "bend"])
def test_what_goes_in_comes_out_in_pixels_of_the_full_picture(goal):
    want = make_track(movement(goal, Plan(count=1)))
    track = build(frames(len(want.time_s)), FakePose(script(want, 20.0)))
    np.testing.assert_allclose(track.xy_px, want.xy_px, atol=1e-9)
    np.testing.assert_allclose(track.edge_px, want.edge_px, atol=1e-9)
    np.testing.assert_allclose(track.time_s, want.time_s, atol=1e-9)
    np.testing.assert_allclose(track.world_m, want.world_m)
    assert (track.state == State.MEASURED).all()
    assert (track.people == 1).all()
    assert (track.brightness == 100).all()
    assert (track.recording.width_px, track.recording.height_px) == (540, 960)
    assert track.model["name"] == "fake"
    result = interpret(track, "auto", "auto", Person())
    assert len(result.assessment.reps) == 1


def test_nobody():
    track = build(frames(40), FakePose(lambda time_s: None, people=0))
    assert np.isnan(track.xy_px).all()
    assert np.isnan(track.edge_px).all()
    assert (track.visibility == 0).all()
    assert (track.state == State.MISSING).all()
    assert (track.people == 0).all()
    assert interpret(track, "auto", "auto", Person()).assessment.reps == ()


def test_somebody_who_leaves_and_comes_back():
    want = make_track(movement(SQUAT, Plan(count=1)))
    there = script(want, 20.0)
    away = (2.0, 3.0)
    model = FakePose(lambda t: None if away[0] <= t < away[1] else there(t))
    track = build(frames(len(want.time_s)), model)
    gone = (track.time_s >= away[0] - 1e-9) & (track.time_s < away[1] - 1e-9)
    assert gone.sum() == 30
    assert np.isnan(track.xy_px[gone]).all()
    assert np.isfinite(track.xy_px[~gone]).all()
    assert (track.state[gone] == State.MISSING).all()


def test_others_are_counted_now_and_then_and_remembered():
    class Counting(FakePose):
        asked = 0

        def count_people(self, rgb, person):
            assert person is not None
            Counting.asked += 1
            return 2

    want = make_track(movement(SQUAT, Plan(count=1)))
    n = len(want.time_s)
    track = build(frames(n), Counting(script(want, 20.0)))
    assert (track.people == 2).all()
    assert Counting.asked == pytest.approx(n / 30 / COUNT_EVERY_S, abs=1.5)


def test_time_must_rise():
    model = FakePose(lambda time_s: None)
    rgb = np.zeros((*SMALL, 3), np.uint8)
    model(rgb, 0.0)
    with pytest.raises(ValueError, match="rise"):
        model(rgb, 0.0)


def test_a_model_is_closed_after_use():
    with FakePose(lambda time_s: None) as model:
        assert not model.closed
    assert model.closed


@pytest.mark.parametrize("name", ["xy_px", "visibility", "world_m", "edge_px"])
def test_wrong_shapes_say_what_was_expected(name):
    parts = vars(Landmarks.absent()).copy()
    parts[name] = parts[name][:-1]
    with pytest.raises(ValueError, match=f"Expected '{name}' to have shape"):
        Landmarks(**parts)


def test_a_frame_is_contiguous_or_nothing():
    rgb = np.zeros((10, 20, 3), np.uint8)
    Frame(0.0, rgb)
    for wrong in (rgb[:, ::2], rgb.transpose(1, 0, 2), rgb.astype(np.float32), rgb[..., :2]):
        with pytest.raises(ValueError, match="Expected 'rgb'"):
            Frame(0.0, wrong)


# The edge of the silhouette.


def rectangle(
    middle: tuple[float, float], half: tuple[float, float], turn_deg: float, size=(400, 300)
) -> np.ndarray:
    """Mask of a rectangle turned about its middle: 0.5 exactly on its sides."""
    y, x = np.mgrid[: size[0], : size[1]].astype(float)
    c, s = np.cos(np.radians(turn_deg)), np.sin(np.radians(turn_deg))
    u = c * (x - middle[0]) + s * (y - middle[1])
    v = -s * (x - middle[0]) + c * (y - middle[1])
    inside = np.minimum(half[0] - np.abs(u), half[1] - np.abs(v))
    return np.clip(0.5 + inside / 4, 0, 1).astype(np.float32)  # a soft edge, as a model gives


def body(hip: np.ndarray, shoulder: np.ndarray) -> np.ndarray:
    xy = np.full((33, 2), 5.0)
    for joint, at in (("hip", hip), ("shoulder", shoulder)):
        for side, off in (("left", 3.0), ("right", -3.0)):
            xy[INDEX[f"{side}_{joint}"]] = at + off
    return xy


@pytest.mark.parametrize("turn_deg", [0, 10, 37, 60, 90, -25, -75])
@pytest.mark.parametrize("off", [0.0, 8.3, -12.6])
def test_the_edge_of_a_turned_rectangle(turn_deg, off):
    """A trunk line along a rectangle of half width 40, `off` pixels to the right of its axis."""
    middle = np.array([150.0, 200.0])
    mask = rectangle((150.0, 200.0), (40.0, 110.0), turn_deg)
    r = np.radians(turn_deg)
    up, right = np.array([np.sin(r), -np.cos(r)]), np.array([np.cos(r), np.sin(r)])
    hip, shoulder = middle - 45 * up + off * right, middle + 45 * up + off * right
    edge = silhouette_edge(mask, body(hip, shoulder))
    inner = (EDGE_STATIONS > -0.3) & (EDGE_STATIONS < 1.3)
    np.testing.assert_allclose(edge[0, inner], 40.0 + off, atol=0.1)  # the picture's left
    np.testing.assert_allclose(edge[1, inner], 40.0 - off, atol=0.1)


def test_no_edge_outside_the_picture():
    """The rectangle is cut by the picture's left side: there the edge is unknown."""
    mask = rectangle((20.0, 200.0), (40.0, 110.0), 0.0)
    edge = silhouette_edge(mask, body(np.array([25.0, 245.0]), np.array([25.0, 155.0])))
    assert np.isnan(edge[0]).all()
    inner = (EDGE_STATIONS > -0.3) & (EDGE_STATIONS < 1.3)
    np.testing.assert_allclose(edge[1, inner], 35.0, atol=0.1)


def test_no_edge_out_of_reach_and_none_where_the_line_is_outside():
    everywhere = np.ones((400, 300), np.float32)
    line = body(np.array([150.0, 245.0]), np.array([150.0, 155.0]))
    assert np.isnan(silhouette_edge(everywhere, line)).all()
    assert np.isnan(silhouette_edge(0 * everywhere, line)).all()
    beside = rectangle((40.0, 200.0), (20.0, 110.0), 0.0)
    assert np.isnan(silhouette_edge(beside, line)).all()


@pytest.mark.parametrize("shoulder", [(150.0, 243.0), (np.nan, 155.0), (np.nan, np.nan)])
def test_no_edge_without_a_trunk(shoulder):
    mask = rectangle((150.0, 200.0), (40.0, 110.0), 0.0)
    xy = body(np.array([150.0, 245.0]), np.array(shoulder))
    edge = silhouette_edge(mask, xy)
    assert edge.shape == (2, len(EDGE_STATIONS))
    assert np.isnan(edge).all()


def test_the_first_side_is_the_pictures_left_of_somebody_upright():
    hip, shoulder = trunk_line(body(np.array([150.0, 245.0]), np.array([150.0, 155.0])))
    np.testing.assert_allclose(normals(hip, shoulder), [-1.0, 0.0], atol=1e-12)


# No way to the network.


def test_quarantine_leads_nowhere():
    before = {
        "PATH": "/bin", "https_proxy": "http://proxy.example", "NO_PROXY": "*", "no_proxy": "a.b",
        "HTTP_PROXY": "", "MOVECHECK_MODEL": "m.task",
    }  # fmt: skip
    after = quarantined(before)
    for name in ("http_proxy", "https_proxy", "all_proxy"):
        assert after[name] == after[name.upper()] == NOWHERE
    assert not {name for name in after if name.lower() == "no_proxy"}
    assert after["PATH"] == "/bin"
    assert after["MOVECHECK_MODEL"] == "m.task"
    assert before["https_proxy"] == "http://proxy.example", "the caller's own stays as it is"
    assert is_quarantined(after)
    assert NOWHERE.startswith("http://127.0.0.1:")


@pytest.mark.parametrize(
    "change",
    [{"https_proxy": ""}, {"HTTPS_PROXY": "http://proxy.example"}, {"no_proxy": "*"},
     {"No_Proxy": ""}, {"all_proxy": "socks://x"}],
    ids=str,
)  # fmt: skip
def test_any_way_out_is_no_quarantine(change):
    assert not is_quarantined({**quarantined({}), **change})
    assert not is_quarantined({})


def test_the_edge_is_that_of_scipys_interpolation():
    """SciPy's own takes too long to load in the pose process."""
    from scipy.ndimage import gaussian_filter, map_coordinates

    rng = np.random.default_rng(5)
    for _ in range(20):
        height, width = rng.integers(120, 400, 2)
        mask = gaussian_filter(rng.random((height, width)), 6).astype(np.float32)
        mask = (mask - mask.min()) / np.ptp(mask)
        xy_px = rng.uniform(0, 1, (33, 2)) * [width, height]
        hip, shoulder = trunk_line(xy_px)
        length = np.linalg.norm(shoulder - hip)
        found = silhouette_edge(mask, xy_px)
        if length < 8:
            continue
        steps = np.arange(0.0, 0.9 * length)
        starts = hip + EDGE_STATIONS[:, None] * (shoulder - hip)
        for k, direction in enumerate((normals(hip, shoulder), -normals(hip, shoulder))):
            points = starts[:, None] + steps[None, :, None] * direction
            inside = ((points >= 0) & (points <= [width - 1, height - 1])).all(axis=-1)
            where = [points[..., 1], points[..., 0]]
            profile = np.where(inside, map_coordinates(mask, where, float, order=1), np.nan)
            for row, line in zip(found[k], profile, strict=True):
                end = np.flatnonzero(~(line >= 0.5))
                if not len(end) or end[0] == 0 or np.isnan(line[end[0]]):
                    assert np.isnan(row)
                    continue
                a, b = line[end[0] - 1], line[end[0]]
                assert row == pytest.approx(end[0] - 1 + (a - 0.5) / (a - b), abs=1e-6)
