"""What lies in a backup folder, and reading and writing its parts.

::

    CHOSEN FOLDER/cxr-desktop-backups/
        README.txt                 what this is and how to restore it
        pool/ab/ab12…              every file but the database, by its SHA-256, kept once
        backup-20260301-120000/    one complete backup
            history.sqlite3        the database, one file, encrypted as the one it was copied from
            keys.sqlite3           wrapped keys and what else a sign-in needs (door.py)
            manifest.json          what belongs to it: paths, SHA-256, sizes; with a checksum
        .20260301-120000.part/     one that was not finished: never read, removed by the next run
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from cxr_desktop.domain.audit import SEAL_DIGITS
from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.files import open_private
from cxr_desktop.storage.audit import verify_chain
from cxr_desktop.storage.connection import Key, connection
from cxr_desktop.storage.database import by_rows
from cxr_desktop.storage.faults import DAMAGED, database_faults

PLACE = "cxr-desktop-backups"
POOL = "pool"
PREFIX = "backup-"
MANIFEST = "manifest.json"
DATABASE, DOOR = "history.sqlite3", "keys.sqlite3"
FORMAT = 2  # 1 had no keys.sqlite3, and nothing in it was encrypted
READABLE = frozenset({1, FORMAT})
PIECE = 1 << 20
DIGITS = frozenset("0123456789abcdef")


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a backup: SHA-256 and size in bytes."""

    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """What belongs to a backup; `parts` by path inside the data folder, with “/”."""

    time: datetime
    data_folder: str
    program_version: str
    events: int
    seal: str
    parts: dict[str, Part]

    def info(self, path: Path) -> BackupInfo:
        """Return it as people see it."""
        return BackupInfo(
            path=path,
            time=self.time,
            data_folder=self.data_folder,
            files=len(self.parts),
            size=sum(part.size for part in self.parts.values()),
            events=self.events,
            seal=self.seal,
            program_version=self.program_version,
        )

    def text(self) -> str:
        """Return the manifest as it is stored."""
        body: dict[str, Any] = {
            "format": FORMAT,
            "time": self.time.isoformat(),
            "data_folder": self.data_folder,
            "program_version": self.program_version,
            "events": self.events,
            "seal": self.seal,
            "parts": {name: [part.sha256, part.size] for name, part in self.parts.items()},
        }
        return json.dumps({**body, "checksum": _checksum(body)}, indent=1, sort_keys=True)


def read_manifest(backup: Path) -> Manifest:
    """Read a backup's manifest. Raises `StorageUnavailable` for a damaged or newer one."""
    with backup_faults():
        content = (backup / MANIFEST).read_bytes()
    try:
        return _manifest_of(json.loads(content))
    except (ValueError, TypeError, LookupError, AttributeError) as error:
        raise damaged_backup(MANIFEST) from error


def _manifest_of(body: dict[str, Any]) -> Manifest:
    if body.pop("checksum") != _checksum(body):
        raise ValueError("checksum")
    if body["format"] not in READABLE:
        raise StorageUnavailable(
            "The backup was made by a newer version of this program.",
            hint="Use that version to restore it.",
        )
    return Manifest(
        datetime.fromisoformat(body["time"]),
        str(body["data_folder"]),
        str(body["program_version"]),
        int(body["events"]),
        str(body["seal"]),
        {_inside(name): _part(row) for name, row in body["parts"].items()},
    )


def backups_in(place: Path) -> list[Path]:
    """Return the complete backups of a place, newest first. Raises `StorageUnavailable`."""
    with backup_faults():
        if not place.is_dir():
            return []
        found = [path for path in place.iterdir() if path.name.startswith(PREFIX)]
    return sorted(found, key=lambda path: path.name, reverse=True)


def pool_path(place: Path, sha256: str) -> Path:
    """Where a file of that SHA-256 lies."""
    return place / POOL / sha256[:2] / sha256


def copy_checked(source: Path, target: Path, sha256: str) -> None:
    """Copy a file into a new one and onto the disk. Raises `StorageUnavailable` for other bytes."""
    digest = hashlib.sha256()
    with source.open("rb") as reading, open_private(target) as writing:
        while piece := reading.read(PIECE):
            digest.update(piece)
            writing.write(piece)
        writing.flush()
        os.fsync(writing.fileno())
    if digest.hexdigest() != sha256:
        target.unlink()
        raise damaged_backup(source.name)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def check_database(path: Path, key: Key | None = None) -> tuple[int, str]:
    """Check a database copy whole; return its number of events and their seal.

    Without a `key` the copy is a plain one. Nothing is written beside it. Raises
    `StorageUnavailable` for a damaged one or a changed log.
    """
    options = "mode=ro&immutable=1"
    with database_faults(), connection(path, key=key, options=options) as opened:
        if opened.execute("PRAGMA integrity_check").fetchall() != [("ok",)]:
            raise StorageUnavailable(DAMAGED[0], hint="Take an older backup.")
        events = verify_chain(by_rows(opened))
        last = opened.execute("SELECT hash FROM audit_head").fetchone()[0]
    return events, f"{events}-{last[:SEAL_DIGITS]}" if events else ""


def damaged_backup(name: str) -> StorageUnavailable:
    """Say that a part of a backup is not what was written."""
    return StorageUnavailable(
        f"The backup is damaged: “{name}” is not as it was written.",
        hint="Take another backup, and look for another disk for the next ones.",
    )


@contextmanager
def backup_faults() -> Iterator[None]:
    """Turn the file system's errors inside into `StorageUnavailable`."""
    try:
        yield
    except OSError as error:
        if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
            message, hint = "The backup disk is full.", "Free some space on it, or take another."
        elif error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
            message = "The backup folder cannot be written."
            hint = "Choose another folder, or ask for write access to it."
        else:
            message = "The backup folder could not be read or written."
            hint = "Check that its disk is connected and sound, then try again."
        raise StorageUnavailable(message, hint=hint) from error


def _checksum(body: dict[str, Any]) -> str:
    text = json.dumps(body, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _inside(name: str) -> str:
    """Return the path. Raises ValueError for one that would lead out of the data folder."""
    path = PurePosixPath(name)
    odd = "\\" in name or ":" in name or "\0" in name
    if odd or path.is_absolute() or not path.parts or ".." in path.parts or str(path) != name:
        raise ValueError("a path that leads elsewhere")
    return name


def _part(row: list[Any]) -> Part:
    sha256, size = row
    if not isinstance(size, int) or len(sha256) != 64 or not DIGITS.issuperset(sha256):
        raise ValueError("no file of a backup")
    return Part(sha256, size)
