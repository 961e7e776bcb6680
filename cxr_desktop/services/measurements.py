"""What readers measured on an exam's film; the stored answer is never touched."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.measurement import MOST, Measurement, MeasurementSet, MeasurementStore
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory


class MeasureExams:
    """Who may open an exam sees what was measured on it; keeping needs `run` or `review` too."""

    def __init__(
        self,
        store: MeasurementStore,
        history: BrowseHistory,
        access: Access,
        now: Callable[[], datetime],
    ) -> None:
        self._store = store
        self._history = history
        self._access = access
        self._now = now

    def of(self, actor: Actor, exam_id: str) -> tuple[Measurement, ...]:
        """Return what was measured last.

        Raises `InvalidRequest` for an unknown exam, `PermissionDenied` for one that is not to see.
        """
        self._history.visible(self._access.active(actor), exam_id)
        latest = self._store.latest(exam_id)
        return latest.measurements if latest is not None else ()

    def keep(
        self, actor: Actor, exam_id: str, measurements: Sequence[Measurement]
    ) -> MeasurementSet:
        """Store these in place of what was measured before, which stays in the database.

        Raises `InvalidRequest`, `PermissionDenied` or `StorageUnavailable`; then nothing is stored.
        """
        current = self._access.active(actor)
        if not current.may(Permission.RUN):
            current = self._access.require(actor, Permission.REVIEW)
        record = self._history.visible(current, exam_id)
        if len(measurements) > MOST:
            raise InvalidRequest(
                f"An exam holds at most {MOST} measurements.", hint="Delete some of them."
            )
        rows, columns = record.film.rows, record.film.columns
        points = [point for one in measurements for point in one.points]
        if not all(0 <= x <= columns and 0 <= y <= rows for x, y in points):
            raise InvalidRequest(
                "A measurement lies outside the film.", hint="Draw it again on the film."
            )
        measured = MeasurementSet(record.exam_id, current.name, self._now(), tuple(measurements))
        event = AuditEvent(
            AuditAction.EXAM_MEASURED, current.name, measured.time, record.exam_id,
            {"measurements": str(len(measurements))},
        )  # fmt: skip
        self._store.add(measured, event)
        return measured
