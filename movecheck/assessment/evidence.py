"""What measures rest on, and what all of them are made with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from movecheck.marks import N_
from movecheck.measures.names import FROM_CONTOUR, VIEW_OF, column
from movecheck.measures.quality import turn_advice
from movecheck.measures.spine import ARM_HIDES, CLOTH_WIDENS, SURE_HOLLOW
from movecheck.measures.uncertainty import Z95, Kind, half_width_deg
from movecheck.measures.view import Stance
from movecheck.movements import Movement
from movecheck.signals.fit import BodyFit
from movecheck.types import AngleTrack, FloatArray, Measure, Rep, Side

NO_STANDING = N_(
    "There was no quiet standing to count from. Stand still for two seconds before you start."
)
NO_REST = {
    "standing": NO_STANDING,
    "sitting": N_("There was no quiet sitting to count from. Sit still for two seconds first."),
    "lying": N_(
        "There was no stillness to count from. Lie still for two seconds before you start."
    ),
}
NOT_SEEN = N_("It was not seen for part of the repetition. Keep the whole body in the picture.")
WRONG_VIEW = {
    "side": N_("A front view does not show it. Record again so that your side faces the camera."),
    "front": N_("A side view does not show it. Record again so that you face the camera."),
}
"""View that shows it: what is said in the other one."""
FAR_SIDE = {
    "left": N_("The right side is hidden behind the other. Record again from the other side."),
    "right": N_("The left side is hidden behind the other. Record again from the other side."),
}
"""Side near the camera: what is said of the other one."""
BACK_NOT_SEEN = N_(
    "The outline of the back could not be seen. Wear close-fitting clothes and film the whole body."
)
JOINTS_NOT_SEEN = N_(
    "The joints it needs could not be seen. Wear close-fitting clothes and film the whole body."
)
LEAST_SHARE = 0.8  # of a repetition's samples that must be known (our own choice)


@dataclass(frozen=True)
class Evidence:
    """What the measures of one recording rest on, or why nothing of it can be measured.

    `stance` marks what the movement is counted from (`movements.drive.at_rest`); `hollow` is that
    of the standing back, and `behind_arm` tells in which samples an arm is before the back.
    """

    angles: AngleTrack
    stance: Stance
    movement: Movement
    reps: Sequence[Rep]
    visibility: float = 1.0
    fit: BodyFit | None = None
    refused: str | None = None
    tilt_deg: float = 0.0
    hidden_back: str | None = None
    behind_arm: NDArray[np.bool_] | None = None
    hollow: float = float("nan")

    @property
    def fitted(self) -> bool:
        """Whether the body fit carries the angles."""
        return self.fit is not None and self.fit.ok

    @property
    def step_s(self) -> float:
        """Time between samples."""
        time_s = self.angles.time_s
        return float(time_s[1] - time_s[0]) if len(time_s) > 1 else float("nan")

    @property
    def no_rest(self) -> str:
        """Why there is nothing to count from, and what to do."""
        return NO_REST[self.movement.rest]

    def numbered(self, side: Side | None = None) -> list[tuple[int, Rep]]:
        """Return the repetitions with their numbers; of one side, where they have sides."""
        every = list(enumerate(self.reps, start=1))
        return every if side is None else [(n, rep) for n, rep in every if rep.side == side]

    def at(self, series: FloatArray, time_s: float) -> float:
        """Return a signal's value at a time; NaN where it is not known."""
        return float(series[int(np.argmin(np.abs(self.angles.time_s - time_s)))])

    def unseen(self, stem: str, missing: NDArray[np.intp]) -> str:
        """Say why a signal was not seen for part of a repetition: in the samples `missing`."""
        if stem not in FROM_CONTOUR or self.behind_arm is None:
            return NOT_SEEN
        arm = 2 * self.behind_arm[missing].sum() > len(missing)
        return ARM_HIDES if arm else NOT_SEEN

    def width(self, stem: str, kind: Kind, value: float, hidden_deg: float = 0.0) -> float:
        """Return the 95 % half-width of an angle of this recording."""
        width = half_width_deg(
            stem, kind, value, self.stance, fitted=self.fitted,
            visibility=self.visibility, between_frames_deg=hidden_deg, tilt_deg=self.tilt_deg,
        )  # fmt: skip
        cloth = stem in FROM_CONTOUR and self.hollow < SURE_HOLLOW
        return width * CLOTH_WIDENS if cloth else width


