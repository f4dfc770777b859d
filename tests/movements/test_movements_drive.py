"""Which movement, how often, in which view; and that the same movement is the same everywhere."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from make_track import (
    BEND,
    HINGE,
    SQUAT,
    Plan,
    hide,
    make_track,
    mirror,
    movement,
    nobody,
    standing,
    take,
    times,
    walking,
)
from pydantic import ValidationError

from movecheck.analyze import Result, interpret
from movecheck.assessment.extra import EXTRA
from movecheck.assessment.measures import kinds_of, name_of
from movecheck.assessment.times import time_ids
from movecheck.errors import DataError
from movecheck.measures.angles import change_from_standing
from movecheck.movements import Movement, load, names
from movecheck.movements.drive import repetitions
from movecheck.movements.recognise import SURE
from movecheck.types import Person, PoseTrack

pytestmark = pytest.mark.usefixtures("without_fit")

WIDE = (12000, 1080)  # who walks for nine seconds stays in it
SIDE = {"faces right": 90.0, "faces left": -90.0}
VIEWS = {**SIDE, "faces camera": 0.0, "faces away": 180.0, "oblique": 45.0, "oblique left": -40.0}


def read(track: PoseTrack, what: str = "auto", view: str = "auto") -> Result:
    return interpret(track, what, view, Person())


def reps(result: Result) -> list[float]:
    return [rep.peak_s for rep in result.assessment.reps if rep.excluded_reason is None]


# Recognition.


@pytest.mark.parametrize("noise", [0.0, 2.0])
@pytest.mark.parametrize("yaw", SIDE.values(), ids=SIDE)
@pytest.mark.parametrize(
    ("goal", "name"), [(SQUAT, "squat"), (HINGE, "hip_hinge"), (BEND, "forward_bend")],
    ids=["squat", "hip_hinge", "forward_bend"],
)  # fmt: skip
def test_a_side_view_tells_the_movements_apart(goal, name, yaw, noise):
    result = read(make_track(movement(goal), yaw_deg=yaw, noise_px=noise))
    assert result.assessment.movement == name
    assert len(reps(result)) == len(result.assessment.reps) == 3


@pytest.mark.parametrize("yaw", [0.0, 180.0, 45.0, -40.0])
def test_other_views_tell_a_squat_and_ask_which_bend_it_is(yaw):
    """A hinge and a bend differ by the back's outline, which only a side view shows."""
    result = read(make_track(movement(SQUAT), yaw_deg=yaw))
    assert result.assessment.movement == "squat"
    assert len(reps(result)) == len(result.assessment.reps) == 3
    result = read(make_track(movement(HINGE), yaw_deg=yaw))
    assert result.assessment.movement == "forward_bend", "measured as the more general one"
    assert len(reps(result)) == 3
    (part,) = result.assessment.parts
    assert part.confidence < SURE
    assert set(part.candidates) == {"forward_bend", "hip_hinge"}
    check = next(c for c in result.assessment.capture if c.id == "movement")
    assert not check.ok
    assert "forward bend" in (check.advice or "")
    assert "hip hinge" in (check.advice or "")
    assert len(reps(read(make_track(movement(HINGE), yaw_deg=yaw), "hip_hinge"))) == 3


@pytest.mark.parametrize("yaw", VIEWS.values(), ids=VIEWS)
@pytest.mark.parametrize("noise", [0.0, 2.0])
def test_standing_is_posture_with_no_repetition(yaw, noise):
    result = read(make_track(standing(6.0), yaw_deg=yaw, noise_px=noise))
    assert result.assessment.movement == "posture"
    assert result.assessment.reps == ()


@pytest.mark.parametrize("goal", [SQUAT, HINGE, BEND], ids=["squat", "hinge", "bend"])
def test_a_shallow_one_is_still_seen(goal):
    half = {name: 0.45 * value for name, value in goal.items()}
    assert len(reps(read(make_track(movement(half))))) == 3


def test_the_movement_given_holds():
    result = read(make_track(movement(BEND)), "hip_hinge")
    assert result.assessment.movement == "hip_hinge"
    assert len(reps(result)) == 3
    with pytest.raises(DataError):
        load("handstand")


def test_one_that_is_not_there_is_not_counted():
    assert reps(read(make_track(standing(6.0)), "squat")) == []
    assert reps(read(make_track(movement(BEND)), "squat")) == []
    check = next(
        c for c in read(make_track(standing(6.0)), "squat").assessment.capture
        if c.id == "movement"
    )  # fmt: skip
    assert not check.ok
    assert check.advice


# Walking.


