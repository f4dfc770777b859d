"""Correcting a result by hand: repetitions, the label, the way the person stands, which person.

The numbers are made again by the same program from the landmarks that lie with the result (from
the recording, when another person is chosen), so a correction can change nothing but what it says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import streamlit as st

from movecheck.corrections import LEAST_WIDTH, OF_REPS, plain, region_of
from movecheck.marks import N_
from movecheck.movements import load, names
from movecheck.report.corrected import VIEWS, correction_lines
from movecheck.report.load import ResultFolder
from movecheck.report.names import Audience
from movecheck.texts import _
from movecheck.types import Assessment, Correction
from movecheck.ui import words
from movecheck.ui.job import Job, Options
from movecheck.ui.movements import choices
from movecheck.ui.workspace import Again, workspace

CORRECTED = N_("Corrected by hand")
INTRO = N_(
    "The figures are measured again from the same landmarks. What you change is kept with the "
    "result, and stands in the report."
)
SEVERAL = N_(
    "Several people were seen, so nothing is measured. Choose the part of the picture in which "
    "the person is; the rest is painted over, and the recording is measured again."
)
NO_RECORDING = N_("The recording is not there any more, so the person cannot be chosen.")
RESETS = N_("This takes back what was corrected of single repetitions, which are found anew.")
MISSED = N_(
    "Read its start and its end off the chart of angles, where the line follows the video. The "
    "deepest point is found between them."
)
STEP_S = 0.05


@dataclass(frozen=True)
class Place:
    """Where a result lies, and how another takes its place.

    Attributes
    ----------
    recording : Path or None
        The recording, where it is still there.
    put : callable
        Takes the folder of the new result.
    """

    recording: Path | None
    put: Callable[[Path], None]


def shown(result: ResultFolder) -> None:
    """Say what was corrected, where something was."""
    lines = correction_lines(result.assessment)
    if lines:
        listed = "\n".join(f"- {words.escape(line)}" for line in lines)
        st.info(f"**{_(CORRECTED)}**\n\n{listed}", icon=":material/edit:")


def form(result: ResultFolder, place: Place, who: Audience) -> None:
    """Offer to correct a result; a patient is asked for no more than which person it is."""
    assessment = result.assessment
    if result.file("landmarks.parquet") is None:
        return
    several = any(check.id == "one_person" and not check.ok for check in assessment.capture)
    if several or region_of(assessment.corrections):
        choose_person(result, place)
    if who != "therapist":
        return
    with st.expander(_("Correct by hand"), icon=":material/edit:"):
        st.markdown(words.small(_(INTRO)))
        repetition(result, place)
        missed(result, place)
        label(result, place)
        back(result, place)


def repetition(result: ResultFolder, place: Place) -> None:
    """Move a repetition's start, deepest point and end, or leave it out."""
    reps = result.assessment.reps
    if not reps:
        return
    st.subheader(_("A repetition"), anchor=False)
    number = st.selectbox(
        _("Repetition"), list(range(1, len(reps) + 1)), key="correct-rep", format_func=str
    )
    rep = reps[number - 1]
    most = result.assessment.recording.duration_s
    found = (rep.start_s, rep.peak_s, rep.end_s)
    titles = (_("Start in s"), _("Deepest point in s"), _("End in s"))
    # The count of corrections is in the key: the fields begin with the times of now.
    key = f"correct-{number}-{len(result.assessment.corrections)}"
    with st.form(key, border=False):
        times = tuple(
            place_.number_input(name, 0.0, most, round(t, 2), STEP_S, key=f"{key}-{i}")
            for i, (place_, name, t) in enumerate(zip(st.columns(3), titles, found, strict=True))
        )
        counts = st.checkbox(
            _("This repetition counts"), rep.excluded_reason is None, key=f"{key}-counts"
        )
        if not st.form_submit_button(_("Measure again"), key=f"{key}-go"):
            return
    new = []
    if any(abs(a - round(b, 2)) > 1e-6 for a, b in zip(times, found, strict=True)):
        new.append(_now("rep_times", times, number))
    if counts != (rep.excluded_reason is None):
        new.append(_now("rep_counts", counts, number))
    again(result, place, [*result.assessment.corrections, *new] if new else None)


def missed(result: ResultFolder, place: Place) -> None:
    """Add a repetition that was not found; its deepest point is found between the times."""
    assessment = result.assessment
    if assessment.movement not in names() or not load(assessment.movement).repeats:
        return
    st.subheader(_("A repetition that was missed"), anchor=False)
    st.markdown(words.small(_(MISSED)))
    key = f"correct-missed-{len(assessment.corrections)}"
    most = assessment.recording.duration_s
    with st.form(key, border=False):
        start_s, end_s = (
            column.number_input(name, 0.0, most, None, STEP_S, key=f"{key}-{name}")
            for column, name in zip(st.columns(2), (_("Start in s"), _("End in s")), strict=True)
        )
        if not st.form_submit_button(_("Add and measure again"), key=f"{key}-go"):
            return
    if start_s is None or end_s is None:
        st.warning(_("Give its start and its end."))
        return
    again(result, place, [*assessment.corrections, _now("rep_added", (start_s, end_s))])


