"""One recording of a batch: what its numbers depend on, whether they are there, and the work."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from importlib.metadata import version
from importlib.resources import files as package_files
from pathlib import Path
from typing import Any

from movecheck.analyze import interpret, is_video
from movecheck.batch.files import RESULTS, STATE, Files, at_hand
from movecheck.batch.find import LANDMARKS
from movecheck.batch.participants import Entry
from movecheck.batch.places import Place
from movecheck.errors import DataError, MoveCheckError, VideoError, WorkerFailed
from movecheck.export.atomic import export_error, remove, write_bytes
from movecheck.export.landmarks import read_landmarks, write_landmarks
from movecheck.pose.model import sha256
from movecheck.process import Crew, look
from movecheck.results import write
from movecheck.settings import Settings
from movecheck.types import PoseTrack

ATTEMPTS = 2
"""How often a recording is tried whose pose process died, as memory may be short (our choice)."""

_POSE_CODE = ("capture", "pose", "ahead.py", "worker.py", "process.py")
_ANALYSIS_CODE = (
    "signals", "measures", "movements", "reference", "assessment", "export",
    "analyze.py", "results.py", "corrections.py", "skeleton.py", "types.py",
)  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """Everything but the recording that the numbers depend on.

    Attributes
    ----------
    settings : Settings
        Limits and places.
    pose, analysis : str
        Hashes of what landmarks depend on (model, versions, code of the pose stage), and of what
        is computed from them (code, ranges, error model).
    """

    settings: Settings
    pose: str
    analysis: str


@dataclass(frozen=True)
class Job:
    """One recording: its name in the tables, its file, the folder of its results, its entry."""

    name: str
    source: Path | Place
    folder: Path | Place
    entry: Entry

    @property
    def is_video(self) -> bool:
        """False for saved landmarks."""
        return is_video(Path(str(self.source)))


@dataclass(frozen=True)
class Outcome:
    """What became of a recording; `error` is None when its results are in its folder.

    `skipped` tells that nothing had to be done, `looked` that the pose model ran.
    """

    name: str
    error: str | None = None
    message: str = ""
    hint: str = ""
    skipped: bool = False
    looked: bool = False


def make_recipe(settings: Settings, model: Path | None) -> Recipe:
    """Return the recipe of this computer.

    Parameters
    ----------
    settings : Settings
        Limits and places.
    model : Path or None
        The pose model; None when only saved landmarks are read.
    """
    model_sha256 = sha256(model) if model else ""
    libraries = [version(name) for name in ("mediapipe", "opencv-contrib-python", "av")]
    pose = _hash(model_sha256, *libraries, settings.pose_long_side_px, settings.every,
                 *_code(_POSE_CODE))  # fmt: skip
    libraries = [version(name) for name in ("numpy", "scipy", "movecheck")]
    return Recipe(settings, pose, _hash(*libraries, *_code(_ANALYSIS_CODE)))


def work(
    job: Job,
    recipe: Recipe,
    progress: Callable[[float], None],
    workers: int = 1,
    crew: Crew | None = None,
) -> Outcome:
    """Bring the results of one recording up to date, doing only what is not done yet.

    Landmarks that are there are used again when nothing that they depend on has changed. Errors
    of the recording are remembered; those of the computer (memory, disk) are not.

    Parameters
    ----------
    job : Job
        The recording.
    recipe : Recipe
        What the numbers depend on.
    progress : callable
        Called with the share done, 0 to 1. What it raises ends the work.
    workers : int, optional
        Pose processes at the same time, where the recording is long enough to be divided.
    crew : Crew, optional
        Pose processes that are used again.
    """
    try:
        with at_hand(job.source, job.folder) as files:
            return _work(job, files, recipe, progress, workers, crew)
    except MoveCheckError as error:  # of a storage
        return _failure(job.name, error, False)


def _work(
    job: Job,
    files: Files,
    recipe: Recipe,
    progress: Callable[[float], None],
    workers: int,
    crew: Crew | None,
) -> Outcome:
    old = _read_state(files.folder)
    looked = False
    keys: dict[str, Any] = {}
    try:
        source = files.fingerprint(old.get("source"))
        pose_key = _hash(source["sha256"], recipe.pose if job.is_video else "")
        key = _hash(pose_key, recipe.analysis, job.entry.model_dump_json(exclude={
            "id", "visit", "row"}), _limits(recipe.settings))  # fmt: skip
        keys = {"name": job.name, "source": source, "pose_key": pose_key, "key": key}
        if old.get("key") == key and old.get("pose_key") == pose_key:
            return Outcome(**{**old["outcome"], "skipped": True, "looked": False})
        there = job.is_video and old.get("pose_key") == pose_key and files.has(LANDMARKS)
        saved = files.folder / LANDMARKS
        if there:
            raw = read_landmarks(saved)
        elif job.is_video:
            looked = True
            raw = _look(files.source(), recipe.settings, progress, workers, crew)
        else:
            raw = read_landmarks(files.source())
        _prepare(files.folder)
        if not there:
            write_landmarks(raw, saved)
        _write_state(files.folder, {**keys, "key": None})
        files.keep()
        entry = job.entry
        result = interpret(raw, entry.movement, entry.view, entry.person)
        write(result, files.folder, landmarks=False)
        outcome = Outcome(job.name, looked=looked)
    except (VideoError, DataError) as error:
        outcome = _failure(job.name, error, looked)
    except MoveCheckError as error:
        return _failure(job.name, error, looked)
    except Exception as error:
        return Outcome(
            job.name, "Unexpected", f"{type(error).__name__}: {' '.join(str(error).split())}",
            "This is an error in movecheck. Please report it; the other recordings go on.",
            looked=looked,
        )  # fmt: skip
    if keys:
        try:
            _prepare(files.folder)
            if outcome.error is not None:
                _clear(files.folder)
            _write_state(files.folder, {**keys, "outcome": asdict(outcome)})
            files.keep()
        except MoveCheckError as error:
            return _failure(job.name, error, looked)
    return outcome


def _look(
    source: Path,
    settings: Settings,
    progress: Callable[[float], None],
    workers: int,
    crew: Crew | None,
) -> PoseTrack:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return look(
                source, settings, lambda _, share: progress(share or 0.0),
                workers=workers, crew=crew,
            )  # fmt: skip
        except WorkerFailed:
            if attempt == ATTEMPTS:
                raise
    raise AssertionError


def _failure(name: str, error: MoveCheckError, looked: bool) -> Outcome:
    return Outcome(name, type(error).__name__, str(error).rstrip("."), error.hint, looked=looked)


def _prepare(folder: Path) -> None:
    """Make the folder; take away what a killed run left half written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part in folder.glob(".movecheck-*.part"):
            remove(part)
    except OSError as error:
        raise export_error(error) from error


