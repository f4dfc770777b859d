"""The tables as files: the real ones are right, and wrong ones are noticed."""

from __future__ import annotations

import csv
import re
import shutil
import time
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from movecheck.errors import DataError
from movecheck.reference import (
    ReferenceRow,
    Source,
    check_tables,
    citation,
    load_measurement_properties,
    load_sources,
    load_tables,
)
from movecheck.reference._csv import DATA, load_table, read_table

RANGES = "reference_ranges.csv"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for path in DATA.glob("*.csv"):
        shutil.copy(path, tmp_path)
    return tmp_path


def edit(path: Path, key: str, /, **changes: str) -> None:
    """Change cells of the rows whose first cell is `key`; without changes, repeat the row."""
    with path.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    first = next(iter(rows[0]))
    hits = [row for row in rows if row[first] == key]
    assert hits
    for row in hits:
        row.update(changes)
    if not changes:
        rows.append(hits[0])
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def test_the_tables_hold_together():
    assert check_tables() == []


def test_the_copied_tables_hold_together(folder):
    assert check_tables(folder) == []


@pytest.mark.parametrize(
    ("file", "key", "changes", "says"),
    [
        (RANGES, "R001", {"low": "112"}, "column low: must not be above the mean"),
        (RANGES, "R001", {"high": "110"}, "column high: must not be below"),
        (RANGES, "R050", {"low": "14"}, "column high: must not be below"),
        (RANGES, "R001", {"mean": "nan"}, "column mean"),
        (RANGES, "R001", {"mean": "much"}, "column mean"),
        (RANGES, "R001", {"sd": "0"}, "column sd"),
        (RANGES, "R001", {"n": "0"}, "column n"),
        (RANGES, "R001", {"n": "-3"}, "column n"),
        (RANGES, "R001", {"sex": "female"}, "column sex"),
        (RANGES, "R001", {"unit": "degrees"}, "column unit"),
        (RANGES, "R001", {"group": "sick"}, "column group"),
        (RANGES, "R001", {"range_kind": "range"}, "column range_kind"),
        (RANGES, "R001", {"use": "show"}, "column use"),
        (RANGES, "R001", {"plane": "side"}, "column plane"),
        (RANGES, "R001", {"verified": "perhaps"}, "column verified"),
        (RANGES, "R001", {"comparability": "nearly"}, "column comparability"),
        (RANGES, "R001", {"concern_side": "left"}, "column concern_side"),
        (RANGES, "R001", {"ceiling": ""}, "column ceiling"),
        (RANGES, "R001", {"people": ""}, "column people"),
        (RANGES, "R001", {"row_id": "X1"}, "column row_id"),
        (RANGES, "R001", {"reading": "it read 5"}, "must hold {value} once"),
        (RANGES, "R056", {"age_max": "59"}, "column age_max: must not be below age_min"),
        (RANGES, "R001", {"source_key": "NOBODY1900"}, "source NOBODY1900 is not known"),
        (RANGES, "R002", {}, "stands there 2 times"),
        (RANGES, "R066", {"verified": "no"}, "for display, but not verified"),
        (RANGES, "R066", {"comparability": "not_measurable"}, "its comparability is"),
        (RANGES, "R038", {"caution": ""}, "provisional, but without a caution"),
        (RANGES, "R001", {"low": ""}, "centile_10_90 needs low and high"),
        (RANGES, "R066", {"high": ""}, "upper_limit needs high"),
        (RANGES, "R038", {"high": "70"}, "cutoff needs either low or high"),
        (RANGES, "R068", {"high": ""}, "severity_band needs low or high"),
        (RANGES, "R010", {"high": "4"}, "group_mean has no limits"),
        (RANGES, "R010", {"mean": "", "centre": ""}, "group_mean needs a mean"),
        (RANGES, "R002", {"sd": ""}, "group_mean_sd needs a SD"),
        (RANGES, "R002", {"centre": ""}, "centre says what mean holds"),
        (RANGES, "R001", {"note": "This is abnormal."}, "says 'abnormal'"),
        ("sources.csv", "LAIRD2019", {"doi": ""}, "needs a DOI or an address"),
        ("sources.csv", "LAIRD2019", {"year": "soon"}, "column year"),
        ("sources.csv", "LAIRD2019", {}, "stands there 2 times"),
        ("sources.csv", "LAIRD2019", {"key": "LAIRD"}, "nothing uses it"),
        ("comparisons.csv", "hold_time", {"row_id": "R999"}, "is not in reference_ranges.csv"),
        ("comparisons.csv", "hold_time", {"measure_id": "hold*"}, "names one measure"),
        ("comparisons.csv", "hold_time", {"movement": "squat"}, "the row is about"),
        ("comparisons.csv", "peak_speed*", {"row_id": "R001"}, "relation none has no row"),
        ("comparisons.csv", "peak_speed*", {"reason": ""}, "a reason is missing"),
        ("comparisons.csv", "peak_speed*", {"relation": "maybe"}, "column relation"),
        ("comparisons.csv", "peak_speed*", {"reason": "A weak one."}, "says 'weak'"),
        ("comparisons.csv", "duration", {"relation": "compare", "row_id": "R003"}, "context only"),
        ("measurement_properties.csv", "P001", {"value": ""}, "there is no number"),
        ("measurement_properties.csv", "P001", {"source_key": "X"}, "source X is not known"),
        ("measurement_properties.csv", "P001", {}, "stands there 2 times"),
    ],
)
def test_wrong_tables_are_noticed(folder, file, key, changes, says):
    edit(folder / file, key, **changes)
    problems = check_tables(folder)
    assert any(p.startswith(file) and says in p for p in problems), problems


