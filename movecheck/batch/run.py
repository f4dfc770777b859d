"""The whole batch: what there is to do, the work over several pose processes, the tables."""

from __future__ import annotations

import json
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from movecheck.batch.find import find_away, find_recordings, name_of
from movecheck.batch.job import Job, Outcome, Recipe, make_recipe, work
from movecheck.batch.participants import Entry, Participants
from movecheck.batch.places import Place
from movecheck.batch.tables import write_tables
from movecheck.errors import DataError
from movecheck.export.atomic import export_error, write_bytes
from movecheck.pose.model import Progress, ensure, no_progress, sha256
from movecheck.process import Crew, processors
from movecheck.settings import Settings
from movecheck.signals import Cleaning

RESULTS = "recordings"
News = Callable[[Job, float, Outcome | None], None]
"""Called with a recording, the share of it that is done, and at its end with what became of it."""


@dataclass(frozen=True)
class Batch:
    """What there is to do.

    Attributes
    ----------
    jobs : list of Job
        In the order of their names.
    out : Path or Place
        The output folder.
    recipe : Recipe
        What the numbers depend on.
    model : Path or None
        The pose model; None when there are only saved landmarks.
    unknown_columns : tuple of str
        Columns of the participants table that are not used.
    """

    jobs: list[Job]
    out: Path | Place
    recipe: Recipe
    model: Path | None
    unknown_columns: tuple[str, ...] = ()


@dataclass(frozen=True)
class Summary:
    """What was done: outcomes by name."""

    outcomes: Mapping[str, Outcome]

    @property
    def failures(self) -> list[Outcome]:
        """Return the recordings without a result."""
        return [o for o in self.outcomes.values() if o.error is not None]


class Stopped(BaseException):
    """Raised in a worker thread so that it ends its pose process."""


def plan(
    folder: Path | Place,
    out: Path | Place,
    participants: Participants | None = None,
    default: Entry | None = None,
    settings: Settings | None = None,
    progress: Progress = no_progress,
) -> Batch:
    """Find the recordings, and make ready what all of them need.

    Parameters
    ----------
    folder : Path or Place
        Where the recordings are.
    out : Path or Place
        Where the results go; made when it does not exist.
    participants : Participants, optional
        Who is in which recording.
    default : Entry, optional
        What holds for recordings that the table does not name.
    settings : Settings, optional
        Limits and places.
    progress : callable, optional
        Follows the fetching of the pose model.

    Raises
    ------
    MoveCheckError
        No folder, no recordings, no pose model, or a folder that cannot be written.
    """
    settings, participants = settings or Settings(), participants or Participants()
    if str(out) == str(folder) or (isinstance(out, Path) and isinstance(folder, Path)
                                   and out.resolve() == folder.resolve()):  # fmt: skip
        raise DataError(
            "the results cannot go among the recordings", "Choose another folder with --out."
        )
    sources: dict[str, Path | Place]
    if isinstance(folder, Place):
        sources = dict(find_away(folder, str(out)))
    else:
        leave_out = out if isinstance(out, Path) else None
        sources = {name_of(path, folder): path for path in find_recordings(folder, leave_out)}
    entries, missing = participants.match(list(sources))
    for file in missing:
        # Named in the table and not there: it becomes a failure with its name, not silence.
        sources[file], entries[file] = folder / file, participants.rows[file]
    if not sources:
        raise DataError(
            "no recording was found in the folder",
            "It should hold videos (MP4, MOV, WebM, MKV, AVI) or landmarks.parquet of movecheck.",
        )
    try:
        if isinstance(out, Path):
            out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise export_error(error) from error
    default = default or Entry()
    results = out / RESULTS
    jobs = [
        Job(name, sources[name], results / name, entries.get(name, default))
        for name in sorted(sources)
    ]
    model = ensure(settings, progress) if any(job.is_video for job in jobs) else None
    recipe = make_recipe(settings, model)
    return Batch(jobs, out, recipe, model, participants.unknown_columns)


def run(
    batch: Batch, workers: int | None = None, news: News = lambda job, share, outcome: None
) -> Summary:
    """Bring all results up to date and write the tables.

    Parameters
    ----------
    batch : Batch
        From `plan`.
    workers : int, optional
        Recordings at the same time, by default one a processor; fewer recordings than that have
        several pose processes each.
    news : callable, optional
        Follows the work; it is called from several threads.

    Raises
    ------
    ExportError
        When the tables cannot be written.
    """
    outcomes: dict[str, Outcome] = {}
    # One thread each for linear algebra: the same order of additions whatever the machine.
    with threadpool_limits(1):
        for outcome in _work(batch, workers or processors(), news):
            outcomes[outcome.name] = outcome
    return finish(batch, outcomes)


def finish(batch: Batch, outcomes: Mapping[str, Outcome]) -> Summary:
    """Write tables and manifest from the results in the output folder."""
    summary = Summary(outcomes)
    with _here(batch.out) as folder:
        tables = write_tables(batch.jobs, outcomes, folder)
        text = json.dumps(_manifest(batch, summary, tables), indent=2) + "\n"
        write_bytes(folder / "manifest.json", text.encode())
        if isinstance(batch.out, Place):
            for file in (*tables, folder / "manifest.json"):
                (batch.out / file.name).put(file)
    return summary


@contextmanager
def _here(out: Path | Place) -> Iterator[Path]:
    """Give a folder of this machine to write into."""
    if isinstance(out, Path):
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="movecheck-") as folder:
        yield Path(folder)


def _work(batch: Batch, workers: int, news: News) -> Iterator[Outcome]:
    """Yield outcomes as they come. A thread each is enough: the work is in the pose processes."""
    stop = threading.Event()
    spare = max(1, workers // len(batch.jobs))  # for the parts of a long recording

    def one(job: Job) -> Outcome:
        def progress(share: float) -> None:
            if stop.is_set():
                raise Stopped
            news(job, share, None)

        progress(0.0)
        outcome = work(job, batch.recipe, progress, spare, crew)
        if not stop.is_set():
            news(job, 1.0, outcome)
        return outcome

    # The crew is the outer one: its processes are at rest when the threads have ended.
    with (
        Crew(batch.recipe.settings) as crew,
        ThreadPoolExecutor(workers, "movecheck-batch") as pool,
    ):
        try:
            running: set[Future[Outcome]] = {pool.submit(one, job) for job in batch.jobs}
            while running:
                # Awake now and then, so that Ctrl-C is heard on every system.
                done, running = wait(running, timeout=0.5, return_when=FIRST_COMPLETED)
                yield from (future.result() for future in done)
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise


def _manifest(batch: Batch, summary: Summary, tables: list[Path]) -> dict[str, Any]:
    """Return what the tables come from; nothing of when, where, or in how many steps."""
    libraries = ("movecheck", "mediapipe", "opencv-contrib-python", "av", "numpy", "scipy")
    return {
        "movecheck_batch": 1,
        "versions": {name: version(name) for name in libraries},
        "model": batch.model.name if batch.model else None,
        "model_sha256": sha256(batch.model) if batch.model else None,
        "pose_hash": batch.recipe.pose,
        "analysis_hash": batch.recipe.analysis,
        "settings": {
            **batch.recipe.settings.model_dump(mode="json", exclude={"model", "data_dir"}),
            **vars(Cleaning()),
        },
        "recordings": len(batch.jobs),
        "failures": len(summary.failures),
        "tables": {path.name: sha256(path) for path in tables},
    }
