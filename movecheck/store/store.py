"""The store: add, list, export, delete. Deleting leaves neither a row nor a file behind."""

from __future__ import annotations

import secrets
import shutil
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import Field
from sqlalchemy import Engine, create_engine, event, select, text, update
from sqlalchemy.exc import IntegrityError, SQLAlchemyError
from sqlalchemy.orm import Session, joinedload, selectinload

from movecheck.errors import DataError
from movecheck.settings import Settings
from movecheck.store.files import OVERLAY, RECORDING, copy_result, read_content
from movecheck.store.models import (
    SCHEMA_VERSION,
    Assessment,
    Base,
    Client,
    Note,
    Schema,
    Score,
    Visit,
)

SCORES: Mapping[str, float] = {
    "pain_before": 10, "pain_worst": 10, "pain_after": 10, "psfs": 10,
}  # fmt: skip
"""Scores with a known scale from 0: pain, and the mean of the Patient-Specific Functional Scale."""

FILES = "visits"
DATABASE = "movecheck.sqlite"


class StoreSettings(Settings):
    """Settings, with the place of the database: ``MOVECHECK_DATABASE_URL``."""

    database_url: str | None = Field(
        default=None, description="where clients and visits are kept; SQLite when not given"
    )


def open_store(settings: StoreSettings | None = None) -> Store:
    """Open the store that the settings name; it is made when it is not there."""
    settings = settings or StoreSettings()
    return Store(settings.data_dir, settings.database_url)


