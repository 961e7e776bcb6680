"""Which onnxruntime this process uses: the program's own, or that of the GPU add-on.

Both are the package `onnxruntime`, and a process can have one of them. It is decided when the first
model is loaded: the add-on's, where there is one, it was made for this version, and a card is
wished; else the program's own, with a sentence. The add-on is a folder beside the frozen program
(`locations.gpu_add_on`): whoever may write there may change the program, too.
"""

from __future__ import annotations

import importlib
import logging
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cxr_desktop import locations
from cxr_desktop.domain.errors import ModelUnavailable

PACKAGE = "onnxruntime"
FACTS = "gpu.toml"  # packaging/gpu_addon.py writes it
TESTED = "1.31.1"  # onnxruntime-gpu in requirements/lock-gpu.txt
PYTHON = f"{sys.version_info[0]}.{sys.version_info[1]}"
SYSTEM = "windows" if sys.platform == "win32" else "linux"
ON_CPU = "so the model runs on the CPU."


@dataclass(frozen=True, slots=True)
class Runtime:
    """The loaded package, whether it is the add-on's, and a sentence where that was not usable."""

    module: Any
    is_add_on: bool = False
    notice: str = ""


def load_runtime(wish: str) -> Runtime:
    """Return onnxruntime for the wish "auto", "cuda" or "cpu"; the first call decides.

    Raises `ModelUnavailable` when a broken add-on keeps the program's own from being loaded.
    """
    folder = locations.gpu_add_on()
    problem = "" if folder is None or wish == "cpu" else _tried(folder)
    notice = f"The GPU add-on in “{folder}” {problem}, {ON_CPU}" if problem else ""
    try:
        # By a statement: PyInstaller puts into the bundle what it sees imported so.
        import onnxruntime  # noqa: PLC0415 - a fifth of a second, off the way to the first window
    except ImportError as error:
        if not problem:
            raise
        raise ModelUnavailable(notice, hint="Take that folder away and start again.") from error
    return Runtime(onnxruntime, _is_of(onnxruntime, folder), notice)


def runtime_words() -> str:
    """Say which onnxruntime answers in this process; "" before the first model was loaded."""
    module = sys.modules.get(PACKAGE)
    if module is None:
        return ""
    whose = ", GPU add-on" if _is_of(module, locations.gpu_add_on()) else ""
    return f"{getattr(module, '__version__', '')}{whose}"


@cache
def _tried(folder: Path) -> str:
    """Import onnxruntime from the add-on, once; return why that cannot be."""
    if PACKAGE in sys.modules:
        return "is used after the next start of the program"
    problem = why_not(folder)
    if problem:
        return problem
    sys.path.insert(0, str(folder))
    try:
        importlib.import_module(PACKAGE)
    except Exception:  # whatever is wrong with the add-on, the program has its own
        logging.getLogger(__name__).warning("The GPU add-on was not loaded", exc_info=True)
        for name in [name for name in sys.modules if name.partition(".")[0] == PACKAGE]:
            del sys.modules[name]
        problem = "could not be loaded"
    finally:
        sys.path.remove(str(folder))
    return problem


def why_not(folder: Path) -> str:
    """Return why an add-on is not the one for this program, "" when it is. Nothing is loaded."""
    try:
        facts = tomllib.loads((folder / FACTS).read_text(encoding="utf-8"))
        sizes = dict(facts["files"])
        made_for = tuple(str(facts[key]) for key in (PACKAGE, "python", "system"))
    except (OSError, ValueError, KeyError, TypeError):
        return f"has no {FACTS} that can be read"
    if made_for != (TESTED, PYTHON, SYSTEM):
        version, python, system = made_for
        return (
            f"is made for onnxruntime {version}, Python {python} on {system}, and this program"
            f" takes {TESTED}, Python {PYTHON} on {SYSTEM}"
        )
    for name, size in sizes.items():
        file = folder / name
        if not file.is_file() or file.stat().st_size != size:
            return f"is not complete (“{name}”)"
    return ""


def _is_of(module: Any, folder: Path | None) -> bool:
    file = getattr(module, "__file__", None)
    return folder is not None and file is not None and Path(file).is_relative_to(folder)
