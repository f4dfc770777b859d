"""The Bland-Altman plot: difference over mean, with bias and limits of agreement."""

from __future__ import annotations

import io
import math
from collections.abc import Sequence
from typing import NamedTuple

from movecheck.types import FloatArray

COLUMNS = 3  # of panels (our own choice)


class Panel(NamedTuple):
    """One quantity: title, unit, both series, bias and limits."""

    title: str
    unit: str
    first: FloatArray
    second: FloatArray
    bias: float
    low: float
    high: float


def draw(panels: Sequence[Panel]) -> bytes:
    """Return an SVG with one panel a quantity; the same bytes each time."""
    import matplotlib
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    rows = math.ceil(len(panels) / COLUMNS)
    with matplotlib.rc_context({"svg.hashsalt": "movecheck", "svg.fonttype": "none"}):
        figure = Figure(figsize=(4.2 * COLUMNS, 3.4 * rows), layout="constrained")
        FigureCanvasSVG(figure)
        for i, panel in enumerate(panels, start=1):
            axes = figure.add_subplot(rows, COLUMNS, i)
            difference = panel.second - panel.first
            # Thousands of samples of a curve become a picture inside the SVG, not as many shapes.
            axes.scatter(
                (panel.first + panel.second) / 2, difference, s=9, alpha=0.5, color="#1f4e79",
                rasterized=len(difference) > 500,
            )  # fmt: skip
            axes.axhline(0, color="0.8", linewidth=0.8, zorder=0)
            for level, style in ((panel.bias, "-"), (panel.low, "--"), (panel.high, "--")):
                if math.isfinite(level):
                    axes.axhline(level, color="#b03a2e", linestyle=style, linewidth=1)
                    axes.annotate(
                        f"{level:.1f}", (1, level), xycoords=("axes fraction", "data"),
                        ha="right", va="bottom", fontsize=8, color="#b03a2e",
                    )  # fmt: skip
            axes.set_title(panel.title, fontsize=9)
            axes.set_xlabel(f"mean of both ({panel.unit})", fontsize=8)
            axes.set_ylabel(f"second minus first ({panel.unit})", fontsize=8)
            axes.tick_params(labelsize=7)
        out = io.BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None}, dpi=120)
    return out.getvalue()
