"""Files in other formats, each read back by the library that its users use."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from movecheck.convert import FORMATS, convert
from movecheck.errors import DataError, ExportError
from movecheck.export.assessment_json import to_dict, write_assessment
from movecheck.export.c3d import write_c3d
from movecheck.export.fhir import observations
from movecheck.export.landmarks import write_landmarks
from movecheck.export.markers import markers
from movecheck.export.mot import read_mot, write_mot
from movecheck.export.netcdf import write_netcdf
from movecheck.export.schema import assessment_schema
from movecheck.export.tables import write_signals
from movecheck.export.trc import write_trc
from movecheck.skeleton import LANDMARKS
from movecheck.types import AngleTrack, PoseTrack, State

from .conftest import make_track

N, RATE = 40, 25.0


OPENSIM = """
import json, sys
import opensim
opensim.Logger.setLevelString("off")
path = sys.argv[1]
if path.endswith(".trc"):
    vectors = opensim.TimeSeriesTableVec3(path)
    table = vectors.flatten(opensim.StdVectorString(["_x", "_y", "_z"]))
    meta = {key: vectors.getTableMetaDataString(key) for key in ("Units", "DataRate")}
    names = vectors.getColumnLabels()
else:
    table = opensim.TimeSeriesTable(path)
    meta = {"inDegrees": table.getTableMetaDataString("inDegrees")}
    names = table.getColumnLabels()
    meta["rows_of_the_older_loader"] = opensim.Storage(path).getSize()
