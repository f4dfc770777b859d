"""The page, for `streamlit run app.py`; `movecheck app` starts the same one."""

import streamlit as st

from movecheck.ui.live_session import ROUTES
from movecheck.ui.server import PAGE, until_closed

app = st.App(PAGE, routes=ROUTES, lifespan=until_closed)
