"""The list by urgency: an option, with a longest wait, and never a way to see an answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import FilmRefused, RefusalCode
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.screens.read.state import Showing
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.read_desk import Desk
from tests.support.reading import FIRST_READER, READER

PATHS = tuple(Path(f"/films/{name}.png") for name in ("normal", "uncertain", "abnormal", "cat"))
REVIEWER = Actor(READER.user, READER.permissions | {Permission.SEE_AT_ONCE, Permission.REVIEW})
CAME = ["normal.png", "uncertain.png", "abnormal.png", "cat.png"]
URGENT = ["abnormal.png", "uncertain.png", "normal.png", "cat.png"]


class UrgentDesk(Desk):
    """Four films that came in the order of `CAME`; the setting is on unless said otherwise."""

    def __init__(self, qtbot: QtBot, actor: Actor = REVIEWER, *, by_urgency: bool = True) -> None:
        super().__init__(qtbot, actor)
        self.reading.settings["reading.by_urgency"] = by_urgency
        self.reading.settings["reading.longest_wait_minutes"] = 60
        classify = self.reading.classify
        classify.scores = {"normal.png": 0.1, "uncertain.png": 0.5, "abnormal.png": 0.9}
        classify.errors_run["cat.png"] = FilmRefused(RefusalCode.NOT_A_CHEST, "Not a chest.")
        self.view = ReadView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.resize(936, 672)
        with qtbot.waitExposed(self.view):
            self.view.show()

    def run_all(self) -> None:
        self.open(*PATHS)
        self.run()

    def run(self) -> None:
        self.presenter.run_all()
        self.idle()

    @property
    def names(self) -> list[str]:
        return [entry.name for entry in self.state.films.entries]

    def show(self, name: str) -> None:
        key = next(e.key for e in self.state.films.entries if e.name == name)
        self.presenter.select(key)
        self.until(lambda state: isinstance(state.stage, Showing) and state.stage.film is not None)
        self.until(lambda state: state.reading is None or not state.reading.is_saving)


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[UrgentDesk]:
    made = UrgentDesk(qtbot)
    yield made
    made.close()


def test_off_as_installed_films_stay_as_they_came(qtbot: QtBot) -> None:
    desk = UrgentDesk(qtbot, by_urgency=False)
    desk.run_all()
    assert desk.names == CAME
    assert desk.view.films.unread.text() == "3 to read (N)"
    desk.close()


def test_abnormal_comes_first_and_what_was_refused_last(desk: UrgentDesk) -> None:
    desk.open(*PATHS)
    assert desk.names == CAME
    desk.run()
    assert desk.names == URGENT
    assert desk.view.films.unread.text() == "3 to read (N), by urgency"
    model = desk.view.films.model
    assert [model.index(row).data() for row in range(4)] == URGENT


def test_a_film_without_an_answer_stands_before_the_normal_ones(desk: UrgentDesk) -> None:
    desk.run_all()
    desk.open(Path("/films/new.png"))
    assert desk.names == ["abnormal.png", "uncertain.png", "new.png", "normal.png", "cat.png"]


def test_after_the_longest_wait_a_film_goes_to_the_top_whatever_its_answer(
    desk: UrgentDesk,
) -> None:
    desk.run_all()
    desk.opened_at += timedelta(minutes=59)
    desk.reading.classify.scores["late.png"] = 0.9
    desk.open(Path("/films/late.png"))
    desk.presenter.run()
    desk.idle()
    assert desk.names == ["abnormal.png", "late.png", "uncertain.png", "normal.png", "cat.png"]
    desk.opened_at += timedelta(minutes=1)
    assert desk.names == ["normal.png", "uncertain.png", "abnormal.png", "late.png", "cat.png"]


def test_a_film_that_waited_too_long_says_so(desk: UrgentDesk) -> None:
    desk.run_all()
    model = desk.view.films.model
    spoken, tip = Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.ToolTipRole
    assert not any(entry.is_overdue for entry in desk.state.films.entries)
    assert model.index(0).data(spoken) == "abnormal.png: Abnormal, ready"
    assert "longest wait" not in model.index(0).data(tip)
    desk.opened_at += timedelta(minutes=61)
    desk.presenter.worklist.late.emit()
    assert [entry.is_overdue for entry in desk.state.films.entries] == [True, True, True, False]
    assert model.index(0).data(spoken) == "normal.png: Normal, overdue"
    assert "longest wait" in model.index(0).data(tip)
    assert "longest wait" not in model.index(3).data(tip)  # refused


def test_the_list_is_looked_at_again_as_time_goes_by(desk: UrgentDesk) -> None:
    desk.run_all()
    desk.opened_at += timedelta(minutes=61)
    with desk.qtbot.waitSignal(
        desk.presenter.state_changed, check_params_cb=lambda state: state.films.entries[0].is_unread
    ):
        desk.presenter.worklist.late.emit()  # what its clock does each minute
    assert desk.view.films.model.index(0).data() == "normal.png"


def test_what_was_read_goes_to_the_end_and_n_goes_to_the_most_urgent(desk: UrgentDesk) -> None:
    desk.run_all()
    desk.show("abnormal.png")
    QTest.keyClick(desk.view.viewer.canvas, Qt.Key.Key_F8)
    QTest.keyClick(desk.view.viewer.canvas, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)
    desk.until(lambda state: state.films.unread_count == 2)
    assert desk.names == ["uncertain.png", "normal.png", "abnormal.png", "cat.png"]
    QTest.keyClick(desk.view.viewer.canvas, Qt.Key.Key_N)
    assert desk.state.films.name == "uncertain.png"


def test_page_down_and_closing_follow_the_order_that_is_shown(desk: UrgentDesk) -> None:
    desk.run_all()
    desk.show("abnormal.png")
    desk.presenter.step(1)
    assert desk.state.films.name == "uncertain.png"
    desk.presenter.close_current()
    assert desk.state.films.name == "normal.png"
    desk.presenter.step(-1)
    assert desk.state.films.name == "abnormal.png"


def test_where_the_reading_comes_first_the_order_says_nothing_of_the_answer(qtbot: QtBot) -> None:
    desk = UrgentDesk(qtbot, FIRST_READER)
    desk.run_all()
    assert desk.names == CAME
    assert [entry.verdict for entry in desk.state.films.entries] == [None] * 4
    desk.close()


def test_who_reviews_nothing_sees_the_order_of_the_answers(qtbot: QtBot) -> None:
    desk = UrgentDesk(qtbot, READER)
    desk.run_all()
    assert desk.names == URGENT
    assert desk.state.films.entries[0].verdict is Verdict.ABNORMAL
    desk.close()
