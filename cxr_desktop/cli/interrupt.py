"""Ctrl+C that stops between two films, never in the middle of storing one."""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType
from typing import Any, Self

from cxr_desktop.domain.errors import JobCancelled


class StopBetweenFilms:
    """A `JobContext` that is cancelled by Ctrl+C; a second Ctrl+C interrupts at once.

    Outside the main thread, where Python allows no signal handlers, it does nothing.
    """

    def __init__(self) -> None:
        self.asked = False
        self._before: Any = None
        self._installed = False

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = signal.signal(signal.SIGINT, self._on_interrupt)
            self._installed = True
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._installed:
            signal.signal(signal.SIGINT, self._before)

    def report(self, step: str, fraction: float) -> None:  # noqa: ARG002 - the port's shape
        """Raise `JobCancelled` after Ctrl+C."""
        if self.asked:
            raise JobCancelled

    def _on_interrupt(self, _number: int, _frame: FrameType | None) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
