"""The capture check: what of the recording holds, and what to do better next time."""

from __future__ import annotations

import numpy as np

from movecheck.measures.uncertainty import out_of_plane_deg
from movecheck.measures.view import Stance
from movecheck.signals.clean import body_size_px
from movecheck.signals.fit import BodyFit
from movecheck.skeleton import BODY, INDEX
from movecheck.types import Check, PoseTrack, State

# Limits of the check: our own choice unless a source is named.
LEAST_COVERAGE = 0.8
LEAST_FPS = 12.0
LEAST_BODY_PX = 170.0  # shoulder to ankle, as the model sees it: it is lost below 150
POSE_LONG_SIDE_PX = 1280.0
LEAST_STAND_S = 1.0
WANTED_STAND_S = 2.0
WANTED_TURN_DEG = 15.0  # recording protocols for 2-D analysis refuse more
LEAST_BRIGHTNESS = 40.0
MOST_COMPANY = 0.12  # a single look in twenty finds somebody who is not there
MARGIN = 0.01


def capture_checks(
    raw: PoseTrack, track: PoseTrack, stance: Stance, fit: BodyFit | None = None
) -> list[Check]:
    """Check one recording.

    Parameters
    ----------
    raw, track : PoseTrack
        As the model gave it, and clean.
    stance : Stance
        How the person stands to the camera.
    fit : BodyFit, optional
        The body in space.
    """
    checks = [_complete(raw), _person(raw)]
    if not (raw.state == State.MEASURED).any():
        return checks
    return [*checks, _alone(raw), _in_frame(raw), _size(raw), _frame_rate(raw), _light(raw),
            _turn(stance), _stand(stance), _feet(track),
            *([_fits(fit)] if fit else [])]  # fmt: skip


def _check(id_: str, ok: bool, value: float | str | None, advice: str) -> Check:
    if isinstance(value, float):
        value = round(value, 3)
    return Check(id_, bool(ok), value, None if ok else advice)


def _complete(raw: PoseTrack) -> Check:
    recording = raw.recording
    return _check(
        "complete", recording.complete, "complete" if recording.complete else "incomplete",
        "The file ends too early or is damaged, so this result is incomplete. "
        "Copy the file again, or record again.",
    )  # fmt: skip


def _person(raw: PoseTrack) -> Check:
    share = float((raw.state == State.MEASURED).all(axis=1).mean())
    advice = (
        "Nobody was found. Film the whole body, from head to feet, in good light."
        if share == 0
        else "The person was not seen all the time. Stay in the picture from start to end."
    )
    return _check("person", share >= LEAST_COVERAGE, share, advice)


def _alone(raw: PoseTrack) -> Check:
    several = float((raw.people > 1).mean())
    return _check(
        "one_person", several <= MOST_COMPANY, several,
        "More than one person was seen. Record again with nobody else in the picture.",
    )  # fmt: skip


def _in_frame(raw: PoseTrack) -> Check:
    body = raw.xy_px[:, [INDEX[name] for name in BODY]]
    size = np.array([raw.recording.width_px, raw.recording.height_px])
    inside = ((body >= MARGIN * size) & (body <= (1 - MARGIN) * size)).all(axis=(1, 2))
    seen = np.asarray(np.isfinite(body).all(axis=(1, 2)))
    share = float(np.asarray(inside)[seen].mean()) if seen.any() else 0.0
    return _check(
        "body_in_frame", share >= 0.95, share,
        "Part of the body leaves the picture. Step back, or turn the phone upright, "
        "so that head and feet stay in view.",
    )  # fmt: skip


def _size(raw: PoseTrack) -> Check:
    seen_px = body_size_px(raw.xy_px) / max(
        1.0, max(raw.recording.width_px, raw.recording.height_px) / POSE_LONG_SIDE_PX
    )
    return _check(
        "distance", seen_px >= LEAST_BODY_PX, seen_px,
        "The person is small in the picture. Move the camera nearer: 3 to 4 metres away.",
    )  # fmt: skip


def _frame_rate(raw: PoseTrack) -> Check:
    return _check(
        "frame_rate", raw.recording.fps >= LEAST_FPS, raw.recording.fps,
        "There are few pictures a second, so speeds and the deepest points are less sure. "
        "Record with 30 pictures a second and enough light.",
    )  # fmt: skip


def _light(raw: PoseTrack) -> Check:
    grey = float(np.median(raw.brightness))
    return _check(
        "light", grey >= LEAST_BRIGHTNESS, grey, "The picture is dark. Put the light in front."
    )


def _turn(stance: Stance) -> Check:
    if stance.view == "unknown":
        turn = "unknown" if np.isnan(stance.yaw_deg) else f"turned {abs(stance.yaw_deg):.0f}°"
        return Check("camera_angle", False, turn, turn_advice(stance))
    off = out_of_plane_deg(stance)
    aim = "your side" if stance.view == "side" else "your front"
    return _check(
        "camera_angle", off <= WANTED_TURN_DEG, off,
        f"You were turned by about {off:.0f}°. Turn so that {aim} faces the camera squarely.",
    )  # fmt: skip


def turn_advice(stance: Stance) -> str:
    """Say how to stand when the view shows neither the side nor the front."""
    if np.isnan(stance.yaw_deg):
        return "Stand so that your side or your front faces the camera."
    return (
        f"You stood at an angle of about {abs(stance.yaw_deg):.0f}° to the camera. "
        "Turn so that your side faces the camera squarely."
    )


def _stand(stance: Stance) -> Check:
    return _check(
        "quiet_standing", stance.stand_s >= LEAST_STAND_S, stance.stand_s,
        f"Stand still for {WANTED_STAND_S:.0f} seconds before you start: "
        "it is the zero that every change is counted from.",
    )  # fmt: skip


def _fits(fit: BodyFit) -> Check:
    """Tell whether a body of constant bones on standing feet explains what was seen."""
    share = fit.overall_residual
    value = None if np.isnan(share) else round(100 * share, 2)
    return Check("body_fit", fit.ok, value, None if fit.ok else fit.reason)


def _feet(track: PoseTrack) -> Check:
    """Tell whether ankle and heel of at least one foot are seen, whenever the hips are."""
    seen = [
        (track.state[:, [INDEX[f"{s}_ankle"], INDEX[f"{s}_heel"]]] != State.MISSING).all(axis=1)
        for s in ("left", "right")
    ]
    hips = (track.state[:, [INDEX["left_hip"], INDEX["right_hip"]]] != State.MISSING).any(axis=1)
    share = float(np.logical_or(*seen)[hips].mean()) if hips.any() else 0.0
    return _check(
        "feet", share >= LEAST_COVERAGE, share,
        "The feet were not seen well. Keep them in the picture and free of long trousers.",
    )  # fmt: skip
