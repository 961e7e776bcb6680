"""Admin, Backups: the full check, made now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import cast

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import StorageUnavailable, UserError
from cxr_desktop.domain.full_check import FullCheck
from cxr_desktop.domain.ports import JobContext
from cxr_desktop.domain.roles import Actor
from cxr_desktop.services.full_check import CheckNow
from cxr_desktop.ui.screens.admin.backups.check_presenter import CheckPresenter
from cxr_desktop.ui.screens.admin.backups.check_strip import CheckStrip
from cxr_desktop.ui.session import Session
from tests.support.held_runner import HeldRunner
from tests.support.reading import READER

SOUND = FullCheck(datetime(2026, 3, 1, 12, tzinfo=UTC), 12, 0, database_sound=True, log_sound=True)
DAMAGED = FullCheck(
    datetime(2026, 3, 2, 12, tzinfo=UTC), 12, 3, database_sound=True, log_sound=False
)


class FakeCheck:
    """Finds `found`, half way through; raises `error` while it is set."""

    def __init__(self) -> None:
        self.found = SOUND
        self.made: list[FullCheck] = []
        self.error: UserError | None = None
        self.during: Callable[[], object] = lambda: None

    def last(self, actor: Actor) -> FullCheck | None:
        return self.made[-1] if self.made else None

    def __call__(self, actor: Actor, job: JobContext) -> FullCheck:
        job.report("Checking the films", 0.5)
        self.during()
        job.report("Checking the films", 0.6)
        if self.error is not None:
            raise self.error
        self.made.append(self.found)
        return self.found


class Place:
    def __init__(self, qtbot: QtBot) -> None:
        self.runner, self.check, session = HeldRunner(), FakeCheck(), Session()
        session.sign_in(READER)
        self.presenter = CheckPresenter(cast("CheckNow", self.check), self.runner, session)
        self.strip = CheckStrip(self.presenter)
        qtbot.addWidget(self.strip)
        self.strip.show()
        self.runner.finish_all()


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Place]:
    made = Place(qtbot)
    yield made
    made.runner.close()


def test_it_says_what_the_last_check_found(place: Place) -> None:
    assert place.strip.last.text() == "There was none yet."
    place.check.made.append(SOUND)
    place.presenter.refresh()
    place.runner.finish_all()
    assert "12 films, database and audit log are as they were stored" in place.strip.last.text()


def test_a_check_shows_how_far_it_is_and_what_it_found(place: Place) -> None:
    seen: list[str] = []
    place.check.during = lambda: seen.append(place.strip.step.text())
    place.check.found = DAMAGED
    place.strip.check.click()
    assert place.strip.stop.isVisible()
    place.runner.finish_all()
    assert seen == ["Checking the films"]
    assert "the audit log was changed, 3 of 12 films are damaged" in place.strip.last.text()
    assert "Restore a backup" in place.strip.last.text()
    assert place.strip.check.isVisible()


def test_it_can_be_stopped(place: Place) -> None:
    place.check.during = place.strip.stop.click
    place.strip.check.click()
    place.runner.finish_all()
    assert "Stopped" in place.strip.notice.text
    assert place.check.made == []
    assert place.strip.check.isVisible()


def test_what_stands_in_the_way_is_a_sentence(place: Place) -> None:
    place.check.error = StorageUnavailable("The disk is gone.", hint="Connect it.")
    place.strip.check.click()
    place.runner.finish_all()
    assert place.strip.notice.text == "The disk is gone.\nConnect it."
