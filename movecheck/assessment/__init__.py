"""Angles and repetitions in, measures and findings out: each with its ± or the reason for none."""

from movecheck.assessment.evidence import Evidence, wrong_view
from movecheck.assessment.findings import find
from movecheck.assessment.measures import measure_all

__all__ = ["Evidence", "find", "measure_all", "wrong_view"]
