"""The History screen as a person uses it: keyboard, filters, a million rows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import ModelRef, Verdict
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.deletion import Deletion
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.history import (
    ExamRecord,
    ExamRow,
    HistoryPage,
    HistoryQuery,
)
from cxr_desktop.domain.signing import Signature
from cxr_desktop.services.history import BrowseHistory
from cxr_desktop.ui.screens.history.delete_dialog import DeleteDialog
from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.state import Closed, ExamState, Listed, Opened
from cxr_desktop.ui.screens.history.table_model import THUMBNAILS_HELD, HistoryTableModel
from cxr_desktop.ui.screens.history.view import HistoryView
from cxr_desktop.ui.session import Session
from tests.support.examples import NOON
from tests.support.fakes import MemoryReviews
from tests.support.held_runner import HeldRunner
from tests.support.world import World

TODAY = date(2026, 3, 1)
MILLION = 1_000_000
Key = Qt.Key


class Screen:
    """The screen over a hospital in memory."""

    def __init__(
        self, world: World, qtbot: QtBot, person: str = "rad", history: BrowseHistory | None = None
    ) -> None:
        self.world, self.qtbot = world, qtbot
        self.runner = HeldRunner()
        session = Session()
        session.sign_in(world.actor(person))
        rows = HistoryTableModel()
        self.presenter = HistoryPresenter(
            history or world.browse,
            self.runner,
            session,
            rows,
            reviews=world.reviews,
            export=world.export,
            report=world.report,
            figures=world.figures,
            out=world.out,
            saved=world.saved_filters,
            deleting=world.deleting,
            signing=world.signing,
        )
        rows.setParent(self.presenter)
        self.rows = rows
        self.view = HistoryView(self.presenter, today=lambda: TODAY)
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)

    def show(self) -> None:
        """Bring it to the front and let everything arrive."""
        with self.qtbot.waitExposed(self.view):
            self.view.show()
        self.view.activateWindow()
        self.qtbot.waitUntil(self.view.isActiveWindow)
        self.settle()

    def exam(self) -> ExamState:
        """Return what is open."""
        return self.presenter.state.exam

    def settle(self) -> None:
        """Paint, and finish what painting asked for."""
        self.view.grab()
        self.runner.finish_all()
        self.view.grab()

    def press(self, key: Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        """Press a key where the focus is."""
        target = QApplication.focusWidget() or self.view
        QTest.keyClick(target, key, modifier or Qt.KeyboardModifier.NoModifier)


@pytest.fixture
def screen(qtbot: QtBot, world: World) -> Iterator[Screen]:
    for number, grey in enumerate((230, 20, 120)):
        world.clock.forward(60)
        world.exam("rad" if number else "doc", grey, f"film{number}.png")
    made = Screen(world, qtbot)
    made.show()
    yield made
    made.view.close()


def words(screen: Screen) -> str:
    """Return every sentence that can be seen."""
    labels = screen.view.findChildren(QLabel)
    return "\n".join(label.text() for label in labels if label.isVisible())


def test_showing_the_screen_lists_the_newest_first(screen: Screen) -> None:
    assert "3 exams" in words(screen)
    exam = screen.rows.exam_at(0)
    assert exam is not None
    assert exam.exam_id == "exam-3"


def test_enter_opens_the_exam_and_escape_goes_back(screen: Screen) -> None:
    screen.view.table.setFocus()
    screen.press(Key.Key_Home)
    screen.press(Key.Key_Down)
    screen.press(Key.Key_Return)
    screen.settle()
    opened = screen.exam()
    assert isinstance(opened, Opened)
    assert opened.exam.exam_id == "exam-2"
    assert screen.view.exam.isVisible()
    assert not screen.view.table.isVisible()
    assert screen.view.exam.viewer.exam is opened.exam
    screen.press(Key.Key_Escape)
    assert isinstance(screen.exam(), Closed)
    assert screen.view.exam.viewer.exam is None
    assert screen.view.table.hasFocus()
    assert screen.view.table.currentIndex().row() == 1


def test_the_neighbours_open_from_the_exam(screen: Screen) -> None:
    screen.view.table.select(0)
    screen.press(Key.Key_Return)
    screen.settle()
    screen.press(Key.Key_Down, Qt.KeyboardModifier.AltModifier)
    screen.settle()
    opened = screen.exam()
    assert isinstance(opened, Opened)
    assert opened.exam.exam_id == "exam-2"


def test_there_is_room_for_list_and_exam_in_a_wide_window(screen: Screen) -> None:
    screen.view.resize(1600, 900)
    screen.presenter.open_exam("exam-1")
    screen.settle()
    assert screen.view.table.isVisible()
    assert screen.view.exam.isVisible()
    hidden = screen.view.table.isColumnHidden
    shown = [column.id for n, column in enumerate(screen.rows.columns) if not hidden(n)]
    assert shown == ["pick", "film", "verdict", "patient", "time"]


def test_ctrl_f_goes_to_the_search_and_down_goes_to_the_list(screen: Screen) -> None:
    screen.view.table.setFocus()
    screen.press(Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    assert screen.view.filters.search.hasFocus()
    screen.press(Key.Key_Down)
    assert screen.view.table.hasFocus()
    assert screen.view.table.currentIndex().row() == 0


def test_enter_in_the_search_box_does_not_wait_for_typing_to_rest(screen: Screen) -> None:
    screen.view.filters.focus_search()
    QTest.keyClicks(screen.view.filters.search, "film1")
    screen.press(Key.Key_Return)
    assert screen.runner.held
    screen.settle()
    assert screen.presenter.state.listing == Listed(1)


def test_escape_clears_the_filters(screen: Screen) -> None:
    screen.view.filters.verdict.setCurrentIndex(1)
    screen.settle()
    assert screen.presenter.state.filters.verdict is Verdict.ABNORMAL
    assert screen.presenter.state.listing == Listed(1)
    screen.view.table.setFocus()
    screen.press(Key.Key_Escape)
    screen.settle()
    assert screen.presenter.state.listing == Listed(3)
    assert screen.view.filters.verdict.currentIndex() == 0


def test_periods_are_days_up_to_today(screen: Screen) -> None:
    screen.view.filters.period.setCurrentIndex(2)
    filters = screen.presenter.state.filters
    assert (filters.first_day, filters.last_day) == (TODAY - timedelta(days=6), TODAY)
    screen.view.filters.period.setCurrentIndex(0)
    assert screen.presenter.state.filters.first_day is None


def test_users_are_offered_as_they_are_seen_or_typed(screen: Screen) -> None:
    box = screen.view.filters.user
    assert [box.itemText(n) for n in range(box.count())] == ["All users", "doc", "rad"]
    box.setEditText("doc")
    box.lineEdit().editingFinished.emit()  # type: ignore[union-attr] # an editable box has one
    screen.settle()
    assert screen.presenter.state.listing == Listed(1)


def test_a_click_on_a_header_sorts(screen: Screen) -> None:
    header = screen.view.table.horizontalHeader()
    number = [c.id for c in screen.rows.columns].index("probability")
    where = header.sectionViewportPosition(number) + 10
    QTest.mouseClick(
        header.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(where, header.height() // 2)
    )
    screen.settle()
    first = screen.rows.exam_at(0)
    assert first is not None
    assert first.exam_id == "exam-1"
    assert header.sortIndicatorSection() == number


def test_nothing_found_offers_to_clear_the_filters(screen: Screen) -> None:
    screen.presenter.set_text("nobody")
    screen.presenter.refresh()
    screen.settle()
    assert "Nothing matches" in words(screen)
    QTest.mouseClick(screen.view._empty_clear, Qt.MouseButton.LeftButton)
    screen.settle()
    assert "3 exams" in words(screen)


def test_when_nothing_is_deleted_the_list_of_the_deleted_says_so(
    qtbot: QtBot, world: World
) -> None:
    world.exam("rad")
    screen = Screen(world, qtbot, "admin")
    screen.show()
    screen.view.filters.deleted.click()
    screen.settle()
    assert "No exam is deleted" in words(screen)
    assert "Nothing matches" not in words(screen)
    QTest.mouseClick(screen.view._empty_clear, Qt.MouseButton.LeftButton)
    screen.settle()
    assert "1 exam" in words(screen)


def test_an_empty_history_says_what_will_appear(qtbot: QtBot, world: World) -> None:
    screen = Screen(world, qtbot)
    screen.show()
    assert "Films that you run appear here." in words(screen)
    assert not screen.view._empty_clear.isVisible()


def test_an_error_stands_above_the_list_with_its_hint(screen: Screen) -> None:
    def broken(query: HistoryQuery) -> HistoryPage:
        raise StorageUnavailable("The history is locked.", hint="Close the other program.")

    screen.world.history.search = broken  # type: ignore[method-assign] # a locked database
    screen.presenter.refresh()
    screen.settle()
    assert screen.view.notice.text == "The history is locked.\nClose the other program."
    assert screen.view._retry.isVisible()
    assert screen.view.table.isVisible()


def test_a_film_that_is_gone_still_shows_its_answer(screen: Screen) -> None:
    screen.world.archive.films.clear()
    screen.presenter.open_exam("exam-1")
    screen.settle()
    assert screen.view.exam.notice.text
    assert "Abnormal" in words(screen)


def test_a_technician_sees_neither_answers_nor_filters_for_them(qtbot: QtBot, world: World) -> None:
    world.exam("tech")
    screen = Screen(world, qtbot, "tech")
    screen.show()
    assert not screen.view.filters.verdict.isVisible()
    assert not screen.view.filters.user.isVisible()
    screen.presenter.open_exam("exam-1")
    screen.settle()
    assert "Abnormal" not in words(screen)


class Million:
    """A `HistoryStore` of a million exams that makes up the rows it is asked for."""

    def __init__(self) -> None:
        self.pages = 0

    def add_all(self, exams: Sequence[tuple[ExamRecord, AuditEvent]]) -> None:
        raise NotImplementedError

    def get(self, exam_id: str) -> ExamRecord:
        raise NotImplementedError

    def answered(self, film_sha256: str, model: ModelRef | None, user: str = "") -> str:
        raise NotImplementedError

    def search(self, query: HistoryQuery) -> HistoryPage:
        self.pages += 1
        last = min(query.offset + query.limit, MILLION)
        return HistoryPage(tuple(_row(n) for n in range(query.offset, last)), MILLION)

    def get_ready(self, query: HistoryQuery) -> None:
        pass

    def deletion(self, exam_id: str) -> Deletion | None:
        raise NotImplementedError

    def signature(self, exam_id: str) -> Signature | None:
        raise NotImplementedError


def browse_over(store: Million, world: World) -> BrowseHistory:
    return BrowseHistory(
        store, world.archive, world.reader, world.access, world.audit, world.clock,
        MemoryReviews(world.history),
    )  # fmt: skip


def test_a_million_exams_are_scrolled_to_the_end_in_flat_memory(qtbot: QtBot, world: World) -> None:
    store = Million()
    browse = browse_over(store, world)
    screen = Screen(world, qtbot, "rad", browse)
    screen.show()
    assert "1,000,000 exams" in words(screen)
    bar = screen.view.table.verticalScrollBar()
    for step in range(1, 31):
        bar.setValue(bar.maximum() * step // 30)
        screen.settle()
        row = screen.view.table.rowAt(5)
        exam = screen.rows.exam_at(row)
        assert exam is not None
        assert exam.exam_id == f"e{row}"
    assert screen.rows.exam_at(MILLION - 1) is not None
    assert len(screen.rows.pages) * screen.rows.pages.page_size <= 4000
    assert len(screen.rows._thumbnails) <= THUMBNAILS_HELD
    assert store.pages < 200


def test_the_end_key_goes_to_the_last_of_a_million(qtbot: QtBot, world: World) -> None:
    browse = browse_over(Million(), world)
    screen = Screen(world, qtbot, "rad", browse)
    screen.show()
    screen.view.table.setFocus()
    screen.press(Key.Key_End)
    screen.settle()
    assert screen.view.table.currentIndex().row() == MILLION - 1
    assert screen.rows.exam_at(MILLION - 1) is not None


def _row(number: int) -> ExamRow:
    return ExamRow(
        exam_id=f"e{number}",
        time=NOON,
        user="amina",
        patient_name="Doe^Jane",
        patient_id=f"P-{number}",
        file_name="film.dcm",
        film_sha256=f"{number:064x}",
        verdict=Verdict.NORMAL,
        probability=0.1,
        model_id="m",
        model_version="1",
    )


def reason_given(screen: Screen, reason: str) -> None:
    """Answer the dialog that asks why."""
    dialog = screen.view.findChildren(DeleteDialog)[-1]
    assert not dialog.action.isEnabled()
    dialog.reason.setPlainText(reason)
    dialog.action.click()
    screen.settle()
    assert not dialog.isVisible()


def test_an_exam_is_deleted_found_among_the_deleted_and_brought_back(
    qtbot: QtBot, world: World
) -> None:
    exams = [world.exam("doc", grey, f"film{grey}.png").exam_id for grey in (230, 20)]
    screen = Screen(world, qtbot, "admin")
    screen.show()
    screen.presenter.open_exam(exams[0])
    screen.settle()
    screen.view.exam.delete.click()
    reason_given(screen, "the film of another patient")
    assert isinstance(screen.exam(), Closed)
    assert screen.presenter.state.listing == Listed(1)
    screen.view.filters.deleted.click()
    screen.settle()
    assert screen.presenter.state.listing == Listed(1)
    screen.presenter.open_exam(exams[0])
    screen.settle()
    assert "the film of another patient" in words(screen)
    screen.view.exam.delete.click()
    reason_given(screen, "it was the right one")
    screen.view.filters.clear.click()
    screen.settle()
    assert screen.presenter.state.listing == Listed(2)
    screen.view.close()


def test_reader_and_model_narrow_the_list_behind_more(screen: Screen) -> None:
    filters = screen.view.filters
    screen.world.reviews.add(screen.world.actor("admin"), "exam-1", Verdict.NORMAL)
    assert not filters.reader.isVisible()
    filters.more.click()
    assert filters.reader.isVisible()
    assert filters.model.findData("fake 1.0") > 0
    filters.reader.named.emit("admin")
    screen.settle()
    assert [row.exam_id for row in (screen.rows.exam_at(0),) if row] == ["exam-1"]
    assert screen.rows.rowCount() == 1
    filters.more.click()
    assert filters.reader.isVisible()  # what narrows the list is never hidden
    screen.presenter.clear_filters()
    screen.settle()
    assert not filters.reader.isVisible()


def test_who_may_not_delete_sees_nothing_of_it(screen: Screen) -> None:
    assert not screen.view.filters.deleted.isVisible()
    screen.presenter.open_exam("exam-1")
    screen.settle()
    assert not screen.view.exam.delete.isVisible()


def test_of_a_million_selected_exams_those_are_picked_that_were_loaded(
    qtbot: QtBot, world: World
) -> None:
    browse = browse_over(Million(), world)
    screen = Screen(world, qtbot, "rad", browse)
    screen.show()
    screen.view.table.selectAll()
    shown = screen.view.table.selectionModel().selectedRows()
    held = [screen.rows.exam_at(index.row()) for index in shown]
    assert 2 <= len(held) < MILLION
    assert tuple(exam.exam_id for exam in held if exam is not None) == screen.rows.picked
    assert None not in held
    screen.view.close()
