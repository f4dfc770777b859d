"""The nouns that travel through movecheck: frozen dataclasses over numpy arrays.

``PoseTrack -> AngleTrack -> list[Rep] -> Assessment``. Time is float seconds from the start of
the recording, missing is NaN, and units stand in the names.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
StateArray = NDArray[np.int8]

Side = Literal["left", "right"]
View = Literal["side", "front", "unknown"]
Facing = Literal["left", "right", "camera", "away", "unknown"]
Status = Literal["measured", "partly_filled", "not_measurable"]
Result = Literal["within", "below", "above", "borderline", "no_reference"]

N_LANDMARKS = 33  # by definition of MediaPipe's pose model
EDGE_STATIONS: FloatArray = np.linspace(-0.4, 1.4, 73)
"""Where the silhouette's edge is kept: shares of the way from mid-hip (0) to mid-shoulder (1).

Below the seat to above the shoulders, every 2.5 % (our own choice)."""


class State(IntEnum):
    """Where a value of a signal comes from."""

    MISSING = 0
    MEASURED = 1
    FILLED = 2


def check_shape(name: str, array: NDArray[Any], expected: tuple[int | None, ...]) -> None:
    """Raise when an array has not the expected shape.

    Parameters
    ----------
    name : str
        What the array is called in the message.
    array : ndarray
        The array.
    expected : tuple of int or None
        Length of each axis; None allows any length.

    Raises
    ------
    ValueError
        Says the expected and the actual shape.
    """
    fits = array.ndim == len(expected) and all(
        want is None or want == got for want, got in zip(expected, array.shape, strict=True)
    )
    if not fits:
        wanted = ", ".join("any" if n is None else str(n) for n in expected)
        raise ValueError(f"Expected '{name}' to have shape ({wanted}), but got {array.shape}.")


def check_time(time_s: FloatArray) -> None:
    """Raise ValueError unless `time_s`, shape (n,), is finite and strictly rising."""
    check_shape("time_s", time_s, (None,))
    if not np.all(np.isfinite(time_s)) or np.any(np.diff(time_s) <= 0):
        raise ValueError("Expected 'time_s' to be finite and strictly rising.")


@dataclass(frozen=True)
class Recording:
    """What is known of a recording.

    Attributes
    ----------
    duration_s : float
        Time from the first frame read to the end of the last one.
    fps : float
        Frames a second: the median over the real timestamps.
    width_px, height_px : int
        Size of the picture as a person sees it (after rotation).
    rotated_deg : int
        Rotation that the file asked for: 0, 90, 180 or 270.
    n_frames : int
        Frames read.
    declared_duration_s : float
        Duration that the file declares; NaN when it declares none.
    complete : bool
        False when the frames end before 95 % of the declared duration, or decoding failed midway.
    """

    duration_s: float
    fps: float
    width_px: int
    height_px: int
    rotated_deg: int = 0
    n_frames: int = 0
    declared_duration_s: float = float("nan")
    complete: bool = True


@dataclass(frozen=True)
class Frame:
    """One picture: `time_s` from the start, `rgb` contiguous uint8 of shape (height, width, 3)."""

    time_s: float
    rgb: NDArray[np.uint8]

    def __post_init__(self) -> None:
        check_shape("rgb", self.rgb, (None, None, 3))
        if self.rgb.dtype != np.uint8 or not self.rgb.flags.c_contiguous:
            raise ValueError("Expected 'rgb' to be a C-contiguous uint8 array.")


@dataclass(frozen=True)
class PoseTrack:
    """Landmarks of one person over one recording.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Time of each frame.
    xy_px : ndarray, shape (n, 33, 2)
        Landmarks in pixels of the picture, x right, y down; NaN where unknown.
    visibility : ndarray, shape (n, 33)
        The model's own confidence that a landmark is seen, 0 to 1.
    world_m : ndarray, shape (n, 33, 3)
        The model's landmarks in metres about mid-hip. Its depth is not trusted for angles.
    edge_px : ndarray, shape (n, 2, 73)
        Silhouette edge: distance in px from the line mid-hip to mid-shoulder, at EDGE_STATIONS,
        measured at right angles to it; first towards the picture's left of a person who stands
        upright, then towards the right. NaN where there is no edge. The line is that of the raw
        landmarks of the frame.
    people : ndarray, shape (n,)
        Number of people seen.
    brightness : ndarray, shape (n,)
        Mean grey level of the picture, 0 to 255.
    state : ndarray, shape (n, 33)
        `State` of each landmark.
    recording : Recording
        What is known of the recording.
    model : mapping
        Which model found the landmarks: name, sha256 and library versions.
    px_per_model_px : float
        How much smaller the pictures were that the model saw.
    camera_shift_px : ndarray, shape (n, 2)
        How far the background has moved right and down since the first frame, at the picture's
        middle; NaN where it was not looked for or shows too little.
    camera_roll_deg : ndarray, shape (n,)
        How far the background has turned clockwise since the first frame; NaN likewise.
    """

    time_s: FloatArray
    xy_px: FloatArray
    visibility: FloatArray
    world_m: FloatArray
    edge_px: FloatArray
    people: FloatArray
    brightness: FloatArray
    state: StateArray
    recording: Recording
    model: Mapping[str, str] = field(default_factory=dict)
    px_per_model_px: float = 1.0
    camera_shift_px: FloatArray = None  # type: ignore[assignment]  # None: unknown throughout
    camera_roll_deg: FloatArray = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        check_time(self.time_s)
        n = len(self.time_s)
        for name, shape in (("camera_shift_px", (n, 2)), ("camera_roll_deg", (n,))):
            if getattr(self, name) is None:
                object.__setattr__(self, name, np.full(shape, np.nan))
            check_shape(name, getattr(self, name), shape)
        check_shape("xy_px", self.xy_px, (n, N_LANDMARKS, 2))
        check_shape("visibility", self.visibility, (n, N_LANDMARKS))
        check_shape("world_m", self.world_m, (n, N_LANDMARKS, 3))
        check_shape("edge_px", self.edge_px, (n, 2, len(EDGE_STATIONS)))
        check_shape("people", self.people, (n,))
        check_shape("brightness", self.brightness, (n,))
        check_shape("state", self.state, (n, N_LANDMARKS))

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Check a pickled track like any other, and fill in what older ones do not have."""
        self.__init__(**state)  # type: ignore[misc]


