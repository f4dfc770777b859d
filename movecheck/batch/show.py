"""Progress of a batch on a terminal: a bar with rate and time left, or a line a recording."""

from __future__ import annotations

import threading
import time

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn
from rich.text import Text

from movecheck.batch.job import Job, Outcome


class Show:
    """Follows a batch; to be given to `movecheck.batch.run.run` as `news`.

    Parameters
    ----------
    total : int
        Recordings in all.
    console : Console
        Where to write.
    """

    def __init__(self, total: int, console: Console) -> None:
        self._total = total
        self._console = console
        self._lock = threading.Lock()
        self._shares: dict[str, float] = {}
        self._done = self._worked = self._failed = 0
        self._started_s = time.monotonic()
        self._bar = Progress(
            TextColumn("{task.description}"), BarColumn(), _Rate(), console=console, transient=True,
            disable=not console.is_terminal,
        )  # fmt: skip
        self._task = self._bar.add_task("", total=total)

    def __enter__(self) -> Show:
        self._bar.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._bar.stop()

    def __call__(self, job: Job, share: float, outcome: Outcome | None) -> None:
        """Take news from any thread."""
        with self._lock:
            if outcome is None:
                self._shares[job.name] = share
            else:
                self._shares.pop(job.name, None)
                self._end(outcome)
            worked = self._worked + sum(self._shares.values())
            known = self._done - self._worked  # done before: they say nothing about the pace
            self._bar.update(
                self._task,
                completed=known + worked,
                description=f"{self._done} of {self._total}"
                + (f", {self._failed} not usable" if self._failed else ""),
                pace=worked / max(time.monotonic() - self._started_s, 1e-3),
            )

    def _end(self, outcome: Outcome) -> None:
        self._done += 1
        self._worked += not outcome.skipped
        self._failed += outcome.error is not None
        if not self._console.is_terminal and not outcome.skipped:
            what = f"not usable: {outcome.message}" if outcome.error else "measured"
            name = escape(outcome.name)
            self._console.print(f"{self._done} of {self._total} {name} {what}", highlight=False)


class _Rate(ProgressColumn):
    """Recordings a minute, and the time left at that pace."""

    def render(self, task: Task) -> Text:
        pace = task.fields.get("pace") or 0.0
        if pace <= 0 or task.total is None or task.completed <= 0:
            return Text("")
        left_s = (task.total - task.completed) / pace
        hours, minutes = divmod(round(left_s / 60), 60)
        left = f"{hours} h {minutes:02d} min" if hours else f"{minutes} min"
        return Text(f"{pace * 60:.1f} a minute, {left if left_s >= 60 else 'under a minute'} left")
