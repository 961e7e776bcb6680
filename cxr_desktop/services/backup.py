"""Backups of the data folder: by hand, and once a day by themselves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.backup import (
    BackupChecker,
    BackupInfo,
    BackupMaker,
    BackupRestorer,
    BackupStatus,
)
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable, UserError
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access

FOLDER, KEEP = "backup.folder", "backup.keep"
EVERY = timedelta(hours=20)  # a little less than a day: switched on earlier, it still runs
PROGRAM = "(program)"  # who made a backup that nobody asked for


class BackUp:
    """Makes, lists and checks backups; every run is in the audit log, failed ones too."""

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        maker: BackupMaker,
        checker: BackupChecker,
        settings: SettingsStore,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
        restorer: BackupRestorer,
        check_folder: Callable[[Path], None],
    ) -> None:
        self._maker = maker
        self._checker = checker
        self._settings = settings
        self._access = access
        self._audit = audit
        self._now = now
        self._restorer = restorer
        self._check_folder = check_folder

    def status(self, actor: Actor) -> BackupStatus:
        """Say where backups go and which there are; never raises for a disk that is not there."""
        self._access.require(actor, Permission.MANAGE_BACKUPS)
        folder, keep, waits = self._folder(), self._keep(), self._restorer.waits()
        if not folder:
            return BackupStatus("", keep, (), restore_waits=waits)
        try:
            made = tuple(self._maker.backups(Path(folder)))
        except StorageUnavailable as error:
            return BackupStatus(folder, keep, (), str(error), waits)
        return BackupStatus(folder, keep, made, restore_waits=waits)

    def choose_folder(self, actor: Actor, folder: Path) -> None:
        """Send backups to another folder from now on.

        Raises `InvalidRequest` for one that is not there, or inside the data folder.
        """
        self._access.require(actor, Permission.MANAGE_BACKUPS)
        self._check_folder(folder)
        before = self._folder()
        self._settings.set(FOLDER, str(folder))
        detail = {"from": before, "to": str(folder)}
        self._audit.append(
            AuditEvent(AuditAction.SETTING_CHANGED, actor.name, self._now(), FOLDER, detail)
        )

    def run(self, actor: Actor, job: JobContext, folder: Path | None = None) -> BackupInfo:
        """Make a backup now, in `folder` or the chosen one.

        Raises `InvalidRequest` where no folder was chosen, `StorageUnavailable`, `JobCancelled`.
        """
        self._access.require(actor, Permission.MANAGE_BACKUPS)
        target = folder or Path(self._folder())
        if folder is None and not self._folder():
            raise InvalidRequest(
                "No folder for backups was chosen yet.",
                hint="Choose one on another disk or a USB stick.",
            )
        return self._make(actor.name, target, job)

    def run_if_due(self, job: JobContext) -> BackupInfo | None:
        """Make the daily backup when a folder was chosen and the newest one is old enough.

        Nobody needs to be signed in. Returns None when there was nothing to do; raises as `run`.
        """
        folder = self._folder()
        if not folder:
            return None
        try:
            made = [info.time for info in self._maker.backups(Path(folder))]
        except StorageUnavailable as error:
            self._note_failure(PROGRAM, error)
            raise
        now = self._now()
        # One from the future (the clock was wrong) says nothing about today.
        if any(now - EVERY < time <= now for time in made):
            return None
        return self._make(PROGRAM, Path(folder), job)

    def verify(self, actor: Actor, backup: Path, job: JobContext) -> BackupInfo:
        """Read a backup whole. Raises `StorageUnavailable` naming what is wrong."""
        self._access.require(actor, Permission.MANAGE_BACKUPS)
        return self._checker.verify(backup, job)

    def restore(self, actor: Actor, backup: Path, job: JobContext) -> BackupInfo:
        """Restore a backup, to be used from the next start on; the folder in use stays as it is.

        It is in both audit logs, this one and the restored one. Raises as `verify` does.
        """
        current = self._access.require(actor, Permission.MANAGE_BACKUPS)
        event = AuditEvent(
            AuditAction.RESTORE_PREPARED, current.name, self._now(), backup.name,
        )  # fmt: skip
        info = self._restorer.prepare(backup, event, job)
        with suppress(StorageUnavailable):  # a damaged log is what restoring is for
            self._audit.append(event)
        return info

    def give_up_restore(self, actor: Actor) -> None:
        """Go on with the folder in use after all. Raises `StorageUnavailable`."""
        current = self._access.require(actor, Permission.MANAGE_BACKUPS)
        self._restorer.give_up()
        self._audit.append(AuditEvent(AuditAction.RESTORE_GIVEN_UP, current.name, self._now()))

    def _make(self, who: str, folder: Path, job: JobContext) -> BackupInfo:
        try:
            info = self._maker.run(folder, self._keep(), job)
        except UserError as error:
            self._note_failure(who, error)
            raise
        detail = {"files": str(info.files), "seal": info.seal}
        self._audit.append(
            AuditEvent(AuditAction.BACKUP_MADE, who, self._now(), info.path.name, detail)
        )
        return info

    def _note_failure(self, who: str, error: UserError) -> None:
        detail = {"reason": error.message}
        self._audit.append(AuditEvent(AuditAction.BACKUP_FAILED, who, self._now(), detail=detail))

    def _folder(self) -> str:
        return str(self._settings.get(FOLDER)).strip()

    def _keep(self) -> int:
        return int(self._settings.get(KEEP))
