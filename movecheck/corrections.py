"""What a therapist corrects by hand: read from a file, checked, and put in place.

The corrections are an input like the recording: the same ones always give the same numbers. Each
is kept with what stood there before and when it was made, in the order in which they were made.
Those of repetitions speak of the repetitions that are found after all others are in place.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from movecheck.errors import DataError
from movecheck.marks import N_
from movecheck.types import Correction, PoseTrack, Rep

BY_HAND = N_("left out by hand")
"""Why a repetition does not count that a person has left out."""
OF_REPS = ("rep_times", "rep_counts", "rep_added")
DECIMALS = 3  # of a second in the file (our own choice)
SAME_S = 0.1  # so near are two times taken for the same (our own choice)
LEAST_WIDTH = 0.1  # of the picture that must be left to a person (our own choice)

Between = Callable[[float, float], Rep]
"""Finds the repetition between two times: its deepest point, and its side."""
Region = tuple[float, float]
"""A part of the picture: from and to as shares of its width."""

_CHOICES = {
    "view": ("side", "front"),
    "facing": ("left", "right", "camera", "away"),
}
_OTHER_RESULT = (
    N_("The corrections were made to another result."),
    N_("Take them back, and make them again for this one."),
)


def read_corrections(path: Path) -> tuple[Correction, ...]:
    """Read corrections from a JSON file: a list, or an ``assessment.json`` that has one.

    Raises
    ------
    DataError
        The file cannot be read, or does not hold corrections.
    """
    try:
        data = json.loads(path.read_bytes())
    except OSError as error:
        raise DataError("The file with corrections cannot be opened.") from error
    except (ValueError, RecursionError) as error:
        raise DataError("The file with corrections is not JSON.") from error
    return parse(data.get("corrections", []) if isinstance(data, dict) else data)


def parse(data: Any) -> tuple[Correction, ...]:
    """Return corrections from plain lists and dicts, each of them checked by itself.

    Raises
    ------
    DataError
        One of them is not as `Correction` says.
    """
    try:
        found = TypeAdapter(tuple[Correction, ...]).validate_json(json.dumps(data), strict=True)
    except (ValidationError, TypeError, ValueError) as error:
        raise DataError("The corrections do not have the form that they should.") from error
    return checked(found)


def plain(corrections: Iterable[Correction]) -> list[dict[str, Any]]:
    """Return corrections as a file of them holds them."""
    return [
        {name: getattr(one, name) for name in Correction.__dataclass_fields__}
        for one in corrections
    ]


def checked(corrections: Iterable[Correction]) -> tuple[Correction, ...]:
    """Return corrections with their times rounded to milliseconds, as a file holds them.

    Raises
    ------
    DataError
        One of them is not as `Correction` says.
    """
    return tuple(_checked(one) for one in corrections)


def _checked(one: Correction) -> Correction:
    fits = {
        "movement": isinstance(one.after, str),
        "view": one.after in _CHOICES["view"],
        "facing": one.after in _CHOICES["facing"],
        "person": _is_region(one.after),
        "rep_times": isinstance(one.after, tuple) and len(one.after) == 3,
        "rep_counts": isinstance(one.after, bool),
        "rep_added": isinstance(one.after, tuple) and len(one.after) == 2,
    }[one.what]
    # One that is added has no number until it is among the others.
    named = one.what == "rep_added" or (one.rep is not None) == (one.what in OF_REPS)
    if not (fits and named):
        raise DataError(f"A correction of {one.what} does not say what it should.")
    if isinstance(one.after, tuple):
        one = replace(one, after=tuple(round(value, DECIMALS) for value in one.after))
    return one


def _is_region(value: str | bool | tuple[float, ...]) -> bool:
    if not isinstance(value, tuple) or len(value) != 2:
        return False
    start, end = value
    return start >= 0 and end <= 1 and end - start >= LEAST_WIDTH


def last(corrections: Sequence[Correction], what: str) -> Any:
    """Return what is corrected to, or None when nothing is."""
    return next((one.after for one in reversed(corrections) if one.what == what), None)


def check_facing(corrections: Sequence[Correction], facing: str) -> None:
    """Raise DataError unless the person faces the way that is given."""
    if last(corrections, "facing") not in (None, facing):
        raise DataError(
            "The way in which the person faces does not go with the view.",
            "From the side it is left or right, from the front camera or away.",
        )


def region_of(corrections: Sequence[Correction]) -> Region | None:
    """Return the part of the picture that holds the person, or None when nobody chose."""
    found: Region | None = last(corrections, "person")
    return found


def region_text(region: Region | None) -> str:
    """Return a part of the picture as it stands in the provenance of landmarks; "" is all."""
    return "" if region is None else f"{region[0]:.3f} to {region[1]:.3f} of the width"


def check_person(track: PoseTrack, corrections: Sequence[Correction]) -> None:
    """Raise DataError unless saved landmarks are of the person that is chosen."""
    if track.model.get("region", "") != region_text(region_of(corrections)):
        raise DataError(
            "The saved landmarks are of another person in the picture.",
            "To choose the person, give the video instead of the landmarks.",
        )


def noted(corrections: Sequence[Correction], found: dict[str, Any]) -> tuple[Correction, ...]:
    """Return corrections with what stood there before, repetitions left as they are.

    Parameters
    ----------
    corrections : sequence of Correction
        In the order in which they were made.
    found : dict
        What stands without them: of ``movement``, ``view``, ``facing`` and ``person``.
    """
    now = dict(found)
    out = []
    for one in corrections:
        if one.what in now:
            one, now[one.what] = replace(one, before=now[one.what]), one.after
        out.append(one)
    return tuple(out)


def correct_reps(
    reps: Sequence[Rep], corrections: Sequence[Correction], duration_s: float, between: Between
) -> tuple[list[Rep], tuple[Correction, ...]]:
    """Put the corrections of repetitions in place.

    Parameters
    ----------
    reps : sequence of Rep
        As they were found.
    corrections : sequence of Correction
        All of them; those of other things are passed on.
    duration_s : float
        Length of the recording.
    between : callable
        Finds what is between the start and the end of one that is added.

    Returns
    -------
    reps : list of Rep
        In order of time.
    corrections : tuple of Correction
        The same, with what stood there before.

    Raises
    ------
    DataError
        A repetition does not exist, the times are not in order, overlap a neighbour or lie outside
        the recording, nothing is found between those of one that is added, or what stood there
        before is not what the correction says.
    """
    now = list(reps)
    out = []
    for one in corrections:
        if one.what == "rep_added":
            number = _add(now, one, duration_s, between)
            if one.rep not in (None, number):
                raise DataError(*_OTHER_RESULT)
            out.append(replace(one, rep=number))
            continue
        if one.rep is None:
            out.append(one)
            continue
        if not 1 <= one.rep <= len(now):
            raise DataError(*_OTHER_RESULT)
        rep = now[one.rep - 1]
        before: bool | tuple[float, ...]
        if one.what == "rep_counts":
            before = rep.excluded_reason is None
            same = one.before in (None, before)
            now[one.rep - 1] = replace(rep, excluded_reason=None if one.after else BY_HAND)
        else:
            before = tuple(round(t, DECIMALS) for t in (rep.start_s, rep.peak_s, rep.end_s))
            same = one.before is None or _near(one.before, before)
            now[one.rep - 1] = _moved(now, one, duration_s)
        if not same:
            raise DataError(*_OTHER_RESULT)
        out.append(replace(one, before=before))
    return now, tuple(out)


def _near(told: object, found: tuple[float, ...]) -> bool:
    if not isinstance(told, tuple) or len(told) != len(found):
        return False
    return all(abs(a - b) <= SAME_S for a, b in zip(told, found, strict=True))


def _add(reps: list[Rep], one: Correction, duration_s: float, between: Between) -> int:
    """Put a repetition where it belongs among the others; return its number."""
    assert isinstance(one.after, tuple)
    start_s, end_s = one.after
    if not 0 <= start_s < end_s <= duration_s:
        raise DataError(
            f"A repetition from {start_s:.2f} to {end_s:.2f} s does not lie in the recording, "
            f"which is {duration_s:.2f} s long.",
            "Its start comes before its end, and both lie within the recording.",
        )
    for number, rep in enumerate(reps, start=1):
        if start_s < rep.end_s - SAME_S and rep.start_s + SAME_S < end_s:
            raise DataError(
                f"A repetition from {start_s:.2f} to {end_s:.2f} s overlaps repetition {number}.",
                "Give other times, or move the start or end of that repetition first.",
            )
    place = sum(rep.start_s < start_s for rep in reps)
    reps.insert(place, replace(between(start_s, end_s), by_hand=True))
    return place + 1


def _moved(reps: Sequence[Rep], one: Correction, duration_s: float) -> Rep:
    assert one.rep is not None
    assert isinstance(one.after, tuple)
    start_s, peak_s, end_s = one.after
    earliest = reps[one.rep - 2].end_s if one.rep > 1 else 0.0
    latest = reps[one.rep].start_s if one.rep < len(reps) else duration_s
    # Neighbours may share a sample, and the last one the end of the recording.
    inside = earliest - SAME_S <= start_s and end_s <= latest + SAME_S
    if not (inside and start_s <= peak_s <= end_s and start_s < end_s):
        raise DataError(
            f"The times of repetition {one.rep} do not fit.",
            "Start, deepest point and end follow each other, between the neighbouring "
            "repetitions and within the recording.",
        )
    return replace(reps[one.rep - 1], start_s=start_s, peak_s=peak_s, end_s=end_s)
