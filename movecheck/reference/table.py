"""The published values as data: four tables in ``data/``, read once and checked.

``reference_ranges.csv``
    One row is one published statistic of one group of people.
``sources.csv``
    Where the rows come from.
``comparisons.csv``
    Our own judgement: which row a measure of ours may be held against (``compare``), which rows
    are shown beside it and why no more than that (``context``), and where nothing fits (``none``).
``measurement_properties.csv``
    How exactly instruments measure: standard errors, smallest real changes, camera errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cache
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationInfo, field_validator

from movecheck.reference._csv import DATA, load_table
from movecheck.reference.sources import Source, load_sources

RANGES = "reference_ranges.csv"
COMPARISONS, PROPERTIES = "comparisons.csv", "measurement_properties.csv"

Sex = Literal["F", "M"]
Unit = Literal["deg", "s", "percent", "count", "ratio", "mm", "index", "deg_per_s"]
Group = Literal["healthy", "general", "lbp", "lbp_chronic", "lumbar_degenerative", "mixed"]
Kind = Literal[
    "centile_10_90", "centile_5_95", "iqr_25_75", "group_mean", "group_mean_sd", "median",
    "ci95_of_mean", "cutoff", "severity_band", "technique_band", "published_range", "upper_limit",
    "observed_range", "tolerance_range", "span_across_ages", "textbook_value", "share_of_people",
]  # fmt: skip
Use = Literal["display", "display_provisional", "context", "do_not_use", "do_not_measure"]
Number = Annotated[float, Field(allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9_]+$")]


class _Row(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ReferenceRow(_Row):
    """One published statistic of one group of people: a row of ``reference_ranges.csv``.

    Attributes
    ----------
    row_id : str
        Stays the same for good: ``R`` and three digits.
    measure_id, movement, plane, definition, unit
        What exactly the source measured. The id is the source's quantity, not ours.
    group, people : str
        Whom it measured: as a key, and in words that fit after "In 124".
    sex, age_min, age_max, n
        Years are inclusive; None means not stated.
    centre : {"mean", "median"} or None
        What the column ``mean`` holds.
    mean, sd, low, high : float or None
        The numbers as published.
    range_kind : str
        What ``low`` and ``high`` are. Most kinds are not a range for one person.
    ceiling : {"yes", "no"}
        Whether the test stops at a fixed value, so that mean and SD say little of the spread.
    concern_side : {"low", "high", "two_sided", "none"}
        On which side of the group a value is of interest.
    instrument, reading : str
        How it was measured: in brief, and as a clause with ``{value}`` in it.
    comparability, use : str
        Whether a video gives the same quantity, and what the row may be used for.
    caution, note : str or None
        What must be said wherever the row is shown, and what else is known.
    source_key, verified : str
        Where the row comes from and whether it was checked there.
    """

    row_id: str = Field(pattern=r"^R\d{3}$")
    measure_id: Name
    movement: Name
    plane: Literal["sagittal", "frontal", "transverse", "mixed"]
    definition: str
    unit: Unit
    group: Group
    people: str
    sex: Literal["any", "F", "M"]
    age_min: int | None = Field(None, ge=0, le=120)
    age_max: int | None = Field(None, ge=0, le=120)
    n: int | None = Field(None, gt=0)
    centre: Literal["mean", "median"] | None = None
    mean: Number | None = None
    sd: Annotated[float, Field(gt=0, allow_inf_nan=False)] | None = None
    low: Number | None = None
    high: Number | None = None
    range_kind: Kind
    ceiling: Literal["yes", "no"]
    concern_side: Literal["low", "high", "two_sided", "none"]
    instrument: str
    reading: str
    comparability: Literal["direct", "proxy", "not_comparable", "not_measurable"]
    use: Use
    caution: str | None = None
    source_key: str
    verified: Literal["yes", "no"]
    note: str | None = None

    @field_validator("age_max", "low", "high")
    @classmethod
    def _in_order(cls, value: float | None, info: ValidationInfo) -> float | None:
        if value is None:
            return None
        if info.field_name == "low":
            mean = info.data.get("mean")
            if mean is not None and value > mean:
                raise ValueError("must not be above the mean")
            return value
        below = ["age_min"] if info.field_name == "age_max" else ["low", "mean"]
        if any(info.data.get(name) is not None and value < info.data[name] for name in below):
            raise ValueError(f"must not be below {' or '.join(below)}")
        return value

    @field_validator("reading")
    @classmethod
    def _has_value(cls, reading: str) -> str:
        if reading.count("{value}") != 1:
            raise ValueError("must hold {value} once")
        return reading


class MeasurementProperty(_Row):
    """How exactly an instrument measures: a row of ``measurement_properties.csv``."""

    prop_id: str = Field(pattern=r"^P\d{3}$")
    measure_id: Name
    property: str
    value: Number | None = None
    low: Number | None = None
    high: Number | None = None
    unit: Literal["deg", "s", "percent", "cm", "mm", "points", "none"]
    method: str
    population: str
    n: int | None = Field(None, gt=0)
    source_key: str
    verified: Literal["yes", "no"]
    note: str | None = None


class Comparison(_Row):
    """What a row may be to a measure of ours: a row of ``comparisons.csv``.

    ``measure_id`` may end in ``*`` unless the relation is ``compare``. ``reason`` is a plain
    sentence for a person: why the row is no more than context, or why there is none.
    """

    measure_id: str = Field(pattern=r"^[a-z0-9_]*\*?$", min_length=1)
    movement: Name
    row_id: str | None = None
    relation: Literal["compare", "context", "none"]
    reason: str | None = None

    def concerns(self, measure_id: str, movement: str) -> bool:
        """Whether the line is about this measure of this movement."""
        return self.movement == movement and fnmatchcase(measure_id, self.measure_id)


@dataclass(frozen=True)
class Tables:
    """All tables together: rows and sources by their ids, comparisons in the order of the file."""

    rows: Mapping[str, ReferenceRow]
    sources: Mapping[str, Source]
    comparisons: tuple[Comparison, ...]


@cache
def load_tables() -> Tables:
    """Read and check the tables that come with movecheck.

    Returns
    -------
    Tables
        Rows, sources and comparisons.

    Raises
    ------
    DataError
        A cell does not hold what it should; names the file, the row and the column.
    """
    return Tables(
        {row.row_id: row for row in load_table(DATA / RANGES, ReferenceRow)},
        load_sources(),
        load_table(DATA / COMPARISONS, Comparison),
    )


@cache
def load_measurement_properties() -> tuple[MeasurementProperty, ...]:
    """Read how exactly instruments measure.

    Raises
    ------
    DataError
        A cell does not hold what it should.
    """
    return load_table(DATA / PROPERTIES, MeasurementProperty)
