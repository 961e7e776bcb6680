"""Whether a folder lies on another computer.

SQLite's locks and its log need a disk of this one (https://www.sqlite.org/wal.html, “all
processes using a database must be on the same host computer”): over a network two programs can
write at once, and what was stored can be lost.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from cxr_desktop.domain.errors import StorageUnavailable

MOUNTS = Path("/proc/self/mountinfo")
NETWORK = frozenset(
    ("nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ncpfs", "davfs", "ceph", "glusterfs",
     "fuse.sshfs", "fuse.davfs2", "fuse.glusterfs", "fuse.smbnetfs", "fuse.rclone",
     "fuse.gvfsd-fuse")
)  # fmt: skip
DRIVE_REMOTE = 4  # GetDriveTypeW
ESCAPE = re.compile(r"\\([0-7]{3})")


def refuse_network_share(folder: Path, mounts: Path = MOUNTS) -> None:
    """Raise `StorageUnavailable` for a folder on a network share; it need not exist yet."""
    remote = _on_remote_drive(folder) if os.name == "nt" else _on_network(folder, mounts)
    if remote:
        raise StorageUnavailable(
            f"The data folder “{folder}” lies on a network share.",
            hint="Choose one on a disk of this computer; send backups to the share instead.",
        )


def _on_network(folder: Path, mounts: Path) -> bool:
    try:
        rows = mounts.read_text(encoding="utf-8", errors="surrogateescape").splitlines()
    except OSError:
        return False  # a system that does not tell
    place, best = folder.absolute().resolve(), (-1, "")
    for row in rows:
        # https://www.kernel.org/doc/html/latest/filesystems/proc.html, section 3.5
        before, _, after = row.partition(" - ")
        fields = before.split(" ")
        if len(fields) > 4 and after:
            point = Path(ESCAPE.sub(lambda found: chr(int(found[1], 8)), fields[4]))
            if place.is_relative_to(point) and len(point.parts) >= best[0]:
                best = (len(point.parts), after.split(" ")[0])
    return best[1] in NETWORK


def _on_remote_drive(folder: Path) -> bool:
    place = folder.absolute()
    if place.drive.startswith("\\\\"):
        return True
    import ctypes  # noqa: PLC0415 - Windows only

    kernel = getattr(ctypes, "windll").kernel32  # noqa: B009 - unknown to checkers elsewhere
    return int(kernel.GetDriveTypeW(f"{place.drive}\\")) == DRIVE_REMOTE
