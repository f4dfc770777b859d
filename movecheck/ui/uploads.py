"""Giving back the memory of an upload once it lies on disk."""

from __future__ import annotations

import contextlib
from typing import Any

from streamlit.runtime.scriptrunner import get_script_run_ctx


def drop_from_memory(upload: Any) -> None:
    """Remove an upload from the server's memory, where it would stay until the visitor leaves.

    Streamlit has no public call for it. The same inner call is made by its own chat input; where
    a later version names it otherwise, the upload stays in memory until the session ends.
    """
    context = get_script_run_ctx()
    with contextlib.suppress(AttributeError, KeyError):
        if context is not None:
            context.uploaded_file_mgr.remove_file(  # type: ignore[attr-defined]
                session_id=context.session_id, file_id=upload.file_id
            )
