"""The page: a Streamlit front that starts the command line tool and shows what it wrote."""
