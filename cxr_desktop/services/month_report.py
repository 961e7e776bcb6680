"""The month's report on quality, from daily work: it costs nobody any time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent, AuditQuery
from cxr_desktop.domain.month import MonthFacts, MonthFigures, MonthTally
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.quality_rows import OPPOSITE, QualityRows
from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.settings import SettingsStore
from cxr_desktop.services.access import Access
from cxr_desktop.services.local_days import midnight
from cxr_desktop.services.refused_films import refusals_by_reason

ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class MonthTools:
    """Where the rows come from, what writes the page, and what saves its PDF."""

    rows: QualityRows
    layouts: Callable[[MonthFacts], tuple[str, ...]]
    save: Callable[[Path, bytes], None]


class ReportMonth:
    """Needs `quality`, `see_result` and `see_others`: it counts everybody's exams.

    `zone` is the clock that months are those of, None for this computer's.
    """

    def __init__(
        self,
        tools: MonthTools,
        settings: SettingsStore,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
        *,
        program_version: str,
        zone: tzinfo | None = None,
    ) -> None:
        self._tools = tools
        self._settings = settings
        self._access = access
        self._audit = audit
        self._now = now
        self._program_version = program_version
        self._zone = zone

    def __call__(self, actor: Actor, month: date, job: JobContext) -> MonthFigures:
        """Count the month that holds this day.

        Raises `PermissionDenied`, `StorageUnavailable`, `JobCancelled`.
        """
        self._allowed(actor)
        first = month.replace(day=1)
        tally, rows = MonthTally(first), self._tools.rows
        days = (_next(first) - first).days
        for number in range(days):
            day = first + timedelta(days=number)
            since, before = midnight(day, self._zone), midnight(day + ONE_DAY, self._zone)
            job.report(f"{day:%Y-%m-%d}", number / days)
            tally.add(rows.counts(since, before), rows.milliseconds(since, before))
            tally.add_readings(rows.reading_seconds(since, before))
            for said in OPPOSITE:
                tally.note(said, rows.contradicted(since, before, said, tally.left(said)))
        since, before = midnight(first, self._zone), midnight(_next(first), self._zone)
        query = AuditQuery(since=since, before=before)
        return tally.figures(refusals_by_reason(self._audit, query, job))

    def page(self, actor: Actor, figures: MonthFigures) -> ReportPage:
        """Return the figures as one page; that it was made is noted."""
        current = self._allowed(actor)
        facts = MonthFacts(
            figures=figures,
            hospital=hospital_of(self._settings),
            printed_by=current.user.full_name or current.name,
            printed_at=self._now(),
            program_version=self._program_version,
        )
        detail = {"month": f"{figures.first:%Y-%m}"}
        event = AuditEvent(AuditAction.REPORT_MADE, current.name, self._now(), "", detail)
        self._audit.append(event)
        return ReportPage(f"{figures.first:%Y-%m}", self._tools.layouts(facts), None, None)

    def save(self, path: Path, pdf: bytes) -> None:
        """Write a page that was made as a PDF, whole or not at all. Raises `StorageUnavailable`."""
        self._tools.save(path, pdf)

    def _allowed(self, actor: Actor) -> Actor:
        return self._access.require(
            actor, Permission.SEE_RESULT, Permission.SEE_OTHERS, Permission.QUALITY
        )


def hospital_of(settings: SettingsStore) -> str:
    """Return the name at the top of a page on quality."""
    name = str(settings.get("report.letterhead")).strip()
    return name or str(settings.get("general.institution")).strip()


def _next(first: date) -> date:
    return date(first.year + first.month // 12, first.month % 12 + 1, 1)
