"""The page that tells how it is measured, from which sources, and what it cannot say."""

from __future__ import annotations

import streamlit as st

from movecheck.ui import words


def main() -> None:
    """Draw the page."""
    st.title("Methods and sources", anchor=False)
    st.info(words.DISCLAIMER, icon=":material/info:")
    for title, lines in words.METHODS:
        st.header(title, anchor=False)
        st.markdown("\n".join(f"- {line}" for line in lines))
    st.header("Published values", anchor=False)
    st.markdown(words.SOURCES)
    with st.expander("What is compared with which published value"):
        compared()
    with st.expander("All sources of the published values"):
        all_sources()
    with st.expander("The errors that the ± begins with"):
        errors()


def compared() -> None:
    """List the measures that may be held against a published row."""
    from movecheck.reference import load_tables
    from movecheck.reference.words import describe
    from movecheck.report.names import measure_name, movement_name

    tables = load_tables()
    lines = []
    for one in tables.comparisons:
        if one.relation != "compare" or one.row_id is None:
            continue
        row = tables.rows[one.row_id]
        name = f"{movement_name(one.movement)}, {measure_name(one.measure_id, 'therapist')}"
        told = describe(row, tables.sources[row.source_key])
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

    st.markdown(words.small(words.ERRORS))
    rows = [
        {
            "Angle": signal_name(signal, "therapist"),
            "Read in": way,
            "Change from standing": f"{sd['change']:.1f}°",
            "Level": f"{sd['absolute']:.1f}°",
        }
        for (signal, way), sd in sorted(error_table().items())
    ]
    st.table(rows, hide_index=True, border="horizontal", alt="Standard deviations by angle")


main()
