"""How fast movecheck is, as ratios of one run, for ``docs/speed.md``.

::

    python -m validation.speed [--rounds 5] [--seconds 25] [--write]

Times on a busy machine mean little, their ratios more: what is compared runs in turn, round after
round, and the medians of the rounds' ratios are given. The recording is a sample, blown up to
1080p H.264 and repeated.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import av
import numpy as np

from movecheck.analyze import analyze, write
from movecheck.batch.run import plan, run
from movecheck.capture import VideoFile
from movecheck.pose.fake import FakePose
from movecheck.pose.model import ensure
from movecheck.pose.quarantine import quarantined
from movecheck.pose.track import TrackBuilder
from movecheck.settings import Settings
from movecheck.types import Frame

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "squat_side.mp4"
PAGE = ROOT / "docs" / "speed.md"
KEPT_FRAMES = 60
COUNT_EVERY = 15
BETWEEN = """\
What stands between `assess` and the bare loop: two seconds of processor time to start the pose
process (a seventh of what a recording of 8 s takes, little of one of a minute), 8 ms a frame to
decode and scale 1080p, the silhouette's edge, the camera's motion, and the analysis. The networks
themselves use about one processor, so two workers on two busy processors gain little. Each pose
process holds three copies of the networks (picture, mirror image, others in the picture), about
70 MB each; 140 MB of its memory are library code that all processes share. Landmarks are
collected in memory, so a long recording takes 13 MB more a minute.
"""
"""Read off the profile and `process_time` of single stages, sample of 1080p."""


@dataclass(frozen=True)
class Ratio:
    """One line of the page: what, its median, the goal, and the rounds."""

    what: str
    goal: str
    rounds: list[float]

    def row(self) -> str:
        """Return the line in Markdown."""
        spread = f"{min(self.rounds):.2f} to {max(self.rounds):.2f}"
        return f"| {self.what} | {median(self.rounds):.2f} | {spread} | {self.goal} |"


def long_video(path: Path, seconds: float, size: tuple[int, int] = (1080, 1920)) -> int:
    """Write the sample again and again; return the number of frames."""
    n = 0
    with av.open(str(path), "w") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height = size
        stream.pix_fmt, stream.options = "yuv420p", {"preset": "veryfast"}
        while n < 30 * seconds:
            with av.open(str(SAMPLE)) as source:
                for frame in source.decode(video=0):
                    scaled = frame.reformat(*size, "yuv420p").to_ndarray()
                    picture = av.VideoFrame.from_ndarray(scaled, "yuv420p")
                    picture.pts, n = n, n + 1
                    out.mux(stream.encode(picture))
                    if n >= 30 * seconds:
                        break
        out.mux(stream.encode(None))
    return n


def bare(video: Path, model: Path, frames: int) -> None:
    """Feed pictures that are already decoded to the model, and do nothing else. Prints seconds."""
    from movecheck.pose.mediapipe import MediaPipePose

    kept = []
    for frame in VideoFile(video, Settings()):
        kept.append(frame.rgb)
        if len(kept) == KEPT_FRAMES:
            break
    there_and_back = [*kept, *kept[-2:0:-1]]
    with MediaPipePose(model) as pose:
        pose(kept[0], 0.0)
        start, cpu = time.perf_counter(), time.process_time()
        for i in range(1, frames):
            rgb = there_and_back[i % len(there_and_back)]
            person = pose(rgb, i / 30)
            if i % COUNT_EVERY == 0:
                pose.count_people(rgb, person)
        print(time.perf_counter() - start, time.process_time() - cpu)


PARTS = {
    "the two networks, on picture and mirror image": ("detect_for_video",),
    "the networks again, for others in the picture": ("detect",),
    "waiting for a picture (decoded and scaled beside it)": ("ahead", "ahead.py"),
    "silhouette's edge": ("silhouette_edge",),
    "motion of the camera": ("look", "steady.py"),
}
"""Part of the pose process to the function whose time it is, and its file where that is needed."""


def profile(video: Path, model: Path) -> None:
    """Run the pose process under a profiler and print the share of each part as JSON."""
    import cProfile
    import io
    import pstats

    from movecheck.worker import look

    watch = cProfile.Profile()
    watch.runcall(look, video, model, Settings(), io.StringIO())
    stats = pstats.Stats(watch)
    shares = {}
    for part, (function, *file) in PARTS.items():
        for (path, _, name), (_, _, _, cumulative, _) in stats.stats.items():  # type: ignore[attr-defined]
            if name == function and (not file or path.endswith(file[0])):
                shares[part] = cumulative / stats.total_tt  # type: ignore[attr-defined]
    print(json.dumps({**shares, "everything else": 1 - sum(shares.values())}))


def quarantined_run(*given: object) -> str:
    """Run this module in an environment like the worker's; return the last line it prints."""
    command = [sys.executable, "-m", "validation.speed", *map(str, given)]
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, cwd=ROOT, env=quarantined(os.environ)
    )
    return done.stdout.splitlines()[-1]


def bare_s(video: Path, frames: int) -> tuple[float, float]:
    """Return wall and processor seconds of the bare loop, in a process like the worker's."""
    wall, cpu = map(float, quarantined_run("--bare", video, frames).split())
    return wall, cpu


