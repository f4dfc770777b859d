"""The page that tells how it is measured, from which sources, and what it cannot say."""

from __future__ import annotations

import streamlit as st

from movecheck.marks import N_
from movecheck.texts import _, decimal
from movecheck.ui import words

WAYS = {"side": N_("side view"), "front": N_("front view"), "fit": N_("body fit")}
"""In what a signal is read: how it is told."""


def main() -> None:
    """Draw the page."""
    st.title(_("Methods and sources"), anchor=False)
    st.info(_(words.DISCLAIMER), icon=":material/info:")
    for title, lines in words.METHODS:
        st.header(_(title), anchor=False)
        st.markdown("\n".join(f"- {_(line)}" for line in lines))
    st.header(_("Published values"), anchor=False)
    st.markdown(_(words.SOURCES))
    with st.expander(_("What is compared with which published value")):
        compared()
    with st.expander(_("All sources of the published values")):
        all_sources()
    with st.expander(_("The errors that the ± begins with")):
        errors()


def compared() -> None:
    """List the measures that may be held against a published row."""
    from movecheck.reference import load_tables
    from movecheck.reference.words import describe
    from movecheck.report.names import measure_name, movement_name
    from movecheck.report.origin import VOICE

    tables = load_tables()
    lines = []
    for one in tables.comparisons:
        if one.relation != "compare" or one.row_id is None:
            continue
        row = tables.rows[one.row_id]
        name = f"{movement_name(one.movement)}, {measure_name(one.measure_id, 'therapist')}"
        told = describe(row, tables.sources[row.source_key], VOICE)
        lines.append(f"- **{words.escape(name)}**: {words.escape(told)}")
    st.markdown("\n".join(lines))


def all_sources() -> None:
    """List every source that the reference tables cite."""
    from movecheck.reference import load_tables

    tables = load_tables()
    cited = {row.source_key for row in tables.rows.values()}
    found = sorted((tables.sources[key] for key in cited), key=lambda source: source.short)
    st.markdown("\n".join(f"- {words.escape(source.full)}" for source in found))


def errors() -> None:
    """Show the table of the error model: standard deviations by signal and view."""
    from movecheck.measures.uncertainty import error_table
    from movecheck.report.names import signal_name

    st.markdown(words.small(_(words.ERRORS)))
    rows = [
        {
            _("Angle"): signal_name(signal, "therapist"),
            _("Read in"): _(WAYS.get(way, way)),
            _("Change from standing"): decimal(f"{sd['change']:.1f}°"),
            _("Level"): decimal(f"{sd['absolute']:.1f}°"),
        }
        for (signal, way), sd in sorted(error_table().items())
    ]
    st.table(rows, hide_index=True, border="horizontal", alt=_("Standard deviations by angle"))


main()
