"""`samples/make_bad.py` as a module."""

import importlib.util
import sys
from pathlib import Path

SCRIPT = Path(__file__).parents[2] / "samples" / "make_bad.py"
_spec = importlib.util.spec_from_file_location("make_bad", SCRIPT)
assert _spec is not None
assert _spec.loader is not None
make_bad = importlib.util.module_from_spec(_spec)
sys.modules["make_bad"] = make_bad
_spec.loader.exec_module(make_bad)

CASES: dict[str, str] = make_bad.CASES
