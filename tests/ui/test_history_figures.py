"""The hospital's own figures, as the head of department sees them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.ui.screens.history.figure_counter import FigureCounter
from cxr_desktop.ui.screens.history.figures import FiguresDialog
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Desk:
    """The dialog over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot) -> None:
        self.world, self.runner, session = world, HeldRunner(), Session()
        session.sign_in(world.actor("rad"))
        counter = FigureCounter(world.figures, self.runner, session, HistoryQuery())
        self.dialog = FiguresDialog(counter)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        self.dialog.begin()


@pytest.fixture
def desk(qtbot: QtBot, world: World) -> Iterator[Desk]:
    made = Desk(world, qtbot)
    yield made
    made.runner.close()


def fill(world: World) -> None:
    for number, (grey, reader) in enumerate(
        ((230, Verdict.ABNORMAL), (20, Verdict.ABNORMAL), (20, Verdict.NORMAL))
    ):
        exam = world.exam("doc", grey, f"film{number}.png")
        world.reviews.add(world.actor("rad"), exam.exam_id, reader)
    world.exam("doc", 120, "open.png")
    world.clock.forward(60)


def test_the_figures_are_said_with_their_intervals(desk: Desk) -> None:
    fill(desk.world)
    desk.runner.finish_all()
    text = desk.dialog.text()
    assert "Exams: 4, 3 of them reviewed" in text
    assert "Agreement: 66.7 % (21 to 94 %) of the reviewed exams" in text
    assert "Sensitivity: 50.0 % (9 to 91 %): 1 of 2 films abnormal to the reader" in text
    assert "Specificity: 100.0 % (21 to 100 %): 1 of 1 films normal to the reader" in text
    words = [label.text() for label in desk.dialog.findChildren(QLabel)]
    assert any("of the selection or list" in line for line in words)
    weeks = desk.dialog.weeks
    cells = [weeks.item(0, column) for column in range(6)]
    assert [cell.text() for cell in cells if cell] == ["2026-02-23", "4", "2", "1", "1", "3"]


def test_without_exams_there_is_nothing_to_measure(desk: Desk) -> None:
    desk.runner.finish_all()
    assert desk.dialog.text() == ""
    assert not desk.dialog.weeks.isVisibleTo(desk.dialog)


def test_a_model_that_nobody_reviewed_is_not_measured(desk: Desk) -> None:
    desk.world.exam("doc")
    desk.world.clock.forward(60)
    desk.runner.finish_all()
    assert "Agreement: Not measured" in desk.dialog.text()


def test_a_refusal_stands_in_the_dialog(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def locked(query: HistoryQuery) -> None:
        raise StorageUnavailable("The history is locked.", hint="Try again.")

    monkeypatch.setattr(desk.world.history, "search", locked)
    desk.runner.finish_all()
    assert "The history is locked." in desk.dialog.notice.text


def test_a_closed_dialog_stops_counting(desk: Desk) -> None:
    fill(desk.world)
    desk.dialog.reject()
    desk.runner.finish_all()
    assert desk.dialog.text() == ""
