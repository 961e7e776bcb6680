"""Programs of others that read what we write: of dcmtk and dicom3tools."""

import shutil
import subprocess
from pathlib import Path

import pytest


def run(tool: str, *words: str | Path) -> str:
    """Run one and return what it says; skips the test where it is not installed."""
    if shutil.which(tool) is None:
        pytest.skip(f"{tool} (dcmtk, dicom3tools) is not installed")
    done = subprocess.run(
        [tool, *map(str, words)], capture_output=True, text=True, check=False, timeout=60
    )
    return done.stdout + done.stderr
