"""The page that tells how it is measured, from which sources, and what it cannot say."""

from __future__ import annotations

import streamlit as st

from movecheck.ui import words


def main() -> None:
    """Draw the page."""
    st.title("About movecheck", anchor=False)
    st.info(words.DISCLAIMER, icon=":material/info:")
    for title, lines in words.ABOUT:
        st.header(title, anchor=False)
        st.markdown("\n".join(f"- {line}" for line in lines))
    st.header("Sources", anchor=False)
    st.markdown(words.SOURCES)
    with st.expander("All sources of the published values"):
        all_sources()


def all_sources() -> None:
    """List every source that the reference tables cite."""
    from movecheck.reference import load_tables

    tables = load_tables()
    cited = {row.source_key for row in tables.rows.values()}
    found = sorted((tables.sources[key] for key in cited), key=lambda source: source.short)
    st.markdown("\n".join(f"- {words.escape(source.full)}" for source in found))


main()
