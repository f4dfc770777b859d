"""No packet leaves the machine while a recording is assessed, nor when the pose model closes."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from movecheck.pose.model import find
from movecheck.settings import Settings

SAMPLE = Path(__file__).parents[2] / "samples" / "squat_side.mp4"
SENDS = re.compile(r"\b(connect|sendto|sendmsg|sendmmsg)\(")
FAMILY = re.compile(r"sa_family=(AF_\w+)")
LOOPBACK = re.compile(r'inet_addr\("127\.|inet_pton\(AF_INET6, "(::1|::ffff:127\.[\d.]+)"')
# Both stay inside the machine: sockets of its own file system, and questions to its kernel.
INSIDE = {"AF_UNIX", "AF_LOCAL", "AF_NETLINK"}


def leaving(trace: str) -> list[str]:
    """The lines of a trace in which something is sent, or connected to, elsewhere."""
    out = []
    for line in trace.splitlines():
        family = FAMILY.search(line)
        if not SENDS.search(line) or family is None:
            continue  # without an address it goes where a connect has gone before
        if family[1] not in INSIDE and not LOOPBACK.search(line):
            out.append(line)
    return out


@pytest.mark.parametrize(
    ("line", "leaves"),
    [
        ('7 connect(3, {sa_family=AF_UNIX, sun_path="/run/x"}, 110) = 0', False),
        ('7 connect(3, {sa_family=AF_INET, sin_port=htons(9), sin_addr=inet_addr("127.0.0.1")}, 16)'
         " = -1 ECONNREFUSED", False),
        ('7 connect(3, {sa_family=AF_INET6, sin6_port=htons(9), inet_pton(AF_INET6, "::1", '
         "&sin6_addr)}, 28) = 0", False),
        ("7 sendto(3, [{nlmsg_len=20}], 20, 0, {sa_family=AF_NETLINK, nl_pid=0}, 12) = 20", False),
        ('7 connect(3, {sa_family=AF_INET, sin_port=htons(53), sin_addr=inet_addr("10.0.0.2")}, 16)'
         " = 0", True),
        ('7 connect(3, {sa_family=AF_INET6, sin6_port=htons(443), inet_pton(AF_INET6, "2001:db8::1"'
         ", &sin6_addr)}, 28) = 0", True),
        ('7 sendto(3, "x", 1, 0, {sa_family=AF_INET, sin_port=htons(53), '
         'sin_addr=inet_addr("192.0.2.1")}, 16) = 1', True),
    ],
)  # fmt: skip
def test_the_reader_of_traces(line, leaves):
    assert bool(leaving(line)) == leaves


def works(*command: str) -> bool:
    if shutil.which(command[0]) is None:
        return False
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


@pytest.fixture(scope="module")
def ready() -> None:
    if not SAMPLE.is_file():
        pytest.skip("NO SAMPLE: samples/squat_side.mp4 is not there")
    if find(Settings()) is None:
        pytest.skip("NO POSE MODEL on this computer: run 'movecheck setup', then test again")


def assess(out: Path) -> list[str]:

    return [sys.executable, "-m", "movecheck", "assess", str(SAMPLE), "--out", str(out)]


@pytest.mark.slow
@pytest.mark.usefixtures("ready")
def test_no_packet_leaves_the_machine(tmp_path):
    if not works("strace", "-f", "-o", str(tmp_path / "probe"), "true"):
        pytest.skip("NO STRACE here, or it may not trace: nothing is shown about packets")
    trace = tmp_path / "trace"
    traced = ["strace", "-f", "-qq", "-s", "400", "-e", "trace=network,execve", "-o", str(trace)]
    done = subprocess.run(
        [*traced, *assess(tmp_path / "out")], capture_output=True, text=True, timeout=290,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    text = trace.read_text("utf-8", errors="replace")
    assert "movecheck.worker" in text, "the pose process itself is in the trace"
    assert leaving(text) == []


@pytest.mark.slow
@pytest.mark.usefixtures("ready")
def test_it_works_where_there_is_no_network_at_all(tmp_path):
    for namespace in (["unshare", "-n"], ["unshare", "-r", "-n"]):
        if works(*namespace, "true"):
            break
    else:
        pytest.skip("NO NETWORK NAMESPACE here: nothing is shown about working without a network")
    done = subprocess.run(
        [*namespace, *assess(tmp_path / "out")], capture_output=True, text=True, timeout=290,
        check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-2000:]
    result = json.loads((tmp_path / "out" / "assessment.json").read_text("utf-8"))
    assert result["movement"] == "squat"
