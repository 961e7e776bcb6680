"""A `BackupMaker`, `BackupChecker` and `BackupRestorer` that write nothing."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.backup import BackupInfo
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.ports import JobContext


class FakeMaker:
    """Remembers backups; `fails_with` is raised by the next runs, `gone`: the disk is not there."""

    def __init__(self, now: Callable[[], datetime]) -> None:
        self._now = now
        self.made: list[BackupInfo] = []
        self.fails_with: Exception | None = None
        self.gone = False
        self.prepared: list[AuditEvent] = []

    def backups(self, folder: Path) -> Sequence[BackupInfo]:
        """List them, newest first."""
        if self.gone:
            raise StorageUnavailable("No disk.")
        return tuple(reversed(self.made))

    def run(self, folder: Path, keep: int, job: JobContext) -> BackupInfo:
        """Remember one."""
        job.report("Copying", 0.5)
        if self.fails_with is not None:
            raise self.fails_with
        path = folder / f"backup-{len(self.made) + 1}"
        info = BackupInfo(path, self._now(), "data", 12, 3 * 2**20, 1, "1-0123456789abcdef", "1.0")
        self.made.append(info)
        del self.made[:-keep]
        return info

    def verify(self, backup: Path, job: JobContext) -> BackupInfo:
        """Find it, or say that it is damaged."""
        job.report("Checking", 0.5)
        for info in self.made:
            if info.path == backup:
                return info
        raise StorageUnavailable("The backup is damaged.")

    def restore(self, backup: Path, target: Path, job: JobContext) -> BackupInfo:
        """Write nothing."""
        del target
        return self.verify(backup, job)

    def prepare(self, backup: Path, event: AuditEvent, job: JobContext) -> BackupInfo:
        """Remember that it was asked for, if the backup is there."""
        info = self.verify(backup, job)
        self.prepared = [event]
        return info

    def waits(self) -> bool:
        """Whether one was asked for."""
        return bool(self.prepared)

    def give_up(self) -> None:
        """Forget it."""
        self.prepared = []
