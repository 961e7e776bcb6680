"""What a backup is, as people see it, and who makes and reads one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.ports import JobContext


@dataclass(frozen=True, slots=True)
class BackupInfo:
    """One complete backup: where it lies, when it was made (aware UTC), of which data folder.

    `files` and `size` (bytes) count everything it holds, the database too; `events` and `seal` are
    those of the audit log at that moment.
    """

    path: Path
    time: datetime
    data_folder: str
    files: int
    size: int
    events: int
    seal: str
    program_version: str


@dataclass(frozen=True, slots=True)
class BackupStatus:
    """How the backups of this data folder stand; `folder` is "" where none was chosen.

    `backups` are the complete ones, newest first; `problem` is a sentence when the folder cannot be
    read now (a stick that is not there, say). `restore_waits`: a restored folder is used
    from the next start on.
    """

    folder: str
    keep: int
    backups: tuple[BackupInfo, ...]
    problem: str = ""
    restore_waits: bool = False


class BackupMaker(Protocol):
    """Makes backups of the data folder."""

    def backups(self, folder: Path) -> Sequence[BackupInfo]:
        """List the complete ones in a folder, newest first. Raises `StorageUnavailable`."""
        ...

    def run(self, folder: Path, keep: int, job: JobContext) -> BackupInfo:
        """Make and check one, then remove older ones but for the newest `keep`.

        Raises `StorageUnavailable`, `InvalidRequest`, `JobCancelled`.
        """
        ...


class BackupChecker(Protocol):
    """Reads backups."""

    def verify(self, backup: Path, job: JobContext) -> BackupInfo:
        """Read one whole. Raises `StorageUnavailable` naming what is wrong, `InvalidRequest`."""
        ...

    def restore(self, backup: Path, target: Path, job: JobContext) -> BackupInfo:
        """Make the data folder `target` out of it; raises as `verify` does."""
        ...


class BackupRestorer(Protocol):
    """Puts a backup in the place of the data folder, at the next start."""

    def prepare(self, backup: Path, event: AuditEvent, job: JobContext) -> BackupInfo:
        """Restore and check it; `event` is in its audit log after the first sign-in.

        Raises as `BackupChecker.verify` does; then nothing waits.
        """
        ...

    def waits(self) -> bool:
        """Whether one is restored and waits for the next start."""
        ...

    def give_up(self) -> None:
        """Forget it. Raises `StorageUnavailable`."""
        ...
