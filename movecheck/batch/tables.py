"""The tables of a batch: long, tidy, and the same bytes however the work went."""

from __future__ import annotations

import csv
import math
import tempfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, TextIO

import pyarrow as pa
import pyarrow.parquet as pq

from movecheck.batch.job import Job, Outcome
from movecheck.errors import DataError
from movecheck.export.assessment_json import read_assessment
from movecheck.export.atomic import export_error, part_path, remove
from movecheck.export.tables import DECIMALS, guard
from movecheck.types import Assessment

Row = dict[str, Any]
ROWS_A_GROUP = 50_000  # of a Parquet file: a few MB in memory (our own choice)

_WHO = (
    ("recording", "str"), ("id", "str"), ("visit", "str"), ("age", "float"), ("sex", "str"),
    ("height_cm", "float"),
)  # fmt: skip
TABLES: dict[str, tuple[tuple[str, str], ...]] = {
    "recordings": (
        *_WHO, ("movement", "str"), ("view", "str"), ("facing", "str"), ("duration_s", "float"),
        ("fps", "float"), ("width_px", "int"), ("height_px", "int"), ("reps", "int"),
        ("reps_counted", "int"), ("checks_failed", "str"),
    ),
    "measures": (
        *_WHO, ("movement", "str"), ("view", "str"), ("measure", "str"), ("side", "str"),
        ("rep", "int"), ("value", "float"), ("unit", "str"), ("uncertainty", "float"),
        ("status", "str"), ("reason", "str"), ("excluded_reason", "str"), ("finding", "str"),
        ("low", "float"), ("high", "float"), ("source_key", "str"), ("comparability", "str"),
    ),
    "repetitions": (
        *_WHO, ("movement", "str"), ("view", "str"), ("rep", "int"), ("side", "str"),
        ("start_s", "float"), ("peak_s", "float"), ("end_s", "float"), ("excluded_reason", "str"),
    ),
    "failures": (*_WHO, ("error", "str"), ("message", "str"), ("hint", "str")),
}  # fmt: skip
"""Name of each table, its columns and their kinds. Missing is null, in CSV an empty cell."""

_ARROW = {"str": pa.string(), "float": pa.float64(), "int": pa.int32()}


def write_tables(jobs: Iterable[Job], outcomes: Mapping[str, Outcome], folder: Path) -> list[Path]:
    """Write every table as CSV and as Parquet, row by row, so that memory stays small.

    Parameters
    ----------
    jobs : iterable of Job
        In the order of the rows.
    outcomes : mapping
        What became of each, by name.
    folder : Path
        Where `TABLES` go, each as ``<name>.csv`` and ``<name>.parquet``.

    Raises
    ------
    ExportError
        When they cannot be written.
    DataError
        When a result cannot be read again.
    """
    tables = {name: _Table(folder / name, columns) for name, columns in TABLES.items()}
    try:
        for job in jobs:
            who = _who(job)
            outcome = outcomes[job.name]
            if outcome.error is not None:
                row = {"error": outcome.error, "message": outcome.message, "hint": outcome.hint}
                tables["failures"].add(who | row)
                continue
            try:
                assessment = _assessment(job)
            except DataError as error:
                raise DataError(
                    f"a result in the output folder cannot be read: {error}",
                    "Delete the folder 'recordings' in it, and start again.",
                ) from error
            for name, rows in _rows(assessment).items():
                for row in rows:
                    tables[name].add(who | row)
        return [path for table in tables.values() for path in table.finish()]
    except OSError as error:
        raise export_error(error) from error
    finally:
        for table in tables.values():
            table.discard()


def _assessment(job: Job) -> Assessment:
    there = job.folder / "assessment.json"
    if isinstance(there, Path):
        return read_assessment(there)
    with tempfile.TemporaryDirectory(prefix="movecheck-") as folder:
        here = Path(folder) / "assessment.json"
        there.fetch(here)
        return read_assessment(here)


