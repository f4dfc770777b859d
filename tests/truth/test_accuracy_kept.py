"""No angle gets worse than it was, on drawn clips that nothing is fitted on."""

from __future__ import annotations

import pytest

from movecheck.pose.model import find
from movecheck.settings import Settings
from validation.kept import WORSE_DEG, baseline, measured

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]


def test_no_angle_is_worse_than_it_was():
    if find(Settings()) is None:
        pytest.skip("NO POSE MODEL on this computer: run 'movecheck setup', then test again")
    now, before = measured(), baseline()
    assert set(before) <= set(now), "a signal that was measured is measured no more"
    worse = {
        f"{signal} seen from the {group}": f"{before[signal, group]:.2f} to {mae:.2f}"
        for (signal, group), mae in now.items()
        if mae > before.get((signal, group), mae) + WORSE_DEG
    }
    assert not worse, worse
