from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from movecheck.errors import DataError
from movecheck.export.landmarks import read_landmarks, write_landmarks
from movecheck.skeleton import INDEX
from movecheck.types import PoseTrack

from .conftest import make_track


def assert_same(got: PoseTrack, want: PoseTrack) -> None:
    floats = ("time_s", "xy_px", "visibility", "world_m", "edge_px", "people", "brightness",
              "camera_shift_px", "camera_roll_deg")  # fmt: skip
    for name in floats:
        a, b = getattr(got, name), getattr(want, name)
        assert a.dtype == np.float64
        assert np.array_equal(a, b, equal_nan=True), name
    assert got.state.dtype == np.int8
    assert np.array_equal(got.state, want.state)
    assert repr(got.recording) == repr(want.recording)  # repr, because NaN is not NaN
    assert dict(got.model) == dict(want.model)
    assert got.px_per_model_px == want.px_per_model_px


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 40), st.integers(0, 2**32 - 1), st.sampled_from([0.0, 0.3, 1.0]))
def test_round_trip(tmp_path_factory, n, seed, missing):
    path = tmp_path_factory.getbasetemp() / "any.parquet"
    track = make_track(n, seed, missing)
    write_landmarks(track, path)
    assert_same(read_landmarks(path), track)


def test_a_long_track_is_written_in_pieces(tmp_path, monkeypatch):
    monkeypatch.setattr("movecheck.export.landmarks.ROWS_AT_ONCE", 7)
    track = make_track(20, 1, 0.3)
    write_landmarks(track, tmp_path / "a.parquet")
    assert pq.ParquetFile(tmp_path / "a.parquet").num_row_groups == 3
    assert_same(read_landmarks(tmp_path / "a.parquet"), track)


def test_floats_keep_float32_and_time_keeps_float64(track, tmp_path):
    odd = replace(track, xy_px=track.xy_px + 1 / 3, time_s=track.time_s + 1 / 3)
    write_landmarks(odd, tmp_path / "a.parquet")
    again = read_landmarks(tmp_path / "a.parquet")
    assert np.array_equal(again.xy_px, odd.xy_px.astype(np.float32), equal_nan=True)
    assert np.array_equal(again.time_s, odd.time_s)


def test_a_researcher_reads_one_column_a_coordinate(track, tmp_path):
    write_landmarks(track, tmp_path / "a.parquet")
    frame = pq.read_table(tmp_path / "a.parquet").to_pandas()
    assert len(frame) == len(track.time_s)
    column = frame["left_knee_y_px"].to_numpy()
    assert np.array_equal(column, track.xy_px[:, INDEX["left_knee"], 1], equal_nan=True)
    assert frame["right_foot_index_world_z_m"].dtype == np.float32
    assert len(frame["edge_left_px"][0]) == 73


def test_a_file_from_before_the_camera_was_followed_still_reads(track, tmp_path):
    write_landmarks(track, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    head = json.loads(table.schema.metadata[b"movecheck"])
    del head["px_per_model_px"]
    older = table.drop_columns(["camera_shift_x_px", "camera_shift_y_px", "camera_roll_deg"])
    pq.write_table(
        older.replace_schema_metadata({b"movecheck": json.dumps(head).encode()}),
        tmp_path / "older.parquet",
    )
    got = read_landmarks(tmp_path / "older.parquet")
    unknown = replace(
        track, px_per_model_px=1.0, camera_shift_px=np.full_like(track.camera_shift_px, np.nan),
        camera_roll_deg=np.full_like(track.camera_roll_deg, np.nan),
    )  # fmt: skip
    assert_same(got, unknown)


@pytest.mark.parametrize("scale", ["1.5", 0.0, None, True])
def test_a_scale_that_is_none_is_refused(track, tmp_path, scale):
    write_landmarks(track, tmp_path / "a.parquet")
    table = pq.read_table(tmp_path / "a.parquet")
    head = {**json.loads(table.schema.metadata[b"movecheck"]), "px_per_model_px": scale}
    with_it = table.replace_schema_metadata({b"movecheck": json.dumps(head).encode()})
    pq.write_table(with_it, tmp_path / "b.parquet")
    with pytest.raises(DataError):
        read_landmarks(tmp_path / "b.parquet")


def test_the_same_bytes_twice(track, tmp_path):
    for name in ("a", "b"):
        write_landmarks(track, tmp_path / name)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


def test_every_flipped_byte_is_found_or_harmless(track, tmp_path):
    path = tmp_path / "a.parquet"
    write_landmarks(track, path)
    whole = path.read_bytes()
    found = 0
    rng = np.random.default_rng(1)
    places = rng.choice(len(whole), 300, replace=False)
    for place in places:
        damaged = bytearray(whole)
        damaged[place] ^= 1 << rng.integers(8)
        path.write_bytes(damaged)
        try:
            read_landmarks(path)
        except DataError:
            found += 1
    assert found > 50


@pytest.mark.parametrize("share", [0.0, 0.1, 0.5, 0.99])
def test_a_cut_file_is_a_data_error(track, tmp_path, share):
    path = tmp_path / "a.parquet"
    write_landmarks(track, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * share)])
    with pytest.raises(DataError) as caught:
        read_landmarks(path)
    assert "damaged" in caught.value.hint


def rewrite(path, **changes):
    table = pq.read_table(path)
    head = {**json.loads(table.schema.metadata[b"movecheck"]), **changes}
    pq.write_table(table.replace_schema_metadata({b"movecheck": json.dumps(head)}), path)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"version": 2}, "version 1, but got 2"),
        ({"format": "other"}, "not written by movecheck"),
        ({"recording": {}}, "describe its recording"),
        ({"recording": {"fps": "30"}}, "describe its recording"),
        ({"recording": []}, "not written by movecheck"),
        ({"model": {"name": 1}}, "describe its recording"),
    ],
)
def test_wrong_metadata_is_named(track, tmp_path, changes, words):
    path = tmp_path / "a.parquet"
    write_landmarks(track, path)
    rewrite(path, **changes)
    with pytest.raises(DataError, match=words) as caught:
        read_landmarks(path)
    assert caught.value.hint


def change_column(path, name, column):
    table = pq.read_table(path)
    place = table.schema.get_field_index(name)
    pq.write_table(table.set_column(place, table.schema.field(place), column), path)


def test_wrong_content_is_named(track, tmp_path):
    path = tmp_path / "a.parquet"
    n = len(track.time_s)
    write_landmarks(track, path)
    change_column(path, "time_s", pa.array(np.zeros(n)))
    with pytest.raises(DataError, match="strictly rising"):
        read_landmarks(path)
    write_landmarks(track, path)
    change_column(path, "brightness", pa.nulls(n, pa.float32()))
    with pytest.raises(DataError, match="empty cells"):
        read_landmarks(path)
    write_landmarks(replace(track, state=track.state + np.int8(5)), path)
    with pytest.raises(DataError, match="unknown states"):
        read_landmarks(path)


def test_other_files_are_data_errors(track, tmp_path):
    path = tmp_path / "a.parquet"
    pq.write_table(pa.table({"time_s": [1.0]}), path)
    with pytest.raises(DataError, match="not written by movecheck"):
        read_landmarks(path)
    write_landmarks(track, path)
    table = pq.read_table(path)
    pq.write_table(table.drop_columns(["nose_x_px"]), path)
    with pytest.raises(DataError, match="columns"):
        read_landmarks(path)
    with pytest.raises(DataError, match="no landmark file"):
        read_landmarks(tmp_path / "none.parquet")
    with pytest.raises(DataError):
        read_landmarks(tmp_path)
