"""What is kept, as tables: clients, visits, assessments, notes, and scores such as pain."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column, relationship

SCHEMA_VERSION = 2


def _now() -> datetime:
    """Return the time in UTC without its zone, which not every database keeps."""
    return datetime.now(UTC).replace(tzinfo=None, microsecond=0)


class Base(DeclarativeBase):
    """Parent of all tables."""


class Schema(Base):
    """One row: the version of these tables."""

    __tablename__ = "movecheck_schema"

    version: Mapped[int] = mapped_column(primary_key=True)


class Client(Base):
    """A person whose visits are kept together. Visits without a client are one's own."""

    __tablename__ = "client"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200), unique=True)
    remark: Mapped[str] = mapped_column(Text, default="")
    created: Mapped[datetime] = mapped_column(default=_now)
    visits: Mapped[list[Visit]] = relationship(
        back_populates="client", cascade="all, delete-orphan", order_by="Visit.day, Visit.id"
    )


class Visit(Base):
    """One day on which something was measured."""

    __tablename__ = "visit"

    id: Mapped[int] = mapped_column(primary_key=True)
    client_id: Mapped[int | None] = mapped_column(
        ForeignKey("client.id", ondelete="CASCADE"), index=True
    )
    day: Mapped[date]
    created: Mapped[datetime] = mapped_column(default=_now)
    client: Mapped[Client | None] = relationship(back_populates="visits")
    assessments: Mapped[list[Assessment]] = relationship(
        back_populates="visit", cascade="all, delete-orphan", order_by="Assessment.id"
    )
    notes: Mapped[list[Note]] = relationship(
        cascade="all, delete-orphan", order_by="Note.id", lazy="selectin"
    )
    scores: Mapped[list[Score]] = relationship(
        cascade="all, delete-orphan", order_by="Score.kind", lazy="selectin"
    )


class Assessment(Base):
    """One measured recording: what ``assessment.json`` says, and where its files lie.

    `folder` is a random name inside the store's folder, never a path.
    """

    __tablename__ = "assessment"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    movement: Mapped[str] = mapped_column(String(80))
    view: Mapped[str] = mapped_column(String(20))
    folder: Mapped[str] = mapped_column(String(64), unique=True)
    has_video: Mapped[bool] = mapped_column(default=False)
    content: Mapped[dict[str, object]] = mapped_column(JSON)
    created: Mapped[datetime] = mapped_column(default=_now)
    visit: Mapped[Visit] = relationship(back_populates="assessments")


class Note(Base):
    """Free text about a visit."""

    __tablename__ = "note"

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    text: Mapped[str] = mapped_column(Text)
    created: Mapped[datetime] = mapped_column(default=_now)


class Score(Base):
    """A number that the person gave at a visit: pain from 0 to 10, or a questionnaire's total.

    `most` is the end of its scale where that is known. `items` are the parts that it is the mean
    of, such as the activities of the Patient-Specific Functional Scale: names and values.
    """

    __tablename__ = "score"
    __table_args__ = (
        UniqueConstraint("visit_id", "kind"),
        CheckConstraint("value >= 0 AND value <= 1000", name="score_in_range"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    visit_id: Mapped[int] = mapped_column(ForeignKey("visit.id", ondelete="CASCADE"), index=True)
    kind: Mapped[str] = mapped_column(String(80))
    value: Mapped[float]
    most: Mapped[float | None] = mapped_column(default=None)
    items: Mapped[list[tuple[str, float]] | None] = mapped_column(JSON, default=None)
