"""A batch that is killed again and again ends with the tables of an undisturbed one.

::

    python -m validation.interrupted [--recordings 200] [--poisoned 6] [--seconds 1.5] [--ray]

The recordings are cuts of the samples, each with bytes of its own, and the real pose model looks
at them. Killed is the process of the batch, with SIGKILL, after a third and after two thirds of the
recordings. With ``--ray`` the batch also runs on a cluster of a head and two nodes, processes of
their own, of which one is killed midway. Prints what is found; status 1 when anything differs.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import av

from movecheck.batch import job
from movecheck.batch.run import plan, run
from movecheck.batch.tables import TABLES
from movecheck.settings import Settings

ROOT = Path(__file__).parents[1]
SAMPLES = ("squat_side", "squat_front", "hip_hinge_side", "forward_bend_side", "posture_front")


def cut(source: Path, target: Path, seconds: float, mark: int = 0) -> None:
    """Copy the first seconds of a video without coding it anew; `mark` makes its bytes differ."""
    with av.open(str(source)) as video, av.open(str(target), "w") as out:
        stream = video.streams.video[0]
        copy = out.add_stream_from_template(stream)
        for packet in video.demux(stream):
            if packet.dts is None or packet.pts is None:
                continue
            if float(packet.pts * packet.time_base) > seconds:
                continue
            packet.stream = copy
            out.mux(packet)
    with target.open("ab") as file:
        file.write(bytes([0, 0, 0, 12]) + b"free" + mark.to_bytes(4, "big"))


def recordings(folder: Path, good: int, poisoned: int, seconds: float) -> None:
    """Fill a folder."""
    folder.mkdir(parents=True)
    for i in range(good):
        cut(ROOT / "samples" / f"{SAMPLES[i % 5]}.mp4", folder / f"r{i:04d}.mp4", seconds, i)
    whole = (ROOT / "samples" / "squat_side.mp4").read_bytes()
    bad = (b"", whole[:3000], b"#EXTM3U\nother.mp4\n", b"\0" * 5000, b"\x89PNG\r\n\x1a\n" + whole,
           b"RIFF\0\0\0\0WAVE" + b"\0" * 999)  # fmt: skip
    for i in range(poisoned):
        (folder / f"poisoned{i}.mp4").write_bytes(bad[i % len(bad)])


def tables(out: Path) -> dict[str, bytes]:
    """Return every table and the manifest."""
    names = [f"{name}.{kind}" for name in TABLES for kind in ("csv", "parquet")]
    return {name: (out / name).read_bytes() for name in [*names, "manifest.json"]}


def batch(folder: Path, out: Path, log: Path, workers: int) -> None:
    """Run a batch that writes down when it begins and ends to look at each recording."""
    real = job.look

    def look(video: Path, *given: Any, **named: Any) -> Any:
        with log.open("a") as file:
            print("begun", video.name, file=file, flush=True)
        found = real(video, *given, **named)
        with log.open("a") as file:
            print("ended", video.name, file=file, flush=True)
        return found

    job.look = look
    run(plan(folder, out, settings=Settings()), workers)


def killed_twice(folder: Path, base: Path, workers: int, count: int) -> bool:
    """Kill a batch twice, let it end, and compare."""

    def command(out: str) -> list[str]:
        here = [str(base / out), str(base / f"{out}.log"), str(workers)]
        return [sys.executable, "-m", "validation.interrupted", "--batch", str(folder), *here]

    start = time.perf_counter()
    subprocess.run(command("alone"), check=True, cwd=ROOT)
    print(f"undisturbed: {time.perf_counter() - start:.0f} s", flush=True)
    log = base / "killed.log"

    def ended() -> int:
        return log.read_text().count("ended") if log.exists() else 0

    for stop_at in (count // 3, 2 * count // 3):
        process = subprocess.Popen(command("killed"), cwd=ROOT)
        while ended() < stop_at:
            assert process.poll() is None
            time.sleep(0.02)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        print(f"killed after {ended()} recordings", flush=True)
    subprocess.run(command("killed"), check=True, cwd=ROOT)
    told = [line.split() for line in log.read_text().splitlines()]
    begun, done = (
        Counter(name for what, name in told if what == which) for which in ("begun", "ended")
    )
    failures = (base / "killed" / "failures.csv").read_text().count("poisoned")
    same = tables(base / "killed") == tables(base / "alone")
    print(f"results: {len(done)}, named failures: {failures}")
    print(f"looked at to the end twice: {sum(n > 1 for n in done.values())}")
    good = [name for name in begun if not name.startswith("poisoned")]
    print(f"begun twice, as they were being looked at when killed: "
          f"{sum(begun[name] > 1 for name in good)}")  # fmt: skip
    print(f"tables and manifest byte-identical to the undisturbed run: {same}", flush=True)
    return same


def on_a_cluster(folder: Path, base: Path) -> bool:
    """Run the batch on a head and two nodes, kill one of them midway, and compare."""
    os.environ["RAY_USAGE_STATS_ENABLED"] = "0"
    from ray.cluster_utils import Cluster

    from movecheck.batch.cluster import run_on_ray

    done: set[str] = set()
    half = threading.Event()
    batch_ = plan(folder, base / "cluster", settings=Settings())

    def news(one: Any, share: float, outcome: Any) -> None:
        done.add(one.name)
        if len(done) >= len(batch_.jobs) // 2:
            half.set()

    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 0})
    try:
        nodes = [cluster.add_node(num_cpus=1) for _ in range(2)]

        def kill() -> None:
            half.wait()
            cluster.remove_node(nodes[0], allow_graceful=False)
            print(f"node killed after {len(done)} recordings", flush=True)

        threading.Thread(target=kill, daemon=True).start()
        run_on_ray(batch_, cluster.address, news)
    finally:
        cluster.shutdown()
    same = tables(base / "cluster") == tables(base / "alone")
    print(f"Ray, a node killed midway: tables byte-identical: {same}", flush=True)
    return same


def main() -> int:
    """Run it; return the exit status."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--recordings", type=int, default=200)
    parser.add_argument("--poisoned", type=int, default=6)
    parser.add_argument("--seconds", type=float, default=1.5)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--ray", action="store_true")
    parser.add_argument("--batch", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.batch:
        folder, out, log, workers = given.batch
        batch(Path(folder), Path(out), Path(log), int(workers))
        return 0
    with contextlib.ExitStack() as stack:
        base = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="movecheck-kill-")))
        recordings(base / "in", given.recordings - given.poisoned, given.poisoned, given.seconds)
        same = killed_twice(base / "in", base, given.workers, given.recordings)
        if given.ray:
            same &= on_a_cluster(base / "in", base)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