class Store:
    """Clients, visits and what was measured.

    Parameters
    ----------
    folder : Path
        Where result files lie, and the SQLite file; open to this user alone.
    url : str, optional
        A database as SQLAlchemy names it, such as ``postgresql+psycopg://host/name``. Result
        files stay in `folder` even then.

    Raises
    ------
    DataError
        The database cannot be opened, or another version of movecheck made it.
    """

    def __init__(self, folder: Path, url: str | None = None) -> None:
        """Open or make the tables."""
        self.files = folder / FILES
        try:
            self.files.mkdir(mode=0o700, parents=True, exist_ok=True)
            if url is None:
                database = folder / DATABASE
                database.touch(mode=0o600)
                url = f"sqlite:///{database}"
            self.engine = _engine(url)
            self._prepare()
        except (OSError, SQLAlchemyError) as error:
            raise DataError(
                "The store of clients and visits cannot be opened.",
                "Check that the data folder can be written, or unset MOVECHECK_DATABASE_URL.",
            ) from error

    def _prepare(self) -> None:
        Base.metadata.create_all(self.engine)
        with Session(self.engine) as session:
            version = session.scalar(select(Schema.version))
            if version is None:
                session.add(Schema(version=SCHEMA_VERSION))
                session.commit()
            elif version == 1:
                _to_version_2(session)
            elif version != SCHEMA_VERSION:
                raise DataError(
                    f"The store has version {version}, but {SCHEMA_VERSION} was expected.",
                    "It was made by another version of movecheck. Use that one, or update.",
                )

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()

    @contextmanager
    def _session(self) -> Iterator[Session]:
        try:
            with Session(self.engine, expire_on_commit=False) as session, session.begin():
                yield session
        except IntegrityError as error:
            raise DataError(
                "This entry clashes with another one, or does not exist any more.",
                "Choose another name, or reload the page.",
            ) from error
        except SQLAlchemyError as error:
            raise DataError(
                "The store of clients and visits did not answer.", "Try again in a moment."
            ) from error

    def clients(self) -> Sequence[Client]:
        """Return all clients by name."""
        with self._session() as session:
            return session.scalars(select(Client).order_by(Client.name)).all()

    def add_client(self, name: str, remark: str = "") -> int:
        """Add a client and return their number.

        Raises
        ------
        DataError
            The name is empty, too long, or taken.
        """
        name = " ".join(name.split())
        if not name or len(name) > 200:
            raise DataError("A client needs a name of 1 to 200 letters.", "Give a name or a code.")
        with self._session() as session:
            client = Client(name=name, remark=remark)
            session.add(client)
            session.flush()
            return client.id

    def visits(self, client_id: int | None) -> Sequence[Visit]:
        """Return the visits of a client, or one's own for None, oldest first, with all in them."""
        wanted = (
            select(Visit)
            .where(Visit.client_id.is_(None) if client_id is None else Visit.client_id == client_id)
            .options(selectinload(Visit.assessments), joinedload(Visit.client))
            .order_by(Visit.day, Visit.id)
        )
        with self._session() as session:
            return session.scalars(wanted).all()

    def visit(self, client_id: int | None, day: date) -> int:
        """Return the number of the visit on a day; it is made when there is none."""
        for one in self.visits(client_id):
            if one.day == day:
                return one.id
        with self._session() as session:
            made = Visit(client_id=client_id, day=day)
            session.add(made)
            session.flush()
            return made.id

    def add_assessment(
        self,
        visit_id: int,
        result: Path,
        *,
        keep_video: bool = False,
        recording: Path | None = None,
    ) -> int:
        """Keep a result folder with a visit, and return its number.

        Parameters
        ----------
        visit_id : int
            The visit.
        result : Path
            Output folder of ``movecheck assess``.
        keep_video : bool
            Whether pictures of the person are kept: the overlay and the recording.
        recording : Path, optional
            The recording itself.

        Raises
        ------
        DataError
            The folder does not hold a result, or it cannot be kept.
        """
        content = read_content(result)
        name = secrets.token_hex(16)
        target = self.files / name
        try:
            copy_result(result, target, recording if keep_video else None, video=keep_video)
            with self._session() as session:
                row = Assessment(
                    visit_id=visit_id,
                    movement=str(content["movement"]),
                    view=str(content["view"]),
                    folder=name,
                    has_video=(target / OVERLAY).is_file(),
                    content=content,
                )
                session.add(row)
                session.flush()
                return row.id
        except BaseException as error:
            shutil.rmtree(target, ignore_errors=True)
            if isinstance(error, OSError):
                raise DataError(
                    "The result could not be kept.", "Make room on the disk."
                ) from error
            raise

    def replace_result(self, assessment_id: int, result: Path) -> None:
        """Put a result that was measured again in place of a kept one.

        Pictures of the person are kept as they were asked for: the overlay of the new result, or
        the old one where it has none.

        Raises
        ------
        DataError
            It is not kept any more, or the folder does not hold a result.
        """
        content = read_content(result)
        name = secrets.token_hex(16)
        target = self.files / name
        try:
            with self._session() as session:
                row = session.get(Assessment, assessment_id)
                if row is None:
                    raise DataError("This result is not kept any more.", "Reload the page.")
                old = self.folder_of(row)
                filmed = old / RECORDING
                copy_result(
                    result, target, filmed if filmed.is_file() else None, video=row.has_video
                )
                if row.has_video and not (target / OVERLAY).is_file():
                    shutil.copy2(old / OVERLAY, target / OVERLAY)
                row.folder, row.content = name, content
                row.movement, row.view = str(content["movement"]), str(content["view"])
        except OSError as error:
            raise DataError("The result could not be kept.", "Make room on the disk.") from error
        finally:
            self.sweep()  # the old files, or the new ones where they did not take their place

    def folder_of(self, assessment: Assessment) -> Path:
        """Return where the files of an assessment lie."""
        return self.files / assessment.folder

    def add_note(self, visit_id: int, text: str) -> None:
        """Add a note to a visit; an empty one is not kept."""
        if text.strip():
            with self._session() as session:
                session.add(Note(visit_id=visit_id, text=text.strip()))

    def set_score(
        self,
        visit_id: int,
        kind: str,
        value: float | None,
        most: float | None = None,
        items: Sequence[tuple[str, float]] | None = None,
    ) -> None:
        """Keep a score of a visit in place of the one before; None removes it.

        Parameters
        ----------
        visit_id : int
            The visit.
        kind : str
            One of `SCORES`, or a name of one's own.
        value : float or None
            The score.
        most : float, optional
            The end of its scale, which begins at 0; that of `SCORES` goes first.
        items : sequence of (str, float), optional
            The parts that it is the mean of.

        Raises
        ------
        DataError
            It is outside its scale.
        """
        most = SCORES.get(kind, most)
        end = 1000 if most is None else most
        if not 0 < end <= 1000:
            raise DataError("A scale ends between 0 and 1000.", "Give 0 to 1000.")
        if value is not None and not 0 <= value <= end:
            raise DataError(f"A score lies between 0 and {end:g}.", f"Give 0 to {end:g}.")
        parts = None if items is None else list(items)
        with self._session() as session:
            row = session.scalar(
                select(Score).where(Score.visit_id == visit_id, Score.kind == kind)
            )
            if value is None:
                if row is not None:
                    session.delete(row)
            elif row is None:
                row = Score(visit_id=visit_id, kind=kind, value=value, most=most, items=parts)
                session.add(row)
            else:
                row.value, row.most, row.items = value, most, parts

    def delete_note(self, note_id: int) -> None:
        """Remove a note."""
        self._delete(Note, note_id)

    def delete_client(self, client_id: int) -> None:
        """Remove a client with all visits, files included."""
        self._delete(Client, client_id)

    def delete_visit(self, visit_id: int) -> None:
        """Remove a visit with all that was measured, files included."""
        self._delete(Visit, visit_id)

    def delete_assessment(self, assessment_id: int) -> None:
        """Remove one measured recording, files included."""
        self._delete(Assessment, assessment_id)

    def delete_all(self) -> None:
        """Remove everything."""
        with self._session() as session:
            for table in (Client, Visit):
                for row in session.scalars(select(table)):
                    session.delete(row)
                session.flush()
        self.sweep()

    def _delete(self, table: type[Client | Visit | Assessment | Note], number: int) -> None:
        with self._session() as session:
            row = session.get(table, number)
            if row is not None:
                session.delete(row)
        self.sweep()

    def sweep(self) -> None:
        """Remove the folders of files that no row names, as after a delete.

        Raises
        ------
        DataError
            Files could not be removed: they are still there, and the person has to know.
        """
        with self._session() as session:
            named = set(session.scalars(select(Assessment.folder)))
        for path in self.files.iterdir():
            if path.name not in named:
                shutil.rmtree(path, ignore_errors=True)
                if path.exists():
                    raise DataError(
                        "Some files could not be deleted.",
                        "Close programs that have them open, then delete again.",
                    )


def _to_version_2(session: Session) -> None:
    """Give the scores of an older store the columns that it does not have."""
    for column, kind in (("most", "FLOAT"), ("items", "JSON")):
        session.execute(text(f"ALTER TABLE score ADD COLUMN {column} {kind}"))
    session.execute(update(Schema).values(version=SCHEMA_VERSION))
    session.commit()


def _engine(url: str) -> Engine:
    engine = create_engine(url)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _careful)
    return engine


def _careful(connection: Any, _: Any) -> None:
    """Hold references, and overwrite what is deleted, so that it cannot be read from the file."""
    cursor = connection.cursor()
    cursor.execute("PRAGMA foreign_keys = ON")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.execute("PRAGMA busy_timeout = 5000")
    cursor.close()
