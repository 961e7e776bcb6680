from __future__ import annotations

import logging
import sys
import threading
from collections.abc import Iterator

import pytest
from PySide6.QtCore import QMessageLogContext, Qt, QtMsgType
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QMessageBox, QToolButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.report import ReportPage
from cxr_desktop.services.access import NAME_LIMIT
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui import crash
from cxr_desktop.ui.errors import Notice
from cxr_desktop.ui.printing.page import pdf_bytes
from cxr_desktop.ui.screens.access.card import name_field
from cxr_desktop.ui.widgets.busy import BusyBar
from cxr_desktop.ui.widgets.new_password import NewPassword
from cxr_desktop.ui.widgets.notice_bar import NoticeBar
from cxr_desktop.ui.widgets.password_field import PasswordField
from cxr_desktop.ui.widgets.wrapped_label import WrappedLabel

GOOD = "six green paper lamps"
LONG = "A sentence that is a good deal longer than the width that it is given here. " * 3


def test_a_notice_is_shown_as_plain_text_and_can_be_closed(qtbot: QtBot) -> None:
    bar = NoticeBar()
    qtbot.addWidget(bar)
    assert bar.isHidden()
    bar.show_notice(Notice("error", "<b>Doe</b>", "Next."))
    assert bar.text == "<b>Doe</b>\nNext."
    assert bar.findChildren(QLabel)[1].textFormat() == Qt.TextFormat.PlainText
    assert bar.accessibleName() == "<b>Doe</b> Next."
    with qtbot.waitSignal(bar.dismissed):
        QTest.mouseClick(bar.findChildren(QToolButton)[0], Qt.MouseButton.LeftButton)
    assert bar.isHidden()
    assert bar.text == ""


def test_text_that_wraps_is_never_cut(qtbot: QtBot) -> None:
    page = QWidget()
    qtbot.addWidget(page)
    label = WrappedLabel()
    column = QVBoxLayout(page)
    column.addWidget(label, 0, Qt.AlignmentFlag.AlignTop)
    page.resize(300, 100)
    page.show()
    label.setText(LONG)
    qtbot.waitUntil(lambda: label.height() >= label.heightForWidth(label.width()) > 40)
    high = label.height()
    page.resize(900, 100)
    qtbot.waitUntil(lambda: label.height() < high)


def test_the_busy_bar_says_what_is_being_done(qtbot: QtBot) -> None:
    bar = BusyBar()
    qtbot.addWidget(bar)
    bar.set_busy("Signing in")
    assert (bar.accessibleName(), bar.minimum(), bar.maximum()) == ("Signing in", 0, 0)
    bar.set_fraction("Reading", 0.25)
    assert bar.value() / bar.maximum() == pytest.approx(0.25)
    bar.set_fraction("Reading", 7)
    assert bar.value() == bar.maximum()
    bar.set_idle()
    assert bar.isHidden()


def test_a_password_is_hidden_until_it_is_asked_for(qtbot: QtBot) -> None:
    field = PasswordField()
    qtbot.addWidget(field)
    field.setText("secret words")
    assert "secret" not in field.displayText()
    eye = field.findChildren(QToolButton)[0]
    assert eye.accessibleName() == "Show the password (F8)"
    eye.click()
    assert field.displayText() == "secret words"
    assert eye.accessibleName() == "Hide the password (F8)"
    field.clear_secret()
    assert field.echoMode() == QLineEdit.EchoMode.Password
    assert field.text() == ""
    field.undo()
    assert field.text() == ""


def test_tab_goes_from_one_password_to_the_next_and_f8_shows_it(qtbot: QtBot) -> None:
    choice = NewPassword(lambda: "amina", PasswordRules())
    qtbot.addWidget(choice)
    with qtbot.waitActive(choice):
        choice.show()
        choice.activateWindow()
    choice.first.setFocus()
    for password in (GOOD, GOOD):
        target = choice.focusWidget()
        assert target is not None
        QTest.keyClicks(target, password)
        QTest.keyClick(target, Qt.Key.Key_Tab)
    assert choice.password == GOOD
    QTest.keyClick(choice.again, Qt.Key.Key_F8)
    assert (choice.first.displayText(), choice.again.displayText()) != (GOOD, GOOD)
    assert choice.again.displayText() == GOOD
    QTest.keyClick(choice.again, Qt.Key.Key_F8)
    assert GOOD not in choice.again.displayText()


