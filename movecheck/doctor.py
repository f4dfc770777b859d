"""What `movecheck doctor` looks at."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import dataclass
from importlib.metadata import distributions, version

from movecheck.marks import N_
from movecheck.pose.model import NETWORKS, find
from movecheck.settings import Settings


@dataclass(frozen=True)
class Item:
    """One thing looked at."""

    what: str
    ok: bool
    advice: str = ""


def examine(settings: Settings) -> list[Item]:
    """Look at Python, libraries, the pose model and the folder for it."""
    return [_python(), _one_cv2(), _loads("cv2", "libgl1 libglib2.0-0"),
            _loads("mediapipe", "libegl1 libgles2"), _h264(), _model(settings)]  # fmt: skip


def _python() -> Item:
    found = ".".join(map(str, sys.version_info[:3]))
    ok = (3, 11) <= sys.version_info < (3, 15)
    return Item(f"Python {found}", ok, N_("movecheck is tested on Python 3.11 to 3.14."))


def _one_cv2() -> Item:
    """Several OpenCV packages write into the same folder, and the last one wins."""
    owners = sorted(
        d.name for d in distributions() if d.name and d.name.lower().startswith("opencv-")
    )
    ok = owners == ["opencv-contrib-python"] or owners == ["opencv-contrib-python-headless"]
    advice = N_(
        "Several OpenCV packages overwrite one another. Uninstall all of them, then install "
        "opencv-contrib-python alone."
    )
    return Item(N_(f"one OpenCV: {', '.join(owners) or 'none'}"), ok, advice)


def _loads(library: str, packages: str) -> Item:
    """Load a library in a process of its own, so that none of it stays in this one."""
    from movecheck.pose.quarantine import quarantined

    run = subprocess.run(
        [sys.executable, "-c", f"import {library}"],
        capture_output=True, text=True, check=False, env=quarantined(os.environ),
    )  # fmt: skip
    last = run.stderr.strip().splitlines()[-1] if run.stderr.strip() else "no reason given"
    advice = N_(f"{last}. On Debian and Ubuntu: apt install {packages}")
    return Item(N_(f"{library} loads"), run.returncode == 0, advice)


def _h264() -> Item:
    import av

    ok = "libx264" in av.codecs_available
    return Item(
        N_(f"PyAV {version('av')} writes H.264"), ok, N_("Install the av package from its wheel.")
    )


def _model(settings: Settings) -> Item:
    import zipfile

    from movecheck.errors import ModelMissing

    try:
        path = find(settings)
    except ModelMissing:
        path = None
    ok = False
    if path is not None and zipfile.is_zipfile(path):
        with zipfile.ZipFile(path) as bundle:
            ok = {network[0] for network in NETWORKS} <= set(bundle.namelist())
    return Item(N_("pose model"), ok, N_("Run 'movecheck setup' once with an internet connection."))
