"""Charts with a cursor that follows the video, and two videos that play in step.

Streamlit has neither; these are two small components of our own. What they show is made here from
numbers and our own words, never from what a visitor typed.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from html import escape
from typing import Any

import streamlit as st

from movecheck.marks import N_
from movecheck.report.drawing import CurveDrawing
from movecheck.report.html import templates
from movecheck.texts import _
from movecheck.types import Rep

FOLLOW_JS = """
export default function ({ parentElement, data }) {
  const root = parentElement.querySelector('.charts');
  root.innerHTML = data.html;
  const svgs = [...root.querySelectorAll('svg')];
  const lines = svgs.map((svg) => {
    const line = document.createElementNS('http://www.w3.org/2000/svg', 'line');
    line.setAttribute('class', 'cursor');
    line.setAttribute('y1', data.top);
    line.setAttribute('y2', data.bottom);
    svg.append(line);
    return line;
  });
  const video = () => document.querySelector('video');
  let frame;
  const follow = () => {
    const shown = video();
    const part = Math.min(1, (shown?.currentTime ?? 0) / data.duration);
    const x = data.left + part * (data.right - data.left);
    for (const line of lines) {
      line.setAttribute('visibility', shown ? 'visible' : 'hidden');
      line.setAttribute('x1', x);
      line.setAttribute('x2', x);
    }
    frame = requestAnimationFrame(follow);
  };
  follow();
  for (const svg of svgs) {
    svg.onclick = (event) => {
      const box = svg.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width * svg.viewBox.baseVal.width;
      const part = (x - data.left) / (data.right - data.left);
      if (video()) video().currentTime = Math.min(Math.max(part, 0), 1) * data.duration;
    };
  }
  return () => cancelAnimationFrame(frame);
}
"""
FOLLOW_CSS = """
figure { margin: 0 0 .9rem; }
figcaption { font: 600 1rem var(--st-font); color: var(--st-text-color); }
figcaption span { font-weight: 400; margin-left: .7rem; }
svg { width: 100%; height: auto; display: block; cursor: pointer; }
.chart-text, svg text { fill: var(--st-text-color); font-family: var(--st-font); }
.grid { stroke: var(--st-border-color); }
.cursor { stroke: var(--st-text-color); stroke-width: 2; }
"""

STEP_HTML = '<button type="button"></button>'
STEP_CSS = """
button { font: 400 1rem var(--st-font); color: var(--st-text-color); cursor: pointer;
  background: var(--st-background-color); border: 1px solid var(--st-text-color);
  border-radius: var(--st-button-radius); padding: .45rem .9rem; }
button:focus-visible { outline: 3px solid var(--st-primary-color); outline-offset: 2px; }
"""
STEP_JS = """
export default function ({ parentElement, data }) {
  const button = parentElement.querySelector('button');
  button.textContent = data.play;
  let timer;
  const stop = (videos) => {
    clearInterval(timer);
    videos.forEach((video) => video.pause());
    button.textContent = data.play;
  };
  button.onclick = () => {
    const videos = [...document.querySelectorAll('video')].slice(0, 2);
    if (button.textContent === data.stop) { stop(videos); return; }
    videos.forEach((video, i) => {
      video.currentTime = data.starts[i];
      video.playbackRate = data.rates[i];
      video.play();
    });
    button.textContent = data.stop;
    timer = setInterval(() => {
      if (videos.every((video, i) => video.currentTime >= data.ends[i])) stop(videos);
      videos.forEach((video, i) => { if (video.currentTime >= data.ends[i]) video.pause(); });
    }, 50);
  };
  return () => clearInterval(timer);
}
"""
PLAY, STOP = N_("Play a repetition of both, in step"), N_("Stop")


@cache
def _component(name: str, html: str, css: str, js: str) -> Any:
    return st.components.v2.component(name, html=html, css=css, js=js)


def charts_with_cursor(drawn: Sequence[tuple[str, CurveDrawing]], duration_s: float) -> None:
    """Draw angles over time with a line at the time that the page's video shows.

    Parameters
    ----------
    drawn : sequence of (str, CurveDrawing)
        Title of an angle, and its drawing.
    duration_s : float
        Time at the right end of the drawings.
    """
    module: Any = templates().get_template("charts.svg.j2").module
    figures = [
        f"<figure><figcaption>{escape(title)}{_key(drawing)}</figcaption>"
        f"{module.curve(title, drawing)}</figure>"
        for title, drawing in drawn
    ]
    one = drawn[0][1]
    follow = _component(
        "movecheck.follow", '<div class="charts"></div>', module.style(18) + FOLLOW_CSS, FOLLOW_JS
    )
    follow(
        data={
            "html": "".join(figures),
            "left": one.left,
            "right": one.right,
            "top": one.top,
            "bottom": one.bottom,
            "duration": duration_s,
        },
        key="follow",
    )


def _key(drawing: CurveDrawing) -> str:
    return (
        f"<span>● {escape(_('left'))}</span><span>■ {escape(_('right'))}</span>"
        if len(drawing.sides) > 1
        else ""
    )


def play_in_step(first: Sequence[Rep], second: Sequence[Rep]) -> None:
    """Offer to play the middle repetition of both videos in the same time, the slower one's."""
    chosen = [_middle(first), _middle(second)]
    reps = [rep for rep in chosen if rep is not None and rep.end_s > rep.start_s]
    if len(reps) < 2:
        return
    longest = max(rep.end_s - rep.start_s for rep in reps)
    _component("movecheck.step", STEP_HTML, STEP_CSS, STEP_JS)(
        data={
            "starts": [rep.start_s for rep in reps],
            "ends": [rep.end_s for rep in reps],
            "rates": [(rep.end_s - rep.start_s) / longest for rep in reps],
            "play": _(PLAY),
            "stop": _(STOP),
        },
        key="step",
    )


def _middle(reps: Sequence[Rep]) -> Rep | None:
    counted = [rep for rep in reps if rep.excluded_reason is None]
    return counted[len(counted) // 2] if counted else None
