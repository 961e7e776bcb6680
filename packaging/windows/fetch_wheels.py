#!/usr/bin/env python3
"""Fetch every wheel that a Windows build needs, on any computer with internet.

``python packaging/windows/fetch_wheels.py FOLDER [--python 3.11] [--list]``. With ``--list`` pip
only checks that all of them exist for Windows; nothing stays in the folder. pip judges "only on
Windows" by the computer it runs on: such packages are named here without their condition.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ("lock.txt", "lock-packaging.txt")


def requirements(root: Path, locks: Sequence[str] = LOCKS) -> list[str]:
    """Return every locked package as ``name==version``, Windows' own included."""
    rows = []
    for lock in locks:
        for line in (root / "requirements" / lock).read_text(encoding="utf-8").splitlines():
            text = line.partition("#")[0].partition(";")[0].strip()
            if text:
                rows.append(text)
    return sorted(rows, key=str.casefold)


def main(argv: Sequence[str]) -> int:
    """Run pip. Returns its exit status."""
    parser = argparse.ArgumentParser(description="Fetch the wheels of a Windows build.")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--python", default="3.11", help="of the Windows computer (3.11 to 3.14)")
    parser.add_argument("--list", action="store_true", help="only check that they exist")
    options = parser.parse_args(argv)
    with tempfile.TemporaryDirectory() as scratch:
        wanted = Path(scratch) / "windows.txt"
        wanted.write_text("\n".join(requirements(ROOT)) + "\n", encoding="ascii")
        action = ["install", "--dry-run", "--ignore-installed", "--quiet", "--target", scratch]
        if not options.list:
            action = ["download", "--dest", str(options.folder)]
        return subprocess.call(
            [
                sys.executable,
                "-m",
                "pip",
                *action,
                "--no-deps",
                "--only-binary=:all:",
                "--platform=win_amd64",
                f"--python-version={options.python}",
                "--implementation=cp",
                "-r",
                str(wanted),
            ]
        )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
