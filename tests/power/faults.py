"""Ending this process, or failing its disk, at the n-th call that changes a file (`faults.c`)."""

from __future__ import annotations

import ctypes
import os
import subprocess
from enum import IntEnum
from pathlib import Path

SOURCE = Path(__file__).with_name("faults.c")
LOADED = "LD_PRELOAD"


class Fault(IntEnum):
    """What happens at the n-th call; the numbers are those of `faults.c`."""

    COUNT = 0
    KILL = 1
    FAIL_ONCE = 2
    FULL_FROM_HERE = 3


def compile_faults(folder: Path) -> Path:
    """Compile the library. Raises OSError without a compiler, CalledProcessError when it fails."""
    library = folder / "faults.so"
    words = ["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(words, check=True)
    return library


def environment(library: Path) -> dict[str, str]:
    """Return the environment of a process that has it loaded."""
    return {**os.environ, LOADED: str(library)}


def arm(fault: Fault, at: int) -> None:
    """Begin to count; let `fault` happen at call number `at`, from 1."""
    ctypes.CDLL(None).cxr_arm(ctypes.c_int(fault), ctypes.c_long(at))


def counted() -> int:
    """Return how many calls there were since `arm`."""
    count = ctypes.CDLL(None).cxr_counted
    count.restype = ctypes.c_long
    return int(count())
