"""The self-test of the start: after the sign-in, in the background; what it says in the window."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import UserError
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.services.selftest import Check
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.palette import Palette
from cxr_desktop.ui.screen_check import screen_check, screen_words
from cxr_desktop.ui.shell import start_check
from tests.support.door import Door, open_door
from tests.support.self_tests import MemoryReports, a_self_test
from tests.support.world import World


class Disk:
    """Is full, or not."""

    def __init__(self) -> None:
        self.full = True
        self.looks = 0

    def __call__(self) -> str:
        self.looks += 1
        if self.full:
            raise UserError("The disk is full.", hint="Free some space.")
        return "9 GB free."


@pytest.fixture
def disk() -> Disk:
    return Disk()


@pytest.fixture
def door(
    world: World,
    runner: JobRunner,
    qtbot: QtBot,
    disk: Disk,
    monkeypatch: pytest.MonkeyPatch,
) -> Door:
    """A window whose self-test has one check, made as soon as somebody is in."""
    monkeypatch.setattr(start_check, "AFTER_MS", 0)
    monkeypatch.setattr(start_check, "LOOK_EVERY_MS", 10)
    made = open_door(world, runner, qtbot)
    made.program.self_test = a_self_test([Check("Disk space", disk, at_start=True)])
    made.window.start_check.watch(made.program.self_test)
    return made


def test_a_pass_is_on_the_status_line_and_in_about(door: Door, disk: Disk, qtbot: QtBot) -> None:
    disk.full = False
    door.sign_in("rad")
    qtbot.waitUntil(lambda: "Self-test passed 20" in door.shell.status.tested.text())
    about = door.shell.show_about()
    words = [label.text() for label in about.findChildren(QLabel)]
    assert door.shell.status.tested.text().removeprefix("Self-test ") in words
    about.reject()


def test_a_failure_says_that_no_film_is_run_and_why(door: Door, qtbot: QtBot) -> None:
    door.sign_in("rad")
    tested = door.shell.status.tested
    qtbot.waitUntil(lambda: tested.text() == "Self-test failed: no film is run")
    assert tested.toolTip() == "Disk space: The disk is full. Free some space."
    assert Palette.DANGER in tested.styleSheet()


def test_what_was_put_right_is_taken_off_the_status_line(
    door: Door, disk: Disk, qtbot: QtBot
) -> None:
    door.sign_in("rad")
    qtbot.waitUntil(lambda: "failed" in door.shell.status.tested.text())
    disk.full = False
    door.program.self_test.require_passed()
    qtbot.waitUntil(lambda: "failed" not in door.shell.status.tested.text())
    assert door.shell.status.tested.styleSheet() == ""


def test_a_failure_that_admin_found_is_shown_too(door: Door, disk: Disk, qtbot: QtBot) -> None:
    disk.full = False
    door.sign_in("rad")
    qtbot.waitUntil(lambda: "passed" in door.shell.status.tested.text())
    disk.full = True
    door.program.self_test(NoProgress())
    qtbot.waitUntil(lambda: "failed" in door.shell.status.tested.text())


def test_it_is_made_once_in_a_run_of_the_program(door: Door, disk: Disk, qtbot: QtBot) -> None:
    disk.full = False
    door.sign_in("rad")
    qtbot.waitUntil(lambda: disk.looks == 1)
    door.presenter.sign_out()
    qtbot.waitUntil(lambda: door.window.shell is None)
    door.sign_in("doc")
    qtbot.waitUntil(lambda: "passed" in door.shell.status.tested.text())
    qtbot.wait(50)
    assert disk.looks == 1


def test_nothing_is_tested_while_the_window_is_made(
    world: World, runner: JobRunner, qtbot: QtBot, disk: Disk
) -> None:
    door = open_door(world, runner, qtbot)
    door.window.start_check.watch(a_self_test([Check("Disk space", disk, at_start=True)]))
    door.sign_in("rad")
    qtbot.waitUntil(lambda: bool(door.shell.current))
    assert disk.looks == 0
    assert door.shell.status.tested.text() == "Self-test not made yet"


def test_the_last_pass_of_another_day_is_shown_at_once(
    world: World, runner: JobRunner, qtbot: QtBot
) -> None:
    reports = MemoryReports()
    a_self_test((), reports)(NoProgress())
    door = open_door(world, runner, qtbot)
    door.window.start_check.watch(a_self_test((), reports))
    door.sign_in("rad")
    assert door.shell.status.tested.text().startswith("Self-test passed")


def test_a_screen_that_shows_films_is_described(qtbot: QtBot) -> None:
    assert screen_words(1920, 1080, 24) == "1920 × 1080 pixels in 24 bits of colour."
    assert "pixels" in screen_check(QGuiApplication.primaryScreen())()


@pytest.mark.parametrize("shown", [(640, 480, 24), (1920, 500, 24), (1920, 1080, 16), (0, 0, 0)])
def test_a_screen_that_cannot_show_films_fails_with_what_to_set(
    shown: tuple[int, int, int],
) -> None:
    with pytest.raises(UserError, match="cannot be looked at") as refused:
        screen_words(*shown)
    assert "800 × 600" in refused.value.hint


def test_without_a_screen_the_check_fails() -> None:
    with pytest.raises(UserError):
        screen_check(None)()
