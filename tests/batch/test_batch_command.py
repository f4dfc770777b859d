"""``movecheck batch`` as it is typed, with the real pose model where marked slow."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import av
import pytest
from typer.testing import CliRunner

from movecheck.batch.tables import TABLES
from movecheck.cli import app
from movecheck.errors import ModelMissing
from movecheck.pose.model import find
from movecheck.settings import Settings

SAMPLES = Path(__file__).parents[2] / "samples"


def tables(out: Path) -> dict[str, bytes]:
    names = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]
    return {name: (out / name).read_bytes() for name in [*names, "manifest.json"]}


@pytest.fixture
def folder(tmp_path: Path, saved: Path, other: Path) -> Path:
    for name, source in (("a", saved), ("b", other)):
        (tmp_path / "in" / name).mkdir(parents=True)
        shutil.copy(source, tmp_path / "in" / name / "landmarks.parquet")
    (tmp_path / "in" / "broken.mp4").write_bytes(b"\0\0\0\x08ftyp")
    (tmp_path / "people.csv").write_text("file;id;note\na;=1+1;x\nb;B;y\n")
    return tmp_path / "in"


def invoke(*given: object):
    return CliRunner().invoke(app, [str(word) for word in given])


@pytest.mark.usefixtures("without_fit")
def test_a_batch_tells_what_it_did(folder: Path, tmp_path: Path):
    model = ("--model", __file__)
    out = tmp_path / "out"
    done = invoke("batch", folder, "--out", out, "--participants", tmp_path / "people.csv", *model)
    assert done.exit_code == 0, done.output
    assert "2 of 3 recordings measured" in done.stdout
    assert "broken.mp4" in done.stderr
    assert "note" in done.stderr  # a column that is not used
    assert "'=1+1" in (out / "measures.csv").read_text()  # no spreadsheet runs it
    assert "Traceback" not in done.output
    assert set(tables(out)) == {path.name for path in out.iterdir() if path.is_file()}


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (("nowhere", "--out", "out"), "no such folder"),
        (("in", "--out", "in"), "among the recordings"),
        (("in", "--out", "out", "--participants", "nothing.csv"), "participants table"),
        (("in", "--out", "out", "--movement", "jump"), "jump"),
        (("in", "--out", "people.csv/x"), "written"),
    ],
)
def test_what_cannot_be_done_is_one_line(
    folder: Path, tmp_path: Path, given: tuple[str, ...], says: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    done = invoke("batch", *given, "--model", __file__)
    assert done.exit_code == 2, done.output
    assert done.stderr.startswith("error: ")
    assert done.stderr.count("\n") == 1
    assert says in done.stderr


@pytest.mark.parametrize("command", ["batch", "export", "compare"])
def test_help_has_an_example(command: str):
    done = invoke(command, "--help")
    assert done.exit_code == 0
    assert f"movecheck {command}" in done.stdout


def _has_model() -> bool:
    try:
        return find(Settings()) is not None
    except ModelMissing:
        return False


def _two_seconds(source: Path, target: Path) -> None:
    """Copy the first two seconds of a video without coding it anew."""
    with av.open(str(source)) as video, av.open(str(target), "w") as out:
        stream = video.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for packet in video.demux(stream):
            if packet.dts is None or packet.pts * packet.time_base > 2:
                continue
            packet.stream = copy
            out.mux(packet)


def _looking_at(folder: Path) -> list[str]:
    """Return the processes that work on a file of the folder."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"movecheck.worker" not in path.read_bytes().split(b"\0"):
                continue
            opened = [link.readlink() for link in (path.parent / "fd").iterdir()]
        except OSError:
            continue
        if any(file.is_relative_to(folder) for file in opened):
            found.append(path.parent.name)
    return found


@pytest.mark.slow
@pytest.mark.timeout(600)
@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
@pytest.mark.skipif(not _has_model(), reason="NO POSE MODEL: run 'movecheck setup'")
def test_killed_midway_with_the_real_model(tmp_path: Path):
    folder = tmp_path / "in"
    folder.mkdir()
    for name in ("squat_side", "squat_front", "hip_hinge_side", "posture_front"):
        _two_seconds(SAMPLES / f"{name}.mp4", folder / f"{name}.mp4")
    (folder / "poisoned.mp4").write_bytes((folder / "squat_side.mp4").read_bytes()[:3000])

    def command(out: str, workers: int) -> list[str]:
        given = ["batch", str(folder), "--out", str(tmp_path / out), "--workers", str(workers)]
        return [sys.executable, "-m", "movecheck", *given]

    subprocess.run(command("alone", 1), check=True, capture_output=True)
    process = subprocess.Popen(command("out", 2), stderr=subprocess.DEVNULL)
    try:
        while not list((tmp_path / "out").rglob("assessment.json")):
            assert process.poll() is None
            time.sleep(0.02)
    finally:
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
    until = time.monotonic() + 30
    while _looking_at(folder) and time.monotonic() < until:
        time.sleep(0.1)
    assert not _looking_at(folder), "a pose process goes on without anybody to report to"
    assert not (tmp_path / "out" / "measures.csv").exists()
    done = subprocess.run(command("out", 2), check=True, capture_output=True, text=True)
    assert "4 of 5 recordings measured" in done.stdout
    assert tables(tmp_path / "out") == tables(tmp_path / "alone")
    one = "recordings/squat_side.mp4/signals.csv"
    assert (tmp_path / "out" / one).read_bytes() == (tmp_path / "alone" / one).read_bytes()
