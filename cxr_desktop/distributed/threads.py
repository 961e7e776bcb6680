"""Threads of this process: films in some of them, and work beside other work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, InvalidStateError, ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.errors import JobCancelled
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.right_of_way import window_first

T = TypeVar("T")


def beside(work: Callable[[], T]) -> Future[T]:
    """Begin work in a thread of its own, which ends with it."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="cxr-beside")
    try:
        return pool.submit(work)
    finally:
        pool.shutdown(wait=False)


class Film:
    """A film under way: the job of its work, which ends at the next report once it is given up."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.future: Future[AssessedFilm] = Future()

    def report(self, step: str, fraction: float) -> None:  # noqa: ARG002 - the port's shape
        """Raise `JobCancelled` when nobody waits for it any more."""
        window_first.wait()
        if self.future.cancelled():
            raise JobCancelled


class ThreadMapper:
    """The `Mapper` of one PC, of so many threads; a context manager, waits for what was begun.

    There is one decoder process and one session of the model, which takes several films at once;
    so most threads wait for one or the other. A future that is cancelled ends the work on its film
    at the next step.
    """

    def __init__(self, work: Callable[[Path, JobContext], AssessedFilm], threads: int = 8) -> None:
        self._work = work
        self._threads = threads
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="cxr-films")
        self._is_over = False

    @property
    def ahead(self) -> int:
        """One per thread, as many that wait for one, and twice as many that wait to be stored."""
        return 4 * self._threads

    def submit(self, path: Path) -> Future[AssessedFilm]:
        """Begin a film as soon as a thread is free."""
        film = Film(path)
        self._pool.submit(self._do, film)
        return film.future

    def _do(self, film: Film) -> None:
        if self._is_over:
            film.future.cancel()
        with suppress(InvalidStateError, JobCancelled):  # given up meanwhile
            film.report("", 0.0)
            try:
                film.future.set_result(self._work(film.path, film))
            except Exception as error:  # noqa: BLE001 - it belongs to who waits for the film
                film.future.set_exception(error)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._is_over = True
        self._pool.shutdown(wait=True)
