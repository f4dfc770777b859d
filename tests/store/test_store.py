"""The store, against SQLite and, where it is installed, against a real PostgreSQL."""

from __future__ import annotations

import io
import json
import sqlite3
import zipfile
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import text

from movecheck.errors import DataError
from movecheck.store import Store
from movecheck.store.files import export_zip

DAY, LATER = date(2026, 3, 1), date(2026, 3, 15)
NAME = "Zoë Łukasz علي"


@pytest.fixture(params=["sqlite", "postgresql"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    url = None
    if request.param == "postgresql":
        url = request.getfixturevalue("fresh_postgres")
    one = Store(tmp_path / "data", url)
    yield one
    one.close()


def rows_in(store: Store) -> dict[str, int]:
    tables = ("client", "visit", "assessment", "note", "score")
    with store.engine.connect() as connection:
        return {
            table: connection.execute(text(f"SELECT count(*) FROM {table}")).scalar_one()
            for table in tables
        }


def files_in(store: Store) -> list[str]:
    return sorted(p.name for p in store.files.rglob("*") if p.is_file())


def filled(store: Store, result: Path) -> int:
    client = store.add_client(NAME, "left handed")
    visit = store.visit(client, DAY)
    store.add_assessment(visit, result, keep_video=True, recording=result / "overlay.mp4")
    store.add_note(visit, "a note about the back")
    store.set_score(visit, "pain_worst", 4)
    return client


def test_kept_and_listed(store: Store, result_dir: Path) -> None:
    client = filled(store, result_dir)
    assert [c.name for c in store.clients()] == [NAME]
    (visit,) = store.visits(client)
    assert visit.day == DAY
    assert visit.client is not None
    assert [n.text for n in visit.notes] == ["a note about the back"]
    assert {s.kind: s.value for s in visit.scores} == {"pain_worst": 4}
    (one,) = visit.assessments
    assert (one.movement, one.view, one.has_video) == ("squat", "side", True)
    assert one.content == json.loads((result_dir / "assessment.json").read_text())
    folder = store.folder_of(one)
    assert (folder / "signals.csv").read_bytes() == (result_dir / "signals.csv").read_bytes()
    assert (folder.stat().st_mode & 0o777, (folder / "signals.csv").stat().st_mode & 0o777) == (
        0o700,
        0o600,
    )
    before = (result_dir / "assessment.json").stat().st_mtime
    assert (folder / "assessment.json").stat().st_mtime == before, "the PDF takes its date from it"


def test_no_picture_is_kept_unless_asked(store: Store, result_dir: Path) -> None:
    visit = store.visit(None, DAY)
    store.add_assessment(visit, result_dir, recording=result_dir / "overlay.mp4")
    assert not [name for name in files_in(store) if name.endswith(".mp4")]
    assert not store.visits(None)[0].assessments[0].has_video
    store.add_assessment(visit, result_dir, keep_video=True, recording=result_dir / "overlay.mp4")
    assert {"overlay.mp4", "recording.mp4"} <= set(files_in(store))


def test_one_person_needs_no_client(store: Store, result_dir: Path) -> None:
    mine = store.visit(None, DAY)
    store.add_assessment(mine, result_dir)
    assert store.visit(None, DAY) == mine, "a second visit on the same day"
    assert store.visit(None, LATER) != mine
    assert [v.day for v in store.visits(None)] == [DAY, LATER]
    client = filled(store, result_dir)
    assert len(store.visits(client)) == 1
    assert len(store.visits(None)) == 2


@pytest.mark.parametrize("how", ["client", "visit", "all", "assessment"])
def test_delete_leaves_no_row_and_no_file(store: Store, result_dir: Path, how: str) -> None:
    client = filled(store, result_dir)
    (visit,) = store.visits(client)
    assert len(files_in(store)) == 6
    if how == "client":
        store.delete_client(client)
    elif how == "visit":
        store.delete_visit(visit.id)
    elif how == "assessment":
        store.delete_assessment(visit.assessments[0].id)
    else:
        store.delete_all()
    left = rows_in(store)
    assert left["assessment"] == 0
    assert list(store.files.iterdir()) == []
    if how != "assessment":
        assert left["visit"] == left["note"] == left["score"] == 0
    assert left["client"] == (1 if how in ("visit", "assessment") else 0)


def test_delete_touches_nobody_else(store: Store, result_dir: Path) -> None:
    first = filled(store, result_dir)
    other = store.add_client("other")
    store.add_assessment(store.visit(other, DAY), result_dir)
    store.delete_client(first)
    assert [c.name for c in store.clients()] == ["other"]
    (kept,) = store.visits(other)[0].assessments
    assert (store.folder_of(kept) / "assessment.json").is_file()


def test_export_holds_everything(store: Store, result_dir: Path) -> None:
    client = filled(store, result_dir)
    out = io.BytesIO()
    export_zip(store, store.visits(client), out)
    with zipfile.ZipFile(out) as archive:
        (row,) = json.loads(archive.read("visits.json"))
        assert row["client"] == NAME
        assert row["scores"] == {"pain_worst": 4}
        assert row["notes"][0]["text"] == "a note about the back"
        assert row["assessments"][0]["movement"] == "squat"
        table = archive.read("measures.csv").decode()
        assert f"{NAME},2026-03-01,squat,side,knee_flexion_at_peak,left,104.2,7.0,deg" in table
        names = {Path(name).name for name in archive.namelist()}
    assert {"overlay.mp4", "recording.mp4", "landmarks.parquet", "signals.csv"} <= names


def test_scores_keep_their_scale(store: Store) -> None:
    visit = store.visit(None, DAY)
    store.set_score(visit, "pain_after", 3)
    store.set_score(visit, "pain_after", 2)
    assert {s.kind: s.value for s in store.visits(None)[0].scores} == {"pain_after": 2}
    store.set_score(visit, "pain_after", None)
    assert store.visits(None)[0].scores == []
    with pytest.raises(DataError):
        store.set_score(visit, "pain_after", 11)
    with pytest.raises(DataError):
        store.set_score(visit, "pain_after", -1)


def test_bad_input_is_refused_in_words(store: Store, result_dir: Path, tmp_path: Path) -> None:
    store.add_client("A")
    for act in (
        lambda: store.add_client("  a  ".strip().upper()),
        lambda: store.add_client(" "),
        lambda: store.add_client("x" * 201),
        lambda: store.add_assessment(10_000, result_dir),
        lambda: store.add_assessment(store.visit(None, DAY), tmp_path),
        lambda: store.add_note(10_000, "to nobody"),
    ):
        with pytest.raises(DataError) as caught:
            act()
        assert str(tmp_path) not in str(caught.value)
    assert list(store.files.iterdir()) == [], "files of a refused result stay"


def test_sql_in_a_name_is_a_name(store: Store) -> None:
    name = "Robert'); DROP TABLE client;--"
    store.add_client(name)
    assert [c.name for c in store.clients()] == [name]


def test_what_is_deleted_cannot_be_read_from_the_file(result_dir: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    client = store.add_client("SECRETNAME")
    visit = store.visit(client, DAY)
    store.add_note(visit, "SECRETNOTE")
    store.add_assessment(visit, result_dir)
    database = tmp_path / "movecheck.sqlite"
    assert b"SECRETNAME" in database.read_bytes()
    store.delete_client(client)
    store.close()
    raw = b"".join(p.read_bytes() for p in tmp_path.rglob("*") if p.is_file())
    assert b"SECRET" not in raw
    assert b"knee_flexion" not in raw
    assert database.stat().st_mode & 0o777 == 0o600


def test_reopened_and_a_stranger_version(tmp_path: Path) -> None:
    first = Store(tmp_path)
    first.add_client("A")
    first.close()
    again = Store(tmp_path)
    assert [c.name for c in again.clients()] == ["A"]
    again.close()
    with sqlite3.connect(tmp_path / "movecheck.sqlite") as raw:
        raw.execute("UPDATE movecheck_schema SET version = 99")
    with pytest.raises(DataError, match="version 99"):
        Store(tmp_path)


def test_a_database_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(DataError) as caught:
        Store(tmp_path, "sqlite:////no/such/folder/x.sqlite")
    assert "cannot be opened" in str(caught.value)
    (tmp_path / "movecheck.sqlite").write_text("this is no database, and long enough to say so")
    with pytest.raises(DataError):
        Store(tmp_path)


def test_no_formula_reaches_a_spreadsheet(result_dir: Path, tmp_path: Path) -> None:
    store = Store(tmp_path)
    client = store.add_client("=1+1")
    store.add_assessment(store.visit(client, DAY), result_dir)
    out = io.BytesIO()
    export_zip(store, store.visits(client), out)
    with zipfile.ZipFile(out) as archive:
        table = archive.read("measures.csv").decode()
    assert "\n'=1+1," in table
    assert "\n=1+1," not in table


def test_two_at_once(result_dir: Path, tmp_path: Path) -> None:
    import threading

    Store(tmp_path).close()
    errors: list[Exception] = []

    def work(number: int) -> None:
        try:
            one = Store(tmp_path)
            client = one.add_client(f"client {number}")
            one.add_assessment(one.visit(client, DAY), result_dir)
            one.close()
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(i,)) for i in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(Store(tmp_path).clients()) == 4
