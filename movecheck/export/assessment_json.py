"""The assessment as a JSON file, written and read again."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from enum import Enum
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter, ValidationError

from movecheck.errors import DataError
from movecheck.export.atomic import write_text
from movecheck.types import (
    Assessment,
    Check,
    Correction,
    Finding,
    Measure,
    Pain,
    Part,
    Recording,
    Rep,
)

DECIMALS = 4
_MAJOR = "1"
_RECORDING_NUMBERS = ("duration_s", "fps", "declared_duration_s")


def to_dict(assessment: Assessment) -> dict[str, Any]:
    """Put the assessment into plain dicts and lists, in the fixed order of the file.

    Parameters
    ----------
    assessment : Assessment
        What one recording says about one movement.

    Returns
    -------
    dict
        Only str, int, float, bool, None, list and dict. Floats have four decimals; NaN and
        infinity become None. Keys of the provenance are sorted.

    Raises
    ------
    TypeError
        When the provenance holds something that JSON has no word for.
    """
    return {
        "schema_version": assessment.schema_version,
        "recording": _fields(assessment.recording),
        "capture": [_fields(check) for check in assessment.capture],
        "movement": assessment.movement,
        "parts": [_fields(part) for part in assessment.parts],
        "view": assessment.view,
        "facing": assessment.facing,
        "reps": [_fields(rep) for rep in assessment.reps],
        "measures": [_fields(measure) for measure in assessment.measures],
        "findings": [_fields(finding) for finding in assessment.findings],
        "corrections": [_fields(one) for one in assessment.corrections],
        "pain": None if assessment.pain is None else _fields(assessment.pain),
        "provenance": _plain(assessment.provenance),
    }


def to_json(assessment: Assessment) -> str:
    """Write the assessment as JSON text; the same text each time.

    Parameters
    ----------
    assessment : Assessment
        What one recording says about one movement.

    Returns
    -------
    str
        JSON with a line break at the end, see `to_dict`.
    """
    return json.dumps(to_dict(assessment), indent=2, ensure_ascii=False, allow_nan=False) + "\n"


def write_assessment(assessment: Assessment, path: Path) -> None:
    """Write ``assessment.json``.

    Parameters
    ----------
    assessment : Assessment
        What one recording says about one movement.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written.
    """
    write_text(path, to_json(assessment))


def read_assessment(path: Path) -> Assessment:
    """Read ``assessment.json``.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    Assessment
        Equal to the one written but for the rounding, and for NaN in a measure, a check or the
        provenance, which comes back as None.

    Raises
    ------
    DataError
        When the file is not there, is damaged, does not hold what it should, or was written by
        a version that this one does not know.
    """
    try:
        data = json.loads(Path(path).read_bytes())
    except OSError as error:
        raise DataError("The assessment file cannot be opened.") from error
    except (ValueError, RecursionError) as error:
        raise DataError("The assessment file is not JSON, or it is damaged.") from error
    if not isinstance(data, dict) or not isinstance(data.get("schema_version"), str):
        raise DataError("The JSON file is not an assessment.")
    if data["schema_version"].split(".")[0] != _MAJOR:
        raise DataError(
            f"Expected an assessment of schema version {_MAJOR}.x, "
            f"but got {data['schema_version'][:20]!r}.",
            "This file was written by another version of movecheck. Update movecheck.",
        )
    recording = data.get("recording")
    if isinstance(recording, dict):
        unknown = {key: math.nan for key in _RECORDING_NUMBERS if recording.get(key, 0) is None}
        data["recording"] = {**recording, **unknown}
    try:
        # strict as JSON is strict: a list for a tuple and 3 for 3.0, but no "3" and no 1 for true
        return _adapter().validate_json(json.dumps(data), strict=True)
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        where = ".".join(str(step) for step in first["loc"])
        raise DataError(f"The assessment file is wrong at {where!r}: {first['msg']}.") from error


@lru_cache(maxsize=1)
def _adapter() -> TypeAdapter[Assessment]:
    return TypeAdapter(Assessment)


def _fields(
    item: Recording | Check | Part | Rep | Measure | Finding | Correction | Pain,
) -> dict[str, Any]:
    return {name: _plain(getattr(item, name)) for name in item.__dataclass_fields__}


def _plain(value: Any) -> Any:
    if isinstance(value, np.generic | Enum):
        value = value.item() if isinstance(value, np.generic) else value.value
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float):
        return round(value, DECIMALS) + 0.0 if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {str(key): _plain(value[key]) for key in sorted(value, key=str)}
    if isinstance(value, np.ndarray):
        return _plain(value.tolist())
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [_plain(item) for item in value]
    raise TypeError(f"Expected something that JSON can hold, but got {type(value).__name__}.")
