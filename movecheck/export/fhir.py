"""FHIR R4 Observations, for clinical systems."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from movecheck.export.atomic import write_text
from movecheck.types import Assessment, Finding, Measure, Pain

UCUM = {"deg": "deg", "s": "s", "percent": "%", "deg_per_s": "deg/s", "ratio": "1"}
"""Units of measures as codes of the Unified Code for Units of Measure."""

LOINC_PAIN = "72514-3"
"""Pain severity, 0 to 10 verbal numeric rating, as reported."""

_SYSTEM = "urn:movecheck:measure"
_ABSENT = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
_CATEGORY = "http://terminology.hl7.org/CodeSystem/observation-category"
_OUTCOME = {"within": "N", "below": "L", "above": "H", "borderline": "IND"}
_INTERPRETATION = "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation"


def observations(assessment: Assessment) -> dict[str, Any]:
    """Put the summary measures into a Bundle of Observations.

    The codes are our own (no LOINC term is these angles by one camera); status is preliminary, as
    nobody has confirmed them. The 95 % half-width is a component. A person and a time are not
    named: movecheck knows neither, and the clinic's system adds them.

    Parameters
    ----------
    assessment : Assessment
        What one recording says about one movement.

    Returns
    -------
    dict
        A FHIR R4 Bundle of type collection.
    """
    found = {(f.measure_id, f.side): f for f in assessment.findings}
    entries = [
        {"resource": _observation(m, found.get((m.id, m.side)), assessment)}
        for m in assessment.measures
        if m.rep is None
    ]
    if assessment.pain is not None:
        entries += [{"resource": one} for one in _pain(assessment.pain)]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries}


def write_fhir(assessment: Assessment, path: Path) -> None:
    """Write the Bundle as JSON; raises `ExportError` when the file cannot be written."""
    text = json.dumps(observations(assessment), indent=2, ensure_ascii=False, allow_nan=False)
    write_text(path, text + "\n")


def _observation(m: Measure, finding: Finding | None, assessment: Assessment) -> dict[str, Any]:
    name = m.id.replace("_", " ") + (f", {m.side}" if m.side else "")
    out: dict[str, Any] = {
        "resourceType": "Observation",
        "status": "preliminary",
        "category": [{"coding": [{"system": _CATEGORY, "code": "exam"}]}],
        "code": {"coding": [{"system": _SYSTEM, "code": m.id}], "text": name},
        "method": {
            "text": f"One camera, no markers: {assessment.movement}, {assessment.view} view"
        },
        "device": {"display": f"movecheck {assessment.provenance.get('movecheck', '')}".strip()},
    }
    if m.side:
        out["bodySite"] = {"text": m.side}
    if m.value is None:
        absent = {"coding": [{"system": _ABSENT, "code": "unknown"}], "text": m.reason or m.status}
        return out | {"dataAbsentReason": absent}
    out["valueQuantity"] = _quantity(m.value, m.unit)
    if m.uncertainty is not None:
        out["component"] = [
            {
                "code": {
                    "coding": [{"system": _SYSTEM, "code": "half_width_95"}],
                    "text": "95 % half-width",
                },
                "valueQuantity": _quantity(m.uncertainty, m.unit),
            }
        ]
    if m.status == "partly_filled":
        out["note"] = [{"text": "Short gaps in the signal were bridged."}]
    return out | _reference(finding, m.unit)


def _pain(pain: Pain) -> list[dict[str, Any]]:
    """Return one Observation a score; where it hurts is their body site."""
    scores = {"before": pain.before, "worst": pain.worst, "after": pain.after}
    site = {"bodySite": {"text": pain.where}} if pain.where else {}
    return [
        {
            "resourceType": "Observation",
            "status": "preliminary",
            "category": [{"coding": [{"system": _CATEGORY, "code": "survey"}]}],
            "code": {
                "coding": [{"system": "http://loinc.org", "code": LOINC_PAIN}],
                "text": f"pain, 0 to 10, {name}",
            },
            **site,
            "valueQuantity": {
                "value": score, "unit": "score",
                "system": "http://unitsofmeasure.org", "code": "{score}",
            },
        }
        for name, score in scores.items()
        if score is not None
    ]  # fmt: skip


def _reference(finding: Finding | None, unit: str) -> dict[str, Any]:
    if finding is None or finding.result not in _OUTCOME:
        return {}
    ends = {"low": finding.low, "high": finding.high}
    limits: dict[str, Any] = {k: _quantity(v, unit) for k, v in ends.items() if v is not None}
    if finding.source_key:
        limits["text"] = f"Published: {finding.source_key} ({finding.comparability})"
    code = {"coding": [{"system": _INTERPRETATION, "code": _OUTCOME[finding.result]}]}
    return {"interpretation": [code], "referenceRange": [limits]}


def _quantity(value: float, unit: str) -> dict[str, Any]:
    coded = {"system": "http://unitsofmeasure.org", "code": UCUM[unit]} if unit in UCUM else {}
    return {"value": round(value, 4), "unit": unit.replace("_per_", "/"), **coded}
