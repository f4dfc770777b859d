"""A near leg that is hidden by something in front of it."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from movecheck.signals.clean import body_size_px
from movecheck.signals.fit.body import LANDMARK_OF, SIDES
from movecheck.signals.fit.observe import SIZE_OF_STATURE
from movecheck.signals.fit.stance import footholds
from movecheck.skeleton import INDEX
from movecheck.types import PoseTrack, Side

# These are our own choice: the near ankle of drawn people in side view is seen with 0.77 to 0.99,
# and never strays.
CLEARLY_SEEN = 0.8
MOST_STRAYING = 0.1  # of the samples in which it is seen


def foot_strays(track: PoseTrack, side: Side) -> NDArray[np.bool_]:
    """Tell in which samples of a clean track a near foot is taken for something else, shape (n,).

    It seems to wander, standing nowhere, and is not clearly seen: as behind the leg of a chair,
    which the model takes for the person's, and the knee with it. A foot that wanders often is not
    believed where it seems to stand, either. A foot that steps or is lifted is clearly seen.
    """
    foot = [INDEX[f"{side}_{joint}"] for joint in ("ankle", "heel", "foot_index")]
    seen = np.asarray(np.isfinite(track.xy_px[:, foot]).all(axis=(1, 2)))
    if not seen.any():
        return seen
    height_px = body_size_px(track.xy_px) / SIZE_OF_STATURE
    step_s = float(track.time_s[1] - track.time_s[0])
    places = np.nan_to_num(track.xy_px[:, LANDMARK_OF]) / height_px
    hold, _ = footholds(places, seen, step_s)
    unsure = seen & (track.visibility[:, foot[0]] < CLEARLY_SEEN)
    strays = unsure & (hold[:, SIDES.index(side)] < 0)
    return np.asarray(unsure if strays.sum() > MOST_STRAYING * seen.sum() else strays)
