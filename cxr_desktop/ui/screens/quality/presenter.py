"""Quality without widgets: measures, proposes operating points, and has them stored."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import cast

from PySide6.QtCore import QCoreApplication, QObject, Signal

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.roles import Permission
from cxr_desktop.domain.site_points import SitePoints
from cxr_desktop.domain.threshold_wizard import Proposal, TooFew, ladder, propose
from cxr_desktop.services.measure_quality import MeasureQuality
from cxr_desktop.services.site_evaluation import SiteEvaluation
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.screens.quality.sheets import write_sheet, written_notice
from cxr_desktop.ui.screens.quality.state import (
    Measured,
    MeasureState,
    Measuring,
    NothingMeasured,
    PointsState,
    QualityState,
)
from cxr_desktop.ui.screens.quality.words import evaluation_sheet
from cxr_desktop.ui.session import Session

Ladder = tuple[tuple[int, Proposal | TooFew], ...]


class QualityPresenter(QObject):
    """Emits one `QualityState` after every change; forgets all of it at sign-out."""

    state_changed = Signal(object)

    def __init__(
        self,
        quality: MeasureQuality,
        runner: JobRunner,
        session: Session,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._quality = quality
        self._session = session
        self._state = QualityState()
        self._measuring = self._job(runner, self._on_measured, self._on_not_measured)
        self._measuring.progressed.connect(
            lambda step, fraction: self._set_measure(Measuring(step, fraction))
        )
        self._measuring.cancelled.connect(lambda: self._set_measure(NothingMeasured()))
        self._writing = self._job(runner, self._on_written, self._told)
        self._looking = self._job(runner, self._on_choices, self._on_points_failed)
        self._proposing = self._job(runner, self._on_proposal, self._on_points_failed)
        self._storing = self._job(runner, self._on_stored, self._on_points_failed)
        session.signed_out.connect(self._on_signed_out)

    @property
    def state(self) -> QualityState:
        """The latest state."""
        return self._state

    def refresh(self) -> None:
        """Look up which operating points were chosen."""
        actor = self._session.actor
        may_choose = actor is not None and actor.may(Permission.MANAGE_MODELS)
        self._set_points(replace(self._state.points, may_choose=may_choose))
        self._looking.start(lambda who, _job: self._quality.points.choices(who))

    def measure_films(self, where: Path, prevalence: float) -> None:
        """Run the active model over labelled films; in the lane that owns the model."""
        self._begin()
        self._measuring.start(
            lambda actor, job: self._quality.evaluate.films(
                actor, where, job, prevalence=prevalence
            ),
            lane="infer",
        )

    def measure_reviewed(self, prevalence: float, *, signed: bool = False) -> None:
        """Take the exams that readers called normal or abnormal; only `signed` ones if asked."""
        self._begin()
        self._measuring.start(
            lambda actor, job: self._quality.evaluate.reviewed(
                actor, HistoryQuery(signed=signed or None), job, prevalence=prevalence
            )
        )

    def write_pdf(self, path: Path) -> None:
        """Write what was measured as a PDF of one page."""
        measured = self._state.measure
        if not isinstance(measured, Measured):
            return
        self._set_measure(replace(measured, writing=True, notice=None))
        sheet = evaluation_sheet(measured.result)
        self._writing.start(lambda actor, _job: write_sheet(self._quality, actor, sheet, path))

    def _on_written(self, path: object) -> None:
        self._told(written_notice(cast("Path", path)))

    def _told(self, notice: object) -> None:
        measured = self._state.measure
        if isinstance(measured, Measured):
            found = cast("Notice", notice)
            self._set_measure(replace(measured, writing=False, notice=found))

    def cancel(self) -> None:
        """Stop measuring."""
        self._measuring.cancel()

    def propose(self, miss_one_in: int, alarm_one_in: int) -> None:
        """Find the points for a promise, from what was measured last."""
        measured = self._state.measure
        if not isinstance(measured, Measured):
            return
        films = measured.result.scored
        self._set_points(self._without_proposal(busy=True))
        self._proposing.start(
            lambda _actor, _job: (
                propose(films, miss_one_in=miss_one_in, alarm_one_in=alarm_one_in),
                ladder(films, alarm_one_in),
            )
        )

    def choose(self) -> None:
        """Let new verdicts use the proposed points."""
        measured, proposal = self._state.measure, self._state.points.proposal
        if isinstance(measured, Measured) and isinstance(proposal, Proposal):
            model = measured.result.model
            self._store(lambda who: self._quality.points.choose(who, model, proposal))

    def withdraw(self) -> None:
        """Let new verdicts use the model's own points again."""
        self._store(self._quality.points.withdraw)

    def _store(self, store: Callable[..., SitePoints]) -> None:
        self._set_points(replace(self._state.points, busy=True, notice=None))
        self._storing.start(lambda actor, _job: store(actor))

    def _begin(self) -> None:
        if not self._measuring.is_running:
            self._proposing.drop()  # an answer that is on its way belongs to the films before
            self._set_points(self._without_proposal(busy=self._storing.is_running))
            self._set_measure(Measuring())

    def _on_measured(self, result: object) -> None:
        self._set_measure(Measured(cast("SiteEvaluation", result)))

    def _on_not_measured(self, notice: object) -> None:
        self._set_measure(NothingMeasured(cast("Notice", notice)))

    def _on_choices(self, choices: object) -> None:
        found = cast("tuple[SitePoints, ...]", choices)
        self._set_points(replace(self._state.points, choices=found, busy=False))

    def _on_proposal(self, found: object) -> None:
        proposal, steps = cast("tuple[Proposal | TooFew, Ladder]", found)
        self._set_points(replace(self._state.points, proposal=proposal, ladder=steps, busy=False))

    def _without_proposal(self, *, busy: bool) -> PointsState:
        return replace(self._state.points, proposal=None, ladder=(), notice=None, busy=busy)

    def _on_stored(self, _choice: object) -> None:
        words = QCoreApplication.translate(
            "Quality", "Stored. It counts for new films; stored answers stay as they are."
        )
        self._set_points(replace(self._state.points, notice=Notice("info", words)))
        self.refresh()

    def _on_points_failed(self, notice: object) -> None:
        found = cast("Notice", notice)
        self._set_points(replace(self._state.points, busy=False, notice=found))

    def _on_signed_out(self) -> None:
        jobs = (self._measuring, self._writing, self._looking, self._proposing, self._storing)
        for job in jobs:
            job.drop()
        self._set(QualityState())

    def _job(
        self,
        runner: JobRunner,
        done: Callable[[object], None],
        failed: Callable[[object], None],
    ) -> OneJob:
        job = OneJob(runner, self._session, self)
        job.done.connect(done)
        job.failed.connect(failed)
        return job

    def _set_measure(self, measure: MeasureState) -> None:
        self._set(replace(self._state, measure=measure))

    def _set_points(self, points: PointsState) -> None:
        self._set(replace(self._state, points=points))

    def _set(self, state: QualityState) -> None:
        self._state = state
        self.state_changed.emit(state)
