"""Stand-ins for the services behind the Read screen: films made up by name, held at will."""

from __future__ import annotations

import hashlib
import itertools
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np

from cxr_desktop.domain.assessment import (
    Assessment,
    HeatMap,
    LabelScore,
    ModelRef,
    OperatingPoints,
    Timings,
    Verdict,
)
from cxr_desktop.domain.errors import FilmRefused, InvalidRequest, UserError
from cxr_desktop.domain.history import ExamView, FilmRef
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.model_input import FilmRegion, InputSpec, ModelInput
from cxr_desktop.domain.negative import turn_negative
from cxr_desktop.domain.occlusion import Occlusion
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext, NoProgress
from cxr_desktop.domain.priors import PatientExam, Prior
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo
from cxr_desktop.domain.report import ReportPage
from cxr_desktop.domain.review import Agreement, Opinion, Review, ReviewKind
from cxr_desktop.domain.roles import Actor, Permission, User
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.domain.staged import StagedFilm
from cxr_desktop.domain.tags import TagList
from cxr_desktop.imaging.finder import FilmFinder
from cxr_desktop.services.assess import OpenedFilm, PreparedFilm
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify import ReadyFilm
from cxr_desktop.services.exam_parts import merge_study
from cxr_desktop.ui.screens.read.ports import ReadServices
from tests.support.patience import PATIENCE_S

READER = Actor(
    User("amina", "Dr Amina", "Radiologists"),
    frozenset({Permission.IMPORT, Permission.RUN, Permission.SEE_RESULT, Permission.SEE_OTHERS}),
)
TECHNICIAN = Actor(
    User("tariq", "Tariq", "Technicians"), frozenset({Permission.IMPORT, Permission.RUN})
)
FIRST_READER = Actor(
    User("rania", "Dr Rania", "Radiologists"),
    frozenset(
        {
            Permission.IMPORT,
            Permission.RUN,
            Permission.SEE_RESULT,
            Permission.SEE_OTHERS,
            Permission.REVIEW,
        }
    ),
)
NOON = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
POINTS = OperatingPoints(normal_below=0.3, abnormal_from=0.7)


def sha_of(path: Path) -> str:
    """Return the hash of the made-up film of that path."""
    return hashlib.sha256(str(path).encode()).hexdigest()


def a_film(path: Path, study: StudyInfo | None = None) -> Radiograph:
    """Make a small film whose hash follows from its path."""
    pixels = np.linspace(0.0, 1.0, 64 * 48, dtype=np.float32).reshape(64, 48)
    return Radiograph(pixels, sha_of(path), path.name, "PNG", study=study or StudyInfo())


@dataclass
class Gate:
    """Lets work through when it is open; work that waits at it still sees Cancel."""

    is_open: bool = True
    _opened: threading.Event = field(default_factory=threading.Event)
    arrived: threading.Event = field(default_factory=threading.Event)

    def close(self) -> None:
        """Hold whatever comes."""
        self.is_open = False
        self._opened.clear()
        self.arrived.clear()

    def open(self) -> None:
        """Let everything through."""
        self.is_open = True
        self._opened.set()

    def wait(self, job: JobContext) -> None:
        """Wait for `open`, looking for Cancel all the while."""
        self.arrived.set()
        deadline = threading.Event()
        for _ in range(int(PATIENCE_S * 500)):
            if self.is_open or self._opened.is_set():
                return
            job.report("Waiting", 0.5)
            deadline.wait(0.002)
        raise AssertionError("the gate was never opened")


