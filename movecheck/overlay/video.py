"""A whole recording with its skeleton, angles and repetitions, as a clip."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import replace
from itertools import chain
from pathlib import Path

import cv2
import numpy as np

from movecheck.ahead import ahead
from movecheck.clip import ClipWriter
from movecheck.errors import ExportError
from movecheck.overlay.draw import Label, Mark, Panel, draw
from movecheck.overlay.sampling import back_at, landmarks_at, place_of
from movecheck.overlay.text import Picture
from movecheck.overlay.words import SIGNALS, default_signals, label_for
from movecheck.texts import _, decimal
from movecheck.types import (
    AngleTrack,
    Facing,
    FloatArray,
    Frame,
    PoseTrack,
    Rep,
    Side,
    State,
    StateArray,
    View,
)

MAX_LONG_PX, MAX_SHORT_PX = 1280, 720


def write_overlay(
    frames: Iterable[Frame],
    track: PoseTrack,
    angles: AngleTrack,
    reps: Sequence[Rep],
    out_path: Path,
    *,
    view: View,
    facing: Facing,
    near: Side | None = None,
    scale: float = 1.0,
    raw: PoseTrack | None = None,
    signals: Sequence[str] | None = None,
    progress: Callable[[float], None] | None = None,
) -> int:
    """Write the recording with what was found in it, as a clip that a browser plays.

    Parameters
    ----------
    frames : iterable of Frame
        The pictures, in order; they may be scaled down.
    track : PoseTrack
        The cleaned landmarks, in pixels of the full picture, on any time grid.
    angles : AngleTrack
        The signals.
    reps : sequence of Rep
        The repetitions; each is counted when it has ended.
    out_path : Path
        The clip; at most 1280 pixels long and 720 wide, whichever way it stands.
    view : {"side", "front", "unknown"}
        Decides which signals are shown.
    facing : {"left", "right", "camera", "away", "unknown"}
        Decides where the back is.
    near : {"left", "right"}, optional
        The side close to the camera. By default, in side view, the side that `facing` names.
    scale : float, optional
        Pixels of the full picture for one pixel of `frames`.
    raw : PoseTrack, optional
        The landmarks before cleaning; with them, in side view, the edge of the back is drawn.
    signals : sequence of str, optional
        Signals to show; `default_signals` by default. Those never known are left out.
    progress : callable, optional
        Called with the time of each frame written.

    Returns
    -------
    int
        Number of frames written.

    Raises
    ------
    ExportError
        When the clip cannot be written, or there are no frames.
    """
    if near is None and view == "side":
        near = "left" if facing == "left" else "right" if facing == "right" else None
    chosen = default_signals(view, near) if signals is None else tuple(signals)
    shown = [name for name in chosen if name in angles.values and np.any(angles.state[name])]
    pictures = iter(frames)
    first = next(pictures, None)
    if first is None:
        raise ExportError("No frame was written.", "Use a recording that has a picture.")
    width, height = _clip_size(first.rgb.shape[1], first.rgb.shape[0])

    def drawn() -> Iterator[Frame]:
        for frame in chain([first], pictures):
            zoom = width / (frame.rgb.shape[1] * scale)
            points, state = landmarks_at(track, frame.time_s)
            points = points * zoom
            labels, unseen = labels_at(angles, shown, frame.time_s, points, state, facing)
            panel = panel_at(reps, frame.time_s, unseen if np.any(state) else None)
            if not shown:
                panel = replace(panel, notes=(*panel.notes, _("no angles in this view")))
            edge = None
            if raw is not None and view == "side" and facing in ("left", "right"):
                edge = back_at(raw, frame.time_s, facing) * zoom
            rgb = draw(
                _fitted(frame.rgb, width, height),
                points, state, labels, panel, near=near, edge_px=edge,
            )  # fmt: skip
            yield Frame(frame.time_s, rgb)

    count = 0
    # One frame is encoded while the next one is drawn.
    with ClipWriter(out_path, width, height) as clip, closing(ahead(drawn())) as ready:
        for frame in ready:
            clip.write(frame.rgb, frame.time_s)
            count += 1
            if progress is not None:
                progress(frame.time_s)
    return count


def labels_at(
    angles: AngleTrack,
    signals: Sequence[str],
    time_s: float,
    landmarks_px: FloatArray,
    state: StateArray,
    facing: Facing,
) -> tuple[list[Label], list[str]]:
    """Say what the signals are at one time.

    Parameters
    ----------
    angles : AngleTrack
        The signals.
    signals : sequence of str
        Those to show; one that is not in ``words.SIGNALS`` is left out.
    time_s : float
        The time.
    landmarks_px : ndarray, shape (33, 2)
        Landmarks in pixels of the picture.
    state : ndarray, shape (33,)
        `State` of each landmark.
    facing : {"left", "right", "camera", "away", "unknown"}
        Where the person looks; the knee's label stands in front, the others behind.

    Returns
    -------
    labels : list of Label
        One for each signal that is known here.
    unseen : list of str
        Names of those that are not.
    """
    at = place_of(angles.time_s, time_s)
    labels: list[Label] = []
    unseen: list[str] = []
    for name in signals:
        if name not in SIGNALS:
            continue
        here = State.MISSING if at is None else State(angles.state[name][at.nearest])
        value = math.nan
        if at is not None and here != State.MISSING:
            value = float(at.mix(angles.values[name]))
        sure = here == State.MEASURED
        label = label_for(name, value, landmarks_px, state, facing, sure)
        if label is not None:
            labels.append(label)
        elif _(SIGNALS[name].noun) not in unseen:
            unseen.append(_(SIGNALS[name].noun))
    return labels, unseen


def panel_at(reps: Sequence[Rep], time_s: float, unseen: Sequence[str] | None = ()) -> Panel:
    """Say where in the recording we are.

    Parameters
    ----------
    reps : sequence of Rep
        The repetitions.
    time_s : float
        The time.
    unseen : sequence of str or None, optional
        Names of what is not seen here; None when nobody is.

    Returns
    -------
    Panel
        Time, number of repetitions that have ended, and what is missing.
    """
    lines = [f"{decimal(f'{time_s:.1f}')} s"]
    ended = sum(rep.end_s <= time_s for rep in reps)
    if reps:
        told = _("repetition {number} of {count}")
        lines.append(told.format(number=ended, count=len(reps)))
    marks: list[Mark] = [
        "ahead" if rep.end_s > time_s else "left_out" if rep.excluded_reason else "done"
        for rep in reps
    ]
    notes = [
        _("repetition {number} left out").format(number=k)
        for k, rep in enumerate(reps, 1)
        if rep.excluded_reason and rep.start_s <= time_s <= rep.end_s + 1.0
    ]
    if unseen is None:
        notes.append(_("person not seen"))
    elif unseen:
        notes.append(_("not seen: {names}").format(names=", ".join(unseen)))
    return Panel(tuple(lines), tuple(marks), tuple(notes))


def _fitted(rgb: Picture, width: int, height: int) -> Picture:
    if rgb.shape[:2] == (height, width):
        return rgb
    return np.asarray(cv2.resize(rgb, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _clip_size(width: int, height: int) -> tuple[int, int]:
    """Fit into the largest clip, keep the shape, and make both sides even."""
    shrink = min(1.0, MAX_LONG_PX / max(width, height), MAX_SHORT_PX / min(width, height))
    return (
        max(16, 2 * round(width * shrink / 2)),
        max(16, 2 * round(height * shrink / 2)),
    )
