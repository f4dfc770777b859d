"""Landmarks in, clean landmarks out: nothing is invented, and what was filled says so."""

from movecheck.signals.clean import Cleaning, clean

__all__ = ["Cleaning", "clean"]
