"""From the built folder to what is handed out on Linux: .deb, .tar.xz and their sums."""

from __future__ import annotations

import hashlib
import os
import shutil
import stat
import subprocess
import tarfile
from collections.abc import Iterable, Mapping
from pathlib import Path

PROGRAM = "cxr-desktop"
PLACE = "opt/cxr-desktop"
# Debian's names. Everything else is in the bundle; fontconfig-config says where fonts are.
DEPENDS = ("libc6 (>= {glibc})", "libgl1", "libegl1", "fontconfig-config")
RECOMMENDS = ("fonts-dejavu-core | fonts-noto-core",)
DESCRIPTION = """\
Description: offline decision support for chest radiographs
 Sign in, open a chest radiograph (PNG, JPEG, TIFF or DICOM), and a model on this
 computer answers normal, uncertain or abnormal. Decision support; a qualified
 reader decides. The program opens no network connection.
 .
 Removing the package keeps every user's data folder.
"""


def control(version: str, kilobytes: int, glibc: str) -> str:
    """Return Debian's control file."""
    fields: Mapping[str, str] = {
        "Package": PROGRAM,
        "Version": version,
        "Architecture": "amd64",
        "Maintainer": "The CXR Desktop authors <nobody@localhost>",
        "Installed-Size": str(kilobytes),
        "Depends": ", ".join(DEPENDS).format(glibc=glibc),
        "Recommends": ", ".join(RECOMMENDS),
        "Section": "science",
        "Priority": "optional",
    }
    return "".join(f"{name}: {value}\n" for name, value in fields.items()) + DESCRIPTION


def folder_bytes(folder: Path) -> int:
    """Return the sum of the file sizes below a folder."""
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files)


def lay_out(bundle: Path, here: Path, tree: Path) -> None:
    """Make the tree of files that the package puts on a computer."""
    shutil.copytree(bundle, tree / PLACE, symlinks=True)
    files = {
        here / "linux" / "cxr-desktop.desktop": f"usr/share/applications/{PROGRAM}.desktop",
        here.parent
        / "resources"
        / "icons"
        / "app.svg": f"usr/share/icons/hicolor/scalable/apps/{PROGRAM}.svg",
        here.parent / "NOTICE": f"usr/share/doc/{PROGRAM}/copyright",
    }
    for source, place in files.items():
        (tree / place).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(source, tree / place)
    (tree / "usr/bin").mkdir(parents=True)
    (tree / "usr/bin" / PROGRAM).symlink_to(f"../../{PLACE}/{PROGRAM}")
    for path in [tree, *tree.rglob("*")]:  # whatever the builder's umask was
        if path.is_symlink():
            continue
        runs = path.is_dir() or path.stat().st_mode & stat.S_IXUSR
        path.chmod(0o755 if runs else 0o644)


def make_deb(
    bundle: Path, here: Path, scratch: Path, target: Path, version: str, *, level: int = 6
) -> None:
    """Build the Debian package with dpkg-deb, owned by root, xz."""
    tree = scratch / "deb"
    shutil.rmtree(tree, ignore_errors=True)
    lay_out(bundle, here, tree)
    (tree / "DEBIAN").mkdir()
    text = control(version, folder_bytes(tree) // 1024, glibc_version())
    (tree / "DEBIAN" / "control").write_text(text, encoding="utf-8")
    command = [
        "dpkg-deb",
        "--root-owner-group",
        "-Zxz",
        f"-z{level}",
        "--build",
        str(tree),
        str(target),
    ]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(tree)


def make_tar(bundle: Path, target: Path, level: int = 6) -> None:
    """Pack the folder as it is, owned by nobody in particular, in the order of the names."""

    def plain(row: tarfile.TarInfo) -> tarfile.TarInfo:
        row.uid = row.gid = 0
        row.uname = row.gname = "root"
        row.mode = 0o755 if row.isdir() or row.mode & stat.S_IXUSR else 0o644
        return row

    if shutil.which("xz") is None:  # Python's own uses one core
        with tarfile.open(target, "w:xz") as archive:
            archive.add(bundle, bundle.name, filter=plain)
        return
    with target.open("wb") as file:
        command = ["xz", f"-{level}", "--threads=0", "--stdout"]
        packer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=file)
        assert packer.stdin is not None
        with packer.stdin, tarfile.open(fileobj=packer.stdin, mode="w|") as archive:
            archive.add(bundle, bundle.name, filter=plain)
        if packer.wait() != 0:
            raise OSError(f"xz could not write {target.name}")


def glibc_version() -> str:
    """Return the C library that the bundle was built on, and needs at least."""
    answer = os.confstr("CS_GNU_LIBC_VERSION") if hasattr(os, "confstr") else None
    return (answer or "glibc 2.36").split()[-1]


def write_sums(files: Iterable[Path], target: Path) -> None:
    """Write SHA256SUMS for ``sha256sum --check``."""
    rows = []
    for path in sorted(files, key=lambda path: path.name):
        with path.open("rb") as file:
            rows.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    target.write_text("".join(rows), encoding="ascii")
