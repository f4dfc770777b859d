"""Recordings whose angles are known: drawn ones, and those of a folder named by the user."""

from __future__ import annotations

import csv
import json
import os
import pickle
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from movecheck.analyze import look
from movecheck.settings import Settings
from movecheck.types import PoseTrack

Series = NDArray[np.float64]


@dataclass(frozen=True)
class Known:
    """A recording and its truth.

    Attributes
    ----------
    name : str
        File stem.
    video : Path
        The recording.
    time_s : ndarray, shape (n,)
        Times of the truth.
    angles : dict of str to ndarray, shape (n,)
        True signals by the names of ``signals.csv``; only those that are known.
    about : dict
        Movement, view, yaw_deg, reps (start_s, end_s).
    unsigned : frozenset of str
        True signals that are angles from the vertical in space, never below zero.
    """

    name: str
    video: Path
    time_s: Series
    angles: dict[str, Series]
    about: dict[str, Any] = field(repr=False)
    unsigned: frozenset[str] = frozenset()

    def at(self, column: str, time_s: Series) -> Series:
        """Return a true signal at other times."""
        return np.interp(time_s, self.time_s, self.angles[column])


def drawn(folder: Path) -> list[Known]:
    """Return the clips of `validation.synthetic` in a folder, by name."""
    return [_drawn(path) for path in sorted(folder.glob("*.truth.json"))]


def _drawn(path: Path) -> Known:
    name = path.name.removesuffix(".truth.json")
    columns = _columns(path.with_name(f"{name}.truth.csv"))
    angles = {c: v for c, v in columns.items() if c.endswith("_deg")}
    about = json.loads(path.read_text("utf-8"))
    return Known(name, path.with_name(f"{name}.mp4"), columns["time_s"], angles, about)


def _columns(path: Path) -> dict[str, Series]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    return {
        name: np.array([float(row[name] or "nan") for row in rows])
        for name in rows[0]
        if _is_number(rows[0][name])
    }


def _is_number(text: str) -> bool:
    try:
        float(text or "nan")
    except ValueError:
        return False
    return True


# Names in the truth of others, and ours.
_OTHERS = {
    **{f"knee_flexion_{s}_deg": f"knee_flex_{s[0]}" for s in ("left", "right")},
    **{f"hip_flexion_{s}_deg": f"hip3pt_flex_{s[0]}" for s in ("left", "right")},
    **{f"thigh_inclination_{s}_deg": f"thigh_incl_{s[0]}" for s in ("left", "right")},
    **{f"shank_inclination_{s}_deg": f"shank_incl_{s[0]}" for s in ("left", "right")},
    "trunk_inclination_deg": "trunk_incl",
    "lumbar_flexion_deg": "lumbar_flex",
    "pelvis_pitch_deg": "pelvis_pitch",
    "trunk_lateral_lean_deg": "trunk_lat_lean",
    "shoulder_tilt_deg": "shoulder_tilt",
    "pelvis_tilt_deg": "pelvis_tilt",
}


def outside() -> Path | None:
    """Return the folder of recordings with known angles, if the user names one that exists."""
    folder = os.environ.get("MOVECHECK_TRUTH")
    return Path(folder) if folder and Path(folder).is_dir() else None


def rendered_by_others(folder: Path) -> list[Known]:
    """Return the clips of a folder that hold ``NAME.mp4``, ``NAME.csv`` and ``NAME.json``."""
    found = []
    for path in sorted(folder.glob("*.json")):
        columns = _columns(path.with_suffix(".csv"))
        angles = {ours: columns[theirs] for ours, theirs in _OTHERS.items() if theirs in columns}
        angles["spine_flexion_deg"] = columns["lumbar_flex"] + columns["thoracic_flex"]
        about = json.loads(path.read_text("utf-8"))
        about["view"] = "front" if about["facing"] == 0 else "side"
        about["movement"] = path.stem.split("_")[1]
        about.setdefault("reps", [])
        found.append(Known(path.stem, path.with_suffix(".mp4"), columns["time_s"], angles, about))
    return found


# Columns of marker motion capture. The trunk's chord and the shanks are unsigned there, against the
# vertical; ours have a sign and lie in the body's sagittal plane.
_MOTION_CAPTURE = {
    **{f"knee_flexion_{s}_deg": f"knee_flex_{s[0]}" for s in ("left", "right")},
    **{f"shank_inclination_{s}_deg": f"shank_incl_{s[0]}" for s in ("left", "right")},
    "trunk_inclination_deg": "trunk_chord_incl",
}


def motion_capture(folder: Path) -> list[Known]:
    """Return the recordings of a folder that hold ``NAME.mp4`` and ``NAME_mocap.csv``."""
    found = []
    for path in sorted(folder.glob("*_mocap.csv")):
        name = path.name.removesuffix("_mocap.csv")
        columns = _columns(path)
        angles = {o: columns[theirs] for o, theirs in _MOTION_CAPTURE.items() if theirs in columns}
        about = {"movement": name.rpartition("_")[2], "yaw_deg": float("nan"), "reps": None}
        unsigned = frozenset(name for name in angles if "inclination" in name)
        video = folder / f"{name}.mp4"
        found.append(Known(name, video, columns["time"], angles, about, unsigned))
    return found


def raw_track(known: Known, cache: Path) -> PoseTrack:
    """Return the raw landmarks of a recording, looked for once and then kept in `cache`."""
    kept = cache / f"{known.name}.pickle"
    if kept.exists() and kept.stat().st_mtime > known.video.stat().st_mtime:
        with kept.open("rb") as file:
            track = pickle.load(file)
        assert isinstance(track, PoseTrack)
        return track
    track = look(known.video, Settings())
    cache.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(track, file)
    return track
