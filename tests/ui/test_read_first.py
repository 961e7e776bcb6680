"""Reading first: nothing of the answer is on the screen before the reader's own is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.domain.review import Opinion, ReviewKind
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.screens.read.film_list import FilmListModel
from cxr_desktop.ui.screens.read.reading import OwnReading
from cxr_desktop.ui.screens.read.state import Opened, ReadMark, Showing
from cxr_desktop.ui.screens.read.status_look import look_of_entry
from tests.support.read_desk import ShownDesk
from tests.support.reading import FIRST_READER, NOON, READER

A, B, C = Path("/films/a.png"), Path("/films/b.png"), Path("/films/c.png")
REVIEWER = Actor(READER.user, READER.permissions | {Permission.SEE_AT_ONCE, Permission.REVIEW})


class Screen(ShownDesk):
    """With the keys at hand."""

    def __init__(self, qtbot: QtBot, actor: Actor = FIRST_READER) -> None:
        super().__init__(qtbot, actor)
        self.view.viewer.canvas.setFocus()

    @property
    def own(self) -> OwnReading:
        found = self.state.reading
        assert found is not None
        return found

    def run(self, *paths: Path) -> None:
        """Open films and run the first."""
        self.open(*paths)
        self.presenter.run()
        self.until(lambda state: state.reading is not None and not state.reading.is_busy)

    def key(self, key: Qt.Key, modifier: Qt.KeyboardModifier | None = None) -> None:
        target = QGuiApplication.focusObject()
        widget = target if isinstance(target, QWidget) else self.view
        QTest.keyClick(widget, key, modifier or Qt.KeyboardModifier.NoModifier)

    def type_text(self, text: str) -> None:
        """Type into whatever has the focus."""
        target = QGuiApplication.focusObject()
        assert isinstance(target, QWidget)
        QTest.keyClicks(target, text)

    def save(self) -> None:
        """Press Ctrl+Return and wait until it is stored."""
        said = len(self.own.said)
        self.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
        self.until_own(lambda own: len(own.said) > said and not own.comes_first)

    def until_own(self, wanted: Callable[[OwnReading], bool]) -> None:
        self.until(
            lambda state: (
                state.reading is not None and not state.reading.is_busy and wanted(state.reading)
            )
        )

    def words(self) -> str:
        """Return every text on the screen, seen or read aloud, with tool tips and the list."""
        said: list[str] = []
        for widget in self.view.findChildren(QWidget):
            if widget.isVisible():
                said += [widget.accessibleName(), widget.toolTip()]
                if isinstance(widget, QLabel):
                    said.append(widget.text())
        model: FilmListModel = self.view.films.model
        for row in range(model.rowCount()):
            index = model.index(row)
            said.append(str(index.data(Qt.ItemDataRole.AccessibleTextRole)))
        return "\n".join(filter(None, said))  # a scroll bar that is not laid out says nothing


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_before_the_reading_the_screen_says_the_same_whatever_the_answer(screen: Screen) -> None:
    screen.reading.classify.scores.update({"a.png": 0.9, "b.png": 0.1})
    screen.open(A, B)
    screen.presenter.run_all()
    screen.idle()
    one = screen.words()
    screen.presenter.step(1)
    screen.until(lambda state: isinstance(state.stage, Showing) and state.stage.film is not None)
    other = screen.words().replace("2 of 2", "1 of 2")
    assert other.replace("b.png", "a.png") == one.replace("b.png", "a.png")
    assert "0.9" not in one
    assert "P(abnormal)" not in one
    assert not screen.view.viewer.panel.badge.isVisible()
    assert [entry.verdict for entry in screen.state.films.entries] == [None, None]
    assert screen.view.viewer.canvas.heat_map is None
    assert "after your own reading" in one


def test_the_keyboard_alone_reads_a_film_and_says_what_of_the_answer(screen: Screen) -> None:
    screen.run(A)
    screen.key(Qt.Key.Key_F6)
    assert screen.view.reading.choices[Verdict.NORMAL].isChecked()
    screen.key(Qt.Key.Key_T)
    screen.type_text("Nipple shadow")
    screen.save()
    showing = screen.until_stage(Showing)
    assert showing.exam.assessment is not None
    (review,) = screen.reading.reviews.said["e1"]
    assert (review.kind, review.verdict, review.text) == (
        ReviewKind.FIRST,
        Verdict.NORMAL,
        "Nipple shadow",
    )
    assert review.opened == NOON - timedelta(seconds=40)
    assert screen.view.viewer.panel.badge.isVisible()
    assert screen.view.viewer.canvas.hasFocus()
    screen.key(Qt.Key.Key_F7, Qt.KeyboardModifier.ShiftModifier)
    screen.until_own(lambda own: own.opinion is Opinion.FALSE_ALARM)
    assert screen.view.reading.opinions.buttons[Opinion.FALSE_ALARM].isChecked()
    assert "after 40 s. Disagrees with the model." in screen.words()


def test_after_the_answer_only_an_addendum_can_follow(screen: Screen) -> None:
    screen.run(A)
    screen.key(Qt.Key.Key_F8)
    screen.save()
    screen.key(Qt.Key.Key_F6)
    assert screen.own.verdict is None
    assert not screen.view.reading.choices[Verdict.NORMAL].isVisible()
    assert not screen.view.reading.save.isEnabled()
    screen.key(Qt.Key.Key_T)
    screen.type_text("Old scar")
    assert screen.view.reading.save.text().startswith("Save addendum")
    screen.save()
    assert [one.kind for one in screen.own.said] == [ReviewKind.ADDENDUM, ReviewKind.FIRST]
    assert screen.view.reading.text.toPlainText() == ""


def test_nothing_is_saved_without_a_verdict(screen: Screen) -> None:
    screen.run(A)
    assert not screen.view.reading.save.isEnabled()
    screen.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    screen.presenter.beside.readings.type("only words")
    screen.presenter.beside.readings.save()
    assert screen.reading.reviews.said == {}


def test_a_draft_stays_with_its_film(screen: Screen) -> None:
    screen.run(A, B)
    screen.presenter.beside.readings.choose(Verdict.ABNORMAL)
    screen.presenter.beside.readings.type("Effusion")
    screen.presenter.step(1)
    screen.until_stage(Opened)
    assert not screen.view.reading.isVisible()
    screen.presenter.step(-1)
    screen.until_stage(Showing)
    assert (screen.own.verdict, screen.view.reading.text.toPlainText()) == (
        Verdict.ABNORMAL,
        "Effusion",
    )


def test_the_next_film_is_told_from_the_top_of_the_column(qtbot: QtBot) -> None:
    screen = Screen(qtbot, REVIEWER)
    screen.run(A, B)
    screen.presenter.step(1)
    screen.until_stage(Opened)
    screen.presenter.run()
    screen.until_own(lambda own: own.exam_id == "e2")
    scrolled = screen.view.viewer.panel.verticalScrollBar()
    qtbot.waitUntil(lambda: scrolled.maximum() > 0)
    scrolled.setValue(scrolled.maximum())
    screen.presenter.beside.readings.type("nothing new of the film")
    assert scrolled.value() > 0
    screen.presenter.step(-1)
    screen.until_own(lambda own: own.exam_id == "e1")
    assert scrolled.value() == 0
    screen.close()


def test_what_cannot_be_stored_is_said_and_shows_no_answer(screen: Screen) -> None:
    screen.run(A)
    screen.reading.reviews.error = StorageUnavailable("The disk is full.", hint="Free some.")
    screen.presenter.beside.readings.choose(Verdict.NORMAL)
    screen.presenter.beside.readings.save()
    state = screen.until(lambda state: state.notice is not None)
    assert state.notice is not None
    assert state.notice.text == "The disk is full."
    assert screen.own.comes_first
    assert screen.own.verdict is Verdict.NORMAL


def test_an_answer_that_could_not_be_opened_comes_when_the_film_is_shown_again(
    screen: Screen,
) -> None:
    screen.run(A, B)
    screen.reading.exams.open_error = StorageUnavailable("Busy.", hint="Again.")
    screen.presenter.beside.readings.choose(Verdict.NORMAL)
    screen.presenter.beside.readings.save()
    screen.until(lambda state: state.notice is not None)
    assert screen.own.comes_first
    screen.reading.exams.open_error = None
    screen.presenter.step(1)
    screen.presenter.step(-1)
    screen.until_own(lambda own: not own.comes_first)
    assert len(screen.reading.reviews.said["e1"]) == 1


def test_a_reading_is_given_and_saved_while_those_of_before_are_still_fetched(qtbot: QtBot) -> None:
    screen = Screen(qtbot, REVIEWER)
    screen.reading.reviews.fetch_gate.close()
    screen.open(A)
    screen.presenter.run()
    screen.until(lambda state: state.reading is not None and state.reading.is_fetching)
    screen.key(Qt.Key.Key_F8)
    screen.key(Qt.Key.Key_T)
    screen.type_text("Effusion")
    screen.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert screen.reading.reviews.said == {}
    assert screen.own.is_saving
    screen.presenter.open_paths([B])
    screen.until_stage(Opened)
    screen.reading.reviews.fetch_gate.open()
    screen.until(lambda state: state.films.entries[0].mark is ReadMark.READ)
    (said,) = screen.reading.reviews.said["e1"]
    assert (said.verdict, said.text) == (Verdict.ABNORMAL, "Effusion")
    screen.close()


def test_a_verdict_given_before_one_that_stays_was_fetched_is_let_go_of(screen: Screen) -> None:
    screen.run(A)
    screen.key(Qt.Key.Key_F8)
    screen.save()
    exam_id = screen.own.exam_id
    screen.presenter.close_all()
    screen.reading.reviews.fetch_gate.close()
    screen.presenter.open_exam(exam_id)
    screen.until(lambda state: state.reading is not None and state.reading.is_fetching)
    screen.key(Qt.Key.Key_F6)
    screen.key(Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    assert screen.own.verdict is Verdict.NORMAL
    screen.reading.reviews.fetch_gate.open()
    screen.until_own(lambda own: own.verdict is None and not own.may_choose)
    assert len(screen.reading.reviews.said[exam_id]) == 1


def test_who_sees_at_once_may_say_so_beside_the_answer(qtbot: QtBot) -> None:
    screen = Screen(qtbot, REVIEWER)
    screen.run(A)
    assert screen.view.viewer.panel.badge.isVisible()
    assert not screen.own.comes_first
    screen.key(Qt.Key.Key_F8)
    screen.save()
    assert [one.kind for one in screen.own.said] == [ReviewKind.REVIEW]
    screen.key(Qt.Key.Key_F9)
    screen.until_own(lambda own: own.opinion is Opinion.ACCEPTED)
    screen.close()


def test_who_may_not_review_is_not_asked(qtbot: QtBot) -> None:
    screen = Screen(qtbot, READER)
    screen.open(A)
    screen.presenter.run()
    screen.until_stage(Showing)
    assert screen.state.reading is None
    assert not screen.view.reading.isVisible()
    screen.close()


def words_of(screen: Screen) -> list[str]:
    """Return what the list of films says of each."""
    return [look_of_entry(entry).word for entry in screen.state.films.entries]


def test_the_list_says_what_is_waiting_ready_and_read(screen: Screen) -> None:
    screen.reading.classify.errors_run["b.png"] = FilmRefused(RefusalCode.NOT_A_CHEST, "No.")
    screen.run(A, B, C)
    assert words_of(screen) == ["Ready", "Waiting", "Waiting"]
    assert screen.view.films.unread.text() == "3 to read (N)"
    screen.presenter.run_all()
    screen.idle()
    assert words_of(screen) == ["Ready", "Refused", "Ready"]
    screen.presenter.beside.readings.choose(Verdict.NORMAL)
    screen.save()
    assert words_of(screen) == ["Abnormal, read", "Refused", "Ready"]
    assert screen.view.films.unread.text() == "1 to read (N)"


def test_a_key_goes_to_the_next_film_to_read_and_round_the_end(screen: Screen) -> None:
    screen.reading.classify.errors_run["b.png"] = FilmRefused(RefusalCode.NOT_A_CHEST, "No.")
    screen.open(A, B, C)
    screen.presenter.run_all()
    screen.idle()
    screen.key(Qt.Key.Key_N)
    assert screen.state.films.position == 2
    screen.key(Qt.Key.Key_N)
    assert screen.state.films.position == 0
    screen.key(Qt.Key.Key_F6)
    screen.save()
    screen.key(Qt.Key.Key_N)
    screen.until(lambda state: isinstance(state.stage, Showing) and state.stage.film is not None)
    screen.key(Qt.Key.Key_F6)
    screen.save()
    assert screen.state.films.position == 2
    assert not screen.view.read_actions.next_unread.isEnabled()
    assert not screen.view.films.unread.isVisible()


def test_an_answer_in_view_is_ready_until_it_is_read(qtbot: QtBot) -> None:
    screen = Screen(qtbot, REVIEWER)
    screen.run(A)
    assert words_of(screen) == ["Abnormal, ready"]
    screen.key(Qt.Key.Key_F8)
    screen.save()
    assert words_of(screen) == ["Abnormal, read"]
    screen.close()


def test_who_reviews_nothing_has_nothing_to_read(qtbot: QtBot) -> None:
    screen = Screen(qtbot, READER)
    screen.open(A, B)
    assert words_of(screen) == ["Waiting", "Waiting"]
    assert screen.state.films.unread_count == 0
    screen.presenter.run()
    screen.until_stage(Showing)
    assert words_of(screen) == ["Abnormal", "Waiting"]
    screen.close()


def test_the_notice_of_a_failed_save_goes_when_it_is_saved(screen: Screen) -> None:
    screen.run(A)
    screen.key(Qt.Key.Key_F6)
    screen.reading.reviews.error = StorageUnavailable("The disk is full.")
    screen.presenter.beside.readings.save()
    screen.until(lambda state: state.notice is not None)
    screen.reading.reviews.error = None
    screen.save()
    assert screen.state.notice is None
