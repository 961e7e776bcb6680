"""Watch for change without any reader's word: scores and refusals by week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from cxr_desktop.domain.audit import AuditAction, AuditQuery
from cxr_desktop.domain.drift import Drift, DriftTally
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.quality_rows import QualityRow, QualityRows
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access

PAGE = 2000
WEEKS = 26


@dataclass(frozen=True, slots=True)
class DriftPicture:
    """The figures, and a picture of them as SVG."""

    drift: Drift
    svg: str


class WatchDrift:
    """Needs `quality`, `see_result` and `see_others`; `zone` as in `ReportMonth`."""

    def __init__(
        self,
        rows: QualityRows,
        draw: Callable[[Drift], str],
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
        *,
        zone: tzinfo | None = None,
    ) -> None:
        self._rows = rows
        self._draw = draw
        self._access = access
        self._audit = audit
        self._now = now
        self._zone = zone

    def __call__(self, actor: Actor, job: JobContext) -> DriftPicture:
        """Compare the last four weeks with the 22 before.

        Raises `PermissionDenied`, `StorageUnavailable`, `JobCancelled`.
        """
        for permission in (Permission.SEE_RESULT, Permission.SEE_OTHERS, Permission.QUALITY):
            self._access.require(actor, permission)
        now = self._now()
        today = self._day(now)
        first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
        since = datetime.combine(first, time.min, UTC) - timedelta(days=1)  # any zone's Monday
        tally = DriftTally(today, WEEKS)
        after: QualityRow | None = None
        done = 0
        while True:
            page = self._rows.page(since, now + timedelta(seconds=1), after, PAGE)
            for row in page:
                tally.add(row.model, self._day(row.time), row.probability, row.manufacturer)
            done += len(page)
            job.report(f"{done:,} exams", 0.5)
            if len(page) < PAGE:
                break
            after = page[-1]
        self._count_refusals(tally, since, job)
        drift = tally.drift()
        return DriftPicture(drift, self._draw(drift))

    def _count_refusals(self, tally: DriftTally, since: datetime, job: JobContext) -> None:
        below: int | None = None
        while True:
            query = AuditQuery(AuditAction.FILM_REFUSED, since=since, below=below, limit=PAGE)
            entries = self._audit.search(query)
            for entry in entries:
                tally.add_refused(self._day(entry.event.time))
            job.report("Counting refused films", 0.9)
            if len(entries) < PAGE:
                return
            below = entries[-1].number

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()
