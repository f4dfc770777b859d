"""Backups: everything that is kept as one zip, and back again from it.

A backup holds the rows as an SQLite file, whatever database they lie in, and the files of the
results beside it, videos where they were kept. It is not encrypted. Restoring adds to an empty
store alone, so that nothing which is there can be lost.
"""

from __future__ import annotations

import json
import re
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, make_transient, selectinload

from movecheck.errors import DataError, ExportError
from movecheck.store.models import Assessment, Client, Visit

if TYPE_CHECKING:
    from movecheck.store.store import Store

HEAD, ROWS, FILES = "backup.json", "movecheck.sqlite", "visits"
FORMAT, VERSION = "movecheck-backup", 1
MOST_BYTES = 200 * 2**30
"""A backup that unpacks to more is refused (our own choice)."""
_NAME = re.compile(rf"{FILES}/[0-9a-f]{{32}}/[\w.-]{{1,100}}", re.ASCII)
_DAMAGED = "The file is no backup of movecheck, or it is damaged."
_PACKED = (".mp4", ".parquet")


def size(store: Store) -> int:
    """Return how many bytes of files a backup would hold."""
    return sum(path.stat().st_size for path in store.files.rglob("*") if path.is_file())


def write_backup(store: Store, out: IO[bytes]) -> None:
    """Write everything that is kept as a zip.

    Parameters
    ----------
    store : Store
        What to save.
    out : binary file
        Where the zip goes.

    Raises
    ------
    ExportError
        It cannot be read or written.
    """
    head = {"format": FORMAT, "version": VERSION, "made": datetime.now().astimezone().isoformat()}
    try:
        with (
            tempfile.TemporaryDirectory(prefix="movecheck-backup-") as place,
            zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive,
        ):
            archive.writestr(HEAD, json.dumps(head))
            rows = Path(place) / ROWS
            folders = _save_rows(store, rows)
            archive.write(rows, ROWS)
            for folder in folders:
                for path in sorted((store.files / folder).glob("*")):
                    how = zipfile.ZIP_STORED if path.suffix in _PACKED else zipfile.ZIP_DEFLATED
                    archive.write(path, f"{FILES}/{folder}/{path.name}", how)
    except OSError as error:
        raise ExportError("The backup could not be written.", "Make room on the disk.") from error


def _save_rows(store: Store, target: Path) -> list[str]:
    """Write all rows into an SQLite file; return the folders that they name."""
    if store.engine.dialect.name == "sqlite":
        # SQLite's own backup is whole even while somebody writes.
        raw = store.engine.raw_connection()
        try:
            with sqlite3.connect(target) as copy:
                raw.driver_connection.backup(copy)  # type: ignore[union-attr]
            copy.close()
        finally:
            raw.close()
    else:
        with _opened(target) as copy_of:
            _copy_rows(store, copy_of)
    with _opened(target) as saved, Session(saved.engine) as session:
        return list(session.scalars(select(Assessment.folder).order_by(Assessment.folder)))


@contextmanager
def _opened(database: Path) -> Iterator[Store]:
    """Open an SQLite file as a store of its own."""
    from movecheck.store.store import Store

    store = Store(database.parent, f"sqlite:///{database}")
    try:
        yield store
    finally:
        store.close()


def _copy_rows(source: Store, target: Store) -> None:
    """Add all rows of one store to another, under numbers of its own."""
    with Session(source.engine) as session:
        own = select(Visit).where(Visit.client_id.is_(None))
        visits = selectinload(Client.visits).selectinload(Visit.assessments)
        found: list[Client | Visit] = [
            *session.scalars(select(Client).options(visits)),
            *session.scalars(own.options(selectinload(Visit.assessments))),
        ]
        for row in found:
            _as_new(row)
    with Session(target.engine) as session, session.begin():
        session.add_all(found)


def _as_new(row: Any) -> None:
    """Make a row, and all that hangs on it, one that was never in a database."""
    if isinstance(row, Client):
        hanging: tuple[Any, ...] = tuple(row.visits)
    elif isinstance(row, Visit):
        hanging = (*row.assessments, *row.notes, *row.scores)
        row.client_id = None
    else:
        hanging = ()
        row.visit_id = None
    for one in hanging:
        _as_new(one)
    make_transient(row)
    row.id = None


def restore(store: Store, backup: IO[bytes]) -> None:
    """Put everything of a backup into a store that is empty.

    Parameters
    ----------
    store : Store
        Where it goes.
    backup : binary file
        The zip that `write_backup` has written.

    Raises
    ------
    DataError
        The store is not empty, or the file is not a backup; nothing has changed then.
    """
    with Session(store.engine) as session:
        if any(session.scalar(select(func.count()).select_from(t)) for t in (Client, Visit)):
            raise DataError(
                "Something is kept here already, so nothing was restored.",
                "Save a backup of it and delete everything, or restore into another folder: "
                "movecheck restore BACKUP --data FOLDER.",
            )
    place = Path(tempfile.mkdtemp(prefix=".restore-", dir=store.files.parent))
    moved: list[Path] = []
    try:
        _unpack(backup, place)
        with _opened(place / ROWS) as saved, Session(saved.engine) as session:
            for folder in session.scalars(select(Assessment.folder)):
                target = store.files / folder
                (place / FILES / folder).mkdir(mode=0o700, parents=True, exist_ok=True)
                shutil.move(place / FILES / folder, target)
                moved.append(target)
            _copy_rows(saved, store)
    except BaseException as error:
        for path in moved:
            shutil.rmtree(path, ignore_errors=True)
        if isinstance(error, OSError):
            raise DataError(
                "The backup could not be restored.", "Make room on the disk."
            ) from error
        raise
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _unpack(backup: IO[bytes], place: Path) -> None:
    """Unpack a backup, and nothing but what a backup has."""
    try:
        with zipfile.ZipFile(backup) as archive:
            head = json.loads(archive.read(HEAD))
            if head.get("format") != FORMAT:
                raise DataError(_DAMAGED)
            if head.get("version") != VERSION:
                raise DataError("The backup was made by another version.", "Update movecheck.")
            archive.getinfo(ROWS)
            names = {info.filename: info for info in archive.infolist()}
            if sum(info.file_size for info in names.values()) > MOST_BYTES:
                raise DataError("The backup is too large.")
            for name, info in names.items():
                if name not in (HEAD, ROWS) and not _NAME.fullmatch(name):
                    raise DataError(_DAMAGED)
                target = place / name
                target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
                with archive.open(info) as source, target.open("xb") as file:
                    shutil.copyfileobj(source, file, 1 << 20)
                target.chmod(0o600)
        with sqlite3.connect(place / ROWS) as rows:
            sound = rows.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        rows.close()
    except (zipfile.BadZipFile, KeyError, ValueError, sqlite3.Error, AttributeError) as error:
        raise DataError(_DAMAGED) from error
    if not sound:
        raise DataError(_DAMAGED)
