"""Looks through the whole data folder, from time to time and when somebody asks for it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta
from threading import Lock

from cxr_desktop.domain.audit import AuditAction, AuditEvent, AuditQuery
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.full_check import FolderParts, FullCheck
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access

INTERVAL = "check.days"
PROGRAM = "(program)"  # nobody asked for it


class CheckEverything:
    """Checks when it is due; the result is an event of the audit log.

    Cut off by a cancel, it goes on where it was, until the program ends.
    """

    def __init__(
        self,
        parts: FolderParts,
        settings: SettingsStore,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._parts = parts
        self._settings = settings
        self._audit = audit
        self._now = now
        self._looked_at: dict[str, bool] = {}  # the films so far, and whether they are sound
        self._last: FullCheck | None = None
        self._one_at_a_time = Lock()

    def last(self) -> FullCheck | None:
        """Return the newest result, None before the first. Raises `StorageUnavailable`."""
        if self._last is None:
            query = AuditQuery(action=AuditAction.FOLDER_CHECKED, limit=1)
            for entry in self._audit.search(query):
                self._last = _check_of(entry.event)
        return self._last

    def run_if_due(self, job: JobContext) -> FullCheck | None:
        """Check everything if the last time is long enough ago; None when there was nothing to do.

        Raises `StorageUnavailable`, `JobCancelled`.
        """
        days = int(self._settings.get(INTERVAL))
        last, now = self.last(), self._now()
        if days == 0 or (last is not None and now - timedelta(days=days) < last.time <= now):
            return None
        return self.run(job)

    def run(self, job: JobContext, who: str = PROGRAM) -> FullCheck:
        """Check everything now.

        Raises `StorageUnavailable`, `JobCancelled`, and `InvalidRequest` during another check.
        """
        if not self._one_at_a_time.acquire(blocking=False):
            raise InvalidRequest(
                "A full check is under way already.", hint="Wait until it has ended, or stop it."
            )
        try:
            return self._run(job, who)
        finally:
            self._one_at_a_time.release()

    def _run(self, job: JobContext, who: str) -> FullCheck:
        job.report("Checking the database", 0.0)
        database_sound = self._parts.database_is_sound()
        job.report("Checking the audit log", 0.05)
        log_sound = self._parts.log_is_sound()
        films: list[str] = []
        with suppress(StorageUnavailable):  # a damaged database was found above
            films = list(self._parts.films())
        for number, film in enumerate(films):
            job.report("Checking the films", 0.1 + 0.9 * number / len(films))
            if film not in self._looked_at:
                self._looked_at[film] = self._parts.film_is_sound(film)
        damaged = [film for film in films if not self._looked_at[film]]
        self._looked_at.clear()
        result = FullCheck(self._now(), len(films), len(damaged), database_sound, log_sound)
        self._last = result
        with suppress(StorageUnavailable):  # into a damaged log nothing can be written
            self._audit.append(_event_of(result, who))
        return result


class CheckNow:
    """The same check when a person who manages backups asks for it."""

    def __init__(self, check: CheckEverything, access: Access) -> None:
        self._check = check
        self._access = access

    def last(self, actor: Actor) -> FullCheck | None:
        """Return the newest result, None before the first. Raises `PermissionDenied`."""
        self._access.require(actor, Permission.MANAGE_BACKUPS)
        return self._check.last()

    def __call__(self, actor: Actor, job: JobContext) -> FullCheck:
        """Check everything; raises as `CheckEverything.run` does, and `PermissionDenied`."""
        current = self._access.require(actor, Permission.MANAGE_BACKUPS)
        return self._check.run(job, current.name)


def _event_of(check: FullCheck, who: str) -> AuditEvent:
    detail = {
        "films": str(check.films),
        "damaged_films": str(check.damaged_films),
        "database": "sound" if check.database_sound else "damaged",
        "audit_log": "sound" if check.log_sound else "changed",
    }
    return AuditEvent(AuditAction.FOLDER_CHECKED, who, check.time, detail=detail)


def _check_of(event: AuditEvent) -> FullCheck:
    return FullCheck(
        event.time,
        int(event.detail["films"]),
        int(event.detail["damaged_films"]),
        event.detail["database"] == "sound",
        event.detail["audit_log"] == "sound",
    )
