"""The participants table: read as people write it, refused with the row."""

from __future__ import annotations

from pathlib import Path

import pytest

from movecheck.batch.participants import Entry, read_participants
from movecheck.errors import DataError


def read(tmp_path: Path, text: str | bytes, **defaults: str):
    path = tmp_path / "people.csv"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_participants(path, defaults)


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_commas_semicolons_tabs_and_a_byte_order_mark(tmp_path: Path, mark: str):
    lines = ["File,ID,age,sex,height_cm,view", "a.mp4,P1,45,f,170,side", ",,,,,", "b.mp4,P2,,,,"]
    text = "\r\n".join(lines).replace(",", mark)
    table = read(tmp_path, b"\xef\xbb\xbf" + text.encode(), movement="squat")
    assert table.rows == {
        "a.mp4": Entry(
            row=2, id="P1", age=45, sex="F", height_cm=170, view="side", movement="squat"
        ),
        "b.mp4": Entry(row=4, id="P2", movement="squat"),
    }
    assert table.rows["a.mp4"].person.age == 45


def test_columns_that_are_not_known_are_told(tmp_path: Path):
    assert read(tmp_path, "file,heigth_cm\na.mp4,170\n").unknown_columns == ("heigth_cm",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no rows"),
        ("id,age\nP1,4\n", "column 'file'"),
        ("file,age\na.mp4,old\n", "row 2 .*'age'"),
        ("file,age\na.mp4,40\nb.mp4,200\n", "row 3 .*'age'"),
        ("file,sex\na.mp4,x\n", "row 2 .*'sex'"),
        ("file,view\na.mp4,back\n", "row 2 .*'view'"),
        ("file,movement\na.mp4,jump\n", "row 2 .*'jump'"),
        ("file\n../a.mp4\n", "row 2 "),
        ("file\n/etc/a.mp4\n", "row 2 "),
        ("file\nC:\\a.mp4\n", "row 2 "),
        ("file,age\n,40\n", "row 2 "),
        ("file\na.mp4\na.mp4\n", "rows 2 and 3 "),
        (b"file\n\xff\xfe.mp4\n", "cannot be read"),
        ('file\n"a.mp4\n', "not CSV"),
    ],
)
def test_what_cannot_be_used_is_refused_with_its_row(tmp_path: Path, text: str, says: str):
    with pytest.raises(DataError, match=says) as caught:
        read(tmp_path, text)
    assert caught.value.hint
    assert "\n" not in str(caught.value)


def test_a_bare_name_stands_for_a_file_in_any_folder(tmp_path: Path):
    table = read(tmp_path, "file,id\nsquat.mp4,A\nv1/bend.mp4,B\nv1\\hinge.mp4,C\ngone.mp4,D\n")
    found, missing = table.match(["v1/squat.mp4", "v1/bend.mp4", "v2/bend.mp4", "v1/hinge.mp4"])
    assert {name: e.id for name, e in found.items()} == {
        "v1/squat.mp4": "A", "v1/bend.mp4": "B", "v1/hinge.mp4": "C",
    }  # fmt: skip
    assert missing == ["gone.mp4"]


@pytest.mark.parametrize("text", ["file\nsquat.mp4\n", "file\nv1/squat.mp4\n./v1/squat.mp4\n"])
def test_a_name_that_is_not_one_recording_is_refused(tmp_path: Path, text: str):
    with pytest.raises(DataError, match="row"):
        read(tmp_path, text).match(["v1/squat.mp4", "v2/squat.mp4"])
