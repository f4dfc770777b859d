"""Recover the body in space from one camera, over a whole recording."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline
from threadpoolctl import threadpool_limits

from movecheck.marks import N_
from movecheck.signals.clean import Cleaning
from movecheck.signals.fit.angles import angle_deviations, fitted_angles, yaw_deg
from movecheck.signals.fit.body import AT, JOINTS, LANDMARK_OF, SIDES, Assumptions, Offsets
from movecheck.signals.fit.observe import Observed, observe
from movecheck.signals.fit.picture import FLOOR, FOCAL, PITCH, PLACES, ROLL, Unknowns
from movecheck.signals.fit.terms import ON_FLOOR, Terms
from movecheck.signals.smooth import resample, uniform_grid
from movecheck.types import FloatArray, PoseTrack, check_shape

# These are our own choice.
MOST_STEPS = 8  # more move angles of the drawn people by a degree, their errors by 0.01
ENOUGH = 1e-3  # the fit ends when a step lowers the cost by less than this share
WORST_RESIDUAL = 0.012  # of body height: good recordings reach 0.2 to 0.8 %, a lifted foot 2.7 %
WORST_MOMENT = 0.018  # the same of a single pose
LEAST_STANDING = 0.6  # of the poses in which both feet stand


@dataclass(frozen=True)
class BodyFit:
    """A body in space, on the time grid of the clean track.

    Attributes
    ----------
    time_s : ndarray, shape (n,)
        That of `movecheck.signals.clean`.
    joints_m : ndarray, shape (n, 12, 3)
        Joint centres named by `names`; metres for a person of the assumed stature. x is the
        camera's right, y up from the floor, z towards the camera, which stands at x = z = 0.
        NaN where the body was not seen.
    yaw_deg : ndarray, shape (n,)
        Turn of the hips: 0 facing the camera, +90 facing the picture's right.
    residual : ndarray, shape (n,)
        1-sigma reprojection error (one axis, weighted by visibility) as a share of body height.
    foot_contact : ndarray of bool, shape (n, 2)
        Whether the left and the right foot stand where they stand most of the time.
    deviation_deg : mapping of str to ndarray, shape (n,)
        Standard deviation of each angle of `fitted_angles`, from the fit's own covariance; empty
        where it was not asked for.
    pitch_deg, roll_deg, focal_px : float
        Camera: + looks down; + turned clockwise; focal length.
    overall_residual : float
        `residual` over the whole recording.
    ok : bool
        False when the fit must not be used; `reason` then says why.
    """

    time_s: FloatArray
    joints_m: FloatArray
    yaw_deg: FloatArray
    residual: FloatArray
    foot_contact: NDArray[np.bool_]
    deviation_deg: Mapping[str, FloatArray]
    pitch_deg: float = float("nan")
    roll_deg: float = float("nan")
    focal_px: float = float("nan")
    overall_residual: float = float("nan")
    ok: bool = False
    reason: str | None = None
    names: tuple[str, ...] = field(default=JOINTS, repr=False)

    def __post_init__(self) -> None:
        n = len(self.time_s)
        check_shape("joints_m", self.joints_m, (n, len(JOINTS), 3))
        check_shape("foot_contact", self.foot_contact, (n, 2))
        for name in ("yaw_deg", "residual"):
            check_shape(name, getattr(self, name), (n,))

    @property
    def trusted(self) -> NDArray[np.bool_]:
        """When the angles may be used, shape (n,): both feet stand, and the landmarks fit."""
        # A comparison with NaN is False: what was not seen is not trusted.
        return self.ok & self.foot_contact.all(axis=1) & (self.residual < WORST_MOMENT)

    def angles(self) -> dict[str, FloatArray]:
        """Return `fitted_angles` of these joints."""
        return fitted_angles(self.joints_m)


def fit_body(
    track: PoseTrack,
    how: Assumptions | None = None,
    offsets: Offsets | None = None,
    *,
    deviations: bool = False,
) -> BodyFit:
    """Fit a body of constant bones on standing feet to the landmarks of a whole recording.

    Parameters
    ----------
    track : PoseTrack
        As the pose model gave it, not cleaned: hidden landmarks are weighed, not left out.
    how : Assumptions, optional
    offsets : Offsets, optional
        Where landmarks lie from joint centres.
    deviations : bool
        Whether to find `BodyFit.deviation_deg`, which costs as much as two of the fit's steps.
        Measures do not rest on it: their ± comes from the error model.

    Returns
    -------
    BodyFit
        On the time grid of ``clean(track)``; with `ok` False it must not be used.
    """
    how = how or Assumptions()
    seen = observe(track, how)
    if seen is None:
        return _nothing(_grid(track), N_("The body is not seen long enough."))
    if not (seen.hold >= 0).any(axis=0).all():
        return _nothing(_grid(track), N_("The feet do not stand still for long enough."))
    terms = Terms(seen, how, offsets or Offsets())
    # Blocks this small are slower on many threads, and one thread always sums in one order.
    with threadpool_limits(limits=1):
        at = _descend(terms, _start(seen, how, terms.n_shared))
        return _result(track, terms, at, deviations)


def _grid(track: PoseTrack) -> FloatArray:
    few = len(track.time_s) < 3
    return track.time_s if few else uniform_grid(track.time_s, Cleaning().max_rate_hz)


def _nothing(time_s: FloatArray, reason: str) -> BodyFit:
    n = len(time_s)
    unknown = np.full(n, np.nan)
    joints = np.full((n, len(JOINTS), 3), np.nan)
    contact = np.zeros((n, 2), dtype=bool)
    return BodyFit(time_s, joints, unknown, unknown, contact, {}, reason=reason)


def _start(seen: Observed, how: Assumptions, n_shared: int) -> Unknowns:
    """Put the model's own body, pose by pose, where the picture shows it."""
    world, uv, focal = seen.world_m, seen.uv, seen.focal_px
    n = len(world)
    # u (D - z) = f (x + X) and v (D - z) = -f (y + Y) are linear in the place X, Y, D.
    left, right = np.zeros((n, 3, 3)), np.zeros((n, 3, 1))
    for axis, sign in ((0, 1.0), (1, -1.0)):
        row = np.zeros((*world.shape[:2], 3))
        row[..., axis] = sign * focal
        row[..., 2] = -uv[..., axis]
        target = -uv[..., axis] * world[..., 2] - sign * focal * world[..., axis]
        weighted = (row * seen.weight[..., None] ** 2).transpose(0, 2, 1)
        left += weighted @ row
        right += weighted @ target[..., None]
    known = np.flatnonzero(seen.known)
    place = np.linalg.solve(left[known], right[known])[..., 0]
    place[:, 2] = np.maximum(place[:, 2], 0.5 * how.stature_m)
    between = [np.interp(seen.time_s, seen.time_s[known], place[:, k]) for k in range(3)]
    nearest = known[np.abs(np.arange(n)[:, None] - known).argmin(axis=1)]
    poses = world[nearest] + (np.stack(between, axis=1) * [1.0, 1.0, -1.0])[:, None]
    shared = np.zeros(n_shared)
    feet = [AT[f"{side}_{end}"] for side in SIDES for end in ("heel", "foot_index")]
    shared[FLOOR] = np.median(poses[:, feet, 1]) - (how.heel_m + how.toe_m) / 2
    for k in range(seen.n_holds):
        side = int((seen.hold[:, 1] == k).any())
        ends = poses[seen.hold[:, side] == k][:, feet[2 * side : 2 * side + 2]]
        shared[PLACES + 6 * k : PLACES + 6 * k + 6] = np.median(ends, axis=0).ravel()
    return Unknowns(poses, shared)


