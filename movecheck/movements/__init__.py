"""Movements as data, and the repetitions of one movement in a recording."""

from movecheck.movements.definition import Movement, load, names
from movecheck.movements.reps import find_reps

__all__ = ["Movement", "find_reps", "load", "names"]
