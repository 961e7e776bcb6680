"""Films on other computers, put together: here, and on each worker."""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Lock

from cxr_desktop import __version__
from cxr_desktop.distributed.addresses import check_address
from cxr_desktop.distributed.orders import FilmOrder
from cxr_desktop.domain.assessed import AssessedFilm, Mapper
from cxr_desktop.domain.assessment import ModelRef
from cxr_desktop.domain.errors import InvalidRequest, ModelUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.imaging.thumbnails import make_thumbnail
from cxr_desktop.services.assess import assessed_film
from cxr_desktop.wiring.engine import Engine, build_engine

THREADS = 1  # a worker has several films at once, each in one thread: none waits for another


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a worker must have: this program, this model, which may lie in these folders."""

    program_version: str
    model: ModelRef
    own_models: Path
    built_in_models: Path | None


class WorkerEngine:
    """Assesses the films that come to one worker (a `FilmWork`); one session for all of them."""

    def __init__(self, wanted: Wanted) -> None:
        self._wanted = wanted
        self._lock = Lock()
        self._engine: Engine | None = None

    def __call__(self, order: FilmOrder) -> AssessedFilm:
        """Assess one film. Raises `FilmRefused`, and `ModelUnavailable` for another model."""
        engine = self._ready()
        if order.content is None:
            answer = engine.assess(order.path, NoProgress())
        else:
            answer = engine.assess.of_content(order.path, order.content, NoProgress())
        return assessed_film(answer, make_thumbnail)

    def close(self) -> None:
        """End the decoder process."""
        with self._lock:
            if self._engine is not None:
                self._engine.close()
                self._engine = None

    def _ready(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = self._opened()
            return self._engine

    def _opened(self) -> Engine:
        wanted = self._wanted
        if wanted.program_version != __version__:
            raise ModelUnavailable(
                f"A worker has version {__version__} of the program, not {wanted.program_version}.",
                hint="Install the same version on every computer.",
            )
        engine = build_engine(
            own_models=wanted.own_models,
            device=lambda: "auto",
            threads=lambda: THREADS,
            model_id=wanted.model.id,
            built_in_models=wanted.built_in_models,
        )
        if engine.assess.classifier().model != wanted.model:
            engine.close()
            raise ModelUnavailable(
                f"A worker has another model than {wanted.model.id} {wanted.model.version}.",
                hint="Import the same model pack there.",
            )
        return engine


def on_cluster(address: str, wanted: Wanted, *, send_films: bool) -> AbstractContextManager[Mapper]:
    """Return what assesses films on the cluster of this scheduler; no socket is opened yet.

    Raises `InvalidRequest` for an address that may not be used, or without the extra `cluster`.
    """
    check_address(address)
    try:
        from cxr_desktop.distributed.dask_cluster import DaskMapper  # noqa: PLC0415 - an extra
    except ImportError as error:
        raise InvalidRequest(
            "The program was installed without what other computers need.",
            hint="Install it with the extra “cluster” (docs/scaling.md).",
        ) from error
    return DaskMapper(address, partial(WorkerEngine, wanted), send_films=send_films)
