"""The full check runs while the window is locked, and what it found stays in the status line."""

from __future__ import annotations

from types import SimpleNamespace
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.full_check import FullCheck
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.ui.background_work import BackgroundWork
from cxr_desktop.ui.opening import OpenedData
from cxr_desktop.ui.screens.access.state import Inside, Locked
from cxr_desktop.ui.shell.status_line import StatusLine
from tests.support.engine_fakes import FakeClock
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Checks:
    """A full check that finds what it is told to."""

    def __init__(self) -> None:
        self.films = 0
        self.begun = 0
        self.ended = 0

    def run_if_due(self, job: JobContext) -> FullCheck:
        self.begun += 1
        job.report("Checking the films", 0.5)
        self.ended += 1
        return FullCheck(FakeClock()(), 3, self.films, database_sound=True, log_sound=True)


@pytest.fixture
def checks() -> Checks:
    return Checks()


def background_of(checks: Checks, runner: HeldRunner) -> BackgroundWork:
    background = BackgroundWork(runner)
    program = SimpleNamespace(full_check=checks)
    background.on_opened(cast("OpenedData", SimpleNamespace(program=program)))
    return background


def test_it_begins_once_with_the_lock_and_stops_with_its_end(
    qtbot: QtBot, world: World, checks: Checks
) -> None:
    del qtbot
    runner, actor = HeldRunner(), world.actor("doc")
    background = background_of(checks, runner)
    background.on_access(Inside(actor))
    runner.finish_all()
    assert checks.begun == 0
    background.on_access(Locked(actor))
    background.on_access(Locked(actor, busy=True))
    background.on_access(Inside(actor))
    runner.finish_all()
    assert checks.ended == 0
    background.on_access(Locked(actor))
    runner.finish_all()
    assert checks.ended == 1


def test_the_status_line_tells_only_of_damage(qtbot: QtBot, world: World, checks: Checks) -> None:
    runner, line = HeldRunner(), StatusLine()
    qtbot.addWidget(line)
    background = background_of(checks, runner)
    background.found.connect(line.show_found)
    for films, told in ((0, ""), (2, "Damage was found: see Admin, System"), (0, "")):
        checks.films = films
        background.on_access(Locked(world.actor("doc")))
        runner.finish_all()
        background.on_access(Inside(world.actor("doc")))
        assert line.found.text() == told
        assert line.found.isHidden() == (not told)
