"""The full check without widgets: what the last one found, and making one now."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.full_check import FullCheck
from cxr_desktop.services.full_check import CheckNow
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.session import Session


@dataclass(frozen=True, slots=True)
class CheckState:
    """`last` is None before the first check, and until it was read (`is_known`)."""

    last: FullCheck | None = None
    is_known: bool = False
    is_running: bool = False
    step: str = ""
    fraction: float = 0.0
    notice: Notice | None = None


class CheckPresenter(QObject):
    """Emits a `CheckState`; a check that is stopped goes on where it was."""

    state_changed = Signal(object)

    def __init__(self, check: CheckNow, runner: JobRunner, session: Session) -> None:
        super().__init__()
        self._check = check
        self._looking = OneJob(runner, session, self)
        self._looking.done.connect(self._on_last)
        self._looking.failed.connect(lambda notice: self._show(notice=notice))
        self._running = OneJob(runner, session, self)
        self._running.progressed.connect(self._on_progress)
        self._running.done.connect(self._on_done)
        self._running.failed.connect(lambda notice: self._show(is_running=False, notice=notice))
        self._running.cancelled.connect(self._on_stopped)
        self.state = CheckState()

    def refresh(self) -> None:
        """Read what the last check found."""
        self._looking.start(lambda actor, _: self._check.last(actor))

    def run(self) -> None:
        """Check everything now."""
        if not self._running.is_running:
            self._show(is_running=True, step="", fraction=0.0, notice=None)
            self._running.start(self._check)

    def stop(self) -> None:
        """Stop at the next film."""
        self._running.cancel()

    def _on_last(self, last: FullCheck | None) -> None:
        self._show(last=last, is_known=True)

    def _on_progress(self, step: str, fraction: float) -> None:
        self._show(step=step, fraction=fraction)

    def _on_done(self, check: FullCheck) -> None:
        self._show(last=check, is_known=True, is_running=False)

    def _on_stopped(self) -> None:
        text = self.tr("Stopped. The next check goes on where this one was.")
        self._show(is_running=False, notice=Notice("info", text))

    def _show(self, **changes: object) -> None:
        self.state = replace(self.state, **changes)  # type: ignore[arg-type]  # names of its fields
        self.state_changed.emit(self.state)
