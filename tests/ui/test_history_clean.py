"""Films without their patient, as a person makes them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.deidentify import DeidOptions, MaskBox
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.radiograph import Caution, Radiograph
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.screens.history.clean_dialog import CleanFilmDialog, CleanListDialog
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World

Dialog = TypeVar("Dialog", CleanFilmDialog, CleanListDialog)
TEXT = Caution("burned_in_text", "Text is part of this picture.")


class Desk:
    """Both dialogs over a hospital in memory; the film has 200 x 100 pixels."""

    def __init__(self, world: World, qtbot: QtBot) -> None:
        self.world, self.qtbot, self.runner = world, qtbot, HeldRunner()
        self.session = Session()
        self.session.sign_in(world.actor("rad"))

    def film_dialog(self, *cautions: Caution) -> CleanFilmDialog:
        exam = replace(self.world.exam("rad"), cautions=cautions)
        record = self.world.history.records[-1]
        self.world.history.records[-1] = replace(record, cautions=cautions)
        film = Radiograph(np.zeros((100, 200), np.float32), exam.film.sha256, "film.png", "PNG")
        job = OneJob(self.runner, self.session)
        return self._shown(CleanFilmDialog(self.world.out.films, job, exam, film))

    def list_dialog(self) -> CleanListDialog:
        job = OneJob(self.runner, self.session)
        return self._shown(CleanListDialog(self.world.out.films, job, HistoryQuery(limit=0)))

    def _shown(self, dialog: Dialog) -> Dialog:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        self.qtbot.addWidget(dialog)
        with self.qtbot.waitExposed(dialog):
            dialog.show()
        dialog.folder.setText(str(self.world.folder))
        return dialog


@pytest.fixture
def desk(qtbot: QtBot, world: World) -> Iterator[Desk]:
    made = Desk(world, qtbot)
    yield made
    made.runner.close()


def drag(desk: Desk, dialog: CleanFilmDialog, start: QPoint, end: QPoint) -> None:
    canvas = dialog.editor.canvas
    desk.qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=start)
    desk.qtbot.mouseMove(canvas, end)
    desk.qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=end)


def test_a_box_is_drawn_with_the_mouse_in_pixels_of_the_film(desk: Desk) -> None:
    dialog = desk.film_dialog()
    canvas = dialog.editor.canvas
    canvas.setFixedSize(400, 400)  # the film is 400 x 200 on it, in the middle
    drag(desk, dialog, QPoint(20, 120), QPoint(59, 139))
    assert list(dialog.editor.boxes) == [MaskBox(10, 10, 20, 10)]
    drag(desk, dialog, QPoint(100, 150), QPoint(101, 151))
    assert len(dialog.editor.boxes) == 1
    drag(desk, dialog, QPoint(300, 250), QPoint(399, 399))
    assert dialog.editor.boxes[-1] == MaskBox(150, 75, 50, 25)


def test_a_box_is_given_by_numbers_and_taken_back(desk: Desk) -> None:
    editor = desk.film_dialog().editor
    for field, value in zip(editor.numbers, (5, 6, 30, 20), strict=True):
        field.setValue(value)
    editor.add.click()
    assert editor.boxes == (MaskBox(5, 6, 30, 20),)
    editor.undo.click()
    assert editor.boxes == ()
    assert not editor.undo.isEnabled()
    editor.numbers[0].setValue(9999)
    assert editor.numbers[0].value() == 200
    editor.add.click()
    assert editor.boxes == ()  # it would begin right of the film


def test_boxes_and_options_reach_the_film(desk: Desk) -> None:
    dialog = desk.film_dialog()
    dialog.dates.click()
    dialog.editor.canvas.add(MaskBox(1, 2, 3, 4))
    dialog.action.click()
    desk.runner.finish_all()
    order = desk.world.cleaner.orders[0]
    assert (order.options, order.boxes) == (DeidOptions(shift_dates=True), (MaskBox(1, 2, 3, 4),))
    assert "1 film was written." in dialog.notice.text


def test_a_film_that_says_it_has_text_must_be_covered_first(desk: Desk) -> None:
    dialog = desk.film_dialog(TEXT)
    assert not dialog.action.isEnabled()
    dialog.editor.canvas.add(MaskBox(1, 2, 3, 4))
    assert dialog.action.isEnabled()
    dialog.editor.undo.click()
    assert not dialog.action.isEnabled()


def test_all_films_of_the_list_are_written_and_those_left_out_are_told(desk: Desk) -> None:
    desk.world.three_exams("rad")
    record = desk.world.history.records[0]
    desk.world.history.records[0] = replace(record, cautions=(TEXT,))
    dialog = desk.list_dialog()
    dialog.action.click()
    desk.runner.finish_all()
    assert "2 films were written." in dialog.notice.text
    assert "Left out: 1." in dialog.notice.text
