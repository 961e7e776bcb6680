"""Admin, Backups: choosing a folder, Run now, Check, Stop; and the daily one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest
from PySide6.QtWidgets import QMessageBox, QWidget
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.full_check import FullCheck
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.ui.background_work import BackgroundWork
from cxr_desktop.ui.opening import OpenedData
from cxr_desktop.ui.screens.admin.backups.presenter import BackupsPresenter
from cxr_desktop.ui.screens.admin.backups.state import LoadFailed
from cxr_desktop.ui.screens.admin.backups.view import BackupsView
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Tab:
    """The tab over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "admin") -> None:
        self.world, self.runner, self.session = world, HeldRunner(), Session()
        self.session.sign_in(world.actor(person))
        self.presenter = BackupsPresenter(world.backups, self.runner, self.session)
        self.view = BackupsView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.resize(900, 600)
        self.view.show()
        self.runner.finish_all()


@pytest.fixture
def tab(qtbot: QtBot, world: World) -> Iterator[Tab]:
    made = Tab(world, qtbot)
    yield made
    made.view.close()


def test_without_a_folder_the_tab_says_that_nothing_is_backed_up(tab: Tab) -> None:
    assert tab.view.folder.text() == "No folder was chosen yet."
    assert "Nothing is backed up" in tab.view.last.text()
    assert not tab.view.run.isEnabled()
    assert not tab.view.check.isEnabled()


def test_a_folder_is_chosen_and_a_backup_is_made(tab: Tab) -> None:
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    assert tab.view.folder.text() == "stick"
    assert "no backup of this data folder yet" in tab.view.last.text()
    tab.view.run.click()
    assert not tab.view.run.isVisible()
    assert tab.view.cancel.isVisible()
    tab.runner.finish_all()
    assert tab.view.notice.text == "The backup was made and checked: 12 files."
    assert tab.view.table.rowCount() == 1
    assert "Last backup: " in tab.view.last.text()
    assert tab.view.run.isVisible()


def test_the_newest_backup_is_checked(tab: Tab) -> None:
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    tab.view.run.click()
    tab.runner.finish_all()
    tab.view.check.click()
    tab.runner.finish_all()
    assert "is sound: 12 files" in tab.view.notice.text
    tab.world.maker.made.clear()
    tab.presenter.check_newest()
    tab.runner.finish_all()
    assert "damaged" in tab.view.notice.text


def test_a_run_that_is_stopped_says_so(tab: Tab) -> None:
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    tab.view.run.click()
    tab.view.cancel.click()
    tab.runner.finish_all()
    assert tab.view.notice.text == "Stopped."
    assert tab.world.maker.made == []


def test_a_failed_run_keeps_its_sentence(tab: Tab) -> None:
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    tab.world.maker.fails_with = StorageUnavailable("The backup disk is full.", hint="Free some.")
    tab.view.run.click()
    tab.runner.finish_all()
    assert "The backup disk is full." in tab.view.notice.text
    assert tab.view.run.isEnabled()


def test_a_stick_that_is_not_there_is_said_in_place(tab: Tab) -> None:
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    tab.world.maker.gone = True
    tab.presenter.refresh()
    tab.runner.finish_all()
    assert tab.view.last.text() == "No disk."
    assert tab.view.run.isEnabled()


def test_another_folder_takes_away_what_was_said_of_the_one_before(tab: Tab) -> None:
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    tab.presenter.run()
    tab.runner.finish_all()
    assert "was made" in tab.view.notice.text
    tab.presenter.choose(Path("other"))
    tab.runner.finish_all()
    assert tab.view.notice.text == ""


def test_who_may_not_is_refused_by_the_service(qtbot: QtBot, world: World) -> None:
    tab = Tab(world, qtbot, "doc")
    assert isinstance(tab.presenter.state, LoadFailed)
    assert not tab.view.run.isEnabled()


def test_after_a_sign_in_what_is_plain_is_encrypted_and_the_daily_backup_runs(
    qtbot: QtBot, world: World
) -> None:
    del qtbot
    encrypted: list[JobContext] = []
    world.backups.choose_folder(world.actor("admin"), Path("stick"))
    runner = HeldRunner()
    found = FullCheck(world.clock(), 3, 1, database_sound=True, log_sound=True)
    told: list[str] = []
    program = SimpleNamespace(
        backups=world.backups,
        encrypt_rest=encrypted.append,
        remove_cut_off=lambda: 0,
        full_check=SimpleNamespace(last=lambda: found),
    )
    background = BackgroundWork(runner)
    background.found.connect(told.append)
    background.on_opened(cast("OpenedData", SimpleNamespace(program=program)))
    runner.finish_all()
    assert (encrypted, world.maker.made) == ([], [])
    background.on_signed_in(world.actor("doc"))
    runner.finish_all()
    assert len(encrypted) == len(world.maker.made) == 1
    assert told == ["The full check found: 1 of 3 films are damaged or missing."]
    world.clock.forward(-1)
    world.maker.fails_with = StorageUnavailable("Full.")
    background.on_signed_in(world.actor("doc"))
    runner.finish_all()
    assert world.actions()[-1] is AuditAction.BACKUP_FAILED


def test_a_backup_is_restored_after_a_check_and_a_question(
    tab: Tab, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    answers = [QMessageBox.StandardButton.No, QMessageBox.StandardButton.Yes]

    def question(
        _parent: QWidget, _title: str, words: str, *_: object
    ) -> QMessageBox.StandardButton:
        asked.append(words)
        return answers.pop(0)

    monkeypatch.setattr(QMessageBox, "question", question)
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    assert not tab.view.restore.isEnabled()
    tab.view.run.click()
    tab.runner.finish_all()
    tab.view.restore.click()
    tab.runner.finish_all()
    assert "kept beside" in asked[0]
    assert not tab.world.maker.waits()
    tab.view.restore.click()
    tab.runner.finish_all()
    assert "start it again" in tab.view.notice.text
    assert "as soon as the program is started again" in tab.view.last.text()
    assert tab.world.actions()[-1] is AuditAction.RESTORE_PREPARED
    assert not tab.view.restore.isVisible()
    tab.view.keep.click()
    tab.runner.finish_all()
    assert not tab.world.maker.waits()
    assert tab.view.restore.isVisible()
    assert tab.world.actions()[-1] is AuditAction.RESTORE_GIVEN_UP


def test_a_damaged_backup_is_not_asked_about(tab: Tab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(QMessageBox, "question", lambda *_: pytest.fail("asked"))
    tab.presenter.choose(Path("stick"))
    tab.runner.finish_all()
    tab.view.run.click()
    tab.runner.finish_all()
    tab.world.maker.made.clear()
    tab.view.restore.click()
    tab.runner.finish_all()
    assert "damaged" in tab.view.notice.text
    assert not tab.world.maker.waits()
