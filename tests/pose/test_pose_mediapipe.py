"""The real pose model, in a process of its own that cannot reach the network."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from movecheck.pose.model import find
from movecheck.pose.quarantine import quarantined
from movecheck.settings import Settings

pytestmark = pytest.mark.slow
SAMPLE = Path(__file__).parents[2] / "samples" / "squat_side.mp4"

CONTRACT = """
import sys
import numpy as np
from pathlib import Path
from movecheck.errors import ModelDamaged
from movecheck.pose.base import Landmarks, PoseModel
from movecheck.pose.mediapipe import MediaPipePose

def first(video):
    from movecheck.capture import VideoFile
    from movecheck.settings import Settings
    with VideoFile(Path(video), Settings()) as source:
        for frame in source:
            return frame.rgb

model, video = Path(sys.argv[1]), sys.argv[2]
rgb = first(video)
with MediaPipePose(model) as pose:
    found = pose(rgb, 0.0)
    assert isinstance(found, Landmarks), "somebody is there"
    height, width = rgb.shape[:2]
    inside = (found.xy_px > -0.1 * max(rgb.shape)) & (found.xy_px < 1.1 * max(rgb.shape))
    assert inside.all()
    assert ((found.visibility >= 0) & (found.visibility <= 1)).all()
    assert np.isfinite(found.edge_px).mean() > 0.3, "the silhouette has an edge"
    assert pose.count_people(rgb, found) == 1
    assert set(pose.info) == {"name", "sha256", "mediapipe", "opencv"}
    assert len(pose.info["sha256"]) == 64
    # Two frames within one millisecond are no error.
    again = pose(rgb, 0.0002)
    assert again is not None and np.abs(again.xy_px - found.xy_px).max() < 20
    # Somebody else beside the person: the same picture twice, side by side.
    two = np.ascontiguousarray(np.concatenate([rgb, rgb], axis=1))
    assert pose.count_people(two, found) == 2
    for wrong in (np.asfortranarray(rgb), rgb[:, ::2], rgb[::-1]):
        try:
            pose(wrong, 2.0)
        except ValueError as error:
            assert "contiguous" in str(error)
        else:
            raise AssertionError("pixels that are not contiguous were taken")
# The mirror image shows the mirrored person, on the first frame and on those that follow.
turned = np.ascontiguousarray(rgb[:, ::-1])
with MediaPipePose(model) as pose, MediaPipePose(model) as other:
    for time_s, near_px in ((0.0, 0.05), *((t / 30, 0.01 * height) for t in range(1, 6))):
        here, there = pose(rgb, time_s), other(turned, time_s)
        apart = np.abs(there.mirrored(width).xy_px - here.xy_px).max()
        assert apart < near_px, (time_s, apart)
with MediaPipePose(model) as pose:
    assert pose(np.zeros_like(rgb), 0.0) is None, "nobody in the dark"
    assert pose.count_people(np.zeros_like(rgb), None) == 0
broken = Path(sys.argv[3]); broken.write_bytes(b"not a model")
try:
    MediaPipePose(broken)
except ModelDamaged:
    print("CONTRACT HOLDS")
"""

OUTSIDE = """
import sys
from pathlib import Path
from movecheck.errors import PoseError
from movecheck.pose.mediapipe import MediaPipePose
try:
    MediaPipePose(Path(sys.argv[1]))
except PoseError:
    assert "mediapipe" not in sys.modules, "refused before the library is loaded"
    print("REFUSED")
"""


@pytest.fixture(scope="module")
def model() -> Path:
    path = find(Settings())
    if path is None:
        pytest.skip("NO POSE MODEL on this computer: run 'movecheck setup', then test again")
    return path


def test_the_contract_of_a_pose_model(model, tmp_path):
    if not SAMPLE.is_file():
        pytest.skip("NO SAMPLE: samples/squat_side.mp4 is not there")
    done = subprocess.run(
        [sys.executable, "-c", CONTRACT, str(model), str(SAMPLE), str(tmp_path / "broken.task")],
        capture_output=True, text=True, env=quarantined(os.environ), timeout=240, check=False,
    )  # fmt: skip
    assert done.stdout.strip().endswith("CONTRACT HOLDS"), done.stderr[-2000:]


def test_outside_of_quarantine_the_library_is_not_even_loaded(model):
    free = {k: v for k, v in os.environ.items() if not k.lower().endswith("_proxy")}
    done = subprocess.run(
        [sys.executable, "-c", OUTSIDE, str(model)],
        capture_output=True, text=True, env=free, timeout=240, check=False,
    )  # fmt: skip
    assert done.stdout.strip() == "REFUSED", done.stderr[-2000:]
