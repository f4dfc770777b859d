"""The result of a measurement, from its output folder: sentence, video, figures, charts, files."""

from __future__ import annotations

from pathlib import Path
from typing import cast

import streamlit as st

from movecheck.errors import DataError
from movecheck.report import words as say
from movecheck.report.load import ResultFolder, read_result
from movecheck.report.names import Audience, movement_name
from movecheck.report.select import key_measures
from movecheck.ui import words
from movecheck.ui.result_details import capture_check, downloads, measures_table, reps_table
from movecheck.ui.result_figures import angles_over_time, published_ranges

VIDEO_HEIGHT_PX = 520
"""An upright recording is drawn no taller than this, so that the figures stay beside it."""


def show(folder: Path, shown_name: str = "") -> None:
    """Draw the result of one measurement.

    Parameters
    ----------
    folder : Path
        Output folder of the command line tool.
    shown_name : str
        Name of the recording as the visitor knows it; shown as plain text.
    """
    try:
        result = read_result(folder)
    except DataError:
        st.error(words.CANNOT_READ)
        return
    audience = header(result, shown_name)
    video_and_figures(result, audience)
    published_ranges(result, audience)
    angles_over_time(result, audience)
    reps_table(result)
    measures_table(result, audience)
    capture_check(result)
    downloads(result)
    st.markdown(words.small(say.DISCLAIMER))


def header(result: ResultFolder, shown_name: str) -> Audience:
    """Draw the main sentence, and ask for whom it is written."""
    chosen = st.segmented_control(
        "Words for",
        ["patient", "therapist"],
        default="patient",
        required=True,
        format_func=str.capitalize,
        key="audience",
        persist_state="session",
    )
    audience = cast(Audience, chosen or "patient")
    line = say.headline(result.assessment, audience)
    st.title(words.escape(line.main), anchor=False)
    for sentence in line.more:
        st.markdown(words.escape(sentence))
    st.markdown(words.small(words.escape(say.PLUS_MINUS) if line.measured else words.FILMING_AGAIN))
    if shown_name:
        st.text(shown_name)
    open_points = [check for check in result.assessment.capture if not check.ok]
    if open_points and line.measured:
        st.warning(words.better_recording(len(open_points)), icon=":material/videocam:")
    return audience


def video_and_figures(result: ResultFolder, audience: Audience) -> None:
    """Draw the overlay video; beside an upright one the key figures, else below."""
    recording = result.assessment.recording
    upright = recording.height_px > recording.width_px
    overlay = result.file("overlay.mp4")
    if overlay is None:
        key_figures(result, audience, columns=3)
        return
    if not upright:
        st.video(str(overlay), alt=words.OVERLAY_ALT, loop=True, muted=True)
        key_figures(result, audience, columns=3)
        return
    left, right = st.columns([5, 6], gap="medium")
    width = round(VIDEO_HEIGHT_PX * recording.width_px / recording.height_px)
    left.video(str(overlay), alt=words.OVERLAY_ALT, loop=True, muted=True, width=width)
    with right:
        key_figures(result, audience, columns=1)


def key_figures(result: ResultFolder, audience: Audience, columns: int) -> None:
    """Draw the few figures that matter most, each with its ±."""
    chosen = key_measures(result.assessment)
    if not chosen:
        return
    title = movement_name(result.assessment.movement)
    summary = f"{title}: summary over the repetitions" if result.assessment.reps else title
    st.markdown(words.small(words.escape(summary)))
    places = st.columns(columns) if columns > 1 else [st.container()]
    for i, measure in enumerate(chosen):
        places[i % columns].metric(
            words.escape(say.measure_title(measure, result.assessment, audience)),
            say.value_text(measure),
        )
