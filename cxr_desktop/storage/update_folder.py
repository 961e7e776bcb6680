"""The folder where IT puts newer versions: it is only read, and nothing is installed from it."""

from __future__ import annotations

import hashlib
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from cxr_desktop.domain.errors import InvalidRequest

SUMS = "SHA256SUMS"
NAME = re.compile(
    r"cxr-desktop-(?P<version>\d+(\.\d+)+)-(?P<system>linux|windows)-x86_64(\.deb|\.tar\.xz|\.msi|-setup\.exe)"
)
SYSTEM = "windows" if sys.platform == "win32" else "linux"
AGAIN = "Do not install it: copy it and SHA256SUMS again from where they came from."


@dataclass(frozen=True, slots=True)
class Update:
    """An installer of a newer version."""

    version: str
    file: Path


def newest_update(folder: Path, version: str, system: str = "") -> Update | None:
    """Return the newest installer for this system above this version, its sum checked.

    Raises OSError for a folder that cannot be read, `InvalidRequest` for a file that is not what
    SHA256SUMS beside it says.
    """
    newer = [
        update
        for update in _installers(folder, system or SYSTEM)
        if _numbers(update.version) > _numbers(version)
    ]
    if not newer:
        return None
    update = max(newer, key=lambda one: (_numbers(one.version), one.file.name))
    wanted = _sums(folder).get(update.file.name)
    with update.file.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
    if wanted is None or found != wanted:
        why = (
            f"{SUMS} beside it does not name it" if wanted is None else f"it is not as {SUMS} says"
        )
        raise InvalidRequest(f"“{update.file}” cannot be trusted: {why}.", hint=AGAIN)
    return update


def _installers(folder: Path, system: str) -> Iterator[Update]:
    for path in sorted(folder.iterdir()):
        found = NAME.fullmatch(path.name)
        if found and found["system"] == system and path.is_file():
            yield Update(found["version"], path)


def _sums(folder: Path) -> dict[str, str]:
    try:
        text = (folder / SUMS).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    rows = (line.split(maxsplit=1) for line in text.splitlines())
    return {row[1].lstrip("*").strip(): row[0].lower() for row in rows if len(row) == 2}


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(map(int, version.split(".")))
