"""What a person says of themselves at a visit: pain, the activities that matter, other totals."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING

import streamlit as st

from movecheck.errors import DataError
from movecheck.marks import N_
from movecheck.texts import _, decimal
from movecheck.ui import keep, words
from movecheck.ui.words import PAIN_KINDS

if TYPE_CHECKING:
    from movecheck.store import Score, Visit

PSFS = "psfs"
ACTIVITIES = 5
TITLE = N_("Questionnaires")
NAMES: Mapping[str, str] = {**PAIN_KINDS, PSFS: N_("Patient-specific function (PSFS)")}
PSFS_HELP = N_(
    "Patient-Specific Functional Scale (Stratford and others 1995): three to five activities that "
    "are hard because of the problem, each from 0 (unable) to 10 (as well as before). The score is "
    "their mean. At the next visit the same activities are asked for."
)
OTHER_HELP = N_("Another questionnaire: its name, its total, and the most that it can be.")
NO_NAME = N_("An activity needs a name, and a total needs the name of its questionnaire.")
PUBLISHED: Mapping[str, str] = {
    "pain_before": "nprs", "pain_worst": "nprs", "pain_after": "nprs", PSFS: "psfs",
    "odi": "odi", "rmdq": "rmdq",
}  # fmt: skip
"""Score, in small letters, to the questionnaire whose important change is published."""
ASKED: Mapping[str, str] = {
    "nprs": N_("Pain from 0 to 10"), "psfs": NAMES[PSFS], "odi": "ODI", "rmdq": "RMDQ",
}  # fmt: skip


def score_name(kind: str) -> str:
    """Return the name of a score for a reader."""
    return _(NAMES[kind]) if kind in NAMES else kind


def listed(scores: Iterable[Score]) -> list[str]:
    """Return the scores of a visit in lines: those that are one number beside each other."""
    every = list(scores)
    single = " · ".join(told(score) for score in every if not score.items)
    return [*filter(None, [single]), *(told(score) for score in every if score.items)]


def told(score: Score) -> str:
    """Return a score in words: its name, its value of how many, and the parts that it is of."""
    from movecheck.store import SCORES

    end = score.most or SCORES.get(score.kind)
    most = f" / {end:g}" if end else ""
    parts = "; ".join(f"{name} {value:g}" for name, value in score.items or ())
    told_parts = f" ({decimal(parts)})" if parts else ""
    return f"{score_name(score.kind)} {decimal(f'{score.value:.3g}')}{most}{told_parts}"


def form(visit: Visit, visits: Iterable[Visit]) -> None:
    """Ask for the scores of a visit; those that are there stand in the fields."""
    have = {score.kind: score for score in visit.scores}
    key = f"asked-{visit.id}"
    with st.form(key, border=False):
        pain = {
            kind: column.number_input(
                _("{question} (0 to 10)").format(question=_(name)),
                0.0, 10.0, have[kind].value if kind in have else None, 1.0, format="%g",
                key=f"{key}-{kind}",
            )
            for column, (kind, name) in zip(st.columns(3), PAIN_KINDS.items(), strict=True)
        }  # fmt: skip
        st.markdown(words.small(_(PSFS_HELP)))
        activities = [
            _activity(f"{key}-{i}", i, name, value)
            for i, (name, value) in enumerate(_rows(visit, visits), 1)
        ]
        st.markdown(words.small(_(OTHER_HELP)))
        one, two, three = st.columns([2, 1, 1])
        kind = one.text_input(_("Name of the questionnaire"), key=f"{key}-kind", max_chars=80)
        total = two.number_input(_("Total"), 0.0, 1000.0, None, format="%g", key=f"{key}-total")
        most = three.number_input(
            _("The most it can be"), 1.0, 1000.0, None, format="%g", key=f"{key}-most"
        )
        if not st.form_submit_button(_("Save the answers"), icon=":material/save:"):
            return
    try:
        _save(visit.id, pain, activities, (kind.strip(), total, most))
    except DataError as error:
        keep.problem(error)
    else:
        st.rerun()


def _activity(key: str, i: int, name: str, value: float | None) -> tuple[str, float | None]:
    left, right = st.columns([3, 1])
    told_name = left.text_input(
        _("Activity {number}").format(number=i), name, key=f"{key}-name", max_chars=80
    )
    told_value = right.number_input(
        _("Activity {number}, 0 to 10").format(number=i), 0.0, 10.0, value, 1.0, format="%g",
        key=f"{key}-value",
    )  # fmt: skip
    return told_name.strip(), told_value


def _rows(visit: Visit, visits: Iterable[Visit]) -> list[tuple[str, float | None]]:
    """Return the activities of this visit, or those of the last one before it without answers."""
    rows: list[tuple[str, float | None]] = []
    for other in visits:
        if other.day > visit.day:
            break
        for score in other.scores:
            if score.kind == PSFS and score.items:
                own = other.id == visit.id
                rows = [(name, value if own else None) for name, value in score.items]
    return [*rows, *[("", None)] * ACTIVITIES][:ACTIVITIES]


def _save(
    visit: int,
    pain: Mapping[str, float | None],
    activities: Sequence[tuple[str, float | None]],
    other: tuple[str, float | None, float | None],
) -> None:
    kind, total, most = other
    answered = [(name, value) for name, value in activities if value is not None]
    if not all(name for name, _value in answered) or (total is not None and not kind):
        raise DataError(NO_NAME, " ")
    store = keep.store()
    for name, value in pain.items():
        store.set_score(visit, name, value)
    mean = sum(value for _name, value in answered) / len(answered) if answered else None
    store.set_score(visit, PSFS, mean, items=answered)
    if kind:
        store.set_score(visit, kind, total, most)


def compared(before: Visit, after: Visit) -> None:
    """Draw the scores that both visits have: plain differences, and what is published on them.

    A minimal detectable change of these is not among our sources, so nothing is called real.
    """
    late = {score.kind: score for score in after.scores}
    pairs = [(one, late[one.kind]) for one in before.scores if one.kind in late]
    if not pairs:
        return
    st.header(_(TITLE), anchor=False)
    rows = [
        {
            _("Question"): score_name(one.kind),
            _("Earlier"): decimal(f"{one.value:.3g}"),
            _("Later"): decimal(f"{two.value:.3g}"),
            _("Difference"): decimal(f"{two.value - one.value:+.3g}".replace("-", "−")),
            _("Scale"): f"0 – {one.most:g}" if one.most and one.most == two.most else "",
        }
        for one, two in pairs
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Scores of both visits"))
    for line in dict.fromkeys(filter(None, (published(one.kind) for one, _two in pairs))):
        st.markdown(words.small(words.escape(line)))


def published(kind: str) -> str | None:
    """Return the published change that matters to people, with its source, or None."""
    from movecheck.reference import citation, load_measurement_properties

    wanted = PUBLISHED.get(kind.lower(), "")
    for row in load_measurement_properties():
        if row.measure_id == wanted and row.property in ("MIC", "MID"):
            size = " – ".join(f"{v:g}" for v in (row.value, row.low, row.high) if v is not None)
            note = f" {row.note}" if row.note else ""
            return _(
                "{name}: a change that matters to people, as published: {size} points "
                "({population}; {source}).{note}"
            ).format(
                name=_(ASKED[wanted]), size=size, population=row.population,
                source=citation(row.source_key), note=note,
            )  # fmt: skip
    return None
