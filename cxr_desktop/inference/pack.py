"""One model pack on disk: a folder with `manifest.toml`, `model.onnx` and its golden case."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.domain.errors import ModelUnavailable
from cxr_desktop.inference.manifest import MANIFEST_NAME, MODEL_NAME, Manifest
from cxr_desktop.inference.manifest_file import HINT, read_manifest

SIZE_LIMIT = 1 << 30


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
