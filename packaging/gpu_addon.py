#!/usr/bin/env python3
"""Make the GPU add-on: the folder ``gpu``, to be laid beside the program of a bundle.

``python packaging/gpu_addon.py OUT [--wheels DIR] [--system linux|windows] [--python 3.11]``.
It holds onnxruntime for NVIDIA cards and the CUDA libraries, in the versions of
requirements/lock-gpu.txt, and ``gpu.toml``, by which the program sees whether it fits and is whole.
Standard library only; pip fetches the wheels (1.6 GB), or takes them from DIR. NVIDIA's libraries
come under NVIDIA's own terms: the texts lie in ``licences``.
"""

from __future__ import annotations

import argparse
import json
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "requirements" / "lock-gpu.txt"
RUNTIME = "onnxruntime-gpu"
PLATFORMS = {
    "linux": ("manylinux_2_28_x86_64", "manylinux_2_27_x86_64", "manylinux2014_x86_64"),
    "windows": ("win_amd64",),
}
# Of onnxruntime what the bundle's own one has (payload.py); of CUDA what is loaded at run time.
WANTED = re.compile(
    r"^onnxruntime/(?!(tools|quantization|transformers|datasets)/)"
    r"|^nvidia/[^/]+/(lib|bin)/.*(\.so[.\d]*|\.dll)$"
)
LICENCE = re.compile(r"\.dist-info/(licenses/)?(licen[cs]e|notice|thirdparty)[^/]*$", re.IGNORECASE)


def locked(text: str) -> dict[str, str]:
    """Return what the lock names: package to version."""
    rows = re.findall(r"^([\w-]+)(?:\[[\w,]+\])?==([\w.]+)", text, re.MULTILINE)
    return {str(name): str(version) for name, version in rows}


def is_wanted(place: str) -> bool:
    """Say whether a wheel's file belongs into the add-on."""
    return WANTED.search(place) is not None


def fetch(names: dict[str, str], target: Path, system: str, python: str) -> None:
    """Let pip download the wheels."""
    platforms = [f"--platform={name}" for name in PLATFORMS[system]]
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--only-binary=:all:"]
    wanted = [f"{name}=={version}" for name, version in names.items()]
    words = [*command, *platforms, f"--python-version={python}", "--dest", str(target), *wanted]
    subprocess.run(words, check=True)


def lay_out(wheels: Iterable[Path], folder: Path) -> dict[str, int]:
    """Unpack what is wanted of the wheels; return the size of each file in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as archive:
            for place in archive.namelist():
                if is_wanted(place):
                    archive.extract(place, folder)
                elif LICENCE.search(place):
                    text = folder / "licences" / wheel.name.partition("-")[0] / Path(place).name
                    text.parent.mkdir(parents=True, exist_ok=True)
                    text.write_bytes(archive.read(place))
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}


def facts(version: str, python: str, system: str, sizes: dict[str, int]) -> str:
    """Return `gpu.toml`; the program compares it with itself (cxr_desktop/inference/runtime.py)."""
    head = {"onnxruntime": version, "python": python, "system": system}
    rows = [f"{key} = {json.dumps(value)}" for key, value in head.items()]
    listed = [f"{json.dumps(name)} = {size}" for name, size in sizes.items()]
    return "\n".join([*rows, "", "[files]", *listed]) + "\n"


def make(wheels: Path, out: Path, system: str, python: str) -> Path:
    """Make the add-on from a folder of wheels. Raises ValueError where one is not there."""
    names = locked(LOCK.read_text(encoding="utf-8"))
    found = []
    for name, version in names.items():
        wheel = next(wheels.glob(f"{name.replace('-', '_')}-{version}-*.whl"), None)
        if wheel is None:
            raise ValueError(f"{wheels} has no wheel of {name} {version}")
        found.append(wheel)
    folder = out / "gpu"
    sizes = lay_out(found, folder)
    (folder / "gpu.toml").write_text(facts(names[RUNTIME], python, system, sizes), encoding="utf-8")
    return folder


def main(argv: Sequence[str]) -> int:
    """Fetch and lay out. Returns the exit status."""
    parser = argparse.ArgumentParser(description="Make the GPU add-on of a bundle.")
    parser.add_argument("out", type=Path)
    parser.add_argument("--wheels", type=Path, help="where the wheels lie already")
    parser.add_argument("--system", choices=sorted(PLATFORMS), default="linux")
    parser.add_argument("--python", default=f"{sys.version_info[0]}.{sys.version_info[1]}")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        wheels = options.wheels
        if wheels is None:
            wheels = Path(scratch)
            fetch(locked(LOCK.read_text("utf-8")), wheels, options.system, options.python)
        folder = make(wheels, options.out, options.system, options.python)
    size = sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
    print(f"{size / 1e6:7.1f} MB  {folder}: lay it beside the program (docs/installing.md)")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
