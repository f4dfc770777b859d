"""A result as PDF: for the person or for a therapist, made by typst without any network.

It is PDF/A-2a (which holds all that 2b asks) and PDF/UA-1, so it can be kept for decades and read
aloud. The same folder gives the same bytes: nothing in it is random, and its date is the one
given, or the time at which the assessment was written.
"""

from __future__ import annotations

import functools
import json
import tempfile
from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from movecheck.errors import DataError, ExportError
from movecheck.export.atomic import write_bytes
from movecheck.marks import N_
from movecheck.report import words as say
from movecheck.report.drawing import CurveDrawing, RangeDrawing
from movecheck.report.facts import Comparison, facts
from movecheck.report.frames import key_frames
from movecheck.report.html import templates
from movecheck.report.load import ResultFolder, read_result
from movecheck.report.names import Audience, measure_name, signal_name, split_measure
from movecheck.report.select import key_measures
from movecheck.texts import _, day

if TYPE_CHECKING:
    import typst

TEMPLATE = Path(__file__).with_name("report.typ")
MOST_CURVES = 4
COLUMNS: Final = {
    "range": N_("Change from standing"),
    "peak": N_("Peak"),
    "at_peak": N_("At the deepest"),
    "range_sd": N_("SD of the change"),
}
"""Ending of a measure's name: the column of the therapist's table that it stands in."""
TEXTS: Final = {
    "corrected": N_("Corrected by hand"),
    "footer": N_("measured by camera, not a diagnosis, not a medical device"),
    "published": N_("Beside published values"),
    "angles": N_("Angles over time"),
    "key": N_("Grey: repetitions. Dashed: filled in over a short gap. No line: not seen."),
    "left": N_("left"),
    "right": N_("right"),
    "reps": N_("Repetitions"),
    "number": N_("No."),
    "start": N_("Start"),
    "deepest": N_("Deepest"),
    "end": N_("End"),
    "time": N_("Time"),
    "counted": N_("Counted"),
    "measures": N_("Measures, median over the repetitions, with 95 % interval"),
    "measure": N_("Measure"),
    "filled": N_("partly filled in over short gaps"),
    "missing_patient": N_("What this recording could not show, and how to film it next time"),
    "missing": N_("Not measurable, and why"),
    "next": N_("For the next recording"),
    "better": N_("could be better."),
    "without": N_("Figures without a published range"),
    "recording": N_("The recording itself"),
    "fine": N_("Fine"),
    "not_fine": N_("Could be better"),
    "method": N_("Method"),
}
"""Name in the template: what stands there."""


def write_pdf(
    source: Path | str | ResultFolder,
    out_path: Path | str,
    audience: Audience = "patient",
    *,
    name: str = "",
    when: datetime | None = None,
) -> Path:
    """Write a result as PDF; see `render_pdf`.

    Raises
    ------
    DataError
        The folder does not hold what it should.
    ExportError
        The file cannot be made or written.
    """
    result = source if isinstance(source, ResultFolder) else read_result(Path(source))
    out = Path(out_path)
    write_bytes(out, render_pdf(result, audience, name=name, when=when))
    return out


def render_pdf(
    result: ResultFolder,
    audience: Audience = "patient",
    *,
    name: str = "",
    when: datetime | None = None,
) -> bytes:
    """Return a result as PDF.

    Parameters
    ----------
    result : ResultFolder
        What one measurement wrote.
    audience : {"patient", "therapist"}
        One page in plain words, or all figures with their sources.
    name : str, optional
        Whom it is about, in any script.
    when : datetime, optional
        Date of the document; by default the time at which the assessment was written.

    Raises
    ------
    ExportError
        It cannot be made.
    """
    import typst

    when = (when or _written(result)).astimezone(UTC).replace(microsecond=0)
    try:
        with tempfile.TemporaryDirectory(prefix="movecheck-pdf-") as place:
            root = Path(place)
            data = _data(result, audience, name, when, root)
            (root / "data.json").write_text(json.dumps(data), encoding="utf-8")
            (root / "main.typ").write_bytes(TEMPLATE.read_bytes())
            pdf = typst.compile(
                root / "main.typ",
                root=root,
                font_paths=_typefaces(_covered(name)),
                ignore_system_fonts=True,  # it is the typefaces that say so
                format="pdf",
                pdf_standards=["a-2a", "ua-1"],
                timestamp=int(when.timestamp()),
            )
    except (typst.TypstError, OSError) as error:
        raise ExportError("The report could not be made.") from error
    assert isinstance(pdf, bytes)
    return pdf


def warm() -> None:
    """Load what a report is made with, so that the first one takes no longer than the next.

    The page does so in the background while a recording is measured.
    """
    import typst

    _covered("")
    templates().get_template("charts.svg.j2")
    with tempfile.TemporaryDirectory(prefix="movecheck-pdf-") as place:
        (Path(place) / "main.typ").write_text('#set text(font: "DejaVu Sans")\n*a* b')
        typst.compile(
            Path(place) / "main.typ",
            root=Path(place),
            font_paths=_typefaces(True),
            ignore_system_fonts=True,
            format="pdf",
        )


@functools.cache
def _typefaces(own_alone: bool) -> typst.Fonts:
    """Return the typefaces of the report, with those of the machine where they are needed."""
    import typst

    return typst.Fonts(include_system_fonts=not own_alone, font_paths=[_fonts()])


