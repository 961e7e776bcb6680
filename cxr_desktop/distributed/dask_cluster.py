"""Films on the workers of a Dask cluster (https://distributed.dask.org); imported when asked for.

A film is one task. Dask gives the task of a worker that died to another one; the answer comes to
the one future that was waiting for it, so nothing is lost and nothing stored twice.
"""

from __future__ import annotations

import multiprocessing
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import dask
from distributed import Client, KilledWorker, WorkerPlugin, get_worker

from cxr_desktop.distributed.orders import FilmOrder, FilmWork
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.errors import (
    FilmRefused,
    InvalidRequest,
    ModelUnavailable,
    RefusalCode,
    UserError,
)

PLUGIN = "cxr-desktop-films"
WAIT_S = 30.0
PER_THREAD = 2
"""One film in work and one that waits beside each thread of the workers."""
QUIET = {"distributed.admin.large-graph-warning-threshold": "1GB"}  # a film in a task is meant


class FilmsOnWorker(WorkerPlugin):
    """Keeps one `FilmWork`, and so one session of the model, on each worker."""

    name = PLUGIN

    def __init__(self, open_work: Callable[[], FilmWork]) -> None:
        self._open = open_work
        self.work: FilmWork | None = None

    def setup(self, worker: Any) -> None:  # noqa: ARG002 - Dask's shape
        """Get ready; the model itself is loaded with the first film."""
        self.work = self._open()

    def teardown(self, worker: Any) -> None:  # noqa: ARG002 - Dask's shape
        """End the decoder process."""
        if self.work is not None:
            self.work.close()


def assess_here(order: FilmOrder) -> AssessedFilm:
    """Run on a worker: assess a film with what the plugin keeps."""
    if multiprocessing.current_process().daemon:
        raise InvalidRequest(
            "This worker may not start the process that decodes films.",
            hint="Start workers with DASK_DISTRIBUTED__WORKER__DAEMON=False (docs/scaling.md).",
        )
    work = get_worker().plugins[PLUGIN].work
    return work(order)  # type: ignore[no-any-return]  # distributed has no types


class DaskMapper:
    """The `Mapper` of a cluster; a context manager. No socket is open before or after it.

    `send_films` sends the films' bytes; else each worker reads the path, which must lead it to the
    same file.
    """

    def __init__(
        self, address: str, open_work: Callable[[], FilmWork], *, send_films: bool
    ) -> None:
        self._address = address
        self._open_work = open_work
        self._send_films = send_films
        self._under_way: dict[str, Any] = {}

    def __enter__(self) -> Self:
        """Connect, and wait for a worker. Raises `InvalidRequest`."""
        with dask.config.set({"distributed.comm.timeouts.connect": WAIT_S}):
            try:
                self._client = Client(self._address, set_as_default=False, timeout=WAIT_S)
            except (OSError, TimeoutError, ValueError, RuntimeError) as error:
                raise InvalidRequest(
                    f"No scheduler answers at “{self._address}”.",
                    hint="Check the address and the certificates, and that it runs.",
                ) from error
        try:
            self._client.wait_for_workers(1, timeout=WAIT_S)
            self._client.register_plugin(FilmsOnWorker(self._open_work))
        except TimeoutError as error:
            self._client.close()
            raise InvalidRequest(
                f"The scheduler at “{self._address}” has no worker.",
                hint="Start one with “dask worker”, see docs/scaling.md.",
            ) from error
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Give up what is under way, and the workers their memory back."""
        if self._client.status == "running":
            self._client.cancel(list(self._under_way.values()), force=True)
            self._client.unregister_worker_plugin(PLUGIN)
        self._client.close()

    @property
    def ahead(self) -> int:
        """As many as keep the workers that are there now busy; at least two."""
        threads = sum(self._client.nthreads().values()) if self._client.status == "running" else 1
        return PER_THREAD * max(threads, 1)

    def submit(self, path: Path) -> Future[AssessedFilm]:
        """Begin a film on some worker."""
        ours: Future[AssessedFilm] = Future()
        try:
            content = path.read_bytes() if self._send_films else None
        except OSError:
            ours.set_exception(
                FilmRefused(
                    RefusalCode.NOT_A_FILE,
                    "The file could not be read.",
                    hint="Check that it is there and that you may open it.",
                )
            )
            return ours
        order = FilmOrder(path.absolute(), content)
        key = f"film-{uuid.uuid4().hex}"
        with dask.config.set(QUIET):
            theirs = self._client.submit(assess_here, order, key=key, pure=False)
        self._under_way[key] = theirs
        theirs.add_done_callback(lambda done: self._end(key, done, ours))
        return ours

    def _end(self, key: str, theirs: Any, ours: Future[AssessedFilm]) -> None:
        """Pass on what became of a film; Dask calls this in a thread of its own."""
        self._under_way.pop(key, None)
        if theirs.status == "finished":
            try:
                ours.set_result(theirs.result())
            except Exception as error:  # noqa: BLE001 - whatever came instead of the answer
                ours.set_exception(error)
        elif theirs.status == "error":
            ours.set_exception(_said(theirs.exception()))
        else:
            ours.set_exception(_lost())


def _said(error: BaseException) -> BaseException:
    if isinstance(error, UserError) or not isinstance(error, KilledWorker):
        return error
    return ModelUnavailable(
        "Several workers died over one film.",
        hint="Look at their memory; then give the same command again: it goes on where it was.",
    )


def _lost() -> InvalidRequest:
    return InvalidRequest(
        "The connection to the scheduler was lost.",
        hint="Give the same command again when it runs: what is in the History is not done twice.",
    )
