"""Runs items one after the other; the next one is read while the first is run."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from cxr_desktop.domain.errors import FilmRefused, UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.assess import OpenedFilm
from cxr_desktop.services.classify import ReadyFilm
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.loader import FilmLoader
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.state import FilmStatus
from cxr_desktop.ui.session import Session


class RunLine:
    """Items wait in line for the one model; `changed` is called after every step."""

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        loader: FilmLoader,
        changed: Callable[[Item], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._loader = loader
        self._changed = changed
        self._waiting: list[Item] = []
        self._running: Item | None = None
        self._job: Job | None = None

    @property
    def is_busy(self) -> bool:
        """Whether anything is run or waits for it."""
        return self._running is not None or bool(self._waiting)

    def needs(self, item: Item) -> bool:
        """Whether the item's pixels are wanted now or next."""
        return item is self._running or item in self._waiting[:1]

    def add(self, items: Sequence[Item]) -> None:
        """Put items at the end of the line; each must be one that may be run."""
        for item in items:
            item.put_in_line()
            self._waiting.append(item)
        self.go_on()

    def cancel(self) -> None:
        """Empty the line; the one that runs stops at its next step, unless it is stored first."""
        self._empty()
        if self._running is not None and self._job is not None:
            self._running.is_cancelling = True
            self._job.cancel()

    def drop(self, item: Item) -> None:
        """Take one item out of the line."""
        if item in self._waiting:
            self._waiting.remove(item)
        if item is self._running and self._job is not None:
            self._job.cancel()

    def go_on(self) -> None:
        """Read the next item, and run it as soon as it is read and the model is free."""
        actor = self._session.actor
        while self._waiting and (item := self._waiting[0]).status is not FilmStatus.QUEUED:
            self._waiting.remove(item)  # it could not be read
        if actor is None or not self._waiting:
            return
        item = self._waiting[0]
        if item.opened is None:
            self._loader.open(item)
        elif self._running is None:
            self._waiting.pop(0)
            self._start(item, item.opened, actor)
            self.go_on()

    def _start(self, item: Item, opened: OpenedFilm, actor: Actor) -> None:
        item.status = FilmStatus.RUNNING
        self._running = item
        self._job = self._runner.start(
            partial(self._run, actor, opened, item.typed.study(), item.ready),
            lane="infer",
            done=partial(self._on_stored, item),
            failed=partial(self._on_failed, item),
            cancelled=partial(self._on_cancelled, item),
            progress=partial(self._on_progress, item),
        )

    def _run(
        self,
        actor: Actor,
        opened: OpenedFilm,
        typed: StudyInfo | None,
        ready: ReadyFilm | None,
        job: JobContext,
    ) -> ExamView:
        exam = self._services.classify.run(actor, opened, job, typed, ready)
        if exam.film.sha256 != opened.radiograph.sha256:
            raise RuntimeError("the answer belongs to another film")
        return exam

    def _on_stored(self, item: Item, exam: ExamView) -> None:
        item.exam, item.status, item.opened = exam, FilmStatus.STORED, None
        self._loader.forget_ready(item)
        self._end(item)

    def _on_failed(self, item: Item, error: UserError) -> None:
        item.fail(error)
        self._loader.forget_ready(item)
        if not isinstance(error, FilmRefused):  # no model, a full disk: the next would fail too
            self._empty()
        self._end(item)

    def _on_cancelled(self, item: Item) -> None:
        item.step_back()
        self._end(item)

    def _on_progress(self, item: Item, step: str, fraction: float) -> None:
        item.progress(step, fraction)
        self._changed(item)

    def _empty(self) -> None:
        for item in self._waiting:
            item.step_back()
        self._waiting.clear()

    def _end(self, item: Item) -> None:
        self._running = self._job = None
        item.is_cancelling = False
        self.go_on()
        self._changed(item)
