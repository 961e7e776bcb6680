"""The list of exams as a file for a spreadsheet: what is filtered, as far as it may be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from pathlib import Path

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import ExamRow, HistoryQuery
from cxr_desktop.domain.ports import AuditLog, JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.tables import Cell, Counted, TableWriter
from cxr_desktop.services.access import Access
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.services.history_pages import every_page

HEAD = (
    "exam_id",
    "time_utc",
    "user",
    "patient_name",
    "patient_id",
    "file",
    "film_sha256",
    "verdict",
    "probability",
    "reader_verdict",
    "agreement",
    "model",
    "model_version",
    "report",
)


class ExportHistory:
    """Writes every exam that a query finds, in its order; `writers` are by file name ending."""

    def __init__(
        self,
        history: BrowseHistory,
        writers: Mapping[str, TableWriter],
        access: Access,
        audit: AuditLog,
        *,
        now: Callable[[], datetime],
    ) -> None:
        self._history = history
        self._writers = writers
        self._access = access
        self._audit = audit
        self._now = now

    def __call__(
        self,
        actor: Actor,
        query: HistoryQuery,
        path: Path,
        job: JobContext,
        *,
        overwrite: bool = False,
    ) -> int:
        """Return how many exams were written; that they were is noted before the file appears.

        Exams that come while it runs are left out. Raises `PermissionDenied`, `InvalidRequest`
        (file type, a file that exists, too many rows), `StorageUnavailable`, `JobCancelled`; then
        there is no file.
        """
        current = self._access.require(actor, Permission.EXPORT)
        kind = path.suffix.casefold()
        writer = self._writers.get(kind)
        if writer is None:
            endings = " or ".join(sorted(self._writers))
            raise InvalidRequest(
                f"“{path.name}” is no kind of table.", hint=f"Let its name end in {endings}."
            )
        if path.exists() and not overwrite:
            raise InvalidRequest(
                f"There is a file “{path.name}” already.", hint="Choose another name."
            )
        now = self._now()
        frozen = query.as_of(now)
        exams = Counted(self._rows(current, frozen, job))

        def rows() -> Iterator[Sequence[Cell]]:
            yield from map(cells, exams)
            detail = {"exams": str(exams.count), "kind": kind.removeprefix(".")}
            self._audit.append(
                AuditEvent(AuditAction.HISTORY_EXPORTED, current.name, self._now(), "", detail)
            )

        writer(path, HEAD, rows())
        return exams.count

    def _rows(self, actor: Actor, query: HistoryQuery, job: JobContext) -> Iterator[ExamRow]:
        done = 0
        for page in every_page(partial(self._history.search, actor), query):
            yield from page.rows
            done += len(page.rows)
            job.report(f"{done:,} of {page.total:,} exams", done / max(page.total, 1))


def cells(row: ExamRow) -> tuple[Cell, ...]:
    """Return a row's values in the order of `HEAD`; None where there is none to see."""
    return (
        row.exam_id,
        row.time.isoformat(timespec="seconds"),
        row.user,
        row.patient_name,
        row.patient_id,
        row.file_name,
        row.film_sha256,
        row.verdict.value if row.verdict else None,
        row.probability,
        row.reader.value if row.reader else None,
        row.agreement.value if row.agreement else None,
        row.model_id,
        row.model_version,
        None if row.verdict is None else row.state.value,
    )
