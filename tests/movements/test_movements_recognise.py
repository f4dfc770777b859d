"""Which movement a recording shows, where in it, and when it is better to ask."""

from __future__ import annotations

import numpy as np
import pytest
from make_track import BEND, HINGE, SQUAT, Plan, make_track, movement, standing, take
from test_movements_drive import join

from movecheck.analyze import Result, interpret
from movecheck.movements.chosen import doubted
from movecheck.movements.recognise import DOUBT, SURE, main_part, of_movement
from movecheck.types import Check, Part, Person, PoseTrack, Rep

pytestmark = pytest.mark.usefixtures("without_fit")


def read(track: PoseTrack, what: str = "auto") -> Result:
    return interpret(track, what, "auto", Person())


def parts(track: PoseTrack) -> list[Part]:
    return list(read(track).assessment.parts)


@pytest.mark.parametrize(
    ("goal", "yaw", "name"),
    [
        (SQUAT, 90.0, "squat"),
        (BEND, -90.0, "forward_bend"),
        (HINGE, 90.0, "hip_hinge"),
        ({"trunk": -25.0}, 90.0, "back_extension"),
        ({"lean": 25.0}, 0.0, "side_bend"),
        ({"lean": -25.0}, 180.0, "side_bend"),
    ],
)
def test_a_sure_label_is_right(goal, yaw, name):
    (part,) = parts(make_track(movement(goal, Plan(down_s=1.4, up_s=1.4)), yaw_deg=yaw))
    assert part.movement == name
    assert part.confidence > 0.8
    assert part.candidates == ()


@pytest.mark.parametrize("amount", [0.7, 1.0])
def test_two_movements_in_one_recording_are_told_apart(amount):
    squats = movement({k: amount * v for k, v in SQUAT.items()}, Plan(count=2))
    bends = movement({k: amount * v for k, v in BEND.items()}, Plan(count=3))
    a, b = make_track(squats), make_track(bends)
    track = join(a, b)
    shift = a.time_s[-1] + 1 / 30
    first, second = parts(track)
    assert (first.movement, second.movement) == ("squat", "forward_bend")
    assert first.start_s == pytest.approx(squats.starts_s[0], abs=0.5)
    assert first.end_s == pytest.approx(squats.ends_s[-1], abs=0.5)
    assert second.start_s == pytest.approx(bends.starts_s[0] + shift, abs=0.5)
    assert second.end_s == pytest.approx(bends.ends_s[-1] + shift, abs=0.5)
    assert read(track).assessment.movement == "forward_bend"  # it takes more of the time
    given = read(track, "squat").assessment
    assert len(given.reps) == 2
    assert all(rep.end_s < shift for rep in given.reps)
    # The trunk leans in a squat too: what is surely a squat is not counted as a bend.
    given = read(track, "forward_bend").assessment
    assert len(given.reps) == 3
    assert all(rep.start_s > shift - 0.5 for rep in given.reps)
    (check,) = [c for c in given.capture if c.id == "movement"]
    assert "also seen: Squat" in str(check.value)


def test_a_side_bend_has_sides():
    right = movement({"lean": 22.0}, Plan(count=2, down_s=1.4, up_s=1.4))
    left = movement({"lean": -14.0}, Plan(count=2, down_s=1.4, up_s=1.4))
    result = read(join(*(make_track(m, yaw_deg=0.0) for m in (right, left))))
    assert [rep.side for rep in result.assessment.reps] == ["right", "right", "left", "left"]
    found = {
        m.side: m.value
        for m in result.assessment.measures
        if m.id == "trunk_side_lean_range" and m.rep is None
    }
    assert found == {"left": pytest.approx(14.0, abs=0.5), "right": pytest.approx(22.0, abs=0.5)}
    (apart,) = [m for m in result.assessment.measures if m.id == "trunk_side_lean_range_difference"]
    assert apart.value == pytest.approx(-8.0, abs=0.7)


@pytest.mark.parametrize(("what", "yaw"), [
    ("side_bend", 90.0), ("back_extension", 0.0), ("lunge", 0.0),
])  # fmt: skip
def test_the_only_view_of_a_movement_is_asked_for(what, yaw):
    result = read(make_track(standing(5.0), yaw_deg=yaw), what)
    assert result.assessment.reps == ()
    (check,) = [c for c in result.assessment.capture if c.id == "movement"]
    assert not check.ok
    assert "Record again" in (check.advice or "")
    assert all(m.status == "not_measurable" for m in result.assessment.measures)


def test_between_a_hinge_and_a_bend_it_asks():
    straight = {**HINGE, "lumbar": 0.0, "thoracic": 0.0}
    said = []
    for share in np.linspace(0, 1, 13):
        goal = {k: (1 - share) * straight[k] + share * BEND[k] for k in straight}
        (part,) = parts(make_track(movement(goal, Plan(count=2)), yaw_deg=90.0))
        said.append("either" if part.candidates else part.movement)
        if part.candidates:
            assert part.movement == "forward_bend"
            assert set(part.candidates) == {"forward_bend", "hip_hinge"}
            assert part.confidence < SURE
    order = ["hip_hinge", "either", "forward_bend"]
    assert sorted(said, key=order.index) == said
    assert set(said) == set(order)


def test_the_part_that_takes_most_time_is_the_main_one():
    squat, posture = Part("squat", 2, 4, 0.9), Part("posture", 4, 30, 0.9)
    bends = [Part("forward_bend", 5, 6, 0.9), Part("forward_bend", 7, 9, 0.9)]
    assert main_part([]) is None
    assert main_part([posture]) == posture
    assert main_part([squat, posture]) == squat
    assert main_part([squat, *bends]) == bends[1]


def test_what_is_asked_for_gives_way_only_to_what_is_surely_another():
    squats = [Rep(1.0, 2.0, 3.0), Rep(6.0, 7.0, 8.0)]
    own = Part("squat", 5.5, 8.5, 0.9)
    for sure, kept in ((0.75, 2), (0.95, 1)):
        parts = [Part("sit_to_stand_5", 0.0, 4.0, sure), own]
        assert len(of_movement(squats, parts, "squat", asked=True)) == kept
        assert len(of_movement(squats, parts, "squat")) == 1


def test_where_feet_or_person_were_not_seen_no_label_is_sure():
    squat, bridge = Part("squat", 1, 9, 0.99), Part("bridge", 1, 9, 0.99)
    feet, person = Check("feet", False, 0.2, "x"), Check("person", False, 0.4, "x")
    assert doubted([squat], [Check("feet", True, 1.0)]) == [squat]
    assert doubted([squat], [feet])[0].confidence == DOUBT
    assert doubted([bridge], [feet]) == [bridge]  # nobody asks for the feet of one who lies
    assert doubted([squat, bridge], [person])[1].confidence == DOUBT
    assert doubted([Part("squat", 1, 9, 0.65)], [feet])[0].confidence == 0.65


def test_squats_from_the_middle_of_one_are_counted_when_squats_are_asked_for():
    plan = Plan(count=5, hold_s=0.6)
    whole = make_track(movement(SQUAT, plan), yaw_deg=90.0)
    result = read(take(whole, whole.time_s >= plan.peaks_s[0] - 0.2), "squat").assessment
    assert sum(rep.excluded_reason is None for rep in result.reps) == 4
