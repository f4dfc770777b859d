"""The command line for researchers: folders of recordings."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer
from rich.console import Console
from rich.markup import escape

from movecheck.cli_common import ModelOption, StageProgress, errors, fail, read_settings
from movecheck.errors import MoveCheckError


def batch(
    folder: Annotated[
        Path, typer.Argument(help="Folder of videos, or of saved landmarks.parquet, at any depth.")
    ],
    out: Annotated[Path, typer.Option(help="Folder for all results.")],
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
    model: ModelOption = None,
) -> None:
    """Measure every recording in a folder, into one set of tables.

    It may be stopped at any time, and goes on where it was when the same command is given again.
    A recording that cannot be used does not stop the others: it is in [bold]failures.csv[/bold]
    with the reason. When only ranges or settings have changed, the saved landmarks are used and
    nothing is looked for again in the videos.

    Example: [bold]movecheck batch recordings --out results --participants people.csv[/bold]
    """
    from movecheck.batch.participants import Entry, read_participants
    from movecheck.batch.run import plan, run
    from movecheck.batch.show import Show
    from movecheck.movements import load

    settings = read_settings(model)
    try:
        if movement != "auto":
            load(movement)
        default = Entry(movement=movement, view=view)
        table = None
        if participants is not None:
            table = read_participants(participants, {"movement": movement, "view": view})
        with StageProgress(False) as progress:
            todo = plan(folder, out, table, default, settings, progress)
        if todo.unknown_columns:
            errors.print(f"Columns that are not used: {', '.join(todo.unknown_columns)}")
        with Show(len(todo.jobs), errors) as show:
            done = run(todo, workers, show)
    except MoveCheckError as error:
        fail(error)
    except KeyboardInterrupt:
        errors.print("Stopped. The same command goes on from here.")
        raise typer.Exit(130) from None
    for outcome in done.failures:
        errors.print(f"[red]not usable[/red] {escape(outcome.name)}: {outcome.message}. {outcome.hint}")
    good = len(todo.jobs) - len(done.failures)
    Console().print(f"{good} of {len(todo.jobs)} recordings measured; tables in {out}")
