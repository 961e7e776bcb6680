"""However one opens, runs, cancels, closes and leafs: no answer beside another film."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.screens.read.state import ReadState, Showing
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.held_runner import HeldRunner
from tests.support.read_desk import Desk
from tests.support.reading import READER, sha_of

FILMS = [Path(f"/films/{name}.png") for name in "abcdefgh"]
MOVES = 1500


class Restless:
    """Somebody who does everything in any order, and answers that come in any order, too late."""

    def __init__(self, qtbot: QtBot, seed: int) -> None:
        self._chance = random.Random(seed)
        self._runner = HeldRunner()
        self.desk = Desk(qtbot, READER, self._runner)
        self.view = ReadView(self.desk.presenter)
        self.seen: Counter[str] = Counter()
        qtbot.addWidget(self.view)
        for number, path in enumerate(FILMS):
            self.desk.reading.classify.scores[path.name] = number / 10 + 0.05
        self.desk.presenter.state_changed.connect(self._on_state)

    def move(self) -> None:
        """Do one thing."""
        presenter = self.desk.presenter
        moves: list[Callable[[], object]] = [
            self._open, *[self._leaf] * 2, *[self._reopen] * 2, presenter.run,
            presenter.run_all, self._run_again, presenter.bulk.pause, presenter.bulk.resume,
            presenter.cancel, presenter.close_current, presenter.retry,
            *[self._answer_one] * 16, *[self._work_at_one] * 4,
        ]  # fmt: skip
        self._chance.choice(moves)()

    def finish(self) -> None:
        """Let everything come to its end."""
        self._runner.finish_all()
        self.desk.presenter.run_all()
        self._runner.finish_all()
        self.desk.close()

    def _on_state(self, state: ReadState) -> None:
        self.seen[check(self.view, state)] += 1

    def _open(self) -> None:
        self.desk.presenter.open_paths(self._chance.sample(FILMS, self._chance.randint(1, 3)))

    def _leaf(self) -> None:
        entries = self.desk.state.films.entries
        if entries:
            self.desk.presenter.select(self._chance.choice(entries).key)

    def _reopen(self) -> None:
        stored = list(self.desk.reading.classify.stored)
        if stored:
            self.desk.presenter.open_exam(self._chance.choice(stored))
            self.seen["reopened"] += 1

    def _run_again(self) -> None:
        self.desk.presenter.run_again(every=self._chance.random() < 0.5)

    def _answer_one(self) -> None:
        if self._runner.held:
            self._runner.finish(self._chance.randrange(len(self._runner.held)))

    def _work_at_one(self) -> None:
        """Do the work and keep its answer back: what is pressed from now on comes too late."""
        if self._runner.held:
            self._runner.work(self._chance.randrange(len(self._runner.held)))


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_random_moves_never_mix_films(qtbot: QtBot, seed: int) -> None:
    person = Restless(qtbot, seed)
    for _ in range(MOVES):
        person.move()
    person.finish()
    assert person.seen["answer"] >= 300, person.seen
    assert person.seen["film"] >= 80, person.seen
    assert person.seen["reopened"] >= 30, person.seen
    assert len(person.desk.reading.classify.stored) >= 20


def check(view: ReadView, state: ReadState) -> str:
    """Compare what the widgets show with what belongs to the film of that name."""
    viewer, stage = view.viewer, state.stage
    film = viewer.canvas.film
    if state.films.current is None:
        assert film is None
        assert viewer.exam is None
        return "empty"
    name = state.films.entries[state.films.position].name
    expected = sha_of(Path("/films") / name)
    if film is not None:
        assert film.sha256 == expected
    shows_badge = not viewer.panel.badge.isHidden()
    assert shows_badge == isinstance(stage, Showing)
    if not isinstance(stage, Showing):
        assert viewer.exam is None
        assert viewer.canvas.heat_map is None
        return "film" if film is not None else "nothing"
    assert stage.exam.film.sha256 == expected
    answer = stage.exam.assessment
    assert answer is not None
    assert f"{answer.probability:.2f}" in viewer.panel.badge.probability_text
    assert answer.probability == pytest.approx("abcdefgh".index(name[0]) / 10 + 0.05)
    if film is not None:
        assert viewer.canvas.heat_map is answer.heat_map
    return "answer"
