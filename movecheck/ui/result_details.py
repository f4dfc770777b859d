"""The tables of a result, the capture check and the files to take away."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from movecheck.marks import N_
from movecheck.report import words as say
from movecheck.report.facts import counted, seconds
from movecheck.report.html import render
from movecheck.report.load import ResultFolder
from movecheck.report.names import Audience, check_name, measure_name
from movecheck.report.select import key_measures
from movecheck.texts import _, kept
from movecheck.types import Assessment, Check, Measure
from movecheck.ui import words

FILES: tuple[tuple[str, str, str], ...] = (
    ("overlay.mp4", N_("Video with lines"), "video/mp4"),
    ("report.html", N_("Report (HTML)"), "text/html"),
    ("measures.csv", N_("Measures (CSV)"), "text/csv"),
    ("signals.csv", N_("Angles over time (CSV)"), "text/csv"),
    ("assessment.json", N_("Everything (JSON)"), "application/json"),
    ("landmarks.parquet", N_("Landmarks (Parquet)"), "application/octet-stream"),
)
"""File name, what its button says, and its type."""

ROW_PX, MOST_TABLE_PX = 35, 320
"""Height of a row of the table, and of the table before it scrolls."""

STATUS = {
    "measured": N_("measured"),
    "partly_filled": N_("partly filled in"),
    "not_measurable": N_("not measurable"),
}


def pdf_button(result: ResultFolder, audience: Audience, name: str) -> None:
    """Offer the report, in the words that the page uses now."""

    def made() -> bytes:
        from movecheck.report.pdf import render_pdf

        return render_pdf(result, audience, name=name)

    st.download_button(
        _("Report (PDF)"),
        data=kept(made),
        file_name=f"movecheck-{result.assessment.movement}-{audience}.pdf",
        mime="application/pdf",
        on_click="ignore",
        type="primary",
        icon=":material/picture_as_pdf:",
    )


def reps_table(result: ResultFolder, audience: Audience) -> None:
    """Draw one row a repetition, with its own figures and their ±."""
    assessment = result.assessment
    if not assessment.reps:
        return
    st.header(_("Repetitions, one by one"), anchor=False)
    shown = rep_measures(assessment)
    values = {(m.id, m.side, m.rep): m for m in assessment.measures if m.rep is not None}
    rows = []
    for i, rep in enumerate(assessment.reps, 1):
        row = {_("No."): str(i), _("Time"): seconds(rep.end_s - rep.start_s)}
        for m in shown:
            own = values.get((m.id, m.side, i))
            row[say.measure_title(m, assessment, audience)] = (
                say.value_text(own) if own is not None and own.value is not None else "–"
            )
        row[_("Counted")] = counted(rep)
        rows.append(row)
    st.table(rows, hide_index=True, border="horizontal", alt=_("Figures of each repetition"))


def rep_measures(assessment: Assessment, most: int = 2) -> list[Measure]:
    """Return the leading measures that the repetitions have values of."""
    per_rep = {(m.id, m.side) for m in assessment.measures if m.rep is not None}
    found = [m for m in key_measures(assessment) if (m.id, m.side) in per_rep]
    return [m for m in found if m.id != "duration"][:most]


def not_measured(result: ResultFolder, audience: Audience) -> None:
    """Say what could not be measured, why, and how to film it next time."""
    measures = result.assessment.measures
    missing = [m for m in measures if m.rep is None and m.status == "not_measurable"]
    if not missing:
        return
    st.header(_(words.NOT_MEASURED), anchor=False)
    reasons: dict[str, list[str]] = {}
    for m in missing:
        title = say.signal_title(m, result.assessment, audience)
        reasons.setdefault(m.reason or N_("No reason was given."), []).append(title)
    for reason, titles in reasons.items():
        named = "; ".join(dict.fromkeys(titles))
        st.markdown(f"- **{words.escape(_(reason))}** {words.escape(named)}.")


def measures_table(result: ResultFolder, audience: Audience) -> None:
    """Draw all measures on demand, those that could not be measured with their reason."""
    measures = result.assessment.measures
    if not measures:
        return
    rows = [
        {
            _("Measure"): f"{measure_name(m.id, audience)}{f', {_(m.side)}' if m.side else ''}",
            _("Rep."): _("all") if m.rep is None else str(m.rep),
            _("Value"): say.value_text(m) if m.value is not None else "–",
            _("Status"): _(STATUS[m.status]),
            _("Reason"): _(m.reason or ""),
        }
        for m in sorted(measures, key=lambda m: (m.value is None, m.rep is not None))
    ]
    height = min(MOST_TABLE_PX, ROW_PX * (len(rows) + 1) + 3)
    with st.expander(_("All measures"), icon=":material/table_rows:"):
        st.dataframe(
            rows, hide_index=True, height=height, alt=_("Table of all measures with their ±")
        )


def capture_check(result: ResultFolder) -> None:
    """Draw the capture check: icon and words, never colour alone."""
    checks = result.assessment.capture
    if not checks:
        return
    open_points = [check for check in checks if not check.ok]
    with st.expander(
        _("The recording itself"), icon=":material/videocam:", expanded=bool(open_points)
    ):
        _checks(result, open_points)


def _checks(result: ResultFolder, open_points: list[Check]) -> None:
    if not result.assessment.recording.complete:
        st.warning(_(words.INCOMPLETE), icon=":material/content_cut:")
    for check in open_points:
        st.markdown(check_line(check))
    fine = [check_name(check.id) for check in result.assessment.capture if check.ok]
    if fine:
        st.markdown(f":material/check_circle: **{_('Fine:')}** {words.escape(', '.join(fine))}.")


def check_line(check: Check) -> str:
    """Return one line of the capture check, for what could be better."""
    told = _("**{point}** could be better.").format(point=words.escape(check_name(check.id)))
    return f":material/error_outline: {told} {words.escape(_(check.advice or ''))}".strip()


def downloads(result: ResultFolder) -> None:
    """Offer the files; each is read only when it is asked for."""
    st.header(_("Take it with you"), anchor=False)
    with st.container(horizontal=True):
        for name, label, mime in FILES:
            if name != "report.html" and result.file(name) is None:
                continue
            st.download_button(
                _(label),
                data=kept(_reader(result, name)),
                file_name=f"movecheck-{name}",
                mime=mime,
                on_click="ignore",
                icon=":material/download:",
            )


def _reader(result: ResultFolder, name: str) -> Callable[[], bytes]:
    def read() -> bytes:
        if name == "report.html":
            return render(result).encode()
        return (result.folder / name).read_bytes()

    return read
