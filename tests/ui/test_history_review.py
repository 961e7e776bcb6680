"""A reader's own answer beside the model's, as a person gives it in the History."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditEvent
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.review import Agreement, ReviewKind
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.ui.printing.report_dialog import ReportDialog
from cxr_desktop.ui.screens.history.figures import FiguresDialog
from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.sign_dialog import SignDialog
from cxr_desktop.ui.screens.history.state import Listed
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.screens.history.view import HistoryView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.widgets.unsaved import unsaved_on
from tests.support.examples import an_event
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Screen:
    """The screen over a hospital in memory, with one exam open."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "rad") -> None:
        self.world, self.runner, self.session = world, HeldRunner(), Session()
        self.session.sign_in(world.actor(person))
        rows = HistoryTableModel()
        self.presenter = HistoryPresenter(
            world.browse,
            self.runner,
            self.session,
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
        self.view = HistoryView(self.presenter)
        self.strip = self.view.exam.review
        qtbot.addWidget(self.view)
        self.view.resize(1000, 700)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.runner.finish_all()

    def open(self, exam_id: str) -> None:
        """Open an exam and let everything arrive."""
        self.presenter.open_exam(exam_id)
        self.runner.finish_all()

    def choose(self, verdict: Verdict) -> None:
        """Click one of the three answers."""
        QTest.mouseClick(self.strip.choices[verdict], Qt.MouseButton.LeftButton)


@pytest.fixture
def screen(qtbot: QtBot, world: World) -> Iterator[Screen]:
    for number, grey in enumerate((230, 20, 120)):
        world.clock.forward(60)
        world.exam("doc", grey, f"film{number}.png")
    made = Screen(world, qtbot)
    yield made
    made.view.close()
    made.runner.close()


def test_an_exam_without_a_review_says_so(screen: Screen) -> None:
    assert not screen.strip.isVisible()
    screen.open("exam-1")
    assert screen.strip.isVisible()
    assert "No reader has reviewed" in screen.strip.said.text()
    assert not screen.strip.save.isEnabled()


def test_one_click_and_save_keep_the_readers_answer(screen: Screen) -> None:
    screen.open("exam-1")
    screen.choose(Verdict.NORMAL)
    screen.strip.text.setPlainText("Nipple shadow, <b>no</b> opacity")
    QTest.mouseClick(screen.strip.save, Qt.MouseButton.LeftButton)
    screen.runner.finish_all()
    (review,) = screen.world.history.reviews
    assert (review.exam_id, review.user, review.verdict) == ("exam-1", "rad", Verdict.NORMAL)
    assert review.agreement is Agreement.DISAGREE
    assert "Disagrees with the model." in screen.strip.said.text()
    assert "<b>no</b>" in screen.strip.said.text()
    assert screen.strip.chosen() is None
    assert screen.strip.text.toPlainText() == ""
    row = screen.rows.exam_at(2)
    assert row is not None
    assert (row.exam_id, row.agreement) == ("exam-1", Agreement.DISAGREE)


def test_a_later_review_stands_above_the_earlier_ones(screen: Screen) -> None:
    screen.world.reviews.add(screen.world.actor("doc"), "exam-1", Verdict.NORMAL, "first")
    screen.open("exam-1")
    screen.choose(Verdict.ABNORMAL)
    screen.strip.save.click()
    screen.runner.finish_all()
    text = screen.strip.said.text()
    assert text.index("Abnormal") < text.index("Earlier:") < text.index("first")


def test_a_report_is_signed_after_one_question_and_takes_addenda_then(screen: Screen) -> None:
    screen.world.reviews.add(screen.world.actor("doc"), "exam-1", Verdict.NORMAL, "Clear.")
    screen.open("exam-1")
    assert screen.strip.sign.isVisible()
    screen.choose(Verdict.ABNORMAL)
    assert not screen.strip.sign.isEnabled()  # what was begun would not be signed
    screen.choose(Verdict.ABNORMAL)
    screen.strip.sign.click()
    (dialog,) = screen.view.findChildren(SignDialog)
    assert screen.world.history.signatures == {}
    dialog.action.click()
    screen.runner.finish_all()
    assert screen.world.history.signatures["exam-1"].user == "rad"
    assert "Signed by" in screen.strip.said.text()
    assert not screen.strip.sign.isVisible()
    assert not any(button.isVisible() for button in screen.strip.choices.values())
    screen.strip.text.setPlainText("Seen beside the older film.")
    assert screen.strip.save.text() == "Save addendum"
    screen.strip.save.click()
    screen.runner.finish_all()
    assert screen.world.history.reviews[-1].kind is ReviewKind.ADDENDUM
    assert "Seen beside the older film." in screen.strip.said.text()


def test_normal_brings_the_hospitals_text_to_be_read_and_saved(screen: Screen) -> None:
    values = {"report.phrases": "No effusion.", "report.normal_text": "Lungs clear."}
    screen.strip.phrases.setting = values.__getitem__
    screen.open("exam-1")
    assert screen.strip.phrases.isVisible()
    screen.choose(Verdict.NORMAL)
    assert screen.strip.text.toPlainText() == "Lungs clear."
    screen.choose(Verdict.ABNORMAL)
    assert screen.strip.text.toPlainText() == ""
    screen.choose(Verdict.NORMAL)
    screen.strip.save.click()
    screen.runner.finish_all()
    assert screen.world.history.reviews[-1].text == "Lungs clear."


def test_what_somebody_wrote_meanwhile_is_shown_before_it_is_signed(screen: Screen) -> None:
    screen.world.reviews.add(screen.world.actor("doc"), "exam-1", Verdict.NORMAL, "Clear.")
    screen.open("exam-1")
    screen.strip.sign.click()
    (dialog,) = screen.view.findChildren(SignDialog)
    screen.world.reviews.add(screen.world.actor("doc"), "exam-1", Verdict.ABNORMAL, "Effusion!")
    dialog.action.click()
    screen.runner.finish_all()
    assert "meanwhile" in dialog.notice.text
    dialog.reject()
    screen.runner.finish_all()
    assert screen.world.history.signatures == {}
    assert "Effusion!" in screen.strip.said.text()


def test_who_may_not_sign_is_not_asked_to(qtbot: QtBot, world: World) -> None:
    world.exam("doc")
    world.reviews.add(world.actor("doc"), "exam-1", Verdict.NORMAL, "Clear.")
    doc = Screen(world, qtbot, "doc")
    doc.open("exam-1")
    assert not doc.strip.sign.isVisible()
    world.signing.sign(world.actor("admin"), "exam-1", 1)
    doc.presenter.close_exam()
    doc.open("exam-1")
    assert "Signed by" in doc.strip.said.text()
    assert not doc.strip.save.isVisible()
    doc.view.close()
    doc.runner.close()


def test_of_three_answers_only_one_is_chosen(screen: Screen) -> None:
    screen.open("exam-1")
    screen.choose(Verdict.NORMAL)
    screen.choose(Verdict.ABNORMAL)
    assert screen.strip.chosen() is Verdict.ABNORMAL
    assert screen.strip.save.isEnabled()
    screen.choose(Verdict.ABNORMAL)
    assert screen.strip.chosen() is None
    assert not screen.strip.save.isEnabled()


def test_what_was_not_saved_waits_with_its_exam(screen: Screen) -> None:
    screen.open("exam-1")
    screen.choose(Verdict.ABNORMAL)
    screen.strip.text.setPlainText("Effusion")
    screen.open("exam-2")
    assert (screen.strip.chosen(), screen.strip.text.toPlainText()) == (None, "")
    screen.open("exam-1")
    assert screen.strip.chosen() is Verdict.ABNORMAL
    assert screen.strip.text.toPlainText() == "Effusion"


def test_the_window_is_told_which_films_have_a_review_that_is_not_saved(screen: Screen) -> None:
    files = [screen.world.history.get(exam_id).film.file_name for exam_id in ("exam-1", "exam-2")]
    screen.open("exam-1")
    assert unsaved_on([screen.view]) == []
    screen.choose(Verdict.ABNORMAL)
    assert unsaved_on([screen.view]) == files[:1]
    screen.open("exam-2")
    screen.strip.text.setPlainText("Effusion")
    assert unsaved_on([screen.view]) == files
    screen.choose(Verdict.NORMAL)
    screen.strip.save.click()
    assert unsaved_on([screen.view]) == files[:1]  # the other one is being saved
    screen.runner.finish_all()
    assert unsaved_on([screen.view]) == files[:1]
    screen.open("exam-1")
    screen.choose(Verdict.ABNORMAL)  # a second click lets go of it
    assert unsaved_on([screen.view]) == []


def test_a_failed_save_keeps_what_was_typed_and_says_why(screen: Screen) -> None:
    def full(event: AuditEvent) -> None:
        raise StorageUnavailable("The disk is full.", hint="Free some space.")

    screen.open("exam-1")
    screen.world.history.audit.append = full  # type: ignore[method-assign] # a full disk
    screen.world.history.reviews.clear()
    screen.choose(Verdict.ABNORMAL)
    screen.strip.text.setPlainText("Effusion")
    screen.strip.save.click()
    screen.runner.finish_all()
    assert "The disk is full." in screen.strip.notice.text
    assert screen.strip.text.toPlainText() == "Effusion"
    assert screen.strip.save.isEnabled()


def test_who_may_not_review_reads_reviews_only(qtbot: QtBot, world: World) -> None:
    world.exam("doc")
    world.reviews.add(world.actor("rad"), "exam-1", Verdict.ABNORMAL, "Effusion")
    world.users.save_group(
        Group("Doctors", frozenset({Permission.RUN, Permission.SEE_RESULT})), an_event()
    )
    screen = Screen(world, qtbot, "doc")
    screen.open("exam-1")
    assert "Effusion" in screen.strip.said.text()
    assert not screen.strip.save.isVisible()
    screen.runner.close()


def test_who_may_not_see_answers_sees_no_review(qtbot: QtBot, world: World) -> None:
    world.exam("tech")
    screen = Screen(world, qtbot, "tech")
    screen.open("exam-1")
    assert not screen.strip.isVisible()
    assert not screen.view.exam.report.isVisible()
    assert not screen.view.filters.review.isVisible()
    assert "review" not in [column.id for column in screen.rows.columns]
    screen.runner.close()


def test_the_list_is_narrowed_by_what_readers_said(screen: Screen) -> None:
    screen.world.reviews.add(screen.world.actor("rad"), "exam-1", Verdict.NORMAL)
    box = screen.view.filters.review
    assert [box.itemText(n) for n in range(box.count())] == [
        "Any review",
        "Not reviewed",
        "Agrees",
        "One unsure",
        "Disagrees",
        "Read, not signed",
        "Signed",
    ]
    for choice, total in ((4, 1), (1, 2), (0, 3)):
        box.setCurrentIndex(choice)
        screen.runner.finish_all()
        assert screen.presenter.state.listing == Listed(total)
    box.setCurrentIndex(1)
    screen.presenter.clear_filters()
    assert box.currentIndex() == 0


def test_reviews_of_an_exam_that_was_left_are_dropped(screen: Screen) -> None:
    screen.world.reviews.add(screen.world.actor("rad"), "exam-1", Verdict.NORMAL, "mine")
    screen.presenter.open_exam("exam-1")
    screen.runner.finish()
    screen.open("exam-2")
    assert "mine" not in screen.strip.said.text()


def test_after_signing_out_nothing_that_was_typed_is_left(screen: Screen) -> None:
    screen.open("exam-1")
    screen.choose(Verdict.ABNORMAL)
    screen.strip.text.setPlainText("Effusion")
    screen.session.sign_out()
    assert screen.strip.text.toPlainText() == ""
    assert screen.strip._drafts == {}
    assert screen.strip.said.text() == ""


def test_ctrl_p_shows_the_report_of_the_open_exam(screen: Screen) -> None:
    screen.view.show_report()
    assert screen.view.findChildren(ReportDialog) == []
    screen.open("exam-1")
    assert screen.view.exam.report.isVisible()
    QTest.keyClick(screen.view.exam, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    (dialog,) = screen.view.findChildren(ReportDialog)
    screen.runner.finish_all()
    assert dialog.page is not None
    assert dialog.page.exam_id == "exam-1"
    dialog.reject()


def test_the_figures_of_the_filtered_list_are_counted(screen: Screen) -> None:
    screen.world.reviews.add(screen.world.actor("rad"), "exam-1", Verdict.ABNORMAL)
    screen.world.clock.forward(60)
    screen.presenter.set_verdict(Verdict.ABNORMAL)
    screen.runner.finish_all()
    screen.view.figures.click()
    (dialog,) = screen.view.findChildren(FiguresDialog)
    screen.runner.finish_all()
    assert "Exams: 1, 1 of them reviewed" in dialog.text()
    dialog.reject()


def test_who_reads_first_sees_the_answer_once_the_reading_is_saved(
    qtbot: QtBot, world: World
) -> None:
    world.let_rad_read_first()
    world.exam("doc", 230)
    world.reviews.add(world.actor("doc"), "exam-1", Verdict.ABNORMAL, "Effusion")
    screen = Screen(world, qtbot)
    screen.open("exam-1")
    panel = screen.view.exam.viewer.panel
    assert not panel.badge.isVisible()
    assert "comes first" in screen.strip.said.text()
    assert "Effusion" not in screen.strip.said.text()
    screen.choose(Verdict.NORMAL)
    screen.strip.save.click()
    screen.runner.finish_all()
    assert panel.badge.isVisible()
    assert "Effusion" in screen.strip.said.text()
    assert not screen.strip.choices[Verdict.NORMAL].isVisible()
    assert not screen.strip.save.isEnabled()
    screen.strip.text.setPlainText("Nipple shadow")
    screen.strip.save.click()
    screen.runner.finish_all()
    assert [one.kind for one in world.history.reviews[1:]] == [
        ReviewKind.FIRST,
        ReviewKind.ADDENDUM,
    ]
    assert screen.strip.text.toPlainText() == ""
    screen.view.close()
    screen.runner.close()
