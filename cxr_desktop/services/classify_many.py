"""Many films to stored exams, several under way at once, each film once for a model."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from pathlib import Path

from cxr_desktop.domain.assessed import AssessedFilm, Mapper
from cxr_desktop.domain.assessment import ModelRef
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.ports import HistoryStore, JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.batch import FileOutcome, require_films
from cxr_desktop.services.classify import ClassifyImage

POLL_S = 0.1
NOTHING_TYPED: Mapping[Path, StudyInfo] = {}
UnderWay = tuple[Path, "Future[AssessedFilm] | str"]


class ClassifyMany:
    """Stores one exam per film, in the order of the films; only the caller's thread writes.

    A film whose bytes have an answer of the same model in the History is not done again; without
    the permission to see others' exams, only one's own count. So a run that was cut off, by
    whatever, goes on where it was.
    """

    def __init__(self, classify: ClassifyImage, history: HistoryStore, access: Access) -> None:
        self._classify = classify
        self._history = history
        self._access = access

    def __call__(
        self,
        actor: Actor,
        films: Sequence[Path],
        mapper: Mapper,
        job: JobContext,
        *,
        again: bool = False,
        typed: Mapping[Path, StudyInfo] = NOTHING_TYPED,
        whoever: bool = False,
    ) -> Iterator[FileOutcome[ExamView]]:
        """Yield one outcome per film as soon as it is stored; `again` does also what was done.

        With `whoever` everybody's exams count: for films that come by themselves, whose exams
        belong to whoever happens to be there.
        `typed` holds what a person typed for a film, as for `ClassifyImage.run`.
        Raises `JobCancelled` at `job.report`, at least every tenth of a second: what is under way
        is then given up and nothing of it stored. Raises `InvalidRequest` for no film, and at once
        what concerns every film: `PermissionDenied`, `ModelUnavailable`, `StorageUnavailable`.
        """
        for permission in (Permission.IMPORT, Permission.RUN):
            current = self._access.require(actor, permission)
        whose = "" if whoever or current.may(Permission.SEE_OTHERS) else current.name
        require_films(films)
        model = None if again else self._classify.model()
        under_way: deque[UnderWay] = deque()
        waiting = iter(films)
        index = 0

        def tell() -> None:
            job.report(f"Film {index + 1} of {len(films)}", index / len(films))

        try:
            while True:
                while len(under_way) < mapper.ahead and (path := next(waiting, None)) is not None:
                    tell()
                    under_way.append((path, self._begin(path, model, mapper, whose)))
                if not under_way:
                    return
                path, pending = under_way[0]
                if isinstance(pending, Future):
                    while not wait([pending], POLL_S).done:
                        tell()
                tell()
                outcome = self._end(
                    current, path, pending, None if again else whose, typed.get(path)
                )
                under_way.popleft()
                index += 1
                yield outcome
        finally:
            for _, pending in under_way:
                if isinstance(pending, Future):
                    pending.cancel()

    def _begin(
        self, path: Path, model: ModelRef | None, mapper: Mapper, whose: str
    ) -> Future[AssessedFilm] | str:
        """Begin the film, or return the exam that has its answer."""
        done = ""
        if model is not None and (sha256 := film_hash(path)):
            done = self._history.answered(sha256, model, whose)
        return done or mapper.submit(path)

    def _end(
        self,
        actor: Actor,
        path: Path,
        pending: Future[AssessedFilm] | str,
        whose: str | None,
        typed: StudyInfo | None,
    ) -> FileOutcome[ExamView]:
        if isinstance(pending, str):
            return FileOutcome(path, stored_before=pending)
        try:
            assessed = pending.result()
        except FilmRefused as refusal:
            self._classify.note_refusal(actor, refusal)
            return FileOutcome(path, refusal=refusal)
        if whose is not None:  # the same bytes may have come twice among the films under way
            model = assessed.assessment.model
            done = self._history.answered(assessed.film.sha256, model, whose)
            if done:
                return FileOutcome(path, stored_before=done)
        try:
            return FileOutcome(path, result=self._classify.keep(actor, path, assessed, typed))
        except FilmRefused as refusal:
            return FileOutcome(path, refusal=refusal)


def film_hash(path: Path) -> str:
    """Return the SHA-256 of an ordinary file; empty for what is none, or cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
