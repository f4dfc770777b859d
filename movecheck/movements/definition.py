"""What a movement is: one TOML file in ``data/`` a movement, checked when it is read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from movecheck.errors import DataError
from movecheck.measures.names import VIEW_OF

_STRICT = ConfigDict(extra="forbid", frozen=True)


class Driver(BaseModel):
    """The signal whose rise and fall makes a repetition.

    `signal` is a stem of an angle, taken as change from rest in degrees, or a height, taken as its
    fall in percent of the height in standing. A change below `least` is no repetition. `way` says
    which change counts: one ``up``, one ``down``, or ``either``, and then its sign is the side.
    """

    model_config = _STRICT

    signal: str
    least: float = Field(gt=0)
    way: Literal["up", "down", "either"] = "up"


class Hold(BaseModel):
    """When a held posture begins and ends.

    It is there when all `signals` are within `ready` degrees of zero, with the shoulders
    at least `clearance` body sizes above elbows and hands. It begins as steady angles come within
    `within` of their first `first_s` seconds, and ends when one has been further than that from
    them for `for_s` seconds, or the posture is left.
    """

    model_config = _STRICT

    signals: tuple[str, ...] = Field(min_length=1)
    ready: float = Field(gt=0)
    within: float = Field(gt=0)
    for_s: float = Field(gt=0)
    first_s: float = Field(gt=0)
    clearance: float = -1.0


class Stance(BaseModel):
    """When a stance on one leg begins and ends: `lift` body sizes between the feet, or `cap_s`."""

    model_config = _STRICT

    lift: float = Field(gt=0)
    cap_s: float = Field(gt=0)


class Camera(BaseModel):
    """Where the camera stands: height of the lens, distance, and how the picture is turned.

    The distance is our own choice: the whole body with a margin, and little perspective.
    """

    model_config = _STRICT

    height: Literal["hip", "knee"] = "hip"
    distance_m: tuple[float, float] = (3.0, 4.0)
    picture: Literal["upright", "sideways"] = "upright"


class Movement(BaseModel):
    """One movement.

    `tier` is what may be said of it: ``range`` a published range, ``trend`` the person's own
    change, ``graded`` by degrees with low confidence, ``experimental`` nothing but the figure.
    """

    model_config = _STRICT

    id: str
    name: str
    plain: str = Field(description="the movement in a sentence: 'You did 3 ...'")
    group: Literal["spine", "functional", "balance", "core", "posture"] = "functional"
    tier: Literal["range", "trend", "graded", "experimental"] = "trend"
    kind: Literal["repeats", "chair", "held", "still"] = "repeats"
    rest: Literal["standing", "sitting", "lying"] = "standing"
    sided: bool = Field(default=False, description="each repetition is of one side")
    feet_stay: bool = Field(default=True, description="both feet stand where they stood")
    best_view: Literal["side", "front"]
    only_view: Literal["side", "front"] | None = Field(
        default=None, description="the view without which it is not seen at all"
    )
    camera: Camera = Camera()
    instructions: tuple[str, ...]
    begins: str = Field(default="", description="when the clock starts, in words")
    ends: str = Field(default="", description="when it stops, in words")
    safety: str = ""
    side_driver: Driver | None = Field(default=None, description="repetitions in side view")
    any_driver: Driver | None = Field(default=None, description="repetitions in any other view")
    timed_by: str | None = Field(
        default=None, description="signal in which a repetition starts and ends, if not its driver"
    )
    hold: Hold | None = None
    stance: Stance | None = None
    headline: tuple[str, ...] = Field(description="measure ids for the main sentence, best first")
    side_measures: tuple[str, ...] = ()
    front_measures: tuple[str, ...] = ()
    picture_measures: tuple[str, ...] = Field(default=(), description="read in any view")
    extra_measures: tuple[str, ...] = Field(default=(), description="those of no single signal")
    depth: str | None = Field(default=None, description="height whose fall is the depth")
    note: str = Field(default="", description="what it cannot say")

    @property
    def repeats(self) -> bool:
        """Whether the movement has repetitions, or holds, at all."""
        return self.kind != "still"

    def all_stems(self) -> tuple[str, ...]:
        """Return the signals of every view, in order."""
        return tuple(
            dict.fromkeys(self.side_measures + self.front_measures + self.picture_measures)
        )

    @model_validator(mode="after")
    def _complete(self) -> Self:
        needs = {"repeats": self.any_driver, "held": self.hold or self.stance}
        if self.kind in needs and needs[self.kind] is None:
            raise ValueError(f"a movement of kind {self.kind!r} says what makes one")
        unknown = set(self.all_stems()) - set(VIEW_OF)
        if unknown:
            raise ValueError(f"names signals that there are not: {sorted(unknown)}")
        return self


@cache
def names() -> tuple[str, ...]:
    """Return the ids of all movements, in alphabetical order."""
    folder = files("movecheck.movements").joinpath("data")
    return tuple(sorted(p.name[:-5] for p in folder.iterdir() if p.name.endswith(".toml")))


@cache
def load(name: str) -> Movement:
    """Return a movement by its id.

    Raises
    ------
    DataError
        When there is no such movement, or its file does not hold what it should.
    """
    if name not in names():
        raise DataError(
            f"there is no movement called {name!r}", f"Choose one of: auto, {', '.join(names())}."
        )
    text = files("movecheck.movements").joinpath("data", f"{name}.toml").read_text("utf-8")
    try:
        movement = Movement.model_validate(tomllib.loads(text))
    except (tomllib.TOMLDecodeError, ValidationError) as error:
        raise DataError(f"the file of movement {name!r} is not valid: {error}") from error
    if movement.id != name:
        raise DataError(f"the file of movement {name!r} names another one: {movement.id!r}")
    return movement
