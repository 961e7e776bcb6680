"""Many films to stored exams, several under way at once, each film once for a model."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, wait
from pathlib import Path

from cxr_desktop.domain.assessed import AssessedFilm, Mapper
from cxr_desktop.domain.assessment import ModelRef
from cxr_desktop.domain.errors import FilmRefused
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.ports import HistoryStore, JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.access import Access
from cxr_desktop.services.batch import FileOutcome, PartOfBatch, require_films
from cxr_desktop.services.classify import ClassifyImage

POLL_S = 0.1
NOTHING_TYPED: Mapping[Path, StudyInfo] = {}
Pending = Future[AssessedFilm] | str | None
UnderWay = tuple[Path, Pending]


class ClassifyMany:
    """Stores one exam per film, in the order of the films; only the caller's thread writes.

    A film whose bytes have an answer of the same model in the History is not done again; without
    the permission to see others' exams, only one's own count. So a run that was cut off, by
    whatever, goes on where it was.

    A film that is done again is read as its latest exam had it: where that one says that a negative
    was turned, this one is turned too, alone and when its turn comes.
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
        belong to whoever happens to be there. `typed` holds what a person typed for a film, as for
        `ClassifyImage.run`.

        Raises `JobCancelled` at `job.report`, at least every tenth of a second: what is under way
        is then given up and nothing of it stored. Raises `InvalidRequest` for no film, and at once
        what concerns every film: `PermissionDenied`, `ModelUnavailable`, `StorageUnavailable`.
        """
        current = self._access.require(actor, Permission.IMPORT, Permission.RUN)
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
                _await(pending, tell)
                done = self._done(current, path, pending, whose=whose, again=again)
                if not isinstance(done, FileOutcome):
                    part = PartOfBatch(job, index, len(films))
                    done = self._store(current, path, done, typed.get(path), part)
                under_way.popleft()
                index += 1
                yield done
        finally:
            for _, pending in under_way:
                if isinstance(pending, Future):
                    pending.cancel()

    def _begin(self, path: Path, model: ModelRef | None, mapper: Mapper, whose: str) -> Pending:
        """Begin the film, or return the exam that has its answer; None for one to be turned.

        Without a model it is done again.
        """
        sha256 = film_hash(path)
        done = self._history.answered(sha256, model, whose) if sha256 else ""
        if done and model is not None:
            return done
        return None if done and self._was_turned(done) else mapper.submit(path)

    def _was_turned(self, exam_id: str) -> bool:
        return is_turned(self._history.get(exam_id).cautions)

    def _done(
        self, actor: Actor, path: Path, pending: Pending, *, whose: str, again: bool
    ) -> FileOutcome[ExamView] | AssessedFilm | None:
        """Return what became of a film, or what is to be stored; None for one to be turned."""
        if pending is None:
            return None
        if isinstance(pending, str):
            return FileOutcome(path, stored_before=pending)
        try:
            assessed = pending.result()
        except FilmRefused as refusal:
            self._classify.note_refusal(actor, refusal)
            return FileOutcome(path, refusal=refusal)
        # The same bytes may have come twice among the films under way, or in an archive.
        model = None if again else assessed.assessment.model
        done = self._history.answered(assessed.film.sha256, model, whose)
        if done and not again:
            return FileOutcome(path, stored_before=done)
        return None if done and self._was_turned(done) else assessed

    def _store(
        self,
        actor: Actor,
        path: Path,
        assessed: AssessedFilm | None,
        typed: StudyInfo | None,
        job: JobContext,
    ) -> FileOutcome[ExamView]:
        try:
            if assessed is not None:
                return FileOutcome(path, result=self._classify.keep(actor, path, assessed, typed))
            film = self._classify.turn(self._classify.open(actor, path, job))
            return FileOutcome(path, result=self._classify.run(actor, film, job, typed))
        except FilmRefused as refusal:
            return FileOutcome(path, refusal=refusal)


def _await(pending: Pending, tell: Callable[[], None]) -> None:
    if isinstance(pending, Future):
        while not wait([pending], POLL_S).done:
            tell()
    tell()


def film_hash(path: Path) -> str:
    """Return the SHA-256 of an ordinary file; empty for what is none, or cannot be read."""
    try:
        if not path.is_file():
            return ""
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return ""
