"""A value and its uncertainty against published limits."""

from __future__ import annotations

import math

from movecheck.reference.lookup import NoReference, Reference
from movecheck.types import Result


def compare(value: float, half_width: float, reference: Reference | NoReference) -> Result:
    """Hold a value against published limits.

    Parameters
    ----------
    value : float
        What was measured.
    half_width : float
        95 % half-width of the value, in the same unit; 0 or more.
    reference : Reference or NoReference
        What `lookup` found.

    Returns
    -------
    {"within", "below", "above", "borderline", "no_reference"}
        ``below`` and ``above`` only when the whole interval lies beyond the limit, ``within`` only
        when no part of it does. An interval that crosses a limit is ``borderline``.

    Raises
    ------
    ValueError
        `value` or `half_width` is not a finite number, or `half_width` is negative or None.
    """
    if half_width is None or not math.isfinite(half_width) or half_width < 0:
        raise ValueError(f"Expected 'half_width' to be finite and 0 or more, but got {half_width}.")
    if value is None or not math.isfinite(value):
        raise ValueError(f"Expected 'value' to be a finite number, but got {value}.")
    if isinstance(reference, NoReference):
        return "no_reference"
    low = -math.inf if reference.low is None else reference.low
    high = math.inf if reference.high is None else reference.high
    if value + half_width < low:
        return "below"
    if value - half_width > high:
        return "above"
    inside = low <= value - half_width and value + half_width <= high
    return "within" if inside else "borderline"


def expected_by_chance(n_independent: int, share_outside: float = 0.2) -> float:
    """How many values lie outside their ranges by chance alone.

    A range from the 10th to the 90th centile leaves out one in five of the very people it was made
    from. Who is measured in five ways is expected to be outside once, with nothing the matter.

    Parameters
    ----------
    n_independent : int
        Number of values held against a range. Values that go together count as one.
    share_outside : float, default 0.2
        Share of the reference group outside one range: 0.2 for the 10th to 90th centile, 0.05 for
        mean ± 2 SD on both sides.

    Returns
    -------
    float
        Expected number of values outside.
    """
    _check(n_independent, share_outside)
    return n_independent * share_outside


def chance_of_any(n_independent: int, share_outside: float = 0.2) -> float:
    """How likely at least one value outside is by chance alone: 0.67 for 5 values, 0.89 for 10.

    Parameters
    ----------
    n_independent : int
        Number of values held against a range. Values that go together count as one.
    share_outside : float, default 0.2
        Share of the reference group outside one range.

    Returns
    -------
    float
        Probability, 0 to 1.
    """
    _check(n_independent, share_outside)
    return 1 - (1 - share_outside) ** n_independent


def _check(n_independent: int, share_outside: float) -> None:
    if n_independent < 0:
        raise ValueError(f"Expected 'n_independent' to be 0 or more, but got {n_independent}.")
    if not 0 <= share_outside <= 1:
        raise ValueError(f"Expected 'share_outside' to be between 0 and 1, got {share_outside}.")
