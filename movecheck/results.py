"""What becomes of a result: its files, and the one call that measures and writes."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

from movecheck.analyze import Result, analyze, is_video
from movecheck.errors import DataError, ExportError
from movecheck.process import Progress, no_progress
from movecheck.settings import Settings
from movecheck.types import Assessment, Pain, Person


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
    from movecheck.ahead import ahead
    from movecheck.capture import VideoFile
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
