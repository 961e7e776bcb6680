"""Runs many films by the service behind the command line's `batch`: each once for a model."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from itertools import takewhile
from pathlib import Path
from typing import Literal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.pace import Pace
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.state import BulkState, FilmStatus
from cxr_desktop.ui.session import Session

TELL_EVERY_S = 0.2
Outcomes = deque[FileOutcome[ExamView]]


class BulkRun:
    """Films in line; `changed` is called with those that something became of.

    A pause gives up what is under way, at most three films of which nothing is stored yet, and
    keeps the rest in line; so does a film that is taken off the list, for a moment.
    """

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        changed: Callable[[Sequence[Item]], None],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._changed = changed
        self._clock = clock
        self._line: deque[Item] = deque()
        self._job: Job | None = None
        self._then: Literal["go_on", "pause", "end"] = "go_on"
        self._pace = Pace(0, clock)
        self._refused = 0
        self._untold: list[Item] = []
        self._told_at = 0.0

    @property
    def is_busy(self) -> bool:
        """Whether films are run or wait, in a pause too."""
        return self._job is not None or bool(self._line)

    @property
    def length(self) -> int:
        """How many came in line since it was last empty."""
        return self._pace.total

    @property
    def state(self) -> BulkState | None:
        """How far it is; None without a run."""
        if not self.is_busy:
            return None
        return BulkState(
            done=self._pace.done,
            total=self._pace.total,
            refused=self._refused,
            pace=str(self._pace),
            is_paused=self._then == "pause",
            is_stopping=self._job is not None and self._then != "go_on",
        )

    def add(self, items: Sequence[Item]) -> None:
        """Put items at the end of the line; each must be one that may be run."""
        if not self.is_busy:
            self._pace, self._refused, self._then = Pace(0, self._clock), 0, "go_on"
        for item in items:
            item.put_in_line()
            self._line.append(item)
        self._pace.total += len(items)
        self._runner.draw_first()
        self.resume()
        self._go_on()

    def pause(self) -> None:
        """Stop soon; the rest stays in line."""
        if self._job is not None and self._then == "go_on":
            self._then = "pause"
            self._job.cancel()
            self._tell()

    def resume(self) -> None:
        """Go on after a pause."""
        if self._then == "pause" and self.is_busy:
            self._then = "go_on"
            self._pace.rest()
            self._go_on()
            self._tell()

    def cancel(self) -> None:
        """Stop soon, and empty the line."""
        self._then = "end"
        if self._job is not None:
            self._job.cancel()
            if self._line:
                self._line[0].is_cancelling = True
            self._tell()
        else:
            self._end()

    def drop(self, item: Item) -> None:
        """Leave an item out that was taken off the list."""
        if self._job is not None:
            if item.status in (FilmStatus.QUEUED, FilmStatus.RUNNING):
                self._job.cancel()
        elif item in self._line:
            self._line.remove(item)
            self._pace.total -= 1

    def _go_on(self) -> None:
        actor = self._session.actor
        if self._job is not None or self._then != "go_on":
            return
        if actor is None or not self._line:
            self._end()
            return
        again = self._line[0].again
        items = list(takewhile(lambda item: item.again is again, self._line))
        films = [item.path for item in items if item.path is not None]
        typed = {item.path: study for item in items if item.path and (study := item.typed.study())}
        came: Outcomes = deque()
        take = partial(self._take, came)
        self._head_runs()
        self._job = self._runner.start(
            partial(self._run, actor, films, typed, came, again=again),
            lane="bulk",
            done=lambda _: self._on_ended(take),
            failed=lambda error: self._on_ended(take, error),
            cancelled=lambda: self._on_ended(take),
            progress=lambda *_: take(),
        )

    def _run(
        self,
        actor: Actor,
        films: list[Path],
        typed: dict[Path, StudyInfo],
        came: Outcomes,
        job: JobContext,
        *,
        again: bool,
    ) -> None:
        for outcome in self._services.classify_many(actor, films, job, again=again, typed=typed):
            came.append(outcome)

    def _take(self, came: Outcomes) -> None:
        """Hand what came to the items, which stand in line in the same order."""
        while came:
            outcome, item = came.popleft(), self._line.popleft()
            self._pace.add(skipped=bool(outcome.stored_before))
            self._refused += outcome.refusal is not None
            item.take(outcome)
            self._untold.append(item)
            self._head_runs()
        if self._untold and self._clock() - self._told_at >= TELL_EVERY_S:
            self._tell()

    def _head_runs(self) -> None:
        if self._line:
            self._line[0].status = FilmStatus.RUNNING
            self._line[0].progress("Running the model", 0.5)

    def _on_ended(self, take: Callable[[], None], error: UserError | None = None) -> None:
        take()
        self._job = None
        gone = [item for item in self._line if item.is_gone]
        self._pace.total -= len(gone)
        self._line = deque(item for item in self._line if not item.is_gone)
        if error is not None:
            if self._line:
                failed = self._line.popleft()
                failed.fail(error)
                self._untold.append(failed)
            self._then = "end"
        if self._then == "end":
            self._end()
            return
        if not self._line:
            self._end()
            return
        self._line[0].status = FilmStatus.QUEUED
        self._go_on()
        self._tell()

    def _end(self) -> None:
        for item in self._line:
            item.step_back()
        self._line.clear()
        self._then = "go_on"
        self._tell()

    def _tell(self) -> None:
        untold, self._untold = self._untold, []
        self._told_at = self._clock()
        self._runner.draw_first()
        self._changed(untold)
