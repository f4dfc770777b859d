"""A drawing of where the camera stands: the scene from beside it, and from above."""

from __future__ import annotations

from functools import cache
from html import escape
from typing import Any

import streamlit as st

from movecheck.movements import Movement
from movecheck.texts import _
from movecheck.ui import words_live as say

FLOOR, PERSON = 150, 330
LENS = {"hip": 96, "knee": 126}
CSS = """
.place { display: flex; flex-wrap: wrap; gap: 1rem; align-items: end; color: var(--st-text-color); }
svg { height: auto; font-family: var(--st-font); }
"""
JS = """export default function ({ parentElement, data }) {
  parentElement.querySelector('.place').innerHTML = data.html; // our own words and shapes
}"""
LINE = 'fill="none" stroke="currentColor" stroke-width="3" stroke-linecap="round"'
THIN = 'fill="none" stroke="currentColor" stroke-width="1.2" stroke-dasharray="4 4"'
CONE = 'fill="#17696f" fill-opacity="0.16"'
FULL = 'fill="currentColor"'


def place_words(movement: Movement) -> str:
    """Return where the camera stands, in words."""
    near, far = (f"{metres:g}" for metres in movement.camera.distance_m)
    return _(say.PLACE).format(
        near=near,
        far=far,
        height=_(say.HEIGHT_NAMES[movement.camera.height]),
        view=_(say.VIEW_NAMES[movement.best_view]),
    )


def show_place(movement: Movement) -> None:
    """Draw it on the page; `place_words` says the same to people who cannot see it."""
    _component()(data={"html": _drawing(movement)}, key="live-place")


@cache
def _component() -> Any:
    # Streamlit's own ways to show HTML leave drawings out.
    return st.components.v2.component(
        "movecheck.place", html='<div class="place"></div>', css=CSS, js=JS
    )


def _drawing(movement: Movement) -> str:
    near, far = (f"{metres:g}" for metres in movement.camera.distance_m)
    lens = LENS[movement.camera.height]
    scene = [
        f'<path {CONE} d="M62 {lens} L{PERSON + 60} 22 V{FLOOR} Z"/>',
        f'<path {LINE} d="M20 {FLOOR} H430 M48 {FLOOR} L52 {lens + 12} L58 {FLOOR}"/>',
        f'<rect {FULL} x="38" y="{lens - 12}" width="22" height="24" rx="4"/>',
        f'<path {THIN} d="M62 {lens} H{PERSON - 30}"/>',
        f'<path {LINE} d="M62 168 H{PERSON} m-8 -5 l8 5 l-8 5 M70 163 l-8 5 l8 5"/>',
        _text((62 + PERSON) / 2, 190, _(say.METRES).format(near=near, far=far)),
        _text(100, lens - 22, _(say.HEIGHTS[movement.camera.height])),
        BODIES[movement.rest],
    ]
    return _svg(440, 22, scene) + _svg(220, 11, [_from_above(movement.best_view)])


def _svg(width: int, least_rem: int, parts: list[str]) -> str:
    size = f"flex:{width} 1 {least_rem - 4}rem;max-width:{least_rem + 4}rem"
    return (
        f'<svg style="{size}" viewBox="0 0 {width} 200" aria-hidden="true">{"".join(parts)}</svg>'
    )


def _text(x: float, y: float, words: str) -> str:
    look = f'{FULL} font-size="16" text-anchor="middle"'
    return f'<text x="{x:g}" y="{y:g}" {look}>{escape(words)}</text>'


BODIES = {
    "standing": f'<circle {FULL} cx="{PERSON}" cy="42" r="12"/>'
    f'<path {LINE} d="M{PERSON} 56 v44 l-9 50 M{PERSON} 100 l9 50 M{PERSON - 14} 98 l14 -36 '
    'l14 36"/>',
    "sitting": f'<circle {FULL} cx="{PERSON}" cy="58" r="12"/>'
    f'<path {LINE} d="M{PERSON} 72 v40 m-20 38 v-38 h40 v38 M{PERSON - 9} 112 v38 m18 0 v-38"/>',
    "lying": f'<circle {FULL} cx="{PERSON - 44}" cy="132" r="11"/>'
    f'<path {LINE} d="M{PERSON - 30} 138 l85 4 M{PERSON - 22} 138 l10 10"/>',
}


def _from_above(view: str) -> str:
    """Draw head, nose and shoulders from above; the camera looks at them from the left."""
    across, ahead = (0, 0) if view == "side" else (90, -90)
    return (
        f'<path {CONE} d="M22 80 L200 10 V150 Z"/>'
        f'<rect {FULL} x="0" y="68" width="20" height="24" rx="4"/>'
        f'<ellipse {LINE} transform="rotate({across} 130 80)" cx="130" cy="80" rx="38" ry="14"/>'
        f'<circle {FULL} cx="130" cy="80" r="15"/>'
        f'<path {FULL} transform="rotate({ahead} 130 80)" d="M122 68 L130 52 L138 68 Z"/>'
        + _text(110, 190, _(say.VIEWS[view]))
    )
