"""Measuring a result again, as it was corrected by hand: on whatever page the visitor is.

The measurement belongs to the visitor, not to the run of a page that began it, so nothing that is
clicked meanwhile ends it. As long as it runs, the result shows no figures, which would be those
from before the correction.
"""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from movecheck.errors import DataError
from movecheck.marks import N_
from movecheck.texts import _
from movecheck.ui import language, words
from movecheck.ui.job import Job
from movecheck.ui.keep import forget_pictures
from movecheck.ui.workspace import Workspace, workspace

PROBLEM = "again-problem"
WAITING = N_(
    "You can look at other pages meanwhile; it goes on. Until it is done no figures are shown, "
    "because they would be those from before your correction."
)
NOT_CORRECTED = N_("The result is as it was before.")


def settle() -> bool:
    """Put what has been measured again in its place, if it is; each run of the page does so first.

    Returns
    -------
    bool
        Whether a measurement is over, however it went.
    """
    space = st.session_state.get("workspace")
    if not isinstance(space, Workspace) or space.again is None:
        return False
    one = space.again
    state = one.job.state()
    if state == "running":
        return False
    problem: tuple[str, str] | None = None if state == "done" else one.job.problem()
    if problem is None:
        try:
            one.put(one.job.result_dir)
            forget_pictures()
        except DataError as error:
            problem = str(error), error.hint
    space.drop_again()
    st.session_state[PROBLEM] = None if problem is None else (one.result, *problem)
    return True


def waiting(result: Path) -> bool:
    """Show how far it is, where this result is measured again; else say what went wrong."""
    if settle():  # it became ready while the page was being drawn
        st.rerun()
    space = workspace()
    if space.again is not None and space.again.result == result:
        st.title(_("Measuring again"), anchor=False)
        progress(space.again.job)
        if st.button(_("Cancel"), icon=":material/close:"):
            space.drop_again()
            st.rerun()
        st.markdown(words.small(_(WAITING)))
        return True
    problem = st.session_state.get(PROBLEM)
    if problem is not None and problem[0] == result:
        told = " ".join(filter(None, (_(text) for text in (*problem[1:], NOT_CORRECTED))))
        st.error(words.escape(told), icon=":material/error_outline:")
    return False


@st.fragment(run_every=0.5)
def progress(job: Job) -> None:
    """Draw the progress bar twice a second until the job is over."""
    language.start()
    workspace()  # a visitor who comes back meanwhile is here again
    if job.state() != "running":
        st.rerun()
    now = job.progress()
    doing = _(words.STAGE_WORDS.get(now.stage, words.WORKING))
    st.progress(now.fraction or 0.0, text=doing)
