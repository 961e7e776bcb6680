"""Taking the list out of the program, as a person does it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QInputDialog, QLabel, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.screens.history.export_bar import ExportBar, with_ending
from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.state import Closed, ExportEnded, Exporting
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.screens.history.view import HistoryView
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.patience import some_turns
from tests.support.world import World


class Screen:
    """The screen over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "rad") -> None:
        self.world, self.runner, session = world, HeldRunner(), Session()
        session.sign_in(world.actor(person))
        rows = HistoryTableModel()
        self.presenter = HistoryPresenter(
            world.browse,
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
        self.view = HistoryView(self.presenter)
        qtbot.addWidget(self.view)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.runner.finish_all()


@pytest.fixture
def screen(qtbot: QtBot, world: World) -> Iterator[Screen]:
    for grey in (230, 20, 120):
        world.clock.forward(60)
        world.exam("doc", grey)
    world.clock.forward(60)
    made = Screen(world, qtbot)
    yield made
    made.view.close()
    made.runner.close()


def test_the_filtered_list_is_written_where_the_person_says(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        QFileDialog,
        "getSaveFileName",
        lambda *_: (str(screen.world.folder / "list"), "Comma-separated values (*.csv)"),
    )
    screen.presenter.set_verdict(Verdict.ABNORMAL)
    screen.runner.finish_all()
    screen.view.export.table.trigger()
    assert isinstance(screen.presenter.state.export, Exporting)
    assert screen.view.export_bar.cancel.isVisible()
    assert not screen.view.export.isEnabled()
    screen.runner.finish_all()
    _head, *rows = screen.world.tables.written["list.csv"]
    assert [row[0] for row in rows] == ["exam-1"]
    assert "1 exam was written to “list.csv”." in screen.view.export_bar.notice.text
    screen.presenter.dismiss_export()
    assert not screen.view.export_bar.isVisible()


def test_only_the_picked_exams_are_written(screen: Screen) -> None:
    table, model = screen.view.table, screen.view.table.selectionModel()
    flag = QItemSelectionModel.SelectionFlag
    for row in (0, 2):
        model.select(screen.presenter.rows.index(row, 0), flag.Select | flag.Rows)
    assert "2 selected of 3 exams" in [label.text() for label in screen.view.findChildren(QLabel)]
    screen.presenter.export(screen.world.folder / "list.csv")
    screen.runner.finish_all()
    _head, *rows = screen.world.tables.written["list.csv"]
    assert [row[0] for row in rows] == ["exam-3", "exam-1"]
    table.select(1)
    assert screen.presenter.query.exam_ids is None


def box_of(screen: Screen, row: int) -> QPoint:
    table = screen.view.table
    return table.visualRect(screen.presenter.rows.index(row, 0)).center()


def test_a_box_ticks_one_exam_and_one_ticked_exam_is_a_selection(screen: Screen) -> None:
    table, port = screen.view.table, screen.view.table.viewport()
    table.select(2)  # where the person stands is not what was ticked
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=box_of(screen, 0))
    assert screen.presenter.query.exam_ids == ("exam-3",)
    assert "1 selected of 3 exams" in [label.text() for label in screen.view.findChildren(QLabel)]
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=box_of(screen, 1))
    assert set(screen.presenter.query.exam_ids or ()) == {"exam-3", "exam-2"}
    checked = Qt.ItemDataRole.CheckStateRole
    shown = [screen.presenter.rows.index(row, 0).data(checked) for row in range(3)]
    assert shown == [Qt.CheckState.Checked, Qt.CheckState.Checked, Qt.CheckState.Unchecked]
    for row in (0, 1):
        QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=box_of(screen, row))
    assert screen.presenter.query.exam_ids is None
    assert isinstance(screen.presenter.state.exam, Closed)


def test_a_plain_click_on_a_row_takes_the_ticks_away(screen: Screen) -> None:
    table, port = screen.view.table, screen.view.table.viewport()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=box_of(screen, 0))
    name = table.visualRect(screen.presenter.rows.index(1, 5)).center()
    QTest.mouseClick(port, Qt.MouseButton.LeftButton, pos=name)
    assert screen.presenter.query.exam_ids is None


def test_space_ticks_and_the_title_ticks_all_or_none(screen: Screen) -> None:
    table = screen.view.table
    table.select(1)
    QTest.keyClick(table, Qt.Key.Key_Space)
    assert screen.presenter.query.exam_ids == ("exam-2",)
    header = table.horizontalHeader()
    header.sectionClicked.emit(0)
    assert screen.presenter.query.exam_ids is None
    header.sectionClicked.emit(0)
    assert set(screen.presenter.query.exam_ids or ()) == {"exam-1", "exam-2", "exam-3"}


