#!/usr/bin/env python3
"""Build setup.exe and the MSI on Linux around a folder like the Windows bundle; look into them.

``python packaging/trial_setup.py WHEELS WORK``. What the folder is, and is not: trial_tree.py.
Needs makensis (package nsis), 7z (p7zip-full), wixl and msiextract (msitools). Nothing of Windows
is run.
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
import msi
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


def unpack(file: Path, folder: Path) -> Path:
    """Unpack an installer; return where the program's files lie in it."""
    if file.suffix == ".exe":
        words = [shutil.which("7z") or "7z", "x", "-y", "-bso0", f"-o{folder}", str(file)]
    else:
        words = [shutil.which("msiextract") or "msiextract", "-C", str(folder), str(file)]
    folder.mkdir()
    subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return next(folder.rglob("cxr-desktop.exe")).parent


def main(wheels: Path, work: Path) -> int:
    """Do it. Returns the exit status."""
    tree = work / "cxr-desktop"
    trial_tree.lay_out(wheels, tree)
    print(f"{installers.folder_bytes(tree) / 1e6:.0f} MB  {tree}", flush=True)
    failed = 0
    for name, make in (("setup.exe", build.setup_exe), ("setup.msi", msi.make_msi)):
        target, inside = work / f"trial-{name}", work / f"inside-{name}"
        start = time.monotonic()
        make(tree, target)
        seconds = time.monotonic() - start
        shutil.rmtree(inside, ignore_errors=True)
        wrong = differences(unpack(target, inside), tree)
        size = target.stat().st_size / 1e6
        print(f"{size:.0f} MB  {target} in {seconds:.0f} s; {len(wrong)} files differ {wrong[:5]}")
        failed += bool(wrong)
    return int(failed > 0)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]), Path(sys.argv[2])))
