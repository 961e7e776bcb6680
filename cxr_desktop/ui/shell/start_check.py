"""The self-test of every start: after the first sign-in, when the window is up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.timers import single_shot

if TYPE_CHECKING:  # loaded with the data folder: it brings what the sign-in does not need
    from cxr_desktop.domain.self_test import StartChecks
    from cxr_desktop.services.selftest import SelfTest

AFTER_MS = 2000  # the person's first screens come first
LOOK_EVERY_MS = 2000


class StartCheck(QObject):
    """Makes the checks of the start once; `changed` carries how they stand (`StartChecks`).

    It looks again and again how they stand: Run, and Admin, System, make them anew.
    """

    changed = Signal(object)

    def __init__(self, runner: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._self_test: SelfTest | None = None
        self._made = False
        self.standing: StartChecks | None = None
        self._later = single_shot(self, self._make)
        self._again = QTimer(self)
        self._again.timeout.connect(self._look)

    def watch(self, self_test: SelfTest) -> None:
        """Take the self-test of the data folder that was opened."""
        self._self_test, self._made = self_test, False

    def on_signed_in(self, _: object) -> None:
        """Say how the checks stand; make them soon, unless that was done in this run."""
        self._show_standing()
        self._again.start(LOOK_EVERY_MS)
        if not self._made:
            self._later.start(AFTER_MS)

    def stop(self) -> None:
        """Begin nothing any more."""
        self._later.stop()
        self._again.stop()

    def _make(self) -> None:
        if self._self_test is not None and not self._made:
            self._made = True
            self._runner.start(self._self_test.at_start, done=self._show, failed=self._on_failed)

    def _look(self) -> None:
        if self._self_test is not None and self._self_test.standing() != self.standing:
            self._show_standing()

    def _show_standing(self) -> None:
        if self._self_test is not None:
            self._show(self._self_test.standing())

    def _on_failed(self, _: UserError) -> None:
        self._made = False  # the next sign-in tries again

    def _show(self, standing: StartChecks) -> None:
        self.standing = standing
        self.changed.emit(standing)
