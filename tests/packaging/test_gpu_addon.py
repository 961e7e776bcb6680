"""The GPU add-on is laid out from wheels, and the program takes what was laid out."""

import zipfile
from pathlib import Path

import gpu_addon
import pytest

from cxr_desktop.inference import runtime

FILES = {
    "onnxruntime_gpu": [
        "onnxruntime/__init__.py",
        "onnxruntime/capi/x.so",
        "onnxruntime/tools/t.py",
    ],
    "nvidia_cublas": ["nvidia/cu13/lib/libcublas.so.13", "nvidia/cu13/include/cublas.h"],
}


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    for name, version in gpu_addon.locked(gpu_addon.LOCK.read_text(encoding="utf-8")).items():
        stem = name.replace("-", "_")
        with zipfile.ZipFile(folder / f"{stem}-{version}-py3-none-any.whl", "w") as archive:
            for place in FILES.get(stem, [f"nvidia/{stem}/lib/libx.so.1"]):
                archive.writestr(place, place)
            archive.writestr(f"{stem}-{version}.dist-info/licenses/License.txt", "terms")
    return folder


def test_it_holds_what_runs_and_the_terms_and_the_program_takes_it(
    wheels: Path, tmp_path: Path
) -> None:
    folder = gpu_addon.make(wheels, tmp_path / "out", runtime.SYSTEM, runtime.PYTHON)
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    assert {"onnxruntime/__init__.py", "nvidia/cu13/lib/libcublas.so.13", "gpu.toml"} <= files
    assert "licences/nvidia_cublas/License.txt" in files
    assert not [name for name in files if "/tools/" in name or "/include/" in name]
    assert runtime.why_not(folder) == ""
    (folder / "nvidia/cu13/lib/libcublas.so.13").write_bytes(b"")
    assert "not complete" in runtime.why_not(folder)


def test_a_wheel_that_is_not_there_is_named(wheels: Path, tmp_path: Path) -> None:
    next(wheels.glob("nvidia_cudnn*")).unlink()
    with pytest.raises(ValueError, match="no wheel of nvidia-cudnn-cu13"):
        gpu_addon.make(wheels, tmp_path / "out", "linux", "3.11")
