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
MOVES = 1000


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_thousand_random_moves_never_mix_films(qtbot: QtBot, seed: int) -> None:
    chance = random.Random(seed)
    runner = HeldRunner()
    desk = Desk(qtbot, READER, runner)
    view = ReadView(desk.presenter)
    qtbot.addWidget(view)
    classify, presenter = desk.reading.classify, desk.presenter
    for number, path in enumerate(FILMS):
        classify.scores[path.name] = number / 10 + 0.05
    watched: Counter[str] = Counter()
    presenter.state_changed.connect(lambda state: watched.update([check(view, state)]))

    def leaf() -> None:
        entries = desk.state.films.entries
        if entries:
            presenter.select(chance.choice(entries).key)

    def reopen() -> None:
        if classify.stored:
            presenter.open_exam(chance.choice(list(classify.stored)))
            watched["reopened"] += 1

    def answer_one() -> None:
        """Deliver one answer that is waited for, in whatever order."""
        if runner.held:
            runner.finish(chance.randrange(len(runner.held)))

    def work_at_one() -> None:
        """Do the work and keep the answer back: what is pressed from now on comes too late."""
        if runner.held:
            runner.work(chance.randrange(len(runner.held)))

    moves: list[Callable[[], object]] = [
        lambda: presenter.open_paths(chance.sample(FILMS, chance.randint(1, 3))),
        leaf, leaf, presenter.run, presenter.run_all, presenter.cancel, presenter.close_current,
        presenter.retry, reopen, *[answer_one] * 6, *[work_at_one] * 3,
    ]  # fmt: skip
    for _ in range(MOVES):
        chance.choice(moves)()
    runner.finish_all()
    presenter.run_all()
    runner.finish_all()
    desk.close()
    assert watched["answer"] >= 300, watched
    assert watched["film"] >= 80, watched
    assert watched["reopened"] >= 30, watched
    assert len(classify.stored) >= 30


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
