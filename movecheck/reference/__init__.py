"""Published values of other people, with their sources, and what may be said from them.

`lookup` finds the one published row that a value may be held against, or says in plain words why
there is none and what was published; `compare` holds the value against it. The rules are written
in `movecheck.reference.rules`, the tables in `movecheck.reference.table`.
"""

from movecheck.reference.check import check_tables
from movecheck.reference.compare import chance_of_any, compare, expected_by_chance
from movecheck.reference.lookup import Context, NoReference, Reference, lookup
from movecheck.reference.sources import Source, citation, load_sources
from movecheck.reference.table import (
    Comparison,
    MeasurementProperty,
    ReferenceRow,
    Tables,
    load_measurement_properties,
    load_tables,
)

__all__ = [
    "Comparison",
    "Context",
    "MeasurementProperty",
    "NoReference",
    "Reference",
    "ReferenceRow",
    "Source",
    "Tables",
    "chance_of_any",
    "check_tables",
    "citation",
    "compare",
    "expected_by_chance",
    "load_measurement_properties",
    "load_sources",
    "load_tables",
    "lookup",
]
