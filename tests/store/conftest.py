"""A result folder, and a PostgreSQL of this test's own from the system's package."""

from __future__ import annotations

import getpass
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "app"))
import made_up_result


@pytest.fixture(scope="session")
def result_dir(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A complete result folder; do not write into it."""
    return made_up_result.make(tmp_path_factory.mktemp("kept") / "result")


def _programs() -> Path | None:
    folders = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda p: int(p.parent.name))
    on_path = shutil.which("initdb")
    found = folders[-1] if folders else Path(on_path).parent if on_path else None
    return found if found and (found / "initdb").is_file() else None


@pytest.fixture(scope="session")
def postgres() -> Iterator[str]:
    """The address of a PostgreSQL that listens on a socket in a folder of its own, nowhere else."""
    pytest.importorskip("psycopg", reason="POSTGRESQL TESTS NOT RUN: no psycopg")
    programs = _programs()
    if programs is None:
        pytest.skip("POSTGRESQL TESTS NOT RUN: no PostgreSQL on this machine")
    # PostgreSQL refuses to run as root; Debian's package brings a user of its own.
    user = "postgres" if os.name == "posix" and os.geteuid() == 0 else getpass.getuser()
    other = user if user != getpass.getuser() else None
    place = Path(tempfile.mkdtemp(prefix="movecheck-pg-"))
    if other:
        shutil.chown(place, other)

    def run(*command: str) -> None:
        subprocess.run(command, check=True, user=other, cwd=place, stdout=subprocess.DEVNULL)

    control = [str(programs / "pg_ctl"), "-D", str(place / "db"), "-s", "-w"]
    run(str(programs / "initdb"), "-D", str(place / "db"), "-A", "trust", "-N", "-E", "UTF8",
        "-U", "movecheck")  # fmt: skip
    options = f"-c listen_addresses='' -c unix_socket_directories={place} -c fsync=off"
    try:
        run(*control, "-l", str(place / "log"), "-o", options, "start")
        yield f"postgresql+psycopg://movecheck@/{{name}}?host={place}"
        run(*control, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def fresh_postgres(postgres: str) -> Iterator[str]:
    """The address of an empty database."""
    from sqlalchemy import create_engine, text

    admin = create_engine(postgres.format(name="postgres"), isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text("CREATE DATABASE one"))
    yield postgres.format(name="one")
    with admin.connect() as connection:
        connection.execute(text("DROP DATABASE one WITH (FORCE)"))
    admin.dispose()
