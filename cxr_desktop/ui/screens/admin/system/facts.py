"""What IT asks for first: versions and folders."""

from __future__ import annotations

import platform
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from PySide6.QtCore import QCoreApplication, qVersion

from cxr_desktop import __version__

RUNTIMES = ("onnxruntime", "onnxruntime-gpu")


def system_facts(data_folder: Path, answering: str = "") -> tuple[tuple[str, str], ...]:
    """Return (name, value) rows, to show and to copy.

    `answering` is the version of the onnxruntime that answers, where a model was loaded.
    """
    translate = QCoreApplication.translate
    installed = (f"{version_of(name)} ({name})" for name in RUNTIMES if version_of(name))
    runtime = answering or next(installed, "")
    return (
        (translate("System", "CXR Desktop"), __version__),
        (translate("System", "Python"), platform.python_version()),
        (translate("System", "Qt"), qVersion() or ""),
        (translate("System", "ONNX Runtime"), runtime or translate("System", "unknown")),
        (translate("System", "Computer"), f"{platform.system()} {platform.release()}"),
        (translate("System", "Data folder"), str(data_folder)),
    )


def version_of(distribution: str) -> str:
    """Return the installed version, "" where it is not installed or a bundle left that out."""
    try:
        return version(distribution)
    except PackageNotFoundError:
        return ""
