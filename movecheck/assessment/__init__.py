"""Angles and repetitions in, measures and findings out: each with its ± or the reason for none."""

from movecheck.assessment.evidence import Evidence, wrong_view
from movecheck.assessment.findings import find
from movecheck.assessment.measures import measure_all
from movecheck.assessment.pain import checked_pain, located

__all__ = ["Evidence", "checked_pain", "find", "located", "measure_all", "wrong_view"]