class FakeClassify:
    """Opens any path; `films`, `errors_open`, `errors_run` are by file name, `scores` too."""

    def __init__(self) -> None:
        self.films: dict[str, Radiograph] = {}
        self.errors_open: dict[str, UserError] = {}
        self.errors_run: dict[str, UserError] = {}
        self.scores: dict[str, float] = {}
        self.opened: list[Path] = []
        self.ready: list[ReadyFilm] = []
        self.run_ready: list[ReadyFilm | None] = []
        self.stored: dict[str, ExamView] = {}
        self.radiographs: dict[str, Radiograph] = {}
        self.open_gate = Gate()
        self.run_gate = Gate()
        self._ids = itertools.count(1)

    def open(self, actor: Actor, path: Path, job: JobContext) -> OpenedFilm:
        """Give the film of that name, or raise what was set for it."""
        job.report("Reading the film", 0.0)
        self.opened.append(path)
        self.open_gate.wait(job)
        if path.name in self.errors_open:
            raise self.errors_open[path.name]
        film = self.films.get(path.name) or a_film(path)
        return OpenedFilm(path, film, 12.0)

    def get_ready(self, actor: Actor, film: OpenedFilm, job: JobContext) -> ReadyFilm:
        """Note that this film is ready."""
        job.report("", 1.0)
        sha256 = film.radiograph.sha256
        model_input = ModelInput(np.zeros((1, 3, 8, 8), np.float32), FilmRegion(0, 0, 48, 64))
        prepared = PreparedFilm(InputSpec(8, 8), model_input, (), 1.0)
        part = Path(f"part-{sha256}")
        ready = ReadyFilm(film, b"small", StagedFilm(sha256, part, part), prepared)
        self.ready.append(ready)
        return ready

    def forget(self, ready: ReadyFilm) -> None:
        """Note that it is not any more."""
        self.ready = [one for one in self.ready if one is not ready]

    def turn(self, film: OpenedFilm) -> OpenedFilm:
        """As the program does."""
        return replace(film, radiograph=turn_negative(film.radiograph))

    def run(
        self,
        actor: Actor,
        film: OpenedFilm,
        job: JobContext,
        typed: StudyInfo | None = None,
        ready: ReadyFilm | None = None,
    ) -> ExamView:
        """Store an exam with the score of that name, 0.9 unless one was set."""
        job.report("Running the model", 0.5)
        self.run_gate.wait(job)
        if film.path.name in self.errors_run:
            raise self.errors_run[film.path.name]
        job.report("Storing the answer", 0.9)
        radiograph = film.radiograph
        score = self.scores.get(film.path.name, 0.9)
        exam = ExamView(
            exam_id=f"e{next(self._ids)}",
            time=NOON,
            user=actor.name,
            film=FilmRef(
                radiograph.sha256, radiograph.file_name, radiograph.file_format,
                radiograph.rows, radiograph.columns,
            ),
            study=merge_study(radiograph.study, typed),
            cautions=radiograph.cautions,
            assessment=an_assessment(radiograph, score),
        )  # fmt: skip
        self.run_ready.append(ready)
        self.stored[exam.exam_id] = exam
        self.radiographs[exam.exam_id] = radiograph
        return _for(actor, exam, awaits=actor.reads_first)


class FakeMany:
    """Opens and runs by a `FakeClassify`, one after the other; a stored film is not run twice."""

    def __init__(self, classify: FakeClassify) -> None:
        self._classify = classify

    def __call__(
        self,
        actor: Actor,
        films: Sequence[Path],
        job: JobContext,
        *,
        again: bool,
        typed: Mapping[Path, StudyInfo],
    ) -> Iterator[FileOutcome[ExamView]]:
        """Yield one outcome per film."""
        for path in films:
            stored = [e.exam_id for e in self._classify.stored.values() if _is_of(e, path)]
            if stored and not again:
                yield FileOutcome(path, stored_before=stored[-1])
                continue
            try:
                opened = self._classify.open(actor, path, job)
                exam = self._classify.run(actor, opened, job, typed.get(path))
            except FilmRefused as refusal:
                yield FileOutcome(path, refusal=refusal)
            else:
                yield FileOutcome(path, result=exam)
            job.report("Film", 0.5)


class FakeExams:
    """The exams that a `FakeClassify` stored."""

    def __init__(self, classify: FakeClassify) -> None:
        self._classify = classify
        self.film_error: UserError | None = None
        self.open_error: UserError | None = None
        self.opened: list[str] = []
        self.reviews: FakeReviews | None = None

    def open(self, actor: Actor, exam_id: str) -> ExamView:
        """Refuse an unknown id."""
        self.opened.append(exam_id)
        if self.open_error is not None:
            raise self.open_error
        if exam_id not in self._classify.stored:
            raise InvalidRequest("There is no such exam.", hint="Look in History.")
        said = self.reviews.said.get(exam_id) if self.reviews is not None else None
        awaits = actor.reads_first and not said
        return _for(actor, self._classify.stored[exam_id], awaits=awaits)

    def film(self, actor: Actor, exam_id: str, job: JobContext) -> Radiograph:
        """Give the very film."""
        job.report("Reading the stored film", 0.0)
        if self.film_error is not None:
            raise self.film_error
        return self._classify.radiographs[exam_id]


