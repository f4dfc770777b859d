"""The body: proportions, outfit and the joints of the upright stance.

Heights and limb lengths are the fractions of stature of Drillis and Contini (1966) as
reproduced in Winter, *Biomechanics and Motor Control of Human Movement*, 4th ed. (2009),
figure 4.1: ankle 0.039, knee 0.285, hip 0.530, shoulder 0.818, chin 0.870, eye 0.936; upper
arm 0.186, forearm 0.146, hand 0.108; foot length 0.152; breadth over the shoulders 0.259 and
over the hips 0.191. They agree with de Leva (1996) within 0.4 % of stature at thigh, shank
and foot (0.2425, 0.2493 and 0.1482 for men).

Own assumptions, not from those tables: the joint centres of shoulder and hip lie inside the
breadths by the thickness of the flesh, and the heights of the spinal joints.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

Vec = NDArray[np.float64]
RGB = tuple[float, float, float]

SIDES = ("left", "right")
SIGN = {"left": 1.0, "right": -1.0}

ANKLE, KNEE, HIP, SHOULDER = 0.039, 0.285, 0.530, 0.818
UPPER_ARM, FOREARM, HAND, FOOT = 0.186, 0.146, 0.108, 0.152
SHOULDER_HALF = 0.259 / 2 - 0.034
HIP_HALF = 0.191 / 2 - 0.042

LUMBAR = ("l5s1", "l4l5", "l3l4", "l2l3", "l1l2")
THORACIC = ("t12l1", "t10", "t7", "t4")
SPINE = LUMBAR + THORACIC
# Relative length of the link above each spinal joint; the last one ends at C7/T1.
_LINKS = np.array([1.0] * len(LUMBAR) + [1.7, 2.4, 2.4, 2.7])
_SPINE_FOOT = (0.585, -0.030)  # height and depth of L5/S1, fractions of stature
_SPINE_TOP = (0.845, -0.030)  # of C7/T1

SKINS: tuple[RGB, ...] = (
    (0.91, 0.74, 0.63),
    (0.84, 0.65, 0.52),
    (0.72, 0.53, 0.40),
    (0.55, 0.38, 0.28),
    (0.40, 0.27, 0.20),
)
HAIRS: tuple[RGB, ...] = (
    (0.10, 0.08, 0.07),
    (0.25, 0.16, 0.10),
    (0.45, 0.31, 0.18),
    (0.62, 0.62, 0.62),
)
TOPS: tuple[RGB, ...] = (
    (0.30, 0.52, 0.68),
    (0.75, 0.35, 0.30),
    (0.85, 0.80, 0.68),
    (0.36, 0.55, 0.42),
    (0.60, 0.45, 0.66),
)
TROUSERS: tuple[RGB, ...] = (
    (0.16, 0.18, 0.24),
    (0.30, 0.30, 0.32),
    (0.22, 0.30, 0.45),
    (0.36, 0.30, 0.24),
)


@dataclass(frozen=True)
class Body:
    """A person.

    Attributes
    ----------
    stature_m : float
        Height, soles to top of head.
    girth : float
        Thickness of trunk and limbs; 1 is medium.
    lordosis_deg, kyphosis_deg : float
        Turn of the spinal line over the lumbar and the thoracic joints in the upright stance.
    thigh, shank, arm : tuple of float
        Length factors of the left and the right limb.
    skin, hair, top, trousers, shoes : tuple of float
        Colours, sRGB from 0 to 1.
    long_hair, shorts : bool
        Hair to the nape; trousers that end above the knee.
    shirt : str
        ``"close"`` follows the back, ``"loose"`` hangs taut over its hollow; ``"draped"`` does so
        in an upright person and lies on the back of one who leans forward.
    slack : float
        How far cloth that is not close sinks into the hollow: 0 taut, 1 on the skin.
    hem : float
        Height of that cloth's lower end above the hip joints, a fraction of stature.
    seed : int
        Fixes the phases of the sway.
    """

    stature_m: float = 1.72
    girth: float = 1.0
    lordosis_deg: float = 42.0
    kyphosis_deg: float = 38.0
    thigh: tuple[float, float] = (1.0, 1.0)
    shank: tuple[float, float] = (1.0, 1.0)
    arm: tuple[float, float] = (1.0, 1.0)
    skin: RGB = SKINS[1]
    hair: RGB = HAIRS[1]
    top: RGB = TOPS[0]
    trousers: RGB = TROUSERS[0]
    shoes: RGB = (0.85, 0.85, 0.86)
    long_hair: bool = False
    shorts: bool = False
    shirt: str = "close"
    slack: float = 0.0
    hem: float = 0.0
    seed: int = 0


def random_body(seed: int) -> Body:
    """Draw a body; the same seed gives the same one."""
    rng = np.random.default_rng(seed)

    def pair(spread: float) -> tuple[float, float]:
        half = float(rng.uniform(-spread, spread))
        return 1.0 + half, 1.0 - half

    # Thigh and shank make up for each other: legs of unequal length would bend one knee by
    # degrees in the quiet stance.
    thigh = pair(0.005)

    def pick(colours: tuple[RGB, ...]) -> RGB:
        return colours[int(rng.integers(len(colours)))]

    return Body(
        stature_m=float(rng.uniform(1.56, 1.88)),
        girth=float(rng.uniform(0.92, 1.18)),
        lordosis_deg=float(rng.uniform(28.0, 58.0)),
        kyphosis_deg=float(rng.uniform(28.0, 48.0)),
        thigh=thigh,
        shank=(thigh[1], thigh[0]),
        arm=pair(0.008),
        skin=pick(SKINS),
        hair=pick(HAIRS),
        top=pick(TOPS),
        trousers=pick(TROUSERS),
        shoes=pick(((0.85, 0.85, 0.86), (0.20, 0.20, 0.22), (0.45, 0.42, 0.40))),
        long_hair=bool(rng.random() < 0.4),
        shorts=bool(rng.random() < 0.4),
        seed=seed,
    )


def segment_lengths(body: Body) -> dict[str, float]:
    """Lengths of the limb segments in metres, keyed ``thigh_left`` and so on."""
    out: dict[str, float] = {}
    for i, side in enumerate(SIDES):
        out[f"thigh_{side}"] = (HIP - KNEE) * body.stature_m * body.thigh[i]
        out[f"shank_{side}"] = (KNEE - ANKLE) * body.stature_m * body.shank[i]
        out[f"upper_arm_{side}"] = UPPER_ARM * body.stature_m * body.arm[i]
        out[f"forearm_{side}"] = FOREARM * body.stature_m * body.arm[i]
        out[f"hand_{side}"] = HAND * body.stature_m
    return out


def _spine_line(body: Body) -> NDArray[np.float64]:
    """Height and depth of the spinal joints and of C7/T1, fractions of stature.

    The links turn back over the lumbar joints by the lordosis and forward over the thoracic
    ones by the kyphosis; the curve is then turned and scaled to end at C7/T1.
    """
    n_lum, n_tho = len(LUMBAR), len(THORACIC)
    lum = np.linspace(0.5, -0.5, n_lum) * body.lordosis_deg
    tho = lum[-1] + np.arange(1, n_tho + 1) / n_tho * body.kyphosis_deg
    turn = np.radians(np.concatenate([lum, tho]))
    line = np.cumsum(_LINKS * np.exp(1j * turn))
    foot, top = complex(*_SPINE_FOOT), complex(*_SPINE_TOP)
    line = foot + np.concatenate([[0.0], line]) * (top - foot) / line[-1]
    return np.column_stack([line.real, line.imag])


@lru_cache(maxsize=32)
def neutral_joints(body: Body) -> dict[str, Vec]:
    """Upper-body joints of the upright stance, in metres from the middle of the hips.

    The axes are those of the body: x to the subject's left, y up, z to the front. The answer
    is kept and shared; do not write to it.
    """
    line = _spine_line(body)
    pts = {n: (0.0, y, z) for n, (y, z) in zip((*SPINE, "c7t1"), line, strict=True)}
    shoulder_z = line[len(SPINE) - 1][1] + 0.044
    pts["head"] = (0.0, 0.908, -0.006)
    pts["nose"] = (0.0, 0.916, 0.066)
    for side in SIDES:
        s = SIGN[side]
        pts[f"hip_{side}"] = (s * HIP_HALF, HIP, 0.0)
        pts[f"shoulder_{side}"] = (s * SHOULDER_HALF, SHOULDER, shoulder_z)
        pts[f"ear_{side}"] = (s * 0.0445, 0.925, 0.010)
    origin = np.array([0.0, HIP, 0.0])
    return {n: (np.array(p) - origin) * body.stature_m for n, p in pts.items()}
