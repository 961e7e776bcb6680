"""A report on paper: always one page, seen before it is saved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QColor, QImage, QPainter, QTextDocument
from PySide6.QtWidgets import QApplication, QFileDialog
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.history import ExamView
from cxr_desktop.domain.radiograph import Caution, StudyInfo
from cxr_desktop.domain.report import Letterhead, ReportFacts, ReportPage
from cxr_desktop.domain.review import REVIEW_TEXT_LIMIT, Agreement, Review
from cxr_desktop.domain.signing import ReaderReport
from cxr_desktop.reporting.report_text import report_layouts
from cxr_desktop.ui.printing.page import SIZE, lay_out, paint, pdf_bytes
from cxr_desktop.ui.printing.report_dialog import ReportDialog
from cxr_desktop.ui.printing.reporter import Reporter
from cxr_desktop.ui.session import Session
from tests.support.examples import NOON, an_exam
from tests.support.held_runner import HeldRunner
from tests.support.report_fakes import FILM, LOGO
from tests.support.world import World

FULL = StudyInfo(
    patient_name="W" * 256,
    patient_id="X" * 256,
    accession_number="9" * 256,
    study_description="long words " * 30,
)


MANY = tuple(Caution(f"code_{number}", "Keep this in mind of it. " * 5) for number in range(9))


def a_page(
    study: StudyInfo,
    text: str,
    letterhead: Letterhead,
    cautions: tuple[Caution, ...] = MANY[:1],
) -> ReportPage:
    exam = replace(an_exam(file_name="f" * 255), study=study, cautions=cautions)
    review = Review("e1", "rad", NOON, Verdict.NORMAL, Agreement.DISAGREE, text)
    view = ExamView.of(exam, with_result=True)
    facts = ReportFacts(letterhead, view, ReaderReport(review), "Dr Khan", NOON, "0.1.0")
    return ReportPage("e1", report_layouts(facts), FILM, letterhead.logo)


PAGES = {
    "usual": a_page(StudyInfo(patient_name="Doe^Jane"), "Clear.", Letterhead("Hospital", "a|b")),
    "arabic": a_page(
        StudyInfo(patient_name="محمد أحمد عبد الرحمن"),
        "لا توجد عتامة.\n" * 20,
        Letterhead("ضلعی ہیڈکوارٹر ہسپتال", "گلگت"),
    ),
    "full": a_page(FULL, "W" * REVIEW_TEXT_LIMIT, Letterhead("H" * 256, "a|" * 128, LOGO)),
    "lines": a_page(FULL, "x\n" * (REVIEW_TEXT_LIMIT // 2), Letterhead("H" * 256, "", LOGO)),
    "empty": a_page(StudyInfo(), "", Letterhead()),
    "no caution": a_page(StudyInfo(patient_name="Doe^Jane"), "Clear.", Letterhead("H", "a"), ()),
    "cautions": a_page(
        FULL, "x\n" * (REVIEW_TEXT_LIMIT // 2), Letterhead("H" * 256, "a|" * 128, LOGO), MANY
    ),
}


@pytest.mark.parametrize("name", PAGES)
def test_a_report_is_one_page_and_no_word_runs_out_of_it(qapp: QApplication, name: str) -> None:
    document = lay_out(PAGES[name])
    assert document.size().height() <= SIZE.height()
    assert document.idealWidth() <= SIZE.width()


def test_the_roomiest_layout_that_fits_is_taken(qapp: QApplication) -> None:
    usual, full = lay_out(PAGES["usual"]), lay_out(PAGES["full"])
    assert "cut here" not in usual.toPlainText()
    assert usual.size().height() > 0.5 * SIZE.height()
    assert "cut here" in full.toPlainText()


def test_the_pdf_has_one_page_of_a4(qapp: QApplication) -> None:
    content = pdf_bytes(PAGES["arabic"])
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1
    assert re.search(rb"/MediaBox \[0 0 59[45][.\d]* 84[12]", content)


def test_a_page_that_is_too_long_is_cut_off_at_the_end_of_its_sheet(qapp: QApplication) -> None:
    content = pdf_bytes(replace(PAGES["empty"], layouts=("<p>line</p>" * 500,)))
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1


def test_a_drawn_picture_is_on_the_page_in_its_colours(qapp: QApplication) -> None:
    svg = (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 20 10">'
        '<rect width="10" height="10" fill="#ff0000"/></svg>'
    )
    page = replace(PAGES["empty"], layouts=('<img src="picture-0" width="800">',), pictures=(svg,))
    picture = lay_out(page).resource(QTextDocument.ResourceType.ImageResource, QUrl("picture-0"))
    assert isinstance(picture, QImage)
    assert (picture.width(), picture.height()) == (2000, 1000)
    assert picture.pixelColor(500, 500) == QColor("red")
    assert picture.pixelColor(1500, 500) == QColor("white")
    assert b"/Subtype /Image" in pdf_bytes(page)


def test_the_film_is_painted(qapp: QApplication) -> None:
    image = QImage(900, 1335, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    paint(lay_out(PAGES["usual"]), painter, image.width())
    painter.end()
    greys = {
        image.pixelColor(x, y).red()
        for x in range(0, image.width(), 10)
        for y in range(0, image.height(), 10)
    }
    assert 200 in greys


class Desk:
    """The dialog over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot) -> None:
        self.world, self.runner, session = world, HeldRunner(), Session()
        session.sign_in(world.actor("rad"))
        self.dialog = ReportDialog(Reporter(world.report, self.runner, session), "exam-1")
        self.dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose, False)
        qtbot.addWidget(self.dialog)
        with qtbot.waitExposed(self.dialog):
            self.dialog.show()
        self.dialog.begin()


@pytest.fixture
def desk(qtbot: QtBot, world: World) -> Iterator[Desk]:
    world.exam("rad")
    made = Desk(world, qtbot)
    yield made
    made.runner.close()


def test_nothing_is_saved_or_printed_before_the_page_is_there(desk: Desk) -> None:
    assert not desk.dialog.save.isEnabled()
    assert not desk.dialog.print.isEnabled()
    desk.runner.finish_all()
    assert desk.dialog.page is not None
    assert desk.dialog.save.isEnabled()
    assert desk.dialog.preview.pageCount() == 1


def test_the_page_is_saved_as_pdf_where_the_person_says(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = desk.world.folder / "mine"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    desk.runner.finish_all()
    desk.dialog.save.click()
    desk.runner.finish_all()
    assert (desk.world.folder / "mine.pdf").read_bytes().startswith(b"%PDF")
    assert "mine.pdf" in desk.dialog.notice.text


def test_the_box_asks_for_the_heat_map_and_the_last_wish_counts(desk: Desk) -> None:
    desk.dialog.heat_map.click()
    desk.runner.finish_all()
    page = desk.dialog.page
    assert page is not None
    assert "not the outline of a lesion" in page.layouts[0]
    assert desk.world.actions().count(AuditAction.REPORT_MADE) == 1


def test_a_refusal_stands_in_the_dialog(desk: Desk) -> None:
    desk.world.history.records.clear()
    desk.runner.finish_all()
    assert desk.dialog.notice.text
    assert not desk.dialog.save.isEnabled()


def test_a_closed_dialog_holds_nothing_of_the_patient(desk: Desk) -> None:
    desk.runner.finish_all()
    desk.dialog.reject()
    assert desk.dialog.page is None
