"""The command line: one recording, the page, the model. Folders of recordings: `cli_batch`."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, Literal

import typer
from rich.console import Console

from movecheck import cli_batch, texts
from movecheck.cli_common import (
    EveryOption,
    ModelOption,
    StageProgress,
    errors,
    fail,
    read_settings,
)
from movecheck.errors import DataError, MoveCheckError
from movecheck.export.atomic import atomic, export_error
from movecheck.texts import _

PAIN = "What the person tells of pain with the movement"

app = typer.Typer(
    name="movecheck",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"movecheck {version('movecheck')}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
    language: Annotated[
        str, typer.Option(envvar=texts.VARIABLE, help="Of results and reports: en or de.")
    ] = texts.ENGLISH,
) -> None:
    """See how a person moves, from one ordinary camera. Everything stays on this computer."""
    if language not in texts.languages():
        known = ", ".join(texts.languages())
        fail(DataError(f"there is no language called {language!r}", f"Choose one of: {known}."))
    os.environ[texts.VARIABLE] = language  # for threads and child processes too


@app.command()
def assess(
    video: Annotated[Path, typer.Argument(help="A video, or a landmarks.parquet of movecheck.")],
    movement: Annotated[
        str, typer.Option(help="auto, or one such as squat; docs/measures.md lists them.")
    ] = "auto",
    view: Annotated[
        Literal["auto", "side", "front"], typer.Option(help="How the person stands to the camera.")
    ] = "auto",
    age: Annotated[
        float | None, typer.Option(min=0, max=130, help="Years; only for published ranges.")
    ] = None,
    sex: Annotated[
        Literal["F", "M"] | None, typer.Option(help="F or M; only for published ranges.")
    ] = None,
    height: Annotated[
        float | None, typer.Option(min=50, max=250, help="Centimetres; kept with the result.")
    ] = None,
    pain_before: Annotated[
        float | None, typer.Option(help="Pain before, 0 to 10.", rich_help_panel=PAIN)
    ] = None,
    pain_worst: Annotated[
        float | None, typer.Option(help="Worst pain while moving, 0 to 10.", rich_help_panel=PAIN)
    ] = None,
    pain_after: Annotated[
        float | None, typer.Option(help="Pain after, 0 to 10.", rich_help_panel=PAIN)
    ] = None,
    pain_where: Annotated[str, typer.Option(help="Where it hurts.", rich_help_panel=PAIN)] = "",
    pain_at: Annotated[
        float | None,
        typer.Option(help="When it came: seconds in the recording.", rich_help_panel=PAIN),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the files; if not given, the video's name + -movecheck."),
    ] = None,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Also draw the overlay video.")
    ] = False,
    report: Annotated[bool, typer.Option("--report", help="Also write report.html.")] = False,
    corrections: Annotated[
        Path | None, typer.Option(help="A JSON file with what was corrected by hand.")
    ] = None,
    recording: Annotated[
        Path | None,
        typer.Option("--video", help="The recording itself, for the overlay of landmarks."),
    ] = None,
    every: EveryOption = None,
    model: ModelOption = None,
    progress_json: Annotated[bool, typer.Option("--progress-json", hidden=True)] = False,
) -> None:
    """Measure the movement in a recording and write the results into a folder.

    Example: [bold]movecheck assess squat.mp4 --age 45 --overlay[/bold]
    """
    from movecheck.analyze import analyze, is_video
    from movecheck.cli_table import show
    from movecheck.corrections import read_corrections
    from movecheck.results import write
    from movecheck.types import Pain, Person

    folder = out or Path(f"{video.stem}-movecheck")
    settings = read_settings(model, every)
    try:
        with StageProgress(progress_json) as progress:
            result = analyze(
                video, movement, view, Person(age, sex, height),
                corrections=read_corrections(corrections) if corrections else (),
                pain=Pain(pain_before, pain_worst, pain_after, pain_where, pain_at),
                settings=settings, progress=progress,
            )  # fmt: skip
            filmed = video if is_video(video) else recording
            if overlay and filmed is None:
                raise DataError("an overlay needs the video", "Give the video with --video.")
            files = write(
                result, folder, filmed, overlay=overlay, report=report,
                settings=settings, progress=progress,
            )  # fmt: skip
    except MoveCheckError as error:
        fail(error, progress_json)
    if progress_json:
        print(json.dumps({"done": [file.name for file in files]}), flush=True)
    else:
        show(result.assessment, Console())
        names = ", ".join(file.name for file in files)
        errors.print(_("Written to {folder}: {names}").format(folder=folder, names=names))


app.command()(cli_batch.batch)
app.command()(cli_batch.export)
app.command()(cli_batch.compare)


@app.command()
def setup(
    force: Annotated[bool, typer.Option("--force", help="Make the model again.")] = False,
) -> None:
    """Fetch the pose model once (35 MB, by pip); afterwards nothing needs the internet."""
    from movecheck.pose.model import build, find

    settings = read_settings(None)
    try:
        with StageProgress(False) as progress:
            path = None if force else find(settings)
            path = path or build(settings, progress)
    except MoveCheckError as error:
        fail(error)
    print(_("The pose model is ready: {path}").format(path=path))


@app.command()
def report(
    folder: Annotated[Path, typer.Argument(help="A folder that assess has written.")],
    words: Annotated[
        Literal["patient", "therapist"], typer.Option(help="Whose words to use.")
    ] = "patient",
) -> None:
    """Write report.pdf into a folder with results; it needs neither the video nor the model."""
    from movecheck.report.pdf import write_pdf

    try:
        print(write_pdf(folder, folder / "report.pdf", words))
    except MoveCheckError as error:
        fail(error)


@app.command()
def doctor() -> None:
    """Check that everything movecheck needs is there and fits together."""
    from movecheck.doctor import examine

    marks = {True: f"[green]{_('ok')}[/green] ", False: f"[red]{_('no')}[/red] "}
    found = examine(read_settings(None))
    for item in found:
        advice = "" if item.ok else f"\n     {_(item.advice)}"
        Console().print(marks[item.ok], _(item.what), advice)
    if not all(item.ok for item in found):
        raise typer.Exit(1)


@app.command()
def live(
    camera: Annotated[int, typer.Option(min=0, help="Which camera.")] = 0,
    movement: Annotated[
        str, typer.Option(help="squat, forward_bend or hip_hinge: what is counted.")
    ] = "squat",
    model: ModelOption = None,
) -> None:
    """Show angles and count repetitions in a window, from a camera. Press q to end."""
    from movecheck.live import start

    try:
        status = start(camera, movement, read_settings(model))
    except MoveCheckError as error:
        fail(error)
    raise typer.Exit(status)


@app.command(name="app")
def open_app(
    port: Annotated[int | None, typer.Option(help="Port on this computer.")] = None,
) -> None:
    """Open the page in the browser. It listens on this computer alone."""
    from movecheck.pose.quarantine import LEAN
    from movecheck.ui.launch import command

    raise typer.Exit(subprocess.call(command(port), env={**os.environ, **LEAN}))


DataOption = Annotated[
    Path | None, typer.Option("--data", help="Data folder; the usual one when not given.")
]


@app.command()
def backup(
    file: Annotated[Path, typer.Argument(help="Where the backup goes; it must not exist yet.")],
    data: DataOption = None,
) -> None:
    """Save clients, visits and all their files as one zip. It is not encrypted."""
    from movecheck.store.backup import write_backup

    try:
        if file.exists():
            raise DataError("there is a file of this name already", "Choose another name.")
        with _store(data) as store, atomic(file) as unfinished, unfinished.open("wb") as out:
            write_backup(store, out)
    except (MoveCheckError, OSError) as error:
        fail(error if isinstance(error, MoveCheckError) else export_error(error))
    print(f"Saved: {file}")


@app.command()
def restore(
    file: Annotated[Path, typer.Argument(help="A backup that movecheck has made.")],
    data: DataOption = None,
) -> None:
    """Put a backup back, where nothing is kept yet; it never replaces anything."""
    from movecheck.store.backup import restore as put_back

    try:
        with _store(data) as store, file.open("rb") as source:
            put_back(store, source)
    except OSError:
        fail(DataError("the backup cannot be opened", "Check the name of the file."))
    except MoveCheckError as error:
        fail(error)
    print("Restored.")


@contextmanager
def _store(data: Path | None) -> Iterator[Any]:
    from movecheck.store import Store, StoreSettings, open_store

    store = open_store(StoreSettings()) if data is None else Store(data)
    try:
        yield store
    finally:
        store.close()


def main() -> None:
    """Run the command line tool."""
    app()
