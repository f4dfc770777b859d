"""The drawn part of a result: published ranges, and each angle over time."""

from __future__ import annotations

import streamlit as st

from movecheck.marks import N_
from movecheck.report import words as say
from movecheck.report.drawing import draw_curves
from movecheck.report.load import ResultFolder
from movecheck.report.names import Audience, upper_first
from movecheck.report.origin import origin_of, told
from movecheck.report.select import band_of, curves, held
from movecheck.texts import _
from movecheck.types import Finding
from movecheck.ui import words

RESULT_ICONS = {
    "within": ":material/check_circle:",
    "below": ":material/arrow_downward:",
    "above": ":material/arrow_upward:",
    "borderline": ":material/drag_handle:",
}


def published_ranges(result: ResultFolder, audience: Audience) -> None:
    """Draw the figures that may be compared; say for the others why not."""
    findings = result.assessment.findings
    if not findings:
        return
    st.header(_("Beside published values"), anchor=False)
    compared = [f for f in findings if f.result != "no_reference"]
    for finding in compared:
        one_range(finding, result, audience)
    if compared:
        chance = say.expected_by_chance(findings)
        st.markdown(words.small(" ".join(filter(None, [_(say.OUTSIDE_IS_COMMON), chance]))))
    without = [f for f in findings if f.result == "no_reference"]
    if not without:
        return
    if not compared:
        st.markdown(_(words.NO_RANGES))
    with st.expander(_(words.WHY_NO_RANGES)):
        notes: dict[str, list[str]] = {}
        for f in without:
            title = say.signal_title(f, result.assessment, audience)
            notes.setdefault(f.note or _(words.NO_RANGE_KNOWN), []).append(title)
        for note, titles in notes.items():
            named = "; ".join(dict.fromkeys(titles))
            st.markdown(f"**{words.escape(named)}**: {words.escape(told(note))}")


def one_range(finding: Finding, result: ResultFolder, audience: Audience) -> None:
    """Draw one figure against its published range, with the source."""
    from movecheck.ui.charts import range_chart

    measure = say.summary_of(finding, result.assessment)
    if measure is None or measure.value is None:
        return
    title = words.escape(say.measure_title(finding, result.assessment, audience))
    with st.container(border=True):
        st.subheader(f"{title}: {say.value_text(measure)}", anchor=False)
        icon = RESULT_ICONS.get(finding.result, "")
        st.markdown(f"{icon} {upper_first(_(say.RESULTS[finding.result]))}")
        unit = {"deg": N_("degrees"), "s": N_("seconds")}.get(measure.unit, "")
        chart = range_chart(
            measure.value, measure.uncertainty or 0.0, finding.low, finding.high, unit
        )
        st.altair_chart(chart.drawing, alt=chart.alt_text)
        origin = origin_of(finding)
        if origin is None:
            st.markdown(
                words.small(
                    words.escape(
                        _("Source: {source}").format(source=finding.source_key or _("not stated"))
                    )
                )
            )
            return
        st.markdown(words.escape(origin.sentence))
        remark = told(finding.note) if finding.note else origin.caution
        if remark:
            st.markdown(words.small(words.escape(remark)))
        with st.expander(_("Source and definition"), type="compact"):
            st.markdown(
                words.escape(
                    _("What was measured: {definition}. By: {instrument}.").format(
                        definition=origin.definition, instrument=origin.instrument
                    )
                )
            )
            st.markdown(words.escape(origin.citation))


BESIDE = 3
"""So many charts stand beside the video."""


def main_angles(result: ResultFolder, audience: Audience) -> None:
    """Draw the movement's leading angles, with a cursor that follows the video."""
    from movecheck.ui.moving import charts_with_cursor

    track = result.signals
    groups, first = _curves(result)
    if track is None or not groups:
        return
    assessment = result.assessment
    drawn = [
        (
            say.curve_title(base, groups[base], assessment, audience),
            draw_curves(
                groups[base],
                track,
                assessment.reps,
                band_of(base, assessment.findings),
                held(assessment),
            ),
        )
        for base in first[:BESIDE]
    ]
    charts_with_cursor(drawn, float(track.time_s[-1]))
    reps = f"{_(words.REPS_KEY)} " if assessment.reps else ""
    bands = f" {_(words.BAND_KEY)}" if any(drawing.band for _, drawing in drawn) else ""
    cursor = f"{_(words.CURSOR_KEY)} " if result.file("overlay.mp4") else ""
    st.markdown(words.small(f"{cursor}{reps}{_(words.CHART_KEY)}{bands}"))


def other_angles(result: ResultFolder, audience: Audience) -> None:
    """Draw the other charts, on demand."""
    groups, first = _curves(result)
    rest = [base for base in groups if base not in first[:BESIDE]]
    if not rest:
        return
    with st.expander(words.more_angles(len(rest)), icon=":material/show_chart:"):
        for base in rest:
            one_angle(base, groups[base], result, audience)


def _curves(result: ResultFolder) -> tuple[dict[str, dict[str, str]], list[str]]:
    """Return the angles that have values, and which of them come first."""
    if result.signals is None:
        return {}, []
    return curves(result.signals, result.assessment.movement)


def one_angle(base: str, columns: dict[str, str], result: ResultFolder, audience: Audience) -> None:
    """Draw one angle over time."""
    from movecheck.ui.charts import signal_chart

    assert result.signals is not None
    title = say.curve_title(base, columns, result.assessment, audience)
    band = band_of(base, result.assessment.findings)
    st.subheader(words.escape(title), anchor=False)
    chart = signal_chart(
        title, columns, result.signals, result.assessment.reps, band, held(result.assessment)
    )
    st.altair_chart(chart.drawing, alt=chart.alt_text)
    if band is not None:
        st.markdown(words.small(_(words.BAND_KEY)))
