"""Where a movement begins and ends: found backwards from where it is seen well."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from movecheck.signals.gaps import bridged, runs
from movecheck.types import FloatArray

# Our own choice: what comes into sight later than at this share of its way tells no beginning,
# and it is told from the next stretch of it.
LATEST, STRETCH = 0.65, 0.2
SLOWEST = 1.7  # times as long as a course without a pause takes on its way (our own choice)
LOST_S = 0.5  # a joint that jumps away for less comes back (our own choice)


@dataclass(frozen=True)
class Course:
    """How a movement begins, told from two shares of its way at which it is seen well.

    A movement begins too slowly to be seen, so its onset is found backwards from there. The
    time before the first share, in units of that between the two, is the mean of what a movement of
    minimum jerk (Flash and Hogan 1985) and a raised cosine give: of 10 and 30 % 1.72 and 1.25.

    Attributes
    ----------
    share, later : float
        Of the range from rest, 0 to 1.
    square : bool
        Whether the signal goes with the square of what moves, as a height does with an angle.
    """

    share: float = 0.1
    later: float = 0.3
    square: bool = False

    @cached_property
    def lead(self) -> float:
        """Time from the onset to `share`, in units of that from `share` to `later`."""
        return float(np.mean([a / (b - a) for a, b, _ in self._times]))

    @cached_property
    def slowest(self) -> float:
        """The longest time from `share` to `later`, in units of that from 25 to 75 %."""
        return SLOWEST * float(np.mean([(b - a) / c for a, b, c in self._times]))

    @property
    def _times(self) -> list[tuple[float, float, float]]:
        """Times at both shares, and that from 25 to 75 %, of each course."""
        t = np.linspace(0.0, 1.0, 2001)
        courses = (t**3 * (10 - 15 * t + 6 * t**2), (1 - np.cos(np.pi * t)) / 2)
        power = 0.5 if self.square else 1.0
        shares = np.array([self.share, self.later, 0.25, 0.75]) ** power
        at = [np.interp(shares, course, t) for course in courses]
        return [(float(a), float(b), float(d - c)) for a, b, c, d in at]


ANGLE, HEIGHT = Course(), Course(0.05, 0.25, square=True)


@dataclass(frozen=True)
class Rules:
    """When a rise of the driving signal is a repetition. All are our own choice.

    Attributes
    ----------
    apart_s : float
        Least time between the deepest points of two repetitions.
    calm_s : float
        Peaks are looked for in a copy smoothed over this time (standard deviation of a Gaussian),
        in which a single jump is no peak.
    return_share : float
        Between two repetitions the signal falls below this share of the lower one's peak;
        a shallower dip is a pause or a bounce within one repetition.
    foot_share : float
        A repetition's foot: below this share of its rise, its rest is looked for.
    speed_share : float
        Its rest before and after begins where the signal moves slower than this share of the
        repetition's peak speed.
    rest_s : float
        For so long from there, the median is its own level of rest: it may drift between
        repetitions, and differ before and after.
    edge_share : float
        Of the repetition's own range from that rest: where it is passed, hips have left a seat,
        or a foot the ground.
    course : Course
        How the movement begins.
    partial_share : float
        A repetition below this share of the median peak is partial and excluded.
    open_share : float
        A recording that starts or ends above this share of a repetition's peak cuts it off.
    """

    apart_s: float = 0.5
    calm_s: float = 0.1
    return_share: float = 0.5
    foot_share: float = 0.10
    speed_share: float = 0.02
    rest_s: float = 0.3
    edge_share: float = 0.05
    course: Course = ANGLE
    partial_share: float = 0.6
    open_share: float = 0.25


@dataclass(frozen=True)
class Timing:
    """A signal in which start and end of a repetition are found, shape (n,), and by what rules."""

    signal: FloatArray
    rules: Rules = Rules()


def onset(
    drive: FloatArray, peak: int, limit: int, step: float, rules: Rules, level: float | None = None
) -> float:
    """Return where, between the peak and `limit`, the movement begins or ends: a sample's place.

    `level` is that of rest, where the way down does not come to it: what is hidden at first is
    told from where it comes into sight. NaN where that is too late.
    """
    way, path = _path(drive, peak, limit)
    if len(path) < 3 or not path[0] > path.min():
        return float(limit)
    course = rules.course
    lowest = 0.0 if level is None else float((path.min() - level) / (path[0] - level))
    if level is not None and lowest > course.share:
        if lowest > LATEST:
            return float("nan")
        course = Course(lowest, lowest + STRETCH, course.square)
    else:
        level = _rest_level(path, step, rules)
    # What is lost for a moment at the top has not come down.
    high_up = path >= level + 0.75 * (path[0] - level)
    held = runs(bridged(high_up, LOST_S / step))[0][1] - 1
    surely, later, low, high = (
        _passes(path, level, share, held) for share in (course.share, course.later, 0.25, 0.75)
    )
    # A pause on the way is no slow beginning.
    slowest = course.slowest * (low - high) if lowest <= 0.25 else np.inf
    lead = course.lead * min(surely - later, slowest)
    return float(np.clip(peak + way * (surely + lead), 0, len(drive) - 1))


def crossing(drive: FloatArray, peak: int, limit: int, step: float, rules: Rules) -> float:
    """Return where, between the peak and `limit`, `edge_share` of the range from rest is passed.

    It is interpolated between samples.
    """
    way, path = _path(drive, peak, limit)
    if len(path) < 3:
        return float(limit)
    return peak + way * _passes(path, _rest_level(path, step, rules), rules.edge_share)


def _path(drive: FloatArray, peak: int, limit: int) -> tuple[int, FloatArray]:
    """Return the way from a peak to a limit: its direction, and the signal along it."""
    way = -1 if limit < peak else 1
    return way, drive[peak : limit + way if limit + way >= 0 else None : way]


def _rest_level(path: FloatArray, step: float, rules: Rules) -> float:
    """Return the level at which a way down from a peak comes to rest, below its foot."""
    foot = path.min() + rules.foot_share * (path[0] - path.min())
    below = int(np.flatnonzero(path <= foot)[0])
    speed = -np.gradient(path, step)
    slow = np.flatnonzero(speed[below:] <= rules.speed_share * speed.max())
    rest = below + int(slow[0]) if len(slow) else len(path) - 1
    return float(np.median(path[rest : rest + max(1, round(rules.rest_s / step))]))


def _passes(path: FloatArray, level: float, share: float, held: int = 0) -> float:
    """Return how far down a way its signal first, after `held`, is a share of the range."""
    passed = max(level + share * (path[0] - level), float(path[held:].min()))
    place = held + int(np.flatnonzero(path[held:] <= passed)[0])
    if place == held:
        return float(held)
    before, after = path[place - 1], path[place]
    return place - 1 + float(np.clip((before - passed) / (before - after), 0, 1))
