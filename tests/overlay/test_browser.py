"""A browser really plays the clip."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from movecheck.clip import ClipWriter
from movecheck.ui.live_clip import PRESET

PLAY = """async (source) => {
  const video = document.createElement("video");
  video.muted = true;
  video.src = source;
  document.body.append(video);
  const look = () => ({
    error: video.error && video.error.message,
    width: video.videoWidth, height: video.videoHeight,
    duration: video.duration, time: video.currentTime,
  });
  const wait = (event) => new Promise((done) => {
    if (video.error) return done();
    video.addEventListener(event, done, {once: true});
    video.addEventListener("error", done, {once: true});
    setTimeout(done, 8000);
  });
  const loaded = wait("loadeddata");
  await loaded;
  const canvas = document.createElement("canvas");
  const colour = async (time) => {
    const moved = wait("seeked");
    const shown = new Promise((done) => {
      video.requestVideoFrameCallback(done);  // "seeked" can come before the picture does
      setTimeout(done, 8000);
    });
    video.currentTime = time;
    await moved;
    await shown;
    canvas.width = canvas.height = 1;
    const context = canvas.getContext("2d");
    context.drawImage(video, 0, 0, 1, 1);
    return Array.from(context.getImageData(0, 0, 1, 1).data).slice(0, 3);
  };
  const first = await colour(0.25), second = await colour(1.6);
  const rewound = wait("seeked");
  video.currentTime = 0;
  await rewound;
  await video.play().catch(() => null);
  for (let k = 0; k < 100 && !(video.currentTime > 0.3) && !video.error; k++) {
    await new Promise((done) => setTimeout(done, 100));
  }
  return {...look(), first, second};
}"""


@pytest.fixture
def page(browser: Any) -> Iterator[Any]:
    one = browser.new_page()
    yield one
    one.close()


def play(page, path: Path) -> dict[str, object]:
    source = "data:video/mp4;base64," + base64.b64encode(path.read_bytes()).decode()
    return page.evaluate(PLAY, source)


@pytest.mark.parametrize(("start", "preset"), [(0.0, "veryfast"), (0.2, "veryfast"), (0.0, PRESET)])
def test_a_clip_of_uneven_times_plays_and_is_where_it_says(page, tmp_path, start, preset):
    path = tmp_path / "clip.mp4"
    rng = np.random.default_rng(5)
    times = start + np.concatenate([[0], np.cumsum(rng.uniform(0.01, 0.07, 60))])
    red, blue = np.array([200, 40, 40], np.uint8), np.array([40, 60, 200], np.uint8)
    with ClipWriter(path, 96, 160, preset=preset) as clip:
        for time_s in times:
            colour = red if time_s < 1 else blue
            clip.write(np.broadcast_to(colour, (160, 96, 3)), time_s)
    seen = play(page, path)
    assert seen["error"] is None
    assert (seen["width"], seen["height"]) == (96, 160)
    # A clip that begins later than zero is longer than its header says; Chromium finds out while
    # it reads on.
    assert times[-1] - start - 0.01 <= seen["duration"] <= times[-1] + 0.08
    assert seen["time"] > 0.2
    assert np.abs(np.array(seen["first"]) - red).max() < 16
    assert np.abs(np.array(seen["second"]) - blue).max() < 16
