"""Live recording without a browser: framing, goals, counting, the file, the socket, the page."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import av
import cv2
import numpy as np
import pytest
from make_track import SQUAT, Plan, make_track, movement
from make_track import standing as standing_still
from streamlit.testing.v1 import AppTest
from test_page_check import button, opened, texts

from movecheck.capture import ArrayFrames, VideoFile
from movecheck.live import Session, run
from movecheck.movements import load, names
from movecheck.pose.base import Landmarks
from movecheck.pose.fake import FakePose
from movecheck.settings import Settings
from movecheck.types import PoseTrack
from movecheck.ui import live_session, safety, words_live
from movecheck.ui.framing import Advice, advise, turn_deg
from movecheck.ui.live_clip import LiveClip
from movecheck.ui.live_goal import LONGEST_S, goal_of, reached
from movecheck.ui.live_session import Live, same_origin
from movecheck.ui.live_worker import HEAD, LENGTH, LOOK, RECORD, STOP, Inbox, serve

SQUATS = movement(SQUAT, Plan(count=3))


def centred(yaw_deg: float = 90.0, share: float = 0.7, fps: float = 30.0) -> PoseTrack:
    """A person who stands still for 1.2 s in the middle, `share` of the picture high."""
    track = make_track(standing_still(1.2), yaw_deg=yaw_deg, fps=fps)
    size = np.array([track.recording.width_px, track.recording.height_px])
    low, high = np.nanmin(track.xy_px, axis=(0, 1)), np.nanmax(track.xy_px, axis=(0, 1))
    scale = share * size[1] / (high - low)[1]
    return replace(track, xy_px=size / 2 + scale * (track.xy_px - (low + high) / 2))


def moved(track: PoseTrack, x: float = 0.0, y: float = 0.0) -> PoseTrack:
    """The person moved right and down by shares of the picture."""
    size = [track.recording.width_px, track.recording.height_px]
    return replace(track, xy_px=track.xy_px + np.multiply(size, [x, y]))


def test_stands_well() -> None:
    assert advise(centred(), load("squat")) is None
    assert advise(centred(yaw_deg=0.0), load("side_bend")) is None


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda t: replace(t, brightness=np.full_like(t.brightness, 20.0)), "dark"),
        (lambda t: replace(t, xy_px=np.full_like(t.xy_px, np.nan)), "nobody"),
        (lambda t: replace(t, people=np.full_like(t.people, 2.0)), "several"),
        (lambda t: moved(t, y=-0.25), "up"),
        (lambda t: moved(t, y=0.25), "down"),
        (lambda t: moved(t, x=0.6), "middle"),
        (lambda t: centred(share=1.2), "back"),
        (lambda t: moved(centred(share=0.92), y=0.06), "back"),
        (lambda t: centred(share=0.15), "closer"),
    ],
)
def test_what_to_change(change: Callable[[PoseTrack], PoseTrack], told: str) -> None:
    assert advise(change(centred()), load("squat")) == Advice(told)


@pytest.mark.parametrize(
    ("yaw", "view", "turn"),
    [
        (90, "side", 0),
        (-80, "side", -10),
        (40, "side", 50),  # from facing the camera towards the picture's right: the own left
        (-150, "side", 60),
        (30, "front", -30),
        (170, "front", 10),
        (-20, "front", 20),
    ],
)
def test_how_far_to_turn(yaw: float, view: str, turn: float) -> None:
    assert turn_deg(yaw, view) == pytest.approx(turn)


def test_turn_is_told_in_the_persons_own_left_and_right() -> None:
    assert advise(centred(yaw_deg=50.0), load("squat")) == Advice("turn", 40.0, "left")
    assert advise(centred(yaw_deg=-50.0), load("squat")) == Advice("turn", 40.0, "right")
    assert advise(centred(yaw_deg=50.0), load("bridge")) is None, "a lying body is not turned"


def test_every_advice_has_a_text() -> None:
    told = {"dark", "nobody", "several", "up", "down", "middle", "back", "closer"}
    assert told | {"turn_left", "turn_right"} <= set(words_live.BROWSER)


def scripted(track: PoseTrack) -> FakePose:
    """A model that gives a made-up track whatever it sees."""

    def at(time_s: float) -> Landmarks:
        i = int(np.argmin(np.abs(track.time_s - time_s)))
        return Landmarks(
            track.xy_px[i], track.visibility[i], track.world_m[i], np.full((2, 73), np.nan)
        )

    return FakePose(at)


def pictures(time_s: np.ndarray) -> ArrayFrames:
    return ArrayFrames(np.full((len(time_s), 96, 54, 3), 120, np.uint8), time_s, scale=10.0)


def test_session_counts_and_shows_the_angle() -> None:
    track = make_track(SQUATS, fps=20.0)
    session = Session(scripted(track), load("squat"))
    counts, bends = [], []

    def show(_: Any) -> bool:
        counts.append(session.count)
        if session.reading is not None:
            bends.append(session.reading.value)
        return True

    assert run(pictures(track.time_s), session, show) == 3
    assert {0, 1, 2, 3} == set(counts)
    assert counts == sorted(counts), "a repetition that was counted is counted no more"
    assert session.reading is not None
    assert (session.reading.signal, session.reading.unit) == ("knee_flexion", "°")
    assert max(bends) == pytest.approx(SQUAT["knee"], abs=6)
    assert min(bends) == pytest.approx(0.0, abs=6)


def test_long_session_keeps_its_count() -> None:
    track = make_track(SQUATS, fps=20.0)
    middle = (SQUATS.ends_s[1] + SQUATS.starts_s[2]) / 2
    session = Session(scripted(track), load("squat"), keep_s=middle)
    assert run(pictures(track.time_s), session, lambda _: True) >= 2
    assert session.seconds < track.time_s[-1] - middle + 0.5


def test_recording_ends_after_what_the_movement_asks_for() -> None:
    track = make_track(SQUATS, fps=20.0)
    session = Session(scripted(track), load("squat"))
    goal = goal_of(load("squat"))
    ended = None
    for frame in pictures(track.time_s):
        session.see(frame.rgb, frame.time_s)
        session.measure()
        if ended is None and reached(session, goal):
            ended = frame.time_s
    session.start_over()
    assert session.count == 0
    if ended is None:
        assert track.time_s[-1] - SQUATS.ends_s[-1] < 1.5 + 0.6
    else:
        assert ended >= SQUATS.ends_s[-1] + 1.0


@pytest.mark.parametrize("name", names())
def test_every_movement_ends(name: str) -> None:
    goal = goal_of(load(name))
    assert goal.longest_s >= LONGEST_S
    if load(name).kind == "repeats":
        assert goal.count == (6 if load(name).sided else 3)


def test_standing_still_ends() -> None:
    track = make_track(standing_still(9.0), yaw_deg=0.0, fps=20.0)
    session = Session(scripted(track), load("posture"))
    for frame in pictures(track.time_s):
        session.see(frame.rgb, frame.time_s)
        session.measure()
        if reached(session, goal_of(load("posture"))):
            break
    assert 5.0 <= session.seconds < 7.0


def jpeg(grey: int) -> bytes:
    return cv2.imencode(".jpg", np.full((120, 160, 3), grey, np.uint8))[1].tobytes()


def test_clip_keeps_pictures_and_times(tmp_path: Path) -> None:
    times = np.cumsum([100.0, 0.033, 0.041, 0.12, *[0.0337] * 30])
    clip = LiveClip(tmp_path / "clip.mp4")
    for i, time_s in enumerate(times):
        clip.keep(jpeg(40 + 5 * i), float(time_s))
        clip.keep(jpeg(0), float(time_s) - 0.01)  # a time that does not rise is left out
    clip.save()
    clip.close()
    assert clip.pictures == len(times)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]
    with av.open(str(tmp_path / "clip.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.pix_fmt) == ("h264", "yuv420p"), "browsers do not play it"
    with VideoFile(tmp_path / "clip.mp4", Settings()) as video:
        frames = list(video)
        assert video.recording.complete
    assert [f.time_s for f in frames] == pytest.approx(list(times - times[0]), abs=2e-4)
    assert [round(float(f.rgb.mean())) for f in frames] == pytest.approx(
        [40 + 5 * i for i in range(len(times))], abs=3
    )


def test_clip_leaves_out_what_does_not_fit(tmp_path: Path) -> None:
    turned = cv2.imencode(".jpg", np.zeros((160, 121, 3), np.uint8))[1].tobytes()
    clip = LiveClip(tmp_path / "clip.mp4")
    for i, picture in enumerate([jpeg(100), b"no picture", turned, jpeg(200)]):
        clip.keep(picture, 7.0 + i)
    clip.save()
    clip.close()
    with av.open(str(tmp_path / "clip.mp4")) as container:
        frames = list(container.decode(video=0))
    assert [frame.time for frame in frames] == [0.0, 3.0]
    assert {(frame.width, frame.height) for frame in frames} == {(160, 120)}


def test_recording_that_cannot_be_saved_is_said(tmp_path: Path) -> None:
    (tmp_path / "live.mp4").mkdir()  # in the way
    stream = b"".join(message(RECORD, 0.1 * i, jpeg(100)) for i in range(30)) + message(STOP)
    told = answers(stream, tmp_path / "live.mp4", FakePose(lambda t: None))
    assert told[-1] == {"saved": 0, "enough": False, "full": True}


def message(kind: int, time_s: float = 0.0, picture: bytes = b"") -> bytes:
    body = HEAD.pack(kind, time_s) + picture
    return LENGTH.pack(len(body)) + body


def answers(stream: bytes, path: Path, model: FakePose) -> list[dict[str, Any]]:
    out = io.StringIO()
    with Inbox(io.BytesIO(stream), path) as inbox:
        serve(inbox, model, "squat", out)
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_worker_keeps_every_picture_and_never_lags(tmp_path: Path) -> None:
    path = tmp_path / "live.mp4"

    class Slow(FakePose):
        def __call__(self, rgb: Any, time_s: float) -> Landmarks | None:
            time.sleep(0.2)
            return super().__call__(rgb, time_s)

    times = [0.04 * i for i in range(60)]
    stream = b"".join(message(RECORD, t, jpeg(100)) for t in times) + message(STOP)
    told = answers(stream, path, Slow(lambda time_s: None))
    assert told[0] == {"ready_to_look": True}
    assert told[-1] == {"saved": 60, "enough": True}
    looked = [one["t"] for one in told if "t" in one]
    assert len(looked) < 10, "pictures queue up"
    with VideoFile(path, Settings()) as video:
        assert len(list(video)) == 60


def test_worker_looks_without_keeping(tmp_path: Path) -> None:
    told = answers(message(LOOK, 1.0, jpeg(90)), tmp_path / "live.mp4", FakePose(lambda t: None))
    assert told[-1]["t"] == 1.0
    assert told[-1]["xy"] is None
    assert not (tmp_path / "live.mp4").exists()


@pytest.mark.parametrize(
    "stream", [b"", b"\x01\x00", LENGTH.pack(5) + b"short", LENGTH.pack(2**31), message(LOOK)[:-2]]
)
def test_worker_ends_at_a_broken_message(stream: bytes, tmp_path: Path) -> None:
    told = answers(stream, tmp_path / "live.mp4", FakePose(lambda t: None))
    assert told == [{"ready_to_look": True}]


def test_worker_passes_over_what_is_no_picture(tmp_path: Path) -> None:
    stream = message(LOOK, 0.1, b"\xff\xd8 not a jpeg")
    assert len(answers(stream, tmp_path / "x.mp4", FakePose(lambda t: None))) == 1


def talk(live_key: str, sent: list[bytes], origin: str = "http://localhost:1") -> list[Any]:
    """Open the socket as a browser does, send messages, and return what comes back."""
    got: list[Any] = []

    async def browse() -> None:
        waiting = [{"type": "websocket.connect"}]
        waiting += [{"type": "websocket.receive", "bytes": one} for one in sent]
        enough = asyncio.Event()

        async def receive() -> dict[str, Any]:
            if waiting:
                return waiting.pop(0)
            await asyncio.wait_for(enough.wait(), 20)
            return {"type": "websocket.disconnect", "code": 1000}

        async def send(what: dict[str, Any]) -> None:
            got.append(what)
            if sum("text" in one for one in got) >= 1 + len(sent):
                enough.set()

        from starlette.applications import Starlette

        headers = [(b"host", b"localhost:1"), (b"origin", origin.encode())]
        scope = {
            "type": "websocket", "path": f"/live/{live_key}", "headers": headers,
            "query_string": b"", "subprotocols": [], "root_path": "",
        }  # fmt: skip
        await Starlette(routes=live_session.ROUTES)(scope, receive, send)

    asyncio.run(browse())
    return got


@pytest.fixture
def echo(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A stub in place of the pose process: it says how long each message is."""
    (tmp_path / "live_echo.py").write_text(
        "import os, sys\n"
        "assert os.environ['https_proxy'] == 'http://127.0.0.1:9'\n"
        "print('{\"ready_to_look\": true}', flush=True)\n"
        "while head := sys.stdin.buffer.read(4):\n"
        "    body = sys.stdin.buffer.read(int.from_bytes(head, 'little'))\n"
        "    if body == b'record':\n"
        "        open(sys.argv[3], 'w').close()\n"
        "        open(os.path.dirname(sys.argv[3]) + '/.movecheck-0a1b.part', 'w').close()\n"
        '    saved = \'{"saved": 60, "enough": true}\'\n'
        "    print(saved if body == b'stop' else len(body), flush=True)\n"
    )
    (tmp_path / "model.task").write_bytes(b"")
    monkeypatch.setenv("MOVECHECK_MODEL", str(tmp_path / "model.task"))
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    monkeypatch.setattr(live_session, "MODULE", "live_echo")
    return tmp_path


