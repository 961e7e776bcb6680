"""Whether the model is ready, and on which device; loaded while the person is still typing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from cxr_desktop.domain.errors import UserError
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job, JobRunner


@dataclass(frozen=True, slots=True)
class NotStarted:
    """No data folder is open yet."""


@dataclass(frozen=True, slots=True)
class Warming:
    """The model is being loaded and tried."""


@dataclass(frozen=True, slots=True)
class Ready:
    """The model gave the right answer on its golden case; `notice` says what is not as wished.

    `runtime` is the version of the onnxruntime that answers.
    """

    model: str
    device: str
    notice: str = ""
    runtime: str = ""


@dataclass(frozen=True, slots=True)
class Unavailable:
    """No film can be classified; says why."""

    notice: Notice


ModelState = NotStarted | Warming | Ready | Unavailable


class ModelStatus(QObject):
    """Warms the model up on the `infer` lane; `state_changed` carries a `ModelState`."""

    state_changed = Signal(object)

    def __init__(self, runner: JobRunner) -> None:
        super().__init__()
        self._runner = runner
        self._job: Job | None = None
        self._load: Callable[[], Ready] | None = None
        self._again = False
        self.state: ModelState = NotStarted()

    def start(self, load: Callable[[], Ready]) -> None:
        """Load by this function, now and at each `refresh`."""
        self._load = load
        self.refresh()

    def refresh(self) -> None:
        """Load again: another model or device may have been chosen. Quick when nothing changed."""
        if self._load is None:
            return
        if self._job is not None and self._job.is_running:
            self._again = True
            return
        load = self._load
        if not isinstance(self.state, Ready):
            self._show(Warming())
        self._job = self._runner.start(
            lambda _: load(), lane="infer", done=self._on_ready, failed=self._on_failed
        )

    def _on_ready(self, ready: Ready) -> None:
        self._show(ready)
        self._once_more()

    def _on_failed(self, error: UserError) -> None:
        self._show(Unavailable(notice_of(error)))
        self._once_more()

    def _once_more(self) -> None:
        if self._again:
            self._again = False
            self.refresh()

    def _show(self, state: ModelState) -> None:
        self.state = state
        self.state_changed.emit(state)
