"""Phrases for a reading's text: offered, filled in, and never in the way of what was typed."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QTextCursor
from PySide6.QtWidgets import QPlainTextEdit
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.settings.schema import SETTINGS
from cxr_desktop.ui.widgets.phrases import NORMAL_TEXT, PHRASES, PhraseButton

NORMAL = "Lungs clear. Heart not enlarged."


class Page:
    """A text with its button; `values` are the settings."""

    def __init__(self, qtbot: QtBot) -> None:
        self.values = {PHRASES: " Lungs clear. | No effusion & no air.||", NORMAL_TEXT: NORMAL}
        self.text = QPlainTextEdit()
        self.button = PhraseButton(self.text)
        self.button.setting = self.values.__getitem__
        for widget in (self.text, self.button):
            qtbot.addWidget(widget)
        self.button.refresh()

    def choose(self, phrase: str) -> None:
        self.button.menu().aboutToShow.emit()
        actions = {action.text(): action for action in self.button.menu().actions()}
        actions[phrase].trigger()

    def written(self) -> str:
        return self.text.toPlainText()


@pytest.fixture
def page(qtbot: QtBot) -> Iterator[Page]:
    made = Page(qtbot)
    yield made
    made.button.close()


def test_a_phrase_goes_where_the_cursor_is(page: Page) -> None:
    page.text.setPlainText("First.")
    page.text.moveCursor(QTextCursor.MoveOperation.End)
    page.choose("No effusion && no air.")
    page.choose("Lungs clear.")
    assert page.written() == "First. No effusion & no air. Lungs clear."


def test_without_phrases_there_is_no_button(page: Page) -> None:
    assert not page.button.isHidden()
    page.values[PHRASES] = " | "
    page.button.refresh()
    assert page.button.isHidden()


def test_a_normal_brings_its_text_and_takes_it_away_untouched(page: Page) -> None:
    page.button.follow(Verdict.NORMAL)
    assert page.written() == NORMAL
    page.button.follow(Verdict.ABNORMAL)
    assert page.written() == ""


def test_what_a_person_typed_is_never_touched(page: Page) -> None:
    page.text.setPlainText("Effusion.")
    page.button.follow(Verdict.NORMAL)
    assert page.written() == "Effusion."
    page.text.clear()
    page.button.follow(Verdict.NORMAL)
    page.text.setPlainText(f"{NORMAL} Old scar.")
    page.button.follow(Verdict.ABNORMAL)
    assert page.written() == f"{NORMAL} Old scar."


def test_nothing_is_filled_in_as_installed(page: Page) -> None:
    (normal,) = (setting for setting in SETTINGS if setting.key == NORMAL_TEXT)
    page.values[NORMAL_TEXT] = str(normal.default)
    page.button.follow(Verdict.NORMAL)
    assert page.written() == ""
