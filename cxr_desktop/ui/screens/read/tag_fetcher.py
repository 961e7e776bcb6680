"""Fetches the DICOM tags of one film, in the background."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.tags import TagList
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices

Fetch = Callable[[Actor], TagList]
DICOM = "DICOM"


class TagFetcher(QObject):
    """Exactly one of `fetched` (`TagList`) and `failed` (`Notice`) follows, unless cancelled."""

    fetched = Signal(object)
    failed = Signal(object)

    def __init__(
        self, runner: JobRunner, actor: Actor, fetch: Fetch, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._actor = actor
        self._fetch = fetch
        self._job: Job | None = None

    def start(self) -> None:
        """Ask."""
        self._job = self._runner.start(
            lambda _: self._fetch(self._actor), done=self._on_done, failed=self._on_failed
        )

    def cancel(self) -> None:
        """Want it no more; nothing follows."""
        if self._job is not None:
            self._job.cancel()
            self._job = None

    def _on_done(self, tags: TagList) -> None:
        if self._job is not None:
            self._job = None
            self.fetched.emit(tags)

    def _on_failed(self, error: UserError) -> None:
        if self._job is not None:
            self._job = None
            self.failed.emit(notice_of(error))


def fetcher_for(
    item: Item | None, services: ReadServices, runner: JobRunner, actor: Actor | None
) -> TagFetcher | None:
    """Return what fetches the tags of a film that is open; None where it can have none."""
    if actor is None or item is None or item.shown is None:
        return None
    film, read = item.shown.radiograph, services.tags
    if film.file_format != DICOM:
        return None
    if item.exam is not None:
        exam_id = item.exam.exam_id
        return TagFetcher(runner, actor, lambda who: read.of_exam(who, exam_id))
    path = item.path
    if path is None:
        return None
    return TagFetcher(runner, actor, lambda who: read.of_file(who, path, film.sha256))
