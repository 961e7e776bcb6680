"""System without widgets: runs the self-test."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.self_test import CheckResult
from cxr_desktop.services.selftest import SelfTest
from cxr_desktop.ui.errors import notice_of
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.admin.system.state import Done, Failed, NotRun, Running, SystemState


class SystemPresenter(QObject):
    """Emits a `SystemState`."""

    state_changed = Signal(object)

    def __init__(self, self_test: SelfTest, runner: JobRunner) -> None:
        super().__init__()
        self._self_test, self._runner = self_test, runner
        self.state: SystemState = NotRun()

    def run(self) -> None:
        """Run all checks, unless they are running; in the lane that owns the model."""
        if isinstance(self.state, Running):
            return
        self._show(Running("", 0.0))
        self._runner.start(
            self._self_test,
            lane="infer",
            progress=lambda step, fraction: self._show(Running(step, fraction)),
            done=self._on_done,
            failed=self._on_failed,
        )

    def _on_done(self, results: tuple[CheckResult, ...]) -> None:
        self._show(Done(results))

    def _on_failed(self, error: UserError) -> None:
        self._show(Failed(notice_of(error)))

    def _show(self, state: SystemState) -> None:
        self.state = state
        self.state_changed.emit(state)
