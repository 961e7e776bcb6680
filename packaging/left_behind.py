"""What the frozen program leaves behind, and whom it calls: checks after the smoke test's others.

Each returns a sentence about what it saw, or raises `Failed`.
"""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

from bare_places import BareRoot
from frozen import Failed, Frozen

ADDRESS = re.compile(
    r"(?P<call>connect|bind|sendto|sendmsg)\([^\n]*?sa_family=(?P<family>AF_\w+)"
    r"(?:, sun_path=(?P<path>@?\"[^\"\n]*\"))?"
)
LEFT = (  # in the person's home, besides the DICOM export
    ".cache/fontconfig/*",
    ".config/QtProject.conf",  # where Qt's dialog to open files was last
    ".config/cxr-desktop/window.ini",
)


def offline(traced: Path) -> str:
    """Look at every system call that could have left this computer."""
    logs = list(traced.glob("*.txt"))
    found = [row for log in logs for row in ADDRESS.finditer(log.read_text(errors="replace"))]
    internet = [row[0] for row in found if row["family"].startswith("AF_INET")]
    if internet or not logs:
        raise Failed(f"{len(internet)} calls to the internet: {internet[:3]}")
    others = Counter(f"{row['call']} {row['family']} {row['path'] or ''}" for row in found)
    told = "; ".join(f"{count} times {what.strip()}" for what, count in others.most_common())
    return f"{len(logs)} runs traced, 0 calls with an internet address; else: {told or 'none'}"


def data_stay_private(work: Path) -> str:
    """Look for anything in the data folder that others may read."""
    loose = [path for path in (work / "data").rglob("*") if path.stat().st_mode & 0o077]
    if loose:
        raise Failed(f"others may read {[path.name for path in loose[:5]]}")
    return "nothing in the data folder is open to others"


def nothing_elsewhere(work: Path) -> str:
    """Look for what the program left in the person's home, where nothing of it belongs."""
    home = work / "home"
    files = [path.relative_to(home) for path in home.rglob("*") if path.is_file()]
    strange = [
        path.as_posix()
        for path in files
        if path.suffix != ".dcm" and not any(path.match(known) for known in LEFT)
    ]
    if strange:
        raise Failed(f"left in the home folder: {strange}")
    return f"{len(files)} files in the home folder, all known: {', '.join(LEFT)}"


def removal(frozen: Frozen, work: Path, bare: BareRoot, deb: Path) -> str:
    """Remove the package: nothing of it stays, and all data; installed again it lists them."""
    before = content_of(work)
    if left := bare.remove():
        raise Failed(f"left behind: {left}")
    if content_of(work) != before:
        raise Failed("the data folder was changed by the removal")
    bare.install(deb)
    exams = len(frozen.data("history", "--json").rows())
    bare.remove()
    if not exams:
        raise Failed("after a new installation no exam was listed")
    return f"nothing left behind, {len(before)} files untouched; installed again: {exams} exams"


def content_of(folder: Path) -> dict[Path, bytes]:
    """Return what every file of a folder holds."""
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
