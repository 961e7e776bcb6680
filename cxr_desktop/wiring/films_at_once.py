"""What assesses many films at once, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Semaphore

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.imaging.thumbnails import make_thumbnail
from cxr_desktop.inference.session import physical_cores
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify import NOTHING
from cxr_desktop.services.classify_many import ClassifyMany
from cxr_desktop.wiring.engine import Engine

IN_MEMORY = 2
"""Films whose pixels are held at once: one that is being read, and one that is being prepared."""
PER_CORE = 4
"""Threads for each core: two films in the model, two that are made ready for its next turn."""


@contextmanager
def in_threads(engine: Engine) -> Iterator[ThreadMapper]:
    """Give what assesses films on this PC."""
    assess, room = engine.assess_many(), Semaphore(IN_MEMORY)

    def work(path: Path, job: JobContext) -> AssessedFilm:
        return assess.without_pixels(path, make_thumbnail, room, job)

    threads = PER_CORE * max(physical_cores(), 2)
    with ThreadMapper(work, threads) as mapper:
        yield mapper


@contextmanager
def in_a_long_run(engine: Engine) -> Iterator[ThreadMapper]:
    """Give the same, with the model loaded as suits nothing but many films."""
    with engine.long_run(), in_threads(engine) as mapper:
        yield mapper


class ClassifyHere:
    """`ClassifyMany` on this PC; its threads end with each run."""

    def __init__(self, classify_many: ClassifyMany, engine: Engine) -> None:
        self._classify_many = classify_many
        self._engine = engine

    def __call__(
        self,
        actor: Actor,
        films: Sequence[Path],
        job: JobContext,
        *,
        again: bool = False,
        typed: Mapping[Path, StudyInfo] = NOTHING,
        whoever: bool = False,
    ) -> Iterator[FileOutcome[ExamView]]:
        """Yield one outcome per film; raises as `ClassifyMany` does."""
        with in_threads(self._engine) as mapper:
            yield from self._classify_many(
                actor, films, mapper, job, again=again, typed=typed, whoever=whoever
            )
