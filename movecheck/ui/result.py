"""The result of a measurement, from its output folder: sentence, pictures, figures, files."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from movecheck.errors import DataError
from movecheck.report import words as say
from movecheck.report.frames import KeyFrame, beside, key_frames
from movecheck.report.load import ResultFolder, read_result
from movecheck.report.names import Audience, movement_name
from movecheck.report.select import key_measures
from movecheck.texts import _
from movecheck.ui import again, audience, correct, words
from movecheck.ui.keep import PICTURES
from movecheck.ui.result_details import (
    capture_check,
    downloads,
    measures_table,
    not_measured,
    pdf_button,
    reps_table,
)
from movecheck.ui.result_figures import main_angles, other_angles, published_ranges

VIDEO_HEIGHT_PX = 460
"""An upright recording is drawn no taller than this, so that the chart stays beside it."""


def show(
    folder: Path, shown_name: str = "", name: str = "", place: correct.Place | None = None
) -> bool:
    """Draw the result of one measurement.

    Parameters
    ----------
    folder : Path
        Output folder of the command line tool.
    shown_name : str
        Name of the recording as the visitor knows it; shown as plain text.
    name : str
        Whom the PDF is about.
    place : Place, optional
        Where the result lies, when it may be corrected.

    Returns
    -------
    bool
        False while there is no result to show.
    """
    if again.waiting(folder):
        return False
    try:
        result = read_result(folder)
    except DataError:
        st.error(_(words.CANNOT_READ))
        return False
    who = audience.current()
    header(result, shown_name, who)
    correct.shown(result)
    pdf_button(result, who, name)
    pictures_and_figures(result, who)
    video_and_chart(result, who)
    reps_table(result, who)
    if place is not None:
        correct.form(result, place, who)
    published_ranges(result, who)
    not_measured(result, who)
    other_angles(result, who)
    measures_table(result, who)
    capture_check(result)
    downloads(result)
    st.markdown(words.small(_(say.DISCLAIMER)))
    return True


def header(result: ResultFolder, shown_name: str, who: Audience) -> None:
    """Draw the main sentence."""
    line = say.headline(result.assessment, who)
    st.title(words.escape(line.main), anchor=False)
    for sentence in line.more:
        st.markdown(words.escape(sentence))
    st.markdown(
        words.small(words.escape(_(say.PLUS_MINUS)) if line.measured else _(words.FILMING_AGAIN))
    )
    if shown_name:
        st.text(shown_name)
    open_points = [check for check in result.assessment.capture if not check.ok]
    if open_points and line.measured:
        st.warning(words.better_recording(len(open_points)), icon=":material/videocam:")


def pictures_and_figures(result: ResultFolder, who: Audience) -> None:
    """Draw the key pictures, standing and deepest, beside the figures that matter most."""
    frames = _frames(result)
    if not frames:
        key_figures(result, who, columns=3)
        return
    wide = all(frame.wide for frame in frames)
    left, right = (st.container(),) * 2 if wide else st.columns([4, 3], gap="medium")
    titles = ". ".join(frame.title for frame in frames)
    with left:
        st.image(beside(frames), alt=f"{titles}. {_(words.KEY_ALT)}", width="stretch")
        st.markdown(words.small(words.escape(f"{titles}.")))
    with right:
        key_figures(result, who, columns=3 if wide else 1)


def _frames(result: ResultFolder) -> list[KeyFrame]:
    """Return the key pictures; those of the result shown last are kept for the session."""
    key = str(result.folder)
    kept = st.session_state.get(PICTURES)
    if kept is None or kept[0] != key:
        kept = st.session_state[PICTURES] = (key, key_frames(result))
    return list(kept[1])


def key_figures(result: ResultFolder, who: Audience, columns: int) -> None:
    """Draw the few figures that matter most, each with its ±."""
    chosen = key_measures(result.assessment)
    if not chosen:
        return
    title = movement_name(result.assessment.movement)
    summary = (
        _("{movement}: summary over the repetitions").format(movement=title)
        if result.assessment.reps
        else title
    )
    st.markdown(words.small(words.escape(summary)))
    places = st.columns(columns) if columns > 1 else [st.container()]
    for i, measure in enumerate(chosen):
        # The label is a text of its own: that of a metric is cut where the column ends.
        name = say.measure_title(measure, result.assessment, who)
        with places[i % columns]:
            st.markdown(words.small(words.escape(name)))
            st.metric(name, say.value_text(measure), label_visibility="collapsed")


def video_and_chart(result: ResultFolder, who: Audience) -> None:
    """Draw the overlay video, and the main angle over time beside it (below a wide one)."""
    recording = result.assessment.recording
    overlay = result.file("overlay.mp4")
    if overlay is None:
        main_angles(result, who)
        return
    st.header(_("The movement"), anchor=False)
    upright = recording.height_px > recording.width_px
    if not upright:
        st.video(str(overlay), alt=_(words.OVERLAY_ALT), loop=True, muted=True)
        main_angles(result, who)
        return
    left, right = st.columns([2, 3], gap="medium")
    width = round(VIDEO_HEIGHT_PX * recording.width_px / recording.height_px)
    left.video(str(overlay), alt=_(words.OVERLAY_ALT), loop=True, muted=True, width=width)
    with right:
        main_angles(result, who)
