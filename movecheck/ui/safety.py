"""The screen before the first movement: warning signs, and whom to ask.

The items follow the groups of the IFOMPT framework (Finucane and others 2020) and of the NICE
guideline NG59, in our own lay words. A clinician has to sign the list off. Nothing is scored, and
nothing that is ticked is stored.
"""

from __future__ import annotations

import streamlit as st

from movecheck.texts import _
from movecheck.ui import words

PASSED = "safety_passed"

TITLE = "Before the first movement"
INTRO = "Please read both lists. Tick what is true for the person who will move."
TODAY_TITLE = "Signs that need medical help today"
TODAY = (
    "New trouble with holding or passing urine or stool",
    "Numbness between the legs, around the genitals or the back passage",
    "New trouble with sexual function",
    "Loss of strength in both legs, or in one leg and growing",
    "A serious fall or accident just before the pain began",
    "Fever, or feeling very ill, together with back pain",
    "A tearing pain in the chest or belly, or having fainted",
)
ASK_TITLE = "Reasons to ask a health professional first"
ASK = (
    "Pregnant, or surgery in the last months",
    "Cancer now or in the past, or losing weight without knowing why",
    "Pain that is always there, or that wakes at night and does not ease with rest",
    "Thin bones (osteoporosis), long use of steroids, or a minor fall at an older age",
    "A lowered immune system, injected drugs, a recent infection, or a recent procedure on the "
    "spine",
    "Numbness or less strength in one leg",
    "A back that is stiff for more than half an hour each morning, with back pain that began "
    "before the age of 45",
    "Back pain together with psoriasis, an inflamed eye (uveitis) or an inflamed bowel",
)
STOP_TODAY = (
    "**Please do not record now. Get medical help today.** Call your emergency number (112 in "
    "Europe, 911 in North America, 999 in the United Kingdom), or go to an emergency department, "
    "and tell them what you ticked."
)
STOP_ASK = (
    "**Please do not record yet.** Ask your doctor or physical therapist first, and show them "
    "what you ticked. They can say whether these movements are all right."
)
NOT_SIGNED_OFF = (
    "These lists follow published groups of warning signs (Finucane and others 2020; NICE "
    "guideline NG59) in our own words. They still await a clinician's sign-off, and they replace "
    "no examination. What you tick is not stored."
)
CONTINUE = "None of these is true: continue"


def passed() -> bool:
    """Whether the visitor said in this session that no warning sign is there."""
    return bool(st.session_state.get(PASSED))


def screen() -> None:
    """Draw the screen; any tick stops, and says whom to contact."""
    st.title(_(words.TITLE), anchor=False)
    st.markdown(_(words.INTRO))
    st.header(_(TITLE), anchor=False)
    st.markdown(_(INTRO))
    today = _list(_(TODAY_TITLE), TODAY, "today")
    ask = _list(_(ASK_TITLE), ASK, "ask")
    if today:
        st.error(_(STOP_TODAY), icon=":material/emergency:")
    elif ask:
        st.warning(_(STOP_ASK), icon=":material/front_hand:")
    elif st.button(_(CONTINUE), type="primary", width="stretch", icon=":material/arrow_forward:"):
        st.session_state[PASSED] = True
        st.rerun()
    st.markdown(words.small(_(NOT_SIGNED_OFF)))
    st.markdown(words.small(_(words.NOT_A_DIAGNOSIS)))


def _list(title: str, items: tuple[str, ...], key: str) -> bool:
    with st.container(border=True):
        st.subheader(_(title), anchor=False)
        # A list, not a generator for any(): every item is drawn, also those after a tick.
        ticked = [st.checkbox(_(item), key=f"sign-{key}-{i}") for i, item in enumerate(items)]
        return any(ticked)


def ask_again() -> None:
    """Offer the screen once more, for another person or another day."""
    if st.button(_("Go through the warning signs again"), icon=":material/checklist:"):
        st.session_state[PASSED] = False
        st.rerun()
