"""The page that measures: choose a recording, wait, read the result."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from movecheck.ui import safety, words
from movecheck.ui.job import Job, Options
from movecheck.ui.keep import forget_pictures, keep_form, pain
from movecheck.ui.movements import Choice, choices
from movecheck.ui.samples import find_samples
from movecheck.ui.uploads import drop_from_memory
from movecheck.ui.workspace import Workspace, workspace


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
    st.title(words.TITLE, anchor=False)
    st.markdown(words.INTRO)
    notices(job, state)
    st.info(words.STOP, icon=":material/front_hand:")
    with st.expander(words.FILMING_TITLE, icon=":material/videocam:"):
        st.markdown("\n".join(f"- {item}" for item in words.FILMING))
    form(space)


def notices(job: Job | None, state: str | None) -> None:
    """Say what became of the last measurement, if it gave no result."""
    if job is not None and state == "failed":
        message, hint = job.problem()
        st.error(
            f"**{words.escape(message)}**\n\n{words.escape(hint)}", icon=":material/error_outline:"
        )
    note = st.session_state.pop("notice", None)
    if note:
        st.info(note, icon=":material/info:")


def form(space: Workspace) -> None:
    """Choose a recording and what to measure."""
    choose_recording(space)
    left, right = st.columns(2)
    movement = left.selectbox(
        "Movement",
        ["auto", *choices()],
        format_func=lambda name: words.AUTO if name == "auto" else choices()[name].title,
        key="movement",
        persist_state="session",
    )
    view = right.selectbox(
        "Camera",
        list(words.VIEW_CHOICES),
        format_func=words.VIEW_CHOICES.__getitem__,
        key="view",
        persist_state="session",
    )
    if movement in choices():
        how_to(choices()[movement])
    with st.expander(words.PAIN_TITLE):
        st.markdown(words.small(words.PAIN))
        pain(("pain_before",))
    age, sex, height = about_the_person()
    options = Options(movement or "auto", view or "auto", age, sex, height)
    if st.button("Measure", type="primary", width="stretch", icon=":material/straighten:"):
        if space.clip is None:
            st.warning(words.NO_RECORDING, icon=":material/info:")
        else:
            start(space, options)
    samples(space, options)
    safety.ask_again()
    st.markdown(words.small(words.NOT_A_DIAGNOSIS))


def how_to(movement: Choice) -> None:
    """Say how to do the movement, where the camera stands, and what to mind."""
    st.markdown("\n".join(f"1. {words.escape(step)}" for step in movement.instructions))
    st.markdown(words.escape(movement.filming))
    if movement.safety:
        st.markdown(words.escape(movement.safety))


def choose_recording(space: Workspace) -> None:
    """Take an upload, or show the one that is there."""
    clip = space.clip
    if clip is not None:
        with st.container(border=True, horizontal=True, vertical_alignment="center"):
            st.text(clip.label)
            if st.button(
                "Choose another" if clip.is_sample else "Delete this recording",
                icon=":material/delete:" if not clip.is_sample else None,
            ):
                forget(space)
        return
    turn = st.session_state.setdefault("upload_turn", 0)
    upload = st.file_uploader(
        words.UPLOAD_LABEL,
        type=words.UPLOAD_TYPES,
        max_upload_size=words.UPLOAD_CAP_MB,
        key=f"upload-{turn}",
    )
    st.markdown(words.small(words.UPLOAD_HELP))
    if upload is None:
        return
    try:
        space.keep_upload(upload, upload.name)
    except OSError:
        space.forget()
        st.error(words.CANNOT_STORE)
        return
    finally:
        drop_from_memory(upload)
        st.session_state["upload_turn"] = turn + 1
    st.rerun()


def about_the_person() -> tuple[int | None, str | None, int | None]:
    """Ask for age, sex and height; none of them is needed."""
    with st.expander(words.ABOUT_YOU_TITLE):
        st.markdown(words.small(words.ABOUT_YOU))
        one, two, three = st.columns(3)
        age = one.number_input("Age", 5, 110, value=None, key="age", persist_state="session")
        sex = two.selectbox(
            "Sex",
            ["F", "M"],
            index=None,
            format_func={"F": "Female", "M": "Male"}.__getitem__,
            placeholder="Not told",
            key="sex",
            persist_state="session",
        )
        height = three.number_input(
            "Height in cm", 80, 230, value=None, key="height", persist_state="session"
        )
    return age, sex, height


def samples(space: Workspace, options: Options) -> None:
    """Offer the sample recordings: one click measures."""
    found = find_samples()
    if not found:
        return
    st.markdown("**No recording at hand?** Try a sample; it is measured at once.")
    with st.container(horizontal=True):
        for sample in found[:6]:
            key = f"sample-{sample.path.stem}"
            if st.button(sample.title, key=key, icon=":material/play_arrow:"):
                space.use_sample(sample.path, sample.title)
                start(space, replace(options, movement="auto", view="auto"))


def start(space: Workspace, options: Options) -> None:
    """Start the measurement and draw the page anew."""
    try:
        space.measure(options)
    except OSError:
        st.error(words.CANNOT_STORE)
        return
    st.rerun()


def forget(space: Workspace) -> None:
    """Delete the recording and its results, and say so."""
    forget_pictures()
    was_sample = space.clip is not None and space.clip.is_sample
    space.forget()
    if not was_sample:
        st.session_state["notice"] = words.DELETED
    st.rerun()


def waiting(space: Workspace, job: Job) -> None:
    """Show how far the measurement is, with a way out."""
    st.title("Measuring", anchor=False)
    if space.clip is not None:
        st.text(space.clip.label)
    progress(job)
    if st.button("Cancel", icon=":material/close:"):
        space.drop_job()
        st.session_state["notice"] = words.CANCELLED
        st.rerun()
    st.markdown(
        words.small("You can leave this page open and rest. The recording stays on this computer.")
    )


@st.fragment(run_every=0.5)
def progress(job: Job) -> None:
    """Draw the progress bar twice a second until the job is over."""
    workspace()  # a visitor who comes back during the measurement is here again
    if job.state() != "running":
        st.rerun()
    now = job.progress()
    doing = words.STAGE_WORDS.get(now.stage, "Working")
    text = f"{doing} · {words.clock(now.elapsed_s)} so far"
    st.progress(now.fraction if now.fraction is not None else 0.02, text=text)


def result(space: Workspace, job: Job) -> None:
    """Show the result; what draws it is loaded only here."""
    from movecheck.ui.result import show

    with st.container(horizontal=True):
        if st.button("New recording", icon=":material/replay:"):
            forget_pictures()
            space.forget()
            st.rerun()
        if st.button("Delete this one", icon=":material/delete:"):
            forget(space)
    show(job.result_dir, space.clip.label if space.clip else "")
    keep_form(job.result_dir, space.clip.path if space.clip else None)


main()
