"""Admin, Users: accounts are added, changed, disabled; the last administrator stays."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TypeVar

import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.roles import ADMINISTRATORS, Permission, User
from cxr_desktop.services.passwords import PasswordRules
from cxr_desktop.ui.screens.admin.own_rights import OwnRights
from cxr_desktop.ui.screens.admin.users.add_dialog import AddUserDialog
from cxr_desktop.ui.screens.admin.users.dialogs import (
    DisableDialog,
    EditUserDialog,
    SetPasswordDialog,
)
from cxr_desktop.ui.screens.admin.users.permissions_dialog import PermissionsDialog
from cxr_desktop.ui.screens.admin.users.presenter import UsersPresenter
from cxr_desktop.ui.screens.admin.users.state import Listed, LoadFailed
from cxr_desktop.ui.screens.admin.users.suggest import suggest_password
from cxr_desktop.ui.screens.admin.users.view import UsersView
from cxr_desktop.ui.session import Session
from tests.support.examples import an_event
from tests.support.held_runner import HeldRunner
from tests.support.world import World

D = TypeVar("D", bound=QDialog)
NEW = "seven calm green rivers"


class Tab:
    """The tab over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "admin") -> None:
        self.world, self.qtbot = world, qtbot
        self.runner, self.session = HeldRunner(), Session()
        self.session.sign_in(world.actor(person))
        own = OwnRights(world.access, self.runner, self.session)
        self.presenter = UsersPresenter(world.accounts, self.runner, self.session, own)
        self.view = UsersView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.resize(900, 600)
        self.view.show()
        self.runner.finish_all()

    def choose(self, name: str) -> None:
        """Choose an account in the table."""
        self.view._select(name)

    def dialog(self, kind: type[D]) -> D:
        """Return the open dialog."""
        found = [d for d in self.view.findChildren(kind) if d.isVisible()]
        assert len(found) == 1
        return found[0]

    def names(self) -> list[str]:
        """Return the user names as they are shown."""
        model = self.view.table.model()
        return [str(model.index(row, 0).data()) for row in range(model.rowCount())]

    def user(self, name: str) -> User:
        """Return an account as it is stored."""
        user = self.world.users.find(name)
        assert user is not None
        return user


@pytest.fixture
def tab(qtbot: QtBot, world: World) -> Iterator[Tab]:
    made = Tab(world, qtbot)
    yield made
    made.view.close()


def test_all_accounts_are_listed_and_ones_own_is_marked(tab: Tab) -> None:
    assert tab.names() == ["admin (you)", "doc", "rad", "tech"]


def test_the_list_is_narrowed_by_what_is_typed(tab: Tab) -> None:
    tab.view.search.setText("radiol")
    assert tab.names() == ["rad"]


def test_an_account_is_added_and_must_change_its_password(tab: Tab) -> None:
    tab.view.add.click()
    dialog = tab.dialog(AddUserDialog)
    assert not dialog.action.isEnabled()
    dialog.name.setText(" s.khan ")
    dialog.full_name.setText("Dr Sana Khan")
    dialog.group.setCurrentText("Radiologists")
    dialog.password.first.setText(NEW)
    assert not dialog.action.isEnabled()
    dialog.password.again.setText(NEW)
    dialog.action.click()
    assert not dialog.action.isEnabled()
    tab.runner.finish_all()
    assert not dialog.isVisible()
    expected = User("s.khan", "Dr Sana Khan", "Radiologists", must_change_password=True)
    assert tab.user("s.khan") == expected
    assert "s.khan" in tab.names()
    assert tab.view.notice.text == "“s.khan” was added."
    assert tab.world.access.sign_in("s.khan", NEW).user.must_change_password


@pytest.mark.parametrize(
    ("name", "problem"),
    [("DOC", "There is an account of this name already."), ("", ""), ("new.one", "")],
)
def test_a_taken_name_is_said_while_it_is_typed(tab: Tab, name: str, problem: str) -> None:
    tab.view.add.click()
    dialog = tab.dialog(AddUserDialog)
    dialog.name.setText(name)
    assert dialog.problem.text() == problem