def taken_s(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds of some work, its child processes included."""

    def cpu() -> float:
        both = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in both)

    start, before = time.perf_counter(), cpu()
    work()
    return time.perf_counter() - start, cpu() - before


def rounds(folder: Path, seconds: float, count: int) -> list[Ratio]:
    """Measure everything that is a ratio."""
    video = folder / "one.mp4"
    frames = long_video(video, seconds)
    clips = folder / "clips"
    clips.mkdir()
    for i in range(4):
        (clips / f"{i}.mp4").write_bytes(SAMPLE.read_bytes() + bytes([0, 0, 0, 9]) + b"free%d" % i)
    found: dict[str, list[float]] = {}

    def add(name: str, value: float) -> None:
        found.setdefault(name, []).append(value)
        print(f"{name}: {value:.3f}", flush=True)

    def assess(overlay: bool) -> None:
        write(analyze(video), folder / "plain", video, overlay=overlay)

    def batch(workers: int, out: str) -> None:
        run(plan(clips, folder / out), workers)

    for i in range(count):
        bare_wall, bare_cpu = bare_s(video, frames)
        plain, plain_cpu = taken_s(lambda: assess(False))
        overlaid, _ = taken_s(lambda: assess(True))
        _, again_cpu = taken_s(
            lambda: write(analyze(folder / "plain" / "landmarks.parquet"), folder / "again")
        )
        one, _ = taken_s(lambda i=i: batch(1, f"one{i}"))
        two, _ = taken_s(lambda i=i: batch(2, f"two{i}"))
        add("assess", bare_wall / plain)
        add("assess_cpu", bare_cpu / plain_cpu)
        add("overlay", bare_wall / overlaid)
        add("two_workers", one / two)
        add("again", plain_cpu / again_cpu)
        add("cores", bare_cpu / bare_wall)
    return [
        Ratio("frames a second of `assess` over a bare loop", "0.85", found["assess"]),
        Ratio("the same in processor time", "0.85", found["assess_cpu"]),
        Ratio("the same with `--overlay`", "0.6", found["overlay"]),
        Ratio("batch of 4 short recordings, 2 workers over 1", "1.7", found["two_workers"]),
        Ratio("video over landmarks, processor time", "100", found["again"]),
        Ratio("processors that the bare loop keeps busy", "", found["cores"]),
    ]


def growth(minutes: int) -> float:
    """Return the peak memory in MB of collecting the landmarks of so many minutes, no model."""
    code = f"from validation.speed import collect; collect({minutes})"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return float(done.stdout)


def collect(minutes: int) -> None:
    """Collect made-up landmarks and print the peak memory of this process in MB."""
    from movecheck.pose.base import Landmarks

    rng = np.random.default_rng(0)
    rgb = np.zeros((64, 64, 3), np.uint8)

    def script(time_s: float) -> Landmarks:
        return Landmarks(
            rng.uniform(0, 64, (33, 2)), rng.random(33), rng.random((33, 3)), rng.random((2, 73))
        )

    builder = TrackBuilder(FakePose(script))
    n = minutes * 60 * 30
    for i in range(n):
        builder.add(Frame(i / 30, rgb))
    from movecheck.types import Recording

    builder.track(Recording(n / 30, 30.0, 64, 64, 0, n), 1.0)
    # Not ru_maxrss: that one begins with the peak of the process that started this one.
    status = Path("/proc/self/status").read_text()
    print(int(status.partition("VmHWM:")[2].split()[0]) / 1024)


def worker_peak_mb(video: Path) -> float:
    """Return the peak memory of a pose process on a recording."""
    code = (
        "import resource, sys; from pathlib import Path; from movecheck.process import look; "
        "from movecheck.settings import Settings; look(Path(sys.argv[1]), Settings()); "
        "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, str(video)], capture_output=True, text=True, check=True
    )
    return float(done.stdout)


def page(
    ratios: list[Ratio],
    count: int,
    seconds: float,
    shares: dict[str, float],
    memory: dict[str, float],
) -> str:
    """Return ``docs/speed.md``."""
    lines = [
        "# How fast, and how much memory",
        "",
        f"Made by `python -m validation.speed`: {count} rounds, a recording of {seconds:.0f} s, "
        f"1080p H.264, on {os.cpu_count()} processors that others used as well. Ratios of one run "
        "are given, for seconds depend on the machine.",
        "",
        "| | median | rounds | goal |",
        "|---|---|---|---|",
        *(ratio.row() for ratio in ratios),
        "",
        "| where the pose process spends its time | % |",
        "|---|---|",
        *(f"| {part} | {100 * share:.0f} |" for part, share in shares.items()),
        "",
        "| memory | MB |",
        "|---|---|",
        *(f"| {what} | {value:.0f} |" for what, value in memory.items()),
        "",
        BETWEEN,
    ]
    return "\n".join(lines).rstrip() + "\n"


def main() -> None:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=25)
    parser.add_argument("--write", action="store_true", help="write docs/speed.md")
    parser.add_argument("--bare", nargs=2, metavar=("VIDEO", "FRAMES"), help=argparse.SUPPRESS)
    parser.add_argument("--profile", metavar="VIDEO", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.profile:
        profile(Path(given.profile), ensure(Settings()))
        return
    if given.bare:
        bare(Path(given.bare[0]), ensure(Settings()), int(given.bare[1]))
        return
    with tempfile.TemporaryDirectory(prefix="movecheck-speed-") as name:
        folder = Path(name)
        ratios = rounds(folder, given.seconds, given.rounds)
        shares = json.loads(quarantined_run("--profile", folder / "one.mp4"))
        memory = {
            "pose process, peak, sample of 480 x 854": worker_peak_mb(SAMPLE),
            "pose process, peak, 1080 x 1920": worker_peak_mb(folder / "one.mp4"),
            "collecting landmarks of 1 minute, without the model": growth(1),
            "collecting landmarks of 60 minutes, without the model": growth(60),
        }
    text = page(ratios, given.rounds, given.seconds, shares, memory)
    print(text)
    if given.write:
        PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
