"""The terms of the fit: what each assumes, its residual and its derivatives."""

from __future__ import annotations

import numpy as np

from movecheck.signals.fit.body import (
    AT,
    BONES,
    JOINTS,
    KINDS,
    LENGTHS,
    MASS,
    SIDES,
    Assumptions,
    Offsets,
)  # fmt: skip
from movecheck.signals.fit.level import UP, along_feet, dot, summed
from movecheck.signals.fit.observe import Observed
from movecheck.signals.fit.picture import (
    AHEAD,
    FLOOR,
    FOCAL,
    PITCH,
    PLACES,
    ROLL,
    Projection,
    Unknowns,
    camera_axes,
    project,
    unit,
)  # fmt: skip
from movecheck.signals.fit.solve import Rows, System, apply_second, second_differences
from movecheck.signals.fit.stance import BoolArray
from movecheck.types import FloatArray

ON_FLOOR = 0.5  # of the weight of a foothold's height; below it, in the air (our own choice)


class Terms:
    """Cost, gradients and normal equations at given unknowns.

    Half the gradient of the cost is kept, as the normal equations want it.
    """

    def __init__(self, seen: Observed, how: Assumptions, off: Offsets) -> None:
        self.seen, self.how, self.off = seen, how, off
        self.n, self.n_shared = len(seen.time_s), PLACES + 6 * seen.n_holds
        self.thin = min(seen.step_s / how.correlated_s, 1.0)
        self.landmarks = seen.landmarks(off)
        self.second = second_differences(seen.time_s, self.thin / how.acceleration**2)
        self.prior_rows, self.prior_targets, self.loose = self._priors()

    def linearise(self, at: Unknowns) -> Rows:
        """Return the residuals with their derivatives, and the cost."""
        rows = Rows(self.n, 3 * len(JOINTS), self.n_shared, self.thin)
        robust = self.thin * (self._picture(rows, at) + self._feet(rows, at))
        first_plain = len(rows.rows)
        for term in (self._bones, self._depth, self._knees, self._trunk, self._balance):
            term(rows, at)
        _, prior_cost = self._prior_weights(self._prior(at))
        swing = float((at.poses * apply_second(self.second, at.poses)).sum())
        rows.cost = robust + rows.squares(first_plain) + swing + prior_cost
        return rows

    def system(self, rows: Rows, at: Unknowns) -> System:
        """Return the normal equations of `linearise`."""
        blocks, border, corner = rows.normal()
        border[..., -1] += apply_second(self.second, at.poses).reshape(self.n, -1)
        prior = self._prior(at)
        weight, _ = self._prior_weights(prior)
        slopes = weight[:, None] * self.prior_rows
        corner += slopes.T @ np.column_stack([slopes, weight * prior])
        return System(blocks, self.second, border, corner)

    def _prior(self, at: Unknowns) -> FloatArray:
        return np.asarray(self.prior_rows @ at.shared - self.prior_targets)

    def _prior_weights(self, prior: FloatArray) -> tuple[FloatArray, float]:
        """Root weights and cost of the priors: a foot may leave the floor, but not for good."""
        robust, cost = self._robust(prior[self.loose] ** 2)
        weight = np.ones(len(prior))
        weight[self.loose] = robust
        return weight, cost + float((prior[~self.loose] ** 2).sum())

    def on_floor(self, at: Unknowns) -> FloatArray:
        """Return how surely each foothold is on the floor, 1 to 0, shape (n_holds,)."""
        weight, _ = self._prior_weights(self._prior(at))
        return np.asarray(weight[self.first_place :].reshape(-1, 6).prod(axis=1))

    def _robust(self, square: FloatArray, most: float = 0.0) -> tuple[FloatArray, float]:
        """Geman and McClure (1987): root weights and cost of squared residuals in deviations."""
        limit = (most or self.how.outlier) ** 2
        return limit / (limit + square), float((square * limit / (limit + square)).sum())

    def projection(self, at: Unknowns) -> Projection:
        """Return where the landmarks should be seen."""
        shift = self.off.thigh_ahead * self.how.stature_m
        return project(at, self.landmarks, self.seen.focal_px, shift)

    def _picture(self, rows: Rows, at: Unknowns) -> float:
        """Landmarks are seen where the joints' landmarks project."""
        p = self.projection(at)
        off = p.uv - self.seen.uv
        robust, cost = self._robust((off**2).sum(axis=-1) * self.seen.weight**2)
        weight = robust * self.seen.weight
        hips = {AT["left_hip"], AT["right_hip"]}
        for j in range(len(JOINTS)):
            share = self.landmarks[:, j]
            from_joints = np.flatnonzero(share.any(axis=0))
            for axis in range(2):
                slope = p.by_point[:, j, axis]
                shared = dict(zip((FOCAL, PITCH, ROLL), p.by_camera[:, j, axis].T, strict=True))
                if j in hips:
                    shared[AHEAD] = (slope * p.ahead).sum(axis=1)
                by_joint = {int(k): share[:, k, None] * slope for k in from_joints}
                rows.add(off[:, j, axis], weight[:, j], by_joint, shared)
        return cost

    def _feet(self, rows: Rows, at: Unknowns) -> float:
        """A foot that stands stays where it stands; two are side by side, or a step apart."""
        cost = 0.0
        for side, name in enumerate(SIDES):
            hold = self.seen.hold[:, side]
            for end, joint in enumerate(("heel", "foot_index")):
                j = AT[f"{name}_{joint}"]
                place = PLACES + 6 * np.maximum(hold, 0) + 3 * end
                off = at.poses[:, j] - at.shared[place[:, None] + np.arange(3)]
                weight = (hold >= 0) / (
                    self.how.heel_still_m if joint == "heel" else self.how.still_m
                )
                robust, part = self._robust((off**2).sum(axis=1) * weight**2)
                cost += part
                rows.tie(j, off, weight * robust, place)
        ends = ("heel", "foot_index")
        apart = {AT[f"left_{j}"]: 0.5 for j in ends} | {AT[f"right_{j}"]: -0.5 for j in ends}
        reach, slopes = along_feet(at.poses, apart)
        weight = self._both_stand(at) / self.how.feet_square_m
        step = self.how.step_m / self.how.feet_square_m
        robust, part = self._robust(reach**2 * weight**2, step)
        rows.add(reach, weight * robust, slopes)
        return cost + part

    def _both_stand(self, at: Unknowns) -> FloatArray:
        """Return how surely both feet are on the floor, shape (n,)."""
        return np.asarray(np.append(self.on_floor(at), 0.0)[self.seen.hold].prod(axis=1))

    def _bones(self, rows: Rows, at: Unknowns) -> None:
        """Bones keep their length."""
        for kind, a, b in BONES:
            k, usual = KINDS.index(kind), self.how.stature_m * LENGTHS[kind][0]
            length = usual * np.exp(at.shared[k])
            along = at.poses[:, AT[a]] - at.poses[:, AT[b]]
            weight = 1 / (usual * (self.how.trunk_bone if kind == "trunk" else self.how.bone))
            slope = unit(along)
            rows.add(
                np.linalg.norm(along, axis=1) - length, weight,
                {AT[a]: slope, AT[b]: -slope}, {k: np.full(self.n, -length)},
            )  # fmt: skip

    def _depth(self, rows: Rows, at: Unknowns) -> None:
        """The model's own depth about mid-hip, believed little; it tells front from back."""
        turn, by_pitch, by_roll = camera_axes(at.shared)
        axis = np.broadcast_to(turn[2], (self.n, 3))
        hips = AT["left_hip"], AT["right_hip"]
        from_hips = at.poses - at.poses[:, hips].mean(axis=1, keepdims=True)
        weight = self.seen.known / self.how.depth_m
        for j in range(len(JOINTS)):
            slopes = dict.fromkeys(hips, -axis / 2)
            slopes[j] = slopes.get(j, np.zeros_like(axis)) + axis
            shared = {PITCH: from_hips[:, j] @ by_pitch[2], ROLL: from_hips[:, j] @ by_roll[2]}
            off = from_hips[:, j] @ turn[2] - self.seen.world_m[:, j, 2]
            rows.add(off, weight, slopes, shared)

    def _knees(self, rows: Rows, at: Unknowns) -> None:
        """The knee is over its foot, not behind the straight leg, and all but straight at rest."""
        thigh = self.how.stature_m * LENGTHS["thigh"][0]
        floor = np.append(self.on_floor(at), 0.0)
        for name, hold in zip(SIDES, self.seen.hold.T, strict=True):
            # A leg that is held up may be bent however quiet the person stands.
            standing = self.seen.standing & (floor[hold] > ON_FLOOR)
            leg = [AT[f"{name}_{j}"] for j in ("hip", "knee", "ankle", "heel", "foot_index")]
            hip, knee, ankle, heel, toe = (at.poses[:, j] for j in leg)
            a, k, d = hip - ankle, knee - ankle, toe - heel
            # The determinant of a, d and k is linear in each; its size by a and d is held.
            size = np.maximum(np.linalg.norm(np.cross(a, d), axis=1, keepdims=True), 1e-6)
            by_hip, by_knee, by_foot = (
                np.cross(x, y) / size for x, y in ((d, k), (a, d), (k, a))
            )  # fmt: skip
            slopes = (by_hip, by_knee, -by_hip - by_knee, -by_foot, by_foot)
            off = dot(by_knee, k)[:, 0]
            rows.add(off, 1 / (self.how.knee_plane * thigh), dict(zip(leg, slopes, strict=True)))
            up = unit(a)
            front = unit(d - dot(d, up) * up)
            ahead = dot(k, front)[:, 0]
            part = dot(k, up) / np.maximum(np.linalg.norm(a, axis=1, keepdims=True), 1e-6)
            off = np.where(standing, ahead - self.how.standing_knee * thigh, np.minimum(ahead, 0))
            weight = np.where(
                standing, 1 / (self.how.standing_knee_sd * thigh),
                (ahead < 0) / self.how.straight_m,
            )  # fmt: skip
            slopes3 = (-part * front, front, (part - 1) * front)
            rows.add(off, weight, dict(zip(leg[:3], slopes3, strict=True)))

    def _trunk(self, rows: Rows, at: Unknowns) -> None:
        """Hips are level; hips and shoulders square to the feet; and shoulders over the hips.

        To the side always, and ahead in quiet standing.
        """
        how = self.how
        hips, shoulders = (
            {AT[f"left_{j}"]: 1.0, AT[f"right_{j}"]: -1.0} for j in ("hip", "shoulder")
        )
        up = np.broadcast_to(UP, (self.n, 3))
        rows.add(
            summed(at.poses, hips) @ UP,
            1 / how.hips_level_m,
            {j: share * up for j, share in hips.items()},
        )
        lean = dict.fromkeys(shoulders, 0.5) | dict.fromkeys(hips, -0.5)
        for shares, weight in (
            (hips, 1 / how.hips_square_m),
            (shoulders, 1 / how.twist_m),
            (lean, self.seen.standing / (how.standing_trunk * how.stature_m)),
        ):
            reach, slopes = along_feet(at.poses, shares)
            rows.add(reach, weight, slopes)
        ahead = 2 * slopes[AT["left_shoulder"]]  # `lean` has one half of it
        out = np.cross(UP, ahead)
        aside = dot(summed(at.poses, lean), out)[:, 0]
        rows.add(aside, 1 / how.shift_m, {j: share * out for j, share in lean.items()})

    def _balance(self, rows: Rows, at: Unknowns) -> None:
        """The centre of mass is over the feet while both stand."""
        weights = dict(MASS)
        ends = (("heel", 1 - self.how.balance_at), ("foot_index", self.how.balance_at))
        for name in SIDES:
            for joint, share in ends:
                weights[f"{name}_{joint}"] = weights.get(f"{name}_{joint}", 0.0) - share / 2
        both = self._both_stand(at) / self.how.balance_m
        off = self.seen.arms_m @ camera_axes(at.shared)[0]
        off = off + sum(weight * at.poses[:, AT[joint]] for joint, weight in weights.items())
        for axis in (0, 2):
            slope = np.zeros((self.n, 3))
            slope[:, axis] = 1
            rows.add(off[:, axis], both, {AT[j]: w * slope for j, w in weights.items()})

    def _priors(self) -> tuple[FloatArray, FloatArray, BoolArray]:
        """What is usual: bones, camera, the hips' landmarks, and all footholds on one floor.

        The last array marks what may be otherwise: the height of every foothold but the main one
        of each foot.
        """
        how, off = self.how, self.off
        lines: list[tuple[dict[int, float], float, float]] = [
            ({k: 1.0}, 0.0, LENGTHS[kind][1]) for k, kind in enumerate(KINDS)
        ]
        lines += [
            ({FOCAL: 1.0}, 0.0, how.fov_log),
            ({PITCH: 1.0}, 0.0, float(np.radians(how.pitch_deg))),
            ({ROLL: 1.0}, 0.0, float(np.radians(how.roll_deg))),
            ({AHEAD: 1.0}, off.hip_ahead * how.stature_m, off.hip_ahead_sd * how.stature_m),
            # Next to nothing, for the sake of a floor or a foothold that nothing else measures.
            ({FLOOR: 1.0}, 0.0, 10.0),
        ]
        self.first_place = len(lines)
        loose = [False] * len(lines)
        main = self.seen.main_holds
        for place in range(2 * self.seen.n_holds):
            loose += [place // 2 not in main, False, False]
            x, y, z = (PLACES + 3 * place + axis for axis in range(3))
            height = how.toe_m if place % 2 else how.heel_m
            lines += [({y: 1.0, FLOOR: -1.0}, height, how.level_m)]
            lines += [({x: 1.0}, 0.0, 100.0), ({z: 1.0}, 0.0, 100.0)]
        rows, targets = np.zeros((len(lines), self.n_shared)), np.zeros(len(lines))
        for i, (slopes, target, deviation) in enumerate(lines):
            rows[i, list(slopes)] = np.array(list(slopes.values())) / deviation
            targets[i] = target / deviation
        return rows, targets, np.array(loose)
