"""Screens are made in slices."""

from __future__ import annotations

import time
from itertools import pairwise

from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.slices import SlicedMaker, Slices, at_once
from tests.support.patience import some_turns


def sliced(done: list[str], name: str) -> Slices:
    for part in ("a", "b"):
        done.append(name + part)
        yield
    return QLabel(name)


def test_widgets_are_made_in_their_order_a_slice_at_a_time(qtbot: QtBot) -> None:
    done: list[str] = []
    made: list[str] = []
    maker = SlicedMaker()
    maker.made.connect(lambda name, _: made.append(name))
    maker.start(["x", "y"], lambda name: sliced(done, name))
    assert done == []
    qtbot.waitUntil(lambda: not maker.is_running)
    assert done == ["xa", "xb", "ya", "yb"]
    assert made == ["x", "y"]


def test_one_that_is_asked_for_is_finished_at_once_and_made_once(qtbot: QtBot) -> None:
    done: list[str] = []
    made: list[str] = []
    maker = SlicedMaker()
    maker.made.connect(lambda name, _: made.append(name))
    finished: list[QWidget] = []

    def long_one(name: str) -> Slices:
        done.append(name)
        yield
        if name == "x":
            QTimer.singleShot(0, lambda: finished.append(maker.finish("x")))
        yield
        done.append(f"{name} again")
        yield
        return QLabel(name)

    maker.start(["x", "y"], long_one)
    qtbot.waitUntil(lambda: not maker.is_running)
    (label,) = finished
    assert isinstance(label, QLabel)
    assert label.text() == "x"
    qtbot.addWidget(label)
    assert (done, made) == (["x", "x again", "y", "y again"], ["y"])


def test_nothing_is_made_after_the_stop(qtbot: QtBot) -> None:
    done: list[str] = []
    maker = SlicedMaker()
    maker.start(["x"], lambda name: sliced(done, name))
    maker.stop()
    some_turns(qtbot)
    assert (done, maker.is_running) == ([], False)


def test_a_widget_can_be_made_at_once(qtbot: QtBot) -> None:
    label = at_once(sliced([], "x"))
    qtbot.addWidget(label)
    assert isinstance(label, QLabel)


def test_other_timers_have_their_turn_between_two_pieces(qtbot: QtBot) -> None:
    order: list[str] = []
    ticking = QTimer(interval=5)
    ticking.timeout.connect(lambda: order.append("tick"))

    def slow(name: str) -> Slices:
        for _ in range(5):
            order.append("piece")
            time.sleep(0.01)
            yield
        return QLabel(name)

    maker = SlicedMaker()
    maker.made.connect(lambda _, widget: qtbot.addWidget(widget))
    maker.made.connect(lambda *_: order.append("made"))
    maker.start(["x"], slow)
    ticking.start()
    qtbot.waitUntil(lambda: not maker.is_running)
    ticking.stop()
    pairs = {*pairwise(order)}
    assert order.count("piece") == 5
    assert pairs.isdisjoint({("piece", "piece"), ("piece", "made")})
