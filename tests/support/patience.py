"""How long a test waits for what must come: a busy machine is slow, and only a failure costs it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

PATIENCE_S = 60.0
PATIENCE_MS = round(PATIENCE_S * 1000)


class PatientBot(QtBot):
    """Pytest-qt's, which by itself gives up after five seconds."""

    def waitUntil(self, callback: Callable[[], bool | None], *, timeout: int = PATIENCE_MS) -> None:
        """Let Qt work until it is so."""
        super().waitUntil(callback, timeout=timeout)

    def waitExposed(self, widget: QWidget, *, timeout: int = PATIENCE_MS) -> Any:
        """`with` this, show the widget: goes on when it is on the screen."""
        return super().waitExposed(widget, timeout=timeout)

    def waitSignal(self, signal: Any, *, timeout: int = PATIENCE_MS, **options: Any) -> Any:
        """`with` this, do something: goes on when the signal has come."""
        return super().waitSignal(signal, timeout=timeout, **options)


def some_turns(qtbot: QtBot) -> None:
    """Let the event loop come round until what was put off by a turn or two is done."""
    for _ in range(5):
        qtbot.wait(5)
