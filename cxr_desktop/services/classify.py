"""Classify a film for a signed-in person and keep what they were shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from cxr_desktop.domain.assessed import AssessedFilm
from cxr_desktop.domain.assessment import ModelRef, OperatingPoints
from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import FilmRefused, JobCancelled, PermissionDenied
from cxr_desktop.domain.history import ExamRecord, ExamView
from cxr_desktop.domain.negative import turn_negative
from cxr_desktop.domain.ports import (
    AuditLog,
    FilmArchive,
    HistoryStore,
    JobContext,
    ThumbnailMaker,
)
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.site_points import with_points
from cxr_desktop.domain.staged import StagedFilm
from cxr_desktop.services.access import Access
from cxr_desktop.services.assess import AssessFilm, OpenedFilm, PreparedFilm, assessed_film
from cxr_desktop.services.exam_parts import event_of, merge_study, storable_name


@dataclass(frozen=True, slots=True)
class Keeping:
    """Where an exam goes: film bytes and thumbnail, record with its event, refusals."""

    archive: FilmArchive
    thumbnails: ThumbnailMaker
    history: HistoryStore
    audit: AuditLog


def _ready() -> None:
    """Stand for a program that does not test itself."""


def _none_of_its_own(_model: ModelRef) -> None:
    """Stand for a hospital that chose no operating points."""


@dataclass(frozen=True, slots=True, eq=False)
class ReadyFilm:
    """What was done for `film` before its run; its bytes lie encrypted in the data folder."""

    film: OpenedFilm
    thumbnail: bytes
    staged: StagedFilm
    prepared: PreparedFilm | None = None


@dataclass(frozen=True, slots=True, eq=False)
class HeldFilm:
    """A film that was assessed elsewhere; its bytes lie encrypted in the data folder."""

    path: Path
    assessed: AssessedFilm
    staged: StagedFilm


NOTHING: Mapping[Path, StudyInfo] = {}

# Begins work beside the caller's own, and returns what to wait for.
Beside = Callable[[Callable[[], ReadyFilm]], "Future[ReadyFilm]"]


class ClassifyImage:
    """Film to stored exam. Nothing is shown that is not stored, durably, before.

    `points` gives the hospital's own operating points for a model, None for the model's. `ready`
    raises `UserError` while no film may be run.
    """

    def __init__(
        self,
        assess: AssessFilm,
        keeping: Keeping,
        access: Access,
        *,
        now: Callable[[], datetime],
        new_id: Callable[[], str],
        program_version: str,
        beside: Beside,
        points: Callable[[ModelRef], OperatingPoints | None] = _none_of_its_own,
        ready: Callable[[], None] = _ready,
    ) -> None:
        self._ready = ready
        self._points = points
        self._beside = beside
        self._assess = assess
        self._keeping = keeping
        self._access = access
        self._now = now
        self._new_id = new_id
        self._program_version = program_version

    def open(self, actor: Actor, path: Path, job: JobContext) -> OpenedFilm:
        """Read a film to look at it. Raises `FilmRefused`, which is noted in the audit log."""
        self._access.require(actor, Permission.IMPORT)
        try:
            return self._assess.open(path, job)
        except FilmRefused as refusal:
            self.note_refusal(actor, refusal)
            raise

    def turn(self, film: OpenedFilm) -> OpenedFilm:
        """Return a film with black and white exchanged; its exam will say so."""
        return replace(film, radiograph=turn_negative(film.radiograph))

    def get_ready(self, actor: Actor, film: OpenedFilm, job: JobContext) -> ReadyFilm:
        """Do all of `run` that can be done before it is asked for; nothing is an exam yet.

        `run` takes what is returned, or it goes to `forget`. Raises as `run` does and notes
        nothing: what stands in the way is met again, and told, when the film is run.
        """
        if not self._access.actor(actor.name).may(Permission.RUN):
            raise PermissionDenied("Your account may not run films.", hint="Ask an administrator.")
        prepared = self._assess.prepare(film, job)
        ready = replace(self._stage(film), prepared=prepared)
        try:
            job.report("", 1.0)
        except JobCancelled:
            self.forget(ready)
            raise
        return ready

    def forget(self, ready: ReadyFilm) -> None:
        """Remove what lies in the data folder for a film that was not run; never raises."""
        self._keeping.archive.discard(ready.staged)

    def run(
        self,
        actor: Actor,
        film: OpenedFilm,
        job: JobContext,
        typed: StudyInfo | None = None,
        ready: ReadyFilm | None = None,
    ) -> ExamView:
        """Classify an opened film and store the exam.

        `typed` holds what a person typed where the file says nothing; the file's own words win.
        `ready` is what `get_ready` gave; without it the film's bytes are stored while the model
        runs. Raises `FilmRefused`, `ModelUnavailable`, `StorageUnavailable`, `PermissionDenied`, or
        `UserError` while the self-test does not pass; in every such case nothing is stored as an
        answer and nothing is lost.
        """
        current = self._access.require(actor, Permission.RUN)
        self._ready()
        if ready is not None and ready.film is film:  # not of the same file opened otherwise
            return self._run(current, film, job, typed, lambda: ready, ready.prepared)
        with self._staging(film) as staged:
            return self._run(current, film, job, typed, staged)

    def _run(  # noqa: PLR0917 - it is `run`, and what was done before
        self,
        current: Actor,
        film: OpenedFilm,
        job: JobContext,
        typed: StudyInfo | None,
        staged: Callable[[], ReadyFilm],
        prepared: PreparedFilm | None = None,
    ) -> ExamView:
        try:
            answer = self._assess.assess(film, job, prepared)
            job.report("Storing the answer", 0.9)
            assessed = assessed_film(answer, lambda _: staged().thumbnail)
            if not self._place(staged().staged, assessed):
                self._keep_anew(film.path, assessed)
        except FilmRefused as refusal:
            self.note_refusal(current, refusal)
            raise
        return self._store(current, assessed, typed)

    def _stage(self, film: OpenedFilm) -> ReadyFilm:
        thumbnail = self._keeping.thumbnails(film.radiograph)
        return ReadyFilm(film, thumbnail, self._keeping.archive.stage(film.path, thumbnail))

    @contextmanager
    def _staging(self, film: OpenedFilm) -> Iterator[Callable[[], ReadyFilm]]:
        """Encrypt a film beside what the block does; what was not put in its place is removed."""
        pending = self._beside(partial(self._stage, film))
        try:
            yield pending.result
        finally:
            if pending.exception() is None:
                self.forget(pending.result())

    def _place(self, staged: StagedFilm, assessed: AssessedFilm) -> bool:
        """Make what was staged the kept film, if it has the bytes that were classified."""
        return staged.sha256 == assessed.film.sha256 and self._keeping.archive.place(staged)

    def _keep_anew(self, path: Path, assessed: AssessedFilm) -> None:
        self._keeping.archive.keep(path, assessed.film.sha256)
        self._keeping.archive.keep_thumbnail(assessed.film.sha256, assessed.thumbnail)

    def stage(self, path: Path, assessed: AssessedFilm) -> HeldFilm:
        """Put the bytes of a film that was assessed elsewhere into the data folder, in any thread.

        It goes to `keep_all`, or to `let_go`. Raises `FilmRefused` where they changed since, and
        `StorageUnavailable`.
        """
        return HeldFilm(path, assessed, self._keeping.archive.stage(path, assessed.thumbnail))

    def let_go(self, held: HeldFilm) -> None:
        """Remove what was staged for a film that is not stored; never raises."""
        self._keeping.archive.discard(held.staged)

    def keep_all(
        self, actor: Actor, films: Sequence[HeldFilm], typed: Mapping[Path, StudyInfo] = NOTHING
    ) -> list[ExamView | FilmRefused]:
        """Store films that were assessed elsewhere, all in one transaction; raises as `run` does.

        One whose file was changed since it was read comes back refused; the others are stored.
        """
        current = self._access.require(actor, Permission.RUN)
        self._ready()
        refused = self._keep(current, films)
        kept = [(one.assessed, typed.get(one.path)) for one in films if one.path not in refused]
        views = iter(self._store_all(current, kept))
        return [refused.get(one.path) or next(views) for one in films]

    def _keep(self, current: Actor, films: Sequence[HeldFilm]) -> dict[Path, FilmRefused]:
        """Make the films kept ones; return those that are refused."""
        whole = [one for one in films if one.staged.sha256 == one.assessed.film.sha256]
        placed = self._keeping.archive.place_all([one.staged for one in whole])
        done = {one.path for one, is_done in zip(whole, placed, strict=True) if is_done}
        refused = {}
        for one in films:
            if one.path in done:
                continue
            self.let_go(one)
            try:
                self._keep_anew(one.path, one.assessed)
            except FilmRefused as refusal:
                self.note_refusal(current, refusal)
                refused[one.path] = refusal
        return refused

    def _store(self, current: Actor, assessed: AssessedFilm, typed: StudyInfo | None) -> ExamView:
        return self._store_all(current, [(assessed, typed)])[0]

    def _store_all(
        self, current: Actor, films: Sequence[tuple[AssessedFilm, StudyInfo | None]]
    ) -> list[ExamView]:
        """Store exams, each with its event, in one transaction."""
        models = {film.assessment.model for film, _ in films}
        own = {model: self._points(model) for model in models}
        exams = []
        for assessed, typed in films:
            film, answer = assessed.film, assessed.assessment
            record = ExamRecord(
                exam_id=self._new_id(),
                time=self._now(),
                user=current.name,
                film=replace(film, file_name=storable_name(film.file_name)),
                study=merge_study(assessed.study, typed),
                assessment=with_points(answer, own[answer.model]),
                program_version=self._program_version,
                cautions=assessed.cautions,
            )
            exams.append((record, event_of(record)))
        self._keeping.history.add_all(exams)
        first = current.reads_first
        shown = current.may(Permission.SEE_RESULT) and not first
        return [ExamView.of(record, with_result=shown, awaits_reading=first) for record, _ in exams]

    def model(self) -> ModelRef:
        """Return the model that new films go to. Raises `ModelUnavailable`."""
        return self._assess.classifier().model

    def __call__(self, actor: Actor, path: Path, job: JobContext) -> ExamView:
        """Read, classify and store one file."""
        return self.run(actor, self.open(actor, path, job), job)

    def note_refusal(self, actor: Actor, refusal: FilmRefused) -> None:
        """Note in the audit log that a film was refused, and why."""
        self._keeping.audit.append(
            AuditEvent(
                AuditAction.FILM_REFUSED, actor.name, self._now(), "", {"code": refusal.code}
            )
        )
