"""The pose model file: where it lies, and how it is made on the user's own computer.

No current mediapipe wheel carries a pose model, but the wheel of version 0.10.21 holds the same
two networks as plain data files (Apache-2.0). `build` fetches that wheel with pip, so with the
user's own package index, checks it against known hashes, and writes a ``.task`` bundle: an
uncompressed zip of the two networks, each with the metadata that the Tasks API asks for.
"""

from __future__ import annotations

import hashlib
import importlib.util
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

from movecheck.errors import ModelDamaged, ModelMissing
from movecheck.settings import Settings

BUNDLE_NAME = "pose_landmarker_full.task"
WHEEL = "mediapipe==0.10.21"
WHEEL_SHA256 = "05dc4a9e593655a79558d05d6227d31018c2537a4bd3362b51e230cf22aecfe3"
# The wheel is only a container here: any platform's would do, this one's hash is known.
WHEEL_PLATFORM = ("--platform", "manylinux_2_28_x86_64", "--python-version", "311",
                  "--implementation", "cp", "--abi", "cp311")  # fmt: skip

# Name in the bundle, name in the wheel, hash, and how the network wants its pixels scaled: to -1..1
# and to 0..1, by definition of MediaPipe's own graphs.
NETWORKS = (
    ("pose_detector.tflite", "mediapipe/modules/pose_detection/pose_detection.tflite",
     "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c", 127.5, 127.5),
    ("pose_landmarks_detector.tflite", "mediapipe/modules/pose_landmark/pose_landmark_full.tflite",
     "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f", 0.0, 255.0),
)  # fmt: skip

Progress = Callable[[str, float | None], None]
"""Called with the stage (model, pose, analysis, overlay) and the share done, None if unknown."""


def no_progress(stage: str, fraction: float | None) -> None:
    """Say nothing."""


def default_path(settings: Settings) -> Path:
    """Where `movecheck setup` puts the bundle."""
    return settings.data_dir / BUNDLE_NAME


def find(settings: Settings) -> Path | None:
    """Return the model file to use, or None when none has been made yet.

    Raises
    ------
    ModelMissing
        When the settings name a file that does not exist.
    """
    if settings.model is not None:
        if not settings.model.is_file():
            raise ModelMissing(
                "the model file given does not exist",
                "Check the path given with --model or MOVECHECK_MODEL.",
            )
        return settings.model
    path = default_path(settings)
    return path if path.is_file() else None


def ensure(settings: Settings, progress: Progress = no_progress) -> Path:
    """Return the model file, making it first when there is none.

    Raises
    ------
    ModelMissing
        When there is no model and the package index cannot be reached.
    ModelDamaged
        When what was fetched is not the expected file.
    """
    return find(settings) or build(settings, progress)


def build(settings: Settings, progress: Progress = no_progress) -> Path:
    """Fetch the wheel, check it, write the bundle in one step; return its path.

    Raises
    ------
    ModelMissing
        When the wheel cannot be fetched or the bundle cannot be written.
    ModelDamaged
        When a hash differs from the known one.
    """
    target = default_path(settings)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            wheel = _download(Path(folder), progress)
            bundle = Path(folder) / BUNDLE_NAME
            _write_bundle(wheel, bundle)
            bundle.replace(target)
    except OSError as error:
        raise ModelMissing(
            f"the model cannot be written: {error.strerror or 'input/output error'}",
            "Free some space, or choose another folder with MOVECHECK_DATA_DIR.",
        ) from error
    progress("model", 1.0)
    return target


def sha256(path: Path) -> str:
    """Hash of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _download(folder: Path, progress: Progress) -> Path:
    command = [sys.executable, "-m", "pip", "download", WHEEL, "--no-deps", "--only-binary=:all:",
               *WHEEL_PLATFORM, "--dest", str(folder), "--progress-bar", "raw",
               "--disable-pip-version-check", "--no-input", "--retries", "1"]  # fmt: skip
    progress("model", 0.0)
    process = subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if step := re.match(r"Progress (\d+) of (\d+)", line):
            done, total = map(int, step.groups())
            progress("model", 0.95 * done / total if total else None)
    if process.wait() != 0 or not (wheels := list(folder.glob("*.whl"))):
        raise ModelMissing("no pose model on this computer, and it could not be fetched")
    if sha256(wheels[0]) != WHEEL_SHA256:
        raise ModelDamaged("the file that was fetched is not the expected one")
    return wheels[0]


def _write_bundle(wheel: Path, bundle: Path) -> None:
    with zipfile.ZipFile(wheel) as source, zipfile.ZipFile(bundle, "w") as out:
        for name, member, digest, mean, std in NETWORKS:
            network = source.read(member)
            if hashlib.sha256(network).hexdigest() != digest:
                raise ModelDamaged("a network in the fetched file is not the expected one")
            # A fixed date makes the bundle the same, byte for byte, on every computer.
            out.writestr(zipfile.ZipInfo(name), _with_metadata(network, mean, std))


def _with_metadata(network: bytes, mean: float, std: float) -> bytes:
    """Add the metadata buffer that the Tasks API reads: how input pixels are scaled."""
    import flatbuffers

    tflite = _schema("schema_py_generated")
    model = tflite.ModelT.InitFromPackedBuf(network, 0)
    buffer = tflite.BufferT()
    buffer.data = list(_metadata(mean, std))
    model.buffers.append(buffer)
    entry = tflite.MetadataT()
    entry.name = b"TFLITE_METADATA"
    entry.buffer = len(model.buffers) - 1
    model.metadata = [*(model.metadata or []), entry]
    builder = flatbuffers.Builder(len(network) + 4096)
    builder.Finish(model.Pack(builder), file_identifier=b"TFL3")
    return bytes(builder.Output())


def _metadata(mean: float, std: float) -> bytes:
    import flatbuffers

    schema: Any = _schema("metadata_schema_py_generated")
    options = schema.NormalizationOptionsT()
    options.mean, options.std = [mean], [std]
    unit = schema.ProcessUnitT()
    unit.optionsType = schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    content = schema.ContentT()
    content.contentPropertiesType = schema.ContentProperties.ImageProperties
    content.contentProperties = schema.ImagePropertiesT()
    content.contentProperties.colorSpace = schema.ColorSpaceType.RGB
    tensor = schema.TensorMetadataT()
    tensor.name = b"image"
    tensor.content = content
    tensor.processUnits = [unit]
    graph = schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    model = schema.ModelMetadataT()
    model.subgraphMetadata = [graph]
    builder = flatbuffers.Builder(1024)
    builder.Finish(model.Pack(builder), file_identifier=b"M001")
    return bytes(builder.Output())


def _schema(name: str) -> ModuleType:
    """Load one of mediapipe's flatbuffer modules without loading mediapipe itself."""
    package = importlib.util.find_spec("mediapipe")
    if package is None or not package.submodule_search_locations:
        raise ModelMissing("mediapipe is not installed", "Install movecheck again.")
    path = Path(package.submodule_search_locations[0], "tasks", "metadata", f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"movecheck_{name}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
