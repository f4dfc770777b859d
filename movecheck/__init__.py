"""movecheck sees how a person moves, from one ordinary camera, and says how sure it is.

>>> import movecheck
>>> assessment = movecheck.assess("squat.mp4")  # doctest: +SKIP

Importing it loads no camera, pose or page library; the names below load what they need.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from movecheck.errors import MoveCheckError
    from movecheck.results import assess
    from movecheck.types import AngleTrack, Assessment, Person, PoseTrack, Rep

_HOME = {
    "AngleTrack": "types",
    "Assessment": "types",
    "MoveCheckError": "errors",
    "Person": "types",
    "PoseTrack": "types",
    "Rep": "types",
    "assess": "results",
}

__all__ = [
    "AngleTrack",
    "Assessment",
    "MoveCheckError",
    "Person",
    "PoseTrack",
    "Rep",
    "assess",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'movecheck' has no attribute {name!r}")
    return getattr(import_module(f"movecheck.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return __all__
