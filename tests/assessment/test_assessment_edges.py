"""With the body fit in place: whatever comes in, an assessment comes out."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from make_track import SQUAT, Plan, hide, make_track, movement, nobody, standing, take

from movecheck.analyze import interpret
from movecheck.types import Person, PoseTrack, State


def odd() -> dict[str, PoseTrack]:
    track = make_track(standing(1.0), fps=15)
    legs = [n for n in ("left", "right") for n in (f"{n}_knee", f"{n}_ankle", f"{n}_heel")]
    return {
        "nobody": nobody(1.0, fps=15),
        **{f"{n} frames": take(track, slice(n)) for n in (1, 2, 3, 5)},
        **{f"{n} frames of nobody": take(nobody(1.0), slice(n)) for n in (1, 2, 3)},
        "one spot": replace(track, xy_px=np.full_like(track.xy_px, 100.0)),
        "no legs": hide(track, -1, 9, legs),
        "no depth": replace(track, world_m=np.full_like(track.world_m, np.nan)),
        "seen once": hide(hide(track, -1, 0.45), 0.6, 9),
        "not trusted": replace(track, visibility=np.full_like(track.visibility, 0.1)),
    }


@pytest.mark.parametrize("what", ["auto", "squat"])
@pytest.mark.parametrize("name", list(odd()))
def test_an_odd_recording_is_an_assessment_with_reasons(name, what):
    assessment = interpret(odd()[name], what, "auto", Person()).assessment
    assert assessment.reps == ()
    for m in assessment.measures:
        assert (m.value is None) == (m.status == "not_measurable") == bool(m.reason)
    if name.endswith("nobody") or name in ("one spot", "not trusted"):
        assert all(m.value is None for m in assessment.measures)


@pytest.mark.slow
@pytest.mark.parametrize("yaw", [90.0, 0.0, 40.0])
def test_the_chain_as_a_whole_counts_and_measures_in_any_view(yaw):
    track = make_track(movement(SQUAT, Plan(count=2)), yaw_deg=yaw, fps=20, noise_px=0.5)
    result = interpret(track, "auto", "auto", Person())
    assert result.assessment.movement == "squat"
    assert [rep.excluded_reason for rep in result.assessment.reps] == [None, None]
    for name, values in result.angles.values.items():
        assert np.array_equal(np.isnan(values), result.angles.state[name] == State.MISSING), name
    if yaw == 90.0:
        (knee,) = [
            m for m in result.assessment.measures
            if (m.id, m.side, m.rep) == ("knee_flexion_range", "right", None)
        ]  # fmt: skip
        assert knee.value == pytest.approx(102, abs=6)
