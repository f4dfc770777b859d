"""JSON Schema of ``assessment.json``, from the classes that it is made of."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter

from movecheck.export.atomic import write_bytes
from movecheck.types import Assessment


def assessment_schema() -> dict[str, Any]:
    """Return the JSON Schema (draft 2020-12). Later 1.x versions may add fields, and nothing else.

    Returns
    -------
    dict
        The schema.
    """
    schema = TypeAdapter(Assessment).json_schema(mode="serialization")
    for field in schema["$defs"]["Recording"]["properties"].values():
        field.pop("default", None)  # NaN is no JSON
        if field.get("type") == "number":  # unknown is null in the file
            field["type"] = ["number", "null"]
    schema["properties"]["schema_version"] = {"type": "string", "pattern": r"^1\.\d+$"}
    schema["required"] = sorted({*schema["required"], "schema_version"})
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "urn:movecheck:assessment:1", **schema,
    }  # fmt: skip


def write_schema(path: Path) -> None:
    """Write the schema; raises `ExportError` when the file cannot be written."""
    write_bytes(path, (json.dumps(assessment_schema(), indent=2) + "\n").encode())
