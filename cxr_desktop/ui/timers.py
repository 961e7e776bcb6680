"""Timers that ring once."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer

NEXT_TURN_MS = 1
"""Until the next turn of the event loop: what is posted now, drawing too, comes before. 0 is not
that: a single shot of 0 is posted into the same turn, and a timer of 0 waits for an idle one."""


def single_shot(parent: QObject, do: Callable[[], object]) -> QTimer:
    """Return a timer that does this once after each `start`; `parent` keeps it."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.timeout.connect(do)
    return timer
