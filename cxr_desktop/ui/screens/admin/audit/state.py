"""What the Audit log tab shows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from cxr_desktop.domain.audit import AuditAction, AuditEntry, AuditQuery
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Filters:
    """What the list is narrowed to; `day` is one of this computer's place."""

    action: AuditAction | None = None
    user: str = ""
    day: date | None = None

    def query(self, *, below: int | None = None, limit: int) -> AuditQuery:
        """Say to the service which rows are wanted."""
        return AuditQuery(
            action=self.action,
            user=self.user.strip(),
            since=None if self.day is None else _midnight(self.day),
            before=None if self.day is None else _midnight(self.day + timedelta(days=1)),
            below=below,
            limit=limit,
        )


@dataclass(frozen=True, slots=True)
class Loading:
    """No answer has come yet."""


@dataclass(frozen=True, slots=True)
class Listed:
    """The rows read so far, newest first; `more`: there may be older ones.

    `busy` says what is being done beside that ("" for nothing).
    """

    entries: tuple[AuditEntry, ...]
    more: bool
    busy: str = ""
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class LoadFailed:
    """The log could not be read."""

    notice: Notice


AuditState = Loading | Listed | LoadFailed


def _midnight(day: date) -> datetime:
    """Return, in UTC, when a day of this computer's place begins."""
    return datetime.combine(day, time.min).astimezone().astimezone(UTC)