def _who(job: Job) -> Row:
    entry = job.entry
    return {
        "recording": job.name.encode("utf-8", "backslashreplace").decode(),
        "id": entry.id or None, "visit": entry.visit or None, "age": entry.age, "sex": entry.sex,
        "height_cm": entry.height_cm,
    }  # fmt: skip


def _rows(a: Assessment) -> dict[str, list[Row]]:
    what: Row = {"movement": a.movement, "view": a.view}
    found = {(f.measure_id, f.side): f for f in a.findings}
    excluded = {n: rep.excluded_reason for n, rep in enumerate(a.reps, start=1)}
    measures = []
    for m in a.measures:
        row = what | {
            "measure": m.id, "side": m.side, "rep": m.rep, "value": m.value, "unit": m.unit,
            "uncertainty": m.uncertainty, "status": m.status, "reason": m.reason,
            "excluded_reason": excluded.get(m.rep or 0),
        }  # fmt: skip
        f = found.get((m.id, m.side)) if m.rep is None else None
        if f is not None:
            row |= {
                "finding": f.result, "low": f.low, "high": f.high, "source_key": f.source_key,
                "comparability": f.comparability,
            }  # fmt: skip
        measures.append(row)
    reps = [
        what | {
            "rep": i, "side": rep.side, "start_s": rep.start_s, "peak_s": rep.peak_s,
            "end_s": rep.end_s, "excluded_reason": rep.excluded_reason,
        }
        for i, rep in enumerate(a.reps, start=1)
    ]  # fmt: skip
    recording = what | {
        "facing": a.facing, "duration_s": a.recording.duration_s, "fps": a.recording.fps,
        "width_px": a.recording.width_px, "height_px": a.recording.height_px,
        "reps": len(a.reps), "reps_counted": sum(r.excluded_reason is None for r in a.reps),
        "checks_failed": " ".join(c.id for c in a.capture if not c.ok) or None,
    }  # fmt: skip
    return {"recordings": [recording], "measures": measures, "repetitions": reps}


class _Table:
    """One table on its way into two files; both appear at the end, whole."""

    def __init__(self, stem: Path, columns: tuple[tuple[str, str], ...]) -> None:
        self._paths = [stem.with_suffix(ending) for ending in (".csv", ".parquet")]
        self._parts = [part_path(path) for path in self._paths]
        self._columns = columns
        self._schema = pa.schema([(name, _ARROW[kind]) for name, kind in columns])
        self._waiting: list[Row] = []
        self._file: TextIO = self._parts[0].open("w", encoding="utf-8", newline="")
        self._csv = csv.writer(self._file, lineterminator="\n")
        self._csv.writerow([name for name, _ in columns])
        self._parquet = pq.ParquetWriter(self._parts[1], self._schema, compression="zstd")

    def add(self, row: Row) -> None:
        """Add a row; columns that it does not name stay empty."""
        self._csv.writerow([_cell(row.get(name)) for name, _ in self._columns])
        self._waiting.append(row)
        if len(self._waiting) >= ROWS_A_GROUP:
            self._flush()

    def finish(self) -> list[Path]:
        """Put both files in their places."""
        self._flush()
        self.close()
        for part, path in zip(self._parts, self._paths, strict=True):
            part.replace(path)
        return self._paths

    def close(self) -> None:
        self._file.close()
        if self._parquet.is_open:
            self._parquet.close()

    def discard(self) -> None:
        """Leave nothing half written behind."""
        self.close()
        for part in self._parts:
            remove(part)

    def _flush(self) -> None:
        if self._waiting:
            self._parquet.write_table(pa.Table.from_pylist(self._waiting, self._schema))
            self._waiting = []


def _cell(value: object) -> str:
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        return ""
    if isinstance(value, float):
        return f"{value:.{DECIMALS}f}".rstrip("0").rstrip(".")
    return guard(value) if isinstance(value, str) else str(value)
