from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.roles import Actor, Permission
from cxr_desktop.services.emergency import LASTS, EmergencyAccess
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.main_window import SMALLEST
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.emergency_dialog import EmergencyDialog
from cxr_desktop.ui.shell.emergency_end import EmergencyEnd
from cxr_desktop.ui.shell.status_line import StatusLine
from tests.support.door import open_door
from tests.support.held_runner import HeldRunner
from tests.support.world import World

REASON = "Radiologist off duty, patient of the ward in distress"


@pytest.mark.parametrize(("name", "offered"), [("tech", False), ("doc", True), ("rad", False)])
def test_it_is_offered_to_whom_it_opens_something(
    qtbot: QtBot, world: World, runner: JobRunner, name: str, offered: bool
) -> None:
    door = open_door(world, runner, qtbot)
    door.sign_in(name)
    assert door.shell.emergency.isVisible() is offered


def test_with_a_reason_it_begins_and_the_status_line_says_until_when(
    qtbot: QtBot, world: World, runner: JobRunner
) -> None:
    door = open_door(world, runner, qtbot)
    door.sign_in("doc")
    dialog = door.shell.ask_for_emergency()
    assert not dialog.action.isEnabled()
    dialog.reason.setPlainText(REASON)
    with qtbot.waitSignal(door.session.actor_changed):
        dialog.action.click()
    actor = door.session.require()
    assert actor.may(Permission.SEE_OTHERS)
    until = (world.clock() + LASTS).astimezone()
    assert f"emergency access until {until:%H:%M}" in door.shell.status.person.text()
    assert AuditAction.EMERGENCY_ACCESS in world.actions()


class Desk:
    """The dialog over a held runner."""

    def __init__(
        self, world: World, qtbot: QtBot, emergency: EmergencyAccess | None = None
    ) -> None:
        self.session, self.runner = Session(), HeldRunner()
        self.session.sign_in(world.actor("doc"))
        service = emergency or world.emergency
        self.dialog = EmergencyDialog(service, self.runner, self.session)
        qtbot.addWidget(self.dialog)


def test_a_reason_that_is_too_short_or_too_long_cannot_be_sent(qtbot: QtBot, world: World) -> None:
    dialog = Desk(world, qtbot).dialog
    for text, may in (("urgent", False), (REASON, True), ("  a   b  ", False), ("x" * 301, False)):
        dialog.reason.setPlainText(text)
        assert dialog.action.isEnabled() is may


def test_a_refusal_is_shown_and_the_reason_stays(qtbot: QtBot, world: World) -> None:
    class Full(EmergencyAccess):
        def begin(self, actor: Actor, reason: str) -> Actor:
            raise StorageUnavailable("The disk is full.")

    desk = Desk(world, qtbot, Full(world.users, world.access, world.clock))
    desk.dialog.reason.setPlainText(REASON)
    desk.dialog.action.click()
    desk.runner.finish_all()
    assert desk.dialog.notice.isVisibleTo(desk.dialog)
    assert desk.dialog.reason.toPlainText() == REASON
    assert not desk.session.require().in_emergency


def test_the_end_takes_it_off_the_screen(qtbot: QtBot, world: World) -> None:
    del qtbot
    session, runner = Session(), HeldRunner()
    session.sign_in(world.actor("doc"))
    end = EmergencyEnd(world.access, runner, session, world.clock)
    end.watch(session.require())
    assert end.waits_ms == -1
    actor: Actor = world.emergency.begin(world.actor("doc"), REASON)
    session.update(actor)
    end.watch(actor)
    assert timedelta(milliseconds=end.waits_ms) > LASTS - timedelta(seconds=5)
    world.clock.forward(LASTS.total_seconds())
    end.look()
    runner.finish_all()
    assert not session.require().in_emergency
    end.watch(session.require())
    assert end.waits_ms == -1


def test_a_very_long_name_leaves_the_model_room_in_the_status_line(
    qtbot: QtBot, world: World
) -> None:
    actor = world.actor("doc")
    name = "Professor " + "Wolfeschlegelsteinhausen " * 4
    long = replace(actor, user=replace(actor.user, full_name=name.strip()))
    line = StatusLine()
    qtbot.addWidget(line)
    line.show_person(long)
    assert line.person.text().startswith("Signed in: Professor Wolfeschlegel")
    assert line.person.text().endswith("…")
    assert name.strip() in line.person.toolTip()
    assert line.minimumSizeHint().width() < SMALLEST.width()
