"""The page that measures: choose a recording, wait, read the result."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace
from functools import partial

import streamlit as st

from movecheck.texts import _, pgettext
from movecheck.ui import keep, language, safety, words
from movecheck.ui.job import Job, Options
from movecheck.ui.keep import forget_pictures, keep_form, pain
from movecheck.ui.movements import Choice, choices
from movecheck.ui.samples import find_samples
from movecheck.ui.uploads import drop_from_memory
from movecheck.ui.workspace import Workspace, workspace

UPLOAD_TYPES = ["mp4", "mov", "m4v", "webm", "mkv", "avi"]


def main() -> None:
    """Draw the page for what the visitor is doing now."""
    space = workspace()
    job = space.job
    state = job.state() if job is not None else None
    if job is not None and state == "running":
        waiting(space, job)
        return
    if job is not None and state == "done":
        result(space, job)
        return
    if not safety.passed():
        safety.screen()
        return
    st.title(_(words.TITLE), anchor=False)
    st.markdown(_(words.INTRO))
    notices(job, state)
    st.info(_(words.STOP), icon=":material/front_hand:")
    with st.expander(_(words.FILMING_TITLE), icon=":material/videocam:"):
        st.markdown("\n".join(f"- {_(item)}" for item in words.FILMING))
    form(space)
    prepare()


def notices(job: Job | None, state: str | None) -> None:
    """Say what became of the last measurement, if it gave no result."""
    if job is not None and state == "failed":
        message, hint = job.problem()
        st.error(
            f"**{words.escape(_(message))}**\n\n{words.escape(_(hint))}",
            icon=":material/error_outline:",
        )
    note = st.session_state.pop("notice", None)
    if note:
        st.info(note, icon=":material/info:")


def form(space: Workspace) -> None:
    """Choose a recording and what to measure."""
    choose_recording(space)
    left, right = st.columns(2)
    movement = left.selectbox(
        _("Movement"),
        ["auto", *choices()],
        format_func=lambda name: _(words.AUTO) if name == "auto" else _(choices()[name].title),
        key="movement",
        persist_state="session",
    )
    view = right.selectbox(
        _("Camera"),
        list(words.VIEW_CHOICES),
        format_func=lambda view: _(words.VIEW_CHOICES[view]),
        key="view",
        persist_state="session",
    )
    if movement in choices():
        how_to(choices()[movement])
    with st.expander(_(words.PAIN_TITLE)):
        st.markdown(words.small(_(words.PAIN)))
        pain(("pain_before",))
    age, sex, height = about_the_person()
    options = Options(movement or "auto", view or "auto", age, sex, height)
    measure = pgettext("a button", "Measure")
    if st.button(measure, type="primary", width="stretch", icon=":material/straighten:"):
        if space.clip is None:
            st.warning(_(words.NO_RECORDING), icon=":material/info:")
        else:
            start(space, options)
    samples(space, options)
    safety.ask_again()
    st.markdown(words.small(_(words.NOT_A_DIAGNOSIS)))


def how_to(movement: Choice) -> None:
    """Say how to do the movement, where the camera stands, and what to mind."""
    st.markdown("\n".join(f"1. {words.escape(_(step))}" for step in movement.instructions))
    st.markdown(words.escape(movement.filming()))
    if movement.safety:
        st.markdown(words.escape(_(movement.safety)))


def choose_recording(space: Workspace) -> None:
    """Take an upload, or show the one that is there."""
    clip = space.clip
    if clip is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(clip.label)
            if st.button(
                _("Choose another") if clip.is_sample else _("Delete this recording"),
                icon=":material/delete:" if not clip.is_sample else None,
            ):
                forget(space)
        return
    turn = st.session_state.setdefault("upload_turn", 0)
    upload = st.file_uploader(
        _(words.UPLOAD_LABEL),
        type=UPLOAD_TYPES,
        max_upload_size=words.UPLOAD_CAP_MB,
        key=f"upload-{turn}",
    )
    st.markdown(words.small(_(words.UPLOAD_HELP)))
    if upload is None:
        return
    try:
        space.keep_upload(upload, upload.name)
    except OSError:
        space.forget()
        st.error(_(words.CANNOT_STORE))
        return
    finally:
        drop_from_memory(upload)
        st.session_state["upload_turn"] = turn + 1
    st.rerun()


def about_the_person() -> tuple[int | None, str | None, int | None]:
    """Ask for age, sex and height; none of them is needed."""
    with st.expander(_(words.ABOUT_YOU_TITLE)):
        st.markdown(words.small(_(words.ABOUT_YOU)))
        one, two, three = st.columns(3)
        age = one.number_input(_("Age"), 5, 110, value=None, key="age", persist_state="session")
        sex = two.selectbox(
            _("Sex"),
            ["F", "M"],
            index=None,
            format_func={"F": _("Female"), "M": _("Male")}.__getitem__,
            placeholder=_("Not told"),
            key="sex",
            persist_state="session",
        )
        height = three.number_input(
            _("Height in cm"), 80, 230, value=None, key="height", persist_state="session"
        )
    return age, sex, height


def samples(space: Workspace, options: Options) -> None:
    """Offer the sample recordings: one click measures."""
    found = find_samples()
    if not found:
        return
    st.markdown(_("**No recording at hand?** Try a sample; it is measured at once."))
    with st.container(horizontal=True):
        for sample in found[:6]:
            key = f"sample-{sample.path.stem}"
            if st.button(_(sample.title), key=key, icon=":material/play_arrow:"):
                space.use_sample(sample.path, sample.title)
                start(space, replace(options, movement="auto", view="auto"))


def start(space: Workspace, options: Options) -> None:
    """Start the measurement and draw the page anew."""
    try:
        space.measure(options)
    except OSError:
        st.error(_(words.CANNOT_STORE))
        return
    st.rerun()


def forget(space: Workspace) -> None:
    """Delete the recording and its results, and say so."""
    forget_pictures()
    was_sample = space.clip is not None and space.clip.is_sample
    space.forget()
    if not was_sample:
        st.session_state["notice"] = _(words.DELETED)
    st.rerun()


def waiting(space: Workspace, job: Job) -> None:
    """Show how far the measurement is, with a way out."""
    st.title(_("Measuring"), anchor=False)
    if space.clip is not None:
        st.text(space.clip.label)
    progress(job)
    prepare()
    if st.button(_("Cancel"), icon=":material/close:"):
        space.drop_job()
        st.session_state["notice"] = _(words.CANCELLED)
        st.rerun()
    st.markdown(
        words.small(
            _("You can leave this page open and rest. The recording stays on this computer.")
        )
    )


@st.cache_resource(show_spinner=False)
def prepare() -> None:
    """Load what draws a result and makes its PDF: once a server, beside the page.

    So the first result comes as fast as the next, and a measurement leaves no more memory behind
    than there was before it.
    """

    def load() -> None:
        # Fails only where a result would fail as well, and says so there.
        with contextlib.suppress(OSError, ImportError):
            import pandas  # noqa: F401 - all are loaded, none is used here

            import movecheck.export.landmarks
            import movecheck.ui.charts
            import movecheck.ui.result  # noqa: F401
            from movecheck.report.pdf import warm

            warm()

    later = threading.Timer(PREPARE_AFTER_S, load)
    later.daemon = True
    later.start()


PREPARE_AFTER_S = 1.0
"""So long the page itself goes first."""


@st.fragment(run_every=0.5)
def progress(job: Job) -> None:
    """Draw the progress bar twice a second until the job is over."""
    language.start()
    workspace()  # a visitor who comes back during the measurement is here again
    if job.state() != "running":
        st.rerun()
    now = job.progress()
    doing = _(words.STAGE_WORDS.get(now.stage, words.WORKING))
    text = _("{doing} · {time} so far").format(doing=doing, time=words.clock(now.elapsed_s))
    st.progress(now.fraction if now.fraction is not None else 0.02, text=text)


def result(space: Workspace, job: Job) -> None:
    """Show the result; what draws it is loaded only here."""
    from movecheck.ui.correct import Place
    from movecheck.ui.result import show

    with st.container(horizontal=True):
        if st.button(_("New recording"), icon=":material/replay:"):
            forget_pictures()
            space.forget()
            st.rerun()
        if st.button(_("Delete this one"), icon=":material/delete:"):
            forget(space)
    recording = space.clip.path if space.clip else None
    place = Place(recording, partial(keep.put_in_place, job.result_dir))
    if show(job.result_dir, space.clip.label if space.clip else "", place=place):
        keep_form(job.result_dir, recording)


main()
