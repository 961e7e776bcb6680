"""Remove for good what the hospital's rule no longer keeps: an act of a person, never by itself."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.deletion import LONGEST_REASON, SHORTEST_REASON
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.retention import Due, RetentionStore
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access
from cxr_desktop.services.reasons import checked_reason

DELETED_DAYS, KEPT_YEARS = "retention.deleted_days", "retention.years"
DAYS_PER_YEAR = 365.2425
BATCH = 100


class ForgetsFilms(Protocol):
    """Where the films' files lie."""

    def forget(self, sha256: str) -> bool:
        """Unlink a film and its small picture; False where it was asked for just now."""
        ...


@dataclass(frozen=True, slots=True)
class RetentionRule:
    """The rule in numbers (0: that part is off), and how many exams it no longer keeps."""

    deleted_days: int
    years: int
    due: int


@dataclass(frozen=True, slots=True)
class Removed:
    """How many exams were emptied, and how many films' files are gone."""

    exams: int
    films: int


class RemoveForGood:
    """Needs `delete` and `manage_settings`."""

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        store: RetentionStore,
        archive: ForgetsFilms,
        settings: SettingsStore,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._archive = archive
        self._settings = settings
        self._access = access
        self._audit = audit
        self._now = now

    def rule(self, actor: Actor) -> RetentionRule:
        """Return the rule and what it no longer keeps; raises as the act does."""
        self._allowed(actor)
        days, years, due = self._due()
        return RetentionRule(days, years, 0 if due.is_off else self._store.count(due))

    def __call__(self, actor: Actor, reason: str, job: JobContext) -> Removed:
        """Empty the exams that are due, and unlink films that no other exam has.

        What was done before a cancel stays done, and is noted. Raises `PermissionDenied`,
        `InvalidRequest` (no rule, no reason), `StorageUnavailable`, `JobCancelled`.
        """
        current = self._allowed(actor)
        hint = "Say why, without naming a patient."
        said = checked_reason(reason, SHORTEST_REASON, LONGEST_REASON, hint)
        days, years, due = self._due()
        if due.is_off:
            raise InvalidRequest(
                "The rule keeps every exam.", hint="Set how long exams are kept in Admin, Settings."
            )
        total = self._store.count(due)
        rule = {"deleted_days": str(days), "years": str(years), "reason": said}

        def event(exams: int) -> AuditEvent:
            detail = {"exams": str(exams), **rule}
            return AuditEvent(AuditAction.EXAMS_REMOVED, current.name, self._now(), "", detail)

        exams = films = 0
        while True:
            job.report(f"Exam {exams:,} of {total:,}", exams / max(total, 1) / 2)
            count = self._store.remove(due, BATCH, event)
            exams += count
            if count < BATCH:
                break
        job.report("Words to search by", 0.5)
        self._store.tidy()
        waiting = self._store.films()
        for number, sha256 in enumerate(waiting):
            job.report(f"Film {number:,} of {len(waiting):,}", 0.5 + number / len(waiting) / 2)
            films += self._store.release(sha256, self._archive.forget)
        detail = {"films": str(films), "exams": str(exams), **rule}
        self._audit.append(
            AuditEvent(AuditAction.FILMS_REMOVED, current.name, self._now(), "", detail)
        )
        return Removed(exams, films)

    def _due(self) -> tuple[int, int, Due]:
        days, years = (int(self._settings.get(key)) for key in (DELETED_DAYS, KEPT_YEARS))
        now = self._now()
        return (
            days,
            years,
            Due(
                now - timedelta(days=days) if days else None,
                now - timedelta(days=years * DAYS_PER_YEAR) if years else None,
            ),
        )

    def _allowed(self, actor: Actor) -> Actor:
        return self._access.require(actor, Permission.MANAGE_SETTINGS, Permission.DELETE)