def test_a_password_made_of_the_name_cannot_be_used(tab: Tab) -> None:
    tab.view.add.click()
    dialog = tab.dialog(AddUserDialog)
    for field in (dialog.password.first, dialog.password.again):
        field.setText("muhammadkhan1")
    dialog.name.setText("other")
    assert dialog.action.isEnabled()
    dialog.name.setText("muhammadkhan")
    assert not dialog.action.isEnabled()


def test_a_suggested_password_is_shown_and_taken(tab: Tab) -> None:
    tab.view.add.click()
    dialog = tab.dialog(AddUserDialog)
    dialog.name.setText("s.khan")
    dialog.suggest.click()
    assert dialog.action.isEnabled()
    assert dialog.password.first.echoMode() is dialog.password.first.EchoMode.Normal
    PasswordRules().check(dialog.password.password, "s.khan")


def test_enter_after_the_password_adds_the_user_and_suggests_nothing(
    tab: Tab, qtbot: QtBot
) -> None:
    tab.view.add.click()
    dialog = tab.dialog(AddUserDialog)
    dialog.name.setText("s.khan")
    dialog.password.first.setText(NEW)
    dialog.password.again.setText(NEW)
    qtbot.keyClick(dialog.password.again, Qt.Key.Key_Return)
    assert dialog.password.first.text() == NEW
    tab.runner.finish_all()
    assert "s.khan" in tab.names()


def test_suggestions_differ_and_avoid_letters_that_are_mixed_up() -> None:
    made = {suggest_password("doc", PasswordRules()) for _ in range(50)}
    assert len(made) == 50
    assert not set("".join(made)) & set("01iloOIuv")


@pytest.mark.parametrize("minimum", [12, 19, 20, 64])
def test_a_suggestion_is_as_long_as_the_rules_ask(minimum: int) -> None:
    assert len(suggest_password("doc", PasswordRules(minimum=minimum))) >= minimum


def test_a_refusal_stays_in_the_dialog_and_keeps_what_was_typed(tab: Tab) -> None:
    tab.view.add.click()
    dialog = tab.dialog(AddUserDialog)
    dialog.name.setText("s.khan")
    dialog.suggest.click()
    # Somebody else adds the same name meanwhile.
    tab.world.users.add(User("s.khan", "", "Doctors"), "x", an_event())
    dialog.action.click()
    tab.runner.finish_all()
    assert dialog.isVisible()
    assert dialog.notice.text
    assert dialog.name.text() == "s.khan"
    assert dialog.action.isEnabled()


def test_a_dialog_does_not_close_while_it_saves(tab: Tab) -> None:
    tab.choose("doc")
    tab.view.edit.click()
    dialog = tab.dialog(EditUserDialog)
    dialog.action.click()
    QTest.keyClick(dialog, Qt.Key.Key_Escape)
    assert dialog.isVisible()
    tab.runner.finish_all()
    assert not dialog.isVisible()


def test_full_name_and_group_can_be_changed(tab: Tab) -> None:
    tab.choose("doc")
    tab.view.edit.click()
    dialog = tab.dialog(EditUserDialog)
    dialog.full_name.setText("Dr Else")
    dialog.group.setCurrentText("Radiologists")
    dialog.action.click()
    tab.runner.finish_all()
    assert (tab.user("doc").full_name, tab.user("doc").group) == ("Dr Else", "Radiologists")


def test_a_new_password_must_be_changed_by_its_owner(tab: Tab) -> None:
    tab.choose("doc")
    tab.view.password.click()
    dialog = tab.dialog(SetPasswordDialog)
    for field in (dialog.password.first, dialog.password.again):
        field.setText(NEW)
    dialog.action.click()
    tab.runner.finish_all()
    assert tab.user("doc").must_change_password
    assert dialog.password.first.text() == ""
    assert tab.world.access.sign_in("doc", NEW).name == "doc"


def test_an_account_is_disabled_after_a_question_and_enabled_again(tab: Tab) -> None:
    tab.choose("doc")
    tab.view.disable.click()
    assert not tab.user("doc").disabled
    tab.dialog(DisableDialog).action.click()
    tab.runner.finish_all()
    assert tab.user("doc").disabled
    assert tab.view.disable.text() == "&Enable…"
    tab.view.disable.click()
    tab.dialog(DisableDialog).action.click()
    tab.runner.finish_all()
    assert not tab.user("doc").disabled
    assert isinstance(tab.presenter.state, Listed)
    assert tab.presenter.state.notice is not None
    assert "Set a new password" in tab.presenter.state.notice.text
    assert tab.world.users.password_hash("doc") is None  # it opened the encrypted data


