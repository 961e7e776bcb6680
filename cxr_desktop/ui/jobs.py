"""Background work: the only owner of threads, and the only way from a thread back to the window.

Work is a plain function that takes a `JobContext`; it runs in a lane of threads and its callbacks
run on the GUI thread::

    runner.start(lambda job: access.sign_in(name, password), done=self._on_signed_in, failed=…)
"""

from __future__ import annotations

import logging
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Literal, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot

from cxr_desktop.domain.errors import JobCancelled, UserError
from cxr_desktop.right_of_way import window_first
from cxr_desktop.ui.precedence import step_back
from cxr_desktop.ui.timers import NEXT_TURN_MS, single_shot

if TYPE_CHECKING:  # the ports bring numpy, which the sign-in window need not wait for
    from cxr_desktop.domain.ports import JobContext

T = TypeVar("T")
Lane = Literal["infer", "io", "bulk", "watch"]
Progress = Callable[[str, float], None]

WORKERS: dict[Lane, int] = {"infer": 1, "io": 2, "bulk": 1, "watch": 1}

TURN_S = 0.004
"""Callbacks that come at once are called one after the other for this long; then the window has a
turn, to draw what they changed and to hear keys, before the next one."""

_log = logging.getLogger(__name__)


class Job:
    """One piece of work under way, as its starter sees it."""

    def __init__(self) -> None:
        self._cancel = threading.Event()
        self._running = True

    def cancel(self) -> None:
        """Ask the work to stop at its next `report`; it may still come to its end first."""
        self._cancel.set()

    @property
    def is_running(self) -> bool:
        """False once a callback was called, or would have been."""
        return self._running

    @property
    def is_cancel_requested(self) -> bool:
        """Whether `cancel` was called."""
        return self._cancel.is_set()

    def end(self) -> None:
        """Note the end (called by the runner, on the GUI thread)."""
        self._running = False


class _Reporting:
    """The `JobContext` that work in a lane gets."""

    def __init__(self, job: Job, tell: Callable[[str, float], None]) -> None:
        self._job = job
        self._tell = tell

    def report(self, step: str, fraction: float) -> None:
        window_first.wait()
        if self._job.is_cancel_requested:
            raise JobCancelled
        self._tell(step, fraction)


class _Lanes:
    """The threads: one pool per lane, shared by a runner and those nested in it."""

    def __init__(self) -> None:
        self._pools = {
            lane: ThreadPoolExecutor(count, thread_name_prefix=f"cxr-{lane}", initializer=step_back)
            for lane, count in WORKERS.items()
        }

    def submit(self, lane: Lane, work: Callable[[], None]) -> None:
        self._pools[lane].submit(work)

    def close(self) -> None:
        for pool in self._pools.values():
            pool.shutdown(wait=False, cancel_futures=True)
        for pool in self._pools.values():
            pool.shutdown(wait=True)


class JobRunner(QObject):
    """Starts work in a lane and brings what comes of it back to the GUI thread.

    Must be made on the GUI thread. `close` cancels what runs, waits for its end and drops callbacks
    that have not been called yet.
    """

    _delivered = Signal(object)

    def __init__(self, parent: QObject | None = None, *, within: JobRunner | None = None) -> None:
        super().__init__(parent)
        self._owns_lanes = within is None
        self._lanes: _Lanes = _Lanes() if within is None else within._lanes  # noqa: SLF001 - its own kind
        self._jobs: set[Job] = set()
        self._closed = False
        self._came: deque[Callable[[], None]] = deque()
        self._pause = single_shot(self, self._call_back)
        self._drawing = single_shot(self, window_first.give)
        self._delivered.connect(self._on_delivered, Qt.ConnectionType.QueuedConnection)

    def nested(self) -> JobRunner:
        """Return a runner on the same threads that can be closed by itself, without waiting.

        The window of a signed-in person gets one: at sign-out no late callback reaches widgets
        that are gone.
        """
        return JobRunner(within=self)

    def start(
        self,
        work: Callable[[JobContext], T],
        *,
        done: Callable[[T], None],
        failed: Callable[[UserError], None],
        lane: Lane = "io",
        progress: Progress | None = None,
        cancelled: Callable[[], None] | None = None,
    ) -> Job:
        """Run `work` in `lane`; exactly one of `done`, `failed`, `cancelled` follows.

        `progress` gets (step, 0..1). An exception that is no `UserError` is a bug: it is logged
        under an id, and `failed` gets a sentence with that id. After `close` nothing is begun and
        nothing follows.
        """
        job = Job()
        if self._closed:
            job.end()
            return job
        self._jobs.add(job)

        def tell(step: str, fraction: float) -> None:
            if progress is not None:
                self._deliver(lambda: progress(step, fraction) if job.is_running else None)

        def run() -> None:
            ending = _ending(work, _Reporting(job, tell), done, failed, cancelled)
            self._deliver(lambda: self._end(job, ending))

        self._lanes.submit(lane, run)
        return job

    def draw_first(self) -> None:
        """Let work wait, at its next step, until the window has drawn what changes now.

        The end of a job does it by itself; progress does not, as most of it changes little.
        """
        window_first.take()
        self._drawing.start(NEXT_TURN_MS)

    def close(self) -> None:
        """Cancel every job, and wait where the threads are ours; no callback comes after."""
        self._closed = True
        for job in self._jobs:
            job.cancel()
            job.end()
        self._jobs.clear()
        self._came.clear()
        self._pause.stop()
        self._drawing.stop()
        window_first.give()
        if self._owns_lanes:
            self._lanes.close()

    def _deliver(self, callback: Callable[[], None]) -> None:
        if not self._closed:
            self._delivered.emit(callback)

    @Slot(object)
    def _on_delivered(self, callback: Callable[[], None]) -> None:
        if self._closed:
            return
        self._came.append(callback)
        if not self._pause.isActive():
            self._call_back()

    def _call_back(self) -> None:
        end = time.perf_counter() + TURN_S
        try:
            while self._came and time.perf_counter() < end:
                self._came.popleft()()
        finally:
            if not self._closed and (self._came or time.perf_counter() >= end):
                self._pause.start(NEXT_TURN_MS)  # whatever comes now waits for it

    def _end(self, job: Job, ending: Callable[[], None]) -> None:
        job.end()
        self._jobs.discard(job)
        self.draw_first()
        ending()


def _ending(
    work: Callable[[JobContext], T],
    context: _Reporting,
    done: Callable[[T], None],
    failed: Callable[[UserError], None],
    cancelled: Callable[[], None] | None,
) -> Callable[[], None]:
    """Do the work, and return what is to be called on the GUI thread."""
    try:
        context.report("", 0.0)
        result = work(context)
    except JobCancelled:
        return cancelled if cancelled is not None else _nothing
    except UserError as error:
        refused = error
        return lambda: failed(refused)
    except Exception as error:  # noqa: BLE001 - the border of background work: a bug becomes an id
        unexpected = bug_error(error)
        return lambda: failed(unexpected)
    return lambda: done(result)


def _nothing() -> None:
    pass


def bug_error(error: BaseException) -> UserError:
    """Log an unexpected exception under a new id; return the sentence to show, with that id."""
    error_id = uuid.uuid4().hex[:8]
    _log.error("unexpected error %s", error_id, exc_info=error)
    return UserError(
        f"Something went wrong inside the program (error {error_id}).",
        hint="Try again. If it happens again, give this number to whoever looks after the program.",
        code="bug",
    )