@pytest.mark.parametrize(("stand_s", "noise"), [(0.0, 0.0), (2.5, 0.0), (2.5, 3.0)])
@pytest.mark.parametrize("yaw", VIEWS.values(), ids=VIEWS)
def test_walking_is_no_repetition_of_anything(yaw, stand_s, noise):
    motion = walking(9.0, stand_s=stand_s)
    result = read(make_track(motion, yaw_deg=yaw, size=WIDE, noise_px=noise))
    assert result.assessment.reps == ()
    for what in names():
        assert repetitions(result.angles, result.stance, load(what)) == [], what


@pytest.mark.parametrize("speed", [0.0, 0.6, 1.4])
@pytest.mark.parametrize("steps_hz", [1.2, 1.8, 2.3])
def test_neither_is_marching_on_the_spot_or_another_pace(speed, steps_hz):
    motion = walking(9.0, speed, steps_hz, stand_s=2.0)
    assert read(make_track(motion, size=WIDE), "squat").assessment.reps == ()


@pytest.mark.parametrize("yaw", SIDE.values(), ids=SIDE)
def test_walking_in_and_out_of_the_picture_adds_nothing_to_three_squats(yaw):
    """Steps, then three squats, then steps: three repetitions, none of them excluded."""
    walk, squats = walking(4.0, stand_s=0.0), movement(SQUAT, base={"shank": 0.0, "knee": 0.0,
        "trunk": 0.0, "lumbar": 0.0, "thoracic": 0.0})  # fmt: skip
    a = make_track(walk, yaw_deg=yaw, size=WIDE)
    b = make_track(squats, yaw_deg=yaw, size=WIDE)
    track = join(a, b, a)
    result = read(track, "squat")
    assert len(result.assessment.reps) == 3
    shift = a.time_s[-1] + 1 / 30
    assert reps(result) == pytest.approx([p + shift for p in squats.peaks_s], abs=0.2)


def join(*tracks: PoseTrack) -> PoseTrack:
    from dataclasses import replace

    each = (
        "xy_px", "visibility", "world_m", "edge_px", "people", "brightness", "state",
        "camera_shift_px", "camera_roll_deg",
    )  # fmt: skip
    parts = []
    at, place = 0.0, tracks[0].xy_px[0, 23] * 0
    for track in tracks:
        # Whoever arrives somewhere goes on from there.
        xy = track.xy_px + (place - track.xy_px[0, 27] if parts else 0.0)
        parts.append(replace(track, time_s=track.time_s + at, xy_px=xy))
        at = parts[-1].time_s[-1] + 1 / 30
        place = xy[-1, 27]
    whole = {name: np.concatenate([getattr(p, name) for p in parts]) for name in each}
    time_s = np.concatenate([p.time_s for p in parts])
    recording = replace(tracks[0].recording, duration_s=float(time_s[-1]), n_frames=len(time_s))
    return replace(tracks[0], time_s=time_s, recording=recording, **whole)


# The same movement, filmed in other ways.

RATES = {
    "10 fps": {"fps": 10}, "24 fps": {"fps": 24}, "60 fps": {"fps": 60},
    "120 fps": {"fps": 120}, "variable": {"fps": 30, "jitter": 0.9, "seed": 4},
    "variable 15": {"fps": 15, "jitter": 0.6, "seed": 4},
    "landscape": {"size": (1920, 1080)}, "square": {"size": (720, 720)},
    "small": {"size": (270, 480)},
}  # fmt: skip


def alike(motion, a: Result, b: Result, names_of_b=lambda name: name) -> None:
    """Angles within 1.5 degrees, as level and as change from standing; the same repetitions."""
    assert a.assessment.movement == b.assessment.movement
    ours, theirs = a.assessment.reps, b.assessment.reps
    assert len(ours) == len(theirs) == len(motion.peaks_s)
    for x, y in zip(ours, theirs, strict=True):
        assert x.excluded_reason is y.excluded_reason is None
        for when in ("start_s", "peak_s", "end_s"):
            assert getattr(x, when) == pytest.approx(getattr(y, when), abs=0.15)
    change_a, change_b = (change_from_standing(r.angles, r.stance) for r in (a, b))
    for mine, yours in ((a.angles.values, b.angles.values), (change_a, change_b)):
        for name in mine:
            if name.endswith("_deg") and np.isfinite(mine[name]).any():
                again = np.interp(a.angles.time_s, b.angles.time_s, yours[names_of_b(name)])
                assert np.nanmax(np.abs(mine[name] - again)) <= 1.5, name


@pytest.mark.parametrize("how", RATES.values(), ids=RATES)
@pytest.mark.parametrize(
    ("goal", "yaw"), [(SQUAT, 90.0), (BEND, -90.0), (SQUAT, 0.0)],
    ids=["squat from the side", "bend from the side", "squat from the front"],
)  # fmt: skip
def test_the_same_movement_is_the_same(goal, yaw, how):
    motion = movement(goal, Plan(count=2, down_s=1.4, up_s=1.4))
    one, other = read(make_track(motion, yaw_deg=yaw)), read(make_track(motion, yaw_deg=yaw, **how))
    alike(motion, one, other)


