#!/usr/bin/env python3
"""Make the MSI for Windows, on Linux: ``python packaging/msi.py BUNDLE TARGET.msi``.

BUNDLE is the folder that build.ps1 made on Windows, carried over; needs wixl (Debian: wixl). It
installs for all users of a computer, by its administrator; windows/product.wxs says what.
"""

from __future__ import annotations

import hashlib
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from xml.sax.saxutils import quoteattr

import build

PRODUCT = build.HERE / "windows" / "product.wxs"
HEAD = """<?xml version="1.0" encoding="utf-8"?>
<Wix xmlns="http://schemas.microsoft.com/wix/2006/wi">
<Fragment>
<DirectoryRef Id="INSTALLDIR">
"""
MIDDLE = """</DirectoryRef>
</Fragment>
<Fragment>
<ComponentGroup Id="Payload">
"""
TAIL = """</ComponentGroup>
</Fragment>
</Wix>
"""


def file_list(bundle: Path) -> str:
    """Return the list of files as a WiX source: one component each."""
    files = sorted(path for path in bundle.rglob("*") if path.is_file())
    references = (f"<ComponentRef Id={quoteattr(_id('cmp', path, bundle))}/>\n" for path in files)
    return "".join([HEAD, *_folder(bundle, bundle), MIDDLE, *references, TAIL])


def _folder(folder: Path, bundle: Path) -> Iterator[str]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            name = quoteattr(path.name)
            yield f"<Directory Id={quoteattr(_id('dir', path, bundle))} Name={name}>\n"
            yield from _folder(path, bundle)
            yield "</Directory>\n"
        else:  # wixl takes no full paths
            source = quoteattr(path.relative_to(bundle.parent).as_posix())
            yield f'<Component Id={quoteattr(_id("cmp", path, bundle))} Guid="*" Win64="yes">'
            yield f'<File Id={quoteattr(_id("fil", path, bundle))} KeyPath="yes"'
            yield f" Source={source}/></Component>\n"


def _id(kind: str, path: Path, bundle: Path) -> str:
    place = path.relative_to(bundle).as_posix()
    return f"{kind}{hashlib.sha256(place.encode()).hexdigest()[:32]}"


def make_msi(bundle: Path, target: Path) -> None:
    """Build the MSI. Raises `BuildError`."""
    with tempfile.TemporaryDirectory() as scratch:
        listed = Path(scratch) / "files.wxs"
        listed.write_text(file_list(bundle), encoding="utf-8")
        words = ["-a", "x64", "-D", f"VERSION={build.version()}", "-o", str(target)]
        program = shutil.which("wixl") or "wixl"
        answer = subprocess.run(
            [program, *words, str(PRODUCT), str(listed)], cwd=bundle.parent, check=False
        )
    if answer.returncode != 0 or not target.is_file():
        raise build.BuildError("wixl made no MSI; its own words are above.")


if __name__ == "__main__":
    make_msi(Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve())
