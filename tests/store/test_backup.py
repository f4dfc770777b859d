"""Backups: what was kept is there again, whatever the database, and nothing is ever lost."""

from __future__ import annotations

import io
import sqlite3
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from test_store import DAY, NAME, filled, rows_in, store  # noqa: F401 - a fixture

from movecheck.errors import DataError
from movecheck.store import Store
from movecheck.store.backup import restore, write_backup


def told(store: Store) -> list[Any]:  # noqa: F811
    """Return all that is kept, without numbers of rows."""
    visits = [v for c in [None, *(c.id for c in store.clients())] for v in store.visits(c)]
    return [
        (
            v.client.name if v.client else None, v.client.remark if v.client else None, v.day,
            v.created, sorted(n.text for n in v.notes),
            [(s.kind, s.value, s.most, s.items) for s in v.scores],
            [(a.folder, a.has_video, a.content) for a in v.assessments],
        )
        for v in visits
    ]  # fmt: skip


def files(store: Store) -> dict[str, bytes]:  # noqa: F811
    return {
        str(p.relative_to(store.files)): p.read_bytes()
        for p in store.files.rglob("*")
        if p.is_file()
    }


@pytest.fixture
def full(store: Store, result_dir: Path) -> Store:  # noqa: F811
    client = filled(store, result_dir)
    visit = store.visits(client)[0].id
    store.set_score(visit, "psfs", 5, items=[("sitting", 4.0), ("walking", 6.0)])
    store.add_assessment(store.visit(None, DAY), result_dir)
    store.add_client("without visits")
    return store


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Store]:
    one = Store(tmp_path / "other")
    yield one
    one.close()


def saved(store: Store) -> io.BytesIO:  # noqa: F811
    out = io.BytesIO()
    write_backup(store, out)
    out.seek(0)
    return out


def test_round_trip(full: Store, other: Store) -> None:
    restore(other, saved(full))
    assert told(other) == told(full)
    assert files(other) == files(full)
    assert [c.name for c in other.clients()] == [NAME, "without visits"]
    first = next(iter(other.files.rglob("*.parquet")))
    assert (first.parent.stat().st_mode & 0o777, first.stat().st_mode & 0o777) == (0o700, 0o600)


def test_back_into_the_same_store_after_all_was_deleted(full: Store) -> None:
    backup, before, kept = saved(full), told(full), files(full)
    full.delete_all()
    restore(full, backup)
    assert (told(full), files(full)) == (before, kept)
    # rows added afterwards get numbers of their own
    full.add_note(full.visit(None, DAY), "later")
    full.add_client("another")


def test_what_is_there_is_never_lost(full: Store) -> None:
    backup, before, kept = saved(full), told(full), files(full)
    with pytest.raises(DataError, match="kept here already"):
        restore(full, backup)
    assert (told(full), files(full)) == (before, kept)


def rewritten(backup: io.BytesIO, change: dict[str, bytes | None]) -> io.BytesIO:
    out = io.BytesIO()
    with zipfile.ZipFile(backup) as old, zipfile.ZipFile(out, "w") as new:
        for name in [*old.namelist(), *(n for n in change if n not in old.namelist())]:
            data = change[name] if name in change else old.read(name)
            if data is not None:
                new.writestr(name, data)
    out.seek(0)
    return out


@pytest.mark.parametrize(
    "change",
    [
        {"backup.json": None},
        {"backup.json": b'{"format": "another", "version": 1}'},
        {"backup.json": b'{"format": "movecheck-backup", "version": 9}'},
        {"movecheck.sqlite": None},
        {"movecheck.sqlite": b"no database at all, though it is long enough"},
        {"../../evil.txt": b"x"},
        {"visits/0123/../../evil": b"x"},
    ],
)
def test_what_is_no_backup_is_refused(
    full: Store, other: Store, change: dict[str, bytes | None], tmp_path: Path
) -> None:
    with pytest.raises(DataError):
        restore(other, rewritten(saved(full), change))
    assert not any(rows_in(other).values())
    assert list(other.files.iterdir()) == []
    assert not list(tmp_path.rglob("evil*"))
    assert not list(other.files.parent.glob(".restore-*"))


def test_no_zip_is_refused(other: Store) -> None:
    with pytest.raises(DataError):
        restore(other, io.BytesIO(b"plain"))


def test_an_older_store_is_brought_up_to_date(tmp_path: Path, result_dir: Path) -> None:
    one = Store(tmp_path)
    filled(one, result_dir)
    one.close()
    with sqlite3.connect(tmp_path / "movecheck.sqlite") as raw:
        raw.execute("ALTER TABLE score DROP COLUMN most")
        raw.execute("ALTER TABLE score DROP COLUMN items")
        raw.execute("UPDATE movecheck_schema SET version = 1")
    again = Store(tmp_path)
    (visit,) = again.visits(again.clients()[0].id)
    assert [(s.kind, s.value, s.most) for s in visit.scores] == [("pain_worst", 4, None)]
    again.set_score(visit.id, "psfs", 5, items=[("sitting", 5.0)])
    again.close()
    Store(tmp_path).close()


def test_the_commands(tmp_path: Path, result_dir: Path) -> None:
    from typer.testing import CliRunner

    from movecheck.cli import app

    def run(*given: object) -> tuple[int, str]:
        done = CliRunner().invoke(app, [str(g) for g in given])
        return done.exit_code, done.output

    one = Store(tmp_path / "one")
    filled(one, result_dir)
    one.close()
    zipped = tmp_path / "b.zip"
    assert run("backup", zipped, "--data", tmp_path / "one")[0] == 0
    code, said = run("backup", zipped, "--data", tmp_path / "one")
    assert (code, "already" in said) == (2, True)
    assert run("restore", zipped, "--data", tmp_path / "two")[0] == 0
    code, said = run("restore", zipped, "--data", tmp_path / "two")
    assert (code, "kept here already" in said) == (2, True)
    assert run("restore", tmp_path / "none.zip", "--data", tmp_path / "three")[0] == 2
    two = Store(tmp_path / "two")
    assert [c.name for c in two.clients()] == [NAME]
    assert len(files(two)) == 6
    two.close()
