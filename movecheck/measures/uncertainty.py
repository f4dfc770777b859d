"""How sure each number is: 95 % half-widths from an error model.

The base of the model is a table of standard deviations by signal and view (``data/errors.csv``,
each with its source). Three terms are added in quadrature: a turn out of the plane, which
shortens what it shows; the time between frames, in which a peak can hide; and poor tracking,
which widens the base.
"""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import Literal

import numpy as np

from movecheck.measures.names import VIEW_OF
from movecheck.measures.view import Stance, from_front_deg

Z95 = 1.96  # by definition: 95 % of a normal distribution lie within so many deviations
Kind = Literal["change", "absolute"]
AGAINST_VERTICAL = frozenset({
    "trunk_inclination", "thigh_inclination", "shank_inclination", "trunk_lateral_lean",
    "shoulder_tilt", "pelvis_tilt",
})  # fmt: skip


@cache
def error_table() -> dict[tuple[str, str], dict[Kind, float]]:
    """Return the standard deviation in degrees by signal and way, as change and as level.

    The way is ``side`` or ``front`` for angles of that view, and ``fit`` for angles in the
    sagittal plane that the body fit alone finds, in any other view, and ``picture`` for the lines
    of a body that lies along the picture.
    """
    text = files("movecheck.measures").joinpath("data", "errors.csv").read_text("utf-8")
    return {
        (row["signal"], row["way"]): {
            "change": float(row["change_sd_deg"]),
            "absolute": float(row["absolute_sd_deg"]),
        }
        for row in csv.DictReader(text.splitlines())
    }


def way_of(stem: str, view: str) -> str:
    """Return the way of the error table by which a signal is read in a view."""
    if VIEW_OF[stem] == "picture":
        return "picture"
    return view if VIEW_OF[stem] != "any" or view == "side" else "fit"


def out_of_plane_deg(stance: Stance) -> float:
    """Return by how much the body is turned out of the plane of its view, 0 to 90 degrees."""
    if np.isnan(stance.yaw_deg):
        return 0.0
    from_front = from_front_deg(stance.yaw_deg)
    return 90 - from_front if stance.view == "side" else from_front


def half_width_deg(
    stem: str,
    kind: Kind,
    value: float,
    stance: Stance,
    *,
    fitted: bool = False,
    visibility: float = 1.0,
    between_frames_deg: float = 0.0,
    tilt_deg: float = 0.0,
) -> float:
    """Return the 95 % half-width of an angle, in degrees.

    Parameters
    ----------
    stem : str
        Signal, such as ``knee_flexion``.
    kind : {'change', 'absolute'}
        Whether `value` is a change from standing or the signal's own level.
    value : float
        The angle in degrees.
    stance : Stance
        How the person stands to the camera.
    fitted : bool
        Whether the body fit was used: it knows how far the body is turned.
    visibility : float
        Mean visibility of the landmarks, 0 to 1; below 0.9 the base grows, to twice at 0.5.
    between_frames_deg : float
        How far the signal may turn unseen between two frames.
    tilt_deg : float
        How far the camera seems to be rolled. What is held against the vertical may be off by
        as much, but not its change.

    Notes
    -----
    A segment turned by an angle d out of the plane is seen foreshortened by cos d, so an angle
    reads short by about value * (1 - cos d) (parallel projection).
    """
    plane = VIEW_OF[stem]
    widening = 1 + max(0.0, 0.9 - visibility) / 0.4
    base = Z95 * error_table()[stem, way_of(stem, stance.view)][kind] * widening
    turned = 0.0
    if plane != "picture" and not (plane == "any" and fitted):
        turned = abs(value) * (1 - np.cos(np.radians(out_of_plane_deg(stance))))
    tilted = tilt_deg if kind == "absolute" and stem in AGAINST_VERTICAL else 0.0
    return float(np.sqrt(base**2 + turned**2 + between_frames_deg**2 + tilted**2))


@cache
def times_rows() -> dict[str, dict[str, str]]:
    """Return the rows of ``data/times.csv`` by instant."""
    text = files("movecheck.measures").joinpath("data", "times.csv").read_text("utf-8")
    return {row["instant"]: row for row in csv.DictReader(text.splitlines())}


@cache
def times_table() -> dict[str, float]:
    """Return the standard deviation in seconds by instant (``data/times.csv``).

    ``edge_angle``, ``edge_fit``, ``edge_height``: start or end of a repetition, by what it is
    timed with; ``deepest``: its deepest point, or the middle of a flat one; ``seat``: leaving a
    chair, standing, and sitting; ``first_move``, ``first_move_front``: of the trunk before it;
    ``foot``: a foot off the ground or back on it.
    """
    return {name: float(row["sd_s"]) for name, row in times_rows().items()}


def half_width_s(step_s: float, *instants: str) -> float:
    """Return the 95 % half-width of a duration between instants of `times_table`, in seconds.

    To the deviation of each comes that of a time known to the nearest sample.
    """
    variance = sum(times_table()[name] ** 2 + step_s**2 / 12 for name in instants)
    return float(Z95 * np.sqrt(variance))
