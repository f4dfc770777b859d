"""How a movement goes: smoothness, which part goes first, and how repetitions change."""

from __future__ import annotations

import numpy as np
from scipy.stats import t as student

from movecheck.types import FloatArray

FASTEST_HZ = 4.0  # the low-pass, as in `clean.Cleaning`: no faster share of the spectrum is there
LEAST_SHARE_OF_SPECTRUM = 0.05  # as published
PADDING = 4  # as published: the spectrum is looked at 2**4 times as finely
JITTER_DEG = 0.5  # of an angle after the filter (our own choice)
TRIALS = 32  # of jitter, for the spread of a smoothness (our own choice)
GOES = 0.25  # of its own way, at which a part counts as going (our own choice)


def spectral_arc_length(speed: FloatArray, step_s: float) -> FloatArray:
    """Return the smoothness of movements: minus the length of each one's spectrum of speed.

    Spectral arc length after Balasubramanian and others 2015 (J NeuroEng Rehabil 12:112): the
    magnitude spectrum of the speed, over its value at rest, up to the last frequency at which it
    reaches 5 %; there at most 20 Hz, here 4 Hz.

    Parameters
    ----------
    speed : ndarray, shape (..., n)
        Speed from the start to the end of one movement, without gaps.
    step_s : float
        Time between samples.

    Returns
    -------
    ndarray, shape (...)
        Nearer to 0 is smoother; about -1.6 for one minimum-jerk stroke. NaN for a body that rests.
    """
    moves = np.asarray(np.isfinite(speed).all(axis=-1) & (speed > 0).any(axis=-1))
    if speed.shape[-1] < 4 or not moves.any():
        return np.full(moves.shape, np.nan)
    size = 2 ** (int(np.ceil(np.log2(speed.shape[-1]))) + PADDING)
    frequency = np.fft.rfftfreq(size, step_s)
    frequency = frequency[frequency <= FASTEST_HZ]
    spectrum = np.abs(np.fft.rfft(np.where(moves[..., None], speed, 1.0), size))
    spectrum = spectrum[..., : len(frequency)] / spectrum[..., :1]
    reaches = spectrum >= LEAST_SHARE_OF_SPECTRUM
    last = len(frequency) - 1 - reaches[..., ::-1].argmax(axis=-1)[..., None]
    along = np.diff(frequency) / np.where(last > 0, frequency[last], np.nan)
    steps = np.hypot(along, np.diff(spectrum))
    length = np.where(np.arange(len(frequency) - 1) < last, steps, 0.0).sum(axis=-1)
    return np.asarray(np.where(moves & (last[..., 0] > 0), -length, np.nan))


def smoothness(angle: FloatArray, step_s: float, jitter: float = JITTER_DEG) -> tuple[float, float]:
    """Return the spectral arc length of an angle's speed and its 95 % half-width.

    The half-width is how far the jitter of an angle moves it: `TRIALS` times the jitter is added
    to the angle, low-passed as the angle is.
    """
    rng = np.random.default_rng(0)
    width = max(1, round(1 / (2 * FASTEST_HZ) / step_s))
    box = np.ones(width) / np.sqrt(width)
    jitters = rng.normal(0, jitter, (TRIALS, len(angle) + 2 * width))
    noise = np.array([np.convolve(each, box, "same") for each in jitters])
    tried = angle + np.vstack([np.zeros(len(angle)), noise[:, width : width + len(angle)]])
    value, *others = spectral_arc_length(np.abs(np.gradient(tried, step_s, axis=1)), step_s)
    moved = np.array(others) - value
    known = moved[np.isfinite(moved)]
    return float(value), float(1.96 * np.sqrt(np.mean(known**2))) if len(known) else float("nan")


def goes_at_s(
    time_s: FloatArray, angle: FloatArray, peak: int, jitter: float
) -> tuple[float, float]:
    """Return when an angle has done GOES of its way to its peak, and the 95 % half-width.

    The half-width is the jitter of the angle over its speed there.
    """
    way = GOES * angle[peak]
    before = np.flatnonzero(angle[: peak + 1] < way)
    if not np.isfinite(way) or way <= 0 or not len(before) or before[-1] + 1 > peak:
        return float("nan"), float("nan")
    a = int(before[-1])
    rise = angle[a + 1] - angle[a]
    step = time_s[a + 1] - time_s[a]
    if not rise > 0:
        return float("nan"), float("nan")
    when = time_s[a] + step * (way - angle[a]) / rise
    return float(when), float(1.96 * np.hypot(jitter * step / rise, step / np.sqrt(12)))


def trend(values: FloatArray) -> tuple[float, float] | None:
    """Return the slope over repetitions and its 95 % half-width; None for fewer than four.

    Least squares, with the interval of Student's t.
    """
    n = len(values)
    if n < 4:
        return None
    x = np.arange(n) - (n - 1) / 2
    slope = float(x @ values / (x @ x))
    rest = values - values.mean() - slope * x
    error = np.sqrt(float(rest @ rest) / (n - 2) / float(x @ x))
    return slope, float(student.ppf(0.975, n - 2) * error)


def share(part: float, rest: float, part_sd: float, rest_sd: float) -> tuple[float, float]:
    """Return a part as a percentage of the whole, and the 95 % half-width from both errors."""
    whole = part + rest
    width = np.hypot(rest * part_sd, part * rest_sd) / whole**2
    return 100 * part / whole, float(196 * width)
