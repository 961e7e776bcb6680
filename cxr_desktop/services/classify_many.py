"""Many films to stored exams, several under way at once, each film once for a model."""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor, wait
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from cxr_desktop.domain.assessed import AssessedFilm, Mapper
from cxr_desktop.domain.assessment import ModelRef
from cxr_desktop.domain.errors import FilmRefused, UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.ports import HistoryStore, JobContext
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.right_of_way import window_first
from cxr_desktop.services.access import Access
from cxr_desktop.services.batch import FileOutcome, PartOfBatch, require_films
from cxr_desktop.services.classify import NOTHING, ClassifyImage, HeldFilm

POLL_S = 0.1
TOGETHER = 8
"""Exams in one transaction, at most: those that are ready when the one before is done."""
STAGING = 6
"""Threads that encrypt films and wait for the disk beside the model and the database."""

Outcome = FileOutcome[ExamView]
Pending = Future[HeldFilm] | str | None


@dataclass(frozen=True, slots=True)
class UnderWay:
    """A film, and what comes of it: bytes and answer, the exam that had it, None to be turned."""

    path: Path
    pending: Pending
    assessing: Future[AssessedFilm] | None = None


class ClassifyMany:
    """Stores one exam per film, in the order of the films; only the caller's thread stores.

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
        typed: Mapping[Path, StudyInfo] = NOTHING,
        whoever: bool = False,
    ) -> Iterator[Outcome]:
        """Yield one outcome per film, once it is stored; `again` does also what was done.

        With `whoever` everybody's exams count: for films that come by themselves, whose exams
        belong to whoever happens to be there. `typed` holds what a person typed for a film, as for
        `ClassifyImage.run`.

        Raises `JobCancelled` at `job.report`, at least every tenth of a second: what is under way
        is then given up and nothing of it stored. Raises `InvalidRequest` for no film, and at once
        what concerns every film: `PermissionDenied`, `ModelUnavailable`, `StorageUnavailable`.
        """
        current = self._access.require(actor, Permission.IMPORT, Permission.RUN)
        require_films(films)
        whose = "" if whoever or current.may(Permission.SEE_OTHERS) else current.name
        model = None if again else self._classify.model()
        run = _Run(self._classify, self._history, current, whose, model, typed)
        waiting = iter(films)
        index = 0

        def tell() -> None:
            job.report(f"Film {index + 1} of {len(films)}", index / len(films))

        try:
            while True:
                while len(run.line) < mapper.ahead and (path := next(waiting, None)) is not None:
                    tell()
                    run.begin(path, mapper)
                if not run.line:
                    return
                _await(run.line[0].pending, tell)
                for outcome in run.next_stored(PartOfBatch(job, index, len(films))):
                    index += 1
                    yield outcome
        finally:
            run.give_up()


@dataclass(slots=True)
class _Run:
    """One run: what is under way, in the order of the films. Without a model all is done again."""

    classify: ClassifyImage
    history: HistoryStore
    actor: Actor
    whose: str
    model: ModelRef | None
    typed: Mapping[Path, StudyInfo]
    line: deque[UnderWay] = field(default_factory=deque)
    was_done: bool = True
    staging: ThreadPoolExecutor = field(
        default_factory=lambda: ThreadPoolExecutor(STAGING, thread_name_prefix="cxr-keep")
    )

    def begin(self, path: Path, mapper: Mapper) -> None:
        """Begin a film, unless an exam has its answer; one to be turned waits for its turn.

        Whether one has is asked before only while the last film that was told had been done:
        for it a film is read and hashed once more. Else it is found out when the film was read.
        """
        sha256 = film_hash(path) if self.was_done or self.model is None else ""
        done = self.history.answered(sha256, self.model, self.whose) if sha256 else ""
        self.was_done = bool(done)
        if done and self.model is not None:
            self.line.append(UnderWay(path, done))
        elif done and self._was_turned(done):
            self.line.append(UnderWay(path, None))
        else:
            assessing = mapper.submit(path)
            held = self.staging.submit(self._stage, path, assessing)
            self.line.append(UnderWay(path, held, assessing))

    def _stage(self, path: Path, assessing: Future[AssessedFilm]) -> HeldFilm:
        assessed = assessing.result()
        window_first.wait()
        return self.classify.stage(path, assessed)

    def next_stored(self, job: JobContext) -> list[Outcome]:
        """Store what is ready, from the head of the line on, and return what became of it."""
        told: list[Outcome | HeldFilm] = []
        try:
            while self.line and len(told) < TOGETHER and _is_ready(self.line[0].pending):
                path = self.line[0].path
                done = self._became(path, self.line[0].pending)
                if done is None and told:
                    break  # it is run alone
                if isinstance(done, HeldFilm) and done.assessed.film.sha256 in _hashes(told):
                    break  # the same bytes: the next time they are found in the History
                self.line.popleft()
                told.append(self._turned(path, job) if done is None else done)
        except BaseException:
            self._let_go(told)
            raise
        return self._stored(told)

    def _became(self, path: Path, pending: Pending) -> Outcome | HeldFilm | None:
        """Return what became of a film, or what is to be stored; None for one to be turned."""
        if pending is None:
            return None
        if isinstance(pending, str):
            return FileOutcome(path, stored_before=pending)
        try:
            held = pending.result()
        except FilmRefused as refusal:
            self.classify.note_refusal(self.actor, refusal)
            return FileOutcome(path, refusal=refusal)
        # The same bytes may have come twice among the films under way, or in an archive.
        model = None if self.model is None else held.assessed.assessment.model
        done = self.history.answered(held.assessed.film.sha256, model, self.whose)
        turned = bool(done) and self.model is None and self._was_turned(done)
        if not turned and (not done or self.model is None):
            return held
        self.classify.let_go(held)
        self.was_done = True
        return None if turned else FileOutcome(path, stored_before=done)

    def _was_turned(self, exam_id: str) -> bool:
        return is_turned(self.history.get(exam_id).cautions)

    def _turned(self, path: Path, job: JobContext) -> Outcome:
        """Run a negative that was turned before."""
        try:
            film = self.classify.turn(self.classify.open(self.actor, path, job))
            exam = self.classify.run(self.actor, film, job, self.typed.get(path))
            return FileOutcome(path, result=exam)
        except FilmRefused as refusal:
            return FileOutcome(path, refusal=refusal)

    def _stored(self, told: Sequence[Outcome | HeldFilm]) -> list[Outcome]:
        held = [one for one in told if isinstance(one, HeldFilm)]
        try:
            kept = iter(self.classify.keep_all(self.actor, held, self.typed) if held else ())
        except BaseException:
            self._let_go(told)
            raise
        return [_told(one.path, next(kept)) if isinstance(one, HeldFilm) else one for one in told]

    def _let_go(self, told: Sequence[Outcome | HeldFilm]) -> None:
        for one in told:
            if isinstance(one, HeldFilm):
                self.classify.let_go(one)

    def give_up(self) -> None:
        """Give up what is under way; nothing of it stays."""
        for one in self.line:
            if one.assessing is not None:
                one.assessing.cancel()
        self.staging.shutdown(wait=True, cancel_futures=True)
        for one in self.line:
            pending = one.pending
            if isinstance(pending, Future) and not pending.cancelled():
                with suppress(UserError, CancelledError):
                    self.classify.let_go(pending.result())


def _is_ready(pending: Pending) -> bool:
    return not isinstance(pending, Future) or pending.done()


def _hashes(told: Sequence[Outcome | HeldFilm]) -> set[str]:
    return {one.assessed.film.sha256 for one in told if isinstance(one, HeldFilm)}


def _told(path: Path, became: ExamView | FilmRefused) -> Outcome:
    if isinstance(became, FilmRefused):
        return FileOutcome(path, refusal=became)
    return FileOutcome(path, result=became)


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
