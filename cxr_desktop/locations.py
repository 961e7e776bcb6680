"""Where the program's own files lie (data: `storage.paths`).

=============  ===================================================================
how it runs    where `resources`, `models` and `docs` are
=============  ===================================================================
frozen bundle  beside the program's modules (``sys._MEIPASS``)
installed      inside the package, in ``share/`` (pyproject.toml, ``force-include``)
checkout       at the top of the repository
=============  ===================================================================
"""

from __future__ import annotations

import sys
from pathlib import Path

from cxr_desktop.domain.errors import StorageUnavailable

RESOURCES = "resources"
MODELS = "models"
DOCUMENTS = "docs"
POLICY = "policy.toml"
GPU_ADD_ON = "gpu"
PACKAGE = Path(__file__).resolve().parent


def policy_file() -> Path:
    """Return where IT may put the policy of this computer; only administrators write there."""
    if sys.platform == "win32":
        from platformdirs import site_config_dir  # noqa: PLC0415 - only here: start-up time

        return Path(site_config_dir("cxr-desktop", appauthor=False)) / POLICY
    return Path("/etc/cxr-desktop") / POLICY


def gpu_add_on() -> Path | None:
    """Return the folder of the GPU add-on beside the frozen program; None without one."""
    folder = Path(sys.executable).parent / GPU_ADD_ON
    return folder if getattr(sys, "frozen", False) and folder.is_dir() else None


def share_folder(package: Path = PACKAGE, bundle: str | None = None) -> Path:
    """Return the folder that holds `resources`, `models` and `docs`.

    `bundle` is where a frozen program was unpacked, by default what PyInstaller says. Raises
    `StorageUnavailable` when the program's files are not where they belong.
    """
    unpacked = bundle or getattr(sys, "_MEIPASS", None)
    candidates = [package / "share", package.parent]
    if unpacked is not None:
        candidates.insert(0, Path(unpacked))
    for folder in candidates:
        if (folder / RESOURCES).is_dir():
            return folder
    raise StorageUnavailable(
        "The program's own files (resources) are missing.", hint="Install CXR Desktop again."
    )


def resources() -> Path:
    """Return the folder of fonts, icons, sample films and texts. Raises `StorageUnavailable`."""
    return share_folder() / RESOURCES


def documents() -> Path:
    """Return the folder of the guides that the Help shows. Raises `StorageUnavailable`."""
    return share_folder() / DOCUMENTS


def models_folder() -> Path:
    """Return the folder of the model packs that came with the program."""
    return share_folder() / MODELS
