"""Libraries that only some people need, loaded when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from movecheck.errors import ExportError


def needed(name: str, extra: str = "export") -> Any:
    """Return a library of an extra, or raise ExportError with the one line that installs it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ExportError(
            f"this needs the library {name}", f"Run: pip install 'movecheck[{extra}]'"
        ) from error
