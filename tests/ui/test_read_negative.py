"""The button that turns a negative: where it is offered, what it does, and the way back."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.negative import DOUBTFUL, is_turned, turn_negative
from cxr_desktop.domain.radiograph import Caution, Radiograph
from cxr_desktop.ui.screens.read.state import Opened, Refused, Showing
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.read_desk import Desk
from tests.support.reading import READER, a_film

A, B = Path("/films/a.png"), Path("/films/b.png")
NEGATIVE = FilmRefused(RefusalCode.INVERTED, "A negative.", hint="Exchange black and white.")


class Screen(Desk):
    """A desk with its view, and a film that looks like a negative."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, READER)
        doubtful = replace(a_film(A), cautions=(Caution(DOUBTFUL, "Swapped?"),))
        self.reading.classify.films["a.png"] = doubtful
        self.view = ReadView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.resize(936, 672)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def press_turn(self) -> None:
        """Click the button, and wait until the film is there again."""
        QTest.mouseClick(self.view.actions_box.turn, Qt.MouseButton.LeftButton)
        self.until_stage(Opened)

    @property
    def film(self) -> Radiograph:
        film = self.view.viewer.canvas.film
        assert film is not None
        return film


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_a_film_that_looks_like_a_negative_can_be_turned_and_run(screen: Screen) -> None:
    screen.open(A)
    before = screen.film
    assert screen.view.actions_box.turn.isVisible()
    screen.press_turn()
    assert np.array_equal(screen.film.pixels, turn_negative(before).pixels)
    screen.presenter.run()
    showing = screen.until_stage(Showing)
    assert is_turned(showing.exam.cautions)
    assert is_turned(screen.film.cautions)
    assert not screen.view.actions_box.turn.isVisible()


def test_it_says_so_on_the_film_even_with_the_text_off(screen: Screen) -> None:
    screen.open(A)
    canvas = screen.view.viewer.canvas
    canvas.set_corners_visible(False)
    top = canvas.rect().adjusted(0, 0, 0, 40 - canvas.height())

    def yellow() -> bool:
        image = canvas.grab(top).toImage()
        spots = (
            image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height())
        )
        return any(c.red() > 180 and c.red() - c.blue() > 80 for c in spots)

    assert not yellow()
    screen.press_turn()
    assert yellow()


def test_turned_once_more_it_is_as_its_file_has_it(screen: Screen) -> None:
    screen.open(A)
    before = screen.film.pixels
    screen.press_turn()
    assert "As its file" in screen.view.actions_box.turn.text()
    screen.press_turn()
    assert np.array_equal(screen.film.pixels, before)
    assert not is_turned(screen.film.cautions)


def test_a_film_that_the_model_refused_as_a_negative_can_be_turned(screen: Screen) -> None:
    screen.reading.classify.errors_run["b.png"] = NEGATIVE
    screen.open(B)
    assert not screen.view.actions_box.turn.isVisible()  # nothing speaks for a negative
    screen.presenter.run()
    screen.until_stage(Refused)
    assert screen.view.actions_box.turn.isVisible()
    screen.press_turn()
    del screen.reading.classify.errors_run["b.png"]
    screen.presenter.run()
    assert is_turned(screen.until_stage(Showing).exam.cautions)


def test_a_negative_that_was_refused_when_all_were_run_is_shown_and_can_be_turned(
    screen: Screen,
) -> None:
    screen.reading.classify.errors_run["b.png"] = NEGATIVE
    screen.open(A, B)
    screen.presenter.run_all()
    screen.idle()
    screen.presenter.step(1)
    refused = screen.until(
        lambda state: isinstance(state.stage, Refused) and state.stage.film is not None
    )
    assert isinstance(refused.stage, Refused)
    assert refused.stage.code == RefusalCode.INVERTED
    assert screen.view.viewer.canvas.film is not None
    screen.press_turn()
    del screen.reading.classify.errors_run["b.png"]
    screen.presenter.run()
    assert is_turned(screen.until_stage(Showing).exam.cautions)


def test_a_refused_film_that_cannot_be_read_keeps_the_words_of_its_run(screen: Screen) -> None:
    screen.reading.classify.errors_run["b.png"] = NEGATIVE
    screen.open(A, B)
    screen.presenter.run_all()
    screen.idle()
    screen.reading.classify.errors_open["b.png"] = FilmRefused(RefusalCode.NOT_A_FILE, "Gone.")
    read = len(screen.reading.classify.opened)
    screen.presenter.step(1)
    screen.qtbot.waitUntil(lambda: len(screen.reading.classify.opened) == read + 1)
    item = screen.presenter.worklist.as_they_came()[1]
    screen.qtbot.waitUntil(lambda: item.reading is None)
    assert screen.until_stage(Refused).notice.text == "A negative."
    screen.presenter.step(-1)
    screen.presenter.step(1)
    assert item.reading is None  # it is not tried again and again


def test_a_film_that_was_refused_for_another_reason_is_not_offered_it(screen: Screen) -> None:
    screen.reading.classify.errors_run["b.png"] = FilmRefused(RefusalCode.NOT_A_CHEST, "A cat.")
    screen.open(B)
    screen.presenter.run()
    screen.until_stage(Refused)
    assert not screen.view.actions_box.turn.isVisible()


def test_what_was_turned_is_run_as_it_is_shown_when_all_are_run(screen: Screen) -> None:
    screen.open(A, B)
    screen.press_turn()
    screen.presenter.run_all()
    screen.until(lambda state: all(entry.verdict for entry in state.films.entries))
    turned = {
        e.film.file_name: is_turned(e.cautions) for e in screen.reading.classify.stored.values()
    }
    assert turned == {"a.png": True, "b.png": False}


def test_pixels_given_back_and_read_again_are_turned_still(screen: Screen) -> None:
    screen.open(A)
    screen.press_turn()
    item = screen.presenter.worklist.as_they_came()[0]
    item.forget_pixels()
    screen.presenter.retry()
    screen.until_stage(Opened)
    assert is_turned(screen.film.cautions)
