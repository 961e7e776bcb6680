"""What assesses many films at once, put together."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from threading import Semaphore

from cxr_desktop.distributed.threads import ThreadMapper
from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor
from cxr_desktop.imaging.thumbnails import make_thumbnail
from cxr_desktop.services.assess import AssessFilm
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify import NOTHING
from cxr_desktop.services.classify_many import ClassifyMany

IN_MEMORY = 2
"""Films whose pixels are held at once: one that is being read, and one that is being prepared."""


def in_threads(assess: AssessFilm) -> ThreadMapper:
    """Return what assesses films on this PC; `assess` may be the engine's for many films."""
    room = Semaphore(IN_MEMORY)

    def work(path: Path) -> AssessedFilm:
        return assess.without_pixels(path, make_thumbnail, room)

    return ThreadMapper(work)


class ClassifyHere:
    """`ClassifyMany` on this PC; its threads end with each run."""

    def __init__(self, classify_many: ClassifyMany, assess: AssessFilm) -> None:
        self._classify_many = classify_many
        self._assess = assess

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
        with in_threads(self._assess) as mapper:
            yield from self._classify_many(
                actor, films, mapper, job, again=again, typed=typed, whoever=whoever
            )
