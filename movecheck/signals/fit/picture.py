"""The pinhole camera: from joints in the room to landmarks in the picture, with derivatives."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from movecheck.signals.fit.body import AT, KINDS, SIDES
from movecheck.types import FloatArray

FOCAL, PITCH, ROLL, FLOOR, AHEAD = (len(KINDS) + i for i in range(5))
"""Shared unknowns after the log bone lengths; see `Unknowns`."""
PLACES = AHEAD + 1


@dataclass(frozen=True)
class Unknowns:
    """What is looked for.

    Attributes
    ----------
    poses : ndarray, shape (n, 12, 3)
        Joints in metres from the camera. x is the camera's right, y up, z towards the camera.
    shared : ndarray, shape (s,)
        Of all poses: log bone lengths and log focal length, both against the usual ones; camera
        pitch (+ looks down) and roll in radians; height of the floor and how far the landmarks of
        the hips lie ahead of the joints, in metres; and heel and toe of each foothold.
    """

    poses: FloatArray
    shared: FloatArray

    def moved(self, own: FloatArray, shared: FloatArray) -> Unknowns:
        """Return these unknowns after a step."""
        return Unknowns(self.poses + own.reshape(self.poses.shape), self.shared + shared)


def unit(v: FloatArray) -> FloatArray:
    """Return vectors (..., 3) scaled to length 1; those without length stay."""
    return np.asarray(v / np.maximum(np.linalg.norm(v, axis=-1, keepdims=True), 1e-9))


def camera_axes(shared: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Return the turn from room to camera, and its derivatives by pitch and by roll."""
    (cp, cr), (sp, sr) = np.cos(shared[[PITCH, ROLL]]), np.sin(shared[[PITCH, ROLL]])
    tilt = np.array([[1, 0, 0], [0, cp, -sp], [0, sp, cp]])
    tilt_slope = np.array([[0, 0, 0], [0, -sp, -cp], [0, cp, -sp]])
    roll = np.array([[cr, -sr, 0], [sr, cr, 0], [0, 0, 1]])
    roll_slope = np.array([[-sr, -cr, 0], [cr, -sr, 0], [0, 0, 0]])
    return tilt @ roll, tilt_slope @ roll, tilt @ roll_slope


def trunk_front(poses: FloatArray) -> FloatArray:
    """Return the trunk's forward direction, at right angles to it and to the hips, (n, 3)."""
    left, right = poses[:, AT["left_hip"]], poses[:, AT["right_hip"]]
    shoulders = poses[:, AT["left_shoulder"]] + poses[:, AT["right_shoulder"]]
    return unit(np.cross(left - right, shoulders - left - right))


@dataclass(frozen=True)
class Projection:
    """Landmarks in px from the picture's middle, and how they change.

    Attributes
    ----------
    uv : ndarray, shape (n, 12, 2)
    by_point : ndarray, shape (n, 12, 2, 3)
        By the landmark's place in the room.
    by_camera : ndarray, shape (n, 12, 2, 3)
        By log focal length, pitch and roll.
    ahead : ndarray, shape (n, 3)
        Direction in which the hips' landmarks are shifted.
    """

    uv: FloatArray
    by_point: FloatArray
    by_camera: FloatArray
    ahead: FloatArray


def project(
    at: Unknowns, landmarks: FloatArray, focal_px: float, thigh_ahead_m: float
) -> Projection:
    """Project the landmarks of the joints.

    Parameters
    ----------
    at : Unknowns
    landmarks : ndarray, shape (n, 12, 12)
        What makes landmarks of joints.
    focal_px : float
        Usual focal length.
    thigh_ahead_m : float
        How far the landmarks of the hips lie ahead of the thigh's line. That this shift turns
        with the thigh is left out of the derivatives, being small.
    """
    ahead = trunk_front(at.poses)
    points = landmarks @ at.poses
    across = at.poses[:, AT["left_hip"]] - at.poses[:, AT["right_hip"]]
    for side in SIDES:
        hip, knee = AT[f"{side}_hip"], AT[f"{side}_knee"]
        front = unit(np.cross(across, at.poses[:, hip] - at.poses[:, knee]))
        points[:, hip] += at.shared[AHEAD] * ahead + thigh_ahead_m * front
    turn, by_pitch, by_roll = camera_axes(at.shared)
    focal = focal_px * np.exp(at.shared[FOCAL])
    c = points @ turn.T
    # A point behind the camera has no picture; the fit is kept from stepping there.
    depth = np.maximum(-c[..., 2], 0.1)
    uv = focal * c[..., :2] * [1.0, -1.0] / depth[..., None]
    slope = np.zeros((*uv.shape, 3))
    slope[..., 0, 0], slope[..., 1, 1] = focal / depth, -focal / depth
    slope[..., 2] = uv / depth[..., None]
    by_camera = np.stack(
        [uv, *((slope @ (points @ by.T)[..., None])[..., 0] for by in (by_pitch, by_roll))],
        axis=-1,
    )
    return Projection(uv, slope @ turn, by_camera, ahead)
