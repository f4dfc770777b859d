"""The whole chain: a recording in, an assessment out. The one place where the stages meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from movecheck.assessment import (
    Evidence,
    checked_pain,
    find,
    located,
    measure_all,
    wrong_view,
)
from movecheck.corrections import (
    check_facing,
    check_person,
    checked,
    correct_reps,
    last,
    noted,
    region_of,
)
from movecheck.measures.angles import measure
from movecheck.measures.body import lying
from movecheck.measures.quality import camera_tilt_deg, capture_checks, refusal
from movecheck.measures.spine import behind_arm, hidden_by, standing_hollow
from movecheck.measures.view import Stance, find_stance
from movecheck.movements import load
from movecheck.movements.by_hand import rep_between
from movecheck.movements.chosen import choose, concerns, doubted, movement_check
from movecheck.movements.drive import at_rest, repetitions
from movecheck.movements.recognise import find_parts, of_movement
from movecheck.process import Progress, look, no_progress
from movecheck.settings import Settings
from movecheck.signals import Cleaning, clean
from movecheck.signals.camera import as_filmed, camera_motion, steadied
from movecheck.signals.clean import within_picture
from movecheck.signals.fit import BodyFit, fit_body
from movecheck.signals.swaps import sides_exchanged
from movecheck.skeleton import BODY, INDEX
from movecheck.types import (
    AngleTrack,
    Assessment,
    Correction,
    Pain,
    Person,
    PoseTrack,
)


@dataclass(frozen=True)
class Result:
    """All that one recording gave: raw and clean landmarks, angles, stance, assessment."""

    raw: PoseTrack
    track: PoseTrack
    angles: AngleTrack
    stance: Stance
    assessment: Assessment


def is_video(source: Path) -> bool:
    """Tell a video from landmarks that movecheck has saved."""
    return source.suffix.lower() != ".parquet"


def analyze(
    source: Path,
    movement: str = "auto",
    view: str = "auto",
    person: Person | None = None,
    *,
    corrections: Sequence[Correction] = (),
    pain: Pain | None = None,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> Result:
    """Assess one recording.

    Parameters
    ----------
    source : Path
        A video, or a ``landmarks.parquet`` that movecheck has written.
    movement : str
        ``auto`` or one of `movecheck.movements.names`.
    view : {'auto', 'side', 'front'}
        How the person stands to the camera.
    person : Person, optional
        Age, sex and height, for published ranges only.
    corrections : sequence of Correction, optional
        What a person changed by hand; they go before `movement` and `view`.
    pain : Pain, optional
        What the person tells of pain; the repetition and the angle at its time are looked up.
    settings : Settings, optional
        Limits and places.
    progress : callable, optional
        Called with stage and share done.

    Raises
    ------
    MoveCheckError
        When the recording cannot be used; its `hint` says what to do.
    """
    settings = settings or Settings()
    for name in (movement, last(corrections, "movement")):
        if name not in ("auto", None):
            load(name)
    if is_video(source):
        raw = look(source, settings, progress, region_of(corrections))
    else:
        from movecheck.export.landmarks import read_landmarks

        raw = read_landmarks(source)
        check_person(raw, corrections)
    progress("analysis", 0.0)
    result = interpret(raw, movement, view, person or Person(), corrections, pain)
    progress("analysis", 1.0)
    return result


def interpret(
    raw: PoseTrack,
    movement: str,
    view: str,
    person: Person,
    corrections: Sequence[Correction] = (),
    pain: Pain | None = None,
) -> Result:
    """Run everything after pose on raw landmarks, with what a person corrected by hand or told."""
    corrections, pain = checked(corrections), checked_pain(pain, raw.recording.duration_s)
    how = Cleaning()
    motion = camera_motion(raw)
    seen = within_picture(raw)
    given_view = last(corrections, "view") or view
    track, fit = _body(steadied(seen, motion), how)
    found = find_stance(track, view, fit)
    stance = found if given_view == view else find_stance(track, given_view, fit)
    if last(corrections, "facing") not in (None, stance.facing):
        # The model took left for right: that is what makes a body seem to face the other way.
        seen = sides_exchanged(seen)
        track, fit = _body(steadied(seen, motion), how)
        stance = find_stance(track, given_view, fit)
        check_facing(corrections, stance.facing)
    angles = measure(track, stance, fit)
    captured = capture_checks(raw, track, stance, fit)
    parts = doubted(find_parts(angles, stance), captured)
    unasked = choose(parts, movement)
    given = last(corrections, "movement") or movement
    chosen = choose(parts, given)
    rest = at_rest(angles, stance, chosen)
    shown = chosen.only_view in (None, stance.view)
    hidden = None if shown else wrong_view(stance, chosen.best_view)
    reps = repetitions(angles, rest, chosen) if shown else []
    reps = of_movement(reps, parts, chosen.id, asked=given != "auto")
    between = partial(rep_between, angles, rest, chosen, hidden)
    reps, corrections = correct_reps(reps, corrections, raw.recording.duration_s, between)
    corrections = noted(corrections, {
        "movement": unasked.id, "view": found.view, "facing": found.facing, "person": None,
    })  # fmt: skip
    sure = seen.visibility[:, [INDEX[name] for name in BODY if _counts(name, stance)]]
    visibility = float(np.mean(sure[np.isfinite(raw.xy_px[:, 0, 0])])) if sure.any() else 0.0
    checks = [
        *(c for c in captured if concerns(c, chosen)),
        movement_check(chosen, reps, parts, given, hidden),
    ]  # fmt: skip
    arm = behind_arm(track, stance) if stance.view == "side" else None
    evidence = Evidence(
        angles, rest, chosen, reps, visibility, fit, refusal(checks) or hidden,
        tilt_deg=camera_tilt_deg(track, stance),
        hidden_back=None if arm is None else hidden_by(track, stance, arm),
        behind_arm=arm,
        hollow=float("nan") if arm is None else standing_hollow(track, stance),
    )  # fmt: skip
    measures = measure_all(evidence)
    assessment = Assessment(
        recording=raw.recording,
        capture=tuple(checks),
        movement=chosen.id,
        view=stance.view,
        facing=stance.facing,
        reps=tuple(reps),
        measures=tuple(measures),
        findings=tuple(find(measures, chosen.id, person)),
        provenance=_provenance(raw, how, movement, view, person),
        parts=tuple(parts),
        corrections=tuple(corrections),
        pain=located(pain, evidence),
    )
    return Result(raw, as_filmed(track, raw, motion), angles, stance, assessment)


def _body(still: PoseTrack, how: Cleaning) -> tuple[PoseTrack, BodyFit | None]:
    """Return the clean track, and the fit of a body that is on its feet."""
    track = clean(still, how)
    return track, None if lying(track).mean() > 0.5 else fit_body(still)


def _counts(landmark: str, stance: Stance) -> bool:
    """In side view only the near leg counts; the far one is hidden by nature."""
    return stance.near_side is None or landmark.startswith(stance.near_side)


def _provenance(
    raw: PoseTrack, how: Cleaning, movement: str, view: str, person: Person
) -> dict[str, Any]:
    from importlib.metadata import version

    return {
        "movecheck": version("movecheck"),
        "mediapipe": raw.model.get("mediapipe", ""),
        "opencv": raw.model.get("opencv", ""),
        "model": raw.model.get("name", ""),
        "model_sha256": raw.model.get("sha256", ""),
        "numpy": version("numpy"),
        "scipy": version("scipy"),
        "settings": {
            "movement": movement, "view": view, "age": person.age, "sex": person.sex,
            "height_cm": person.height_cm, **vars(how),
            **({"every": raw.model["every"]} if "every" in raw.model else {}),
        },
    }  # fmt: skip