@pytest.mark.parametrize(
    "typed,shift,expected", [("A", False, True), ("a", True, True), ("a", False, False)]
)
def test_a_letter_gives_caps_lock_away(
    qtbot: QtBot, typed: str, shift: bool, expected: bool
) -> None:
    field = PasswordField()
    qtbot.addWidget(field)
    heard: list[bool] = []
    field.caps_lock_changed.connect(heard.append)
    held = Qt.KeyboardModifier.ShiftModifier if shift else Qt.KeyboardModifier.NoModifier
    QTest.sendKeyEvent(QTest.KeyAction.Click, field, Qt.Key.Key_A, typed, held)
    assert heard == ([True] if expected else [])


@pytest.mark.parametrize(
    "first,again,taken",
    [
        ("short", "short", False),
        (GOOD, "", False),
        (GOOD, GOOD + "!", False),
        ("passwordpassword", "passwordpassword", False),
        ("amina amina amina", "amina amina amina", False),
        (GOOD, GOOD, True),
    ],
)
def test_a_new_password_is_taken_when_all_rules_are_kept(
    qtbot: QtBot, first: str, again: str, taken: bool
) -> None:
    choice = NewPassword(lambda: "amina", PasswordRules())
    qtbot.addWidget(choice)
    choice.first.setText(first)
    choice.again.setText(again)
    assert choice.password == (first if taken else "")


def test_the_rules_tell_a_screen_reader_how_they_stand(qtbot: QtBot) -> None:
    choice = NewPassword(lambda: "amina", PasswordRules())
    qtbot.addWidget(choice)
    names = [label.accessibleName() for label in choice.findChildren(QLabel)]
    assert "At least 12 characters: not kept yet" in names
    choice.first.setText(GOOD)
    names = [label.accessibleName() for label in choice.findChildren(QLabel)]
    assert "At least 12 characters: kept" in names


def test_a_name_is_as_long_as_the_services_take_it(qtbot: QtBot) -> None:
    field = name_field()
    qtbot.addWidget(field)
    assert field.maxLength() == NAME_LIMIT


@pytest.fixture
def window(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


@pytest.fixture
def hook(window: QWidget) -> Iterator[crash.CrashHook]:
    made = crash.CrashHook(window)
    made.install()
    yield made
    made.remove()


def test_a_crash_is_one_sentence_with_an_id_and_no_exception_text(
    qtbot: QtBot, window: QWidget, hook: crash.CrashHook, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        for text in ("Doe^Jane", "again"):
            error = RuntimeError(text)
            sys.excepthook(RuntimeError, error, None)
    boxes = window.findChildren(QMessageBox)
    assert len(boxes) == 1
    shown = boxes[0].text() + boxes[0].informativeText()
    first_id = caplog.records[0].getMessage().rsplit(" ", 1)[1]
    assert first_id in shown
    assert "Doe" not in shown
    assert len(caplog.records) == 2
    boxes[0].accept()


def test_what_qt_says_goes_to_the_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING):
        crash._on_qt_message(QtMsgType.QtWarningMsg, QMessageLogContext(), "A complaint")
    assert caplog.messages == ["Qt: A complaint"]


def test_a_long_report_that_is_written_in_a_thread_leaves_the_log_as_it_was(
    hook: crash.CrashHook, caplog: pytest.LogCaptureFixture
) -> None:
    paragraph = "<p>" + "word " * 40 + "</p>"
    page = ReportPage("e1", (paragraph * 20,), None, None)
    written: list[bytes] = []
    with caplog.at_level(logging.DEBUG):
        thread = threading.Thread(target=lambda: written.append(pdf_bytes(page)))
        thread.start()
        thread.join()
    assert written[0].startswith(b"%PDF")
    assert caplog.messages == []


def test_the_hook_gives_back_what_was_there(window: QWidget) -> None:
    before = sys.excepthook
    made = crash.CrashHook(window)
    made.install()
    assert sys.excepthook != before
    made.remove()
    assert sys.excepthook is before
