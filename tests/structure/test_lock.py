"""The locked versions cover the project file and stand in its ranges."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
FORBIDDEN = {
    "onnxruntime-gpu": "owns the same files as onnxruntime",
    "opencv-python": "owns the same files as opencv-python-headless",
    "pylibjpeg-libjpeg": "is GPL",
    "ultralytics": "is AGPL",
    "torch": "is for training only",
}


def locked(name: str) -> dict[str, Requirement]:
    """Read a lock file and the ones it includes."""
    rows: dict[str, Requirement] = {}
    for line in (ROOT / "requirements" / name).read_text(encoding="utf-8").splitlines():
        text = line.partition("#")[0].strip()
        if text.startswith("-r "):
            rows |= locked(text.removeprefix("-r "))
        elif text:
            requirement = Requirement(text)
            key = canonicalize_name(requirement.name)
            assert key not in rows, f"{key} is locked twice"
            rows[key] = requirement
    return rows


@pytest.mark.parametrize(
    ("wanted", "lock"),
    [
        (PROJECT["project"]["dependencies"], "lock.txt"),
        (PROJECT["project"]["optional-dependencies"]["dev"], "lock-dev.txt"),
        (PROJECT["build-system"]["requires"], "lock-build.txt"),
        (PROJECT["project"]["optional-dependencies"]["fast"], "lock-fast.txt"),
        (PROJECT["project"]["optional-dependencies"]["cluster"], "lock-cluster.txt"),
    ],
    ids=["program", "tests", "build", "fast", "cluster"],
)
def test_the_lock_holds_every_dependency_within_its_range(wanted: list[str], lock: str) -> None:
    rows = locked(lock)
    for requirement in map(Requirement, wanted):
        row = rows[canonicalize_name(requirement.name)]
        version = str(row.specifier).removeprefix("==")
        assert requirement.specifier.contains(version), f"{row} is outside of {requirement}"


@pytest.mark.parametrize(
    "lock",
    ["lock.txt", "lock-build.txt", "lock-dev.txt", "lock-fast.txt", "lock-cluster.txt"],
)
def test_every_locked_version_is_exact(lock: str) -> None:
    for row in locked(lock).values():
        assert re.fullmatch(r"==[\w.]+", str(row.specifier)), row


def test_no_package_that_must_stay_out_is_locked() -> None:
    assert {name: FORBIDDEN[name] for name in locked("lock-dev.txt") if name in FORBIDDEN} == {}
