"""The Retention tab: what the rule no longer keeps, and removing it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.one_job import OneJob
from cxr_desktop.ui.screens.admin.retention.dialog import RemoveDialog
from cxr_desktop.ui.screens.admin.retention.view import RetentionView
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World

YEAR = 366 * 24 * 3600.0


class Tab:
    """The tab over a hospital in memory with three old exams."""

    def __init__(self, world: World, qtbot: QtBot) -> None:
        for grey in (20, 120, 230):
            world.exam("doc", grey)
        world.clock.forward(YEAR)
        self.world, self.runner, session = world, HeldRunner(), Session()
        session.sign_in(world.actor("admin"))
        self.view = RetentionView(world.retention, lambda: OneJob(self.runner, session))
        qtbot.addWidget(self.view)
        self.view.resize(900, 600)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.runner.finish_all()

    def words(self) -> str:
        return "\n".join(label.text() for label in self.view.findChildren(QLabel))


@pytest.fixture
def tab(world: World, qtbot: QtBot) -> Iterator[Tab]:
    made = Tab(world, qtbot)
    yield made
    made.view.close()
    made.runner.close()


def test_as_installed_everything_is_kept_and_nothing_can_be_removed(tab: Tab) -> None:
    assert tab.words().count("kept for ever") == 2
    assert not tab.view.remove.isEnabled()
    assert "Nothing is removed by itself" in tab.words()


def test_what_is_due_is_counted_and_removed_after_a_reason(tab: Tab) -> None:
    tab.world.store.values["retention.years"] = 1
    tab.view.refresh()
    tab.runner.finish_all()
    assert "3 exams" in tab.words()
    tab.view.remove.click()
    (dialog,) = tab.view.findChildren(RemoveDialog)
    assert not dialog.action.isEnabled()
    dialog.reason.setPlainText("ten years are over")
    dialog.action.click()
    tab.runner.finish_all()
    assert tab.world.history.records == []
    assert "Removed for good: 3 exams, 3 films." in tab.view.notice.text
    tab.runner.finish_all()
    assert not tab.view.remove.isEnabled()
    assert "0 exams" in tab.words()


def test_a_refusal_is_shown(tab: Tab) -> None:
    tab.world.store.values["retention.years"] = 1
    tab.view.refresh()
    tab.runner.finish_all()
    tab.view.remove.click()
    (dialog,) = tab.view.findChildren(RemoveDialog)
    tab.world.store.values["retention.years"] = 0
    dialog.reason.setPlainText("ten years are over")
    dialog.action.click()
    tab.runner.finish_all()
    assert "keeps every exam" in dialog.notice.text
    dialog.reject()
    assert len(tab.world.history.records) == 3
