"""The skeleton, angles and repetitions drawn onto the picture.

`draw` is for one picture, `write_overlay` for a whole recording.
"""

from movecheck.overlay.draw import Label, Panel, draw, text_size
from movecheck.overlay.video import labels_at, panel_at, write_overlay
from movecheck.overlay.words import default_signals, label_for

__all__ = [
    "Label",
    "Panel",
    "default_signals",
    "draw",
    "label_for",
    "labels_at",
    "panel_at",
    "text_size",
    "write_overlay",
]
