"""The window goes first: its thread gets a core, and Python's lock, before those that work.

A person sees a window that waits 50 ms, and does not see a film that is stored 50 ms later. While
many films run, more threads want a core than there are, and each may keep Python's lock for a
while: without this the window waited for both of them longer than it worked.
"""

from __future__ import annotations

import os
import sys
import threading
from contextlib import suppress

from PySide6.QtCore import QThread

BEHIND = 5
"""By how much a thread that works is nicer than the window's, which then weighs three times as
much. By 10 it would be nine times, but so would any other program, and a run would starve."""
TURN_S = 0.001
"""How long a thread keeps Python's lock while another wants it; Python's own choice is 5 ms."""


def let_window_go_first(platform: str = sys.platform) -> None:
    """Call it on the GUI thread, before there are others.

    On Linux a thread may only step back (`step_back`); elsewhere the window's own goes forward.
    """
    sys.setswitchinterval(TURN_S)
    if platform != "linux":
        QThread.currentThread().setPriority(QThread.Priority.HighPriority)


def step_back() -> None:
    """Put the calling thread behind the window's; threads and processes that it starts follow it.

    On Linux alone: there each thread has a niceness of its own, and what it starts inherits it. As
    a batch thread (sched(7), SCHED_BATCH) it also takes no core from the window's when it wakes.
    Where that is forbidden, all stay equal.
    """
    if sys.platform == "linux":
        thread = threading.get_native_id()
        with suppress(OSError):
            nice = os.getpriority(os.PRIO_PROCESS, thread) + BEHIND
            os.setpriority(os.PRIO_PROCESS, thread, nice)
            os.sched_setscheduler(thread, os.SCHED_BATCH, os.sched_param(0))
