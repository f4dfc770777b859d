"""The page, for `streamlit run app.py`; `movecheck app` starts the same one."""

from movecheck.ui.app import main

main()