class FakeMeasurements:
    """Keeps every set by exam; `error` is raised instead while it is set."""

    def __init__(self) -> None:
        self.kept: dict[str, list[tuple[Measurement, ...]]] = {}
        self.error: UserError | None = None

    def of(self, actor: Actor, exam_id: str) -> tuple[Measurement, ...]:
        """Return the last set."""
        return self.kept[exam_id][-1] if exam_id in self.kept else ()

    def keep(self, actor: Actor, exam_id: str, measurements: Sequence[Measurement]) -> None:
        """Add a set."""
        if self.error is not None:
            raise self.error
        self.kept.setdefault(exam_id, []).append(tuple(measurements))


class FakeReviews:
    """Keeps what was said by exam; `error` is raised instead while it is set."""

    def __init__(self, classify: FakeClassify) -> None:
        self._classify = classify
        self.fetch_gate = Gate()
        self.said: dict[str, list[Review]] = {}
        self.error: UserError | None = None
        self.time = NOON

    def of(self, actor: Actor, exam_id: str) -> tuple[Review, ...]:
        """Return the latest first."""
        self.fetch_gate.wait(NoProgress())
        return tuple(reversed(self.said.get(exam_id, [])))

    def add(
        self,
        actor: Actor,
        exam_id: str,
        verdict: Verdict,
        text: str = "",
        opened: datetime | None = None,
    ) -> Review:
        """Keep one; for who reads first it is a first reading, and shows the answer."""
        kind = ReviewKind.FIRST if actor.reads_first else ReviewKind.REVIEW
        return self._keep(actor, exam_id, verdict, text, kind, opened=opened)

    def addendum(self, actor: Actor, exam_id: str, text: str) -> Review:
        """Keep a text."""
        verdict = self.said[exam_id][-1].verdict
        return self._keep(actor, exam_id, verdict, text, ReviewKind.ADDENDUM)

    def opine(self, actor: Actor, exam_id: str, opinion: Opinion) -> Review:
        """Keep an opinion."""
        verdict = self.said[exam_id][-1].verdict
        return self._keep(actor, exam_id, verdict, "", ReviewKind.OPINION, opinion=opinion)

    def _keep(
        self, actor: Actor, exam_id: str, verdict: Verdict, text: str, kind: ReviewKind,
        *, opened: datetime | None = None, opinion: Opinion | None = None,
    ) -> Review:  # fmt: skip
        if self.error is not None:
            raise self.error
        answer = self._classify.stored[exam_id].assessment
        assert answer is not None
        review = Review(
            exam_id, actor.name, self.time, verdict, Agreement.of(verdict, answer.verdict), text,
            kind, opened, opinion,
        )  # fmt: skip
        self.said.setdefault(exam_id, []).append(review)
        return review


class FakePriors:
    """Gives the priors set by patient ID."""

    def __init__(self) -> None:
        self.found: dict[str, tuple[Prior, ...]] = {}
        self.asked: list[str] = []
        self.gate = Gate()

    def of(
        self, actor: Actor, study: StudyInfo, film_sha256: str, time: datetime | None = None
    ) -> tuple[Prior, ...]:
        """Note who was asked for."""
        self.asked.append(study.patient_id)
        self.gate.wait(NoProgress())
        return self.found.get(study.patient_id, ())


class FakeTags:
    """Gives `tags`, or raises `error`; `asked` is what was asked for."""

    def __init__(self) -> None:
        self.tags = TagList("a" * 64, ())
        self.error: UserError | None = None
        self.asked: list[str] = []

    def of_file(self, actor: Actor, path: Path, sha256: str) -> TagList:
        """Of an opened film."""
        return self._give(path.name)

    def of_exam(self, actor: Actor, exam_id: str) -> TagList:
        """Of a stored one."""
        return self._give(exam_id)

    def _give(self, of: str) -> TagList:
        self.asked.append(of)
        if self.error is not None:
            raise self.error
        return self.tags


