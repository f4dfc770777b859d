"""Raw landmarks as a Parquet file, so that everything after pose runs again without the video.

One row a frame and one column a coordinate (``left_knee_x_px``), because that is what pandas, R,
Polars and DuckDB open without a word about nesting. The silhouette's edge and the states are
fixed-size lists: nobody reads station 37 alone. Floats are float32 (a ten-thousandth of a pixel),
the time is float64. NaN is stored as NaN. Each page carries a checksum.
"""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from pydantic import Field, TypeAdapter, ValidationError

from movecheck.errors import DataError
from movecheck.export.atomic import atomic
from movecheck.skeleton import LANDMARKS
from movecheck.types import EDGE_STATIONS, PoseTrack, Recording, State

_CAMERA = ("camera_shift_x_px", "camera_shift_y_px", "camera_roll_deg")  # not in older files
FORMAT = "movecheck-landmarks"
VERSION = 1
MAX_ROWS = 2_000_000
ROWS_AT_ONCE = 2**15  # a group of rows: 18 minutes of 30 frames a second (our own choice)

_KEY = b"movecheck"
_XY = ("x_px", "y_px")
_WORLD = ("world_x_m", "world_y_m", "world_z_m")
_EDGES = ("edge_left_px", "edge_right_px")
_Scale = Annotated[float, Field(ge=1.0, allow_inf_nan=False)]
_DAMAGED = "The file is damaged. Copy it again, or run movecheck on the video again."


def _schema() -> pa.Schema:
    edge = pa.list_(pa.float32(), len(EDGE_STATIONS))
    per_landmark = [
        (f"{name}_{part}", pa.float32())
        for name in LANDMARKS
        for part in (*_XY, "visibility", *_WORLD)
    ]
    return pa.schema(
        [
            ("time_s", pa.float64()),
            ("people", pa.float32()),
            ("brightness", pa.float32()),
            *per_landmark,
            *((name, edge) for name in _EDGES),
            ("state", pa.list_(pa.int8(), len(LANDMARKS))),
            *((name, pa.float32()) for name in _CAMERA),
        ]
    )


def _older_schema() -> pa.Schema:
    """Return the columns of files that say nothing of the camera's motion."""
    return pa.schema([f for f in _schema() if f.name not in _CAMERA])


def write_landmarks(track: PoseTrack, path: Path) -> None:
    """Write ``landmarks.parquet``.

    Parameters
    ----------
    track : PoseTrack
        The landmarks as the model gave them.
    path : Path
        The file; one that is there is replaced.

    Raises
    ------
    ExportError
        When it cannot be written.
    """
    schema = _schema().with_metadata({_KEY: _metadata(track)})
    with (
        atomic(Path(path)) as temp,
        pq.ParquetWriter(
            temp,
            schema,
            compression="zstd",
            use_dictionary=False,
            use_byte_stream_split=[f.name for f in schema if pa.types.is_floating(f.type)],
            write_page_checksum=True,
        ) as file,
    ):
        for start in range(0, max(len(track.time_s), 1), ROWS_AT_ONCE):
            file.write_table(_table(track, slice(start, start + ROWS_AT_ONCE), schema))


def _table(track: PoseTrack, now: slice, schema: pa.Schema) -> pa.Table:
    """Return some frames as a table."""
    columns: dict[str, Any] = {
        "time_s": track.time_s, "people": track.people, "brightness": track.brightness,
    }  # fmt: skip
    for i, name in enumerate(LANDMARKS):
        for axis, part in enumerate(_XY):
            columns[f"{name}_{part}"] = track.xy_px[:, i, axis]
        columns[f"{name}_visibility"] = track.visibility[:, i]
        for axis, part in enumerate(_WORLD):
            columns[f"{name}_{part}"] = track.world_m[:, i, axis]
    camera = np.column_stack([track.camera_shift_px, track.camera_roll_deg])
    columns.update(zip(_CAMERA, camera.T, strict=True))
    lists = dict(zip(_EDGES, np.moveaxis(track.edge_px, 1, 0), strict=True))
    lists["state"] = track.state
    arrays = [
        _list_array(lists[f.name][now], f.type.value_type.to_pandas_dtype())
        if f.name in lists
        else pa.array(np.asarray(columns[f.name][now], f.type.to_pandas_dtype()), f.type)
        for f in schema
    ]
    return pa.table(arrays, schema=schema)