def label(result: ResultFolder, place: Place) -> None:
    """Fix the movement, the view, or the way in which the person faces."""
    assessment = result.assessment
    st.subheader(_("Movement and camera"), anchor=False)
    key = f"correct-label-{len(assessment.corrections)}"
    with st.form(key, border=False):
        now = {"movement": assessment.movement, "view": assessment.view}
        now["facing"] = assessment.facing
        options = {
            "movement": list(choices()),
            "view": ["side", "front"],
            "facing": ["left", "right"] if assessment.view == "side" else ["camera", "away"],
        }
        titles = {"movement": _("Movement"), "view": _("Camera"), "facing": _("Facing")}
        chosen = {
            what: column.selectbox(
                titles[what],
                listed,
                index=listed.index(now[what]) if now[what] in listed else None,
                format_func=_name_of,
                key=f"{key}-{what}",
            )
            for column, (what, listed) in zip(st.columns(3), options.items(), strict=True)
        }
        st.markdown(words.small(_(RESETS)))
        if not st.form_submit_button(_("Measure again"), key=f"{key}-go"):
            return
    new = [_now(what, to) for what, to in chosen.items() if to not in (None, now[what])]
    if any(one.what == "view" for one in new):
        new = [one for one in new if one.what != "facing"]  # it was asked for the other view
    again(result, place, [*_whole(assessment), *new] if new else None)


def _name_of(name: str) -> str:
    return _(choices()[name].title) if name in choices() else _(VIEWS.get(name, name))


def back(result: ResultFolder, place: Place) -> None:
    """Take corrections back: the last one, or all."""
    made = result.assessment.corrections
    if not made:
        return
    with st.container(horizontal=True):
        if st.button(_("Take back the last correction"), icon=":material/undo:"):
            again(result, place, list(made[:-1]))
        if len(made) > 1 and st.button(_("Take back all corrections"), icon=":material/undo:"):
            again(result, place, [])


def choose_person(result: ResultFolder, place: Place) -> None:
    """Choose the part of the picture in which the person is."""
    from movecheck.report.frames import picture_at, with_part

    st.header(_("Which person"), anchor=False)
    st.markdown(_(SEVERAL))
    if place.recording is None:
        st.markdown(_(NO_RECORDING))
        return
    assessment = result.assessment
    now = region_of(assessment.corrections) or (0.0, 0.5)
    start, end = st.slider(
        _("Part of the picture, in percent from its left"),
        0,
        100,
        (round(100 * now[0]), round(100 * now[1])),
        key="correct-part",
    )
    clip = result.file("overlay.mp4") or place.recording
    picture = picture_at(clip, assessment.recording.duration_s / 2)
    if picture is not None:
        alt = _("The recording, with what is painted over shown dark.")
        st.image(with_part(picture, start / 100, end / 100), alt=alt, width=360)
    if st.button(_("Measure this person"), type="primary", icon=":material/person_search:"):
        if end - start < 100 * LEAST_WIDTH:
            st.warning(_("Choose a wider part of the picture."))
            return
        again(result, place, [_now("person", (start / 100, end / 100))])


def _whole(assessment: Assessment) -> list[Correction]:
    """Return the corrections that are not of single repetitions."""
    return [one for one in assessment.corrections if one.what not in OF_REPS]


def _now(what: Any, to: Any, rep: int | None = None) -> Correction:
    when = datetime.now().astimezone().isoformat(timespec="seconds")
    return Correction(what, to, rep=rep, when=when)


def again(result: ResultFolder, place: Place, made: Sequence[Correction] | None) -> None:
    """Measure again with corrections; None changes nothing."""
    if made is None:
        st.info(_("Nothing was changed."))
        return
    space = workspace()
    folder = space.new_folder()
    given = folder / "corrections.json"
    given.write_text(json.dumps(plain(made)))
    same_person = region_of(made) == region_of(result.assessment.corrections)
    source = result.folder / "landmarks.parquet" if same_person else place.recording
    assert source is not None, "without the recording no other person can be chosen"
    settings = result.assessment.provenance.get("settings", {})
    job = Job(source, folder, _options(settings, given, place.recording))
    space.measure_again(Again(result.folder, job, place.put))
    st.rerun()


def _options(settings: dict[str, Any], given: Path, recording: Path | None) -> Options:
    """Return what the first measurement was asked for, with the corrections."""
    return Options(
        movement=settings.get("movement") or "auto",
        view=settings.get("view") or "auto",
        age=settings.get("age"),
        sex=settings.get("sex"),
        height_cm=settings.get("height_cm"),
        corrections=given,
        recording=recording,
        overlay=recording is not None,
    )