def _clear(folder: Path) -> None:
    """Take away the results of what this recording was before."""
    for name in RESULTS:
        remove(folder / name)


def _read_state(folder: Path) -> dict[str, Any]:
    """Return the state of a recording; an empty one when there is none that can be used."""
    try:
        state = json.loads((folder / STATE).read_bytes())
        if state.get("key") is not None:
            outcome = Outcome(**state["outcome"])
            if outcome.error is None and not (folder / "assessment.json").is_file():
                return {}
        return dict(state)
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return {}


def _write_state(folder: Path, state: dict[str, Any]) -> None:
    write_bytes(folder / STATE, json.dumps(state, indent=1).encode())


def _limits(settings: Settings) -> str:
    return settings.model_dump_json(exclude={"model", "data_dir", "pose_long_side_px", "every"})


def _code(parts: Iterable[str]) -> list[str]:
    """Return the hash of every file of some parts of movecheck, data included."""
    root = Path(str(package_files("movecheck")))
    found = [
        file
        for part in parts
        for file in sorted([root / part] if part.endswith(".py") else (root / part).rglob("*"))
        if file.suffix in (".py", ".toml", ".csv")
    ]
    return [f"{file.relative_to(root).as_posix()} {sha256(file)}" for file in found]


def _hash(*parts: object) -> str:
    return hashlib.sha256("\0".join(map(str, parts)).encode()).hexdigest()
