"""The page that compares two visits, and shows the trend over all."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast

import streamlit as st

from movecheck import texts
from movecheck.errors import DataError
from movecheck.marks import N_
from movecheck.report.names import movement_name
from movecheck.texts import _
from movecheck.ui import audience, keep, questionnaires, words
from movecheck.ui import words_visits as say

if TYPE_CHECKING:
    from movecheck.report.load import ResultFolder
    from movecheck.store import Assessment, Visit

VIEWS = {"side": N_("from the side"), "front": N_("from the front")}
Kept = tuple["Visit", "Assessment"]


def main() -> None:
    """Draw the page."""
    st.title(_("Compare two visits"), anchor=False)
    st.markdown(_(say.COMPARE_INTRO))
    client = keep.whose(_(say.WHOSE))
    groups = by_movement(keep.store().visits(client))
    if not groups:
        st.info(_(say.COMPARE_NEEDS), icon=":material/info:")
        return
    chosen = st.selectbox(_("Movement"), list(groups), format_func=movement_and_view, key="which")
    kept = groups[chosen]
    left, right = st.columns(2)
    numbers = list(range(len(kept)))
    first = left.selectbox(
        _("Earlier"), numbers[:-1], format_func=lambda n: label(kept, n), key="earlier"
    )
    later = [n for n in numbers if n > first]
    second = right.selectbox(
        _("Later"), later, index=len(later) - 1, format_func=lambda n: label(kept, n), key="later"
    )
    two(kept[first], kept[second], label(kept, first), label(kept, second))
    over_time(kept)


def by_movement(visits: Sequence[Visit]) -> dict[tuple[str, str], list[Kept]]:
    """Return the kept results by movement and view, oldest first; only those with two or more."""
    groups: dict[tuple[str, str], list[Kept]] = {}
    for visit in visits:
        for one in visit.assessments:
            groups.setdefault((one.movement, one.view), []).append((visit, one))
    return {key: kept for key, kept in groups.items() if len(kept) > 1}


def movement_and_view(key: tuple[str, str]) -> str:
    """Return the name of a group."""
    return f"{movement_name(key[0])} {_(VIEWS.get(key[1], ''))}".strip()


def label(kept: Sequence[Kept], number: int) -> str:
    """Return the day of a result, with a number where a day has several."""
    day = kept[number][0].day
    same = [n for n, (visit, _) in enumerate(kept) if visit.day == day]
    if len(same) == 1:
        return texts.day(day)
    return _("{day} (no. {number})").format(day=texts.day(day), number=same.index(number) + 1)


def two(early: Kept, late: Kept, early_name: str, late_name: str) -> None:
    """Draw two results beside each other."""
    from movecheck.report.compare import cautions
    from movecheck.report.load import read_result

    try:
        before, after = (read_result(keep.store().folder_of(one)) for _, one in (early, late))
    except DataError as error:
        keep.problem(error)
        return
    for caution in cautions(before.assessment, after.assessment):
        st.warning(caution, icon=":material/info:")
    differences(before, after)
    questionnaires.compared(early[0], late[0])
    curves(before, after, (early_name, late_name))
    pictures((before, after), (early_name, late_name))


def differences(before: ResultFolder, after: ResultFolder) -> None:
    """Draw the differences of the main figures in words, and all of them as a table."""
    from movecheck.report import words as told
    from movecheck.report.compare import changes
    from movecheck.report.select import key_measures
    from movecheck.ui.trend import change_row, change_values

    found = changes(before.assessment, after.assessment)
    if not found:
        return
    st.header(_("What changed"), anchor=False)
    who = audience.current()
    titles = [told.measure_title(c.before, before.assessment, who) for c in found]
    leading = {(m.id, m.side) for m in key_measures(before.assessment)}
    for title, change in zip(titles, found, strict=True):
        if (change.before.id, change.before.side) not in leading:
            continue
        with st.container(border=True):
            st.markdown(f"**{words.escape(title)}**")
            early, late, difference, detectable = change_values(change)
            st.markdown(
                _(
                    "{before} → {after}, difference **{difference}** (smallest detectable "
                    "{detectable})"
                ).format(before=early, after=late, difference=difference, detectable=detectable)
            )
            st.markdown(_(say.VERDICTS[change.verdict]))
    st.markdown(words.small(_(say.DETECTABLE)))
    with st.expander(_("All figures of both visits")):
        rows = [change_row(title, change) for title, change in zip(titles, found, strict=True)]
        st.dataframe(rows, hide_index=True, alt=_("All differences with their detectable change"))


def curves(before: ResultFolder, after: ResultFolder, names: tuple[str, str]) -> None:
    """Draw the curves of both visits on each other."""
    from movecheck.report import words as told
    from movecheck.report.select import curves as grouped
    from movecheck.ui.trend import curves_of, overlaid

    if before.signals is None or after.signals is None or not before.assessment.reps:
        return
    groups, first = grouped(before.signals, before.assessment.movement)
    st.header(_("The repetitions on each other"), anchor=False)
    st.markdown(words.small(_(say.CURVES)))
    for base in first:
        for column in groups[base].values():
            both = [
                curves_of(name, result.signals, column, result.assessment.reps)
                for name, result in zip(names, (before, after), strict=True)
            ]
            if not all(len(curve.rows) for curve in both):
                continue
            title = told.curve_title(base, {"": column}, before.assessment, audience.current())
            st.subheader(words.escape(title), anchor=False)
            chart = overlaid(title, both)
            st.altair_chart(chart.drawing, alt=chart.alt_text)


def pictures(both: tuple[ResultFolder, ResultFolder], names: tuple[str, str]) -> None:
    """Draw the videos beside each other where they were kept."""
    from movecheck.ui.moving import play_in_step

    clips = [result.file("overlay.mp4") for result in both]
    if not any(clips):
        return
    st.header(_("The videos"), anchor=False)
    if all(clips):
        play_in_step(both[0].assessment.reps, both[1].assessment.reps)
    for place, clip, name in zip(st.columns(2), clips, names, strict=True):
        place.markdown(f"**{name}**")
        if clip is None:
            place.markdown(_("The video was not kept."))
        else:
            place.video(str(clip), alt=f"{name}: {_(words.OVERLAY_ALT)}", loop=True, muted=True)


def over_time(kept: Sequence[Kept]) -> None:
    """Draw a figure over all visits."""
    from movecheck.report.names import UNITS, measure_name
    from movecheck.ui.trend import Point, trend

    series: dict[tuple[str, str | None], list[Point]] = {}
    units: dict[str, str] = {}
    for visit, one in kept:
        for row in cast(list[dict[str, Any]], one.content["measures"]):
            if row["rep"] is None and row["value"] is not None and not row["id"].endswith("_sd"):
                point = Point(visit.day, row["value"], row["uncertainty"] or 0.0)
                units[row["id"]] = _(UNITS.get(row["unit"], ""))
                series.setdefault((row["id"], row["side"]), []).append(point)
    series = {key: points for key, points in series.items() if len(points) > 1}
    if not series:
        return
    st.header(_("All visits"), anchor=False)
    who = audience.current()
    key = st.selectbox(
        _("Figure"),
        list(series),
        format_func=lambda k: f"{measure_name(k[0], who)}{f', {_(k[1])}' if k[1] else ''}",
        key="figure",
    )
    chart = trend(measure_name(key[0], who), series[key], units[key[0]])
    st.altair_chart(chart.drawing, alt=chart.alt_text)
    st.markdown(words.small(_(say.TREND)))


main()
