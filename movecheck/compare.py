"""Two results, or two sets of results, held against each other."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from rich.table import Table

from movecheck.agreement import Agreement, agreement, lag_s
from movecheck.bland_altman import Panel, draw
from movecheck.errors import DataError
from movecheck.export.atomic import export_error, write_bytes
from movecheck.export.mot import read_mot
from movecheck.export.tables import guard
from movecheck.report.load import read_signals
from movecheck.signals.smooth import resample
from movecheck.types import AngleTrack, FloatArray

MOST_LAG_S = 10.0  # between two clocks that were started together (our own choice)
FINEST_HZ = 200.0  # of the common grid: a usual rate of motion capture (our own choice)
_WHAT = "Give a result folder, a batch folder, a signals.csv, or a .mot file."


@dataclass(frozen=True)
class Compared:
    """One quantity in both: its name, side, unit, the pairs, and how they agree."""

    name: str
    side: str
    unit: str
    first: FloatArray
    second: FloatArray
    agreement: Agreement


@dataclass(frozen=True)
class Comparison:
    """All that two results have in common.

    Attributes
    ----------
    kind : str
        ``curves`` (pairs are samples, after the lag is taken out) or ``measures`` (pairs are
        people or recordings).
    lag_s : float or None
        By how much the second runs late; None for measures.
    rows : list of Compared
        One a quantity.
    """

    kind: str
    lag_s: float | None
    rows: list[Compared]


def compare(
    first: Path,
    second: Path | None = None,
    pairs: Sequence[str] = (),
    most_lag_s: float = MOST_LAG_S,
) -> Comparison:
    """Compare two results.

    Parameters
    ----------
    first, second : Path
        Two batch folders; or two recordings, each a result folder, a ``signals.csv`` or a motion
        file (.mot, .sto). One batch folder alone is split by its two visits.
    pairs : sequence of str
        For curves whose names differ: ``name=other``, or ``name=-other`` where the sign differs.
    most_lag_s : float
        Largest shift in time that is looked for.

    Raises
    ------
    DataError
        When something cannot be read, or the two have nothing in common.
    """
    if _is_batch(first) and (second is None or _is_batch(second)):
        found = _of_batches(_measures(first), None if second is None else _measures(second))
    elif second is None:
        raise DataError("one recording alone cannot be compared", _WHAT)
    elif _is_batch(first) or _is_batch(second):
        raise DataError("a batch cannot be compared with one recording", _WHAT)
    else:
        found = _of_curves(_signals(first), _signals(second), pairs, most_lag_s)
    if not found.rows:
        raise DataError(
            "the two have nothing in common that is known in both",
            "For curves of other names give --pair name=other, as in "
            "--pair knee_flexion_left_deg=knee_angle_l.",
        )
    return found


def write_comparison(found: Comparison, folder: Path) -> list[Path]:
    """Write ``agreement.csv`` and ``bland_altman.svg``; raises `ExportError`."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise export_error(error) from error
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    names = [field.name for field in fields(Agreement)]
    table.writerow(["what", "side", "unit", "lag_s", *names])
    lag = "" if found.lag_s is None else f"{found.lag_s:.4f}"
    for row in found.rows:
        numbers = [_cell(value) for value in asdict(row.agreement).values()]
        table.writerow([guard(row.name), row.side, row.unit, lag, *numbers])
    files = [folder / "agreement.csv", folder / "bland_altman.svg"]
    write_bytes(files[0], text.getvalue().encode())
    titles = [f"{r.name} {r.side}".strip().replace("_", " ") for r in found.rows]
    panels = [
        Panel(title, r.unit, r.first, r.second, r.agreement.bias, r.agreement.low, r.agreement.high)
        for title, r in zip(titles, found.rows, strict=True)
    ]
    write_bytes(files[1], draw(panels))
    return files


def _cell(value: float) -> str:
    if isinstance(value, int):
        return str(value)
    return f"{value:.4f}" if np.isfinite(value) else ""


def _is_batch(path: Path) -> bool:
    return (path / "measures.parquet").is_file()


def _measures(folder: Path) -> pd.DataFrame:
    try:
        table = pd.read_parquet(folder / "measures.parquet")
        table = table[table["rep"].isna() & table["value"].notna()]
        who = table["id"].fillna(table["recording"])
        return table.assign(who=who, side=table["side"].fillna(""))
    except (OSError, ValueError, KeyError) as error:
        raise DataError("the table of measures cannot be read") from error


def _of_batches(first: pd.DataFrame, second: pd.DataFrame | None) -> Comparison:
    if second is None:
        visits = sorted(first["visit"].dropna().unique())
        if len(visits) != 2:
            raise DataError(
                f"one batch is compared by its two visits, and this one has {len(visits)}",
                "Give two batch folders, or fill the column 'visit' of the participants table.",
            )
        first, second = (first[first["visit"] == visit] for visit in visits)
    keys = ["movement", "measure", "side", "unit", "who"]
    # Several recordings of one person: their mean stands for the person.
    a, b = (table.groupby(keys)["value"].mean() for table in (first, second))
    both = pd.concat({"a": a, "b": b}, axis=1, join="inner")
    movements = both.index.get_level_values("movement").nunique()
    rows = []
    for key, part in both.groupby(keys[:-1]):
        movement, measure, side, unit = map(str, key)
        name = f"{movement}: {measure}" if movements > 1 else measure
        x, y = part["a"].to_numpy(float), part["b"].to_numpy(float)
        rows.append(Compared(name, side, unit, x, y, agreement(x, y)))
    return Comparison("measures", None, rows)


