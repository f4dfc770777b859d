"""The accuracy report, in Markdown."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from validation.accuracy import MeasureError, SignalError
from validation.calibrate import way
from validation.sweep import factor_of

HEAD = """# How far from the truth

Made by `python -m validation` from drawn people, whose every angle is known: bodies of different
stature, girth and posture, seen from the side, the front and in between, by cameras of different
height, distance and field of view. Degrees; changes are counted from quiet standing. Drawn people
are the easy case: plain rooms, close clothes, no blur.
"""
SIGNALS = (
    "knee_flexion", "hip_flexion", "trunk_inclination", "thigh_inclination", "shank_inclination",
    "spine_flexion", "lumbar_flexion", "pelvis_pitch", "trunk_lateral_lean", "shoulder_tilt",
    "pelvis_tilt",
)  # fmt: skip
METHODS = ("movecheck", "image", "world")


def report(
    signals: Sequence[SignalError],
    measures: Sequence[MeasureError],
    held_out: Sequence[MeasureError],
    others: Sequence[MeasureError],
    lines: Sequence[str],
    steps: str,
) -> str:
    """Return the whole report; `steps` is the part on the body fit's assumptions."""
    drawn = [s for s in signals if s.clip.startswith(("side_", "front_"))]
    hard = [s for s in signals if factor_of(s.clip)]
    rest = [s for s in signals if s not in drawn and s not in hard]
    parts = [HEAD, _by_turn(drawn), _by_factor(drawn, hard), steps]
    if rest:
        parts.append(_by_clip(rest))
    parts += [_measures(measures), _coverage(held_out, others), _recordings(lines)]
    return "\n".join(parts) + "\n"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    return "\n".join([*lines, *("| " + " | ".join(row) + " |" for row in rows)]) + "\n"


def _seen_from(error: SignalError) -> tuple[str, int]:
    """Return the view that a clip is turned out of, and by how many degrees (to the nearest 5)."""
    return error.clip.split("_")[0], round(error.off_deg / 5) * 5


def _by_turn(signals: Sequence[SignalError]) -> str:
    """Mean absolute error of the change over whole clips, by how far the person is turned."""
    places = sorted({_seen_from(s) for s in signals}, key=lambda p: (p[0] != "side", p[1]))
    rows = []
    for signal in SIGNALS:
        for method in METHODS:
            mine = [
                s for s in signals
                if s.signal == signal and s.method == method and s.kind == "change"
            ]  # fmt: skip
            found = [[s.mae for s in mine if _seen_from(s) == place] for place in places]
            if any(found):
                name = method if method == "movecheck" else f"raw {method}"
                cells = [f"{np.mean(f):.1f} ({len(f)})" if f else "" for f in found]
                rows.append([signal, name, *cells])
    head = ["signal", "by", *(f"{view}, {turn}° off" for view, turn in places)]
    text = (
        "\n## By signal and turn\n\nMean absolute error over whole clips, and the number of "
        "signals. Raw image and raw world are what the pose model's landmarks give by themselves, "
        "on the same frames. *Off* is how far the person is turned out of that view.\n\n"
    )
    return text + _table(head, rows)


def _by_factor(usual: Sequence[SignalError], hard: Sequence[SignalError]) -> str:
    """Mean absolute error of the change with one thing at a time made hard."""
    factors = list(dict.fromkeys(str(factor_of(s.clip)) for s in hard))
    groups = [usual, *([s for s in hard if factor_of(s.clip) == f] for f in factors)]
    rows = []
    for signal in SIGNALS:
        found = [
            [s.mae for s in group
             if s.signal == signal and s.method == "movecheck" and s.kind == "change"]
            for group in groups
        ]  # fmt: skip
        rows.append([signal, *(f"{np.mean(f):.1f} ({len(f)})" if f else "" for f in found)])
    text = (
        "\n## When something is hard\n\nThe same mean absolute errors, beside those of all clips "
        "above: person 6 m away (far), camera at 0.4 m and at 1.8 m, strong compression, clothes "
        "of the wall's colour, a third of the light. Four clips each, two of them squats.\n\n"
    )
    return text + _table(["signal", "usual", *(f.replace("_", " ") for f in factors)], rows)


def _by_clip(signals: Sequence[SignalError]) -> str:
    chosen = [s for s in signals if s.method == "movecheck" and s.kind in ("change", "size")]
    rows = [
        [s.clip, f"{s.signal}, size" if s.kind == "size" else s.signal,
         f"{s.mae:.1f}", f"{s.bias:+.1f}", f"{s.rmse:.1f}", f"{s.most:.1f}"]
        for s in chosen
    ]  # fmt: skip
    text = (
        "\n## Recordings of others, never used to fit anything\n\nChange from standing; where the "
        "truth is an angle from the vertical in space, which has no sign, the size of the angle."
        "\n\n"
    )
    return text + _table(["clip", "signal", "MAE", "bias", "RMSE", "largest"], rows)


def _measures(measures: Sequence[MeasureError]) -> str:
    """Bias and limits of agreement of the measures of repetitions (Bland and Altman 1986)."""
    rows = []
    for key in sorted({(m.measure, way(m)) for m in measures}):
        errors = np.array([m.error for m in measures if (m.measure, way(m)) == key])
        if len(errors) < 3:
            continue
        bias, sd = errors.mean(), errors.std(ddof=1)
        rows.append([
            *key, str(len(errors)), f"{bias:+.1f}", f"{np.abs(errors).mean():.1f}",
            f"{np.sqrt((errors**2).mean()):.1f}",
            f"{bias - 1.96 * sd:+.1f} to {bias + 1.96 * sd:+.1f}",
        ])  # fmt: skip
    text = (
        "\n## By measure\n\nRepetition by repetition; *side* and *front* are read in that view, "
        "*fit* comes from the body fit in any other.\n\n"
    )
    head = ["measure", "way", "n", "bias", "MAE", "RMSE", "limits of agreement"]
    return text + _table(head, rows)


def _coverage(held_out: Sequence[MeasureError], others: Sequence[MeasureError]) -> str:
    """How often the printed interval holds the truth."""
    rows = []
    for key in sorted({(m.measure, way(m)) for m in [*held_out, *others]}):
        cells = []
        for group in (held_out, others):
            found = [m.covered for m in group if (m.measure, way(m)) == key]
            cells.append(f"{100 * np.mean(found):.0f} % of {len(found)}" if found else "")
        widths = [m.half_width for m in [*held_out, *others] if (m.measure, way(m)) == key]
        rows.append([*key, f"{np.median(widths):.0f}", *cells])
    total = [
        f"{100 * np.mean([m.covered for m in group]):.1f} % of {len(group)}" if group else ""
        for group in (held_out, others)
    ]
    rows.append(["all", "", "", *total])
    text = (
        "\n## How often the interval holds the truth\n\nThe ± is a 95 % half-width, fitted on the "
        "even-numbered drawn bodies and widened by two fifths for what drawn "
        "people lack. Here it is held against the "
        "odd-numbered ones and against recordings of others.\n\n"
    )
    return text + _table(["measure", "way", "median ±", "drawn, held out", "of others"], rows)


def _recordings(lines: Sequence[str]) -> str:
    head = "| clip | movement | yaw | found | view | yaw found | repetitions |\n|" + "---|" * 7
    return "\n## Recordings\n\n" + "\n".join([head, *lines]) + "\n"
