"""Asks the model once more with a part of the film hidden, and keeps what came of it in memory."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.occlusion import Occlusion
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner
from cxr_desktop.ui.screens.read.item import Item
from cxr_desktop.ui.screens.read.ports import ReadServices
from cxr_desktop.ui.screens.read.state import OcclusionState
from cxr_desktop.ui.session import Session


class OcclusionKeeper:
    """Acts on the current film; what was found goes with the box, and with the film."""

    def __init__(
        self,
        services: ReadServices,
        runner: JobRunner,
        session: Session,
        *,
        current: Callable[[], Item | None],
        changed: Callable[[], None],
    ) -> None:
        self._services = services
        self._runner = runner
        self._session = session
        self._current = current
        self._changed = changed
        self._exam_id = ""  # whose part is hidden
        self._asked = 0  # counts the boxes: what comes for an earlier one is dropped
        self._job: Job | None = None
        self._found: Occlusion | None = None
        self._problem: Notice | None = None

    @property
    def state(self) -> OcclusionState | None:
        """What to show of it; None where there is no answer to check, or nobody who may."""
        actor, item = self._session.actor, self._current()
        if actor is None or item is None or item.shown is None or item.exam is None:
            return None
        may = actor.may(Permission.RUN) and item.exam.assessment is not None
        if not may:
            return None
        if item.exam.exam_id != self._exam_id:
            return OcclusionState()
        return OcclusionState(self._job is not None, self._found, self._problem)

    def hide(self, region: FilmRegion) -> None:
        """Ask with this part hidden."""
        actor, item = self._session.actor, self._current()
        if actor is None or item is None or item.shown is None or item.exam is None:
            return
        self._forget()
        self._exam_id = item.exam.exam_id
        self._job = self._runner.start(
            partial(self._check, actor, item.exam, item.shown.radiograph, region),
            lane="infer",
            done=partial(self._on_done, self._asked),
            failed=partial(self._on_failed, self._asked),
            cancelled=self._changed,
        )
        self._changed()

    def clear(self) -> None:
        """Hide nothing any more."""
        self._forget()
        self._changed()

    def _check(
        self,
        actor: Actor,
        exam: ExamView,
        film: Radiograph,
        region: FilmRegion,
        job: JobContext,
    ) -> Occlusion:
        return self._services.occlusion(actor, exam.exam_id, film, region, job)

    def _on_done(self, asked: int, found: Occlusion) -> None:
        if asked == self._asked:
            self._job, self._found = None, found
            self._changed()

    def _on_failed(self, asked: int, error: UserError) -> None:
        if asked == self._asked:
            self._job, self._problem = None, notice_of(error)
            self._changed()

    def _forget(self) -> None:
        self._asked += 1
        if self._job is not None:
            self._job.cancel()
        self._job = self._found = self._problem = None
        self._exam_id = ""
