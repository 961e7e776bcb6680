"""One film at hand, as the presenter keeps it; what is shown is what `stage_of` makes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import FilmRefused, UserError
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.negative import is_turned
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.domain.review import OWN_KINDS, Review
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.assess import OpenedFilm
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify import ReadyFilm
from cxr_desktop.services.exam_parts import merge_study
from cxr_desktop.ui.errors import Notice, notice_of
from cxr_desktop.ui.jobs import Job
from cxr_desktop.ui.screens.read.reading import ReadingNotes
from cxr_desktop.ui.screens.read.state import (
    Entry,
    Failed,
    FilmStatus,
    Opened,
    Opening,
    ReadMark,
    Refused,
    Running,
    Showing,
    ShownFilm,
    Stage,
)
from cxr_desktop.ui.widgets.typed_study import TypedStudy


@dataclass(slots=True, eq=False)
class Item:
    """A film from a file (`path`), or a stored exam (`exam_id`) opened again.

    A film whose bytes were answered before has both; `again` asks for another answer.
    `opened` and `shown` hold pixels and may be dropped to save memory; `exam`, once stored, stays.
    `came` is when it was put on the list; `is_turned`: its file is read as a negative.
    `is_map_wanted`: the setting, when the film was read, was to show the heat map with the answer.
    `ready` is what was done ahead of its run; the loader sees to it.
    `read_sha256`: the bytes that its file held when it was read last. `is_unreadable`: it holds no
    film that can be shown. `place` is where its file lies, as a person is told;
    `number` tells it from others of its file's name.
    """

    key: int
    name: str
    path: Path | None = None
    exam_id: str = ""
    status: FilmStatus = FilmStatus.WAITING
    opened: OpenedFilm | None = None
    shown: ShownFilm | None = None
    is_map_wanted: bool = False
    ready: ReadyFilm | None = None
    typed: TypedStudy = field(default_factory=TypedStudy)
    problems: dict[str, str] = field(default_factory=dict)
    exam: ExamView | None = None
    measurements: tuple[Measurement, ...] = ()
    are_measurements_kept: bool = True
    notes: ReadingNotes = field(default_factory=ReadingNotes)
    error: UserError | None = None
    film_problem: Notice | None = None
    reading: Job | None = None
    step: str = ""
    fraction: float = 0.0
    is_cancelling: bool = False
    is_gone: bool = False
    came: datetime | None = None
    is_turned: bool = False
    again: bool = False
    read_sha256: str = ""
    is_unreadable: bool = False
    place: str = ""
    number: int = 1
    _told: tuple[tuple[object, ...], Entry] | None = None

    def entry(self, actor: Actor | None) -> Entry:
        """Return its line in the list, for that person; the same one until something changed."""
        of = (actor, self.name, self.status, self.exam, self.exam_id, self.error, self.notes.said)
        if self._told is None or self._told[0] != of:
            self._told = of, self._entry(actor)
        return self._told[1]

    def _entry(self, actor: Actor | None) -> Entry:
        answer = self.exam.assessment if self.exam is not None else None
        note = str(self.error) if self.error is not None else ""
        verdict = answer.verdict if answer is not None else None
        return Entry(
            self.key, self.name, self.status, verdict, note, self._mark(actor),
            stored_before=self.was_stored_before, place=self.place,
        )  # fmt: skip

    def may_be_read_by(self, actor: Actor) -> bool:
        """Whether its exam has, or will have, an answer beside which this person may say theirs."""
        exam = self.exam
        has_answer = exam is not None and (exam.assessment is not None or exam.awaits_reading)
        signed = exam is not None and exam.signed
        return has_answer and not signed and actor.may(Permission.REVIEW)

    def own_review(self, actor: Actor) -> Review | None:
        """Return this person's own reading of it, as far as reviews were fetched."""
        said = self.notes.said or ()
        return next((r for r in said if r.user == actor.name and r.kind in OWN_KINDS), None)

    def _mark(self, actor: Actor | None) -> ReadMark:
        if actor is None or self.error is not None:
            return ReadMark.NONE
        if self.exam is None:
            waits = self.path is not None and actor.reviews
            return ReadMark.WAITING if waits else ReadMark.NONE
        if not self.may_be_read_by(actor):
            return ReadMark.NONE
        return ReadMark.READY if self.own_review(actor) is None else ReadMark.READ

    def check(self, today: date) -> bool:
        """Look at what was typed; whether it may be stored."""
        self.problems = self.typed.problems(today)
        return not self.problems

    def start_over(self) -> None:
        """Forget why it was refused or failed."""
        if self.exam is None and self.error is not None:
            self.error = None
            self.status = FilmStatus.OPENED if self.shown else FilmStatus.WAITING
        self.film_problem = None
        self.is_unreadable = False

    def put_in_line(self) -> None:
        """Let it wait for the model."""
        self.start_over()
        self.progress("", 0.0)
        self.is_cancelling = False
        self.status = FilmStatus.QUEUED

    def step_back(self) -> None:
        """Take it out of the line: it is where it was before."""
        self.is_cancelling = False
        if self.shown is not None:
            self.status = FilmStatus.OPENED
        else:
            self.status = FilmStatus.OPENING if self.reading is not None else FilmStatus.WAITING

    def take(self, outcome: FileOutcome[ExamView]) -> None:
        """Take over what became of it in a run of many."""
        self.again = self.is_cancelling = False
        self.opened = None
        if outcome.refusal is not None:
            self.fail(outcome.refusal)
            return
        self.exam, self.exam_id = outcome.result, outcome.stored_before
        self.status = FilmStatus.STORED
        if self.exam is not None:
            self.keep_own_pixels(self.exam)

    def take_film(self, opened: OpenedFilm, shown: ShownFilm, *, is_map_wanted: bool) -> None:
        """Take over what was read; what was typed and measured belongs to the bytes before."""
        sha256 = shown.radiograph.sha256
        if self.read_sha256 not in {"", sha256}:
            self.typed, self.problems, self.measurements = TypedStudy(), {}, ()
        self.opened, self.shown, self.is_map_wanted = opened, shown, is_map_wanted
        self.read_sha256 = sha256

    def keep_own_pixels(self, exam: ExamView) -> None:
        """Forget a picture that is not the exam's: another file by now, or turned otherwise."""
        film = self.shown.radiograph if self.shown is not None else None
        if film is not None and (
            film.sha256 != exam.film.sha256 or is_turned(film.cautions) != is_turned(exam.cautions)
        ):
            self.shown = None

    def ask_again(self) -> None:
        """Forget that it was answered before, for another answer to the same film.

        A reading that is not saved yet is of the film, and stays.
        """
        self.exam, self.exam_id, self.film_problem = None, "", None
        self.notes = ReadingNotes(self.notes.verdict, self.notes.text)
        self.measurements, self.are_measurements_kept = (), True
        self.again = True

    @property
    def may_turn(self) -> bool:
        """Whether black and white can be exchanged now."""
        refused = self.error is not None and self.shown is not None
        return (
            self.path is not None
            and self.exam is None
            and (self.status is FilmStatus.OPENED or refused)
        )

    @property
    def may_be_read(self) -> bool:
        """Whether its film can be shown: a film that only the model refused can."""
        if self.film_problem is not None or self.is_unreadable or self.is_gone:
            return False
        return self.error is None or self.status is FilmStatus.REFUSED

    @property
    def was_stored_before(self) -> bool:
        """Whether the History had an answer of this model to the same bytes."""
        return self.path is not None and bool(self.exam_id)

    def fail(self, error: UserError) -> None:
        """Note why it was not read or not run."""
        self.error = error
        refused = isinstance(error, FilmRefused)
        self.status = FilmStatus.REFUSED if refused else FilmStatus.FAILED

    def progress(self, step: str, fraction: float) -> None:
        """Note how far the work on it is."""
        self.step, self.fraction = step, fraction

    @property
    def bytes_held(self) -> int:
        """How much memory its pixels take."""
        if self.shown is None:
            return 0
        return sum(level.nbytes for level in self.shown.pyramid.levels)

    def forget_pixels(self) -> None:
        """Give the memory back; the film is read again when it is wanted."""
        self.opened = self.shown = None
        if self.status is FilmStatus.OPENED:
            self.status = FilmStatus.WAITING

    @property
    def may_run(self) -> bool:
        """Whether it has no answer yet and is not on its way to one."""
        return self.path is not None and self.status in (
            FilmStatus.WAITING, FilmStatus.OPENING, FilmStatus.OPENED, FilmStatus.FAILED,
        )  # fmt: skip