def test_the_own_account_cannot_be_disabled_and_the_button_says_who_can(tab: Tab) -> None:
    tab.choose("admin")
    assert not tab.view.disable.isEnabled()
    assert "another administrator" in tab.view.disable.toolTip()
    tab.choose("doc")
    assert tab.view.disable.isEnabled()
    assert tab.view.disable.toolTip() == ""


def test_the_last_administrator_cannot_leave_the_group(tab: Tab) -> None:
    tab.choose("admin")
    tab.view.edit.click()
    dialog = tab.dialog(EditUserDialog)
    dialog.group.setCurrentText("Doctors")
    dialog.action.click()
    tab.runner.finish_all()
    assert "Nobody would be left" in dialog.notice.text
    assert tab.user("admin").group == ADMINISTRATORS


def test_changing_ones_own_group_changes_what_one_may_do_at_once(tab: Tab) -> None:
    tab.world.users.add(User("second", "", ADMINISTRATORS), "x", an_event())
    tab.presenter.change("admin", "Admin", "Doctors", lambda: None, lambda notice: None)
    tab.runner.finish_all()
    actor = tab.session.require()
    assert actor.user.group == "Doctors"
    assert isinstance(tab.presenter.state, LoadFailed)


def test_who_may_not_manage_users_is_refused_by_the_service(qtbot: QtBot, world: World) -> None:
    tab = Tab(world, qtbot, "doc")
    assert isinstance(tab.presenter.state, LoadFailed)
    assert tab.names() == []
    assert "may not" in tab.view.notice.text


def test_a_late_list_of_accounts_is_dropped(tab: Tab) -> None:
    tab.presenter.refresh()
    tab.runner.work(0)
    tab.world.users.add(User("late", "", "Doctors"), "x", an_event())
    tab.presenter.refresh()
    tab.runner.finish(1)
    tab.runner.finish(0)
    assert isinstance(tab.presenter.state, Listed)
    assert "late" in tab.names()


def test_enter_on_an_account_opens_it(tab: Tab) -> None:
    tab.choose("rad")
    tab.view.table.setFocus()
    QApplication.processEvents()
    QTest.keyClick(tab.view.table, Qt.Key.Key_Return)
    assert tab.dialog(EditUserDialog).full_name.text() == "Rad"


def test_an_account_gets_permissions_of_its_own(tab: Tab) -> None:
    tab.choose("doc")
    tab.view.permissions.click()
    dialog = tab.dialog(PermissionsDialog)
    shown = {p: dialog.choice(p).currentText() for p in Permission}
    assert shown[Permission.SEE_RESULT] == "As group: yes"
    assert shown[Permission.VIEW_AUDIT] == "As group: no"
    dialog.choice(Permission.VIEW_AUDIT).setCurrentIndex(1)
    dialog.choice(Permission.SEE_RESULT).setCurrentIndex(2)
    dialog.action.click()
    tab.runner.finish_all()
    assert not dialog.isVisible()
    user = tab.user("doc")
    assert (user.granted, user.denied) == ({Permission.VIEW_AUDIT}, {Permission.SEE_RESULT})
    assert tab.view.table.model().index(1, 2).data() == "Doctors (+2 own)"
    tab.choose("doc")
    tab.view.permissions.click()
    again = tab.dialog(PermissionsDialog)
    assert again.choice(Permission.SEE_RESULT).currentText() == "Always deny"


def test_the_last_administrator_cannot_be_denied_the_users(tab: Tab) -> None:
    tab.choose("admin")
    tab.view.permissions.click()
    dialog = tab.dialog(PermissionsDialog)
    dialog.choice(Permission.MANAGE_USERS).setCurrentIndex(2)
    dialog.action.click()
    tab.runner.finish_all()
    assert "Nobody would be left" in dialog.notice.text
    assert tab.user("admin").denied == frozenset()
