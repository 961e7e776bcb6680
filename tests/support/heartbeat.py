"""Measures the longest time in which the event loop did nothing for anybody."""

from __future__ import annotations

import time
from types import TracebackType
from typing import Self

from PySide6.QtCore import QObject, Qt, QTimer

BEAT_MS = 5


class Heartbeat(QObject):
    """`with Heartbeat() as heart: …` then `heart.longest_gap_ms`, and where it is worth telling.

    The gap is measured between two beats of a precise 5 ms timer, so a free loop shows about 5.
    `its_work_ms` is the processor's time of this thread in that gap: where it is little, the
    thread waited for another one.
    """

    def __init__(self) -> None:
        super().__init__()
        self.longest_gap_ms = 0.0
        self.its_work_ms = 0.0
        self.beats = 0
        self._last = self._worked = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(BEAT_MS)
        self._timer.timeout.connect(self._on_beat)

    def __enter__(self) -> Self:
        self._last, self._worked = time.perf_counter(), time.thread_time()
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
        now, worked = time.perf_counter(), time.thread_time()
        gap_ms = (now - self._last) * 1000
        if gap_ms > self.longest_gap_ms:
            self.longest_gap_ms, self.its_work_ms = gap_ms, (worked - self._worked) * 1000
        self.beats += 1
        self._last, self._worked = now, worked
