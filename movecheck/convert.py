"""Results in other formats: for biomechanics tools, statistics and clinical systems."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from movecheck.errors import DataError
from movecheck.export.atomic import atomic, export_error
from movecheck.export.landmarks import read_landmarks
from movecheck.export.tables import signals_frame
from movecheck.report.load import ResultFolder, read_result
from movecheck.types import AngleTrack


@dataclass(frozen=True)
class Format:
    """A format: the file it is written to, what it holds, and how it is written."""

    file: str
    holds: str
    write: Callable[[ResultFolder, Path], None]


def _trc(result: ResultFolder, path: Path) -> None:
    from movecheck.export.markers import markers
    from movecheck.export.trc import write_trc

    write_trc(markers(read_landmarks(result.folder / "landmarks.parquet")), path)


def _c3d(result: ResultFolder, path: Path) -> None:
    from movecheck.export.c3d import write_c3d
    from movecheck.export.markers import markers

    write_c3d(markers(read_landmarks(result.folder / "landmarks.parquet")), path)


def _netcdf(result: ResultFolder, path: Path) -> None:
    from movecheck.export.netcdf import write_netcdf

    write_netcdf(read_landmarks(result.folder / "landmarks.parquet"), path)


def _mot(result: ResultFolder, path: Path) -> None:
    from movecheck.export.mot import write_mot

    write_mot(_signals(result), path)


def _parquet(result: ResultFolder, path: Path) -> None:
    frame = signals_frame(_signals(result))
    with atomic(path) as temp:
        frame.to_parquet(temp, index=False)


def _fhir(result: ResultFolder, path: Path) -> None:
    from movecheck.export.fhir import write_fhir

    write_fhir(result.assessment, path)


def _schema(_: ResultFolder, path: Path) -> None:
    from movecheck.export.schema import write_schema

    write_schema(path)


FORMATS: dict[str, Format] = {
    "trc": Format("landmarks.trc", "marker paths for OpenSim", _trc),
    "mot": Format("signals.mot", "angles for OpenSim", _mot),
    "c3d": Format("landmarks.c3d", "marker paths for motion capture tools", _c3d),
    "netcdf": Format("landmarks.nc", "landmarks in the layout of the package movement", _netcdf),
    "parquet": Format("signals.parquet", "angles for pandas, R, DuckDB", _parquet),
    "fhir": Format("observations.fhir.json", "FHIR R4 Observations", _fhir),
    "schema": Format("assessment.schema.json", "JSON Schema of assessment.json", _schema),
}
"""Formats by name."""


def convert(
    folder: Path,
    formats: list[str],
    out: Path | None = None,
    left_out: Callable[[Path, DataError], None] | None = None,
) -> Iterator[Path]:
    """Write results in other formats.

    Parameters
    ----------
    folder : Path
        Of one recording, or of a batch.
    formats : list of str
        Keys of `FORMATS`.
    out : Path, optional
        Where the files go, in the same order of folders; beside each result when not given.

    left_out : callable, optional
        Called with each file that there is nothing for (a recording without any angle, say), and
        why; without it that is an error.

    Yields
    ------
    Path
        Each file once it is there.

    Raises
    ------
    DataError
        No such format, no result in the folder, or nothing for a file and no `left_out`.
    ExportError
        A file that cannot be written, or a library that is not installed.
    """
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise DataError(
            f"there is no format called {unknown[0]!r}" if unknown else "no format was given",
            f"Choose from: {', '.join(FORMATS)}.",
        )
    found = sorted(path.parent for path in folder.rglob("assessment.json"))
    if not found:
        raise DataError(
            "no result of movecheck is in this folder",
            "Give the folder that 'movecheck assess' or 'movecheck batch' has written.",
        )
    for place in found:
        result = read_result(place)
        target = place if out is None else out / place.relative_to(folder)
        try:
            target.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise export_error(error) from error
        for name in formats:
            file = target / FORMATS[name].file
            try:
                FORMATS[name].write(result, file)
            except DataError as error:
                if left_out is None:
                    raise
                left_out(file, error)
            else:
                yield file


def _signals(result: ResultFolder) -> AngleTrack:
    if result.signals is None:
        raise DataError("the result has no signals", "Measure the recording again.")
    return result.signals
