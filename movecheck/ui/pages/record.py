"""The page that records live: where to stand, the camera's picture, the count, the recording."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import streamlit as st

from movecheck.movements import Movement, load
from movecheck.report.names import signal_name, upper_first
from movecheck.skeleton import BONES, INDEX
from movecheck.texts import _
from movecheck.ui import audience, language, safety, words
from movecheck.ui import words_live as say
from movecheck.ui.job import Options
from movecheck.ui.keep import forget_pictures, pain
from movecheck.ui.live_drawing import place_words, show_place
from movecheck.ui.live_session import Live
from movecheck.ui.movements import choices
from movecheck.ui.workspace import Workspace, workspace

FILES = Path(__file__).parents[1]
CHECK = str(Path(__file__).with_name("check.py"))
LIVE = "live"
# As in the overlay (`movecheck.overlay.draw`, which would load OpenCV into the page).
COLOURS = {"left": "rgb(77 184 255)", "right": "rgb(255 166 43)"}
MIDDLE = "rgb(225 225 225)"
MARKS = {
    "knee_flexion": ("left_knee", "right_knee"),
    "trunk_inclination": ("left_shoulder", "right_shoulder"),
    "other": ("left_hip", "right_hip"),
}
"""Where the main figure stands on the picture."""


def main() -> None:
    """Draw the page."""
    space = workspace()
    if st.session_state.pop("live-recorded", False):
        measure(space)
    if not safety.passed():
        safety.screen()
        return
    st.title(_(say.TITLE), anchor=False)
    st.markdown(_(say.INTRO))
    if note := st.session_state.pop("live-notice", None):
        st.error(note, icon=":material/error:")
    movement = choose()
    prepare(movement)
    st.header(_(say.CAMERA_TITLE), anchor=False)
    st.warning(_(say.STOP_RULES), icon=":material/front_hand:")
    record(live_of(space, movement).address, movement.id)
    st.markdown(_(say.INSTEAD))
    st.page_link(CHECK, label=_(say.INSTEAD_BUTTON), icon=":material/upload:")
    st.markdown(words.small(_(say.ASIDE)))
    safety.ask_again()
    st.markdown(words.small(_(words.NOT_A_DIAGNOSIS)))


def choose() -> Movement:
    """Ask which movement; live there is no finding out."""
    known = choices()
    name = st.selectbox(
        _(say.MOVEMENT),
        list(known),
        format_func=lambda one: _(known[one].title),
        key="live-movement",
        persist_state="session",
    )
    return load(name)


def prepare(movement: Movement) -> None:
    """Say what to do and where the camera stands; ask for pain before."""
    st.header(_(say.HOW_TITLE), anchor=False)
    st.markdown("\n".join(f"1. {words.escape(_(step))}" for step in movement.instructions))
    if movement.safety:
        st.markdown(words.escape(_(movement.safety)))
    st.header(_(say.PLACE_TITLE), anchor=False)
    st.markdown(words.escape(place_words(movement)))
    show_place(movement)
    with st.expander(_(words.PAIN_TITLE)):
        st.markdown(words.small(_(words.PAIN)))
        pain(("pain_before",))
        st.markdown(words.small(_(say.ABOUT)))


def live_of(space: Workspace, movement: Movement) -> Live:
    """Return the visitor's live recording; another movement is another one."""
    live = st.session_state.get(LIVE)
    path = space.folder / "live.mp4"
    if not isinstance(live, Live) or (live.movement, live.path) != (movement.id, path):
        live = st.session_state[LIVE] = Live(movement.id, path)
    return live


@st.fragment
def record(address: str, movement: str) -> None:
    """Draw the camera's picture and all that is live; nothing else on the page disturbs it."""
    language.start()
    result = component()(
        data={
            "address": address,
            "movement": movement,
            "texts": {name: _(text) for name, text in say.BROWSER.items()},
            "names": names(),
            "bones": bones(),
            "marks": {key: [INDEX[mark] for mark in marks] for key, marks in MARKS.items()},
        },
        key="live-camera",
        on_recorded_change=lambda: None,
    )
    if result.recorded:
        st.session_state["live-recorded"] = True
        st.rerun()


@cache
def component() -> Any:
    """Return the part of the page that runs in the browser."""
    html, css, js = (
        (FILES / f"live.{kind}").read_text(encoding="utf-8") for kind in ("html", "css", "js")
    )
    return st.components.v2.component("movecheck.live", html=html, css=css, js=js)


def names() -> dict[str, str]:
    """Return what each main figure is called."""
    angles = ("knee_flexion", "hip_flexion", "trunk_inclination", "trunk_lateral_lean",
              "leg_rise", "trunk_rise")  # fmt: skip
    told = {one: upper_first(signal_name(one, audience.current())) for one in angles}
    return told | {one: _(text) for one, text in say.READINGS.items()}


def bones() -> list[tuple[int, int, str]]:
    """Return the lines of the body with their colours: left, right, middle."""
    sides = [(a, b, a.partition("_")[0]) for a, b in BONES]
    return [
        (INDEX[a], INDEX[b], COLOURS[side] if b.startswith(side) else MIDDLE)
        for a, b, side in sides
    ]


def measure(space: Workspace) -> None:
    """Measure what was recorded, on the same road as an upload."""
    live = st.session_state.pop(LIVE, None)
    if not isinstance(live, Live) or not live.complete:
        st.session_state["live-notice"] = _(say.BROWSER["ended"])
        return
    told = {name: st.session_state.get(name) for name in ("age", "sex", "height")}
    forget_pictures()
    try:
        with live.path.open("rb") as recording:
            space.keep_upload(recording, f"{_(load(live.movement).name)}, {_(say.RECORDED)}")
        space.measure(Options(live.movement, "auto", told["age"], told["sex"], told["height"]))
    except OSError:
        st.session_state["live-notice"] = _(words.CANNOT_STORE)
        return
    finally:
        live.path.unlink(missing_ok=True)
    st.switch_page(CHECK)


main()
