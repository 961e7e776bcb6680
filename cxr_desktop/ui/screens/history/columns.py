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
from cxr_desktop.ui.screens.history.state import Sight

ColumnId = Literal[
    "film", "verdict", "probability", "patient", "patient_id", "time", "user", "file", "model"
]


@dataclass(frozen=True, slots=True)
class Column:
    """One column. `sort` is what a click on its header sorts by, None where it cannot.

    `answer` columns give the model's answer away; `brief` ones stay when an exam is open beside.
    """

    id: ColumnId
    title: str
    width: int
    text: Callable[[ExamRow, tzinfo | None], str]
    sort: SortKey | None = None
    answer: bool = False
    brief: bool = False

    def heading(self) -> str:
        """Return the translated title."""
        return QCoreApplication.translate("HistoryColumns", self.title)


def person_name(text: str) -> str:
    """Turn DICOM's “Doe^Jane^^Dr” (PS3.5 6.2.1) into “Doe, Jane Dr”; other text stays as it is."""
    groups = [group for group in text.split("=") if group.strip("^ ")]
    names = []
    for group in groups:
        family, *others = [part.strip() for part in group.split("^")]
        given = " ".join(part for part in others if part)
        names.append(", ".join(part for part in (family, given) if part))
    return " / ".join(names)


def local_time(row: ExamRow, zone: tzinfo | None) -> str:
    """Say when the exam was made on a clock of `zone` (None: this computer's)."""
    return row.time.astimezone(zone).strftime("%Y-%m-%d %H:%M")


def percent(probability: float | None) -> str:
    """Write P(abnormal) with one decimal; an answer that was not 0 or 1 never looks like it."""
    if probability is None:
        return ""
    shown = min(max(probability * 100, 0.1), 99.9) if 0 < probability < 1 else probability * 100
    return f"{shown:.1f} %"


COLUMNS: tuple[Column, ...] = (
    Column(
        "film", str(QT_TRANSLATE_NOOP("HistoryColumns", "Film")), 64, lambda _r, _z: "", brief=True
    ),
    Column(
        "verdict",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Answer")),
        124,
        lambda _r, _z: "",  # words, shape and colour come from the theme (table_model.py)
        sort="verdict",
        answer=True,
        brief=True,
    ),
    Column(
        "probability",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "P(abnormal)")),
        112,
        lambda row, _z: percent(row.probability),
        sort="probability",
        answer=True,
    ),
    Column(
        "patient",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Patient")),
        190,
        lambda row, _z: person_name(row.patient_name),
        sort="patient",
        brief=True,
    ),
    Column(
        "patient_id",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Patient ID")),
        110,
        lambda row, _z: row.patient_id,
    ),
    Column(
        "time",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Time")),
        138,
        local_time,
        sort="time",
        brief=True,
    ),
    Column(
        "user",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "User")),
        100,
        lambda row, _z: row.user,
        sort="user",
    ),
    Column(
        "file",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "File")),
        150,
        lambda row, _z: row.file_name,
    ),
    Column(
        "model",
        str(QT_TRANSLATE_NOOP("HistoryColumns", "Model")),
        150,
        lambda row, _z: f"{row.model_id} {row.model_version}".strip(),
    ),
)


def columns_for(sight: Sight) -> tuple[Column, ...]:
    """Return the columns that a person may see."""
    return tuple(column for column in COLUMNS if sight.results or not column.answer)
