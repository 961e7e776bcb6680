"""The columns of the History list.

TO ADD A COLUMN: one row in `COLUMNS`; header, sorting, width and tooltip follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import tzinfo
from typing import Literal

from PySide6.QtCore import QT_TRANSLATE_NOOP, QCoreApplication

from cxr_desktop.domain.history import ExamRow, SortKey
from cxr_desktop.domain.texts import local_minute
from cxr_desktop.ui.screens.history.state import Sight
from cxr_desktop.ui.widgets.agreement import agreement_look, state_word
from cxr_desktop.ui.widgets.patient_text import person_name
from cxr_desktop.ui.widgets.verdict_badge import look_of

ColumnId = Literal[
    "pick",
    "film",
    "verdict",
    "probability",
    "review",
    "state",
    "patient",
    "patient_id",
    "time",
    "user",
    "file",
    "model",
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sort` is what a click on its header sorts by, None where it cannot.

    `width` is the least it needs, in pixels; `grows` is its share of what is left. `answer` columns
    give the model's answer away, a `picks` one is for who may do something with a selection;
    `brief` ones stay when an exam is open beside, `spare` ones give way in a narrow window.
    """

    id: ColumnId
    title: str
    width: int
    text: Callable[[ExamRow, tzinfo | None], str]
    grows: int = 0
    sort: SortKey | None = None
    answer: bool = False
    brief: bool = False
    spare: bool = False
    picks: bool = False

    def heading(self) -> str:
        """Return the translated title."""
        return QCoreApplication.translate("HistoryColumns", self.title)


def local_time(row: ExamRow, zone: tzinfo | None) -> str:
    """Say when the exam was made on a clock of `zone` (None: this computer's)."""
    return local_minute(row.time, zone)


def answer(row: ExamRow, _zone: tzinfo | None) -> str:
    """Write the verdict as a word; empty where it may not be seen."""
    return "" if row.verdict is None else look_of(row.verdict).word


def score(row: ExamRow, _zone: tzinfo | None) -> str:
    """Write P(abnormal) to three digits; one that was not 0 or 1 never looks like it."""
    value = row.probability
    if value is None:
        return ""
    if 0.0 < value < 0.001:
        return "<0.001"
    return ">0.999" if 0.999 < value < 1.0 else f"{value:.3f}"


COLUMNS: tuple[Column, ...] = (
    Column(
        "pick",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "All")),
        44,
        lambda _r, _z: "",
        brief=True,
        picks=True,
    ),
    Column(
        "film",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Film")),
        60,
        lambda _r, _z: "",
        brief=True,
        sort="film",
    ),
    Column(
        "verdict",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Answer")),
        114,
        answer,
        sort="verdict",
        answer=True,
        brief=True,
    ),
    Column(
        "probability",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "P(abnormal)")),
        94,
        score,
        sort="probability",
        answer=True,
    ),
    Column(
        "review",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Review")),
        122,
        lambda row, _z: "" if row.agreement is None else agreement_look(row.agreement).word,
        sort="review",
        answer=True,
    ),
    Column(
        "state",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Report")),
        96,
        lambda row, _z: state_word(row.state),
        sort="report",
        answer=True,
        spare=True,
    ),
    Column(
        "patient",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Patient")),
        120,
        lambda row, _z: person_name(row.patient_name),
        grows=3,
        sort="patient",
        brief=True,
    ),
    Column(
        "patient_id",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Patient ID")),
        86,
        lambda row, _z: row.patient_id,
        grows=1,
        sort="patient_id",
    ),
    Column(
        "time",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Time")),
        148,
        local_time,
        sort="time",
        brief=True,
    ),
    Column(
        "user",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "User")),
        72,
        lambda row, _z: row.user,
        grows=1,
        sort="user",
    ),
    Column(
        "file",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "File")),
        84,
        lambda row, _z: row.file_name,
        grows=2,
        sort="file",
    ),
    Column(
        "model",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Model")),
        84,
        lambda row, _z: f"{row.model_id} {row.model_version}".strip(),
        grows=1,
        spare=True,
        sort="model",
    ),
)


def columns_for(sight: Sight) -> tuple[Column, ...]:
    """Return the columns that a person may see."""
    return tuple(
        column
        for column in COLUMNS
        if (sight.results or not column.answer)
        and (sight.results or sight.export or not column.picks)
    )
