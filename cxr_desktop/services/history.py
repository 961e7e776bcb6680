"""Find stored exams again and open them as they were shown; nothing is computed anew."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import (
    FilmRefused,
    InvalidRequest,
    PermissionDenied,
    StorageUnavailable,
)
from cxr_desktop.domain.history import (
    TELLING_SORTS,
    ExamRecord,
    ExamRow,
    ExamView,
    HistoryPage,
    HistoryQuery,
    ReportState,
)
from cxr_desktop.domain.negative import is_turned, turn_negative
from cxr_desktop.domain.ports import AuditLog, FilmArchive, FilmReader, HistoryStore, JobContext
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.review import ReviewStore
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.signing import ReaderReport, Signature, reader_report
from cxr_desktop.services.access import Access

RESTORE = "The answer is still sound. Ask IT to restore the film from a backup."


class BrowseHistory:
    """Search, open, look. Without `see_others` only one's own exams exist; without `see_result`
    neither an answer nor anything that would give it away (filter, order). Who reads first
    (`Actor.reads_first`) has an exam's answer only after an own review of it.
    """

    def __init__(  # noqa: PLR0917 - one place per collaborator
        self,
        history: HistoryStore,
        archive: FilmArchive,
        reader: FilmReader,
        access: Access,
        audit: AuditLog,
        now: Callable[[], datetime],
        reviews: ReviewStore,
    ) -> None:
        self._history = history
        self._archive = archive
        self._reader = reader
        self._access = access
        self._audit = audit
        self._now = now
        self._reviews = reviews

    def search(self, actor: Actor, query: HistoryQuery) -> HistoryPage:
        """List exams, newest first unless asked otherwise."""
        current = self._access.active(actor)
        allowed = self._allowed(current, query)
        if allowed is None:
            return HistoryPage((), 0)
        page = self._history.search(allowed)
        if current.may(Permission.SEE_RESULT):
            return page
        rows = tuple(
            replace(
                row,
                verdict=None,
                probability=None,
                reader=None,
                agreement=None,
                state=ReportState.NEW,
            )
            for row in page.rows
        )
        return replace(page, rows=rows)

    def get_ready(self, actor: Actor, query: HistoryQuery) -> None:
        """Do in advance what the same question with words would wait for; may take seconds."""
        allowed = self._allowed(self._access.active(actor), query)
        if allowed is not None:
            self._history.get_ready(allowed)

    def _allowed(self, current: Actor, query: HistoryQuery) -> HistoryQuery | None:
        """Return what this person may ask instead; None for what never finds anything."""
        if query.deleted:
            self._access.require(current, Permission.DELETE)
        if not current.may(Permission.SEE_OTHERS):
            if query.user and query.user.casefold() != current.name.casefold():
                return None
            query = replace(query, user=current.name)
        if current.may(Permission.SEE_RESULT):
            return replace(query, withheld_from=current.name if current.reads_first else "")
        return replace(
            query,
            verdict=None,
            sort="time" if query.sort in TELLING_SORTS else query.sort,
            in_reviews=False,
            reviewed=None,
            agreement=None,
            signed=None,
            read_by="",
        )

    def open(self, actor: Actor, exam_id: str) -> ExamView:
        """Return a stored exam; that it was seen is noted.

        Raises `InvalidRequest` for an unknown id, `PermissionDenied` for another user's exam.
        """
        current = self._access.active(actor)
        record = self.visible(current, exam_id)
        self._audit.append(
            AuditEvent(AuditAction.EXAM_VIEWED, current.name, self._now(), record.exam_id)
        )
        awaits = self.awaits_reading(current, exam_id)
        return ExamView.of(
            record,
            with_result=current.may(Permission.SEE_RESULT) and not awaits,
            awaits_reading=awaits,
            deletion=self._history.deletion(record.exam_id),
            signed=self._history.signature(record.exam_id) is not None,
        )

    def awaits_reading(self, actor: Actor, exam_id: str) -> bool:
        """Whether `actor`, as of now, must read this exam before its answer is shown to them.

        What somebody signed needs nobody's reading any more.
        """
        return (
            actor.reads_first
            and not any(review.user == actor.name for review in self._reviews.of(exam_id))
            and self._history.signature(exam_id) is None
        )

    def signature(self, exam_id: str) -> Signature | None:
        """Return who signed an exam's report, for another service."""
        return self._history.signature(exam_id)

    def reader_report(self, record: ExamRecord) -> ReaderReport | None:
        """Return what readers said and signed, for another service; `record` as of `visible`."""
        signature = self._history.signature(record.exam_id)
        return reader_report(record, self._reviews.of(record.exam_id), signature)

    def film(self, actor: Actor, exam_id: str, job: JobContext) -> Radiograph:
        """Read the stored film of an exam, as it was shown: a negative that was turned is again.

        Raises `StorageUnavailable` when it is gone or no longer the one that was classified.
        """
        record = self.visible(self._access.active(actor), exam_id)
        job.report("Reading the stored film", 0.0)
        try:
            content = self._archive.content(record.film.sha256)
            radiograph = self._reader.read_content(content, record.film.file_name)
        except FilmRefused as refusal:  # it was readable once, so the fault is the store's
            raise StorageUnavailable(
                "The stored film can no longer be read.", hint=RESTORE
            ) from refusal
        if radiograph.sha256 != record.film.sha256:
            raise StorageUnavailable(
                "The stored film is not the one that was classified.", hint=RESTORE
            )
        return turn_negative(radiograph) if is_turned(record.cautions) else radiograph

    def thumbnail(self, actor: Actor, row: ExamRow) -> bytes | None:
        """Return the film's small PNG, or None."""
        current = self._access.active(actor)
        if not may_see(current, row.user):
            return None
        return self._archive.thumbnail(row.film_sha256)

    def visible(self, actor: Actor, exam_id: str) -> ExamRecord:
        """Return a record for another service; `actor` must be as of now (`Access.active`).

        Raises `InvalidRequest` for an unknown id, or for a deleted exam without the permission
        `delete`; `PermissionDenied`, noted, for another user's.
        """
        record = self._history.get(exam_id)
        if not may_see(actor, record.user):
            denied = AuditEvent(
                AuditAction.PERMISSION_DENIED, actor.name, self._now(), record.exam_id
            )
            self._audit.append(denied)
            raise PermissionDenied(
                "This exam belongs to another user.",
                hint="Ask an administrator for the permission to see exams of other users.",
            )
        if not actor.may(Permission.DELETE) and self._history.deletion(exam_id) is not None:
            raise InvalidRequest("This exam was deleted.", hint="Ask an administrator why.")
        return record


def may_see(actor: Actor, owner: str) -> bool:
    """Whether exams of that user exist for this person, who must be as of now."""
    return actor.may(Permission.SEE_OTHERS) or owner.casefold() == actor.name.casefold()
