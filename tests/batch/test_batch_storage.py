"""Recordings and results in a storage: the same tables as from folders of this machine."""

from __future__ import annotations

import shutil
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from movecheck.batch import job as job_module
from movecheck.batch.places import Place, place_of
from movecheck.batch.run import Summary, plan, run
from movecheck.batch.tables import TABLES
from movecheck.errors import DataError, ExportError
from movecheck.export.landmarks import read_landmarks
from movecheck.settings import Settings

SAMPLE = Path(__file__).parents[2] / "samples" / "posture_front.mp4"
NAMES = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]

pytestmark = pytest.mark.usefixtures("without_fit")


@pytest.fixture
def memory() -> Iterator[Any]:
    fsspec = pytest.importorskip("fsspec", reason="NO STORAGE: pip install fsspec")
    system = fsspec.filesystem("memory")
    yield system
    system.store.clear()


@pytest.fixture
def recordings(tmp_path: Path, other: Path) -> Path:
    folder = tmp_path / "recordings"
    (folder / "visit 2").mkdir(parents=True)
    (folder / "bent").mkdir()
    shutil.copy(SAMPLE, folder / "a.mp4")
    shutil.copy(SAMPLE, folder / "visit 2" / "no ending")
    shutil.copy(other, folder / "bent" / "landmarks.parquet")
    (folder / "empty.mov").write_bytes(b"")
    (folder / "notes.txt").write_text("no recording")
    return folder


@pytest.fixture
def looks(monkeypatch: pytest.MonkeyPatch, saved: Path) -> Counter[str]:
    counted: Counter[str] = Counter()

    def look(video: Path, settings: Settings, progress: Callable[..., None], **_: Any) -> Any:
        from movecheck.capture import probe

        probe(video, settings)
        counted[video.name] += 1
        return read_landmarks(saved)

    monkeypatch.setattr(job_module, "look", look)
    return counted


def work(folder: Path | Place, out: Path | Place) -> Summary:
    return run(plan(folder, out, settings=Settings(model=Path(__file__))), 2)


def tables(out: Path | Place) -> dict[str, bytes]:
    if isinstance(out, Path):
        return {name: (out / name).read_bytes() for name in NAMES}
    return {name: (out / name).open().read() for name in NAMES}


@pytest.mark.parametrize("source", ["here", "away"])
@pytest.mark.parametrize("target", ["here", "away"])
def test_the_tables_are_those_of_folders(
    memory: Any, recordings: Path, tmp_path: Path, looks: Counter[str], source: str, target: str
):
    memory.put(f"{recordings}/", "/bucket/in", recursive=True)
    work(recordings, tmp_path / "plain")
    folder = Place("memory://bucket/in") if source == "away" else recordings
    out = Place("memory://bucket/in/results") if target == "away" else tmp_path / "out"
    done = work(folder, out)
    assert [o.name for o in done.failures] == ["empty.mov"]
    assert tables(out) == tables(tmp_path / "plain")
    before = looks.copy()
    again = work(folder, out)
    assert all(o.skipped for o in again.outcomes.values())
    assert looks == before
    assert tables(out) == tables(tmp_path / "plain")


def test_a_changed_recording_alone_is_done_again(
    memory: Any, recordings: Path, looks: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    memory.put(f"{recordings}/", "/bucket/in", recursive=True)
    folder, out = Place("memory://bucket/in"), Place("memory://bucket/out")
    work(folder, out)
    (folder / "a.mp4").put(recordings / "visit 2" / "no ending")  # the same bytes, a new version
    done = work(folder, out)
    assert all(o.skipped for o in done.outcomes.values())
    (folder / "a.mp4").put(recordings / "empty.mov")
    done = work(folder, out)
    assert {o.name for o in done.failures} == {"a.mp4", "empty.mov"}
    assert not (out / "recordings/a.mp4/landmarks.parquet").fetch(recordings / "gone")
    assert looks["no ending"] == looks["a.mp4"] == 1
    # New ranges need the landmarks alone.
    real = job_module.make_recipe
    monkeypatch.setattr(
        "movecheck.batch.run.make_recipe",
        lambda *given: job_module.Recipe(given[0], real(*given).pose, "other ranges"),
    )
    done = work(folder, out)
    assert looks["no ending"] == 1
    assert [o.looked for o in done.outcomes.values() if o.error is None] == [False, False]


def test_an_address_is_told_from_a_folder():
    assert place_of("s3://bucket/folder/") == Place("s3://bucket/folder")
    assert place_of("a/folder") == Path("a/folder")


@pytest.mark.parametrize(
    ("address", "kind", "says"),
    [
        ("memory://bucket/nowhere", DataError, "no such folder"),
        ("teapot://bucket", DataError, "no kind of storage"),
    ],
)
def test_what_cannot_be_used_is_one_line(
    memory: Any, tmp_path: Path, address: str, kind: type[Exception], says: str
):
    with pytest.raises(kind, match=says):
        plan(Place(address), tmp_path / "out")


def test_a_library_that_is_not_there_is_named(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    import fsspec

    def missing(address: str) -> Any:
        raise ImportError("Install s3fs to access S3")

    monkeypatch.setattr(fsspec, "url_to_fs", missing)
    with pytest.raises(ExportError, match="s3://") as caught:
        plan(Place("s3://bucket/in"), tmp_path / "out")
    assert "movecheck[remote]" in caught.value.hint
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(ExportError, match="fsspec") as caught:
        plan(Place("s3://bucket/in"), tmp_path / "out")
    assert "movecheck[remote]" in caught.value.hint


def test_a_storage_that_fails_tells_no_secret(
    memory: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def fails(*_: Any, **__: Any) -> Any:
        raise PermissionError("key AKIA123 may not list secret-bucket")

    memory.mkdir("/secret-bucket")
    monkeypatch.setattr(type(memory), "find", fails)
    with pytest.raises(ExportError) as caught:
        plan(Place("memory://secret-bucket"), tmp_path / "out")
    assert "secret" not in f"{caught.value} {caught.value.hint}"
