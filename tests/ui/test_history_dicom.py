"""Writing an exam as DICOM, as a person does it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.dicom_out import DicomPart
from cxr_desktop.domain.history import ExamView, HistoryQuery
from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.screens.history.dicom_dialog import DicomDialog
from cxr_desktop.ui.screens.history.reports_dialog import ReportsDialog
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Desk:
    """The dialog over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot, exam: ExamView) -> None:
        self.world, self.runner, session = world, HeldRunner(), Session()
        session.sign_in(world.actor("rad"))
        self.dialog = DicomDialog(world.out.dicom, OneJob(self.runner, session), exam)
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()


@pytest.fixture
def desk(qtbot: QtBot, world: World) -> Iterator[Desk]:
    made = Desk(world, qtbot, world.exam("rad"))
    yield made
    made.runner.close()


def test_the_chosen_parts_are_written_where_the_person_says(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(desk.world.folder / "out")
    monkeypatch.setattr(QFileDialog, "getExistingDirectory", lambda *_: folder)
    assert not desk.dialog.action.isEnabled()
    desk.dialog.choose.click()
    desk.dialog.action.click()
    assert not desk.dialog.action.isEnabled()
    assert desk.dialog.close_button.text() == "Cancel"
    desk.runner.finish_all()
    assert sorted(desk.world.dicom.saved) == [
        "exam-1-pdf.dcm",
        "exam-1-picture.dcm",
        "exam-1-sr.dcm",
    ]
    assert desk.world.dicom.saved["exam-1-pdf.dcm"].startswith(b"%PDF")
    assert "3 files were written." in desk.dialog.notice.text


def test_what_cannot_be_written_cannot_be_asked_for(desk: Desk) -> None:
    desk.dialog.folder.setText("somewhere")
    assert desk.dialog.action.isEnabled()
    desk.dialog.boxes[DicomPart.PICTURE].click()
    assert not desk.dialog.boxes[DicomPart.STATE].isEnabled()
    assert not desk.dialog.action.isEnabled()  # a PNG's report needs the picture
    desk.dialog.boxes[DicomPart.REPORT].click()
    assert desk.dialog.action.isEnabled()
    desk.dialog.boxes[DicomPart.PDF].click()
    assert not desk.dialog.action.isEnabled()


def test_a_dicom_film_needs_no_picture_for_its_report(qtbot: QtBot, world: World) -> None:
    exam = world.exam("rad")
    desk = Desk(world, qtbot, replace(exam, film=replace(exam.film, file_format="DICOM")))
    desk.dialog.folder.setText("somewhere")
    desk.dialog.boxes[DicomPart.PICTURE].click()
    assert desk.dialog.action.isEnabled()
    assert desk.dialog.boxes[DicomPart.STATE].isEnabled()
    desk.runner.close()


def test_cancel_stops_it_and_a_refusal_stands_in_the_dialog(desk: Desk) -> None:
    desk.dialog.folder.setText(str(desk.world.folder))
    desk.dialog.action.click()
    desk.dialog.close_button.click()
    desk.runner.finish_all()
    assert desk.world.dicom.saved == {}
    assert desk.dialog.notice.text == ""
    assert desk.dialog.close_button.text() == "Close"
    desk.world.archive.films.clear()
    desk.dialog.action.click()
    desk.runner.finish_all()
    assert desk.dialog.notice.text


def test_the_reports_of_the_list_are_written_with_what_was_there_already(
    qtbot: QtBot, world: World
) -> None:
    world.exam("rad")
    world.clock.forward(60)
    runner, session = HeldRunner(), Session()
    session.sign_in(world.actor("rad"))
    dialog = ReportsDialog(world.out.reports, OneJob(runner, session), HistoryQuery(limit=0))
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
    qtbot.addWidget(dialog)
    dialog.folder.setText(str(world.folder))
    for said in ("Reports written: 1.", "Reports written: 0. There already: 1."):
        dialog.action.click()
        runner.finish_all()
        assert said in dialog.notice.text
    words = [label.text() for label in dialog.findChildren(QLabel)]
    assert any("stays as it is" in text and "empty folder" in text for text in words)
    (pdf,) = world.folder.glob("*.pdf")
    assert pdf.read_bytes().startswith(b"%PDF")
    runner.close()


def test_a_closed_dialog_hears_nothing_more(desk: Desk) -> None:
    desk.dialog.folder.setText(str(desk.world.folder))
    desk.dialog.action.click()
    desk.dialog.reject()
    desk.runner.finish_all()
    assert desk.dialog.notice.text == ""
