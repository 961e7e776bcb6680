"""The window draws first: threads that work wait, between two steps, until it has.

Python runs one thread at a time, so this holds for the whole process. A window that draws beside
others that work waits for them longer than it draws. Where there is no window nothing waits.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

LONGEST_S = 0.05
"""How long it holds: whatever keeps the window, the work goes on."""


class RightOfWay:
    """Taken and given by the window's thread; the others `wait` for it."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._until = 0.0
        self._is_free = threading.Event()
        self._is_free.set()

    def take(self) -> None:
        """Let threads that work wait at their next step, until `give`; at most `LONGEST_S`."""
        self._until = self._clock() + LONGEST_S
        self._is_free.clear()

    def give(self) -> None:
        """Let them go on."""
        self._is_free.set()

    def wait(self) -> None:
        """Wait for the window; called between two steps of a piece of work."""
        if not self._is_free.is_set():
            self._is_free.wait(max(self._until - self._clock(), 0.0))


window_first = RightOfWay()
"""The one of this process."""
