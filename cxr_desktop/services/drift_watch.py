"""Watch for change without any reader's word: scores and refusals by week."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from cxr_desktop.domain.audit import AuditQuery
from cxr_desktop.domain.drift import Drift, DriftTally
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.quality_rows import QualityRows
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.local_days import midnight
from cxr_desktop.services.refused_films import refused_films

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
        self._access.require(
            actor, Permission.SEE_RESULT, Permission.SEE_OTHERS, Permission.QUALITY
        )
        today = self._now().astimezone(self._zone).date()
        first = today - timedelta(days=today.weekday(), weeks=WEEKS - 1)
        tally = DriftTally(today, WEEKS)
        for number in range(WEEKS):
            monday = first + timedelta(weeks=number)
            job.report(f"{monday:%Y-%m-%d}", number / WEEKS)
            for found in self._rows.scores(*self._week(monday)):
                tally.add(found.model, monday, found.lowest, found.manufacturer, found.films)
        since = midnight(first, self._zone)
        self._count_refusals(tally, since, job)
        drift = tally.drift()
        return DriftPicture(drift, self._draw(drift))

    def _count_refusals(self, tally: DriftTally, since: datetime, job: JobContext) -> None:
        for entries in refused_films(self._audit, AuditQuery(since=since), job):
            for entry in entries:
                tally.add_refused(self._day(entry.event.time))

    def _week(self, monday: date) -> tuple[datetime, datetime]:
        """Return where a week begins and ends; one that is not over ends now."""
        end = midnight(monday + timedelta(weeks=1), self._zone)
        return midnight(monday, self._zone), min(end, self._now() + timedelta(seconds=1))

    def _day(self, moment: datetime) -> date:
        return moment.astimezone(self._zone).date()
