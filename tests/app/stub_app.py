"""The page with the stub child, to look at it: ``streamlit run tests/app/stub_app.py``."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[2]))

from movecheck.ui import job
from movecheck.ui.app import main

job.CHILD = (sys.executable, str(Path(__file__).with_name("stub_child.py")))
main()