def test_socket_passes_on_both_ways(echo: Path) -> None:
    live = Live("squat", echo / "live.mp4")
    got = talk(live.key, [b"x" * 10, b"y" * 70_000])
    assert got[0]["type"] == "websocket.accept"
    assert [one["text"].strip() for one in got if "text" in one] == [
        '{"ready_to_look": true}', "10", "70000",
    ]  # fmt: skip


def test_recording_that_is_not_ended_goes(echo: Path) -> None:
    live = Live("squat", echo / "live.mp4")
    talk(live.key, [b"record", b"more"])
    assert not live.complete
    assert not live.path.exists(), "a recording stays that nobody stopped"
    assert not list(echo.glob("*.part")), "half a recording stays"
    talk(live.key, [b"record", b"stop"])
    assert live.complete
    assert live.path.exists()


def test_short_recording_is_not_measured(tmp_path: Path) -> None:
    stream = b"".join(message(RECORD, 0.1 * i, jpeg(100)) for i in range(15)) + message(STOP)
    told = answers(stream, tmp_path / "live.mp4", FakePose(lambda t: None))
    assert told[-1] == {"saved": 15, "enough": False}


def test_socket_is_for_this_page_and_this_visitor_alone(echo: Path) -> None:
    live = Live("squat", echo / "live.mp4")
    assert talk("a-key-that-nobody-has", [])[0]["type"] == "websocket.close"
    assert talk(live.key, [], "http://elsewhere.example")[0]["type"] == "websocket.close"
    key = live.key
    del live
    assert talk(key, [])[0]["type"] == "websocket.close", "a visitor who left is still served"
    assert not same_origin(None, "localhost:1")


