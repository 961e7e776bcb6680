"""Looks into the watched folder while somebody is signed in; the window never waits for it."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.watching import AFTER_FAILURE_S, LOOK_EVERY_S, WatchLook
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.timers import single_shot

LOOK_EVERY_MS = LOOK_EVERY_S * 1000
AFTER_FAILURE_MS = AFTER_FAILURE_S * 1000
KEPT = 500


class Looking(Protocol):
    """`services.watch_folder.WatchFolder`."""

    def look(self, actor: Actor, job: JobContext, tell: Callable[[FilmOutcome], None]) -> WatchLook:
        """Look once, and read what is ready."""
        ...


@dataclass(frozen=True, slots=True)
class WatchState:
    """How the folder stands since the sign-in. `folder` is empty while none is watched."""

    folder: str = ""
    problem: str = ""
    waiting: int = 0
    is_reading: bool = False
    done: int = 0
    refused: int = 0


class Watching(QObject):
    """One look after the other; `state_changed` carries a `WatchState`.

    `outcomes` are the last `KEPT` films, the oldest first. All of it goes with the sign-out.
    """

    state_changed = Signal(object)

    def __init__(
        self, watch: Looking, runner: JobRunner, session: Session, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._watch = watch
        self._runner = runner
        self._session = session
        self._job: Job | None = None
        self._came: deque[FilmOutcome] = deque()
        self._timer = single_shot(self, self.look)
        self.outcomes: deque[FilmOutcome] = deque(maxlen=KEPT)
        self.state = WatchState()

    def start(self) -> None:
        """Look from now on."""
        self._timer.start(LOOK_EVERY_MS)

    def stop(self) -> None:
        """Look no longer; a look under way stops at its next film."""
        self._timer.stop()
        if self._job is not None:
            self._job.cancel()

    def look(self) -> None:
        """Look now, unless a look is under way."""
        actor = self._session.actor
        if actor is None or self._job is not None:
            return
        self._job = self._runner.start(
            lambda job: self._watch.look(actor, job, self._came.append),
            lane="watch",
            done=self._on_looked,
            failed=self._on_failed,
            cancelled=self._end,
            progress=lambda *_: self._take(is_reading=True),
        )

    def _take(self, *, is_reading: bool) -> None:
        if not self._came:
            return
        state = self.state
        done, refused = state.done, state.refused
        while self._came:
            outcome = self._came.popleft()
            self.outcomes.append(outcome)
            done += 1
            refused += outcome.status == "refused"
        self._show(replace(state, done=done, refused=refused, is_reading=is_reading))

    def _on_looked(self, look: WatchLook) -> None:
        self._end()
        self._show(
            replace(
                self.state,
                folder=look.folder,
                problem=look.problem,
                waiting=look.waiting,
                is_reading=False,
            )
        )
        self._timer.start(0 if look.more else LOOK_EVERY_MS)

    def _on_failed(self, error: UserError) -> None:
        self._end()
        self._show(replace(self.state, problem=str(error), is_reading=False))
        self._timer.start(AFTER_FAILURE_MS)

    def _end(self) -> None:
        self._job = None
        self._take(is_reading=False)

    def _show(self, state: WatchState) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)
