"""A batch ends with the same tables, whatever happens on the way."""

from __future__ import annotations

import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from movecheck.batch import job as job_module
from movecheck.batch import run as run_module
from movecheck.batch.job import Outcome
from movecheck.batch.participants import Entry, Participants
from movecheck.batch.run import Stopped, Summary, plan, run
from movecheck.batch.tables import TABLES
from movecheck.errors import DataError, WorkerFailed
from movecheck.export.landmarks import read_landmarks
from movecheck.settings import Settings

SAMPLES = Path(__file__).parents[2] / "samples"
STUB = Path(__file__).with_name("killed.py")
GOOD, POISONED = 9, 3

pytestmark = pytest.mark.usefixtures("without_fit")


def poison(folder: Path) -> None:
    """Write three files that look like recordings and are none."""
    whole = (SAMPLES / "posture_front.mp4").read_bytes()
    (folder / "cut.mp4").write_bytes(whole[: len(whole) // 8])
    (folder / "empty.mov").write_bytes(b"")
    (folder / "text.webm").write_text("#EXTM3U\nfile:///etc/passwd\n")


@pytest.fixture
def recordings(tmp_path: Path) -> Path:
    """Nine videos and three poisoned files, at two depths."""
    folder = tmp_path / "recordings"
    (folder / "visit 2").mkdir(parents=True)
    for i in range(GOOD):
        place = folder / ("visit 2" if i % 2 else ".")
        shutil.copy(SAMPLES / "posture_front.mp4", place / f"r{i}.mp4")
        with (place / f"r{i}.mp4").open("ab") as file:
            file.write(bytes([0, 0, 0, 9]) + b"free" + bytes([i]))  # the same pictures, other bytes
    poison(folder)
    (folder / "notes.txt").write_text("no recording")
    (folder / ".hidden.mp4").write_bytes(b"")
    return folder


@pytest.fixture
def look(monkeypatch: pytest.MonkeyPatch, saved: Path) -> Counter[str]:
    """Put saved landmarks in the place of the pose model; count the looks at each video."""
    looks: Counter[str] = Counter()
    from movecheck.capture import probe

    def fake(video: Path, settings: Settings, progress: Callable[..., None], **_: Any) -> Any:
        looks[video.name] += 1
        probe(video, settings)
        progress("pose", 0.5)
        return read_landmarks(saved)

    monkeypatch.setattr(job_module, "look", fake)
    return looks


def settings() -> Settings:
    return Settings(model=Path(__file__))


def run_all(folder: Path, out: Path, workers: int = 2, **more: Any) -> Summary:
    return run(plan(folder, out, settings=settings(), **more), workers)


def tables(out: Path) -> dict[str, bytes]:
    names = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]
    return {name: (out / name).read_bytes() for name in [*names, "manifest.json"]}


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_good_ones_are_measured_and_others_are_named(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    done = run_all(recordings, tmp_path / "out")
    assert len(done.outcomes) == GOOD + POISONED
    failures = rows(tmp_path / "out" / "failures.csv")
    assert {f["recording"]: f["error"] for f in failures} == {
        "cut.mp4": "UnreadableVideo",
        "empty.mov": "UnreadableVideo",
        "text.webm": "UnsupportedFormat",
    }
    assert all(f["message"] and f["hint"] for f in failures)
    measured = rows(tmp_path / "out" / "recordings.csv")
    assert [r["recording"] for r in measured] == sorted(r["recording"] for r in measured)
    assert len(measured) == GOOD
    assert {r["movement"] for r in measured} == {"squat"}
    assert {r["reps"] for r in measured} == {"2"}
    one = tmp_path / "out" / "recordings" / "visit 2" / "r1.mp4"
    for name in ("assessment.json", "signals.csv", "measures.csv", "landmarks.parquet"):
        assert (one / name).stat().st_size > 0


def test_csv_and_parquet_say_the_same(recordings: Path, tmp_path: Path, look: Counter[str]):
    run_all(recordings, tmp_path / "out")
    for name in TABLES:
        text = pd.read_csv(tmp_path / "out" / f"{name}.csv")
        typed = pd.read_parquet(tmp_path / "out" / f"{name}.parquet")
        assert list(text.columns) == list(typed.columns)
        assert len(text) == len(typed) > 0
    typed = pd.read_parquet(tmp_path / "out" / "measures.parquet")
    text = pd.read_csv(tmp_path / "out" / "measures.csv")
    pd.testing.assert_series_equal(text["value"], typed["value"])
    one = typed[typed["recording"] == "r0.mp4"]
    assert one["value"].notna().any()
    assert one.loc[one["status"] == "not_measurable", "value"].isna().all()


def test_nothing_is_done_twice(recordings: Path, tmp_path: Path, look: Counter[str]):
    first = run_all(recordings, tmp_path / "out")
    assert set(look.values()) == {1}
    before = tables(tmp_path / "out")
    again = run_all(recordings, tmp_path / "out")
    assert set(look.values()) == {1}
    assert all(outcome.skipped for outcome in again.outcomes.values())
    assert tables(tmp_path / "out") == before
    assert [o.error for o in again.outcomes.values()].count(None) == GOOD
    assert first.outcomes.keys() == again.outcomes.keys()


def test_tables_do_not_depend_on_workers(recordings: Path, tmp_path: Path, look: Counter[str]):
    run_all(recordings, tmp_path / "one", workers=1)
    run_all(recordings, tmp_path / "four", workers=4)
    assert tables(tmp_path / "one") == tables(tmp_path / "four")


def test_a_changed_recording_alone_is_done_again(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    run_all(recordings, tmp_path / "out")
    with (recordings / "r0.mp4").open("ab") as file:
        file.write(bytes([0, 0, 0, 9]) + b"free" + b"x")
    run_all(recordings, tmp_path / "out")
    assert look["r0.mp4"] == 2
    assert sum(look.values()) == GOOD + POISONED + 1


def test_new_ranges_or_movement_need_no_new_look(
    recordings: Path, tmp_path: Path, look: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    run_all(recordings, tmp_path / "out")
    seen = sum(look.values())
    again = run_all(recordings, tmp_path / "out", default=Entry(movement="squat", view="side"))
    assert sum(look.values()) == seen + POISONED  # those may be usable under other settings
    assert not any(o.skipped or o.looked for o in again.outcomes.values() if o.error is None)
    real = job_module.make_recipe
    monkeypatch.setattr(
        run_module, "make_recipe",
        lambda *given: job_module.Recipe(given[0], real(*given).pose, "other ranges"),
    )  # fmt: skip
    again = run_all(recordings, tmp_path / "out", default=Entry(movement="squat", view="side"))
    assert not any(o.looked for o in again.outcomes.values() if o.error is None)


def test_landmarks_of_a_batch_give_the_same_tables(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    run_all(recordings, tmp_path / "out")
    seen = sum(look.values())
    run_all(tmp_path / "out" / "recordings", tmp_path / "again")
    assert sum(look.values()) == seen
    for name in ("measures.csv", "repetitions.csv", "recordings.csv", "measures.parquet"):
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "out" / name).read_bytes()


def test_a_recording_that_becomes_unusable_leaves_no_old_result(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    run_all(recordings, tmp_path / "out")
    (recordings / "r0.mp4").write_bytes(b"")
    done = run_all(recordings, tmp_path / "out")
    assert done.outcomes["r0.mp4"].error == "UnreadableVideo"
    assert [p.name for p in (tmp_path / "out/recordings/r0.mp4").iterdir()] == ["state.json"]


def test_a_pose_process_that_dies_is_tried_again(
    recordings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, saved: Path
):
    looks: Counter[str] = Counter()

    def dies(video: Path, *_: Any, **__: Any) -> Any:
        looks[video.name] += 1
        if video.name == "r0.mp4" or (video.name == "r1.mp4" and looks["r1.mp4"] == 1):
            raise WorkerFailed("the pose process ended with status -9")
        return read_landmarks(saved)

    monkeypatch.setattr(job_module, "look", dies)
    done = run_all(recordings, tmp_path / "out")
    assert done.outcomes["visit 2/r1.mp4"].error is None
    assert done.outcomes["r0.mp4"].error == "WorkerFailed"
    assert looks["r0.mp4"] == looks["r1.mp4"] == 2
    run_all(recordings, tmp_path / "out")
    assert looks["r0.mp4"] == 4  # not remembered: memory may not be short any more


def test_an_error_of_ours_does_not_end_the_batch(
    recordings: Path, tmp_path: Path, look: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    def broken(*_: Any) -> Any:
        raise ZeroDivisionError("of\nours")

    monkeypatch.setattr(job_module, "interpret", broken)
    done = run_all(recordings, tmp_path / "out")
    assert done.outcomes["r0.mp4"] == Outcome(
        "r0.mp4", "Unexpected", "ZeroDivisionError: of ours",
        "This is an error in movecheck. Please report it; the other recordings go on.",
        looked=True,
    )  # fmt: skip
    monkeypatch.undo()
    seen = sum(look.values())
    done = run_all(recordings, tmp_path / "out")
    assert done.outcomes["r0.mp4"].error is None
    assert sum(look.values()) == seen


def test_stopping_ends_the_work_and_leaves_it_resumable(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    undisturbed = tmp_path / "undisturbed"
    run_all(recordings, undisturbed)
    stop = threading.Event()

    def news(job: Any, share: float, outcome: Outcome | None) -> None:
        if outcome is not None and outcome.error is None:
            stop.set()
        if stop.is_set() and outcome is None:
            raise Stopped

    with pytest.raises(Stopped):
        run(plan(recordings, tmp_path / "out", settings=settings()), 2, news)
    assert not (tmp_path / "out" / "measures.csv").exists()
    run_all(recordings, tmp_path / "out")
    assert tables(tmp_path / "out") == tables(undisturbed)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL")
def test_killed_twice_the_tables_are_those_of_an_undisturbed_run(
    recordings: Path, tmp_path: Path, saved: Path
):
    def command(out: str, looks: str, workers: int) -> list[str]:
        here = [str(tmp_path / name) for name in (out, looks)]
        return [sys.executable, str(STUB), str(recordings), *here, str(saved), str(workers)]

    subprocess.run(command("undisturbed", "looks", 1), check=True)
    log = tmp_path / "disturbed-looks"
    for stop_after in (3, 7):
        process = subprocess.Popen(command("out", log.name, 2))
        try:
            while not log.exists() or len(log.read_text().split()) < stop_after:
                assert process.poll() is None
                time.sleep(0.005)
        finally:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
    assert not (tmp_path / "out" / "measures.csv").exists()
    subprocess.run(command("out", log.name, 2), check=True)

    assert tables(tmp_path / "out") == tables(tmp_path / "undisturbed")
    assert len(rows(tmp_path / "out" / "failures.csv")) == POISONED
    looks = Counter(log.read_text().split())
    assert len(looks) == GOOD + POISONED
    assert sum(count - 1 for count in looks.values()) <= 2 * 2  # two in flight, killed twice
    assert not list((tmp_path / "out").rglob("*.part"))


def test_a_file_of_the_table_that_is_not_there_is_a_failure(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    people = Participants({"r0.mp4": Entry(id="A", age=40), "gone.mp4": Entry(id="B")})
    done = run_all(recordings, tmp_path / "out", participants=people)
    assert done.outcomes["gone.mp4"].error == "UnreadableVideo"
    assert {r["id"] for r in rows(tmp_path / "out" / "failures.csv")} == {"", "B"}
    assert {r["age"] for r in rows(tmp_path / "out" / "measures.csv") if r["id"] == "A"} == {"40"}
    assert look["gone.mp4"] == 0


@pytest.mark.parametrize("which", ["same", "nothing", "absent"])
def test_a_folder_that_cannot_be_used_says_so(tmp_path: Path, which: str):
    (tmp_path / "nothing").mkdir()
    folder = tmp_path / ("nothing" if which == "same" else which)
    out = folder if which == "same" else tmp_path / "out"
    with pytest.raises(DataError) as caught:
        plan(folder, out, settings=settings())
    assert caught.value.hint
    assert not (tmp_path / "out").exists()


def test_skipped_frames_are_looked_at_anew_and_named(
    recordings: Path, tmp_path: Path, look: Counter[str]
):
    run_all(recordings, tmp_path / "out")
    seen = sum(look.values())
    fewer = settings().model_copy(update={"every": 2})
    run(plan(recordings, tmp_path / "out", settings=fewer), 2)
    assert sum(look.values()) == 2 * seen
    assert json.loads((tmp_path / "out" / "manifest.json").read_text())["settings"]["every"] == 2


def test_landmarks_are_written_once(
    recordings: Path, tmp_path: Path, look: Counter[str], monkeypatch: pytest.MonkeyPatch
):
    written: Counter[Path] = Counter()
    real = job_module.write_landmarks

    def counted(track: Any, path: Path) -> None:
        written[path] += 1
        real(track, path)

    monkeypatch.setattr(job_module, "write_landmarks", counted)
    monkeypatch.setattr("movecheck.export.landmarks.write_landmarks", counted)
    run_all(recordings, tmp_path / "out")
    assert len(written) == GOOD
    assert set(written.values()) == {1}


def test_spare_workers_go_to_the_parts_of_a_recording(
    recordings: Path, tmp_path: Path, saved: Path, monkeypatch: pytest.MonkeyPatch
):
    given: list[int] = []

    def look(video: Path, *_: Any, workers: int, **__: Any) -> Any:
        given.append(workers)
        return read_landmarks(saved)

    monkeypatch.setattr(job_module, "look", look)
    run_all(recordings, tmp_path / "out", workers=4 * (GOOD + POISONED))
    assert set(given) == {4}
    given.clear()
    run_all(recordings, tmp_path / "few", workers=2)
    assert set(given) == {1}
