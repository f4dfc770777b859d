"""The tables of a result, the capture check and the files to take away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import streamlit as st

from movecheck.report import words as say
from movecheck.report.html import write_report
from movecheck.report.load import ResultFolder
from movecheck.report.names import Audience, check_name, measure_name
from movecheck.types import Check
from movecheck.ui import words

FILES: tuple[tuple[str, str, str], ...] = (
    ("overlay.mp4", "Video with lines", "video/mp4"),
    ("report.html", "Report to print", "text/html"),
    ("measures.csv", "Measures (CSV)", "text/csv"),
    ("signals.csv", "Angles over time (CSV)", "text/csv"),
    ("assessment.json", "Everything (JSON)", "application/json"),
    ("landmarks.parquet", "Landmarks (Parquet)", "application/octet-stream"),
)
"""File name, what its button says, and its type."""

ROW_PX, MOST_TABLE_PX = 35, 320
"""Height of a row of the table, and of the table before it scrolls."""

STATUS = {
    "measured": "measured",
    "partly_filled": "partly filled in",
    "not_measurable": "not measurable",
}


def reps_table(result: ResultFolder) -> None:
    """Draw one row a repetition."""
    reps = result.assessment.reps
    if not reps:
        return
    st.header("Repetitions", anchor=False)
    rows = [
        {
            "No.": str(i),
            "Start": f"{rep.start_s:.1f} s",
            "Deepest": f"{rep.peak_s:.1f} s",
            "End": f"{rep.end_s:.1f} s",
            "Time": f"{rep.end_s - rep.start_s:.1f} s",
            "Counted": "yes" if rep.excluded_reason is None else "no",
        }
        for i, rep in enumerate(reps, 1)
    ]
    st.table(rows, hide_index=True, border="horizontal", alt="Times of each repetition")


def measures_table(result: ResultFolder, audience: Audience) -> None:
    """Draw all measures, those that could not be measured with their reason."""
    measures = result.assessment.measures
    if not measures:
        return
    st.header("All measures", anchor=False)
    missing = [m for m in measures if m.rep is None and m.status == "not_measurable"]
    signals = {say.signal_title(m, result.assessment, audience) for m in missing}
    rows = [
        {
            "Measure": f"{measure_name(m.id, audience)}{f', {m.side}' if m.side else ''}",
            "Rep.": "all" if m.rep is None else str(m.rep),
            "Value": say.value_text(m) if m.value is not None else "–",
            "Status": STATUS[m.status],
            "Reason": m.reason or "",
        }
        for m in sorted(measures, key=lambda m: (m.value is None, m.rep is not None))
    ]
    height = min(MOST_TABLE_PX, ROW_PX * (len(rows) + 1) + 3)
    st.dataframe(rows, hide_index=True, height=height, alt="Table of all measures with their ±")
    if missing:
        with st.expander(words.cannot_give(len(signals))):
            reasons: dict[str, list[str]] = {}
            for m in missing:
                title = say.signal_title(m, result.assessment, audience)
                reasons.setdefault(m.reason or "No reason was given.", []).append(title)
            for reason, titles in reasons.items():
                named = "; ".join(dict.fromkeys(titles))
                st.markdown(f"- {words.escape(named)}: {words.escape(reason)}")


def capture_check(result: ResultFolder) -> None:
    """Draw the capture check: icon and words, never colour alone."""
    checks = result.assessment.capture
    if not checks:
        return
    st.header("The recording itself", anchor=False)
    if not result.assessment.recording.complete:
        st.warning(words.INCOMPLETE, icon=":material/content_cut:")
    for check in checks:
        if not check.ok:
            st.markdown(check_line(check))
    fine = [check_name(check.id) for check in checks if check.ok]
    if fine:
        st.markdown(f":material/check_circle: **Fine:** {words.escape(', '.join(fine).lower())}.")


def check_line(check: Check) -> str:
    """Return one line of the capture check, for what could be better."""
    line = f":material/error_outline: **{words.escape(check_name(check.id))}** could be better."
    return f"{line} {words.escape(check.advice)}" if check.advice else line


def downloads(result: ResultFolder) -> None:
    """Offer the files; each is read only when it is asked for."""
    st.header("Take it with you", anchor=False)
    with st.container(horizontal=True):
        for name, label, mime in FILES:
            if name != "report.html" and result.file(name) is None:
                continue
            st.download_button(
                label,
                data=_reader(result.folder, name),
                file_name=f"movecheck-{name}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def _reader(folder: Path, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        path = folder / name
        if name == "report.html" and not path.is_file():
            write_report(folder, path)
        return path.read_bytes()

    return read