@given(
    goal=st.sampled_from([SQUAT, BEND]),
    fps=st.floats(10, 60),
    jitter=st.floats(0, 0.8),
    size=st.sampled_from([(540, 960), (960, 540), (1080, 1920)]),
    half_s=st.sampled_from([0.9, 1.4, 2.0]),
    mirrored=st.booleans(),
    seed=st.integers(0, 99),
)
@settings(max_examples=12)
def test_whatever_the_camera_the_movement_is_the_same(
    goal, fps, jitter, size, half_s, mirrored, seed
):
    motion = movement(goal, Plan(count=2, down_s=half_s, up_s=half_s))
    track = make_track(motion, fps=fps, jitter=jitter, size=size, seed=seed)
    other = read(mirror(track) if mirrored else track)
    alike(motion, plain(goal is BEND, half_s), other, partner if mirrored else lambda name: name)


@cache
def plain(bend: bool, half_s: float) -> Result:
    """The same movement at 30 even frames a second, upright picture, not mirrored."""
    plan = Plan(count=2, down_s=half_s, up_s=half_s)
    return read(make_track(movement(BEND if bend else SQUAT, plan)))


def partner(name: str) -> str:
    """The name of the same signal of the other side."""
    other = {"left": "right", "right": "left"}
    return "_".join(other.get(part, part) for part in name.split("_"))


@pytest.mark.parametrize("goal", [SQUAT, BEND, HINGE], ids=["squat", "bend", "hinge"])
def test_mirrored_is_the_same_with_the_sides_changed(goal):
    motion = movement(goal, Plan(count=2))
    track = make_track(motion, noise_px=1.0)

    there, here = read(track), read(mirror(track))
    assert (there.stance.near_side, here.stance.near_side) == ("right", "left")
    alike(motion, there, here, partner)


def test_missing_frames_do_not_move_the_rest():
    motion = movement(SQUAT, Plan(count=2))
    track = make_track(motion)
    rng = np.random.default_rng(8)
    kept = np.sort(rng.choice(len(track.time_s), int(0.8 * len(track.time_s)), replace=False))
    kept[0], kept[-1] = 0, len(track.time_s) - 1
    alike(motion, read(track), read(take(track, kept)))


@pytest.mark.parametrize("lost", [(2.0, 2.1), (3.1, 3.3), (3.15, 3.25)])
def test_a_lost_bottom_is_excluded_and_a_lost_slope_is_not(lost):
    motion = movement(SQUAT, Plan(count=3))  # bottoms at 3.2 s and 3.4 s later each
    result = read(hide(make_track(motion), *lost))
    found = result.assessment.reps
    assert len(found) == 3
    if lost[0] > 3:
        assert found[0].excluded_reason
    else:
        assert found[0].excluded_reason is None
    assert [rep.excluded_reason for rep in found[1:]] == [None, None]


@pytest.mark.parametrize("what", ["auto", *names()])
def test_nobody_does_nothing(what):
    assert read(nobody(), what).assessment.reps == ()


def test_a_movement_is_valid_data():
    assert {"squat", "forward_bend", "hip_hinge", "posture"} < set(names())
    for name in names():
        what = load(name)
        assert what.id == name
        assert what.repeats == (name != "posture")
        assert what.instructions
        assert what.begins
        assert what.ends
        assert "Stop" in what.safety
        assert what.note
        assert what.headline
        kinds = kinds_of(what.kind, what.rest)
        ids = {f"{name_of(stem, what)}_{kind}" for stem in what.all_stems() for kind in kinds}
        known = ids | set(what.extra_measures) | (set(time_ids(what)) if what.repeats else set())
        assert set(what.headline) <= known, name
        assert set(what.extra_measures) <= set(EXTRA), name


def test_a_movement_that_is_not_valid_says_why():
    whole = load("squat").model_dump()
    for change in (
        {"any_driver": None}, {"side_measures": ("elbow",)}, {"kind": "held"}, {"tier": "good"},
        {"colour": "red"},
    ):  # fmt: skip
        with pytest.raises(ValidationError):
            Movement.model_validate({**whole, **change})


def test_times_are_what_they_say():
    """The helper itself: strictly rising, the right rate, from zero."""
    for jitter in (0.0, 0.9):
        time_s = times(5.0, 30.0, jitter, 3)
        assert time_s[0] == 0
        assert np.diff(time_s).min() > 0
        assert np.median(np.diff(time_s)) == pytest.approx(1 / 30, rel=0.1)
