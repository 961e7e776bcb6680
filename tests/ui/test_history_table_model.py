"""The History list over a million exams: a few pages, asked for once."""

from __future__ import annotations

import hashlib
from datetime import UTC, timedelta, timezone

from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.history import ExamRow
from cxr_desktop.ui.screens.history.columns import COLUMNS, columns_for, local_time, score
from cxr_desktop.ui.screens.history.page_cache import PageCache, Recent
from cxr_desktop.ui.screens.history.state import Sight
from cxr_desktop.ui.screens.history.table_model import EXAM_ROLE, HistoryTableModel
from tests.support.examples import NOON

Role = Qt.ItemDataRole
FILM = [column.id for column in COLUMNS].index("film")


def a_row(number: int = 0, *, name: str = "Doe^Jane", probability: float | None = 0.9) -> ExamRow:
    return ExamRow(
        exam_id=f"e{number}",
        time=NOON,
        user="amina",
        patient_name=name,
        patient_id=f"P-{number}",
        file_name="film.dcm",
        film_sha256=hashlib.sha256(str(number).encode()).hexdigest(),
        verdict=None if probability is None else Verdict.ABNORMAL,
        probability=probability,
        model_id="m",
        model_version="1",
    )


def a_model(total: int, *rows: ExamRow, page_size: int = 10) -> HistoryTableModel:
    model = HistoryTableModel(zone=UTC, pages=PageCache(page_size, limit=3))
    model.restart(COLUMNS, total, rows)
    return model


def text(model: HistoryTableModel, row: int, column: str) -> object:
    number = [c.id for c in model.columns].index(column)  # type: ignore[arg-type] # a literal
    return model.index(row, number).data()


def test_the_model_keeps_qt_s_rules(qapp: QApplication) -> None:
    model = a_model(35, *(a_row(n) for n in range(10)))
    tester = QAbstractItemModelTester(
        model, QAbstractItemModelTester.FailureReportingMode.Fatal, model
    )
    model.put_page(3, [a_row(n) for n in range(30, 35)])
    model.refresh(37, [a_row(n) for n in range(10)], new_on_top=True)
    model.refresh(5, [a_row(n) for n in range(5)], new_on_top=False)
    model.clear()
    assert tester.model() is model


def test_a_row_that_is_not_held_is_asked_for_once(qapp: QApplication) -> None:
    model = a_model(100, *(a_row(n) for n in range(10)))
    asked: list[int] = []
    model.page_wanted.connect(asked.append)
    for _ in range(3):
        assert text(model, 57, "patient") == "…"
    assert asked == [5]
    model.forget_page(5)
    text(model, 57, "patient")
    assert asked == [5, 5]
    model.put_page(5, [a_row(n) for n in range(50, 60)])
    assert text(model, 57, "patient_id") == "P-57"


def test_only_the_last_pages_are_held(qapp: QApplication) -> None:
    model = a_model(1_000_000, *(a_row(n) for n in range(10)))
    for page in range(50):
        model.put_page(page, [a_row(page * 10 + n) for n in range(10)])
    assert len(model.pages) == 3
    assert model.exam_at(0) is None
    assert model.exam_at(499) is not None


def test_what_was_used_last_is_kept() -> None:
    recent: Recent[str, int] = Recent(2)
    recent.put("a", 1)
    recent.put("b", 2)
    recent.get("a")
    recent.put("c", 3)
    assert ("a" in recent, "b" in recent, "c" in recent) == (True, False, True)


def test_a_name_that_looks_like_markup_stays_text(qapp: QApplication) -> None:
    model = a_model(1, a_row(name="<b>Doe</b>^<i>Jane"))
    index = model.index(0, [c.id for c in COLUMNS].index("patient"))
    assert index.data() == "<b>Doe</b>, <i>Jane"
    assert "<b>" not in index.data(Role.ToolTipRole)
    assert "&lt;b&gt;" in index.data(Role.ToolTipRole)


def test_an_answer_is_a_word_and_a_number_and_is_spoken(qapp: QApplication) -> None:
    model = a_model(1, a_row())
    assert text(model, 0, "verdict") == "Abnormal"
    assert text(model, 0, "probability") == "0.900"
    spoken = model.index(0, FILM).data(Role.AccessibleTextRole)
    assert "Abnormal, 0.900, New, Doe, Jane, P-0" in spoken
    assert isinstance(model.index(0, 1).data(EXAM_ROLE), ExamRow)


def test_nearly_certain_never_looks_certain() -> None:
    shown = [score(a_row(probability=p), None) for p in (0.0, 0.0001, 0.5, 0.99999, 1.0)]
    assert shown == ["0.000", "<0.001", "0.500", ">0.999", "1.000"]


def test_times_are_those_of_the_clock_on_the_wall() -> None:
    assert local_time(a_row(), timezone(timedelta(hours=5))) == "2026-03-01 17:00"


def test_who_may_not_see_answers_has_no_columns_for_them() -> None:
    ids = [column.id for column in columns_for(Sight(results=False, others=True))]
    assert "verdict" not in ids
    assert "probability" not in ids
    assert "model" in ids


def test_new_exams_on_top_move_the_selection_along(qapp: QApplication) -> None:
    model = a_model(3, *(a_row(n) for n in range(3)))
    inserted: list[tuple[int, int]] = []

    def note(_parent: QModelIndex, first: int, last: int) -> None:
        inserted.append((first, last))

    model.rowsInserted.connect(note)
    model.refresh(5, [a_row(n) for n in (8, 9, 0, 1, 2)], new_on_top=True)
    assert inserted == [(0, 1)]
    exam = model.exam_at(2)
    assert exam is not None
    assert exam.exam_id == "e0"


def test_a_thumbnail_is_asked_for_once_and_a_missing_one_never_again(qtbot: QtBot) -> None:
    model = a_model(1, a_row())
    asked: list[ExamRow] = []
    model.thumbnail_wanted.connect(asked.append)
    for _ in range(2):
        assert model.index(0, FILM).data(Role.DecorationRole) is None
    assert len(asked) == 1
    model.put_thumbnail(asked[0].film_sha256, QImage())
    assert model.index(0, FILM).data(Role.DecorationRole).isNull()
    assert len(asked) == 1


def test_clearing_forgets_rows_and_pictures(qapp: QApplication) -> None:
    model = a_model(1, a_row())
    model.put_thumbnail(a_row().film_sha256, QImage(2, 2, QImage.Format.Format_Grayscale8))
    model.clear()
    assert model.rowCount() == 0
    assert len(model.pages) == 0
    model.restart(COLUMNS, 1, [a_row()])
    assert model.index(0, FILM).data(Role.DecorationRole) is None