def without(id_: str, side: Side | None, rep: int | None, unit: str, reason: str) -> Measure:
    """Return a measure that has no value, and why."""
    return Measure(id_, side, rep, None, unit, None, "not_measurable", reason)


def wrong_view(stance: Stance, wanted: str) -> str:
    """Say that a view does not show something, and how to stand."""
    if stance.view == "unknown":
        return turn_advice(stance)
    return WRONG_VIEW[wanted]


def why_not(evidence: Evidence, stem: str, side: Side | None) -> str | None:
    """Say why the view does not show a signal, and what to do; None when it does."""
    if evidence.refused:
        return evidence.refused
    stance, wanted = evidence.stance, VIEW_OF[stem]
    if wanted == "any" and stance.view != "side" and not evidence.fitted:
        doubt = evidence.fit.reason if evidence.fit and evidence.fit.reason else ""
        advice = N_("Record again with your side to the camera, feet in place and in the picture.")
        if stance.view == "unknown":
            advice = turn_advice(stance)
        return f"{doubt} {advice}".strip()
    if wanted in ("side", "front") and wanted != stance.view:
        return wrong_view(stance, wanted)
    if wanted != "picture" and stance.view == "side" and side not in (None, stance.near_side):
        return FAR_SIDE[stance.near_side or "left"]
    if not np.isfinite(evidence.angles[column(stem, side)]).any():
        if stem in FROM_CONTOUR and not stance.standing.any():
            return NO_STANDING
        if stem in FROM_CONTOUR and evidence.hidden_back:
            return evidence.hidden_back
        if wanted == "picture":
            return N_(
                "The body was not seen lying along the picture. Lie with your side to the camera."
            )
        return BACK_NOT_SEEN if stem in FROM_CONTOUR else JOINTS_NOT_SEEN
    return None


def summaries(of_kind: Sequence[Measure], reps: Sequence[Rep]) -> Iterator[Measure]:
    """Median over the repetitions that count, and their spread from three on."""
    if not of_kind:
        return
    first = of_kind[0]
    counted = [
        m for m in of_kind
        if m.value is not None and m.rep is not None and not reps[m.rep - 1].excluded_reason
    ]  # fmt: skip
    if not counted:
        reason = next((m.reason for m in of_kind if m.reason), None)
        yield without(first.id, first.side, None, first.unit, reason or N_("No repetition counts."))
        return
    values = np.array([m.value for m in counted], dtype=float)
    widths = np.array([m.uncertainty for m in counted], dtype=float)
    filled = any(m.status == "partly_filled" for m in counted)
    # The error of one camera is shared by all repetitions: more of them do not make it smaller.
    yield replace(
        first, rep=None, value=float(np.median(values)), uncertainty=float(np.median(widths)),
        status="partly_filled" if filled else "measured", reason=None,
    )  # fmt: skip
    if len(values) >= 3 and first.id.endswith(("_range", "duration")):
        spread = float(values.std(ddof=1))
        yield Measure(
            f"{first.id}_sd", first.side, None, spread, first.unit,
            Z95 * spread / float(np.sqrt(2 * (len(values) - 1))), "measured",
        )  # fmt: skip


def summarised(measures: Sequence[Measure], reps: Sequence[Rep]) -> list[Measure]:
    """Return measures of repetitions and, after each kind and side, its summary."""
    out = list(measures)
    for id_, side in dict.fromkeys((m.id, m.side) for m in measures):
        out += summaries([m for m in measures if (m.id, m.side) == (id_, side)], reps)
    return out