@dataclass(frozen=True)
class AngleTrack:
    """Signals over time on a uniform grid.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        Uniform time grid.
    values : mapping of str to ndarray, shape (n,)
        One signal a name, unit in the name; NaN where unknown.
    state : mapping of str to ndarray, shape (n,)
        `State` of each value.
    """

    time_s: FloatArray
    values: Mapping[str, FloatArray]
    state: Mapping[str, StateArray]

    def __post_init__(self) -> None:
        check_time(self.time_s)
        n = len(self.time_s)
        if set(self.values) != set(self.state):
            raise ValueError("Expected 'values' and 'state' to have the same names.")
        for name in self.values:
            check_shape(name, self.values[name], (n,))
            check_shape(f"{name}_state", self.state[name], (n,))

    def __getitem__(self, name: str) -> FloatArray:
        return self.values[name]


@dataclass(frozen=True)
class Rep:
    """One repetition or hold: times of its start, its deepest point and its end, in seconds.

    `excluded_reason` is None when it counts in the summaries. `side` is the side of the body that
    it is of: bent to, stood on, in front, or raised; None where it is of both. `by_hand` marks one
    that was missed, and that a person added.
    """

    start_s: float
    peak_s: float
    end_s: float
    excluded_reason: str | None = None
    side: Side | None = None
    by_hand: bool = False

    def __post_init__(self) -> None:
        if not self.start_s <= self.peak_s <= self.end_s:
            raise ValueError(
                "Expected start_s <= peak_s <= end_s, "
                f"but got {self.start_s}, {self.peak_s}, {self.end_s}."
            )


@dataclass(frozen=True)
class Person:
    """What the person says of themselves; None is not known. Only published ranges use it."""

    age: float | None = None
    sex: Literal["F", "M"] | None = None
    height_cm: float | None = None


