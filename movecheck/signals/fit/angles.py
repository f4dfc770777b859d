"""Angles of the fitted body, in the body's own sagittal plane."""

from __future__ import annotations

import numpy as np

from movecheck.signals.fit.body import AT, JOINTS, SIDES
from movecheck.types import FloatArray

CALIBRATION = 0.22
"""Share of the covariance's deviation that is real.

The fit's terms are thinned for errors that last, which makes its covariance about five times too
wide. On the ten clips of drawn persons that the offsets were learned on, 0.20 puts 95 % of all
errors within 1.96 deviations; a tenth is added for persons unlike those.
"""

PERSON_DEG = 1.9
"""Spread of hip flexion and trunk between persons: `Offsets.hip_ahead_sd`, which is our own choice,
over the trunk's length.

A landmark that lies ahead of its joint in one person looks like an inclined trunk."""


def yaw_deg(joints_m: FloatArray) -> FloatArray:
    """Return the turn of the hips about the vertical.

    Parameters
    ----------
    joints_m : ndarray, shape (..., 12, 3)
        Joints in room axes: x the camera's right, y up, z towards the camera.

    Returns
    -------
    ndarray, shape (...)
        Degrees: 0 facing the camera, +90 facing the picture's right.
    """
    return np.asarray(np.degrees(np.arctan2(*_forward(joints_m)[..., ::2].T).T))


def _forward(joints: FloatArray) -> FloatArray:
    """Horizontal unit vector ahead: at right angles to the line of the hips."""
    across = joints[..., AT["left_hip"], :] - joints[..., AT["right_hip"], :]
    ahead = np.stack([-across[..., 2], np.zeros_like(across[..., 0]), across[..., 0]], axis=-1)
    return np.asarray(ahead / np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9))


def _bend(upper: FloatArray, lower: FloatArray) -> FloatArray:
    """Angle between two segments that run in one direction when straight."""
    cross = np.linalg.norm(np.cross(upper, lower), axis=-1)
    return np.asarray(np.degrees(np.arctan2(cross, (upper * lower).sum(axis=-1))))


def _lean(lower: FloatArray, upper: FloatArray, forward: FloatArray) -> FloatArray:
    along = upper - lower
    return np.asarray(np.degrees(np.arctan2((along * forward).sum(axis=-1), along[..., 1])))


def fitted_angles(joints_m: FloatArray) -> dict[str, FloatArray]:
    """Return the angles of fitted joints, in degrees.

    Parameters
    ----------
    joints_m : ndarray, shape (..., 12, 3)
        As in `BodyFit`: y up.

    Returns
    -------
    dict of str to ndarray, shape (...)
        Named as the columns of ``signals.csv``. Knee flexion is the turn of the shank out of the
        thigh's line; hip flexion 180 minus the angle shoulder-hip-knee; the inclinations are
        against the vertical in the body's sagittal plane, + with the upper end forward.
    """
    p = {name: joints_m[..., i, :] for i, name in enumerate(JOINTS)}
    forward = _forward(joints_m)
    hips = (p["left_hip"] + p["right_hip"]) / 2
    shoulders = (p["left_shoulder"] + p["right_shoulder"]) / 2
    out = {}
    for s in SIDES:
        hip, knee, ankle = p[f"{s}_hip"], p[f"{s}_knee"], p[f"{s}_ankle"]
        out[f"knee_flexion_{s}_deg"] = _bend(knee - hip, ankle - knee)
        out[f"hip_flexion_{s}_deg"] = _bend(hip - p[f"{s}_shoulder"], knee - hip)
        out[f"thigh_inclination_{s}_deg"] = _lean(knee, hip, forward)
        out[f"shank_inclination_{s}_deg"] = _lean(ankle, knee, forward)
    out["trunk_inclination_deg"] = _lean(hips, shoulders, forward)
    return out


def angle_deviations(joints_m: FloatArray, covariance: FloatArray) -> dict[str, FloatArray]:
    """Return the standard deviation of each angle: delta method, calibrated.

    Parameters
    ----------
    joints_m : ndarray, shape (n, 12, 3)
    covariance : ndarray, shape (n, 36, 36)
        Of the joints of each pose, in m^2.

    Returns
    -------
    dict of str to ndarray, shape (n,)
        Degrees.
    """
    step = 1e-4
    moves = step * np.eye(3 * len(JOINTS)).reshape(-1, 1, len(JOINTS), 3)
    ahead, behind = fitted_angles(joints_m + moves), fitted_angles(joints_m - moves)
    out = {}
    for name, high in ahead.items():
        slope = ((high - behind[name] + 180) % 360 - 180).T / (2 * step)
        variance = np.einsum("ni,nij,nj->n", slope, covariance, slope)
        person = PERSON_DEG if name.startswith(("hip", "trunk")) else 0.0
        out[name] = np.sqrt(np.maximum(variance, 0) * CALIBRATION**2 + person**2)
    return out
