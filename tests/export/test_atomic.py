from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from movecheck.errors import ExportError
from movecheck.export import atomic as module
from movecheck.export.assessment_json import write_assessment
from movecheck.export.atomic import atomic, write_bytes
from movecheck.export.landmarks import write_landmarks
from movecheck.export.tables import write_measures, write_signals


def test_an_older_file_stays_until_the_new_one_is_whole(tmp_path):
    path = tmp_path / "a.txt"
    write_bytes(path, b"old")

    def stop_half_way() -> None:
        with atomic(path) as temp:
            temp.write_bytes(b"half")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        stop_half_way()
    assert path.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [path]
    write_bytes(path, b"new")
    assert path.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EIO])
def test_the_hint_says_what_to_do_and_no_path(tmp_path, monkeypatch, number):
    def refuse(self: Path, data: bytes) -> int:
        raise OSError(number, os.strerror(number), str(self))

    monkeypatch.setattr(Path, "write_bytes", refuse)
    with pytest.raises(ExportError) as caught:
        write_bytes(tmp_path / "a", b"")
    assert str(tmp_path) not in str(caught.value)
    assert errno.errorcode[number] in str(caught.value)
    assert caught.value.hint.endswith(".")
    assert not list(tmp_path.iterdir())


def test_every_writer_reports_a_missing_folder(tmp_path, track, angles, make_assessment):
    path = tmp_path / "none" / "file"
    for write in (
        lambda: write_landmarks(track, path),
        lambda: write_signals(angles, path),
        lambda: write_measures(make_assessment(), path),
        lambda: write_assessment(make_assessment(), path),
    ):
        with pytest.raises(ExportError) as caught:
            write()
        assert "does not exist" in caught.value.hint


def test_a_folder_in_the_way(tmp_path):
    (tmp_path / "a").mkdir()
    with pytest.raises(ExportError):
        write_bytes(tmp_path / "a", b"x")
    assert [p.name for p in tmp_path.iterdir()] == ["a"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write all")
def test_a_folder_that_is_read_only(tmp_path):
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ExportError) as caught:
            write_bytes(tmp_path / "a", b"x")
    finally:
        tmp_path.chmod(0o700)
    assert "may not write" in caught.value.hint


def test_hints_are_sentences():
    assert all(hint.endswith(".") for hint in module._HINTS.values())
