"""The hospital's own figures, from what its readers said of the model's answers."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, tzinfo
from functools import partial

from cxr_desktop.domain.audit import AuditQuery
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.own_figures import OwnFigures, Tally
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.history_pages import every_page
from cxr_desktop.services.refused_films import refusals_by_reason


class MeasureOwnExams:
    """Counts the exams that a query finds and the person may see; stores nothing.

    `zone` is the clock that weeks are those of, None for this computer's.
    """

    def __init__(
        self,
        history: BrowseHistory,
        access: Access,
        audit: AuditLog,
        *,
        now: Callable[[], datetime],
        zone: tzinfo | None = None,
    ) -> None:
        self._history = history
        self._access = access
        self._audit = audit
        self._now = now
        self._zone = zone

    def __call__(self, actor: Actor, query: HistoryQuery, job: JobContext) -> OwnFigures:
        """Return the figures. Refusals are those of the same time, of all users.

        They are left out for who may not see exams of other users. Raises `PermissionDenied`,
        `StorageUnavailable`, `JobCancelled`.
        """
        current = self._access.require(actor, Permission.SEE_RESULT)
        now = self._now()
        frozen = replace(query.as_of(now), sort="time", descending=False)
        tally, done = Tally(), 0
        for page in every_page(partial(self._history.search, current), frozen):
            for row in page.rows:
                tally.add(row, row.time.astimezone(self._zone).date())
            done += len(page.rows)
            job.report(f"{done:,} of {page.total:,} exams", done / max(page.total, 1))
        refused = self._refusals(frozen, job) if current.may(Permission.SEE_OTHERS) else {}
        return tally.figures(refused)

    def _refusals(self, query: HistoryQuery, job: JobContext) -> Counter[str]:
        asked = AuditQuery(user=query.user, since=query.since, before=query.before)
        return refusals_by_reason(self._audit, asked, job)
