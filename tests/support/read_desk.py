"""A Read presenter over fakes, and ways to wait for what it says."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import TypeVar

from pytestqt.qtbot import QtBot

from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.jobs import JobRunner
from cxr_desktop.ui.screens.read.presenter import ReadPresenter
from cxr_desktop.ui.screens.read.state import Failed, Opened, ReadState, Refused
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.session import Session
from tests.support.reading import NOON, FakeReading

TODAY = date(2026, 3, 1)
S = TypeVar("S")


class Desk:
    """A presenter over fakes, and ways to wait for what it says."""

    def __init__(
        self,
        qtbot: QtBot,
        actor: Actor,
        runner: JobRunner | None = None,
        reading: FakeReading | None = None,
    ) -> None:
        self.qtbot = qtbot
        self.reading = reading or FakeReading()
        self.runner = runner or JobRunner()
        self.opened_at = NOON - timedelta(seconds=40)
        self.session = Session()
        self.session.sign_in(actor)
        self.presenter = ReadPresenter(
            self.reading.services, self.runner, self.session,
            today=lambda: TODAY, now=lambda: self.opened_at,
        )  # fmt: skip

    @property
    def state(self) -> ReadState:
        return self.presenter.state

    def until(self, wanted: Callable[[ReadState], bool]) -> ReadState:
        if not wanted(self.state):
            with self.qtbot.waitSignal(self.presenter.state_changed, check_params_cb=wanted):
                pass
        return self.state

    def until_stage(self, kind: type[S]) -> S:
        stage = self.until(lambda state: isinstance(state.stage, kind)).stage
        assert isinstance(stage, kind)
        return stage

    def open(self, *paths: Path) -> None:
        self.presenter.open_paths(paths)
        self.until(lambda state: isinstance(state.stage, Opened | Refused | Failed))

    def idle(self) -> ReadState:
        return self.until(lambda state: not state.is_running)

    def statuses(self) -> list[str]:
        return [entry.status.value for entry in self.state.films.entries]

    def close(self) -> None:
        self.reading.classify.open_gate.open()
        self.reading.classify.run_gate.open()
        self.reading.reviews.fetch_gate.open()
        self.reading.priors.gate.open()
        self.runner.close()


class ShownDesk(Desk):
    """A desk with its view, shown and active, as large as a window of 1024 x 700 leaves it."""

    def __init__(self, qtbot: QtBot, actor: Actor) -> None:
        super().__init__(qtbot, actor)
        self.view = ReadView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.resize(936, 672)
        with qtbot.waitExposed(self.view):
            self.view.show()
        self.view.activateWindow()
