"""Admin, Groups: the permissions table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.roles import ADMINISTRATORS, Group, Permission
from cxr_desktop.ui.screens.admin.groups.dialog import AddGroupDialog
from cxr_desktop.ui.screens.admin.groups.presenter import GroupsPresenter
from cxr_desktop.ui.screens.admin.groups.state import Listed, LoadFailed
from cxr_desktop.ui.screens.admin.groups.view import GroupsView
from cxr_desktop.ui.screens.admin.own_rights import OwnRights
from cxr_desktop.ui.session import Session
from tests.support.examples import an_event
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Tab:
    """The tab over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "admin") -> None:
        self.world = world
        self.runner, self.session = HeldRunner(), Session()
        self.session.sign_in(world.actor(person))
        own = OwnRights(world.access, self.runner, self.session)
        self.presenter = GroupsPresenter(world.accounts, self.runner, self.session, own)
        self.view = GroupsView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.show()
        self.runner.finish_all()

    def stored(self, name: str) -> frozenset[Permission]:
        """Return what a group may do, as stored."""
        return next(g.permissions for g in self.world.users.groups() if g.name == name)


@pytest.fixture
def tab(qtbot: QtBot, world: World) -> Iterator[Tab]:
    made = Tab(world, qtbot)
    yield made
    made.view.close()


def test_every_group_and_permission_has_its_box(tab: Tab) -> None:
    for group in tab.world.users.groups():
        for permission in Permission:
            box = tab.view.table.box(group.name, permission)
            assert box.isChecked() == (permission in group.permissions)
            assert box.accessibleName().startswith(f"{group.name}: ")


def test_a_click_is_shown_at_once_and_stored(tab: Tab) -> None:
    box = tab.view.table.box("Technicians", Permission.SEE_RESULT)
    box.click()
    assert box.isChecked()
    assert Permission.SEE_RESULT not in tab.stored("Technicians")
    tab.runner.finish_all()
    assert Permission.SEE_RESULT in tab.stored("Technicians")
    assert box.isChecked()


def test_the_space_bar_does_the_same(tab: Tab, qtbot: QtBot) -> None:
    box = tab.view.table.box("Doctors", Permission.SEE_OTHERS)
    QTest.keyClick(box, Qt.Key.Key_Space)
    tab.runner.finish_all()
    assert Permission.SEE_OTHERS in tab.stored("Doctors")


def test_quick_clicks_are_stored_one_after_the_other_and_none_is_lost(tab: Tab) -> None:
    tab.view.table.box("Technicians", Permission.SEE_RESULT).click()
    tab.view.table.box("Technicians", Permission.SEE_OTHERS).click()
    tab.view.table.box("Technicians", Permission.RUN).click()
    assert len(tab.runner.held) == 1
    tab.runner.finish_all()
    assert tab.stored("Technicians") == {
        Permission.IMPORT,
        Permission.SEE_RESULT,
        Permission.SEE_OTHERS,
    }


def test_the_last_right_to_manage_users_stays_and_the_box_goes_back(tab: Tab) -> None:
    box = tab.view.table.box(ADMINISTRATORS, Permission.MANAGE_USERS)
    box.click()
    assert not box.isChecked()
    tab.runner.finish_all()
    assert box.isChecked()
    assert "Nobody would be left who can manage users." in tab.view.notice.text
    assert Permission.MANAGE_USERS in tab.stored(ADMINISTRATORS)


def test_what_waits_behind_a_refusal_is_not_done(tab: Tab) -> None:
    tab.view.table.box(ADMINISTRATORS, Permission.MANAGE_USERS).click()
    later = tab.view.table.box("Technicians", Permission.MANAGE_MODELS)
    later.click()
    tab.runner.finish_all()
    assert not later.isChecked()
    assert Permission.MANAGE_MODELS not in tab.stored("Technicians")


def test_a_change_of_ones_own_group_counts_at_once(tab: Tab) -> None:
    tab.view.table.box(ADMINISTRATORS, Permission.MANAGE_MODELS).click()
    tab.runner.finish_all()
    assert not tab.session.require().may(Permission.MANAGE_MODELS)


def test_a_group_is_added_with_the_permissions_of_another(tab: Tab) -> None:
    tab.view.add.click()
    dialog = next(d for d in tab.view.findChildren(AddGroupDialog) if d.isVisible())
    assert not dialog.action.isEnabled()
    dialog.name.setText("Night doctors")
    dialog.start.setCurrentIndex(2)
    dialog.action.click()
    tab.runner.finish_all()
    assert tab.stored("Night doctors") == tab.stored("Doctors")
    assert tab.view.table.box("Night doctors", Permission.RUN).isChecked()


def test_a_group_that_exists_is_not_overwritten(tab: Tab) -> None:
    tab.view.add.click()
    dialog = next(d for d in tab.view.findChildren(AddGroupDialog) if d.isVisible())
    dialog.name.setText("doctors")
    dialog.action.click()
    tab.runner.finish_all()
    assert dialog.isVisible()
    assert "There is a group of this name already." in dialog.notice.text
    assert tab.stored("Doctors")


def test_an_older_answer_does_not_undo_a_click(tab: Tab) -> None:
    tab.presenter.refresh()
    tab.runner.work(0)
    tab.view.table.box("Doctors", Permission.SEE_OTHERS).click()
    tab.runner.finish(1)
    tab.runner.finish(0)
    tab.runner.finish_all()
    assert tab.view.table.box("Doctors", Permission.SEE_OTHERS).isChecked()


def test_members_are_counted(tab: Tab) -> None:
    state = tab.presenter.state
    assert isinstance(state, Listed)
    assert state.members["Doctors"] == 1


def test_who_may_not_manage_users_changes_nothing(qtbot: QtBot, world: World) -> None:
    tab = Tab(world, qtbot, "rad")
    assert isinstance(tab.presenter.state, LoadFailed)
    tab.presenter.set_permission("Radiologists", Permission.MANAGE_USERS, on=True)
    assert tab.runner.held == []


def test_a_right_lost_meanwhile_is_refused_by_the_service(tab: Tab) -> None:
    tab.world.users.save_group(Group("Doctors", frozenset({Permission.MANAGE_USERS})), an_event())
    tab.world.users.save_group(Group(ADMINISTRATORS, frozenset()), an_event())
    box = tab.view.table.box("Technicians", Permission.SEE_RESULT)
    box.click()
    tab.runner.finish_all()
    assert not box.isChecked()
    assert "may not" in tab.view.notice.text