def _descend(terms: Terms, at: Unknowns) -> Unknowns:
    """Gauss-Newton until the cost falls no more; damping after Nielsen (1999)."""
    damping, raised = 1e-3, 2.0
    here, system = terms.linearise(at), None
    for _ in range(MOST_STEPS):
        system = system or terms.system(here, at)
        trial = at.moved(*system.step(damping))
        there = terms.linearise(trial)
        if not there.cost < here.cost:
            damping, raised = damping * raised, 2 * raised
            if damping > 1e3:
                break
            continue
        gain = 1 - there.cost / here.cost
        at, here, system, damping, raised = trial, there, None, max(damping / 3, 1e-7), 2.0
        if gain < ENOUGH:
            break
    return at


def _residuals(terms: Terms, at: Unknowns) -> FloatArray:
    """Reprojection error of each pose as a share of body height; NaN where nothing was seen."""
    off = terms.projection(at).uv - terms.seen.uv
    share = terms.seen.weight**2
    total = np.where(terms.seen.known, share.sum(axis=1), np.nan)
    square = ((off**2).sum(axis=-1) / 2 * share).sum(axis=1) / total
    return np.asarray(np.sqrt(square) / terms.seen.height_px)


def _result(track: PoseTrack, terms: Terms, at: Unknowns, deviations: bool) -> BodyFit:
    """Bring the fit to the clean track's grid."""
    seen, grid = terms.seen, _grid(track)
    seen_at = np.isfinite(track.xy_px[:, LANDMARK_OF]).all(axis=(1, 2))
    limit = max(Cleaning().max_gap_s, 1.5 * float(np.median(np.diff(track.time_s))))
    there = np.isfinite(resample(track.time_s, np.where(seen_at, 0.0, np.nan), grid, limit))
    poses = at.poses - [0.0, at.shared[FLOOR], 0.0]
    joints = np.where(there[:, None, None], CubicSpline(seen.time_s, poses)(grid), np.nan)
    deviation = {}
    if deviations:
        covariance = terms.system(terms.linearise(at), at).covariance()
        deviation = angle_deviations(poses, covariance)
    residual = _residuals(terms, at)
    known = np.isfinite(residual)
    overall = float(np.sqrt(np.mean(residual[known] ** 2)))
    nearest = np.clip(np.round((grid - seen.time_s[0]) / seen.step_s), 0, len(poses) - 1)
    contact = _contact(terms, at)[nearest.astype(int)]
    reason = _doubt(contact[there], overall)
    return BodyFit(
        time_s=grid,
        joints_m=joints,
        yaw_deg=yaw_deg(joints),
        residual=np.where(there, np.interp(grid, seen.time_s[known], residual[known]), np.nan),
        foot_contact=contact & there[:, None],
        deviation_deg={
            name: np.where(there, np.interp(grid, seen.time_s, d), np.nan)
            for name, d in deviation.items()
        },
        pitch_deg=float(np.degrees(at.shared[PITCH])),
        roll_deg=float(np.degrees(at.shared[ROLL])),
        focal_px=float(seen.focal_px * np.exp(at.shared[FOCAL])),
        overall_residual=overall,
        ok=reason is None,
        reason=reason,
    )


def _contact(terms: Terms, at: Unknowns) -> NDArray[np.bool_]:
    """Tell when each foot stands at its main place, shape (poses, 2).

    Another place counts only for the fit: whether a foot was set down there or is held up is
    more than one camera tells for certain.
    """
    floor = terms.on_floor(at) > ON_FLOOR
    main = [k in terms.seen.main_holds and bool(floor[k]) for k in range(terms.seen.n_holds)]
    return np.array([*main, False])[terms.seen.hold]


def _doubt(contact: NDArray[np.bool_], residual: float) -> str | None:
    """Return why the fit must not be used, or None."""
    if not residual < WORST_RESIDUAL:
        return N_("The landmarks do not fit a body of constant bones on standing feet.")
    if contact.all(axis=1).mean() < LEAST_STANDING:
        return N_("The feet do not stand still for long enough.")
    return None
