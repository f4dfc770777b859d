"""What the commands share: settings, the model option, and how an error is told."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer
from rich.console import Console

from movecheck.errors import DataError, MoveCheckError
from movecheck.marks import N_
from movecheck.texts import _

# Progress goes to standard error: standard output holds the result alone.
errors = Console(stderr=True)

ModelOption = Annotated[
    Path | None,
    typer.Option("--model", help="Another pose_landmarker .task file.", envvar="MOVECHECK_MODEL"),
]

EveryOption = Annotated[
    int | None,
    typer.Option(
        min=1, max=30, help="Look at every n-th frame only: faster, and less sure. docs/speed.md "
        "says how much.",
    ),
]  # fmt: skip


def read_settings(model: Path | None, every: int | None = None) -> Any:
    """Return the settings of the environment; end with one line when one is not valid."""
    from pydantic import ValidationError

    from movecheck.settings import Settings

    try:
        given: dict[str, Any] = {"model": model, "every": every}
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        first = error.errors()[0]
        name = f"MOVECHECK_{str(first['loc'][0]).upper()}"
        fail(DataError(f"the setting {name} is not valid: {first['msg']}", "Correct or unset it."))


def fail(error: MoveCheckError, as_json: bool = False) -> NoReturn:
    """End with one line: what is wrong, and what to do."""
    told = f"{_('error')}: {_(str(error)).rstrip('.')}. {_(error.hint)}"
    if as_json:  # in English: who reads it tells it in the language of its own reader
        print(json.dumps({"error": str(error), "hint": error.hint}), flush=True)
        told = f"error: {str(error).rstrip('.')}. {error.hint}"
    print(" ".join(told.split()), file=sys.stderr)
    raise typer.Exit(2)


class StageProgress:
    """A progress bar for a person, or JSON lines for a program."""

    LABELS = {  # noqa: RUF012 - a constant
        "model": N_("Fetching the pose model (once)"),
        "pose": N_("Looking for the body"),
        "analysis": N_("Measuring"),
        "overlay": N_("Drawing the overlay"),
    }

    def __init__(self, as_json: bool) -> None:
        from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

        self._bar = None if as_json else Progress(
            TextColumn("{task.description:32}"), BarColumn(), TimeElapsedColumn(),
            console=errors, transient=True,
        )  # fmt: skip
        self._tasks: dict[str, Any] = {}

    def __enter__(self) -> StageProgress:
        return self

    def __exit__(self, *exc: object) -> None:
        if self._bar and self._tasks:  # one that was never started leaves an empty line
            self._bar.stop()

    def __call__(self, stage: str, fraction: float | None) -> None:
        """Take the share done of a stage; None when it is not known."""
        if self._bar is None:
            print(json.dumps({"stage": stage, "fraction": fraction}), flush=True)
            return
        if stage not in self._tasks:
            # Started with its first stage, it leaves no empty line behind when a file is refused.
            self._bar.start()
            self._tasks[stage] = self._bar.add_task(_(self.LABELS[stage]), total=None)
        if fraction is not None:
            self._bar.update(self._tasks[stage], total=1.0, completed=fraction)
