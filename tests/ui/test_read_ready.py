"""A film that is looked at is got ready for its run, and nothing of it stays when it is not run."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, ModelUnavailable, RefusalCode, UserError
from cxr_desktop.domain.roles import Actor, Permission, User
from cxr_desktop.ui.screens.read import loader
from cxr_desktop.ui.screens.read.state import FilmStatus, Opened, Showing
from tests.support.patience import PATIENCE_S
from tests.support.read_desk import Desk
from tests.support.reading import READER

A, B = Path("/films/a.png"), Path("/films/b.png")


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot, READER)
    yield made
    made.close()


def until_ready(desk: Desk) -> None:
    desk.qtbot.waitUntil(
        lambda: (item := desk.presenter._current) is not None and item.ready is not None
    )


def until_nothing_is_left(desk: Desk) -> None:
    desk.qtbot.waitUntil(lambda: desk.reading.classify.ready == [])


def test_run_takes_what_was_got_ready_and_nothing_is_left(desk: Desk) -> None:
    desk.open(A)
    until_ready(desk)
    (ready,) = desk.reading.classify.ready
    desk.presenter.run()
    desk.until_stage(Showing)
    assert desk.reading.classify.run_ready == [ready]
    until_nothing_is_left(desk)


def test_a_film_that_is_closed_leaves_nothing(desk: Desk) -> None:
    desk.open(A)
    until_ready(desk)
    desk.presenter.close_current()
    until_nothing_is_left(desk)


def test_whoever_signs_out_leaves_nothing(desk: Desk) -> None:
    desk.open(A)
    until_ready(desk)
    desk.session.sign_out()
    until_nothing_is_left(desk)


def test_a_film_whose_pixels_were_given_back_leaves_nothing(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "MEMORY_BUDGET", 1)
    desk.open(A, B)
    until_ready(desk)
    desk.presenter.step(1)
    desk.until_stage(Opened)
    until_ready(desk)
    desk.qtbot.waitUntil(lambda: len(desk.reading.classify.ready) == 1)


@pytest.mark.parametrize(
    "error",
    [FilmRefused(RefusalCode.NOT_A_CHEST, "No chest."), ModelUnavailable("There is no model.")],
)
def test_a_film_that_could_not_be_run_leaves_nothing(desk: Desk, error: UserError) -> None:
    desk.reading.classify.errors_run["a.png"] = error
    desk.open(A)
    until_ready(desk)
    desk.presenter.run()
    desk.idle()
    until_nothing_is_left(desk)


def test_a_cancelled_film_stays_ready(desk: Desk) -> None:
    desk.open(A)
    until_ready(desk)
    desk.reading.classify.run_gate.close()
    desk.presenter.run()
    desk.reading.classify.run_gate.arrived.wait(PATIENCE_S)
    desk.presenter.cancel()
    desk.until(lambda state: state.films.entries[0].status is FilmStatus.OPENED)
    desk.reading.classify.run_gate.open()
    desk.presenter.run()
    desk.until_stage(Showing)
    (ready,) = desk.reading.classify.run_ready
    assert ready is not None


def test_a_film_that_is_run_at_once_is_not_got_ready(desk: Desk) -> None:
    desk.reading.settings["reading.run_automatically"] = True
    desk.presenter.open_paths([A])
    desk.until_stage(Showing)
    assert desk.reading.classify.run_ready == [None]


def test_whoever_may_only_look_gets_nothing_ready(qtbot: QtBot) -> None:
    looker = Actor(User("lena", "Lena", "Students"), frozenset({Permission.IMPORT}))
    desk = Desk(qtbot, looker)
    desk.open(A)
    desk.close()  # waits for what was begun
    assert desk.reading.classify.ready == []
