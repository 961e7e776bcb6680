"""Threads of this process: films in some of them, and work beside other work."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from cxr_desktop.domain.assessed import AssessedFilm

WORKERS = 8
"""Four films in the model, and four that are read and prepared for its next turn."""

T = TypeVar("T")


def beside(work: Callable[[], T]) -> Future[T]:
    """Begin work in a thread of its own, which ends with it."""
    pool = ThreadPoolExecutor(1, thread_name_prefix="cxr-beside")
    try:
        return pool.submit(work)
    finally:
        pool.shutdown(wait=False)


class ThreadMapper:
    """The `Mapper` of one PC; a context manager that waits for what was begun.

    There is one decoder process and one session of the model, which takes several films in one go;
    so most threads wait for one or the other.
    """

    def __init__(self, work: Callable[[Path], AssessedFilm]) -> None:
        self._work = work
        self._pool = ThreadPoolExecutor(WORKERS, thread_name_prefix="cxr-films")

    @property
    def ahead(self) -> int:
        """One per thread, as many that wait for one, and twice as many that wait to be stored."""
        return 4 * WORKERS

    def submit(self, path: Path) -> Future[AssessedFilm]:
        """Begin a film as soon as a thread is free."""
        return self._pool.submit(self._work, path)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)
