"""Look at the audit log, verify it, write it into a file; that somebody did is in the log, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from cxr_desktop.domain.audit import SEAL_DIGITS, AuditAction, AuditEntry, AuditEvent, AuditQuery
from cxr_desktop.domain.errors import InvalidRequest, StorageUnavailable
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.tables import Counted
from cxr_desktop.services.access import Access

SEAL = re.compile(rf"([1-9][0-9]{{0,17}})-([0-9a-f]{{{SEAL_DIGITS}}})")
EXPORT_PAGE = 1000

WriteTable = Callable[[Path, Iterable[AuditEntry]], None]


@dataclass(frozen=True, slots=True)
class Verified:
    """A log that is sound: how many events, and the seal of the last one."""

    events: int
    seal: str


class ReadAuditTrail:
    """For accounts with the permission to view the audit log.

    `write_table` writes rows into a new file.
    """

    def __init__(
        self,
        audit: AuditLog,
        access: Access,
        write_table: WriteTable,
        now: Callable[[], datetime],
    ) -> None:
        self._audit = audit
        self._access = access
        self._write_table = write_table
        self._now = now

    def search(self, actor: Actor, query: AuditQuery) -> Sequence[AuditEntry]:
        """Return rows, newest first. The first page of a list notes that the log was looked at."""
        self._access.require(actor, Permission.VIEW_AUDIT)
        if query.below is None:
            self._note(actor, "view")
        return self._audit.search(query)

    def verify(self, actor: Actor, seal: str = "") -> Verified:
        """Recompute the whole chain; with a `seal` of earlier, also that it belongs to this log.

        Raises `StorageUnavailable` for a log that was changed, `InvalidRequest` for a seal that
        cannot be one.
        """
        self._access.require(actor, Permission.VIEW_AUDIT)
        asked = seal.strip().lower()
        parts = SEAL.fullmatch(asked)
        if asked and parts is None:
            raise InvalidRequest(
                "This is no seal of an audit log.",
                hint="A seal is a number, a dash and 16 digits or letters a to f.",
            )
        count = self._audit.verify()
        if parts is not None:
            entry = self._audit.entry(int(parts[1]))
            if entry is None or entry.seal != asked:
                raise StorageUnavailable(
                    "The audit log is not the one that was sealed: it was replaced or cut off.",
                    hint="Keep the data folder as it is and tell whoever is responsible for data"
                    " protection.",
                )
        last = self._audit.entry(count)
        self._note(actor, "verify")
        return Verified(count, last.seal if last else "")

    def export(self, actor: Actor, query: AuditQuery, target: Path, job: JobContext) -> int:
        """Write the rows of a query into a new CSV file; return how many.

        Raises `InvalidRequest` when there is such a file already, and `StorageUnavailable`.
        """
        self._access.require(actor, Permission.VIEW_AUDIT)
        self._note(actor, "export")
        entries = Counted(self._all(query, job))
        self._write_table(target, entries)
        return entries.count

    def _all(self, query: AuditQuery, job: JobContext) -> Iterator[AuditEntry]:
        below, first = query.below, 0
        while page := self._audit.search(replace(query, below=below, limit=EXPORT_PAGE)):
            below = page[-1].number
            first = first or page[0].number
            job.report("Writing the audit log", 1 - below / first)
            yield from page

    def _note(self, actor: Actor, subject: str) -> None:
        event = AuditEvent(AuditAction.AUDIT_LOG_USED, actor.name, self._now(), subject)
        self._audit.append(event)
