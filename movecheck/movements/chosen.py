"""The movement that an assessment is of, and what the capture check says of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from movecheck.marks import N_
from movecheck.movements.definition import Movement, load
from movecheck.movements.recognise import DOUBT, UNKNOWN, main_part
from movecheck.types import Check, Part, Rep

UNKNOWN_MOVEMENT = Movement(
    id="unknown", name="No known movement", plain="movement", kind="still", best_view="side",
    instructions=(), headline=(),
)  # fmt: skip


def choose(parts: list[Part], movement: str) -> Movement:
    """Return the movement that is asked for, or the one that takes most of the recording."""
    if movement != "auto":
        return load(movement)
    part = main_part(parts)
    return UNKNOWN_MOVEMENT if part is None or part.movement == UNKNOWN else load(part.movement)


def concerns(check: Check, chosen: Movement) -> bool:
    """Leave out what is asked of a person who stands, where the movement is not one in standing."""
    if check.id == "body_fit" and not chosen.feet_stay:
        return False
    of_standing = ("quiet_standing", "camera_level", "body_fit")
    of_upright = (*of_standing, "camera_angle", "feet")
    return (
        check.id not in {"standing": (), "sitting": of_standing, "lying": of_upright}[chosen.rest]
    )


def doubted(parts: list[Part], checks: Sequence[Check]) -> list[Part]:
    """Return the parts, none of them surer than `DOUBT` where person or feet were not seen well."""
    failed = [check for check in checks if check.id in ("person", "feet") and not check.ok]
    return [
        replace(part, confidence=min(part.confidence, DOUBT))
        if any(part.movement == UNKNOWN or concerns(c, load(part.movement)) for c in failed)
        else part
        for part in parts
    ]


def _either(part: Part) -> str:
    """Name the movements that a part may be."""
    return N_(" or ").join(load(name).name.lower() for name in part.candidates)


def movement_check(
    chosen: Movement, reps: list[Rep], parts: list[Part], asked: str, hidden: str | None
) -> Check:
    """Tell which movement it is, or what to do when that is not known.

    `asked` is what was asked for; `hidden` is why the view does not show the movement.
    """
    part = main_part(parts)
    if hidden is not None:
        return Check("movement", False, chosen.name, hidden)
    if chosen is UNKNOWN_MOVEMENT:
        advice = N_(
            "No known movement was recognised. Choose the movement yourself, "
            "or record again as the instructions say."
        )
        if part is not None:
            advice = N_(
                f"It may be: {_either(part)}. The recording does not show which. "
                "Choose it yourself."
            )
        return Check("movement", False, "unknown", advice)
    if chosen.repeats and not reps:
        return Check(
            "movement", False, 0.0,
            N_(f"No {chosen.plain} was found. Do as the instructions say: first be still, then "
               "move clearly, then be still again."),
        )  # fmt: skip
    if asked == "auto" and part is not None and part.candidates:
        return Check(
            "movement", False, _either(part),
            N_(f"It may be: {_either(part)}. It is measured as a {chosen.plain}. Choose it "
               "yourself, or record again with your side to the camera."),
        )  # fmt: skip
    for other in parts if asked != "auto" else ():
        if other.movement in (chosen.id, UNKNOWN) or other.confidence > DOUBT or other.candidates:
            continue
        if any(rep.start_s < other.end_s and rep.end_s > other.start_s for rep in reps):
            return Check(
                "movement", False, f"{chosen.name} (given)",
                N_(f"From {other.start_s:.0f} to {other.end_s:.0f} s it may be: "
                   f"{load(other.movement).name.lower()}. It is measured as a {chosen.plain}, "
                   "as you said."),
            )  # fmt: skip
    also = [
        f"{load(p.movement).name} from {p.start_s:.0f} to {p.end_s:.0f} s"
        for p in parts
        if p.movement not in (chosen.id, "posture") and not p.candidates
    ]
    found = chosen.name if asked == "auto" else f"{chosen.name} (given)"
    return Check(
        "movement", True, "; also seen: ".join([found, *([", ".join(also)] if also else [])])
    )