def record_page() -> AppTest:
    page = button(opened(), safety.CONTINUE).click().run()
    page.switch_page("pages/record.py").run()
    assert not page.exception
    return page


def test_page_shows_the_warning_signs_first(stub: pytest.MonkeyPatch) -> None:
    page = opened().switch_page("pages/record.py").run()
    assert [c.label for c in page.checkbox] == [*safety.TODAY, *safety.ASK]
    assert not page.selectbox or page.selectbox[0].label != words_live.MOVEMENT


def test_page_says_what_to_do_and_when_to_stop(stub: pytest.MonkeyPatch) -> None:
    page = record_page()
    assert words_live.STOP_RULES in [one.value for one in page.warning]
    for name in names():
        chosen = next(s for s in page.selectbox if s.label == words_live.MOVEMENT)
        chosen.set_value(name).run()
        assert not page.exception
        shown = texts(page).replace("\\", "")
        assert load(name).instructions[0] in shown
        assert load(name).safety in shown
        assert f"at {load(name).camera.height} height" in shown


def test_recording_goes_the_road_of_an_upload(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    page = record_page()
    live = page.session_state["live"]
    live.path.write_bytes(b"a recording")
    live.complete = True
    page.session_state["age"] = 30
    page.session_state["live-recorded"] = True
    page.run()
    assert not page.exception
    space = page.session_state["workspace"]
    assert space.clip.path.read_bytes() == b"a recording"
    assert not live.path.exists(), "a second copy stays"
    until = time.monotonic() + 20
    while space.job.state() == "running" and time.monotonic() < until:
        time.sleep(0.1)
    told = json.loads((space.job.result_dir / "arguments.json").read_text())
    assert told[told.index("--movement") + 1] == "squat"
    assert told[told.index("--age") + 1] == "30"
    space.forget()
    assert not space.clip
    assert not list(space.folder.rglob("*.mp4"))


def test_recording_that_did_not_arrive_is_said(stub: pytest.MonkeyPatch) -> None:
    page = record_page()
    page.session_state["live-recorded"] = True
    page.run()
    assert [one.value for one in page.error] == [words_live.BROWSER["ended"]]


def test_server_loads_nothing_heavy() -> None:
    code = (
        "import sys, streamlit\n"
        "before = set(sys.modules)\n"
        "import movecheck.ui.server\n"
        "heavy = {'pandas', 'altair', 'numpy', 'scipy', 'cv2', 'mediapipe', 'av'}\n"
        "print(sorted(heavy & (set(sys.modules) - before)))\n"
    )
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert run.stdout.strip() == "[]", run.stderr
