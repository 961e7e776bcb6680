"""Stores what a reader says of a film and fetches what was said; the answer comes after it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TypeVar

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.review import Opinion, Review, ReviewKind
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.reading import OwnReading
from cxr_desktop.ui.session import Session

T = TypeVar("T")


class ReadingKeeper:
    """Acts on the current film, one job at a time per film.

    `changed` follows every step, `failed` carries what went wrong; None once that is put right.

    A draft stays with its film until it is stored or the film is closed.
    """

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        current: Callable[[], Item | None],
        now: Callable[[], datetime],
        changed: Callable[[], None],
        failed: Callable[[UserError | None], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._current = current
        self._now = now
        self._changed = changed
        self._failed = failed
        self._has_failed = False

    @property
    def state(self) -> OwnReading | None:
        """What to show of the current film's reading; None where there is nothing to say."""
        item = self._current()
        return self._reading_of(item) if item is not None else None

    def _reading_of(self, item: Item) -> OwnReading | None:
        actor, notes = self._session.actor, item.notes
        if item.exam is None or actor is None or not item.may_be_read_by(actor):
            return None
        is_saving = notes.is_saving or notes.is_save_wanted
        return OwnReading(
            exam_id=item.exam.exam_id,
            comes_first=item.exam.awaits_reading,
            verdict=notes.verdict,
            text=notes.text,
            said=notes.said or (),
            own=item.own_review(actor),
            is_fetching=notes.is_busy and not notes.is_saving,
            is_saving=is_saving,
        )

    def follow(self, item: Item) -> None:
        """Note that the film is on the screen, and fetch what may be known of its exam."""
        actor, notes = self._session.actor, item.notes
        if item.shown is not None and notes.seen_at is None:
            notes.seen_at = self._now()
        if actor is None or item.exam is None or notes.is_busy or not item.may_be_read_by(actor):
            return
        exam = item.exam
        if exam.awaits_reading and item.own_review(actor) is not None:
            self._start(item, partial(self._open, actor, exam.exam_id), self._on_answer)
        elif not exam.awaits_reading and notes.said is None:
            self._start(item, partial(self._fetch, actor, exam.exam_id), self._on_said)

    def choose(self, verdict: Verdict) -> None:
        """Take this verdict, or let go of it when it is chosen already."""
        item, state = self._current(), self.state
        if item is not None and state is not None and state.may_choose and not state.is_saving:
            item.notes.verdict = None if item.notes.verdict is verdict else verdict
            self._changed()

    def type(self, text: str) -> None:
        """Take over what was typed."""
        item = self._current()
        if item is not None and text != item.notes.text:
            item.notes.text = text
            self._changed()

    def save(self) -> None:
        """Store the verdict with its text, or the text alone as an addendum."""
        item = self._current()
        if item is not None:
            self._save(item)

    def _save(self, item: Item) -> None:
        """Store it now, or when what was said before is here."""
        actor, state = self._session.actor, self._reading_of(item)
        if actor is None or state is None or not state.may_save:
            return
        if state.is_fetching:
            item.notes.is_save_wanted = True
        else:
            item.notes.is_saving = True
            add = partial(self._add, actor, state, item.notes.seen_at)
            self._start(item, add, self._on_kept)
        self._changed()

    def opine(self, opinion: Opinion) -> None:
        """Store what the reader says of the model's answer."""
        actor, item, state = self._session.actor, self._current(), self.state
        if actor is None or item is None or state is None or not state.may_opine:
            return
        item.notes.is_saving = True
        self._start(item, partial(self._opine, actor, state.exam_id, opinion), self._on_opined)
        self._changed()

    # In a thread

    def _add(
        self, actor: Actor, state: OwnReading, opened: datetime | None, _: JobContext
    ) -> Review:
        reviews = self._services.reviews
        if state.verdict is None:
            return reviews.addendum(actor, state.exam_id, state.text)
        return reviews.add(actor, state.exam_id, state.verdict, state.text, opened)

    def _opine(self, actor: Actor, exam_id: str, opinion: Opinion, _: JobContext) -> Review:
        return self._services.reviews.opine(actor, exam_id, opinion)

    def _open(self, actor: Actor, exam_id: str, _: JobContext) -> ExamView:
        return self._services.history.open(actor, exam_id)

    def _fetch(self, actor: Actor, exam_id: str, _: JobContext) -> tuple[Review, ...]:
        return self._services.reviews.of(actor, exam_id)

    # Back on the GUI thread

    def _on_kept(self, item: Item, review: Review) -> None:
        item.notes.forget_draft()
        if self._has_failed:
            self._has_failed = False
            self._failed(None)
        self._on_opined(item, review)

    def _on_opined(self, item: Item, review: Review) -> None:
        item.notes.said = (review, *(item.notes.said or ()))

    def _on_answer(self, item: Item, exam: ExamView) -> None:
        item.exam, item.notes.said = exam, None  # now what others said may be known, too

    def _on_said(self, item: Item, said: tuple[Review, ...]) -> None:
        item.notes.said = said
        actor = self._session.actor
        own = item.own_review(actor) if actor is not None else None
        if own is not None and own.kind is ReviewKind.FIRST:
            # Chosen before it was known that there is one that stays.
            item.notes.verdict, item.notes.is_save_wanted = None, False

    def _go_on(self, item: Item) -> None:
        self.follow(item)
        if item.notes.is_save_wanted and not item.notes.is_busy:
            item.notes.is_save_wanted = False
            self._save(item)

    def _start(
        self, item: Item, work: Callable[[JobContext], T], done: Callable[[Item, T], None]
    ) -> None:
        item.notes.is_busy = True

        def on_done(result: T) -> None:
            item.notes.is_busy = item.notes.is_saving = False
            if not item.is_gone:
                done(item, result)
                self._go_on(item)
                self._changed()

        def on_failed(error: UserError) -> None:
            item.notes.is_busy = item.notes.is_saving = item.notes.is_save_wanted = False
            if not item.is_gone:
                self._has_failed = True
                self._failed(error)

        self._runner.start(work, done=on_done, failed=on_failed)