def stage_of(item: Item) -> Stage:
    """Say what the screen shows of this film: everything comes from this one item."""
    if item.exam is not None:
        return Showing(
            item.exam, item.shown, item.film_problem, _has_map_at_once(item), item.was_stored_before
        )
    if item.status in (FilmStatus.RUNNING, FilmStatus.QUEUED):
        return Running(
            item.name, item.shown, _study_of(item), item.step, item.fraction, item.is_cancelling
        )
    if item.error is not None:
        return _stopped(item, item.error)
    if item.shown is not None:
        return Opened(item.shown, item.typed, dict(item.problems))
    if item.status is FilmStatus.WAITING:
        return Failed(item.name, _not_opened())
    return Opening(item.name, item.step)


def _has_map_at_once(item: Item) -> bool:
    """Whether the heat map comes with the answer; with “normal” it only comes when asked for."""
    answer = item.exam.assessment if item.exam is not None else None
    return item.is_map_wanted and answer is not None and answer.verdict is not Verdict.NORMAL


def _stopped(item: Item, error: UserError) -> Stage:
    notice = notice_of(error)
    if isinstance(error, FilmRefused):
        return Refused(item.name, error.code, notice, item.shown)
    return Failed(item.name, notice, item.shown)


def _study_of(item: Item) -> StudyInfo:
    if item.shown is None:
        return item.typed.study() or StudyInfo()
    return merge_study(item.shown.radiograph.study, item.typed.study())


def _not_opened() -> Notice:
    return Notice(
        "info",
        QCoreApplication.translate("Read", "This film is not open."),
        QCoreApplication.translate("Read", "Nothing was stored. Open it again when you want it."),
    )
