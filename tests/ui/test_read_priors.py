"""Earlier films in the Read screen: the strip, opening one, and never another patient's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.radiograph import Radiograph, StudyInfo
from cxr_desktop.ui.screens.read.state import Opened
from tests.support.read_desk import ShownDesk
from tests.support.reading import READER, a_film, a_prior

A, B = Path("/films/a.png"), Path("/films/b.png")


class Screen(ShownDesk):
    """A shown desk; `khan` has two earlier films, b.png is of somebody without an id."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, READER)
        classify = self.reading.classify
        study = StudyInfo(patient_id="khan", patient_name="Khan^Amina")
        classify.films["a.png"] = a_film(A, study)
        films = [a_film(Path(f"/old/{year}.png"), study) for year in (2025, 2020)]
        self.priors = tuple(
            a_prior(classify, f"old-{year}", film, day=date(year, 5, 1))
            for year, film in zip((2025, 2020), films, strict=True)
        )
        self.reading.priors.found["khan"] = self.priors

    def open_khan(self) -> None:
        """Open a.png and wait for the strip."""
        self.open(A)
        self.until(lambda state: len(state.priors.priors) == len(self.priors))
        self.view.viewer.canvas.setFocus()

    def until_beside(self, exam_id: str) -> Radiograph:
        """Wait for an earlier film."""
        state = self.until(
            lambda state: state.priors.shown is not None and state.priors.chosen == exam_id
        )
        assert state.priors.shown is not None
        return state.priors.shown.film.radiograph


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_earlier_films_of_the_patient_stand_under_the_film(screen: Screen) -> None:
    screen.open_khan()
    assert screen.view.priors.isVisible()
    texts = [button.text() for button in screen.view.priors.buttons.values()]
    assert texts == ["2025-05-01 PA", "2020-05-01 PA"]


def test_a_click_shows_one_beside_and_a_second_takes_it_away(screen: Screen) -> None:
    screen.open_khan()
    button = screen.view.priors.buttons["old-2020"]
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    film = screen.until_beside("old-2020")
    assert screen.view.viewer.compare.other.film is film
    assert button.isChecked()
    assert screen.view.viewer.canvas.film is not film
    assert screen.view.width() == 936  # nothing widens the smallest window
    QTest.mouseClick(button, Qt.MouseButton.LeftButton)
    assert screen.view.viewer.compare.other.film is None
    assert not button.isChecked()


def test_keys_show_the_latest_beside_in_place_and_beside_again(screen: Screen) -> None:
    screen.open_khan()
    compare = screen.view.viewer.compare
    QTest.keyClick(screen.view.viewer.canvas, Qt.Key.Key_Y)
    screen.until_beside("old-2025")
    QTest.keyClick(screen.view.viewer.canvas, Qt.Key.Key_V)
    assert not compare.canvas.isVisible()
    QTest.keyClick(compare.other, Qt.Key.Key_V)
    assert compare.canvas.isVisible()
    assert not compare.other.isVisible()
    QTest.keyClick(compare.canvas, Qt.Key.Key_Y)
    assert compare.canvas.isVisible()
    assert compare.other.isVisible()
    QTest.keyClick(compare.canvas, Qt.Key.Key_Y)
    assert compare.other.film is None


def test_another_film_takes_the_earlier_one_away(screen: Screen) -> None:
    screen.open_khan()
    screen.presenter.beside.priors.choose("old-2025")
    screen.until_beside("old-2025")
    screen.presenter.open_paths([B])
    screen.until(lambda state: state.films.position == 1 and isinstance(state.stage, Opened))
    assert screen.view.viewer.compare.other.film is None
    assert not screen.view.priors.isVisible()
    assert screen.state.priors.priors == ()


def test_running_the_film_leaves_the_earlier_one_beside_it(screen: Screen) -> None:
    screen.open_khan()
    screen.presenter.beside.priors.choose("old-2025")
    film = screen.until_beside("old-2025")
    screen.presenter.run()
    screen.idle()
    screen.qtbot.waitUntil(lambda: len(screen.reading.priors.asked) == 2)
    screen.until(lambda state: state.priors.shown is not None)
    assert screen.view.viewer.compare.other.film is film


def test_earlier_films_that_are_stored_meanwhile_come_by_themselves(screen: Screen) -> None:
    screen.reading.priors.found["khan"] = screen.priors[:1]
    screen.open(A, B)
    screen.until(lambda state: len(state.priors.priors) == 1)
    screen.presenter.run()
    screen.idle()
    screen.presenter.beside.priors.choose("old-2025")
    film = screen.until_beside("old-2025")
    screen.reading.priors.found["khan"] = screen.priors
    screen.presenter.run_all()
    screen.until(lambda state: len(state.priors.priors) == 2)
    assert screen.until_beside("old-2025") is film  # it stays where it is


def test_an_earlier_film_that_comes_too_late_is_not_shown(screen: Screen) -> None:
    screen.open_khan()
    screen.presenter.beside.priors.choose("old-2025")
    screen.presenter.open_paths([B])
    screen.until(lambda state: state.films.position == 1 and isinstance(state.stage, Opened))
    assert screen.state.priors.shown is None
    screen.presenter.step(-1)
    screen.until(lambda state: len(state.priors.priors) == 2)
    assert screen.state.priors.shown is None


def test_a_film_that_is_gone_is_said(screen: Screen) -> None:
    screen.open_khan()
    screen.reading.exams.film_error = StorageUnavailable("The film is gone.", hint="Restore it.")
    screen.presenter.beside.priors.choose("old-2025")
    state = screen.until(lambda state: state.notice is not None)
    assert state.notice is not None
    assert state.notice.text == "The film is gone."
    assert state.priors.chosen == ""


def test_another_name_under_the_same_id_is_said_on_the_film(screen: Screen) -> None:
    first = replace(screen.priors[0], differs=True)
    screen.reading.priors.found["khan"] = (first,)
    screen.priors = (first,)
    screen.open_khan()
    assert "Other name or birth date" in screen.view.priors.buttons["old-2025"].toolTip()


def test_signing_out_leaves_no_film_of_the_patient(screen: Screen) -> None:
    screen.open_khan()
    screen.presenter.beside.priors.choose("old-2025")
    screen.until_beside("old-2025")
    screen.session.sign_out()
    assert screen.view.viewer.compare.other.film is None
    assert screen.state.priors.priors == ()


def test_one_asked_for_before_they_are_found_comes_when_they_are(screen: Screen) -> None:
    gate = screen.reading.priors.gate
    gate.close()
    screen.open(A)
    screen.qtbot.waitUntil(gate.arrived.is_set)
    screen.view.viewer.canvas.setFocus()
    QTest.keyClick(screen.view.viewer.canvas, Qt.Key.Key_Y)
    assert not screen.state.priors.chosen
    gate.open()
    screen.until_beside("old-2025")


def test_one_asked_for_where_there_is_none_does_not_come_with_another_film(screen: Screen) -> None:
    gate = screen.reading.priors.gate
    gate.close()
    screen.open(B)
    screen.qtbot.waitUntil(gate.arrived.is_set)
    QTest.keyClick(screen.view.viewer.canvas, Qt.Key.Key_Y)
    gate.open()
    screen.open_khan()
    assert not screen.state.priors.chosen
