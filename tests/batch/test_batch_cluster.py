"""A real Ray cluster on this machine: a head and two worker nodes, one of them killed midway."""

from __future__ import annotations

import importlib.util
import os
import shutil
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from movecheck.batch.cluster import run_on_ray
from movecheck.batch.run import plan, run
from movecheck.batch.tables import TABLES
from movecheck.errors import ExportError, WorkerFailed
from movecheck.settings import Settings

COUNT = 12


@pytest.fixture
def recordings(tmp_path: Path, saved: Path, other: Path) -> Path:
    folder = tmp_path / "recordings"
    for i in range(COUNT):
        (folder / f"r{i:02d}").mkdir(parents=True)
        shutil.copy(saved if i % 2 else other, folder / f"r{i:02d}" / "landmarks.parquet")
    (folder / "poisoned").mkdir()
    (folder / "poisoned" / "landmarks.parquet").write_bytes(b"PAR1 no PAR1")
    return folder


def tables(out: Path) -> list[bytes]:
    names = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]
    return [(out / name).read_bytes() for name in [*names, "manifest.json"]]


@pytest.mark.slow
@pytest.mark.timeout(240)
@pytest.mark.skipif(
    importlib.util.find_spec("ray") is None,
    reason="NO RAY: pip install 'movecheck[cluster]'",
)
def test_a_node_that_dies_changes_nothing(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    from ray.cluster_utils import Cluster

    monkeypatch.setenv("RAY_USAGE_STATS_ENABLED", "0")
    run(plan(recordings, tmp_path / "alone", settings=Settings()), 1)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    seen = threading.Event()
    done: list[str] = []

    def news(job: Any, share: float, outcome: Any) -> None:
        done.append(job.name)
        seen.set()

    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]

        def kill() -> None:
            seen.wait(120)
            cluster.remove_node(nodes[0], allow_graceful=False)

        killer = threading.Thread(target=kill)
        killer.start()
        summary = run_on_ray(
            plan(recordings, tmp_path / "cluster", settings=Settings()), cluster.address, news
        )
        killer.join()
    finally:
        cluster.shutdown()
    assert len(summary.outcomes) == COUNT + 1
    assert [o.name for o in summary.failures] == ["poisoned"]
    assert sorted(done) == sorted(summary.outcomes)
    assert tables(tmp_path / "cluster") == tables(tmp_path / "alone")


def test_without_ray_one_line_says_what_to_install(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(ExportError) as caught:
        run_on_ray(plan(recordings, tmp_path / "out"), "auto", lambda *_: None)
    assert "movecheck[cluster]" in caught.value.hint
    assert os.environ["RAY_USAGE_STATS_ENABLED"] == "0"


def test_a_cluster_that_is_not_there_is_told(recordings: Path, tmp_path: Path):
    pytest.importorskip("ray")
    start = time.monotonic()
    with pytest.raises(WorkerFailed, match="cannot be reached"):
        run_on_ray(plan(recordings, tmp_path / "out"), "127.0.0.1:1", lambda *_: None)
    assert time.monotonic() - start < 30
