"""However one opens, runs, cancels, closes and leafs: no answer beside another film."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.ui.screens.read.state import ReadState, Showing
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.read_desk import Desk
from tests.support.reading import READER, sha_of

FILMS = [Path(f"/films/{name}.png") for name in "abcdefgh"]
MOVES = 200


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_two_hundred_random_moves_never_mix_films(qtbot: QtBot, seed: int) -> None:
    chance = random.Random(seed)
    desk = Desk(qtbot, READER)
    view = ReadView(desk.presenter)
    qtbot.addWidget(view)
    classify, presenter = desk.reading.classify, desk.presenter
    for number, path in enumerate(FILMS):
        classify.scores[path.name] = number / 10 + 0.05
    watched: list[str] = []
    presenter.state_changed.connect(lambda state: watched.append(check(view, state)))

    def leaf() -> None:
        entries = desk.state.films.entries
        if entries:
            presenter.select(chance.choice(entries).key)

    moves: list[Callable[[], object]] = [
        lambda: presenter.open_paths(chance.sample(FILMS, chance.randint(1, 3))),
        leaf, leaf, presenter.run, presenter.run_all, presenter.cancel, presenter.close_current,
        presenter.retry,
        lambda: presenter.open_exam(chance.choice(list(classify.stored))) if classify.stored else 0,
        classify.run_gate.close, classify.run_gate.open, classify.run_gate.open,
        classify.open_gate.close, classify.open_gate.open,
        lambda: qtbot.wait(1),
    ]  # fmt: skip
    for _ in range(MOVES):
        chance.choice(moves)()
        qtbot.wait(0)
    classify.open_gate.open()
    classify.run_gate.open()
    presenter.run_all()
    desk.idle()
    desk.close()
    assert len(watched) > MOVES / 2
    assert "answer" in watched  # the moves did reach answers
    assert "film" in watched


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
