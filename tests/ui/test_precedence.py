from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest
from PySide6.QtCore import QThread
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.ports import JobContext
from cxr_desktop.ui.jobs import WORKERS, JobRunner, Lane
from cxr_desktop.ui.precedence import BEHIND, TURN_S, let_window_go_first
from tests.support.job_calls import never

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="threads are nice on Linux alone")
ASK = "import os; print(os.getpriority(os.PRIO_PROCESS, 0))"


def niceness() -> int:
    return os.getpriority(os.PRIO_PROCESS, threading.get_native_id())


@pytest.fixture
def scheduling(qapp: QApplication) -> Iterator[None]:
    turn = sys.getswitchinterval()
    yield
    sys.setswitchinterval(turn)
    QThread.currentThread().setPriority(QThread.Priority.NormalPriority)


@linux_only
@pytest.mark.parametrize("lane", WORKERS)
def test_whoever_works_stands_behind_the_window(
    runner: JobRunner, qtbot: QtBot, lane: Lane
) -> None:
    before = niceness()
    told: list[int] = []
    runner.start(lambda _: niceness(), done=told.append, failed=never, lane=lane)
    qtbot.waitUntil(lambda: bool(told))
    assert told == [min(before + BEHIND, 19)]
    assert niceness() == before


@linux_only
@pytest.mark.parametrize("lane", WORKERS)
def test_whoever_works_takes_no_core_from_the_window_when_it_wakes(
    runner: JobRunner, qtbot: QtBot, lane: Lane
) -> None:
    told: list[int] = []
    runner.start(
        lambda _: os.sched_getscheduler(threading.get_native_id()),
        done=told.append,
        failed=never,
        lane=lane,
    )
    qtbot.waitUntil(lambda: bool(told))
    assert told == [os.SCHED_BATCH]
    assert os.sched_getscheduler(threading.get_native_id()) == os.SCHED_OTHER


@linux_only
def test_what_a_thread_starts_stands_beside_it(runner: JobRunner, qtbot: QtBot) -> None:
    def work(_: JobContext) -> tuple[int, int, int]:
        with ThreadPoolExecutor(1) as pool:
            beside = pool.submit(niceness).result()
        child = subprocess.run([sys.executable, "-c", ASK], check=True, capture_output=True)
        return niceness(), beside, int(child.stdout)

    told: list[tuple[int, int, int]] = []
    runner.start(work, done=told.append, failed=never)
    qtbot.waitUntil(lambda: bool(told))
    mine, beside, child = told[0]
    assert beside == child == mine > niceness()


@pytest.mark.usefixtures("scheduling")
def test_no_thread_keeps_pythons_lock_for_long() -> None:
    let_window_go_first()
    assert sys.getswitchinterval() == pytest.approx(TURN_S)


@pytest.mark.usefixtures("scheduling")
def test_where_threads_cannot_step_back_the_window_goes_forward() -> None:
    let_window_go_first("win32")
    assert QThread.currentThread().priority() is QThread.Priority.HighPriority