@dataclass(frozen=True)
class Check:
    """One item of the capture check: `value` is what was found, `advice` what to do (or None)."""

    id: str
    ok: bool
    value: float | str | None
    advice: str | None = None


@dataclass(frozen=True)
class Measure:
    """One number with its 95 % half-width, or the reason why there is none.

    `rep` counts from 1; None marks the summary over repetitions. `uncertainty` has the unit of
    `value`. With status ``not_measurable`` value and uncertainty are None and `reason` says why
    and what to do.
    """

    id: str
    side: Side | None
    rep: int | None
    value: float | None
    unit: str
    uncertainty: float | None
    status: Status
    reason: str | None = None


@dataclass(frozen=True)
class Finding:
    """A summary measure held against one published row of reference values.

    `result` is ``no_reference`` when no row may be shown; `note` then says why, and names the
    published context, if there is any. `row_id` points into the reference table.
    """

    measure_id: str
    side: Side | None
    result: Result
    low: float | None = None
    high: float | None = None
    source_key: str | None = None
    comparability: str | None = None
    row_id: str | None = None
    note: str | None = None


@dataclass(frozen=True)
class Part:
    """A stretch of a recording that shows one movement, and how sure that is, 0 to 1.

    Where two are too alike to say, `candidates` names them; `movement` is then ``unknown``, or the
    more general one of two that are measured alike.
    """

    movement: str
    start_s: float
    end_s: float
    confidence: float
    candidates: tuple[str, ...] = ()


@dataclass(frozen=True)
class Correction:
    """One thing that a person changed by hand.

    Attributes
    ----------
    what : str
        ``movement``, ``view`` and ``facing``: a name. ``person``: the part of the picture in which
        the person is, from and to as shares of its width. ``rep_times``: start, deepest point and
        end of a repetition in seconds. ``rep_counts``: whether a repetition counts. ``rep_added``:
        start and end of a repetition that was missed.
    after, before : str, bool or tuple of float
        The value now, and the one that stood there; None where it is not known.
    rep : int or None
        Which repetition, from 1, as they were numbered when it was made; of one that was added,
        the number that it took.
    when : str
        Date and time, as in ISO 8601; empty when not told.
    """

    what: Literal["movement", "view", "facing", "person", "rep_times", "rep_counts", "rep_added"]
    after: str | bool | tuple[float, ...]
    before: str | bool | tuple[float, ...] | None = None
    rep: int | None = None
    when: str = ""


@dataclass(frozen=True)
class Pain:
    """Pain with the movement, as the person tells it: 0 none to 10 the worst imaginable.

    Attributes
    ----------
    before, worst, after : float or None
        Before the movement, at its worst while moving, and after it.
    where : str
        In the person's own words; empty when not told.
    at_s : float or None
        When in the recording it came.
    rep, signal, value_deg, uncertainty_deg : optional
        Looked up for that time: the repetition, and an angle (a column of ``signals.csv``) with
        its 95 % half-width.
    """

    before: float | None = None
    worst: float | None = None
    after: float | None = None
    where: str = ""
    at_s: float | None = None
    rep: int | None = None
    signal: str | None = None
    value_deg: float | None = None
    uncertainty_deg: float | None = None


@dataclass(frozen=True)
class Assessment:
    """What one recording says about one movement.

    `parts` lists, in order of time, the movements that the recording shows; `reps` and `measures`
    are those of `movement` alone. It is empty when the movement was not looked for. `corrections`
    are what a person changed by hand, in the order in which they did. `pain` is None when the
    person was not asked, or told nothing.
    """

    recording: Recording
    capture: tuple[Check, ...]
    movement: str
    view: View
    facing: Facing
    reps: tuple[Rep, ...]
    measures: tuple[Measure, ...]
    findings: tuple[Finding, ...]
    provenance: Mapping[str, Any]
    schema_version: str = "1.3"
    parts: tuple[Part, ...] = ()
    corrections: tuple[Correction, ...] = ()
    pain: Pain | None = None
