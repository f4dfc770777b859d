"""What a movement is: one TOML file in ``data/`` a movement, checked when it is read."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from movecheck.errors import DataError
from movecheck.measures.names import VIEW_OF

_STRICT = ConfigDict(extra="forbid", frozen=True)


class Driver(BaseModel):
    """The signal whose rise and fall makes a repetition.

    `signal` is a stem of an angle, taken as change from standing in degrees, or a height, taken
    as its fall in percent of the height in standing. A rise below `least` is no repetition.
    """

    model_config = _STRICT

    signal: str
    least: float = Field(gt=0)


class Movement(BaseModel):
    """One movement."""

    model_config = _STRICT

    id: str
    name: str
    plain: str = Field(description="the movement in a sentence: 'You did 3 ...'")
    best_view: Literal["side", "front"]
    instructions: tuple[str, ...]
    side_driver: Driver | None = Field(default=None, description="repetitions in side view")
    any_driver: Driver | None = Field(default=None, description="repetitions in any other view")
    headline: tuple[str, ...] = Field(description="measure ids for the main sentence, best first")
    side_measures: tuple[str, ...] = ()
    front_measures: tuple[str, ...] = ()
    depth: str | None = Field(default=None, description="height whose fall is the depth")

    @property
    def repeats(self) -> bool:
        """Whether the movement has repetitions at all."""
        return self.any_driver is not None

    def all_stems(self) -> tuple[str, ...]:
        """Return the signals of every view, in order."""
        return tuple(dict.fromkeys(self.side_measures + self.front_measures))


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
    unknown = set(movement.all_stems()) - set(VIEW_OF)
    if movement.id != name or unknown:
        raise DataError(f"the file of movement {name!r} names what is unknown: {sorted(unknown)}")
    return movement
