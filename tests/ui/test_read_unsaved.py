"""A reading that was typed and not saved is never lost without a word."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QMessageBox, QToolButton
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.access.state import Inside
from cxr_desktop.ui.widgets.unsaved import unsaved_on
from tests.support.answering import Answering, Button
from tests.support.door import Door, PlainScreen, open_door
from tests.support.read_desk import ShownDesk
from tests.support.reading import FIRST_READER
from tests.support.world import PASSWORD, World

A, B, C = Path("/films/a.png"), Path("/films/b.png"), Path("/films/c.png")


class Screen(ShownDesk):
    """Films with answers, of which some have a reading that is not saved."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, FIRST_READER)
        self.open(A, B, C)
        self.presenter.run_all()
        self.idle()

    def write(self, row: int, text: str) -> None:
        self.show(row)
        self.view.reading.text.setPlainText(text)

    def show(self, row: int) -> None:
        self.presenter.select(self.state.films.entries[row].key)
        self.until(lambda state: state.reading is not None and not state.reading.is_busy)

    def answering(self, button: Button) -> Answering:
        return Answering(self.view, button)

    def names(self) -> list[str]:
        return [entry.name for entry in self.state.films.entries]

    def close_all_button(self) -> QToolButton:
        buttons = self.view.films.findChildren(QToolButton)
        return next(one for one in buttons if one.accessibleName() == "Close all films")


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_a_film_with_a_typed_reading_is_closed_only_when_a_person_says_so(screen: Screen) -> None:
    screen.write(0, "Effusion")
    cancelling = screen.answering(Button.Cancel)
    screen.view.read_actions.close.trigger()
    assert cancelling.asked == [
        "The reading of “a.png” is not saved.\n\nDiscard it, or cancel and save it first."
    ]
    assert screen.names() == ["a.png", "b.png", "c.png"]
    assert screen.view.reading.text.toPlainText() == "Effusion"
    cancelling.stop()
    screen.answering(Button.Discard)
    screen.view.read_actions.close.trigger()
    assert screen.names() == ["b.png", "c.png"]


@pytest.mark.parametrize(
    "closing",
    [
        lambda screen: screen.view.read_actions.close_all.trigger(),
        lambda screen: screen.close_all_button().click(),
    ],
    ids=["key", "button"],
)
def test_all_films_are_closed_after_one_question(
    screen: Screen, closing: Callable[[Screen], None]
) -> None:
    screen.write(0, "Effusion")
    screen.show(1)
    screen.presenter.beside.readings.choose(Verdict.NORMAL)
    cancelling = screen.answering(Button.Cancel)
    closing(screen)
    assert [words.split("\n")[0] for words in cancelling.asked] == ["2 readings are not saved."]
    assert len(screen.names()) == 3
    cancelling.stop()
    screen.answering(Button.Discard)
    closing(screen)
    assert screen.names() == []


def test_nothing_is_asked_where_nothing_is_lost(screen: Screen) -> None:
    screen.write(0, "Effusion")
    screen.write(1, "  ")
    cancelling = screen.answering(Button.Cancel)
    screen.view.read_actions.close.trigger()
    assert screen.names() == ["a.png", "c.png"]
    screen.show(0)
    screen.presenter.beside.readings.choose(Verdict.ABNORMAL)
    screen.presenter.beside.readings.save()
    screen.until(lambda state: state.reading is not None and bool(state.reading.said))
    screen.view.read_actions.close_all.trigger()
    assert screen.names() == []
    assert cancelling.asked == []


def test_markup_in_a_name_is_shown_as_it_is_and_a_long_one_is_shortened(screen: Screen) -> None:
    screen.open(Path(f"/films/<b>x{'y' * 200}.png"))
    screen.presenter.run_all()
    screen.idle()
    screen.write(3, "Effusion")
    cancelling = screen.answering(Button.Cancel)
    screen.view.read_actions.close.trigger()
    assert cancelling.asked[0].startswith(f"The reading of “<b>x{'y' * 56}…” is not saved.")


def test_a_film_that_is_run_again_keeps_what_was_typed(screen: Screen) -> None:
    screen.write(0, "Effusion")
    screen.presenter.close_all()
    screen.open(A)
    screen.presenter.run_all()
    screen.idle()
    screen.write(0, "Effusion")
    screen.presenter.run_again()
    screen.until(lambda state: not state.is_running and state.reading is not None)
    assert screen.view.reading.text.toPlainText() == "Effusion"


class UnsavedScreen(PlainScreen):
    """A screen with a reading that is not saved."""

    films: tuple[str, ...] = ("a.png",)

    def unsaved_readings(self) -> tuple[str, ...]:
        return self.films


@pytest.fixture
def door(world: World, runner: JobRunner, qtbot: QtBot) -> Door:
    made = open_door(world, runner, qtbot)
    made.sign_in("rad")
    bring(made, UnsavedScreen())
    return made


def bring(door: Door, screen: PlainScreen) -> None:
    """Put another screen in the place of Read."""
    door.shell._made["read"] = screen
    door.shell.stack.addWidget(screen)


def test_nobody_is_signed_out_over_a_reading_that_is_not_saved(door: Door) -> None:
    cancelling = Answering(door.window, Button.Cancel)
    door.shell.sign_out_asked.emit()
    assert cancelling.asked[0].startswith("The reading of “a.png” is not saved.")
    assert door.session.actor is not None
    assert isinstance(door.presenter.state, Inside)
    cancelling.stop()
    Answering(door.window, Button.Discard)
    door.shell.sign_out_asked.emit()
    assert door.session.actor is None


def test_the_window_is_not_closed_over_a_reading_that_is_not_saved(door: Door) -> None:
    cancelling = Answering(door.window, Button.Cancel)
    assert not door.window.close()
    assert door.session.actor is not None
    assert door.window.isVisible()
    cancelling.stop()
    Answering(door.window, Button.Discard)
    assert door.window.close()


def test_another_person_at_a_locked_window_is_asked_and_told_no_film(
    door: Door, qtbot: QtBot
) -> None:
    door.presenter.lock()
    cancelling = Answering(door.window, Button.Cancel)
    door.window.door.locked.switch.emit()
    assert [words.split("\n")[0] for words in cancelling.asked] == ["A reading is not saved."]
    assert door.is_locked
    door.presenter.unlock(PASSWORD)
    qtbot.waitUntil(lambda: isinstance(door.presenter.state, Inside))
    assert door.shell.unsaved_readings() == ["a.png"]
    cancelling.stop()
    Answering(door.window, Button.Discard)
    door.presenter.lock()
    door.window.door.locked.switch.emit()
    assert door.session.actor is None


def test_the_lock_takes_the_question_away_and_the_reading_stays(door: Door) -> None:
    def lock() -> None:
        if any(box.isVisible() for box in door.window.findChildren(QMessageBox)):
            door.presenter.lock()

    looks = Answering(door.window, Button.Cancel)
    looks._looks.timeout.disconnect()
    looks._looks.timeout.connect(lock)
    assert not door.window.close()
    looks.stop()
    assert door.is_locked
    assert door.session.actor is not None
    bring(door, PlainScreen())  # the end of the test closes the window


def test_the_window_hears_of_the_readings_of_the_read_screen(screen: Screen) -> None:
    assert unsaved_on([screen.view]) == []
    screen.write(1, "Effusion")
    assert unsaved_on([screen.view]) == ["b.png"]
