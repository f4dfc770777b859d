"""A body in space from one camera: constant bones, standing feet, perspective."""

from movecheck.signals.fit.angles import fitted_angles
from movecheck.signals.fit.body import Assumptions, Offsets
from movecheck.signals.fit.fit import BodyFit, fit_body

__all__ = ["Assumptions", "BodyFit", "Offsets", "fit_body", "fitted_angles"]
