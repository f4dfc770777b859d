"""Is the person well in the picture? One piece of advice at a time, the most urgent first.

The limits are those of the capture check of a recording (`movecheck.measures.quality`), so what
the live picture lets pass, the recording passes too.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from movecheck.measures.quality import (
    HEAD,
    LEAST_BODY_PX,
    LEAST_BRIGHTNESS,
    LEAST_COVERAGE,
    MARGIN,
    MOST_COMPANY,
    WANTED_TURN_DEG,
)
from movecheck.measures.view import yaw_deg
from movecheck.movements import Movement
from movecheck.signals.clean import body_size_px
from movecheck.skeleton import BODY, INDEX
from movecheck.types import FloatArray, PoseTrack, Side

# These are our own choice.
FULL = 0.94  # of the picture's height that a body with head and feet may fill
ROOM = 0.12  # of the picture's height that is free at the other end: then tilting is enough
TURN_STEP_DEG = 5.0  # nobody turns by a single degree


@dataclass(frozen=True)
class Advice:
    """What to change.

    Attributes
    ----------
    id : str
        Its text is in `movecheck.ui.words_live`.
    turn_deg : float
        How far to turn, for ``turn``; else 0.
    side : {'left', 'right'} or None
        The person's own side to turn to, for ``turn``.
    """

    id: str
    turn_deg: float = 0.0
    side: Side | None = None


def advise(recent: PoseTrack, movement: Movement) -> Advice | None:
    """Look at the last second of pictures.

    Parameters
    ----------
    recent : PoseTrack
        Raw landmarks of about a second, in pixels of pictures as the model sees them.
    movement : Movement
        Says from which side it is filmed, and whether the person lies.

    Returns
    -------
    Advice or None
        None when the person stands well.
    """
    seen = np.asarray(np.isfinite(recent.xy_px).all(axis=(1, 2)))
    if float(np.median(recent.brightness)) < LEAST_BRIGHTNESS:
        return Advice("dark")
    if seen.mean() < LEAST_COVERAGE:
        return Advice("nobody")
    if float((recent.people > 1).mean()) > MOST_COMPANY:
        return Advice("several")
    return _place(recent, seen) or _distance(recent) or _turn(recent, seen, movement)


def _place(recent: PoseTrack, seen: NDArray[np.bool_]) -> Advice | None:
    """Tell where the body leaves the picture; the model places also what is cut off."""
    size = np.array([recent.recording.width_px, recent.recording.height_px])
    marks = [INDEX[name] for name in (*BODY, *HEAD)]
    where = np.median(recent.xy_px[seen][:, marks], axis=0) / size
    (left, top), (right, bottom) = where.min(axis=0), where.max(axis=0)
    over, under = top < MARGIN, bottom > 1 - MARGIN
    if bottom - top > FULL or right - left > FULL or (over and under):
        return Advice("back")
    if left < MARGIN or right > 1 - MARGIN:
        return Advice("middle")
    if over:
        return Advice("up") if 1 - bottom > ROOM else Advice("back")
    if under:
        return Advice("down") if top > ROOM else Advice("back")
    return None


def _distance(recent: PoseTrack) -> Advice | None:
    seen_px = body_size_px(recent.xy_px) / recent.px_per_model_px
    return Advice("closer") if seen_px < LEAST_BODY_PX else None


def _turn(recent: PoseTrack, seen: NDArray[np.bool_], movement: Movement) -> Advice | None:
    """Tell how far to turn: to the nearer side, or to the camera (or away from it)."""
    if movement.rest == "lying":
        return None
    yaw = yaw_deg(recent, seen)
    if math.isnan(yaw):
        return None
    turn = turn_deg(yaw, movement.best_view)
    if abs(turn) <= WANTED_TURN_DEG:
        return None
    # A person who faces the camera turns to their own left to face the picture's right.
    rounded = TURN_STEP_DEG * round(abs(turn) / TURN_STEP_DEG)
    return Advice("turn", rounded, "left" if turn > 0 else "right")


def turn_deg(yaw: float, view: str) -> float:
    """Return the smallest turn to a view, in degrees; + to the person's own left.

    Parameters
    ----------
    yaw : float
        0 facing the camera, +90 facing the picture's right.
    view : {'side', 'front'}
        Where the camera should see them from.
    """
    wanted: FloatArray = np.array([-90.0, 90.0] if view == "side" else [0.0, 180.0])
    turns = (wanted - yaw + 180) % 360 - 180
    return float(turns[np.argmin(np.abs(turns))])
