"""What the Read screen needs of the services, so that a test can stand in for them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.model_input import FilmRegion
from cxr_desktop.domain.occlusion import Occlusion
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.priors import Prior
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo
from cxr_desktop.domain.review import Opinion, Review
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.settings import SettingValue
from cxr_desktop.domain.tags import TagList
from cxr_desktop.services.assess import OpenedFilm
from cxr_desktop.services.batch import FileOutcome
from cxr_desktop.services.classify import ReadyFilm

if TYPE_CHECKING:  # it brings printing along
    from cxr_desktop.ui.printing.reporter import Reporting


class Classifying(Protocol):
    """`services.classify.ClassifyImage`."""

    def open(self, actor: Actor, path: Path, job: JobContext) -> OpenedFilm:
        """Raise `FilmRefused` for a file that cannot be read."""
        ...

    def get_ready(self, actor: Actor, film: OpenedFilm, job: JobContext) -> ReadyFilm:
        """Do what can be done before `run`; it goes to `run`, or to `forget`."""
        ...

    def forget(self, ready: ReadyFilm) -> None:
        """Remove what was stored for a film that was not run."""
        ...

    def turn(self, film: OpenedFilm) -> OpenedFilm:
        """Exchange black and white."""
        ...

    def run(
        self,
        actor: Actor,
        film: OpenedFilm,
        job: JobContext,
        typed: StudyInfo | None = None,
        ready: ReadyFilm | None = None,
    ) -> ExamView:
        """Classify and store; return what was stored."""
        ...


class ClassifyingMany(Protocol):
    """`wiring.films_at_once.ClassifyHere`."""

    def __call__(
        self,
        actor: Actor,
        films: Sequence[Path],
        job: JobContext,
        *,
        again: bool,
        typed: Mapping[Path, StudyInfo],
    ) -> Iterator[FileOutcome[ExamView]]:
        """Yield one outcome per film, in order, as soon as it is stored."""
        ...


class StoredExams(Protocol):
    """The part of `services.history.BrowseHistory` that shows one exam."""

    def open(self, actor: Actor, exam_id: str) -> ExamView:
        """Return a stored exam."""
        ...

    def film(self, actor: Actor, exam_id: str, job: JobContext) -> Radiograph:
        """Read its stored film; never another one."""
        ...


class Measuring(Protocol):
    """`services.measurements.MeasureExams`."""

    def of(self, actor: Actor, exam_id: str) -> tuple[Measurement, ...]:
        """Return what was measured last on an exam's film."""
        ...

    def keep(self, actor: Actor, exam_id: str, measurements: Sequence[Measurement]) -> object:
        """Store these as what was measured last."""
        ...


class FindingPriors(Protocol):
    """`services.priors.FindPriors`."""

    def of(
        self, actor: Actor, study: StudyInfo, film_sha256: str, time: datetime | None = None
    ) -> tuple[Prior, ...]:
        """Return the patient's earlier films, the latest first."""
        ...


class ReadingTags(Protocol):
    """`services.tags.ReadTags`."""

    def of_file(self, actor: Actor, path: Path, sha256: str) -> TagList:
        """Return the tags of an opened film."""
        ...

    def of_exam(self, actor: Actor, exam_id: str) -> TagList:
        """Return the tags of an exam's stored film."""
        ...


class CheckingOcclusion(Protocol):
    """`services.occlusion.CheckOcclusion`."""

    def __call__(
        self, actor: Actor, exam_id: str, film: Radiograph, region: FilmRegion, job: JobContext
    ) -> Occlusion:
        """Return the score with and without a part of the film."""
        ...


class Reviewing(Protocol):
    """`services.reviews.ReviewExams`."""

    def of(self, actor: Actor, exam_id: str) -> tuple[Review, ...]:
        """Return what readers said, the latest first; nothing while the exam awaits a reading."""
        ...

    def add(
        self,
        actor: Actor,
        exam_id: str,
        verdict: Verdict,
        text: str = "",
        opened: datetime | None = None,
    ) -> Review:
        """Store one's own answer."""
        ...

    def addendum(self, actor: Actor, exam_id: str, text: str) -> Review:
        """Add a text to it."""
        ...

    def opine(self, actor: Actor, exam_id: str, opinion: Opinion) -> Review:
        """Say what one thinks of the model's answer."""
        ...


@dataclass(frozen=True, slots=True)
class ReadServices:
    """The use cases behind the screen; each may block, but for `label`, how to name a file."""

    classify: Classifying
    classify_many: ClassifyingMany
    history: StoredExams
    measurements: Measuring
    reviews: Reviewing
    priors: FindingPriors
    tags: ReadingTags
    occlusion: CheckingOcclusion
    setting: Callable[[str], SettingValue]
    find_films: Callable[[Sequence[Path]], Iterable[Path]]
    label: Callable[[Path], str]
    report: Reporting
    save_list: Callable[[Actor, Sequence[FilmOutcome], Path], None]
