"""The 33 landmarks of the pose model: names, mirror partners, bones. Data only."""

from __future__ import annotations

import numpy as np

LANDMARKS: tuple[str, ...] = (
    "nose", "left_eye_inner", "left_eye", "left_eye_outer", "right_eye_inner", "right_eye",
    "right_eye_outer", "left_ear", "right_ear", "mouth_left", "mouth_right", "left_shoulder",
    "right_shoulder", "left_elbow", "right_elbow", "left_wrist", "right_wrist", "left_pinky",
    "right_pinky", "left_index", "right_index", "left_thumb", "right_thumb", "left_hip",
    "right_hip", "left_knee", "right_knee", "left_ankle", "right_ankle", "left_heel",
    "right_heel", "left_foot_index", "right_foot_index",
)  # fmt: skip
"""Names in the order of the model's output ("left" is the subject's left)."""

INDEX: dict[str, int] = {name: i for i, name in enumerate(LANDMARKS)}
"""Landmark name to its index."""


def _partner(name: str) -> str:
    swap = {"left": "right", "right": "left"}
    return "_".join(swap.get(part, part) for part in name.split("_"))


MIRROR = np.array([INDEX[_partner(name)] for name in LANDMARKS])
"""Index of each landmark's partner on the other side, shape (33,); the nose is its own."""

BODY: tuple[str, ...] = tuple(
    f"{side}_{joint}"
    for side in ("left", "right")
    for joint in ("shoulder", "hip", "knee", "ankle", "heel", "foot_index")
)
"""The landmarks that every measure of trunk and legs rests on."""

BONES: tuple[tuple[str, str], ...] = (
    ("left_shoulder", "right_shoulder"),
    ("left_hip", "right_hip"),
    *(
        (f"{side}_{a}", f"{side}_{b}")
        for side in ("left", "right")
        for a, b in (
            ("ear", "shoulder"), ("shoulder", "elbow"), ("elbow", "wrist"), ("shoulder", "hip"),
            ("hip", "knee"), ("knee", "ankle"), ("ankle", "heel"), ("heel", "foot_index"),
            ("ankle", "foot_index"),
        )
    ),
)  # fmt: skip
"""Pairs of landmarks that are drawn as a line."""
