"""Reads films into items and gets them ready to be run, off the GUI thread.

It bounds how many stay in memory.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.assess import OpenedFilm
from cxr_desktop.services.classify import ReadyFilm
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.state import FilmStatus, ShownFilm
from cxr_desktop.ui.session import Session

MEMORY_BUDGET = 384 * 1024 * 1024
MAP_AT_ONCE = "reading.heat_map_at_once"

FileRead = tuple[OpenedFilm, ShownFilm, bool]
"""A film that was read from its file, and whether its heat map is wanted with the answer."""


class FilmLoader:
    """Starts one reading job per item; `changed` is called after every step of it.

    A film that was opened to be looked at is then got ready for its run, as far as the run allows.

    `is_needed` says which items must keep their pixels. An item with an answer is read from the
    image store, by the hash that was answered for: never from its file, which may have changed.
    """

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        changed: Callable[[Item], None],
        is_needed: Callable[[Item], bool],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._changed = changed
        self._is_needed = is_needed
        self._recent: list[Item] = []

    def open(self, item: Item) -> None:
        """Read the item's film, unless it is in memory, being read, or cannot be read."""
        actor = self._session.actor
        if actor is None or item.reading is not None or not item.may_be_read:
            return
        if item.shown is not None and (item.exam is not None or not item.exam_id):
            self._remember(item)
            return
        if item.status is FilmStatus.WAITING:
            item.status = FilmStatus.OPENING
        item.progress("", 0.0)
        item.reading = self._start(item, actor)

    def cancel(self, item: Item) -> None:
        """Stop reading the item's film at the next step."""
        if item.reading is not None:
            item.reading.cancel()

    def leave(self, item: Item) -> None:
        """Stop reading a film that was only to be looked at."""
        if item.status in (FilmStatus.OPENING, FilmStatus.REFUSED):
            self.cancel(item)

    def drop(self, item: Item) -> None:
        """Forget an item that was taken off the list."""
        item.is_gone = True
        self.cancel(item)
        self._forget(item)
        if item in self._recent:
            self._recent.remove(item)

    def read_when_shown(self, item: Item) -> None:
        """Forget its film, which is no longer sure to be what the file holds, if it may be run."""
        if item.may_run and item.reading is None:
            self._forget(item)

    def read_anew(self, item: Item) -> None:
        """Read the item's file once more: a negative is turned, or not, as the item now says."""
        self._forget(item)
        item.start_over()
        self.open(item)

    def forget_ready(self, item: Item) -> None:
        """Remove what lies in the data folder for an item that will not be run from it.

        After the sign-out nothing begins any more: what is left then goes with the key.
        """
        ready, item.ready = item.ready, None
        if ready is not None:
            self._remove(ready)

    def _remove(self, ready: ReadyFilm) -> None:
        self._runner.start(
            lambda _: self._services.classify.forget(ready), done=_nothing, failed=_nothing
        )

    def _forget(self, item: Item) -> None:
        item.forget_pixels()
        self.forget_ready(item)

    def _get_ready(self, item: Item, opened: OpenedFilm) -> None:
        actor = self._session.actor
        if actor is not None and actor.may(Permission.RUN):
            self._runner.start(
                partial(self._services.classify.get_ready, actor, opened),
                done=partial(self._on_ready, item, opened),
                failed=_nothing,  # what is in the way is told when the film is run
            )

    def _start(self, item: Item, actor: Actor) -> Job:
        failed = partial(self._on_failed, item)
        cancelled = partial(self._on_cancelled, item)
        progress = partial(self._on_progress, item)
        if item.exam is not None:
            return self._runner.start(
                partial(self._read_stored, actor, item.exam),
                done=partial(self._on_stored_read, item),
                failed=failed, cancelled=cancelled, progress=progress,
            )  # fmt: skip
        if item.path is not None and not item.exam_id:
            return self._runner.start(
                partial(self._read_file, actor, item.path, item.is_turned),
                done=partial(self._on_file_read, item),
                failed=failed, cancelled=cancelled, progress=progress,
            )  # fmt: skip
        return self._runner.start(
            partial(self._find_exam, actor, item.exam_id),
            done=partial(self._on_exam_found, item),
            failed=failed, cancelled=cancelled, progress=progress,
        )  # fmt: skip

    # In a thread

    def _read_file(self, actor: Actor, path: Path, is_turned: bool, job: JobContext) -> FileRead:
        opened = self._services.classify.open(actor, path, job)
        if is_turned:
            opened = self._services.classify.turn(opened)
        job.report("Preparing the picture", 0.9)
        return opened, ShownFilm.of(opened.radiograph), self._is_map_wanted()

    def _read_stored(self, actor: Actor, exam: ExamView, job: JobContext) -> tuple[ShownFilm, bool]:
        film = self._services.history.film(actor, exam.exam_id, job)
        return ShownFilm.of(film), self._is_map_wanted()

    def _is_map_wanted(self) -> bool:
        return bool(self._services.setting(MAP_AT_ONCE))

    def _find_exam(self, actor: Actor, exam_id: str, job: JobContext) -> ExamView:
        job.report("Opening the exam", 0.0)
        return self._services.history.open(actor, exam_id)

    # Back on the GUI thread

    def _on_file_read(self, item: Item, read: FileRead) -> None:
        item.reading = None
        if item.is_gone:
            return
        if item.exam is None:
            opened, shown, is_map_wanted = read
            item.take_film(opened, shown, is_map_wanted=is_map_wanted)
            if item.status is FilmStatus.OPENING:
                item.status = FilmStatus.OPENED
                self._get_ready(item, opened)
        self._remember(item)
        self._changed(item)

    def _on_ready(self, item: Item, opened: OpenedFilm, ready: ReadyFilm) -> None:
        if item.opened is opened and item.status is FilmStatus.OPENED:
            self.forget_ready(item)
            item.ready = ready
        else:
            self._remove(ready)  # it is run already, or closed

    def _on_stored_read(self, item: Item, read: tuple[ShownFilm, bool]) -> None:
        item.reading = None
        if item.is_gone:
            return
        item.shown, item.is_map_wanted = read
        self._remember(item)
        self._changed(item)

    def _on_exam_found(self, item: Item, exam: ExamView) -> None:
        item.reading = None
        if item.is_gone:
            return
        item.exam, item.status = exam, FilmStatus.STORED
        if item.path is None:
            item.name = exam.film.file_name
        item.keep_own_pixels(exam)
        self.open(item)
        self._changed(item)

    def _on_failed(self, item: Item, error: UserError) -> None:
        item.reading = None
        if item.is_gone:
            return
        if item.exam is None:
            if item.error is None:  # what a run said of it stays
                item.fail(error)
            item.is_unreadable = True
        else:
            item.film_problem = notice_of(error)
        self._changed(item)

    def _on_cancelled(self, item: Item) -> None:
        item.reading = None
        if item.status is FilmStatus.OPENING:
            item.status = FilmStatus.WAITING
        if not item.is_gone:
            self._changed(item)

    def _on_progress(self, item: Item, step: str, fraction: float) -> None:
        if not item.is_gone and item.status is FilmStatus.OPENING:
            item.progress(step, fraction)
            self._changed(item)

    def _remember(self, item: Item) -> None:
        """Note the use of an item; the longest unused ones give their pixels back."""
        if item in self._recent:
            self._recent.remove(item)
        self._recent.append(item)
        held = sum(one.bytes_held for one in self._recent)
        for one in list(self._recent):
            if held <= MEMORY_BUDGET:
                return
            if one is not item and not self._is_needed(one):
                held -= one.bytes_held
                self._forget(one)
                self._recent.remove(one)


def _nothing(_: object) -> None:
    pass
