"""What may be done with a published row, and for whom.

The rules, each with a test of its own:

1. Only rows for display that were checked at their source become a range.
2. An average, an interval of a mean and a span over ages are never a range for one person. Only
   the kinds in `BANDS` are; whatever is not listed there is not one.
3. Mean ± 2 SD stands in for a range only where mean and SD are published and the test has no
   ceiling. It is marked as derived and drawn only on the side of concern: on the other side the
   bell shape is a guess that helps nobody. Amounts that cannot be negative stop at 0.
4. The row must measure the same quantity, or one that stands for it.
5. The row must fit the person's sex and age, else there is no reference for this person. Where
   one of the rows is of some ages only, none is chosen for a person whose age is not known.
6. A provisional row never goes without its caution.
7. One row, one source. Other rows that fit are listed beside it, never mixed in.

People with complaints are never the yardstick: the group must be `healthy` or `general`.
"""

from __future__ import annotations

import math

from movecheck.marks import N_
from movecheck.reference.table import ReferenceRow, Sex

BANDS = frozenset(
    {
        "centile_10_90",
        "centile_5_95",
        "iqr_25_75",
        "cutoff",
        "published_range",
        "upper_limit",
        "tolerance_range",
    }
)
"""Kinds whose limits are a range for one person. `observed_range` is none: it grows with n."""

ADULT = 18  # years; published ranges of adults mostly begin there (our own choice)
AGE_NOT_GIVEN = N_("The published values depend on age, which was not given.")
NOT_NEGATIVE = frozenset({"s", "count", "percent", "ratio", "mm"})


def refusal(row: ReferenceRow) -> str | None:
    """Why a row may not become a range for anybody.

    Parameters
    ----------
    row : ReferenceRow
        A published row.

    Returns
    -------
    str or None
        A plain sentence, or None when the row may become a range.
    """
    if row.verified != "yes":
        return N_("The published value was not checked at its source.")
    if row.use not in ("display", "display_provisional"):
        return N_("The published value is shown for context only.")
    if row.comparability not in ("direct", "proxy"):
        return N_("The published value is another quantity than a video can give.")
    if row.group not in ("healthy", "general"):
        return N_("The published value comes from people with complaints and is not a yardstick.")
    if row.use == "display_provisional" and not row.caution:
        return N_("The published value needs a caution that is missing.")
    if row.range_kind not in BANDS and row.range_kind != "group_mean_sd":
        return N_(
            "The published value is not a range for one person; it is shown for context only."
        )
    if row.range_kind == "group_mean_sd" and row.ceiling == "yes":
        return N_("The test stops at a fixed time, so its average and spread give no range.")
    if band(row) is None:
        return N_("The spread of the published value is not known.")
    return None


def band(row: ReferenceRow) -> tuple[float | None, float | None, bool] | None:
    """Limits that a row gives, whether or not it may be shown.

    Parameters
    ----------
    row : ReferenceRow
        A published row.

    Returns
    -------
    tuple or None
        Low, high and whether they are derived from mean and SD; None when there are no limits.
    """
    low, high, derived = None, None, False
    if row.range_kind in BANDS:
        low, high = row.low, row.high
    elif row.range_kind == "group_mean_sd" and row.ceiling == "no":
        if row.mean is None or row.sd is None:
            return None
        derived = True
        if row.concern_side in ("low", "two_sided"):
            low = row.mean - 2 * row.sd
            low = max(0.0, low) if row.unit in NOT_NEGATIVE else low
        if row.concern_side in ("high", "two_sided"):
            high = row.mean + 2 * row.sd
    return None if low is None and high is None else (low, high, derived)


def misfit(row: ReferenceRow, sex: Sex | None, age: float | None) -> str | None:
    """Why a row cannot be chosen for a person.

    A row for all adults (18 and over, no upper end) may be chosen when the age is not known: it is
    for every adult. Who uses it must then say that it is about adults. A row whose ages are not
    stated cannot be chosen by age, so it is never chosen.

    Parameters
    ----------
    row : ReferenceRow
        A published row.
    sex : {"F", "M"} or None
        None is not known.
    age : float or None
        Years; None is not known.

    Returns
    -------
    str or None
        A plain sentence, or None when the row fits.
    """
    if row.sex != "any" and sex is None:
        return N_("The published values depend on sex, which was not given.")
    if row.age_min is None:
        return N_("The ages of the people in the study are not known to us.")
    if age is None:
        for_adults = row.age_min == ADULT and row.age_max is None
        if not for_adults:
            return AGE_NOT_GIVEN
    return contradiction(row, sex, age)


def by_age(row: ReferenceRow) -> bool:
    """Whether a row is about some ages only, and not about all adults."""
    return row.age_max is not None or (row.age_min is not None and row.age_min > ADULT)


def contradiction(row: ReferenceRow, sex: Sex | None, age: float | None) -> str | None:
    """Why a row is about other people than this person, or None.

    What is not known, of the row or the person, is no contradiction. Arguments as in `misfit`.
    """
    if sex is not None and row.sex not in ("any", sex):
        return N_("The published values are not about people of your sex.")
    if age is None:
        return None
    years, youngest = math.floor(age), ADULT if row.age_min is None else row.age_min
    if years < youngest or (row.age_max is not None and years > row.age_max):
        if years < ADULT <= youngest:
            return N_("The published values are about adults only.")
        return N_("The published values are not about people of your age.")
    return None


def preference(row: ReferenceRow) -> tuple[float | str, ...]:
    """Sort key among rows that fit; the smallest is taken.

    Same quantity before one that stands for it, final before provisional, published limits before
    derived ones, one sex before any, the narrower span of ages, the larger group, the older id.
    """
    limits_of = band(row)
    oldest = math.inf if row.age_max is None else row.age_max
    return (
        row.comparability != "direct",
        row.use != "display",
        limits_of is None or limits_of[2],
        row.sex == "any",
        oldest - (row.age_min or 0),
        -(row.n or 0),
        row.row_id,
    )
