"""The child process and the private folder."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from movecheck.ui import job, workspace
from movecheck.ui.job import Job, Options
from movecheck.ui.workspace import Workspace, sweep


def finish(one: Job, seconds: float = 20.0) -> str:
    until = time.monotonic() + seconds
    while one.state() == "running":
        assert time.monotonic() < until
        time.sleep(0.02)
    return one.state()


def test_progress_rises_and_ends(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub.setenv("STUB_PAUSE", "0.03")
    one = Job(tmp_path / "x.mp4", tmp_path, Options())
    seen = []
    while one.state() == "running":
        seen.append(one.progress().fraction)
        time.sleep(0.01)
    known = [f for f in seen if f is not None]
    assert known == sorted(known)
    assert one.state() == "done"
    assert one.progress().fraction == 1.0


def test_unknown_fraction_stays_unknown(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    one = Job(tmp_path / "x.mp4", tmp_path, Options())
    finish(one)
    one._latest = {"stage": "pose", "fraction": None}
    assert one.progress().fraction is None
    one._latest = {"stage": "pose", "fraction": 7}
    assert one.progress().fraction == job.STAGES["pose"][1]


def test_error_line_alone_is_enough(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub.setenv("STUB_MODE", "error")
    one = Job(tmp_path / "x.mp4", tmp_path, Options())
    assert finish(one) == "failed"
    assert one.problem() == ("The file cannot be decoded.", "Record it again, *please*.")
    one._problem = None
    assert one.problem()[0] == "The file cannot be decoded. Record it again."


def test_ended_without_a_result_is_a_failure(
    stub: pytest.MonkeyPatch, tmp_path: Path, result_dir: Path
) -> None:
    (tmp_path / "nothing").mkdir()
    stub.setenv("STUB_RESULT", str(tmp_path / "nothing"))
    one = Job(tmp_path / "x.mp4", tmp_path, Options())
    assert finish(one) == "failed"
    assert one.problem() == job.UNEXPECTED


def test_cancel_kills_child_and_grandchild(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    note = tmp_path / "pids.txt"
    code = (
        "import subprocess, sys, os, pathlib\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"pathlib.Path({str(note)!r}).write_text(f'{{os.getpid()}} {{child.pid}}')\n"
        "child.wait()\n"
    )
    stub.setattr(job, "CHILD", (sys.executable, "-c", code))
    one = Job(tmp_path / "x.mp4", tmp_path, Options())
    until = time.monotonic() + 10
    while not (note.is_file() and len(note.read_text().split()) == 2):
        assert time.monotonic() < until
        time.sleep(0.05)
    one.cancel()
    one.cancel()
    assert one.state() == "cancelled"
    for pid in map(int, note.read_text().split()):
        assert not alive(pid)


def alive(pid: int) -> bool:
    """Whether a process runs; one that only waits to be collected does not."""
    stat = Path(f"/proc/{pid}/stat")
    for _ in range(50):
        if not stat.exists() or stat.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.05)
    return True


def test_close_kills_and_deletes(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    stub.setenv("STUB_MODE", "slow")
    space = Workspace()
    space.keep_upload(io.BytesIO(b"abc"), "x")
    space.measure(Options())
    one = space.job
    assert one is not None
    assert space.clip is not None
    assert space.clip.path.read_bytes() == b"abc"
    space.close()
    space.close()
    assert one.state() == "cancelled"
    assert not space.folder.exists()


def test_new_upload_replaces_the_old_one(stub: pytest.MonkeyPatch) -> None:
    space = Workspace()
    space.keep_upload(io.BytesIO(b"one"), "one")
    first = space.clip
    space.keep_upload(io.BytesIO(b"two"), "two")
    assert first is not None
    assert not first.path.exists()
    assert space.clip is not None
    assert space.clip.path.read_bytes() == b"two"


def test_sample_is_never_deleted(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    sample = tmp_path / "squat_side.mp4"
    sample.write_bytes(b"sample")
    space = Workspace()
    space.use_sample(sample, "Squat")
    space.forget()
    space.close()
    assert sample.read_bytes() == b"sample"


@pytest.mark.skipif(os.name != "posix", reason="file locks of this kind are POSIX")
def test_sweep_takes_only_folders_of_dead_servers(stub: pytest.MonkeyPatch, tmp_path: Path) -> None:
    code = (
        "import os, tempfile\n"
        f"tempfile.tempdir = {str(tmp_path)!r}\n"
        "from movecheck.ui.workspace import Workspace\n"
        "print(Workspace().folder, flush=True)\n"
        "os.kill(os.getpid(), 9)\n"
    )
    dead = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=job.child_environment()
    )
    left = Path(dead.stdout.strip())
    assert left.is_dir()
    mine = Workspace()
    sweep()
    assert left.is_dir(), "a young folder must not be swept"
    for folder in (left, mine.folder):
        os.utime(folder / ".lock", (1, 1))
    sweep()
    assert not left.exists()
    assert mine.folder.is_dir()
    mine.close()


def test_options_leave_out_what_was_not_told() -> None:
    assert Options().arguments() == ["--movement", "auto", "--view", "auto", "--overlay"]
    told = Options("squat", "side", 30, "F", 170).arguments()
    assert told[4:] == ["--age", "30", "--sex", "F", "--height", "170", "--overlay"]
    again = Options(corrections=Path("c.json"), recording=Path("r.mp4"), overlay=False)
    assert again.arguments()[4:] == ["--corrections", "c.json", "--video", "r.mp4"]


def test_page_start_loads_nothing_heavy() -> None:
    code = (
        "import sys\n"
        "import streamlit\n"
        "before = set(sys.modules)\n"
        "import movecheck.ui.words, movecheck.ui.workspace, movecheck.ui.samples\n"
        "import movecheck.ui.uploads, movecheck.ui.launch\n"
        "new = set(sys.modules) - before\n"
        "heavy = {'pandas', 'altair', 'numpy', 'scipy', 'cv2', 'mediapipe', 'jinja2', 'av'}\n"
        "print(sorted(heavy & new))\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env=job.child_environment()
    )
    assert run.stdout.strip() == "[]", run.stderr


def test_visitor_who_leaves_and_comes_back(stub: pytest.MonkeyPatch) -> None:
    stub.setattr(workspace, "GRACE_S", 0.2)
    space = Workspace()
    space.leave()
    space.stay()
    time.sleep(0.4)
    assert space.folder.is_dir()
    space.leave()
    until = time.monotonic() + 5
    while space.folder.exists() and time.monotonic() < until:
        time.sleep(0.05)
    assert space.closed
    assert not space.folder.exists()


def test_workspaces_are_apart(stub: pytest.MonkeyPatch) -> None:
    one, two = Workspace(), Workspace()
    assert one.folder != two.folder
    one.keep_upload(io.BytesIO(b"x"), "x")
    assert two.clip is None
    workspace.close_all()
    assert not one.folder.exists()
    assert not two.folder.exists()
