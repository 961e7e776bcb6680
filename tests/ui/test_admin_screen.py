"""Admin: which tabs a person sees; System and its self-test."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QApplication, QLabel, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop import __version__
from cxr_desktop.bootstrap import Program
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.services.keys import ChooseKeys
from cxr_desktop.services.selftest import Check
from cxr_desktop.ui.keymap import KeyMap
from cxr_desktop.ui.main_window import SMALLEST
from cxr_desktop.ui.navigation import Context
from cxr_desktop.ui.screens.admin import make_admin_screen
from cxr_desktop.ui.screens.admin.models.view import ModelsView
from cxr_desktop.ui.screens.admin.system.bundle_card import BundleCard
from cxr_desktop.ui.screens.admin.system.facts import system_facts
from cxr_desktop.ui.screens.admin.system.presenter import SystemPresenter
from cxr_desktop.ui.screens.admin.system.state import Done
from cxr_desktop.ui.screens.admin.system.view import SystemView
from cxr_desktop.ui.screens.admin.view import AdminView
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.rail import WIDTH
from cxr_desktop.ui.slices import at_once
from tests.support.examples import an_event
from tests.support.fakes import MemoryKeys
from tests.support.held_runner import HeldRunner
from tests.support.patience import some_turns
from tests.support.self_tests import a_self_test
from tests.support.world import World


@dataclass
class Nowhere:
    """A `Navigator` that remembers where it was sent."""

    shown: list[str] = field(default_factory=list)

    def show(self, screen_id: str) -> None:
        self.shown.append(screen_id)

    def open_exam(self, exam_id: str) -> None:
        self.shown.append(exam_id)

    def open_films(self, paths: Sequence[Path]) -> None:
        self.shown += [path.name for path in paths]


def a_screen(
    world: World, qtbot: QtBot, person: str, *, ask_model: Callable[[], None] = lambda: None
) -> tuple[AdminView, Session]:
    program = SimpleNamespace(
        access=world.access,
        accounts=world.accounts,
        settings=world.settings,
        models=world.models,
        audit_trail=world.audit_trail,
        backups=world.backups,
        check_now=SimpleNamespace(last=lambda _: None),
        retention=world.retention,
        self_test=a_self_test(),
        support=world.support,
        data=SimpleNamespace(root=world.folder),
        engine=SimpleNamespace(runtime="1.2.3"),
    )
    session = Session()
    session.sign_in(world.actor(person))
    runner = HeldRunner()
    keys = KeyMap(ChooseKeys(MemoryKeys(), world.access), runner, session)
    context = Context(cast("Program", program), runner, session, Nowhere(), keys, ask_model)
    screen = at_once(make_admin_screen(context))
    assert isinstance(screen, AdminView)
    qtbot.addWidget(screen)
    screen.show()
    return screen, session


def titles(screen: AdminView) -> list[str]:
    tabs = screen.tabs
    return [tabs.tabText(n) for n in range(tabs.count()) if tabs.isTabVisible(n)]


def test_another_active_model_is_told_to_the_line_at_the_bottom(world: World, qtbot: QtBot) -> None:
    asked: list[str] = []
    screen, _ = a_screen(world, qtbot, "admin", ask_model=lambda: asked.append("asked"))
    models = screen.findChild(ModelsView)
    assert models is not None
    models._presenter.activated.emit()
    assert asked == ["asked"]


def allow(world: World, *permissions: Permission) -> None:
    world.users.save_group(Group("Doctors", frozenset(permissions)), an_event())


def test_an_administrator_sees_every_tab(world: World, qtbot: QtBot) -> None:
    screen, _ = a_screen(world, qtbot, "admin")
    assert titles(screen) == [
        "Users",
        "Groups",
        "Settings",
        "Models",
        "Audit log",
        "Backups",
        "Retention",
        "System",
    ]


def test_tabs_that_have_no_room_are_reached_by_arrows_that_can_be_seen(
    world: World, qtbot: QtBot
) -> None:
    screen, _ = a_screen(world, qtbot, "admin")
    screen.resize(SMALLEST.width() - WIDTH, SMALLEST.height())
    some_turns(qtbot)
    arrows = [b for b in screen.tabs.tabBar().findChildren(QToolButton) if b.isVisible()]
    assert len(arrows) == 2  # else all tabs have room by now, and this test has done its work
    for arrow in arrows:
        picture = arrow.grab().toImage()
        inside = picture.rect().adjusted(8, 8, -8, -8)  # without the border
        middle = picture.copy(inside)
        greys = [
            middle.pixelColor(x, y).lightness()
            for x in range(middle.width())
            for y in range(middle.height())
        ]
        assert max(greys) - min(greys) > 60


@pytest.mark.parametrize(
    ("permissions", "expected"),
    [
        ([Permission.MANAGE_USERS], ["Users", "Groups", "System"]),
        ([Permission.MANAGE_SETTINGS], ["Settings", "System"]),
        ([Permission.MANAGE_MODELS], ["Models", "System"]),
        ([Permission.VIEW_AUDIT], ["Audit log", "System"]),
        ([Permission.MANAGE_BACKUPS], ["Backups", "System"]),
        ([Permission.DELETE], ["System"]),
        (
            [Permission.DELETE, Permission.MANAGE_SETTINGS],
            ["Settings", "Retention", "System"],
        ),
    ],
)
def test_only_tabs_that_may_be_used_are_shown(
    world: World, qtbot: QtBot, permissions: list[Permission], expected: list[str]
) -> None:
    allow(world, *permissions)
    screen, _ = a_screen(world, qtbot, "doc")
    assert titles(screen) == expected


def test_tabs_come_and_go_with_the_permissions(world: World, qtbot: QtBot) -> None:
    allow(world, Permission.MANAGE_MODELS)
    screen, session = a_screen(world, qtbot, "doc")
    allow(world, Permission.MANAGE_SETTINGS, Permission.MANAGE_USERS)
    session.update(world.actor("doc"))
    assert titles(screen) == ["Users", "Groups", "Settings", "System"]


def full_disk() -> str:
    raise StorageUnavailable("The disk is full.", hint="Free some space.")


def test_the_self_test_shows_every_check_also_after_one_that_failed(qtbot: QtBot) -> None:
    runner = HeldRunner()
    checks = (Check("Disk space", full_disk), Check("Decoder", lambda: "It answers."))
    presenter = SystemPresenter(a_self_test(checks), runner)
    view = SystemView(presenter, [("Python", "3.11")], QWidget())
    qtbot.addWidget(view)
    view.show()
    view.run.click()
    assert not view.run.isEnabled()
    presenter.run()
    assert runner.lanes == ["infer"]
    runner.finish_all()
    state = presenter.state
    assert isinstance(state, Done)
    assert not state.passed
    words = "\n".join(label.text() for label in view.findChildren(QLabel))
    assert "The disk is full. Free some space." in words
    assert "It answers." in words
    assert "Not all checks passed." in words
    assert view.run.isEnabled()


def test_a_support_bundle_is_written_where_the_person_says_and_noted(
    world: World, qtbot: QtBot
) -> None:
    runner, session, target = HeldRunner(), Session(), world.folder / "support.zip"
    session.sign_in(world.actor("tech"))
    card = BundleCard(world.support, runner, session)
    qtbot.addWidget(card)
    card.write(target)
    assert not card.make.isEnabled()
    assert runner.lanes == ["infer"]
    runner.finish_all()
    assert card.make.isEnabled()
    assert target.is_file()
    assert str(target) in card.notice.text
    assert world.actions()[-1] is AuditAction.SUPPORT_BUNDLE_MADE
    card.write(target)
    runner.finish_all()
    assert "already" in card.notice.text


def test_it_is_told_which_versions_run_and_where_things_lie(qapp: QApplication) -> None:
    facts = dict(system_facts(Path("some") / "folder"))
    assert facts["CXR Desktop"] == __version__
    assert facts["Data folder"] == str(Path("some") / "folder")
    assert facts["Qt"].startswith("6.")


def test_the_facts_can_be_copied_for_it(qtbot: QtBot) -> None:
    view = SystemView(SystemPresenter(a_self_test(), HeldRunner()), [("Python", "3.11")], QWidget())
    qtbot.addWidget(view)
    view.copy.click()
    assert QApplication.clipboard().text() == "Python: 3.11"
