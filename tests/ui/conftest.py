"""Every test of the window has the look of the program and a runner that ends with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.ui import theme
from cxr_desktop.ui.jobs import JobRunner
from tests.support.patience import PatientBot
from tests.support.world import World


@pytest.fixture(scope="session")
def qapp(qapp: QApplication) -> QApplication:
    """Give the one application our style sheet and font."""
    theme.apply(qapp)
    return qapp


@pytest.fixture
def qtbot(qapp: QApplication, request: pytest.FixtureRequest) -> QtBot:
    """Give Qt as much time as a busy machine takes."""
    return PatientBot(request)


@pytest.fixture
def runner(qapp: QApplication) -> Iterator[JobRunner]:
    """Make a runner, and end its threads."""
    made = JobRunner()
    yield made
    made.close()


@pytest.fixture
def world(tmp_path: Path) -> World:
    """Make a hospital in memory."""
    return World(tmp_path)