def _written(result: ResultFolder) -> datetime:
    try:
        stamp = (result.folder / "assessment.json").stat().st_mtime
    except OSError as error:
        raise DataError("The assessment file cannot be opened.") from error
    return datetime.fromtimestamp(stamp, UTC)


def _fonts() -> Path:
    """Return the folder of DejaVu Sans, which comes with matplotlib, which MediaPipe needs.

    It has Latin, Greek, Cyrillic, Hebrew and Arabic letters, and it is the same on every machine.
    """
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf"


def _covered(text: str) -> bool:
    """Whether DejaVu Sans has all letters of a text; if not, the machine's own fonts help."""
    from matplotlib.ft2font import FT2Font

    known = FT2Font(str(_fonts() / "DejaVuSans.ttf")).get_charmap()
    return all(ord(letter) in known for letter in text)


def _data(
    result: ResultFolder, audience: Audience, name: str, when: datetime, root: Path
) -> dict[str, Any]:
    """Return what the template shows; pictures are written into its folder."""
    found = facts(result, audience)
    line, assessment = found[audience], result.assessment
    return {
        "language": found["language"],
        "say": {key: _(text) for key, text in TEXTS.items()},
        "audience": audience,
        "title": found["title"],
        "name": name,
        "date": [when.year, when.month, when.day, when.hour, when.minute, when.second],
        "day": day(when),
        "main": line.main,
        "more": list(line.more),
        "measured": line.measured,
        "plus_minus": found["plus_minus"],
        "frames": _frames(result, root),
        "key": [
            [say.measure_title(m, assessment, audience), say.value_text(m)]
            for m in key_measures(assessment)
        ],
        "reps": found["reps"],
        **_figures(result, audience),
        "pain": found["pain"],
        "corrections": found["corrections"],
        "missing": found["missing"],
        "comparisons": [
            _comparison(i, c, audience, root) for i, c in enumerate(found["comparisons"])
        ],
        "outside": " ".join(filter(None, [found["outside_is_common"], found["chance"]])),
        "without": found["without"],
        "curves": _curves(found["curves"], root),
        "checks": found["checks"],
        "recording": found["recording"],
        "method": found["method"],
        "provenance": _short(found["provenance"]),
        "disclaimer": found["disclaimer"],
    }


def _short(provenance: Iterable[tuple[str, str]]) -> list[list[str]]:
    """Return the provenance as fine print; ``assessment.json`` has all of it."""
    return [
        [name.removeprefix("settings."), value[:12] if name == "model_sha256" else value]
        for name, value in provenance
        if value not in ("", "None")
    ]


def _frames(result: ResultFolder, root: Path) -> list[dict[str, str | bool]]:
    found: list[dict[str, str | bool]] = []
    for i, frame in enumerate(key_frames(result)):
        (root / f"frame{i}.jpg").write_bytes(frame.jpeg)
        alt = _("{title}: the person with the measured angles drawn").format(title=frame.title)
        found.append(
            {"file": f"frame{i}.jpg", "title": frame.title, "alt": alt, "wide": frame.wide}
        )
    return found


def _figures(result: ResultFolder, audience: Audience) -> dict[str, Any]:
    """Return the summary figures: a row a signal, and those that belong to no signal."""
    rows: dict[tuple[str, str], list[str]] = {}
    others = []
    for m in result.assessment.measures:
        if m.rep is not None or m.value is None:
            continue
        signal, ending = split_measure(m.id)
        side = say.side_words(m.side, result.assessment)
        text = say.value_text(m) + (" *" if m.status == "partly_filled" else "")
        if signal and ending in COLUMNS:
            row = rows.setdefault((signal_name(signal, audience), side), [""] * len(COLUMNS))
            row[list(COLUMNS).index(ending)] = text
        else:
            name = measure_name(m.id, audience)
            others.append([f"{name}, {side}" if side else name, text])
    table = [[f"{name}, {side}" if side else name, *row] for (name, side), row in rows.items()]
    return {"columns": [_(title) for title in COLUMNS.values()], "rows": table, "others": others}


def _comparison(number: int, one: Comparison, audience: Audience, root: Path) -> dict[str, Any]:
    origin = one.origin
    return {
        "title": one.title,
        "value": one.value,
        "result": one.result,
        "drawing": _svg("range", f"range{number}.svg", root, one.title, one.drawing),
        "alt": one.drawing.text if one.drawing else "",
        "sentence": origin.sentence if origin else "",
        "definition": _("What was measured: {definition}. By: {instrument}.").format(
            definition=origin.definition, instrument=origin.instrument
        )
        if origin and audience == "therapist"
        else "",
        "source": _("Source: {source}").format(source=origin.citation if origin else one.source),
        "note": one.note or "",
    }


def _curves(curves: Iterable[tuple[str, CurveDrawing]], root: Path) -> list[dict[str, Any]]:
    return [
        {
            "title": title,
            "both": len(drawing.sides) > 1,
            "file": _svg("curve", f"curve{i}.svg", root, title, drawing),
            "alt": _("{angle} over time: {range}").format(angle=title, range=drawing.text),
        }
        for i, (title, drawing) in enumerate(list(curves)[:MOST_CURVES])
    ]


def _svg(
    kind: str, file: str, root: Path, name: str, drawing: CurveDrawing | RangeDrawing | None
) -> str:
    if drawing is None:
        return ""
    module: Any = templates().get_template("charts.svg.j2").module
    if kind == "curve":
        text = module.curve(name, drawing, styled=True)
    else:
        text = module.range(drawing, styled=True)
    (root / file).write_text(text, encoding="utf-8")
    return file
