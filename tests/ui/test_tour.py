"""The tour of the window: offered once, gone through by mouse or keys, skipped, found again."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.shell.tour import Tour
from cxr_desktop.ui.shell.tour_steps import TourPlaces, steps_for
from tests.support.door import Door, open_door
from tests.support.reading import FIRST_READER, READER, TECHNICIAN
from tests.support.world import World


@pytest.fixture
def door(world: World, runner: JobRunner, qtbot: QtBot) -> Door:
    made = open_door(world, runner, qtbot)
    made.program.tours.is_offered = True
    return made


def tour_of(door: Door) -> Tour:
    door.qtbot.waitUntil(lambda: door.shell.guide.tour is not None)
    tour = door.shell.guide.tour
    assert tour is not None
    door.window.activateWindow()
    door.qtbot.waitUntil(tour.next.hasFocus)
    return tour


def key(key: Qt.Key) -> None:
    target = QGuiApplication.focusObject()
    assert isinstance(target, QWidget)
    QTest.keyClick(target, key)


def words(tour: Tour) -> str:
    return "\n".join(label.text() for label in tour.card.findChildren(QLabel))


def test_the_first_time_it_comes_by_itself_and_enter_goes_through_five_steps(door: Door) -> None:
    door.sign_in("rad")
    tour = tour_of(door)
    seen = []
    for number in range(1, 6):
        assert f"Step {number} of 5" in words(tour)
        seen.append(tour.step.title)
        key(Qt.Key.Key_Return)
    assert len(set(seen)) == 5
    assert door.shell.guide.tour is None
    door.qtbot.waitUntil(lambda: "rad" in door.program.tours.taken)


def test_who_skipped_it_is_not_asked_again_and_finds_it_in_the_menu(door: Door) -> None:
    door.sign_in("rad")
    tour = tour_of(door)
    QTest.mouseClick(tour.skip, Qt.MouseButton.LeftButton)
    assert door.shell.guide.tour is None
    door.qtbot.waitUntil(lambda: "rad" in door.program.tours.taken)
    door.presenter.sign_out()
    door.sign_in("rad")
    door.qtbot.waitUntil(lambda: door.program.tours.asked == ["rad", "rad"])
    later: list[None] = []
    door.shell.runner.start(lambda _: None, done=later.append, failed=print)
    door.qtbot.waitUntil(lambda: bool(later))  # the answer before it has come
    assert door.shell.guide.tour is None
    (again,) = [a for a in door.shell.menu.actions() if "Tour" in a.text()]
    again.trigger()
    assert tour_of(door).step.title == tour.step.title


def test_back_goes_back_and_esc_ends(door: Door) -> None:
    door.sign_in("rad")
    tour = tour_of(door)
    first = tour.step.title
    assert not tour.back.isEnabled()
    key(Qt.Key.Key_Return)
    assert tour.step.title != first
    QTest.mouseClick(tour.back, Qt.MouseButton.LeftButton)
    assert tour.step.title == first
    assert tour.next.hasFocus()
    key(Qt.Key.Key_Escape)
    assert door.shell.guide.tour is None
    screen = door.shell.stack.currentWidget()
    door.qtbot.waitUntil(lambda: QGuiApplication.focusObject() is screen)  # its keys work at once


def test_what_is_dimmed_gets_no_keys_and_tab_stays_on_the_card(door: Door) -> None:
    door.sign_in("rad")
    tour = tour_of(door)
    current = door.shell.current
    QTest.keyClick(tour.next, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert door.shell.current == current
    for _ in range(4):
        key(Qt.Key.Key_Tab)
        focus = QGuiApplication.focusObject()
        assert isinstance(focus, QWidget)
        assert tour.card.isAncestorOf(focus)


def test_a_locked_window_does_not_show_it_and_unlocking_goes_on(door: Door) -> None:
    door.sign_in("rad")
    tour = tour_of(door)
    QTest.keyClick(tour.next, Qt.Key.Key_L, Qt.KeyboardModifier.ControlModifier)
    door.qtbot.waitUntil(lambda: door.is_locked)
    assert not tour.isVisible()


@pytest.mark.parametrize("size", [(1024, 700), (1600, 1000)])
def test_no_card_leaves_the_window_or_covers_the_small_part_it_tells_of(
    door: Door, size: tuple[int, int]
) -> None:
    door.window.resize(*size)
    door.sign_in("rad")
    tour = tour_of(door)
    for _ in range(5):
        card = tour.card.geometry()
        assert tour.rect().contains(card)
        at = tour.step.at
        if at is not door.shell.stack:
            corner = at.mapTo(door.shell, at.rect().topLeft())
            assert not card.intersects(at.rect().translated(corner))
        key(Qt.Key.Key_Return)


@pytest.mark.parametrize(
    "actor,count,said,not_said",
    [
        (FIRST_READER, 5, "Your own reading comes first", "does not show it"),
        (TECHNICIAN, 5, "Your account does not show it", "Your own reading"),
        (Actor(READER.user, frozenset({Permission.SEE_RESULT})), 2, "History", "Drop films"),
    ],
)
def test_it_tells_what_the_person_may_do(
    qtbot: QtBot, actor: Actor, count: int, said: str, not_said: str
) -> None:
    somewhere = QWidget()
    qtbot.addWidget(somewhere)
    places = TourPlaces(somewhere, somewhere, somewhere, somewhere)
    steps = steps_for(actor, places, lambda name: f"[{name}]")
    text = " ".join(step.text for step in steps)
    assert len(steps) == count
    assert said in text
    assert not_said not in text
