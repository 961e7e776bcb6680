"""The report of the film that is shown, by key: from Run to paper without the mouse."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.printing.report_dialog import ReportDialog
from cxr_desktop.ui.screens.read.state import Showing
from tests.support.read_desk import ShownDesk
from tests.support.reading import FIRST_READER, READER

A = Path("/films/a.png")
REPORTER = Actor(READER.user, READER.permissions | {Permission.REPORT})
FIRST_REPORTER = Actor(FIRST_READER.user, FIRST_READER.permissions | {Permission.REPORT})


class Screen(ShownDesk):
    """With the keys at hand."""

    def __init__(self, qtbot: QtBot, actor: Actor = REPORTER) -> None:
        super().__init__(qtbot, actor)
        self.view.viewer.canvas.setFocus()

    def ask(self) -> list[ReportDialog]:
        """Press Ctrl+P, and return the dialogs there are then."""
        canvas = self.view.viewer.canvas
        QTest.keyClick(canvas, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
        return self.view.findChildren(ReportDialog)

    def run(self) -> None:
        """Open a film and run it."""
        self.open(A)
        self.presenter.run()
        self.until_stage(Showing)


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_the_report_of_the_film_shown_opens_by_key(screen: Screen) -> None:
    screen.open(A)
    assert screen.ask() == []  # there is no answer yet
    screen.presenter.run()
    showing = screen.until_stage(Showing)
    (dialog,) = screen.ask()
    screen.qtbot.waitUntil(lambda: dialog.page is not None)
    assert screen.reading.report.asked == [showing.exam.exam_id]
    dialog.close()


def test_who_makes_no_reports_gets_none(qtbot: QtBot) -> None:
    screen = Screen(qtbot, READER)
    screen.run()
    assert screen.ask() == []
    screen.close()


def test_where_the_reading_comes_first_there_is_no_report_before_it(qtbot: QtBot) -> None:
    screen = Screen(qtbot, FIRST_REPORTER)
    screen.run()
    assert screen.ask() == []
    canvas = screen.view.viewer.canvas
    QTest.keyClick(canvas, Qt.Key.Key_F6)
    QTest.keyClick(canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.until(lambda state: state.may_report)
    (dialog,) = screen.ask()
    screen.qtbot.waitUntil(lambda: dialog.page is not None)
    dialog.close()
    screen.close()
