"""Made-up rows and tables, so that each rule can be tested alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from movecheck.reference import Comparison, ReferenceRow, Source, Tables

ROW = {
    "row_id": "R901",
    "measure_id": "published_thing",
    "movement": "squat",
    "plane": "sagittal",
    "definition": "A made-up angle",
    "unit": "deg",
    "group": "healthy",
    "people": "adults",
    "sex": "any",
    "age_min": 18,
    "n": 100,
    "centre": "mean",
    "mean": 50.0,
    "sd": 5.0,
    "low": 40.0,
    "high": 60.0,
    "range_kind": "centile_10_90",
    "ceiling": "no",
    "concern_side": "two_sided",
    "instrument": "protractor",
    "reading": "a protractor read {value}",
    "comparability": "direct",
    "use": "display",
    "source_key": "MADEUP2020",
    "verified": "yes",
}


@pytest.fixture
def row() -> Callable[..., ReferenceRow]:
    def make(**changes: Any) -> ReferenceRow:
        return ReferenceRow.model_validate({**ROW, **changes})

    return make


@pytest.fixture
def tables() -> Callable[..., Tables]:
    """Tables in which every row may be compared with the measure ``thing`` of the squat."""

    def make(*rows: ReferenceRow, relation: str = "compare", reason: str | None = None) -> Tables:
        keys = {row.source_key for row in rows}
        return Tables(
            {row.row_id: row for row in rows},
            {k: Source(key=k, authors="Made U", year=2020, title=k, doi="10/x") for k in keys},
            tuple(
                Comparison.model_validate(
                    {
                        "measure_id": "thing",
                        "movement": "squat",
                        "row_id": row.row_id,
                        "relation": relation,
                        "reason": reason,
                    }
                )
                for row in rows
            ),
        )

    return make
