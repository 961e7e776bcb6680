#!/usr/bin/env python3
"""Build setup.exe on Linux around a folder like the Windows bundle, and look into it with 7z.

``python packaging/trial_setup.py WHEELS WORK``. What the folder is, and is not: trial_tree.py.
Needs makensis (package nsis) and 7z (p7zip-full). Nothing of Windows is run.
"""

from __future__ import annotations

import filecmp
import shutil
import subprocess
import sys
import time
from pathlib import Path

import build
import installers
import trial_tree

OWN = {"uninstall.exe", "$PLUGINSDIR"}  # what NSIS adds


def differences(installed: Path, tree: Path) -> list[str]:
    """Name what the installer would put on a computer and is not in the tree, and the other way."""
    mine, theirs = (
        {path.relative_to(top) for path in top.rglob("*") if path.is_file()}
        for top in (installed, tree)
    )
    mine = {path for path in mine if path.parts[0] not in OWN}
    changed = [
        path
        for path in mine & theirs
        if not filecmp.cmp(installed / path, tree / path, shallow=False)
    ]
    return sorted(path.as_posix() for path in [*(mine ^ theirs), *changed])


def main(wheels: Path, work: Path) -> int:
    """Do it. Returns the exit status."""
    tree, setup, inside = work / "cxr-desktop", work / "trial-setup.exe", work / "inside"
    trial_tree.lay_out(wheels, tree)
    start = time.monotonic()
    build.setup_exe(tree, setup)
    seconds = time.monotonic() - start
    unpack = [shutil.which("7z") or "7z", "x", "-y", "-bso0", f"-o{inside}", str(setup)]
    subprocess.run(unpack, check=True)
    wrong = differences(inside, tree)
    before, after = installers.folder_bytes(tree) / 1e6, setup.stat().st_size / 1e6
    print(f"{before:.0f} MB packed into {after:.0f} MB in {seconds:.0f} s")
    print(f"{len(wrong)} files differ from the folder {wrong[:5]}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
