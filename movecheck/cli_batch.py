"""The command line for researchers: folders of recordings, other formats, agreement."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape

from movecheck.cli_common import (
    EveryOption,
    ModelOption,
    StageProgress,
    errors,
    fail,
    read_settings,
)
from movecheck.errors import MoveCheckError
from movecheck.texts import _, ngettext


def batch(
    folder: Annotated[
        str,
        typer.Argument(
            metavar="FOLDER",
            help="Folder of videos, or of saved landmarks.parquet, at any depth. It may be an "
            "address: s3://, gs://, sftp://.",
        ),
    ],
    out: Annotated[str, typer.Option(metavar="FOLDER", help="Folder or address for all results.")],
    participants: Annotated[
        Path | None,
        typer.Option(
            help="Table (CSV) of who is in which file. Columns: file (required), id, visit, age, "
            "sex, height_cm, movement, view."
        ),
    ] = None,
    workers: Annotated[
        int | None,
        typer.Option(min=1, max=512, help="Recordings at the same time; default: one a processor."),
    ] = None,
    movement: Annotated[
        str, typer.Option(help="For recordings of which the table does not say it.")
    ] = "auto",
    view: Annotated[
        Literal["auto", "side", "front"],
        typer.Option(help="For recordings of which the table does not say it."),
    ] = "auto",
    ray: Annotated[
        str | None,
        typer.Option(metavar="ADDRESS", help="Spread the work over a Ray cluster, as host:6379."),
    ] = None,
    every: EveryOption = None,
    model: ModelOption = None,
) -> None:
    """Measure every recording in a folder, into one set of tables.

    It may be stopped at any time: the same command goes on where it was.
    A recording that cannot be used does not stop the others; it is in
    [bold]failures.csv[/bold] with the reason. When only ranges or settings have
    changed, saved landmarks are used and no video is read again.

    Example: [bold]movecheck batch recordings --out results --participants people.csv[/bold]
    """
    from movecheck.batch.participants import Entry, read_participants
    from movecheck.batch.places import place_of
    from movecheck.batch.run import plan, run
    from movecheck.batch.show import Show
    from movecheck.movements import load

    settings = read_settings(model, every)
    try:
        if movement != "auto":
            load(movement)
        default = Entry(movement=movement, view=view)
        table = None
        if participants is not None:
            table = read_participants(participants, {"movement": movement, "view": view})
        with StageProgress(False) as progress:
            todo = plan(place_of(folder), place_of(out), table, default, settings, progress)
        if todo.unknown_columns:
            columns = ", ".join(todo.unknown_columns)
            errors.print(_("Columns that are not used: {columns}").format(columns=columns))
        with Show(len(todo.jobs), errors) as show:
            if ray is None:
                done = run(todo, workers, show)
            else:
                from movecheck.batch.cluster import run_on_ray

                done = run_on_ray(todo, ray, show)
    except MoveCheckError as error:
        fail(error)
    except KeyboardInterrupt:
        errors.print(_("Stopped. The same command goes on from here."))
        raise typer.Exit(130) from None
    for outcome in done.failures:
        what = f"{escape(outcome.name)}: {_(outcome.message)}. {_(outcome.hint)}"
        errors.print(f"[red]{_('not usable')}[/red] {what}")
    good = len(todo.jobs) - len(done.failures)
    told = _("{n} of {count} recordings measured; tables in {folder}")
    Console().print(told.format(n=good, count=len(todo.jobs), folder=out))


def export(
    folder: Annotated[
        Path,
        typer.Argument(help="Folder that 'movecheck assess' or 'movecheck batch' has written."),
    ],
    formats: Annotated[
        str,
        typer.Option(
            "--format",
            help="One or more, with commas: trc and mot (OpenSim), c3d (motion capture), netcdf "
            "(the package movement), parquet, fhir (FHIR R4 Observations), schema (JSON Schema of "
            "assessment.json).",
        ),
    ],
    out: Annotated[
        Path | None, typer.Option(help="Folder for the files; else they go beside each result.")
    ] = None,
) -> None:
    """Write results in the formats of other tools.

    Example: [bold]movecheck export results --format trc,mot[/bold]
    """
    from movecheck.convert import convert

    def left_out(file: Path, error: MoveCheckError) -> None:
        errors.print(f"[yellow]{_('left out')}[/yellow] {escape(str(file))}: {_(str(error))}")

    names = [name.strip() for name in formats.split(",") if name.strip()]
    try:
        written = list(convert(folder, names, out, left_out))
    except MoveCheckError as error:
        fail(error)
    told = ngettext("{n} file written", "{n} files written", len(written)).format(n=len(written))
    example = _(", as {file}").format(file=escape(str(written[-1]))) if written else ""
    Console().print(f"{told}{example}")


def compare(
    first: Annotated[
        Path,
        typer.Argument(
            metavar="A", help="A result folder, a signals.csv, a motion file (.mot), or a batch."
        ),
    ],
    second: Annotated[
        Path | None,
        typer.Argument(metavar="[B]", help="The other one; not needed for a batch of two visits."),
    ] = None,
    pair: Annotated[
        list[str] | None,
        typer.Option(
            help="Curves of other names: name=other, or name=-other where the sign differs. "
            "May be given several times."
        ),
    ] = None,
    max_lag: Annotated[
        float, typer.Option(min=0, max=600, help="Seconds by which the clocks may differ.")
    ] = 10.0,
    out: Annotated[
        Path | None, typer.Option(help="Folder for agreement.csv and the Bland-Altman plot.")
    ] = None,
) -> None:
    """Tell how well two measurements agree: two visits, raters, cameras, or motion capture.

    Two recordings are compared curve by curve, after the lag between them
    is taken out. Two batches are compared measure by measure, person by
    person, with ICC(2,1), SEM and MDC.

    Example: [bold]movecheck compare results-monday results-friday --out agreement[/bold]
    """
    from movecheck.compare import compare as compare_results
    from movecheck.compare import table_of, write_comparison

    try:
        found = compare_results(first, second, pair or (), max_lag)
        files = write_comparison(found, out) if out is not None else []
    except MoveCheckError as error:
        fail(error)
    Console().print(table_of(found))
    if files:
        names = ", ".join(file.name for file in files)
        errors.print(_("Written to {folder}: {names}").format(folder=out, names=names))