def read_landmarks(path: Path) -> PoseTrack:
    """Read ``landmarks.parquet``.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    PoseTrack
        The landmarks as they were written.

    Raises
    ------
    DataError
        When the file is not there, is damaged, is not ours, or is of a version not known here.
    """
    try:
        with pq.ParquetFile(path, page_checksum_verification=True) as file:
            recording, model, scale = _read_metadata(file.schema_arrow.metadata)
            known = (_schema(), _older_schema())
            if not any(file.schema_arrow.equals(s, check_metadata=False) for s in known):
                raise DataError("The landmark file has not the columns that it should have.")
            if file.metadata.num_rows > MAX_ROWS:
                raise DataError(f"The landmark file has more than {MAX_ROWS} rows.")
            table = file.read(use_threads=False).combine_chunks()
            table.validate(full=True)
    except FileNotFoundError as error:
        raise DataError(
            "There is no landmark file of that name.", "Check the name of the file."
        ) from error
    except (pa.ArrowException, OSError, ValueError, MemoryError) as error:
        raise DataError("The landmark file is not Parquet, or it is damaged.", _DAMAGED) from error
    track = _track(table, recording, model, scale)
    del table
    pa.default_memory_pool().release_unused()  # else the page grows with what was read once
    return track


def _track(table: pa.Table, recording: Recording, model: dict[str, str], scale: float) -> PoseTrack:
    if any(column.null_count for column in table.columns):
        raise DataError("The landmark file has empty cells.", _DAMAGED)

    def parts(names: tuple[str, ...]) -> NDArray[np.float64]:
        per_landmark = [[_column(table, f"{n}_{part}") for part in names] for n in LANDMARKS]
        return np.ascontiguousarray(np.array(per_landmark).transpose(2, 0, 1))

    state = _list_column(table, "state").astype(np.int8)
    if not np.isin(state, [int(s) for s in State]).all():
        raise DataError("The landmark file has unknown states.", _DAMAGED)
    camera = (
        np.column_stack([_column(table, name) for name in _CAMERA])
        if _CAMERA[0] in table.column_names
        else np.full((table.num_rows, len(_CAMERA)), math.nan)
    )
    try:
        return PoseTrack(
            time_s=_column(table, "time_s"),
            xy_px=parts(_XY),
            visibility=parts(("visibility",))[..., 0],
            world_m=parts(_WORLD),
            edge_px=np.stack([_list_column(table, n) for n in _EDGES], 1).astype(np.float64),
            people=_column(table, "people"),
            brightness=_column(table, "brightness"),
            state=state,
            recording=recording,
            model=model,
            px_per_model_px=scale,
            camera_shift_px=camera[:, :2],
            camera_roll_deg=camera[:, 2],
        )
    except ValueError as error:
        raise DataError(f"The landmark file does not hold together: {error}", _DAMAGED) from error


def _column(table: pa.Table, name: str) -> NDArray[np.float64]:
    values: NDArray[np.float64] = table[name].to_numpy().astype(np.float64)
    return values


def _list_array(values: NDArray[Any], dtype: type[np.generic]) -> pa.FixedSizeListArray:
    flat = np.ascontiguousarray(values, dtype).reshape(-1)
    return pa.FixedSizeListArray.from_arrays(pa.array(flat), values.shape[1])


def _list_column(table: pa.Table, name: str) -> NDArray[Any]:
    width = table.schema.field(name).type.list_size
    chunks = [chunk.flatten().to_numpy().reshape(-1, width) for chunk in table[name].chunks]
    joined: NDArray[Any] = np.concatenate(chunks) if chunks else np.empty((0, width))
    return joined


def _metadata(track: PoseTrack) -> bytes:
    recording = {name: getattr(track.recording, name) for name in Recording.__dataclass_fields__}
    for name, value in recording.items():
        if isinstance(value, float) and not math.isfinite(value):
            recording[name] = None
    head = {
        "format": FORMAT, "version": VERSION, "recording": recording, "model": dict(track.model),
        "px_per_model_px": track.px_per_model_px,
    }  # fmt: skip
    return json.dumps(head, sort_keys=True, allow_nan=False).encode()


def _read_metadata(metadata: dict[bytes, bytes] | None) -> tuple[Recording, dict[str, str], float]:
    try:
        head = json.loads((metadata or {})[_KEY])
        if head["format"] != FORMAT:
            raise KeyError("format")
        version = head["version"]
        recording = {k: math.nan if v is None else v for k, v in head["recording"].items()}
    except (KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
        raise DataError("The Parquet file was not written by movecheck.") from error
    if version != VERSION:
        raise DataError(
            f"Expected landmarks of format version {VERSION}, but got {str(version)[:20]}.",
            "This file was written by another version of movecheck. Update movecheck, "
            "or run it on the video again.",
        )
    try:
        return (
            TypeAdapter(Recording).validate_json(json.dumps(recording), strict=True),
            TypeAdapter(dict[str, str]).validate_python(head.get("model", {}), strict=True),
            TypeAdapter(_Scale).validate_python(head.get("px_per_model_px", 1.0), strict=True),
        )
    except ValidationError as error:
        raise DataError("The landmark file does not describe its recording.", _DAMAGED) from error


def is_landmarks(schema: pa.Schema) -> bool:
    """Tell whether a Parquet file says that movecheck wrote landmarks into it."""
    head = (schema.metadata or {}).get(_KEY, b"")
    return f'"format": "{FORMAT}"'.encode() in head
