"""The watched folder in the window: one look after the other, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable, RefusalCode
from cxr_desktop.domain.outcome import FilmOutcome
from cxr_desktop.domain.roles import Actor
from cxr_desktop.domain.watching import WatchLook
from cxr_desktop.ui.session import Session
from cxr_desktop.ui.shell.watch_status import WatchStatus
from cxr_desktop.ui.watching import KEPT, Watching
from tests.support.fake_watch import FakeWatch
from tests.support.held_runner import HeldRunner
from tests.support.reading import READER

STORED = FilmOutcome("/share/a.dcm", "classified", exam_id="e1")
REFUSED = FilmOutcome.of_error("/share/b.dcm", FilmRefused(RefusalCode.DAMAGED, "Cut.", hint="?"))
FOLDER = "/share"


class Place:
    def __init__(self, qtbot: QtBot) -> None:
        self.watch, self.runner, self.session = FakeWatch(), HeldRunner(), Session()
        self.session.sign_in(READER)
        self.saved: list[tuple[Sequence[FilmOutcome], Path]] = []
        self.watching = Watching(self.watch, self.runner, self.session)
        self.status = WatchStatus(self.watching, self._save, self.runner, self.session)
        qtbot.addWidget(self.status)

    def _save(self, actor: Actor, outcomes: Sequence[FilmOutcome], path: Path) -> None:
        self.saved.append((outcomes, path))

    def look(self) -> None:
        self.watching.look()
        self.runner.finish_all()


@pytest.fixture
def place(qtbot: QtBot) -> Iterator[Place]:
    made = Place(qtbot)
    yield made
    made.watching.stop()
    made.runner.close()


def test_without_a_folder_nothing_is_shown(place: Place) -> None:
    place.look()
    assert place.status.isHidden()


def test_it_counts_what_was_read_and_refused(place: Place) -> None:
    place.watch.result = WatchLook(FOLDER, waiting=2)
    place.watch.films = [STORED, REFUSED]
    place.look()
    assert not place.status.isHidden()
    assert place.status.text() == "Watched folder: 1 read, 1 refused, 2 waiting"
    place.look()
    assert place.status.text() == "Watched folder: 1 read, 1 refused, 2 waiting"


def test_a_folder_that_is_gone_is_said_until_it_is_back(place: Place) -> None:
    place.watch.result = WatchLook(FOLDER, problem="The folder is not there.")
    place.look()
    assert place.status.text() == "Watched folder: not read, press to see why"
    assert "is not there" in place.status.toolTip()
    place.watch.result = WatchLook(FOLDER)
    place.look()
    assert place.status.text() == "Watched folder: 0 read"


def test_what_stands_in_the_way_is_said_and_tried_again(place: Place) -> None:
    place.watch.error = ModelUnavailable("There is no model.", hint="Ask.")
    place.look()
    assert "There is no model. Ask." in place.status.toolTip()
    place.watch.error, place.watch.result = None, WatchLook(FOLDER)
    place.look()
    assert place.status.text() == "Watched folder: 0 read"


def test_there_is_one_look_at_a_time_in_a_lane_of_its_own(place: Place) -> None:
    place.watching.look()
    place.watching.look()
    assert place.runner.lanes == ["watch"]
    place.runner.finish_all()
    assert place.watch.looks == 1


def test_nobody_signed_in_means_no_look(place: Place) -> None:
    place.session.sign_out()
    place.look()
    assert place.watch.looks == 0


def test_it_looks_by_itself_again_and_again(qtbot: QtBot, place: Place) -> None:
    place.watch.result = WatchLook(FOLDER, more=True)
    place.look()
    qtbot.waitUntil(lambda: bool(place.runner.held))


def test_the_list_names_the_films_and_why_and_can_be_saved(place: Place) -> None:
    place.watch.result = WatchLook(FOLDER)
    place.watch.films = [STORED, REFUSED]
    place.look()
    place.status.click()
    dialog = place.status.dialog
    assert dialog is not None
    assert dialog.table.model().rowCount() == 2
    dialog.save_asked.emit(Path("/share/list.csv"))
    place.runner.finish_all()
    assert place.saved == [((STORED, REFUSED), Path("/share/list.csv"))]
    assert "was written" in dialog.notice.text
    dialog.reject()
    assert place.status.dialog is None


def test_the_list_keeps_the_last_films_only(place: Place) -> None:
    place.watch.result = WatchLook(FOLDER)
    place.watch.films = [STORED] * (KEPT + 10)
    place.look()
    assert len(place.watching.outcomes) == KEPT
    assert place.watching.state.done == KEPT + 10
