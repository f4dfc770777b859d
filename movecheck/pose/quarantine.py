"""The environment in which the pose library cannot reach the network.

The library obeys ``https_proxy``; a proxy on a closed local port stops it before a name is even
looked up. ``no_proxy`` could open a way round, so it goes.
"""

from __future__ import annotations

from collections.abc import Mapping

NOWHERE = "http://127.0.0.1:9"
_PROXIES = ("http_proxy", "https_proxy", "all_proxy")

LEAN = {"MALLOC_ARENA_MAX": "1"}
"""glibc then keeps one heap for all threads; it saves 12 MB a process, and costs no time here."""


def quarantined(environment: Mapping[str, str]) -> dict[str, str]:
    """Return a copy of an environment in which every proxy leads nowhere."""
    kept = {k: v for k, v in environment.items() if k.lower() != "no_proxy"}
    for name in _PROXIES:
        kept[name] = kept[name.upper()] = NOWHERE
    # Native logs are for developers; the worker's standard error stays readable.
    return {**kept, "MPLBACKEND": "Agg", "GLOG_minloglevel": "3", "TF_CPP_MIN_LOG_LEVEL": "3"}


def is_quarantined(environment: Mapping[str, str]) -> bool:
    """Tell whether an environment is one that `quarantined` made."""
    closed = all(
        environment.get(spelled) == NOWHERE for name in _PROXIES for spelled in (name, name.upper())
    )
    return closed and not any(k.lower() == "no_proxy" for k in environment)
