"""Measures the longest time in which the event loop did nothing for anybody."""

from __future__ import annotations

import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """`with Heartbeat() as heart: …` then `heart.longest_gap_ms`, and where it is worth telling.

    The gap is measured between two beats of a precise 5 ms timer, so a free loop shows about 5.
    `its_work_ms` is the processor's time of this thread in that gap, `no_core_ms` the time in which
    it could have worked and no core was free (told by Linux alone); what is left is waiting for
    another thread. `longest_with_core_ms` is the longest gap less the time without a core.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_gap_ms = 0.0
        self.its_work_ms = 0.0
        self.no_core_ms = 0.0
        self.longest_with_core_ms = 0.0
        self.beats = 0
        self._last = self._worked = self._had_no_core = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)

    def __enter__(self) -> Self:
        self._last, self._worked, self._had_no_core = _now()
        self._timer.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._on_beat()
        self._timer.stop()

    def _on_beat(self) -> None:
        now, worked, had_no_core = _now()
        gap_ms = (now - self._last) * 1000
        no_core_ms = (had_no_core - self._had_no_core) * 1000
        if gap_ms > self.longest_gap_ms:
            self.longest_gap_ms, self.no_core_ms = gap_ms, no_core_ms
            self.its_work_ms = (worked - self._worked) * 1000
        self.longest_with_core_ms = max(self.longest_with_core_ms, gap_ms - no_core_ms)
        self.beats += 1
        self._last, self._worked, self._had_no_core = now, worked, had_no_core


def _now() -> tuple[float, float, float]:
    """Return the clock, this thread's processor time, and its time without a core, in seconds."""
    return time.perf_counter(), time.thread_time(), _without_core_s()


def _without_core_s() -> float:
    """Return how long this thread stood in the scheduler's line; 0 where nobody says so."""
    try:
        # Time on a core and in the line, in ns, and turns (Documentation/scheduler/sched-stats).
        told = Path(f"/proc/self/task/{threading.get_native_id()}/schedstat").read_text("ascii")
    except OSError:
        return 0.0
    return int(told.split()[1]) / 1e9