def test_a_column_too_many_or_too_few_is_noticed(folder):
    path = folder / RANGES
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([f"{lines[0]},mood", f"{lines[1]},fine"]), encoding="utf-8")
    assert "column mood" in read_table(path, ReferenceRow)[1][0]
    path.write_text("\n".join([lines[0].removeprefix("row_id,"), lines[1]]), encoding="utf-8")
    assert read_table(path, ReferenceRow)[1]


def test_loading_a_damaged_table_names_file_row_and_column(folder):
    edit(folder / RANGES, "R003", n="many")
    with pytest.raises(DataError, match=r"reference_ranges\.csv, row R003, column n") as caught:
        load_table(folder / RANGES, ReferenceRow)
    assert str(folder) not in str(caught.value)
    assert caught.value.hint


@given(st.lists(st.floats(-1e3, 1e3), min_size=3, max_size=3))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_only_numbers_in_order_make_a_row(row, numbers):
    low, mean, high = numbers
    cells = {**row().model_dump(), "low": low, "mean": mean, "high": high}
    if low <= mean <= high:
        ReferenceRow.model_validate(cells)
    else:
        with pytest.raises(ValidationError):
            ReferenceRow.model_validate(cells)


def test_a_source_needs_an_address():
    with pytest.raises(ValidationError):
        Source(key="X", authors="Made U", title="X")


def test_only_rows_that_may_be_shown_are_carried():
    for row in load_tables().rows.values():
        assert row.verified == "yes"
        assert row.use in ("display", "display_provisional", "context")


def test_no_word_of_the_workshop_is_left():
    words = re.compile(r"\b(memory|stored|seen in|must be read|abstract|verified_how)\b", re.I)
    for path in DATA.glob("*.csv"):
        if path.name != "sources.csv":
            assert not words.search(path.read_text(encoding="utf-8")), path.name


def test_loading_is_fast():
    load_tables.cache_clear()
    load_sources.cache_clear()
    start = time.perf_counter()
    load_tables()
    assert time.perf_counter() - start < 1
    assert load_tables() is load_tables()


def test_measurement_properties_load_with_their_sources():
    properties = load_measurement_properties()
    assert {p.source_key for p in properties} <= set(load_sources())


@pytest.mark.parametrize(
    ("key", "short"),
    [
        ("LAIRD2019", "Laird 2019"),
        ("TRUDELLE2010", "Trudelle-Jackson 2010"),
        ("OHLENDORF2021", "Ohlendorf 2021"),
        ("BJORNARAA_DPT", "St Catherine University n.d."),
    ],
)
def test_short_citation(key, short):
    assert citation(key) == short


def test_full_citation_holds_the_doi():
    text = citation("LAIRD2019", full=True)
    assert text.startswith("Laird RA; ")
    assert text.endswith("https://doi.org/10.1186/s12891-018-2387-x")


def test_every_source_can_be_cited_and_opened():
    for key, source in load_sources().items():
        assert citation(key, full=True).endswith(source.link)
        assert source.link.startswith(("https://", "http://"))


def test_an_unknown_source_raises():
    with pytest.raises(DataError, match="NOBODY"):
        citation("NOBODY")
