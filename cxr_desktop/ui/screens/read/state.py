"""What the Read screen shows: one immutable value, made by the presenter, drawn by the view."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.measurement import Measurement
from cxr_desktop.domain.occlusion import Occlusion
from cxr_desktop.domain.outcome import FilmOutcome, RunSums
from cxr_desktop.domain.priors import Prior
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.screens.read.reading import OwnReading
from cxr_desktop.ui.widgets.film_pyramid import FilmPyramid
from cxr_desktop.ui.widgets.typed_study import TypedStudy


class FilmStatus(StrEnum):
    """Where one film of the list stands."""

    WAITING = "waiting"  # not opened yet, or put aside to save memory
    OPENING = "opening"
    OPENED = "opened"
    QUEUED = "queued"  # Run was pressed, another film is being run
    RUNNING = "running"
    STORED = "stored"
    REFUSED = "refused"
    FAILED = "failed"


class ReadMark(StrEnum):
    """How far the reader at hand is with one film of the list."""

    NONE = "none"  # refused, failed, or this person reviews nothing
    WAITING = "waiting"  # it has no answer yet
    READY = "ready"  # it has, and this person has not read it
    READ = "read"


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the list; `verdict` only for a stored answer that this person may see.

    `is_overdue`: it stands at the top because it waited longer than the longest wait. `place` is
    where its file lies.
    """

    key: int
    name: str
    status: FilmStatus
    verdict: Verdict | None = None
    note: str = ""
    mark: ReadMark = ReadMark.NONE
    stored_before: bool = False
    is_overdue: bool = False
    place: str = ""

    @property
    def is_unread(self) -> bool:
        """Whether it is still to be read."""
        return self.mark in (ReadMark.WAITING, ReadMark.READY)


@dataclass(frozen=True, slots=True)
class FilmList:
    """The films at hand, as they came or by urgency, and which of them is shown."""

    entries: tuple[Entry, ...] = ()
    current: int | None = None
    is_by_urgency: bool = False

    @property
    def position(self) -> int:
        """Index of the film shown, or -1."""
        keys = [entry.key for entry in self.entries]
        return keys.index(self.current) if self.current in keys else -1

    @property
    def name(self) -> str:
        """File name of the film shown, or nothing."""
        return self.entries[self.position].name if self.position >= 0 else ""

    @property
    def unread_count(self) -> int:
        """How many films are still to be read."""
        return sum(entry.is_unread for entry in self.entries)

    @property
    def next_unread(self) -> int | None:
        """Key of the next film to be read after the one shown, round the end; None without one."""
        at = self.position + 1
        following = (*self.entries[at:], *self.entries[: max(at - 1, 0)])
        return next((entry.key for entry in following if entry.is_unread), None)

    @property
    def open_count(self) -> int:
        """How many films have no answer and no refusal yet."""
        open_states = (FilmStatus.WAITING, FilmStatus.OPENING, FilmStatus.OPENED)
        return sum(entry.status in open_states for entry in self.entries)


@dataclass(frozen=True, slots=True, eq=False)
class ShownFilm:
    """A film that was read, ready for the screen."""

    radiograph: Radiograph
    pyramid: FilmPyramid

    @classmethod
    def of(cls, radiograph: Radiograph) -> ShownFilm:
        """Make it ready; takes a while, so not on the GUI thread."""
        return cls(radiograph, FilmPyramid.of(radiograph.pixels))


@dataclass(frozen=True, slots=True)
class Empty:
    """No film is at hand. `step` says what is being looked for after something was dropped."""

    step: str = ""


@dataclass(frozen=True, slots=True)
class Opening:
    """A film is being read."""

    name: str
    step: str = ""


@dataclass(frozen=True, slots=True)
class Opened:
    """A film is shown and may be run. `problems` says, by field, what was typed wrongly."""

    film: ShownFilm
    typed: TypedStudy
    problems: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Running:
    """A film is being classified, or waits for its turn; what was typed is frozen."""

    name: str
    film: ShownFilm | None
    study: StudyInfo
    step: str = ""
    fraction: float = 0.0
    is_cancelling: bool = False


@dataclass(frozen=True, slots=True)
class Showing:
    """A stored exam. `film` is None while it is read again; `problem` says why it cannot be.

    `map_at_once`: the heat map is shown without being asked for.
    `stored_before`: it answered the same film before the run that came upon it.
    """

    exam: ExamView
    film: ShownFilm | None
    problem: Notice | None = None
    map_at_once: bool = False
    stored_before: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for an answer beside a film that it does not belong to."""
        if self.film is not None and self.film.radiograph.sha256 != self.exam.film.sha256:
            raise ValueError("this answer belongs to another film")


@dataclass(frozen=True, slots=True)
class Refused:
    """A film was not read or not run, for a stated reason; shown where it could be read."""

    name: str
    code: str
    notice: Notice
    film: ShownFilm | None = None


@dataclass(frozen=True, slots=True)
class Failed:
    """Something other than the film stood in the way; trying again may help."""

    name: str
    notice: Notice
    film: ShownFilm | None = None


@dataclass(frozen=True, slots=True)
class BulkState:
    """How far a run of many films is; `pace` says how fast, in words."""

    done: int
    total: int
    refused: int = 0
    pace: str = ""
    is_paused: bool = False
    is_stopping: bool = False


@dataclass(frozen=True, slots=True)
class RunSummary:
    """What became of every film of the list when a run ended; `notice` is about saving it."""

    outcomes: tuple[FilmOutcome, ...]
    sums: RunSums
    is_saving: bool = False
    notice: Notice | None = None


@dataclass(frozen=True, slots=True, eq=False)
class PriorFilm:
    """An earlier film of the patient beside the one shown."""

    prior: Prior
    exam: ExamView
    film: ShownFilm


@dataclass(frozen=True, slots=True)
class OcclusionState:
    """The occlusion check of the film shown: running, what was found, or why nothing was."""

    is_running: bool = False
    found: Occlusion | None = None
    problem: Notice | None = None

    @property
    def is_on(self) -> bool:
        """Whether a part is hidden."""
        return self.is_running or self.found is not None or self.problem is not None


@dataclass(frozen=True, slots=True)
class PriorsState:
    """The patient's earlier films. `chosen` is the exam of the one that is open or on its way."""

    priors: tuple[Prior, ...] = ()
    chosen: str = ""
    shown: PriorFilm | None = None


Stage = Empty | Opening | Opened | Running | Showing | Refused | Failed


@dataclass(frozen=True, slots=True)
class ReadState:
    """The whole screen. `is_running` is about any film of the list, not only the one shown.

    `measurements`, `reading`, `priors` and `occlusion` are those of the film shown; `summary` is of
    the last run of several films, `bulk` of the one under way.
    """

    stage: Stage = Empty()
    films: FilmList = FilmList()
    measurements: tuple[Measurement, ...] = ()
    reading: OwnReading | None = None
    priors: PriorsState = PriorsState()
    occlusion: OcclusionState | None = None
    notice: Notice | None = None
    summary: RunSummary | None = None
    bulk: BulkState | None = None
    is_running: bool = False
    is_searching: bool = False
    may_open: bool = False
    may_run: bool = False
    may_report: bool = False
