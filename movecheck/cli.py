"""The command line: assess, live, app, setup, doctor."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Annotated, Any, Literal, NoReturn

import typer
from rich.console import Console

from movecheck.errors import DataError, MoveCheckError

app = typer.Typer(
    name="movecheck",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
)
# Progress goes to standard error: standard output holds the result alone.
errors = Console(stderr=True)

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", help="Another pose_landmarker .task file.", envvar="MOVECHECK_MODEL"),
]


def _version(asked: bool) -> None:
    if asked:
        from importlib.metadata import version

        print(f"movecheck {version('movecheck')}")
        raise typer.Exit


@app.callback()
def root(
    _: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
    ] = False,
) -> None:
    """See how a person moves, from one ordinary camera. Everything stays on this computer."""


@app.command()
def assess(
    video: Annotated[Path, typer.Argument(help="A video, or a landmarks.parquet of movecheck.")],
    movement: Annotated[
        str, typer.Option(help="auto, squat, forward_bend, hip_hinge or posture.")
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
    out: Annotated[
        Path | None,
        typer.Option(help="Folder for the files; if not given, the video's name + -movecheck."),
    ] = None,
    overlay: Annotated[
        bool, typer.Option("--overlay", help="Also draw the overlay video.")
    ] = False,
    report: Annotated[bool, typer.Option("--report", help="Also write report.html.")] = False,
    model: ModelOption = None,
    progress_json: Annotated[bool, typer.Option("--progress-json", hidden=True)] = False,
) -> None:
    """Measure the movement in a recording and write the results into a folder.

    Example: [bold]movecheck assess squat.mp4 --age 45 --overlay[/bold]
    """
    from movecheck.analyze import analyze, write
    from movecheck.cli_table import show
    from movecheck.types import Person

    folder = out or Path(f"{video.stem}-movecheck")
    settings = _settings(model)
    try:
        with _Progress(progress_json) as progress:
            result = analyze(
                video, movement, view, Person(age, sex, height),
                settings=settings, progress=progress,
            )  # fmt: skip
            is_video = video.suffix.lower() != ".parquet"
            if overlay and not is_video:
                raise DataError("an overlay needs the video", "Give the video, not the landmarks.")
            files = write(
                result, folder, video if is_video else None, overlay=overlay, report=report,
                settings=settings, progress=progress,
            )  # fmt: skip
    except MoveCheckError as error:
        _fail(error, progress_json)
    if progress_json:
        print(json.dumps({"done": [file.name for file in files]}), flush=True)
    else:
        show(result.assessment, Console())
        errors.print(f"Written to [bold]{folder}[/bold]: {', '.join(f.name for f in files)}")


@app.command()
def setup(
    force: Annotated[bool, typer.Option("--force", help="Make the model again.")] = False,
) -> None:
    """Fetch the pose model once (35 MB, by pip); afterwards nothing needs the internet."""
    from movecheck.pose.model import build, find

    settings = _settings(None)
    try:
        with _Progress(False) as progress:
            path = None if force else find(settings)
            path = path or build(settings, progress)
    except MoveCheckError as error:
        _fail(error)
    print(f"The pose model is ready: {path}")


@app.command()
def doctor() -> None:
    """Check that everything movecheck needs is there and fits together."""
    from movecheck.doctor import examine

    marks = {True: "[green]ok[/green] ", False: "[red]no[/red] "}
    found = examine(_settings(None))
    for item in found:
        Console().print(marks[item.ok], item.what, "" if item.ok else f"\n     {item.advice}")
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
        status = start(camera, movement, _settings(model))
    except MoveCheckError as error:
        _fail(error)
    raise typer.Exit(status)


@app.command(name="app")
def open_app(
    port: Annotated[int | None, typer.Option(help="Port on this computer.")] = None,
) -> None:
    """Open the page in the browser. It listens on this computer alone."""
    from movecheck.ui.launch import command

    raise typer.Exit(subprocess.call(command(port)))


def _settings(model: Path | None) -> Any:
    from pydantic import ValidationError

    from movecheck.settings import Settings

    try:
        return Settings() if model is None else Settings(model=model)
    except ValidationError as error:
        first = error.errors()[0]
        name = f"MOVECHECK_{str(first['loc'][0]).upper()}"
        _fail(DataError(f"the setting {name} is not valid: {first['msg']}", "Correct or unset it."))


def _fail(error: MoveCheckError, as_json: bool = False) -> NoReturn:
    if as_json:
        print(json.dumps({"error": str(error), "hint": error.hint}), flush=True)
    one_line = " ".join(f"error: {str(error).rstrip('.')}. {error.hint}".split())
    print(one_line, file=sys.stderr)
    raise typer.Exit(2)


class _Progress:
    """A progress bar for a person, or JSON lines for a program."""

    LABELS = {  # noqa: RUF012 - a constant
        "model": "Fetching the pose model (once)",
        "pose": "Looking for the body",
        "analysis": "Measuring",
        "overlay": "Drawing the overlay",
    }

    def __init__(self, as_json: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = None if as_json else Progress(
            TextColumn("{task.description:32}"), BarColumn(), TimeElapsedColumn(),
            console=errors, transient=True,
        )  # fmt: skip
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> _Progress:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar:
            self._bar.stop()

    def __call__(self, stage: str, fraction: float | None) -> None:
        if self._bar is None:
            print(json.dumps({"stage": stage, "fraction": fraction}), flush=True)
            return
        if stage not in self._tasks:
            # Started with its first stage, it leaves no empty line behind when a file is refused.
            self._bar.start()
            self._tasks[stage] = self._bar.add_task(self.LABELS[stage], total=None)
        if fraction is not None:
            self._bar.update(self._tasks[stage], total=1.0, completed=fraction)


def main() -> None:
    """Run the command line tool."""
    app()
