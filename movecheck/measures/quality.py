"""The capture check: what of the recording holds, and what to do better next time."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from movecheck.marks import N_
from movecheck.measures.spine import neutral
from movecheck.measures.uncertainty import out_of_plane_deg
from movecheck.measures.view import Stance, from_front_deg, point
from movecheck.signals.camera import CameraMotion, camera_motion
from movecheck.signals.clean import body_size_px
from movecheck.signals.fit import BodyFit
from movecheck.signals.fit.stance import HOLD_WITHIN
from movecheck.skeleton import BODY, INDEX
from movecheck.types import Check, PoseTrack, State

# These limits of the check are our own choice.
LEAST_COVERAGE = 0.8
LEAST_FPS = 12.0
LEAST_BODY_PX = 170.0  # shoulder to ankle, as the model sees it: it is lost below 150
LEAST_STAND_S = 1.0
WANTED_STAND_S = 2.0
WANTED_TURN_DEG = 15.0  # recording protocols for 2-D analysis refuse more
LEAST_BRIGHTNESS = 40.0
MOST_COMPANY = 0.15  # of the looks: one in twenty finds somebody who is not there
MARGIN = 0.01
HEAD = ("nose", "left_ear", "right_ear")
MOST_ROLL_DEG = 1.0  # of a camera that moves; half the deviation of the trunk's inclination
MOST_SHIFT = HOLD_WITHIN  # more, and feet that stand seem to step
MOST_TILT_DEG = 4.0  # from ankle to shoulder people lean by less, quietly standing
REFUSES = ("one_person",)  # whose landmarks they are is then not known


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
    motion = camera_motion(raw)
    return [*checks, _alone(raw), _in_frame(raw), _size(raw), _frame_rate(raw), _light(raw),
            _steady(motion), _level(track, stance), _turn(stance), _stand(stance, motion),
            _feet(track), *([_fits(fit)] if fit else [])]  # fmt: skip


def refusal(checks: Sequence[Check]) -> str | None:
    """Return why nothing of the recording can be measured, and what to do; None when it can."""
    return next((check.advice for check in checks if check.id in REFUSES and not check.ok), None)


def _check(id_: str, ok: bool, value: float | str | None, advice: str) -> Check:
    if isinstance(value, float):
        value = round(value, 3)
    return Check(id_, bool(ok), value, None if ok else advice)


def _complete(raw: PoseTrack) -> Check:
    recording = raw.recording
    return _check(
        "complete", recording.complete, "complete" if recording.complete else "incomplete",
        N_("The file ends too early or is damaged, so this result is incomplete. "
           "Copy the file again, or record again."),
    )  # fmt: skip


def _person(raw: PoseTrack) -> Check:
    share = float((raw.state == State.MEASURED).all(axis=1).mean())
    advice = (
        N_("Nobody was found. Film the whole body, from head to feet, in good light.")
        if share == 0
        else N_("The person was not seen all the time. Stay in the picture from start to end.")
    )
    return _check("person", share >= LEAST_COVERAGE, share, advice)


def _alone(raw: PoseTrack) -> Check:
    several = float((raw.people > 1).mean())
    return _check(
        "one_person", several <= MOST_COMPANY, several,
        N_("More than one person was seen. Record again with nobody else in the picture."),
    )  # fmt: skip


def _in_frame(raw: PoseTrack) -> Check:
    body = raw.xy_px[:, [INDEX[name] for name in (*BODY, *HEAD)]]
    size = np.array([raw.recording.width_px, raw.recording.height_px])
    inside = ((body >= MARGIN * size) & (body <= (1 - MARGIN) * size)).all(axis=(1, 2))
    seen = np.asarray(np.isfinite(body).all(axis=(1, 2)))
    share = float(np.asarray(inside)[seen].mean()) if seen.any() else 0.0
    return _check(
        "body_in_frame", share >= 0.95, share,
        N_("Part of the body leaves the picture. Step back, or turn the phone upright, "
           "so that head and feet stay in view."),
    )  # fmt: skip


def _size(raw: PoseTrack) -> Check:
    seen_px = body_size_px(raw.xy_px) / raw.px_per_model_px
    return _check(
        "distance", seen_px >= LEAST_BODY_PX, seen_px,
        N_("The person is small in the picture. Move the camera nearer: 3 to 4 metres away."),
    )  # fmt: skip


def _frame_rate(raw: PoseTrack) -> Check:
    return _check(
        "frame_rate", round(raw.recording.fps, 1) >= LEAST_FPS, raw.recording.fps,
        N_("There are few pictures a second, so speeds and the deepest points are less sure. "
           "Record with 30 pictures a second and enough light."),
    )  # fmt: skip


def _light(raw: PoseTrack) -> Check:
    grey = float(np.median(raw.brightness))
    return _check(
        "light", grey >= LEAST_BRIGHTNESS, grey, N_("The picture is dark. Put the light in front.")
    )


def _steady(motion: CameraMotion) -> Check:
    """Tell how far the camera turned: so much an inclination may be off, if it is not undone."""
    if np.isnan(motion.roll_deg):
        # A bare wall tells nothing, which is no ground for a warning.
        return Check("camera_steady", True, "unknown")
    return _check(
        "camera_steady", motion.roll_deg <= MOST_ROLL_DEG and motion.shift <= MOST_SHIFT,
        motion.roll_deg,
        N_(f"The camera moved: it turned by up to {motion.roll_deg:.1f}°, and the picture shifted "
           f"by up to {100 * motion.shift:.0f} % of your height. "
           "Put the phone on something firm, and lean it against something."),
    )  # fmt: skip


def standing_askew_deg(track: PoseTrack, stance: Stance) -> float:
    """Return how far the line from ankle to shoulder leans in the picture in quiet standing.

    + clockwise, in degrees; NaN without quiet standing. In side view it is the near side's.
    A camera that is rolled anticlockwise by as much would show it; so would a person who leans.
    """
    side = stance.near_side or "mid"
    shoulder, ankle = (point(track, f"{side}_{joint}") for joint in ("shoulder", "ankle"))
    right, down = neutral(shoulder - ankle, stance.standing)
    return float(np.degrees(np.arctan2(right, -down)))


def camera_tilt_deg(track: PoseTrack, stance: Stance) -> float:
    """Return `standing_askew_deg` where it is more than people lean, else 0.

    Drawn people who lean by 3 degrees more than usual stay below 3, a camera that is rolled by 3,
    6 or 10 degrees shows as 2.7, 5.7 to 6.3 and 9.7.
    """
    askew = standing_askew_deg(track, stance)
    return askew if abs(askew) > MOST_TILT_DEG else 0.0


def _level(track: PoseTrack, stance: Stance) -> Check:
    askew = standing_askew_deg(track, stance)
    return _check(
        "camera_level", camera_tilt_deg(track, stance) == 0, askew if askew == askew else "unknown",
        N_(f"You stand askew in the picture by {abs(askew):.0f}°: the camera is tilted, or you "
           "lean. Stand the phone upright, so that door frames and the edges of walls are upright "
           "too."),
    )  # fmt: skip


def _turn(stance: Stance) -> Check:
    if stance.view == "unknown":
        turn = "unknown" if np.isnan(stance.yaw_deg) else f"turned {abs(stance.yaw_deg):.0f}°"
        return Check("camera_angle", False, turn, turn_advice(stance))
    off = out_of_plane_deg(stance)
    return _check(
        "camera_angle", off <= WANTED_TURN_DEG, off,
        N_(f"Turn {off:.0f}° so that your side faces the camera squarely.")
        if stance.view == "side"
        else N_(f"Turn {off:.0f}° so that your front faces the camera squarely."),
    )  # fmt: skip


def turn_advice(stance: Stance) -> str:
    """Say how to stand when the view shows neither the side nor the front."""
    if np.isnan(stance.yaw_deg):
        return N_("Stand so that your side or your front faces the camera.")
    turn = 90 - from_front_deg(stance.yaw_deg)
    return N_(f"Turn {turn:.0f}° so that your side faces the camera squarely.")


def _stand(stance: Stance, motion: CameraMotion) -> Check:
    # In a picture that a hand moves, nobody stands still; before a bare wall, that is not known.
    stands = motion.followed or (np.isfinite(motion.roll_deg) and not motion.moves)
    advice = N_(
        f"Stand still for {WANTED_STAND_S:.0f} seconds before you start: "
        "it is the zero that every change is counted from."
    )
    if not stands:
        advice += " " + N_("The camera must stand still too.")
    return _check("quiet_standing", stance.stand_s >= LEAST_STAND_S, stance.stand_s, advice)


def _fits(fit: BodyFit) -> Check:
    """Tell whether a body of constant bones on standing feet explains what was seen."""
    share = fit.overall_residual
    value = None if np.isnan(share) else round(100 * share, 2)
    advice = N_("Keep both feet in place, and nothing between you and the camera.")
    advice = f"{fit.reason} {advice}"
    return Check("body_fit", fit.ok, value, None if fit.ok else advice)


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
        N_("The feet were not seen well. Keep them in the picture and free of long trousers, with "
           "nothing in front of them."),
    )  # fmt: skip
