"""Copies a model in: checked and tried before it appears, all or nothing."""

from __future__ import annotations

import shutil
import uuid
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest, ModelUnavailable, StorageUnavailable
from cxr_desktop.files import durable
from cxr_desktop.inference.bare_export import bare_manifest
from cxr_desktop.inference.golden import read_golden_film
from cxr_desktop.inference.manifest import MANIFEST_NAME, MODEL_NAME, Manifest
from cxr_desktop.inference.manifest_file import read_manifest, write_manifest
from cxr_desktop.inference.onnx_classifier import OnnxClassifier
from cxr_desktop.inference.pack import Pack, read_model_file

INCOMING = ".incoming-"
SIDE_FILE_LIMIT = 64 << 20
CARD_NAME = "README.md"


def import_model(path: Path, own: Path, taken: Collection[str] = ()) -> Pack:
    """Copy a pack folder, its manifest's or model's path, or a bare `.onnx` file into `own`.

    `taken` are ids that may not be used again. Only the files a pack consists of are copied. The
    model is loaded and run once before it gets its name. Raises `ModelUnavailable`,
    `InvalidRequest` (not a model at all, or the id is taken) or `StorageUnavailable` (cannot be
    written); then nothing is left behind.
    """
    try:
        folder = _pack_folder(path)
    except OSError as error:
        raise ModelUnavailable(
            f"“{path.name}” cannot be read.", hint="Check that this account may read it."
        ) from error
    with _incoming(own) as incoming:
        manifest = _copy_bare(path, incoming) if folder is None else _copy_pack(folder, incoming)
        target = own / manifest.id
        if target.exists() or manifest.id in taken:
            raise InvalidRequest(
                f"A model with the id “{manifest.id}” is already installed.",
                hint="Give the new model another id in its manifest.",
            )
        copied = Pack(incoming, manifest)
        gate = copied.film_gate()
        OnnxClassifier(manifest, copied.model_bytes(), "cpu", gate=gate).warm_up()
        with _writing():
            incoming.rename(target)
    return Pack(target, manifest)


def _pack_folder(path: Path) -> Path | None:
    """Return the folder of the pack that `path` points to or into; None for a bare ONNX file."""
    if path.is_dir():
        return path
    if not path.is_file():
        raise InvalidRequest(
            f"There is no file “{path.name}”.", hint="Choose an .onnx file or a pack."
        )
    if path.name == MANIFEST_NAME:
        return path.parent
    if path.suffix.lower() != ".onnx":
        raise InvalidRequest(
            f"“{path.name}” is not a model.",
            hint="Choose an .onnx file, or the folder of a model pack.",
        )
    beside = path.name == MODEL_NAME and (path.parent / MANIFEST_NAME).is_file()
    return path.parent if beside else None


def _copy_bare(path: Path, incoming: Path) -> Manifest:
    content = read_model_file(path)
    manifest = bare_manifest(path.stem, content)
    _write(incoming / MODEL_NAME, content)
    with _writing():
        write_manifest(manifest, incoming / MANIFEST_NAME)
    return manifest


def _copy_pack(folder: Path, incoming: Path) -> Manifest:
    manifest = read_manifest(folder / MANIFEST_NAME)
    _write(incoming / MODEL_NAME, read_model_file(folder / MODEL_NAME))
    _write(incoming / MANIFEST_NAME, _side_file(folder, MANIFEST_NAME))
    if (folder / CARD_NAME).is_file():
        _write(incoming / CARD_NAME, _side_file(folder, CARD_NAME))
    if manifest.golden is not None:
        film = manifest.golden.film
        _write(incoming / film, _side_file(folder, film))
        read_golden_film(incoming / film)
    if manifest.gate is not None:
        _write(incoming / manifest.gate.file, _side_file(folder, manifest.gate.file))
    return manifest


def _side_file(folder: Path, name: str) -> bytes:
    """Read a small file of a pack, which a link may not lead out of."""
    path = folder / name
    try:
        inside = path.resolve().is_relative_to(folder.resolve())
        if inside and path.is_file() and path.stat().st_size <= SIDE_FILE_LIMIT:
            return path.read_bytes()
    except OSError as error:
        raise _incomplete(name) from error
    raise _incomplete(name)


def _incomplete(name: str) -> ModelUnavailable:
    return ModelUnavailable(
        f"The pack's file “{name}” is missing, too large or cannot be read.",
        hint="Copy the whole pack again from its source.",
    )


@contextmanager
def _incoming(own: Path) -> Iterator[Path]:
    """Make a folder to fill; it disappears unless it was renamed."""
    incoming = own / f"{INCOMING}{uuid.uuid4().hex}"
    with _writing():
        incoming.mkdir(parents=True)
    try:
        yield incoming
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _write(path: Path, content: bytes) -> None:
    with _writing():
        path.parent.mkdir(parents=True, exist_ok=True)
        with durable(path) as file:
            file.write(content)


@contextmanager
def _writing() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise StorageUnavailable(
            "The model could not be copied into the data folder.",
            hint="Check that the data folder can be written and the disk is not full.",
        ) from error