found = table.getMatrix().to_numpy().tolist()
print(json.dumps([meta, list(names), list(table.getIndependentColumn()), found]))
"""


def read_by_opensim(path: Path) -> tuple[dict[str, object], list[str], np.ndarray, np.ndarray]:
    """Read a file with OpenSim itself, in a process of its own: it does not bear ezc3d beside it.

    It is 70 MB, so not everybody has it.
    """
    if importlib.util.find_spec("opensim") is None:
        pytest.skip("NOT READ BY OPENSIM: pip install opensim")
    done = subprocess.run(
        [sys.executable, "-c", OPENSIM, str(path)], capture_output=True, text=True, check=True
    )
    meta, names, time_s, values = json.loads(done.stdout.splitlines()[-1])
    return meta, names, np.array(time_s), np.array(values)


@pytest.fixture
def steady() -> PoseTrack:
    """A track at 25 frames a second in which some landmarks are missing now and then."""
    return replace(make_track(N), time_s=np.arange(N) / RATE)


@pytest.fixture
def angles() -> AngleTrack:
    time_s = np.arange(N) / RATE
    values = {
        "knee_flexion_left_deg": 40 * np.sin(time_s) ** 2,
        "trunk_inclination_deg": np.where(time_s > 1, np.nan, -10 * time_s),
        "spine_flexion_deg": np.full(N, np.nan),
        "hip_height_ratio": 1 - time_s / 10,
    }
    state = {
        n: np.where(np.isfinite(v), State.MEASURED, State.MISSING).astype(np.int8)
        for n, v in values.items()
    }
    return AngleTrack(time_s, values, state)


def y_up(track: PoseTrack) -> np.ndarray:
    return track.world_m * [1, -1, -1]


def test_markers_keep_every_value_of_a_steady_recording(steady: PoseTrack):
    found = markers(steady)
    assert found.rate_hz == pytest.approx(RATE)
    np.testing.assert_allclose(found.xyz_m, y_up(steady), atol=1e-9)


def test_markers_bridge_no_gap():
    """A frame that was not recorded is missing in between, not invented."""
    whole = replace(make_track(N, missing=0.0), time_s=np.arange(N) / RATE)
    kept = np.r_[0:10, 13:N]
    cut = replace(
        whole,
        **{
            name: getattr(whole, name)[kept]
            for name in (
                "time_s", "xy_px", "visibility", "world_m", "edge_px", "people", "brightness",
                "state", "camera_shift_px", "camera_roll_deg",
            )
        },
    )  # fmt: skip
    found = markers(cut)
    assert len(found.time_s) == N
    assert np.isnan(found.xyz_m[10:13]).all()
    np.testing.assert_allclose(found.xyz_m[kept], y_up(whole)[kept], atol=1e-9)


def test_markers_of_uneven_times_lie_on_an_even_grid():
    time_s = np.arange(N) / RATE + np.random.default_rng(1).uniform(-0.004, 0.004, N)
    track = replace(make_track(N, missing=0.0), time_s=time_s - time_s[0])
    line = np.broadcast_to(track.time_s[:, None, None], track.world_m.shape)
    found = markers(replace(track, world_m=line.copy()))
    assert np.ptp(np.diff(found.time_s)) < 1e-9
    np.testing.assert_allclose(found.xyz_m[:, 5, 0], found.time_s, atol=1e-9)


def test_markers_need_two_frames():
    with pytest.raises(DataError):
        markers(make_track(1))


def test_trc_is_read_by_opensim(steady: PoseTrack, tmp_path: Path):
    write_trc(markers(steady), tmp_path / "a.trc")
    meta, names, time_s, values = read_by_opensim(tmp_path / "a.trc")
    assert meta["Units"] == "m"
    assert float(str(meta["DataRate"])) == RATE
    assert tuple(names) == LANDMARKS
    np.testing.assert_allclose(time_s, steady.time_s, atol=1e-6)
    back = values.reshape(N, len(LANDMARKS), 3)
    whole = np.isfinite(y_up(steady)).all(axis=-1)
    np.testing.assert_allclose(back[whole], y_up(steady)[whole], atol=1e-5)
    assert np.isnan(back[~whole]).any(axis=-1).all()


def test_trc_is_read_by_trc_data_reader(steady: PoseTrack, tmp_path: Path):
    trc = pytest.importorskip("trc", reason="NOT RUN: pip install trc-data-reader")
    path = tmp_path / "a.trc"
    whole = replace(steady, world_m=np.nan_to_num(steady.world_m, nan=1.0))
    write_trc(markers(whole), path)
    data = trc.TRCData()
    data.load(str(path))
    assert data["NumFrames"] == N
    assert data["Units"] == "m"
    assert tuple(data["Markers"]) == LANDMARKS
    np.testing.assert_allclose(np.array(data["left_knee"])[:, 1], y_up(whole)[:, 25, 1], atol=1e-5)


def test_mot_is_read_by_opensim(angles: AngleTrack, tmp_path: Path):
    write_mot(angles, tmp_path / "a.mot")
    meta, names, time_s, values = read_by_opensim(tmp_path / "a.mot")
    assert meta["inDegrees"] == "yes"
    assert names == ["knee_flexion_left_deg", "trunk_inclination_deg"]
    np.testing.assert_allclose(time_s, angles.time_s, atol=1e-6)
    np.testing.assert_allclose(values, np.column_stack([angles[n] for n in names]), atol=1e-5)


def test_a_mot_without_gaps_is_read_whole_by_the_older_loader(angles: AngleTrack, tmp_path: Path):
    name = "knee_flexion_left_deg"
    whole = AngleTrack(angles.time_s, {name: angles[name]}, {name: angles.state[name]})
    write_mot(whole, tmp_path / "a.mot")
    assert read_by_opensim(tmp_path / "a.mot")[0]["rows_of_the_older_loader"] == N


def test_mot_comes_back(angles: AngleTrack, tmp_path: Path):
    write_mot(angles, tmp_path / "a.mot")
    back = read_mot(tmp_path / "a.mot")
    name = "trunk_inclination_deg"
    np.testing.assert_allclose(back[name], angles[name], atol=1e-5)
    assert (back.state[name] == angles.state[name]).all()


def test_mot_of_another_maker_in_radians(tmp_path: Path):
    text = "Coordinates\nnRows = 2\nnColumns = 2\ninDegrees = no\n\nendheader\n"
    (tmp_path / "a.sto").write_text(text + "  time   knee_angle_r\n 0.0  1.0\n 0.1  NaN\n")
    back = read_mot(tmp_path / "a.sto")
    np.testing.assert_allclose(back["knee_angle_r"], [np.degrees(1.0), np.nan])


@pytest.mark.parametrize(
    "text",
    ["", "endheader\n", "endheader\ntime\ta\n", "endheader\na\tb\n0\t1\n", "a\n0 1\n",
     "endheader\ntime\ta\n0\tx\n", "endheader\ntime\ta\n0\t1\n0\t2\n",
     "endheader\ntime\ta\n0\t1\n1\n"],
)  # fmt: skip
def test_what_is_no_mot_is_refused(text: str, tmp_path: Path):
    (tmp_path / "a.mot").write_text(text)
    with pytest.raises(DataError):
        read_mot(tmp_path / "a.mot")


def test_c3d_is_read_by_ezc3d_and_by_c3d(steady: PoseTrack, tmp_path: Path):
    ezc3d = pytest.importorskip("ezc3d", reason="NOT RUN: pip install 'movecheck[export]'")
    path = tmp_path / "a.c3d"
    write_c3d(markers(steady), path)
    back = ezc3d.c3d(str(path))
    point = back["parameters"]["POINT"]
    assert point["LABELS"]["value"] == list(LANDMARKS)
    assert point["UNITS"]["value"] == ["m"]
    assert point["RATE"]["value"][0] == pytest.approx(RATE)
    points = back["data"]["points"][:3].transpose(2, 1, 0)
    known = np.isfinite(y_up(steady)).all(axis=-1)
    np.testing.assert_allclose(points[known], y_up(steady)[known], atol=0.01)
    assert np.isnan(points[~known]).any(axis=-1).all()
    c3d = pytest.importorskip("c3d", reason="NOT READ BY c3d: pip install c3d")
    with path.open("rb") as file:
        frames = [points for _, points, _ in c3d.Reader(file).read_frames()]
    first = np.array(frames)[:, :, :3]
    np.testing.assert_allclose(np.abs(first[known]), np.abs(y_up(steady)[known]), atol=0.01)


def test_netcdf_has_the_layout_of_movement(steady: PoseTrack, tmp_path: Path):
    xarray = pytest.importorskip("xarray", reason="NOT RUN: pip install 'movecheck[export]'")
    path = tmp_path / "a.nc"
    write_netcdf(steady, path)
    with xarray.open_dataset(path, engine="scipy") as data:
        assert data["position"].dims == ("time", "space", "keypoint", "individual")
        assert data["confidence"].dims == ("time", "keypoint", "individual")
        assert list(data["space"].values) == ["x", "y"]
        assert list(data["keypoint"].values) == list(LANDMARKS)
        attrs = {k: data.attrs[k] for k in ("ds_type", "source_software", "time_unit", "fps")}
        assert attrs == {
            "ds_type": "poses", "source_software": "movecheck", "time_unit": "seconds",
            "fps": steady.recording.fps,
        }  # fmt: skip
        knee = data["position"].sel(keypoint="left_knee", individual="individual_0")
        np.testing.assert_array_equal(knee.transpose("time", "space"), steady.xy_px[:, 25])
        np.testing.assert_allclose(data["time"], steady.time_s)


def test_the_schema_holds_for_what_is_written(make_assessment):
    jsonschema = pytest.importorskip("jsonschema")
    schema = assessment_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    json.dumps(schema, allow_nan=False)
    check = jsonschema.Draft202012Validator(schema)
    written = json.loads(json.dumps(to_dict(make_assessment())))
    check.validate(written)
    for damage in (
        {"schema_version": "2.0"}, {"measures": [{"id": "x"}]}, {"view": "back"}, {"reps": None},
        {"recording": {**written["recording"], "width_px": "540"}},
    ):  # fmt: skip
        assert not check.is_valid({**written, **damage}), damage
    assert not check.is_valid({k: v for k, v in written.items() if k != "provenance"})


def test_fhir_observations_are_valid_r4(make_assessment):
    bundle = observations(make_assessment())
    models = pytest.importorskip("fhir.resources.R4B.bundle", reason="NOT RUN: no fhir.resources")
    checked = models.Bundle.model_validate(bundle)
    seen = [entry.resource for entry in checked.entry]
    assert [o.code.coding[0].code for o in seen] == ["knee_flexion_peak", "knee_fppa_peak"]
    assert float(seen[0].valueQuantity.value) == -5.0
    assert seen[0].valueQuantity.code == "deg"
    assert seen[0].bodySite.text == "left"
    assert float(seen[0].referenceRange[0].low.value) == 90.0
    assert seen[0].interpretation[0].coding[0].code == "N"
    assert seen[1].valueQuantity is None
    assert seen[1].dataAbsentReason.text == "=HYPERLINK(1)"


@pytest.fixture
def result(steady: PoseTrack, angles: AngleTrack, make_assessment, tmp_path: Path) -> Path:
    folder = tmp_path / "results" / "visit 1" / "squat.mp4"
    folder.mkdir(parents=True)
    write_assessment(make_assessment(), folder / "assessment.json")
    write_signals(angles, folder / "signals.csv")
    write_landmarks(steady, folder / "landmarks.parquet")
    return folder


def test_every_format_is_written_beside_the_result_or_elsewhere(result: Path, tmp_path: Path):
    for extra in ("ezc3d", "xarray"):
        pytest.importorskip(extra, reason="NOT RUN: pip install 'movecheck[export]'")
    written = list(convert(tmp_path / "results", list(FORMATS)))
    assert {path.name for path in written} == {f.file for f in FORMATS.values()}
    assert all(path.parent == result and path.stat().st_size for path in written)
    elsewhere = list(convert(tmp_path / "results", ["mot"], tmp_path / "out"))
    assert elsewhere == [tmp_path / "out" / "visit 1" / "squat.mp4" / "signals.mot"]
    assert elsewhere[0].read_bytes() == (result / "signals.mot").read_bytes()


def test_unknown_formats_and_empty_folders_are_told(result: Path, tmp_path: Path):
    with pytest.raises(DataError, match="'xlsx'") as caught:
        list(convert(result, ["mot", "xlsx"]))
    assert "c3d" in caught.value.hint
    (tmp_path / "nothing").mkdir()
    with pytest.raises(DataError, match="no result"):
        list(convert(tmp_path / "nothing", ["mot"]))


def test_a_result_without_angles_does_not_stop_the_others(
    result: Path, angles: AngleTrack, make_assessment, tmp_path: Path
):
    empty = tmp_path / "results" / "a.mp4"
    empty.mkdir()
    write_assessment(make_assessment(), empty / "assessment.json")
    unknown = {n: np.full_like(v, np.nan) for n, v in angles.values.items()}
    state = {n: np.zeros_like(s) for n, s in angles.state.items()}
    write_signals(AngleTrack(angles.time_s, unknown, state), empty / "signals.csv")
    left: list[Path] = []
    written = list(convert(tmp_path / "results", ["mot"], None, lambda file, _: left.append(file)))
    assert written == [result / "signals.mot"]
    assert left == [empty / "signals.mot"]
    with pytest.raises(DataError, match="no angle"):
        list(convert(empty, ["mot"]))


def test_a_library_that_is_not_there_is_named(result: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setitem(sys.modules, "ezc3d", None)
    with pytest.raises(ExportError, match="ezc3d") as caught:
        list(convert(result, ["c3d"]))
    assert "movecheck[export]" in caught.value.hint