def _signals(path: Path) -> AngleTrack:
    file = path / "signals.csv" if path.is_dir() else path
    if file.suffix.lower() in (".mot", ".sto"):
        return read_mot(file)
    try:
        found = read_signals(file)
    except (OSError, KeyError, TypeError, ValueError, StopIteration) as error:
        raise DataError("there are no signals that can be read", _WHAT) from error
    if found is None or len(found.time_s) < 2:
        raise DataError("a recording has no signals", _WHAT)
    return found


def _of_curves(
    first: AngleTrack, second: AngleTrack, pairs: Sequence[str], most_lag_s: float
) -> Comparison:
    named = _named(first, second, pairs)
    a = {name: first[name] for name in named}
    b = {name: sign * second[other] for name, (other, sign) in named.items()}
    step = min(float(np.median(np.diff(t.time_s))) for t in (first, second))
    step = max(step, 1 / FINEST_HZ)
    x, y = _on_grid(first.time_s, a, step), _on_grid(second.time_s, b, step)
    n = max((len(v) for v in (*x.values(), *y.values())), default=0)
    lag = lag_s(step, [_longer(v, n) for v in x.values()], [_longer(v, n) for v in y.values()],
                most_lag_s)  # fmt: skip
    shift = round(lag, 6) + 0.0 if np.isfinite(lag) else 0.0
    rows = []
    # Each curve has its own zero of time; the lag joins them.
    late_s = second.time_s - second.time_s[0] - shift
    times = first.time_s - first.time_s[0]
    for name in named:
        moved = resample(late_s, b[name], times, 1.5 * float(np.median(np.diff(second.time_s))))
        result = agreement(a[name], moved)
        if result.n > 1:
            rows.append(Compared(name, "", _unit(name), a[name], moved, _of_samples(result)))
    return Comparison("curves", shift, rows)


def _of_samples(found: Agreement) -> Agreement:
    """Leave out what asks for independent subjects: samples of one curve are none."""
    unknown = dict.fromkeys(("icc", "icc_low", "icc_high", "sem", "mdc95"), float("nan"))
    return Agreement(**{**asdict(found), **unknown})


def _named(
    first: AngleTrack, second: AngleTrack, pairs: Sequence[str]
) -> dict[str, tuple[str, float]]:
    """Return the name in the first, and name and sign in the second, of what is in both."""
    found = {n: (n, 1.0) for n in first.values if n in second.values and n.endswith("_deg")}
    for pair in pairs:
        name, mark, other = pair.partition("=")
        sign, other = (-1.0, other[1:]) if other.startswith("-") else (1.0, other)
        for there, track in ((name, first), (other, second)):
            if not mark or there not in track.values:
                known = ", ".join(list(track.values)[:40])
                raise DataError(f"there is no curve called {there!r}", f"There are: {known}.")
        found[name] = other, sign
    return found


def _on_grid(
    time_s: FloatArray, curves: Mapping[str, FloatArray], step_s: float
) -> dict[str, FloatArray]:
    since = time_s - time_s[0]
    grid: Any = np.arange(0.0, since[-1] + 0.5 * step_s, step_s)
    limit = 1.5 * max(float(np.median(np.diff(time_s))), step_s)
    return {name: resample(since, values, grid, limit) for name, values in curves.items()}


def _longer(values: FloatArray, n: int) -> FloatArray:
    return np.pad(values, (0, n - len(values)), constant_values=np.nan)


def _unit(name: str) -> str:
    return name.rpartition("_")[2] if "_" in name else ""


def table_of(found: Comparison) -> Table:
    """Return what the command line prints."""
    measures = found.kind == "measures"
    more = ("ICC(2,1)", "SEM", "MDC95") if measures else ()
    title = None if measures else f"the second runs {found.lag_s:+.3f} s late; this is taken out"
    table = Table("", "n", "bias", "limits of agreement", "RMSE", *more, title=title)
    for row in found.rows:
        a = row.agreement
        icc = f"{a.icc:.2f} ({a.icc_low:.2f} to {a.icc_high:.2f})"
        cells = [
            f"{row.name} {row.side}".strip(), str(a.n), f"{a.bias:+.2f}",
            f"{a.low:+.2f} to {a.high:+.2f}", f"{a.rmse:.2f}",
            *((icc, f"{a.sem:.2f}", f"{a.mdc95:.2f}") if measures else ()),
        ]  # fmt: skip
        table.add_row(*(cell.replace("nan", "–") for cell in cells))
    return table
