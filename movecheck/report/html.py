"""One printable HTML page about a result: no scripts, nothing fetched from anywhere."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from movecheck.errors import ExportError
from movecheck.report.facts import facts
from movecheck.report.load import ResultFolder, read_result
from movecheck.texts import _, ngettext

if TYPE_CHECKING:
    from jinja2 import Environment

TEMPLATE = "report.html.j2"


def write_report(source: Path | str | ResultFolder, out_path: Path | str) -> Path:
    """Write a result as one self-contained HTML page.

    Parameters
    ----------
    source : Path or ResultFolder
        Output folder of ``movecheck assess``, or what `read_result` made of it.
    out_path : Path
        Where the page goes; it is replaced in one step.

    Returns
    -------
    Path
        `out_path`.

    Raises
    ------
    DataError
        The folder does not hold what it should.
    ExportError
        The page cannot be written.
    """
    result = source if isinstance(source, ResultFolder) else read_result(Path(source))
    page = render(result)
    out = Path(out_path)
    try:
        handle, name = tempfile.mkstemp(dir=out.parent, suffix=".html")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(page)
        Path(name).replace(out)
    except OSError as error:
        raise ExportError("The report could not be written.") from error
    return out


def render(result: ResultFolder) -> str:
    """Return a result as an HTML page."""
    return templates().get_template(TEMPLATE).render(facts(result))


def templates() -> Environment:
    """Return where the templates of this folder are read from."""
    from jinja2 import Environment, PackageLoader, StrictUndefined

    environment = Environment(
        loader=PackageLoader("movecheck.report", "."),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    environment.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]
    return environment