class FakeReport:
    """Gives an empty page; `asked` are the exams."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(
        self, actor: Actor, exam_id: str, job: JobContext, *, heat_map: bool = False
    ) -> ReportPage:
        """Note which exam."""
        self.asked.append(exam_id)
        return ReportPage(exam_id, (f"<p>Report of {exam_id}</p>",), None, None)

    def save(self, path: Path, pdf: bytes) -> None:
        """Write it."""
        path.write_bytes(pdf)


class FakeOcclusion:
    """Says `after` of every part, or raises `error`; `asked` are the parts."""

    def __init__(self, classify: FakeClassify) -> None:
        self._classify = classify
        self.after = 0.4
        self.error: UserError | None = None
        self.asked: list[FilmRegion] = []

    def __call__(
        self, actor: Actor, exam_id: str, film: Radiograph, region: FilmRegion, job: JobContext
    ) -> Occlusion:
        """Answer at the run gate."""
        self.asked.append(region)
        self._classify.run_gate.wait(job)
        if self.error is not None:
            raise self.error
        answer = self._classify.stored[exam_id].assessment
        assert answer is not None
        return Occlusion(region, answer.probability, self.after)


class FakeReading:
    """`services` over the fakes; `settings` may be changed; a folder `x/` holds `folders["x"]`.

    `lists` are those that were saved, by path. A `finder` looks for films on the disk instead.
    """

    def __init__(self, finder: FilmFinder | None = None) -> None:
        self.classify = FakeClassify()
        self.exams = FakeExams(self.classify)
        self.measurements = FakeMeasurements()
        self.reviews = FakeReviews(self.classify)
        self.exams.reviews = self.reviews
        self.priors = FakePriors()
        self.tags = FakeTags()
        self.report = FakeReport()
        self.occlusion = FakeOcclusion(self.classify)
        self.settings: dict[str, SettingValue] = {
            "reading.run_automatically": False,
            "reading.heat_map_at_once": False,
            "reading.by_urgency": False,
            "reading.longest_wait_minutes": 60,
        }
        self.folders: dict[Path, Iterable[Path]] = {}
        self.lists: dict[Path, tuple[FilmOutcome, ...]] = {}
        self.list_error: UserError | None = None
        self.services = ReadServices(
            classify=self.classify,
            classify_many=FakeMany(self.classify),
            history=self.exams,
            measurements=self.measurements,
            reviews=self.reviews,
            priors=self.priors,
            tags=self.tags,
            report=self.report,
            occlusion=self.occlusion,
            setting=self.settings.__getitem__,
            find_films=finder or self._find,
            label=finder.label if finder else str,
            save_list=self._save_list,
        )

    def _save_list(self, actor: Actor, outcomes: Sequence[FilmOutcome], path: Path) -> None:
        if self.list_error is not None:
            raise self.list_error
        self.lists[path] = tuple(outcomes)

    def _find(self, paths: Sequence[Path]) -> Iterable[Path]:
        for path in paths:
            yield from self.folders.get(path, [path])


def a_prior(classify: FakeClassify, exam_id: str, film: Radiograph, *, day: date) -> Prior:
    """Store an exam of that film, taken on that day, and return it as a prior."""
    study = replace(film.study, study_date=day)
    ref = FilmRef(film.sha256, film.file_name, film.file_format, film.rows, film.columns)
    time = datetime(day.year, day.month, day.day, 9, 0, tzinfo=UTC)
    classify.stored[exam_id] = ExamView(
        exam_id, time, "amina", ref, study, (), an_assessment(film, 0.9)
    )
    classify.radiographs[exam_id] = film
    exam = PatientExam(
        exam_id=exam_id,
        time=time,
        user="amina",
        film_sha256=film.sha256,
        patient_name=study.patient_name,
        patient_id_issuer="",
        birth_date=None,
        study_date=day,
        view_position="PA",
    )
    return Prior(exam, differs=False)


def an_assessment(film: Radiograph, score: float) -> Assessment:
    """Make an answer whose verdict follows from the score."""
    values = np.full((7, 7), -0.5, dtype=np.float32)
    values[4:6, 1:3] = 2.0
    return Assessment(
        model=ModelRef("yolov5x-cls-cxr", "1.0", "b" * 64),
        scores=(LabelScore("normal", 1 - score), LabelScore("abnormal", score)),
        verdict=POINTS.verdict(score),
        points=POINTS,
        device="CPU",
        heat_map=HeatMap(values, FilmRegion(0, 0, film.columns, film.rows)),
        meaning="Estimated chance that a reader would call this film abnormal.",
        timings=Timings(read=40.0, prepare=5.0, infer=165.0),
    )


def _is_of(exam: ExamView, path: Path) -> bool:
    return exam.film.sha256 == sha_of(path)


def _for(actor: Actor, exam: ExamView, *, awaits: bool) -> ExamView:
    if actor.may(Permission.SEE_RESULT) and not awaits:
        return exam
    return replace(exam, assessment=None, awaits_reading=awaits)
