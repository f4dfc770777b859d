"""The camera's motion from the background, on pictures moved by a known amount."""

from __future__ import annotations

import cv2
import numpy as np
import pytest

from movecheck.pose.steady import Background

WIDTH, HEIGHT = 360, 640
NOBODY = np.full((33, 2), np.nan)


def room(seed: int = 0, blobs: int = 60) -> np.ndarray:
    """A wall with pictures, larger than what the camera sees of it."""
    rng = np.random.default_rng(seed)
    wall = np.full((HEIGHT + 200, WIDTH + 200, 3), 170, np.uint8)
    for _ in range(blobs):
        x, y = rng.integers(0, WIDTH + 200), rng.integers(0, HEIGHT + 200)
        w, h = rng.integers(8, 40, 2)
        colour = rng.integers(40, 250, 3).tolist()
        cv2.rectangle(wall, (int(x), int(y)), (int(x + w), int(y + h)), colour, -1)
    return wall


def seen(wall: np.ndarray, right: float = 0.0, down: float = 0.0, roll: float = 0.0) -> np.ndarray:
    """What the camera sees: turned clockwise about the middle, then shifted."""
    turn = cv2.getRotationMatrix2D((WIDTH / 2 + 100, HEIGHT / 2 + 100), -roll, 1.0)
    turn[:, 2] += [right - 100, down - 100]
    return cv2.warpAffine(wall, turn, (WIDTH, HEIGHT), flags=cv2.INTER_AREA)


def person(x: float) -> np.ndarray:
    """Landmarks of somebody who stands at x."""
    rng = np.random.default_rng(3)
    return np.stack([x + rng.uniform(-25, 25, 33), rng.uniform(120, 560, 33)], axis=-1)


@pytest.mark.parametrize(
    "move", [(0, 0, 0), (3, -2, 0), (0, 0, 1.5), (12, 9, -4), (40, -30, 6)], ids=str
)
def test_the_motion_is_found(move):
    wall, background = room(), Background()
    assert background.look(seen(wall), NOBODY) == (0.0, 0.0, 0.0)
    for share in np.linspace(0.25, 1.0, 4):
        right, down, roll = background.look(seen(wall, *(share * np.array(move))), NOBODY)
    assert right == pytest.approx(move[0], abs=0.6)
    assert down == pytest.approx(move[1], abs=0.6)
    assert roll == pytest.approx(move[2], abs=0.15)


def test_a_camera_on_a_stand_does_not_drift():
    wall, background = room(), Background()
    rng = np.random.default_rng(1)
    noise = rng.integers(0, 6, (60, HEIGHT, WIDTH, 1), dtype=np.uint8)
    found = [background.look(seen(wall) + grain, NOBODY) for grain in noise]
    assert np.abs(found).max() < 0.2


def test_a_person_who_walks_by_is_not_the_background():
    wall, background = room(), Background()
    found = []
    for x in np.linspace(60, 300, 25):
        picture = seen(wall, 0.02 * x)
        cv2.rectangle(picture, (int(x) - 30, 100), (int(x) + 30, 580), (200, 60, 60), -1)
        cv2.rectangle(picture, (int(x) - 20, 150), (int(x) + 15, 300), (20, 200, 60), -1)
        found.append(background.look(picture, person(x)))
    assert found[-1][0] == pytest.approx(0.02 * 240, abs=0.6)
    assert abs(found[-1][2]) < 0.2


@pytest.mark.parametrize("blobs", [0, 3])
def test_a_bare_wall_tells_nothing(blobs):
    background = Background()
    wall = room(blobs=blobs) if blobs else np.full_like(room(), 170)
    rng = np.random.default_rng(2)
    for right in (0.0, 5.0, 10.0):
        noisy = seen(wall, right).astype(int) + rng.integers(-3, 4, (HEIGHT, WIDTH, 3))
        assert np.isnan(background.look(noisy.clip(0, 255).astype(np.uint8), NOBODY)).all()


def test_darkness_in_between_is_not_known_and_does_not_end_it():
    wall, background = room(), Background()
    background.look(seen(wall), NOBODY)
    assert np.isnan(background.look(np.zeros((HEIGHT, WIDTH, 3), np.uint8), NOBODY)).all()
    assert background.look(seen(wall, 4.0), NOBODY)[0] == pytest.approx(4.0, abs=0.4)


def test_another_room_is_no_motion():
    background = Background()
    background.look(seen(room(0)), NOBODY)
    assert np.isnan(background.look(seen(room(9)), NOBODY)).all()
