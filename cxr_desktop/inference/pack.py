"""One model pack on disk: a folder with `manifest.toml`, `model.onnx` and its golden case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.film_gate import FilmGate
from cxr_desktop.inference.gate_file import read_gate
from cxr_desktop.inference.manifest import MANIFEST_NAME, MODEL_NAME, Manifest
from cxr_desktop.inference.manifest_file import HINT, read_manifest

SIZE_LIMIT = 1 << 30
GATE_LIMIT = 4 << 20


@dataclass(frozen=True, slots=True)
class Pack:
    """A pack whose manifest was read; its model file is checked when it is used."""

    folder: Path
    manifest: Manifest
    built_in: bool = False

    @property
    def model_file(self) -> Path:
        """The ONNX file."""
        return self.folder / MODEL_NAME

    def model_bytes(self) -> bytes:
        """Read the model file once and return the very bytes whose hash was checked.

        Raises `ModelUnavailable` when it is missing or is not the file of the manifest.
        """
        content = read_model_file(self.model_file)
        if hashlib.sha256(content).hexdigest() != self.manifest.sha256:
            raise ModelUnavailable(
                f"The file of the model “{self.manifest.id}” is damaged or was replaced: "
                "its SHA-256 is not the manifest's.",
                hint=HINT,
            )
        return content

    def film_gate(self) -> FilmGate | None:
        """Read what the model must not read, checked; None for a pack that does not say.

        Raises `ModelUnavailable` when the file is missing, is not the manifest's or is unsound:
        a model whose gate is lost is not run without one.
        """
        stated = self.manifest.gate
        if stated is None:
            return None
        path = self.folder / stated.file
        try:
            inside = path.resolve().is_relative_to(self.folder.resolve())
            small = inside and path.is_file() and path.stat().st_size <= GATE_LIMIT
            content = path.read_bytes() if small else b""
        except OSError as error:
            raise _gate_lost() from error
        if hashlib.sha256(content).hexdigest() != stated.sha256:
            raise _gate_lost()
        return read_gate(content, self.manifest.input)


def open_pack(folder: Path, *, built_in: bool = False) -> Pack:
    """Read a pack's manifest. Raises `ModelUnavailable`; the folder must be named after the id."""
    manifest = read_manifest(folder / MANIFEST_NAME)
    if manifest.id != folder.name:
        raise ModelUnavailable(
            f"The folder “{folder.name}” holds a model that calls itself “{manifest.id}”.",
            hint="Give the folder the name of the model's id.",
        )
    return Pack(folder, manifest, built_in)


def read_model_file(path: Path) -> bytes:
    """Read a model of at most 1 GiB. Raises `ModelUnavailable`."""
    try:
        if not path.is_file():
            raise ModelUnavailable(f"The model file “{path.name}” is missing.", hint=HINT)
        if path.stat().st_size > SIZE_LIMIT:
            raise ModelUnavailable("The model file is larger than 1 GiB.", hint=HINT)
        return path.read_bytes()
    except OSError as error:
        raise ModelUnavailable("The model file could not be read.", hint=HINT) from error
    except MemoryError as error:
        raise ModelUnavailable(
            "There is not enough memory to load the model.",
            hint="Close other programs and try again.",
        ) from error


def _gate_lost() -> ModelUnavailable:
    return ModelUnavailable(
        "The model's file of what it must not read is missing, damaged or was replaced.", hint=HINT
    )
