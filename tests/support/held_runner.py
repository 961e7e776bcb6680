"""A job runner that works when the test says so, in the order it says: no threads, no time."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from cxr_desktop.domain.errors import JobCancelled, UserError
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.ui.jobs import Job, JobRunner, Lane, Progress

T = TypeVar("T")


class _Reports:
    def __init__(self, job: Job, progress: Progress | None) -> None:
        self._job, self._progress = job, progress

    def report(self, step: str, fraction: float) -> None:
        if self._job.is_cancel_requested:
            raise JobCancelled
        if self._progress is not None:
            self._progress(step, fraction)


class HeldRunner(JobRunner):
    """`held` are the jobs that wait, oldest first; `lanes` the lanes of all jobs ever started.

    A job is worked on when it is finished, so it sees the services as they are then, unless the
    test calls `work` first: then its answer is from that moment, however late it is delivered.
    """

    def __init__(self) -> None:
        super().__init__()
        self.held: list[Callable[[], Callable[[], None]]] = []
        self.lanes: list[Lane] = []

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
        """Hold a job."""
        job = Job()

        def run() -> Callable[[], None]:
            try:
                result = work(_Reports(job, progress))
            except JobCancelled:
                job.end()
                return cancelled or (lambda: None)
            except UserError as error:
                refusal = error
                job.end()
                return lambda: failed(refusal)
            job.end()
            return lambda: done(result)

        self.held.append(run)
        self.lanes.append(lane)
        return job

    def draw_first(self) -> None:
        """Hold nothing up: there are no threads."""

    def work(self, number: int = 0) -> None:
        """Do the work of a held job now, and keep its answer back."""
        run = self.held[number]
        ending = run()
        self.held[number] = lambda: ending

    def finish(self, number: int = 0) -> None:
        """Do the work of one held job and deliver its answer."""
        self.held.pop(number)()()

    def finish_all(self) -> None:
        """Do everything, and what follows from it, oldest first."""
        while self.held:
            self.finish()
