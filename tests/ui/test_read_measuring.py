"""What is measured on a film is stored with its exam and comes back with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.measurement import Measurement, MeasurementKind
from cxr_desktop.ui.screens.read.state import Opened, Showing
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.widgets.tools import Tool
from tests.support.read_desk import Desk
from tests.support.reading import READER

A, B = Path("/films/a.png"), Path("/films/b.png")
LINE = Measurement(MeasurementKind.LENGTH, ((1.0, 2.0), (30.0, 40.0)))
RATIO = Measurement(MeasurementKind.RATIO, ((9.0, 9.0), (19.0, 9.0), (5.0, 5.0), (25.0, 5.0)))


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot, READER)
    yield made
    made.close()


def kept(desk: Desk) -> dict[str, list[tuple[Measurement, ...]]]:
    return desk.reading.measurements.kept


def test_measured_before_the_run_it_is_stored_with_the_exam(desk: Desk, qtbot: QtBot) -> None:
    desk.open(A)
    desk.presenter.measure((LINE,))
    assert desk.state.measurements == (LINE,)
    assert kept(desk) == {}
    desk.presenter.run()
    desk.until_stage(Showing)
    qtbot.waitUntil(lambda: kept(desk) == {"e1": [(LINE,)]})
    assert desk.state.measurements == (LINE,)


def test_each_change_after_the_run_is_stored_in_order(desk: Desk, qtbot: QtBot) -> None:
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    for measured in ((LINE,), (LINE, RATIO), (RATIO,), ()):
        desk.presenter.measure(measured)
    qtbot.waitUntil(lambda: bool(kept(desk)) and kept(desk)["e1"][-1] == ())
    assert desk.state.measurements == ()


def test_an_exam_opened_again_shows_what_was_measured(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    desk.presenter.close_current()
    desk.reading.measurements.kept["e1"] = [(LINE, RATIO)]
    desk.presenter.open_exam("e1")
    desk.until(lambda state: state.measurements == (LINE, RATIO))
    assert len(kept(desk)["e1"]) == 1


def test_a_film_that_was_never_measured_stores_nothing(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    desk.runner.close()
    assert kept(desk) == {}


def test_every_film_of_the_list_keeps_its_own(desk: Desk) -> None:
    desk.open(A, B)
    desk.presenter.measure((LINE,))
    desk.presenter.step(1)
    desk.until(lambda state: isinstance(state.stage, Opened) and state.films.position == 1)
    assert desk.state.measurements == ()
    desk.presenter.step(-1)
    assert desk.state.measurements == (LINE,)


def test_what_cannot_be_stored_is_said_and_stays_on_the_film(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    desk.reading.measurements.error = StorageUnavailable("The disk is full.", hint="Free some.")
    desk.presenter.measure((LINE,))
    notice = desk.until(lambda state: state.notice is not None).notice
    assert notice is not None
    assert "not stored" in notice.text
    assert desk.state.measurements == (LINE,)


def test_signing_out_right_after_a_change_does_not_lose_it(desk: Desk, qtbot: QtBot) -> None:
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    desk.presenter.measure((LINE,))
    desk.presenter.measure((LINE, RATIO))
    desk.session.sign_out()
    qtbot.waitUntil(lambda: bool(kept(desk)) and kept(desk)["e1"][-1] == (LINE, RATIO))
    assert desk.state.measurements == ()


def test_drawn_with_the_mouse_it_reaches_the_store_and_the_screen_again(
    desk: Desk, qtbot: QtBot
) -> None:
    view = ReadView(desk.presenter)
    qtbot.addWidget(view)
    view.resize(936, 672)
    with qtbot.waitExposed(view):
        view.show()
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    canvas = view.viewer.canvas
    canvas.tool = Tool.LENGTH
    for point in ((5, 5), (40, 50)):
        at = canvas.film_to_widget.map(QPointF(*point)).toPoint()
        QTest.mouseClick(canvas, Qt.MouseButton.LeftButton, pos=at)
    qtbot.waitUntil(lambda: bool(kept(desk)))
    (drawn,) = kept(desk)["e1"][-1]
    assert canvas.measures.book.measurements == (drawn,)
    desk.presenter.close_current()
    desk.presenter.open_exam("e1")
    desk.until(lambda state: state.measurements == (drawn,))
    qtbot.waitUntil(lambda: canvas.measures.book.measurements == (drawn,))
    view.close()