def test_an_exam_that_comes_meanwhile_is_not_picked(screen: Screen) -> None:
    screen.view.table.selectAll()
    screen.world.exam("doc", 200, "new.png")
    screen.presenter.refresh()
    screen.runner.finish_all()
    assert screen.presenter.rows.rowCount() == 4
    assert set(screen.presenter.query.exam_ids or ()) == {"exam-1", "exam-2", "exam-3"}
    model = screen.view.table.selectionModel()
    assert sorted(index.row() for index in model.selectedRows()) == [1, 2, 3]


def test_another_question_forgets_what_was_picked(screen: Screen) -> None:
    screen.view.table.selectAll()
    screen.presenter.set_verdict(Verdict.ABNORMAL)
    screen.runner.finish_all()
    assert screen.presenter.rows.picked == ()


def test_a_dialog_that_was_closed_writes_nothing(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    screen.view.export.table.trigger()
    assert screen.presenter.state.export is None


def test_a_cancelled_export_leaves_no_file_and_says_nothing(screen: Screen) -> None:
    screen.presenter.export(screen.world.folder / "list.csv")
    screen.presenter.cancel_export()
    screen.runner.finish_all()
    assert screen.presenter.state.export is None
    assert screen.world.tables.written == {}


def test_a_full_disk_is_told_with_what_to_do(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageUnavailable("The list cannot be written.", hint="Free some space.")

    monkeypatch.setattr(type(screen.world.tables), "__call__", full)
    screen.presenter.export(screen.world.folder / "list.csv")
    screen.runner.finish_all()
    assert isinstance(screen.presenter.state.export, ExportEnded)
    assert "Free some space." in screen.view.export_bar.notice.text


def test_who_may_not_export_has_no_button(qtbot: QtBot, world: World) -> None:
    world.exam("doc")
    screen = Screen(world, qtbot, "doc")
    assert not screen.view.export.isVisible()
    screen.runner.close()


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("a", "a.csv"), ("a.XLSX", "a.XLSX"), ("a.csv", "a.csv"), ("v1.2", "v1.2.csv")],
)
def test_a_name_gets_the_chosen_ending_where_it_has_none(typed: str, kept: str) -> None:
    assert with_ending(Path(typed), ".csv").name == kept


def test_filters_are_kept_chosen_and_removed_under_a_name(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved, menu = screen.view.saved, screen.view.saved.menu()
    menu.aboutToShow.emit()
    (keep,) = menu.actions()
    assert not keep.isEnabled()  # nothing is narrowed yet
    screen.presenter.set_verdict(Verdict.ABNORMAL)
    screen.runner.finish_all()
    monkeypatch.setattr(QInputDialog, "getText", lambda *_: ("R&D", True))
    menu.aboutToShow.emit()
    menu.actions()[0].trigger()
    screen.runner.finish_all()
    screen.presenter.clear_filters()
    screen.runner.finish_all()
    chosen = menu.actions()[0]
    assert chosen.text() == "R&&D"
    chosen.trigger()
    screen.runner.finish_all()
    assert screen.presenter.state.filters.verdict is Verdict.ABNORMAL
    saved.remove("R&D")
    screen.runner.finish_all()
    assert saved.saved == ()


def test_a_name_that_cannot_be_is_told_on_the_screen(screen: Screen) -> None:
    screen.view.saved.keep_as("")
    screen.runner.finish_all()
    assert "1 to 60" in screen.view.notice.text


class Sizes(QObject):
    """Notes each size that a widget gets."""

    def __init__(self, widget: QWidget) -> None:
        super().__init__(widget)
        self.came: list[int] = []
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Note it."""
        if event.type() is QEvent.Type.Resize and isinstance(watched, QWidget):
            self.came.append(watched.height())
        return False


def test_the_list_moves_once_when_one_export_follows_another(qtbot: QtBot) -> None:
    page, bar, rows = QWidget(), ExportBar(), QWidget()
    column = QVBoxLayout(page)
    column.addWidget(bar)
    column.addWidget(rows, 1)
    qtbot.addWidget(page)
    page.resize(600, 400)
    with qtbot.waitExposed(page):
        page.show()
    bar.render_state(ExportEnded(Notice("info", "Written.", "The file is not encrypted. " * 9)))
    some_turns(qtbot)
    sizes = Sizes(rows)
    bar.render_state(Exporting())
    qtbot.waitUntil(lambda: bool(sizes.came))
    some_turns(qtbot)
    assert len(sizes.came) == 1
    bar.render_state(ExportEnded(Notice("info", "Written.")))
    assert bar.notice.isVisible()
    bar.render_state(None)
    assert bar.isHidden()
