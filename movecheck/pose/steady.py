"""How the camera moves while it films, from what stands still behind the person."""

from __future__ import annotations

import cv2
import numpy as np
from numpy.typing import NDArray

from movecheck.skeleton import BONES, INDEX
from movecheck.types import FloatArray

# Our own choice, all of it; lengths in px of a picture whose longer side is LONG_SIDE_PX.
LOOK_EVERY_S = 0.15
LONG_SIDE_PX = 320
LEAST_TEXTURE = 1e-4  # smaller eigenvalue of the gradients: a bare wall stays below half of it
MOST_POINTS, APART = 80, 9
FOUND_AGAIN = 0.4  # a point followed there and back comes home within this
AGREES = 0.7  # a point of the background lies so near to where the camera's motion puts it
LEAST_POINTS, LEAST_AGREEING = 8, 0.6
FAR = 5.0  # so far from the reference, a turned camera's picture is no longer the same, turned
LEAST_SPREAD = 24.0  # standard deviation of the points' places: else a turn is not known
THICK = 0.18  # of the person's size: trunk, limbs and their clothes lie so near to the bones
KNOWN, UNKNOWN = np.eye(3), np.full((3, 3), np.nan)

Grey = NDArray[np.uint8]
Points = NDArray[np.float32]
Motion = tuple[float, float, float]
"""Right and down in px, clockwise in degrees."""


def shrunk(rgb: NDArray[np.uint8]) -> tuple[Grey, float]:
    """Return the small grey picture in which motion is looked for, and its scale."""
    height, width = rgb.shape[:2]
    scale = LONG_SIDE_PX / max(height, width)
    size = (max(1, round(width * scale)), max(1, round(height * scale)))
    small = cv2.resize(rgb, size, interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_RGB2GRAY), np.uint8), scale


class Background:
    """Follows corners of the background through one recording.

    Points are sought away from the person in a reference picture and followed by Lucas and
    Kanade's method (pyramids after Bouguet 2001); the camera's motion is the similarity that most
    of them agree on (RANSAC). When it has gone `FAR`, or half of the points are lost, the latest
    picture becomes the reference; a camera on a stand keeps its first one: no error adds up.
    """

    def __init__(self) -> None:
        self._reference: Grey | None = None
        self._from_first = KNOWN  # the reference in the coordinates of the first picture
        self._points: Points = np.empty((0, 1, 2), np.float32)
        self._motion = KNOWN  # since the reference

    def look(self, rgb: NDArray[np.uint8], person_px: FloatArray) -> Motion:
        """Return how the picture has moved since the first one.

        Parameters
        ----------
        rgb : ndarray of uint8, shape (height, width, 3)
            The picture.
        person_px : ndarray, shape (33, 2)
            Landmarks in it; NaN for nobody.

        Returns
        -------
        right_px, down_px : float
            Shift of the picture's middle; NaN where the background shows too little.
        roll_deg : float
            Turn of what is seen, clockwise; NaN likewise.
        """
        return self.follow(*shrunk(rgb), person_px)

    def follow(self, grey: Grey, scale: float, person_px: FloatArray) -> Motion:
        """Do the same with a picture that is `shrunk` already; landmarks as before that."""
        height, width = grey.shape
        free = _free(grey.shape, person_px * scale)
        if self._reference is None:
            self._refer(grey, free, KNOWN)
            motion = KNOWN if len(self._points) else UNKNOWN
        else:
            motion = self._follow(grey, free)
        middle = np.array([width / 2, height / 2, 1.0])
        right, down = (motion @ middle - middle)[:2] / scale
        roll = np.degrees(np.arctan2(motion[1, 0], motion[0, 0]))
        return float(right), float(down), float(roll)

    def _refer(self, grey: Grey, free: Grey, from_first: FloatArray) -> None:
        """Seek points in a picture; keep it when they are enough to tell its motion."""
        texture = cv2.cornerMinEigenVal(grey, 5)
        usable = np.where(texture > LEAST_TEXTURE, free, 0).astype(np.uint8)
        found = cv2.goodFeaturesToTrack(grey, MOST_POINTS, 0.005, APART, mask=usable, blockSize=5)
        points = np.empty((0, 1, 2), np.float32) if found is None else np.asarray(found, np.float32)
        if _tell(points):
            self._reference, self._points = grey, points
            self._from_first, self._motion = from_first, KNOWN

    def _follow(self, grey: Grey, free: Grey) -> FloatArray:
        assert self._reference is not None
        guess = cv2.transform(self._points, self._motion[:2]).astype(np.float32)
        there, found = _flow(self._reference, grey, self._points, guess)
        back, again = _flow(grey, self._reference, there, there.copy())
        home = np.linalg.norm(back - self._points, axis=-1)[:, 0] < FOUND_AGAIN
        kept = found & again & home & _inside(there, free)
        before, after = self._points[kept], there[kept]
        if not _tell(before):
            return UNKNOWN
        similar, agree = cv2.estimateAffinePartial2D(before, after, ransacReprojThreshold=AGREES)
        agreeing = agree.ravel().astype(bool) if similar is not None else np.zeros(1, bool)
        if agreeing.mean() < LEAST_AGREEING or not _tell(before[agreeing]):
            return UNKNOWN
        self._motion = np.vstack([similar, [0.0, 0.0, 1.0]])
        from_first = np.asarray(self._motion @ self._from_first)
        moved = np.linalg.norm((after - before)[agreeing], axis=-1).max()
        if moved > FAR or agreeing.sum() < len(self._points) / 2:
            self._refer(grey, free, from_first)
        return from_first


def _flow(old: Grey, new: Grey, points: Points, guess: Points) -> tuple[Points, NDArray[np.bool_]]:
    """Return where points of the old picture are in the new one, and which were found."""
    flags = cv2.OPTFLOW_USE_INITIAL_FLOW
    there, found, _ = cv2.calcOpticalFlowPyrLK(
        old, new, points, guess, winSize=(15, 15), maxLevel=3, flags=flags
    )
    return np.asarray(there, np.float32), np.asarray(found[:, 0], dtype=bool)


def _tell(points: Points) -> bool:
    """Whether points are enough, and far enough apart, to tell a shift and a turn."""
    return len(points) >= LEAST_POINTS and float(points[:, 0].std(axis=0).max()) >= LEAST_SPREAD


def _free(shape: tuple[int, ...], person: FloatArray) -> Grey:
    """Return 0 along the person's bones and around the head, and 255 elsewhere."""
    free = np.full(shape, 255, np.uint8)
    if np.isfinite(person).all():
        thick = max(1, round(THICK * float(np.ptp(person, axis=0).max())))
        at = np.round(person).astype(int)
        for a, b in BONES:
            cv2.line(free, at[INDEX[a]].tolist(), at[INDEX[b]].tolist(), 0, thick)
        head = at[[INDEX["left_ear"], INDEX["right_ear"], INDEX["nose"]]].mean(axis=0)
        cv2.circle(free, np.round(head).astype(int).tolist(), thick, 0, -1)
    return free


def _inside(points: Points, free: Grey) -> NDArray[np.bool_]:
    """Tell which points lie in the picture, away from the person."""
    x, y = np.round(np.nan_to_num(points[:, 0], nan=-1.0)).astype(int).T
    height, width = free.shape
    inside = (x >= 0) & (x < width) & (y >= 0) & (y < height)
    return np.asarray(inside & (free[y.clip(0, height - 1), x.clip(0, width - 1)] > 0))
