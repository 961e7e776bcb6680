#!/usr/bin/env python3
"""Lay out a folder like the Windows bundle, on Linux, to try the Windows installers on.

``python packaging/trial_tree.py WHEELS FOLDER``, with the wheels that windows/fetch_wheels.py
fetched. The libraries, data, documents and the model are the real ones, and so are the start
programs (PyInstaller's, without the program behind them). **It does not run**: Python's own DLL is
not in it, and the modules lie in a ZIP where PyInstaller packs them into the start program. Only
PyInstaller on Windows makes the program itself (build.ps1).
"""

from __future__ import annotations

import re
import shutil
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import payload

ROOT = Path(__file__).resolve().parents[1]

STARTS = {"run.exe": f"{payload.PROGRAM}.exe", "runw.exe": f"{payload.PROGRAM}-window.exe"}
BUILD_ONLY = ("pyinstaller", "setuptools", "pefile", "altgraph", "pywin32_ctypes", "packaging")
NATIVE = (".dll", ".pyd")
# Of Qt the program imports these; PyInstaller takes what they load.
QT = re.compile(
    r"^PySide6/(Qt6?(Core|Gui|Widgets|Svg|SvgWidgets|PrintSupport|DBus)\.|pyside6|msvcp|vcruntime"
    r"|concrt|plugins/)"
)


def is_collected(place: str) -> bool:
    """Say whether PyInstaller would put a wheel's file into the bundle as a file."""
    if not payload.is_wanted(place) or place.startswith("bin/"):
        return False
    if place.startswith("PySide6/"):
        return bool(QT.match(place)) and place.endswith(NATIVE)
    if ".dist-info/" in place:
        return place.endswith(("METADATA", "RECORD", "LICENSE"))
    return place.endswith(NATIVE) or place.startswith(("highdicom/", "pydicom/data/"))


def unpack(wheels: Path, inner: Path, modules: zipfile.ZipFile) -> Iterator[str]:
    """Unpack the wheels of the program; yield the places of what became a file."""
    for wheel in sorted(wheels.glob("*.whl")):
        if wheel.name.startswith(BUILD_ONLY):
            continue
        with zipfile.ZipFile(wheel) as archive:
            for place in archive.namelist():
                if place.endswith(".py"):
                    modules.writestr(place, archive.read(place))
                elif is_collected(place):
                    archive.extract(place, inner)
                    yield place


def start_programs(wheels: Path, folder: Path) -> None:
    """Put PyInstaller's start programs for Windows in their places."""
    (wheel,) = wheels.glob("pyinstaller-*win_amd64.whl")
    with zipfile.ZipFile(wheel) as archive:
        for name, place in STARTS.items():
            source = f"PyInstaller/bootloader/Windows-64bit-intel/{name}"
            (folder / place).write_bytes(archive.read(source))


def lay_out(wheels: Path, folder: Path) -> int:
    """Make the folder; return how many files of wheels are in it."""
    shutil.rmtree(folder, ignore_errors=True)
    inner = folder / "_internal"
    inner.mkdir(parents=True)
    start_programs(wheels, folder)
    with zipfile.ZipFile(inner / "modules.zip", "w", zipfile.ZIP_DEFLATED) as modules:
        for path in sorted((ROOT / "cxr_desktop").rglob("*.py")):
            modules.write(path, path.relative_to(ROOT).as_posix())
        count = len(list(unpack(wheels, inner, modules)))
    for path, place in payload.data_files(ROOT):
        (inner / place).mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, inner / place / path.name)
    for name in payload.LICENCES:
        shutil.copyfile(ROOT / name, folder / Path(name).name)
    return count


if __name__ == "__main__":
    print(f"{lay_out(Path(sys.argv[1]), Path(sys.argv[2]))} files of wheels are in {sys.argv[2]}")
