"""Exams as they are kept: what a person was shown, and how to ask for it again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Literal

from cxr_desktop.domain.assessment import Assessment, Verdict
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.domain.review import Agreement

SortKey = Literal[
    "time",
    "patient",
    "verdict",
    "probability",
    "user",
    "patient_id",
    "file",
    "model",
    "film",
    "review",
    "report",
]
PAGE = 100
"""Exams that a list asks for at once: they fill a tall screen, and far apart each takes 0.1 ms."""
TELLING_SORTS = frozenset({"verdict", "probability", "review", "report"})
"""Orders that tell of answers."""


@dataclass(frozen=True, slots=True)
class FilmRef:
    """The stored film: `sha256` of its bytes is also its address in the image store."""

    sha256: str
    file_name: str
    file_format: str
    rows: int
    columns: int


@dataclass(frozen=True, slots=True)
class ExamRecord:
    """One answer, kept for ever as it was shown."""

    exam_id: str
    time: datetime
    user: str
    film: FilmRef
    study: StudyInfo
    assessment: Assessment
    program_version: str
    cautions: tuple[Caution, ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for a time without a zone or an empty id."""
        if self.time.tzinfo is None or not self.exam_id:
            raise ValueError("an exam needs an id and an aware time")


class ReportState(StrEnum):
    """How far the report of an exam is; an addendum is one that followed the signature."""

    NEW = "new"
    READ = "read"
    SIGNED = "signed"
    ADDENDED = "addended"


@dataclass(frozen=True, slots=True)
class ExamRow:
    """One line of the History list: light, without map or full study.

    `verdict` and `probability` are None when the actor may not see the model's answer. `reader` and
    `agreement` are those of the latest review, None without one or without that permission; `state`
    is NEW for who may not see them.
    """

    exam_id: str
    time: datetime
    user: str
    patient_name: str
    patient_id: str
    file_name: str
    film_sha256: str
    verdict: Verdict | None
    probability: float | None
    model_id: str
    model_version: str
    reader: Verdict | None = None
    agreement: Agreement | None = None
    state: ReportState = ReportState.NEW


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """What to list. Empty fields do not filter; `text` matches the words of patient name,
    patient id, accession number and file name: three letters or more anywhere in a word, fewer at
    its beginning; and with `in_reviews` the beginnings of words in the text of reviews.
    `reviewed` asks for exams with any review or without one, `signed` for those whose report is
    signed or is not, `agreement` for those whose latest review says so, `read_by` for those of
    which that user said something, `model` (“id version”) for those that it answered. `first_day`
    and `last_day` are inclusive UTC days; `since` (inclusive) and `before` (exclusive) are aware
    moments, for the days of a place that keeps another time. `withheld_from` names a reader who
    sees nothing of the answer to an exam that neither they have reviewed nor anybody signed:
    neither in its row nor by a filter or an order. Deleted exams are left out; `deleted` asks for
    nothing but them. `exam_ids` asks for these exams only, as far as the rest of the query leaves
    them. `after` names an exam: the page begins behind it, in this order.
    """

    text: str = ""
    verdict: Verdict | None = None
    user: str = ""
    first_day: date | None = None
    last_day: date | None = None
    since: datetime | None = None
    before: datetime | None = None
    in_reviews: bool = True
    reviewed: bool | None = None
    agreement: Agreement | None = None
    signed: bool | None = None
    read_by: str = ""
    model: str = ""
    withheld_from: str = ""
    deleted: bool = False
    exam_ids: tuple[str, ...] | None = None
    sort: SortKey = "time"
    descending: bool = True
    offset: int = 0
    limit: int = PAGE
    after: str = ""

    def as_of(self, now: datetime) -> HistoryQuery:
        """Return the query without exams of `now` or later: what comes meanwhile is left out."""
        return replace(self, before=min(self.before or now, now))


@dataclass(frozen=True, slots=True)
class HistoryPage:
    """The rows asked for, and how many there are in all."""

    rows: tuple[ExamRow, ...]
    total: int


@dataclass(frozen=True, slots=True)
class ExamView:
    """A stored exam as one person may see it: `assessment` is None without the permission to.

    `awaits_reading` says that it is None only until this person has read the film; `deletion` says
    that the exam is deleted, `signed` that its report is signed.
    """

    exam_id: str
    time: datetime
    user: str
    film: FilmRef
    study: StudyInfo
    cautions: tuple[Caution, ...]
    assessment: Assessment | None
    awaits_reading: bool = False
    deletion: Deletion | None = None
    signed: bool = False

    @classmethod
    def of(
        cls,
        record: ExamRecord,
        *,
        with_result: bool,
        awaits_reading: bool = False,
        deletion: Deletion | None = None,
        signed: bool = False,
    ) -> ExamView:
        """Show a record, with or without the model's answer."""
        return cls(
            exam_id=record.exam_id,
            time=record.time,
            user=record.user,
            film=record.film,
            study=record.study,
            cautions=record.cautions,
            assessment=record.assessment if with_result else None,
            awaits_reading=awaits_reading,
            deletion=deletion,
            signed=signed,
        )
