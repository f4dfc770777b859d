"""How fast movecheck is, as ratios of one run, for ``docs/speed.md``.

::

    python -m validation.speed [--rounds 5] [--seconds 60] [--write]

Times on a busy machine mean little, their ratios more: what is compared runs in turn, round after
round, and the medians of the rounds' ratios are given. The recording is a sample, blown up to
1080p H.264 and repeated. With ``--write`` the tables of the page are put in the place of those that
are there; what stands below them is kept.
"""

from __future__ import annotations

import argparse
import io
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import av

from movecheck.analyze import analyze
from movecheck.batch.run import plan, run
from movecheck.capture.spans import PART_S
from movecheck.pose.quarantine import quarantined
from movecheck.results import write
from movecheck.settings import Settings

ROOT = Path(__file__).parents[1]
SAMPLE = ROOT / "samples" / "squat_side.mp4"
PAGE = ROOT / "docs" / "speed.md"
END = "<!-- end of what validation.speed writes -->"
FILES = 8
WHOLE_PX, SMALL_PX = 1920, Settings().pose_long_side_px

GOALS = {
    "one": ("`assess`, one recording, over the bare loop", "0.85"),
    "one_cpu": ("the same in processor time", ""),
    "overlay": ("`assess --overlay` over the bare loop", "0.6"),
    "long": ("`assess`, one long recording in parts, over the bare loop", "1.6"),
    "long_cpu": ("the same in processor time, as if two processors were free", ""),
    "batch": (f"batch of {FILES} recordings, 2 workers, over the bare loop", "1.7"),
    "batch_cpu": ("the same in processor time, as if two processors were free", ""),
    "again": ("video over landmarks, processor time", "100"),
    "cores": ("processors that the bare loop keeps busy", ""),
    "small": (f"the bare loop with pictures of {SMALL_PX} px over that with whole ones", ""),
}
"""What is measured: its line on the page, and the goal. Ratios of frames a second."""


def long_video(path: Path, seconds: float, size: tuple[int, int] = (1080, 1920)) -> int:
    """Write the sample, coded once in another size, again and again; return the number of frames.

    Without pictures that lean on later ones, so that it may end anywhere.
    """
    coded = io.BytesIO()
    with av.open(str(SAMPLE)) as source, av.open(coded, "w", format="mp4") as out:
        stream = out.add_stream("libx264", rate=30)
        stream.width, stream.height = size
        stream.pix_fmt, stream.options = "yuv420p", {"preset": "veryfast", "bf": "0"}
        for n, frame in enumerate(source.decode(video=0)):
            scaled = frame.reformat(*size, "yuv420p").to_ndarray()
            picture = av.VideoFrame.from_ndarray(scaled, "yuv420p")
            picture.pts = n
            out.mux(stream.encode(picture))
        out.mux(stream.encode(None))
    done, frames = 0, round(30 * seconds)
    with av.open(str(path), "w") as out:
        copy = None
        while done < frames:
            coded.seek(0)
            with av.open(coded, "r") as source:
                stream = source.streams.video[0]
                copy = copy or out.add_stream_from_template(stream)
                step = round(1 / 30 / stream.time_base)
                for packet in source.demux(stream):
                    if packet.dts is None or done == frames:
                        continue
                    packet.pts = packet.dts = done * step
                    packet.stream = copy
                    out.mux(packet)
                    done += 1
    return done


def loop(what: str, *given: object) -> dict[str, float]:
    """Run one of `validation.loops` in an environment like that of the pose process."""
    done = subprocess.run(
        [sys.executable, "-m", "validation.loops", what, *map(str, given)],
        capture_output=True, text=True, check=True, cwd=ROOT, env=quarantined(os.environ),
    )  # fmt: skip
    found: dict[str, float] = json.loads(done.stdout.splitlines()[-1])
    return found


