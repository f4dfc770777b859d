"""Libraries of the extra ``[export]``, loaded when they are needed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from movecheck.errors import ExportError


def needed(name: str) -> Any:
    """Return a library, or raise ExportError with the one line that installs it."""
    try:
        return import_module(name)
    except ImportError as error:
        raise ExportError(
            f"this format needs the library {name}", "Run: pip install 'movecheck[export]'"
        ) from error
