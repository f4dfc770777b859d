"""The same batch over many machines, with Ray.

Each recording is a task on one processor of any machine; the tables are written at the end by the
machine that started the batch. Recordings and output folder must have the same path on all of
them, as on a shared disk or in a storage. A task whose machine or process dies is given to another
one; as results are written whole or not at all, that does no harm.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

from threadpoolctl import threadpool_limits

from movecheck.batch.job import Job, Outcome, Recipe, make_recipe, work
from movecheck.batch.run import Batch, News, Summary, finish
from movecheck.errors import WorkerFailed
from movecheck.export.optional import needed
from movecheck.pose.model import ensure
from movecheck.process import Crew
from movecheck.settings import Settings

REACH_S = 10.0  # for an answer of the cluster (our choice)
RETRIES = 3  # of a task whose machine was lost (our choice)
AHEAD = 3
"""Tasks in the cluster's queue for each of its processors (our choice): the list stays short."""


def run_on_ray(batch: Batch, address: str, news: News) -> Summary:
    """Bring all results up to date on a Ray cluster, and write the tables.

    Parameters
    ----------
    batch : Batch
        From `movecheck.batch.run.plan`.
    address : str
        Of the cluster's head, as ``host:6379``; ``auto`` finds one on this machine, ``local``
        starts one for this batch.
    news : callable
        Follows the work.

    Raises
    ------
    WorkerFailed
        When the cluster cannot be reached.
    ExportError
        When the tables cannot be written, or Ray is not installed.
    """
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"  # nothing of a batch is told to anybody
    ray = needed("ray", "cluster")
    try:
        _check(address)
        ray.init(address=address, log_to_driver=False, logging_level="ERROR")
    except (ConnectionError, OSError, RuntimeError, ValueError) as error:
        raise WorkerFailed(
            "the Ray cluster cannot be reached",
            "Start it with 'ray start --head', and give its address as host:6379.",
        ) from error
    try:
        outcomes = {outcome.name: outcome for outcome in _work(ray, batch, news)}
    finally:
        ray.shutdown()
    return finish(batch, outcomes)


def _check(address: str) -> None:
    """Raise OSError when nobody listens; Ray itself would try for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdigit():
        socket.create_connection((host, int(port)), timeout=REACH_S).close()


def _work(ray: Any, batch: Batch, news: News) -> Iterator[Outcome]:
    task = ray.remote(num_cpus=1, max_retries=RETRIES)(_on_a_machine)
    recipe = ray.put(batch.recipe)
    jobs = iter([_absolute(job) for job in batch.jobs])
    running: dict[Any, Job] = {}

    def fill() -> None:
        room = AHEAD * max(1, int(ray.cluster_resources().get("CPU", 1))) - len(running)
        for _, job in zip(range(room), jobs, strict=False):
            running[task.remote(job, recipe)] = job

    fill()
    while running:
        done, _ = ray.wait(list(running), timeout=1.0)
        for reference in done:
            job = running.pop(reference)
            try:
                outcome = ray.get(reference)
            except ray.exceptions.RayError:
                outcome = Outcome(
                    job.name, "WorkerFailed", "its process died on every machine that tried",
                    "Give the same command again; recordings that are done are not repeated.",
                )  # fmt: skip
            news(job, 1.0, outcome)
            yield outcome
        fill()


def _absolute(job: Job) -> Job:
    source, folder = (p.resolve() if isinstance(p, Path) else p for p in (job.source, job.folder))
    return replace(job, source=source, folder=folder)


def _on_a_machine(job: Job, recipe: Recipe) -> Outcome:
    """Do one recording; runs in a process of Ray's."""
    settings = recipe.settings.model_dump_json()
    own = _own_recipe(settings, job.is_video)
    if own.analysis != recipe.analysis or (job.is_video and own.pose != recipe.pose):
        return Outcome(
            job.name, "WorkerFailed", "a machine of the cluster computes otherwise",
            "Install the same versions of movecheck, its libraries and the model on all machines.",
        )  # fmt: skip
    with threadpool_limits(1):
        return work(job, recipe, lambda share: None, crew=_own_crew(settings))


@cache
def _own_recipe(settings: str, with_model: bool) -> Recipe:
    known = Settings.model_validate_json(settings)
    return make_recipe(known, ensure(known) if with_model else None)


@cache
def _own_crew(settings: str) -> Crew:
    """Return the pose process that this process of Ray's holds; it ends together with it."""
    return Crew(Settings.model_validate_json(settings))