def taken_s(work: Callable[[], object]) -> tuple[float, float]:
    """Return wall and processor seconds of some work, its child processes included."""

    def cpu() -> float:
        both = [resource.getrusage(w) for w in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
        return sum(u.ru_utime + u.ru_stime for u in both)

    start, before = time.perf_counter(), cpu()
    work()
    return time.perf_counter() - start, cpu() - before


class Ratios:
    """Measures everything that is a ratio, round after round."""

    def __init__(self, folder: Path, seconds: float) -> None:
        self._folder = folder
        self.short_s, self.long_s = max(seconds / 2, 2.0), max(2 * PART_S, 2 * seconds)
        self._one, self._long = folder / "one.mp4", folder / "long.mp4"
        self._frames = long_video(self._one, seconds)
        self._long_frames = long_video(self._long, self.long_s)
        self._clips = folder / "clips"
        self._clips.mkdir()
        self._clip_frames = FILES * long_video(self._clips / "0.mp4", self.short_s)
        clip = (self._clips / "0.mp4").read_bytes()
        for i in range(1, FILES):
            (self._clips / f"{i}.mp4").write_bytes(clip + bytes([0, 0, 0, 9]) + b"free%d" % i)
        self.found: dict[str, list[float]] = {name: [] for name in GOALS}

    def _bare(self, long_side_px: int) -> dict[str, float]:
        return loop("bare", self._one, self._frames, long_side_px)

    def round(self, k: int) -> None:
        """Measure everything once; the bare loop before and after, as others come and go."""
        plain = self._folder / "plain"
        bare = [self._bare(WHOLE_PX)]
        one = taken_s(lambda: write(analyze(self._one), plain, self._one))
        overlaid = taken_s(lambda: write(analyze(self._one), plain, self._one, overlay=True))
        again = taken_s(  # as a batch does: landmarks that are there are not written again
            lambda: write(
                analyze(plain / "landmarks.parquet"), self._folder / "again", landmarks=False
            )
        )
        bare.append(self._bare(WHOLE_PX))
        long = taken_s(lambda: write(analyze(self._long), plain, self._long))
        batch = taken_s(lambda: run(plan(self._clips, self._folder / f"batch{k}"), 2))
        bare.append(self._bare(WHOLE_PX))
        small = self._bare(SMALL_PX)
        wall_s = [b["wall_s"] / self._frames for b in bare]  # a frame
        cpu_s = sum(b["cpu_s"] for b in bare) / 3 / self._frames
        early, late = (wall_s[0] + wall_s[1]) / 2, (wall_s[1] + wall_s[2]) / 2
        for name, value in {
            "one": early * self._frames / one[0],
            "one_cpu": cpu_s * self._frames / one[1],
            "overlay": early * self._frames / overlaid[0],
            "long": late * self._long_frames / long[0],
            "long_cpu": 2 * cpu_s * self._long_frames / long[1],
            "batch": late * self._clip_frames / batch[0],
            "batch_cpu": 2 * cpu_s * self._clip_frames / batch[1],
            "again": one[1] / again[1],
            "cores": sum(b["cpu_s"] for b in bare) / sum(b["wall_s"] for b in bare),
            "small": bare[-1]["wall_s"] / small["wall_s"],
        }.items():
            self.found[name].append(value)
            print(f"{name}: {value:.3f}", flush=True)


def memory(one: Path, landmarks: Path) -> dict[str, float]:
    """Return peaks in MB."""
    minute, hour = loop("collect", 1), loop("collect", 60)
    return {
        "pose process, sample of 480 x 854": loop("worker", SAMPLE)["peak_mb"],
        "pose process, 1080 x 1920": loop("worker", one)["peak_mb"],
        "pose process without the model, recording of 1 minute": minute["looking_mb"],
        "the same, recording of 60 minutes": hour["looking_mb"],
        "joining the landmarks of 60 minutes": hour["joined_mb"],
        "analysis of a recording of 1 minute": loop("analysis", landmarks, 1)["peak_mb"],
        "analysis of a recording of 60 minutes": loop("analysis", landmarks, 60)["peak_mb"],
    }


def tables(
    ratios: Ratios, count: int, seconds: float, stages: dict[str, float], peaks: dict[str, float]
) -> str:
    """Return the part of ``docs/speed.md`` that is measured."""
    rows = [
        f"| {text} | {median(found):.2f} | {min(found):.2f} to {max(found):.2f} | {goal} |"
        for (text, goal), found in zip(GOALS.values(), ratios.found.values(), strict=True)
    ]
    total = sum(stages.values())
    return "\n".join([
        "# How fast, and how much memory",
        "",
        f"Made by `python -m validation.speed`: {count} rounds, a recording of {seconds:.0f} s, a "
        f"long one of {ratios.long_s:.0f} s and {FILES} of {ratios.short_s:.0f} s, 1080p H.264, on "
        f"{os.cpu_count()} processors, load {os.getloadavg()[2]:.1f}. Ratios of one run are given, "
        "for seconds depend on the machine. The bare loop gives whole pictures that are decoded "
        "already to one landmarker, and does nothing else; the starts of processes count on our "
        f"side. movecheck scales pictures to {SMALL_PX} px first: the last line tells what that "
        "gives the bare loop.",
        "",
        "| | median | rounds | goal |",
        "|---|---|---|---|",
        *rows,
        "",
        "| processor time of the pose process, 1080p | ms a frame | % |",
        "|---|---|---|",
        *(f"| {what} | {ms:.1f} | {100 * ms / total:.0f} |" for what, ms in stages.items()),
        "",
        "| peak memory | MB |",
        "|---|---|",
        *(f"| {what} | {value:.0f} |" for what, value in peaks.items()),
        "",
        END,
    ])  # fmt: skip


def main() -> None:
    """Measure, and print or write the page."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--write", action="store_true", help="put the tables into docs/speed.md")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="movecheck-speed-") as name:
        folder = Path(name)
        ratios = Ratios(folder, given.seconds)
        for k in range(given.rounds):
            ratios.round(k)
        stages = loop("stages", folder / "one.mp4")
        peaks = memory(folder / "one.mp4", folder / "plain" / "landmarks.parquet")
        text = tables(ratios, given.rounds, given.seconds, stages, peaks)
    print(text)
    if given.write:
        below = PAGE.read_text(encoding="utf-8").partition(END)[2]
        PAGE.write_text(text + below, encoding="utf-8")


if __name__ == "__main__":
    main()
