"""What the History screen shows, as one immutable value."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from PySide6.QtCore import QCoreApplication

from cxr_desktop.domain.history import ExamView, HistoryQuery, SortKey
from cxr_desktop.domain.radiograph import Radiograph
from cxr_desktop.domain.review import Review
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.domain.saved_filters import Filters
from cxr_desktop.domain.signing import ReaderReport
from cxr_desktop.ui.errors import Notice


@dataclass(frozen=True, slots=True)
class Sight:
    """What the person may do: see answers, see others' exams, take lists out, delete."""

    results: bool = False
    others: bool = False
    export: bool = False
    delete: bool = False

    @classmethod
    def of(cls, actor: Actor | None) -> Sight:
        """Return what a person may do; nothing without one."""
        if actor is None:
            return cls()
        return cls(
            results=actor.may(Permission.SEE_RESULT),
            others=actor.may(Permission.SEE_OTHERS),
            export=actor.may(Permission.EXPORT),
            delete=actor.may(Permission.DELETE),
        )


FROM_THE_TOP: frozenset[SortKey] = frozenset({"time", "probability", "verdict", "review"})
"""Orders that begin at their end: the latest, the most abnormal, the disagreements."""


@dataclass(frozen=True, slots=True)
class Order:
    """Which column the list is sorted by, and which way."""

    key: SortKey = "time"
    descending: bool = True

    def clicked(self, key: SortKey) -> Order:
        """Return the order after a click on a header: the same one turns, another one starts."""
        if key == self.key:
            return Order(key, descending=not self.descending)
        return Order(key, descending=key in FROM_THE_TOP)


NO_FILTERS = Filters()
ONLY_DELETED = Filters(deleted=True)
NEWEST_FIRST = Order()


def query_for(
    filters: Filters, order: Order, *, offset: int, limit: int, only: tuple[str, ...] = ()
) -> HistoryQuery:
    """Say to the history service which rows are wanted; `only` these exams, if any are named."""
    return HistoryQuery(
        text=filters.text.strip(),
        verdict=filters.verdict,
        user=filters.user.strip(),
        since=None if filters.first_day is None else local_midnight(filters.first_day),
        before=None if filters.last_day is None else local_midnight(filters.last_day, days=1),
        reviewed=filters.reviewed,
        agreement=filters.agreement,
        deleted=filters.deleted,
        signed=filters.signed,
        read_by=filters.read_by.strip(),
        model=filters.model.strip(),
        exam_ids=only or None,
        sort=order.key,
        descending=order.descending,
        offset=offset,
        limit=limit,
    )


def local_midnight(day: date, *, days: int = 0) -> datetime:
    """Return, in UTC, when a day of this computer's place begins, `days` later."""
    moved = datetime.combine(day, time.min) + timedelta(days=days)
    return moved.astimezone().astimezone(UTC)


@dataclass(frozen=True, slots=True)
class Searching:
    """No answer has come yet."""


@dataclass(frozen=True, slots=True)
class Listed:
    """There are `total` exams; `searching` says that a newer answer is on its way."""

    total: int
    searching: bool = False


@dataclass(frozen=True, slots=True)
class NothingYet:
    """No exam was ever stored that this person may see."""


@dataclass(frozen=True, slots=True)
class NothingFound:
    """There may be exams, but none matches the filters, which may ask for deleted ones alone."""

    only_deleted: bool = False


@dataclass(frozen=True, slots=True)
class SearchFailed:
    """The history could not be searched."""

    notice: Notice


def list_words(listed: Listed, picked: int) -> str:
    """Say how many exams there are, `picked` of them selected."""
    if listed.searching:
        return QCoreApplication.translate("HistoryView", "Searching…")
    total = QCoreApplication.translate("HistoryView", "{0} exams").format(f"{listed.total:,}")
    exams = QCoreApplication.translate("HistoryView", "1 exam") if listed.total == 1 else total
    if picked:
        return QCoreApplication.translate("HistoryView", "{0} selected of {1}").format(
            f"{picked:,}", exams
        )
    return exams


def nothing_of(filters: Filters) -> NothingYet | NothingFound:
    """Return what a list without any exam is."""
    return NothingYet() if filters == NO_FILTERS else NothingFound(filters == ONLY_DELETED)


def nothing_words(nothing: NothingFound) -> tuple[str, str]:
    """Say that no exam was found, and what to do about it."""
    translate = QCoreApplication.translate
    if nothing.only_deleted:
        return (
            translate("HistoryView", "No exam is deleted"),
            translate("HistoryView", "Clear the filters to see the other exams."),
        )
    return (
        translate("HistoryView", "Nothing matches"),
        translate("HistoryView", "Clear the filters, or search for something else."),
    )


ListState = Searching | Listed | NothingYet | NothingFound | SearchFailed


@dataclass(frozen=True, slots=True)
class Closed:
    """Only the list is shown."""


@dataclass(frozen=True, slots=True)
class Opening:
    """An exam is on its way from the database."""

    exam_id: str


@dataclass(frozen=True, slots=True)
class Opened:
    """A stored exam. `film` is None while it is being read, and for good when `notice` is set."""

    exam: ExamView
    film: Radiograph | None = None
    notice: Notice | None = None


@dataclass(frozen=True, slots=True)
class OpenFailed:
    """The exam itself could not be opened."""

    exam_id: str
    notice: Notice


ExamState = Closed | Opening | Opened | OpenFailed


@dataclass(frozen=True, slots=True)
class ReviewState:
    """What readers said of the open exam, the latest first; `reviews` is None until it came.

    `comes_first`: the answer is shown once this person has said something. `adds_only`: they said
    it before the answer was shown, or the report is signed, so only an addendum may follow.
    `report` is what would be signed, or is; `may_sign` says that this person may. `film` is the
    name of the exam's file.
    """

    exam_id: str
    film: str
    reviews: tuple[Review, ...] | None = None
    may_write: bool = False
    comes_first: bool = False
    adds_only: bool = False
    saving: bool = False
    notice: Notice | None = None
    report: ReaderReport | None = None
    may_sign: bool = False

    @property
    def is_signed(self) -> bool:
        """Whether somebody answers for the report."""
        return self.report is not None and self.report.signature is not None


@dataclass(frozen=True, slots=True)
class Exporting:
    """A list is being written; `step` says how far it is, `fraction` too (0..1)."""

    step: str = ""
    fraction: float = 0.0


@dataclass(frozen=True, slots=True)
class ExportEnded:
    """It was written, or was not."""

    notice: Notice


ExportState = Exporting | ExportEnded | None


@dataclass(frozen=True, slots=True)
class HistoryState:
    """The whole screen."""

    sight: Sight = Sight()
    filters: Filters = NO_FILTERS
    order: Order = NEWEST_FIRST
    listing: ListState = field(default_factory=Searching)
    exam: ExamState = field(default_factory=Closed)
    review: ReviewState | None = None
    export: ExportState = None
