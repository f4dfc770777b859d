"""A made-up result folder: plainly synthetic cosines, no person behind them."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np

PERIOD_S, STILL_S, N_REPS = 3.0, 2.0, 3
PEAKS = {
    "knee_flexion_left_deg": 104.0,
    "knee_flexion_right_deg": 98.0,
    "hip_flexion_left_deg": 112.0,
    "hip_flexion_right_deg": 108.0,
    "trunk_inclination_deg": 38.0,
    "thigh_inclination_left_deg": -80.0,
    "thigh_inclination_right_deg": -78.0,
    "shank_inclination_left_deg": 27.0,
    "shank_inclination_right_deg": 26.0,
    "spine_flexion_deg": 18.0,
    "lumbar_flexion_deg": 12.0,
    "pelvis_pitch_deg": 24.0,
}


def make(folder: Path, *, overlay: bool = True) -> Path:
    """Write a complete result folder."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "assessment.json").write_text(json.dumps(assessment(), indent=1))
    _signals(folder / "signals.csv")
    (folder / "measures.csv").write_text("movement,id,value\nsquat,knee_flexion_at_peak,104\n")
    (folder / "landmarks.parquet").write_bytes(b"PAR1 synthetic PAR1")
    if overlay:
        clip(folder / "overlay.mp4")
    return folder


def assessment(movement: str = "squat", **changes: Any) -> dict[str, Any]:
    reps = [
        {
            "start_s": STILL_S + i * PERIOD_S,
            "peak_s": STILL_S + (i + 0.5) * PERIOD_S,
            "end_s": STILL_S + (i + 1) * PERIOD_S,
            "excluded_reason": None,
        }
        for i in range(N_REPS)
    ]
    whole: dict[str, Any] = {
        "schema_version": "1.0",
        "recording": {
            "duration_s": 12.0,
            "fps": 30.0,
            "width_px": 360,
            "height_px": 640,
            "rotated_deg": 0,
            "n_frames": 360,
            "declared_duration_s": None,
            "complete": True,
        },
        "capture": [
            {"id": "whole_body", "ok": True, "value": 0.99, "advice": None},
            {"id": "fps", "ok": True, "value": 30.0, "advice": None},
            {
                "id": "brightness",
                "ok": False,
                "value": 38.0,
                "advice": "Turn on a light in front of the person.",
            },
        ],
        "movement": movement,
        "view": "side",
        "facing": "left",
        "reps": reps,
        "measures": measures(),
        "findings": [
            finding("knee_flexion_at_peak", "left", note="Compare with your own recordings."),
        ],
        "provenance": {"movecheck": "0.1.0", "settings": {"model": "synthetic"}},
    }
    return {**whole, **changes}


def measure(
    name: str, value: float | None, half: float | None = 7.0, **more: Any
) -> dict[str, Any]:
    row: dict[str, Any] = {
        "id": name,
        "side": None,
        "rep": None,
        "value": value,
        "unit": "deg",
        "uncertainty": half if value is not None else None,
        "status": "measured" if value is not None else "not_measurable",
        "reason": None,
    }
    return {**row, **more}


def measures() -> list[dict[str, Any]]:
    rows = [
        measure("knee_flexion_range", 101.2, side="left"),
        measure("knee_flexion_range_sd", 1.2, 0.8, side="left"),
        measure("knee_flexion_at_peak", 104.2, side="left"),
        measure("knee_flexion_range", 95.0, 11.0, side="right", status="partly_filled"),
        measure("trunk_inclination_range", 35.4, 5.8),
        measure("lumbar_flexion_range", 12.3, 9.2),
        measure("depth", 45.8, 5.4, unit="percent"),
        measure("duration", 3.0, 0.2, unit="s"),
        measure("pelvis_tilt_range", None, reason="The front view shows this. Film from there."),
    ]
    single = [(i, 103.0 + i / 2) for i in range(1, N_REPS + 1)]
    return rows + [measure("knee_flexion_at_peak", v, side="left", rep=i) for i, v in single]


def finding(name: str, side: str | None = None, **more: Any) -> dict[str, Any]:
    row: dict[str, Any] = {
        "measure_id": name,
        "side": side,
        "result": "no_reference",
        "low": None,
        "high": None,
        "source_key": None,
        "comparability": None,
        "row_id": None,
        "note": None,
    }
    return {**row, **more}


def hinge() -> dict[str, Any]:
    """A hip hinge whose lean may be held against a published limit (row R038)."""
    return assessment(
        "hip_hinge",
        measures=[
            measure("trunk_inclination_peak", 61.0, 6.0),
            measure("lumbar_flexion_peak", 8.0, 9.0),
            measure("duration", 3.0, 0.2, unit="s"),
        ],
        findings=[
            finding(
                "trunk_inclination_peak",
                result="within",
                low=50.0,
                source_key="MONNIER2012",
                comparability="proxy",
                row_id="R038",
            )
        ],
    )


def _signals(path: Path, fps: float = 30.0) -> None:
    time_s = np.arange(0, 12, 1 / fps)
    wave = np.where(
        (time_s >= STILL_S) & (time_s < STILL_S + N_REPS * PERIOD_S),
        0.5 - 0.5 * np.cos(2 * np.pi * (time_s - STILL_S) / PERIOD_S),
        0.0,
    )
    missing = (time_s > 11.2) & (time_s < 11.6)
    filled = (time_s > 7.0) & (time_s < 7.3)
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        names = [part for name in PEAKS for part in (name, f"{name}_state")]
        writer.writerow(["time_s", *names])
        for t, w, gone, fill in zip(time_s, wave, missing, filled, strict=True):
            row = [f"{t:.4f}"]
            for peak in PEAKS.values():
                row.append("" if gone else f"{3 + (peak - 3) * w:.3f}")
                row.append("missing" if gone else "filled" if fill else "measured")
            writer.writerow(row)


def clip(path: Path, seconds: float = 12.0, size: tuple[int, int] = (180, 320)) -> Path:
    """Write a tiny H.264 clip of a moving grey bar."""
    import av

    width, height = size
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=15)
        stream.width, stream.height, stream.pix_fmt = width, height, "yuv420p"
        for i in range(int(seconds * 15)):
            picture = np.full((height, width, 3), 225, np.uint8)
            top = 10 + 4 * i % 270
            picture[top : top + 30, 20:-20] = 120
            for packet in stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")):
                out.mux(packet)
        for packet in stream.encode():
            out.mux(packet)
    return path
