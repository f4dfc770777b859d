"""The whole chain: a recording in, an assessment out. The one place where the stages meet."""

from __future__ import annotations

import os
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
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
from movecheck.errors import DataError, ExportError
from movecheck.marks import N_
from movecheck.measures.angles import measure
from movecheck.measures.body import lying
from movecheck.measures.quality import camera_tilt_deg, capture_checks, refusal
from movecheck.measures.spine import hidden_by, standing_hollow
from movecheck.measures.view import Stance, find_stance
from movecheck.movements import Movement, load
from movecheck.movements.drive import at_rest, repetitions
from movecheck.movements.recognise import UNKNOWN, find_parts, main_part, of_movement
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
    Check,
    Correction,
    Pain,
    Part,
    Person,
    PoseTrack,
    Rep,
)

UNKNOWN_MOVEMENT = Movement(
    id="unknown", name="No known movement", plain="movement", kind="still", best_view="side",
    instructions=(), headline=(),
)  # fmt: skip


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
    found, stance = find_stance(track, view, fit), find_stance(track, given_view, fit)
    if last(corrections, "facing") not in (None, stance.facing):
        # The model took left for right: that is what makes a body seem to face the other way.
        seen = sides_exchanged(seen)
        track, fit = _body(steadied(seen, motion), how)
        stance = find_stance(track, given_view, fit)
        check_facing(corrections, stance.facing)
    angles = measure(track, stance, fit)
    parts = find_parts(angles, stance)
    unasked = _choose(parts, movement)
    given = last(corrections, "movement") or movement
    chosen = _choose(parts, given)
    rest = at_rest(angles, stance, chosen)
    shown = chosen.only_view in (None, stance.view)
    hidden = None if shown else wrong_view(stance, chosen.best_view)
    reps = of_movement(repetitions(angles, rest, chosen), parts, chosen.id) if shown else []
    reps, corrections = correct_reps(reps, corrections, raw.recording.duration_s)
    corrections = noted(corrections, {
        "movement": unasked.id, "view": found.view, "facing": found.facing, "person": None,
    })  # fmt: skip
    sure = seen.visibility[:, [INDEX[name] for name in BODY if _counts(name, stance)]]
    visibility = float(np.mean(sure[np.isfinite(raw.xy_px[:, 0, 0])])) if sure.any() else 0.0
    checks = [
        *(c for c in capture_checks(raw, track, stance, fit) if _concerns(c, chosen)),
        _movement_check(chosen, reps, parts, given, hidden),
    ]  # fmt: skip
    side_on = stance.view == "side"
    evidence = Evidence(
        angles, rest, chosen, reps, visibility, fit, refusal(checks) or hidden,
        tilt_deg=camera_tilt_deg(track, stance),
        hidden_back=hidden_by(track, stance) if side_on else None,
        hollow=standing_hollow(track, stance) if side_on else float("nan"),
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


def _choose(parts: list[Part], movement: str) -> Movement:
    if movement != "auto":
        return load(movement)
    part = main_part(parts)
    return UNKNOWN_MOVEMENT if part is None or part.movement == UNKNOWN else load(part.movement)


def _concerns(check: Check, chosen: Movement) -> bool:
    """Leave out what is asked of a person who stands, where the movement is not one in standing."""
    if check.id == "body_fit" and not chosen.feet_stay:
        return False
    of_standing = ("quiet_standing", "camera_level", "body_fit")
    of_upright = (*of_standing, "camera_angle", "feet")
    return (
        check.id not in {"standing": (), "sitting": of_standing, "lying": of_upright}[chosen.rest]
    )


def _either(part: Part) -> str:
    """Name the movements that a part may be."""
    return N_(" or ").join(load(name).name.lower() for name in part.candidates)


def _movement_check(
    chosen: Movement, reps: list[Rep], parts: list[Part], asked: str, hidden: str | None
) -> Check:
    part = main_part(parts)
    if hidden is not None:
        return Check("movement", False, chosen.name, hidden)
    if chosen is UNKNOWN_MOVEMENT:
        advice = N_(
            "No known movement was recognised. Choose the movement yourself, "
            "or record again as the instructions say."
        )
        if part is not None:
            advice = N_(
                f"It may be: {_either(part)}. The recording does not show which. "
                "Choose it yourself."
            )
        return Check("movement", False, "unknown", advice)
    if chosen.repeats and not reps:
        return Check(
            "movement", False, 0.0,
            N_(f"No {chosen.plain} was found. Do as the instructions say: first be still, then "
               "move clearly, then be still again."),
        )  # fmt: skip
    if asked == "auto" and part is not None and part.candidates:
        return Check(
            "movement", False, _either(part),
            N_(f"It may be: {_either(part)}. It is measured as a {chosen.plain}. Choose it "
               "yourself, or record again with your side to the camera."),
        )  # fmt: skip
    also = [
        f"{load(p.movement).name} from {p.start_s:.0f} to {p.end_s:.0f} s"
        for p in parts
        if p.movement not in (chosen.id, "posture") and not p.candidates
    ]
    found = chosen.name if asked == "auto" else f"{chosen.name} (given)"
    return Check(
        "movement", True, "; also seen: ".join([found, *([", ".join(also)] if also else [])])
    )


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


def write(
    result: Result,
    folder: Path,
    video: Path | None = None,
    *,
    overlay: bool = False,
    report: bool = False,
    landmarks: bool = True,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> list[Path]:
    """Write everything into a folder; return the files in the order written.

    Parameters
    ----------
    result : Result
        What `analyze` gave.
    folder : Path
        Made when it does not exist.
    video : Path, optional
        The recording; needed for the overlay.
    overlay, report : bool
        Whether to draw the overlay video and the report.
    landmarks : bool
        False where the folder holds them already.

    Raises
    ------
    ExportError
        When the folder cannot be written.
    """
    from movecheck.export.assessment_json import write_assessment
    from movecheck.export.landmarks import write_landmarks
    from movecheck.export.tables import write_measures, write_signals

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError("the output folder cannot be made") from error
    files = [folder / name for name in (
        "assessment.json", "signals.csv", "measures.csv", "landmarks.parquet")]  # fmt: skip
    write_assessment(result.assessment, files[0])
    write_signals(result.angles, files[1])
    write_measures(result.assessment, files[2])
    if landmarks:
        write_landmarks(result.raw, files[3])
    if overlay and video is not None:
        files.append(_draw(result, video, folder, settings or Settings(), progress))
    if report:
        from movecheck.report.html import write_report

        files.append(write_report(folder, folder / "report.html"))
    return files


def _draw(
    result: Result, video: Path, folder: Path, settings: Settings, progress: Progress
) -> Path:
    from movecheck.capture import VideoFile
    from movecheck.capture.ahead import ahead
    from movecheck.overlay import write_overlay

    target = folder / "overlay.mp4"
    recording = result.assessment.recording
    all_frames = settings.model_copy(update={"every": 1})
    with VideoFile(video, all_frames) as source, closing(ahead(source)) as frames:
        write_overlay(
            frames, result.track, result.angles, result.assessment.reps, target,
            view=result.stance.view, facing=result.stance.facing, near=result.stance.near_side,
            scale=source.scale, raw=result.raw,
            progress=lambda time_s: progress("overlay", min(time_s / recording.duration_s, 1.0)),
        )  # fmt: skip
    progress("overlay", 1.0)
    return target


def assess(
    source: str | os.PathLike[str],
    movement: str = "auto",
    view: str = "auto",
    *,
    age: float | None = None,
    sex: str | None = None,
    height_cm: float | None = None,
    pain: Pain | None = None,
    out: str | os.PathLike[str] | None = None,
    overlay: bool = False,
    report: bool = False,
) -> Assessment:
    """Assess one recording; with `out`, write the same files as the command line.

    Parameters
    ----------
    source : path
        A video, or a ``landmarks.parquet`` that movecheck has written.
    movement : str
        ``auto`` or one of `movecheck.movements.names`, such as ``squat``.
    view : {'auto', 'side', 'front'}
        How the person stands to the camera.
    age, sex, height_cm : optional
        For published ranges: years, ``'F'`` or ``'M'``, centimetres.
    pain : Pain, optional
        What the person tells of pain with the movement.
    out : path, optional
        Folder for the files.
    overlay, report : bool
        Whether to draw the overlay video and the report; both need `out`.

    Returns
    -------
    Assessment

    Raises
    ------
    MoveCheckError
        When the recording cannot be used; its `hint` says what to do.
    """
    if sex not in (None, "F", "M"):
        raise DataError("sex is 'F' or 'M'", "Give F or M, or leave it out.")
    person = Person(age, sex, height_cm)  # type: ignore[arg-type]
    recording = Path(source)
    result = analyze(recording, movement, view, person, pain=pain)
    if out is not None:
        video = recording if is_video(recording) else None
        write(result, Path(out), video, overlay=overlay, report=report)
    return result.assessment
