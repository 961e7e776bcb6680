"""Run all: each film once, how far it is, pause, cancel, and asking again on purpose."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import FilmRefused, RefusalCode, StorageUnavailable
from cxr_desktop.ui.screens.read.state import FilmStatus, ReadState, Showing
from cxr_desktop.ui.screens.read.status_look import look_of_entry
from cxr_desktop.ui.screens.read.view import ReadView
from cxr_desktop.ui.widgets.typed_study import TypedStudy
from tests.support.read_desk import Desk
from tests.support.reading import READER, a_film

FILMS = [Path(f"/films/{number}.png") for number in range(6)]


class Screen(Desk):
    """A desk with its view."""

    def __init__(self, qtbot: QtBot) -> None:
        super().__init__(qtbot, READER)
        self.view = ReadView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.show()

    def run_all(self) -> ReadState:
        self.presenter.run_all()
        return self.idle()

    def held(self, *films: Path) -> None:
        """Begin to run all of these, and hold the first at the model."""
        self.open(*films)
        gate = self.reading.classify.run_gate
        gate.close()
        self.presenter.run_all()
        self.qtbot.waitUntil(gate.arrived.is_set)

    def words(self) -> list[str]:
        return [look_of_entry(entry).word for entry in self.state.films.entries]


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


@pytest.fixture
def answered(screen: Screen) -> Screen:
    """Return a screen with three films of which two have an answer in the History."""
    screen.open(*FILMS[:2])
    screen.run_all()
    screen.presenter.close_all()
    screen.open(*FILMS[:3])
    return screen


def test_a_film_that_was_answered_before_is_not_run_again(answered: Screen) -> None:
    state = answered.run_all()
    assert answered.statuses() == ["stored"] * 3
    assert answered.words()[1:] == ["Stored before", "Abnormal"]
    assert len(answered.reading.classify.stored) == 3
    assert state.summary is not None
    assert (state.summary.sums.stored_before, state.summary.sums.classified) == (2, 1)
    assert not answered.view.summary.again.isHidden()


def test_its_line_leads_to_the_exam_of_before(answered: Screen) -> None:
    answered.run_all()
    answered.presenter.select(answered.state.films.entries[1].key)
    stage = answered.until(
        lambda state: isinstance(state.stage, Showing) and state.stage.film is not None
    ).stage
    assert isinstance(stage, Showing)
    assert stage.exam.exam_id == "e2"
    assert answered.words()[1] == "Abnormal, stored before"
    assert "Answered before" in answered.view.actions_box.stored.text()
    assert answered.view.actions_box.again.isVisible()


def test_it_is_run_again_when_somebody_asks_for_it(answered: Screen) -> None:
    answered.run_all()
    answered.until_stage(Showing)
    answered.view.actions_box.again.click()
    answered.idle()
    assert answered.words() == ["Abnormal", "Stored before", "Abnormal"]
    assert len(answered.reading.classify.stored) == 4
    answered.presenter.select(answered.state.films.entries[0].key)
    assert not answered.view.actions_box.again.isVisible()


def test_all_of_them_are_run_again_by_one_button(answered: Screen) -> None:
    answered.run_all()
    answered.view.summary.again.click()
    state = answered.idle()
    assert answered.words() == ["Abnormal"] * 3
    assert state.summary is not None
    assert state.summary.sums.stored_before == 0
    assert answered.view.summary.again.isHidden()


def test_a_run_again_that_ends_at_once_has_a_summary_of_its_own(answered: Screen) -> None:
    answered.run_all()
    told: list[ReadState] = []
    answered.presenter.state_changed.connect(told.append)
    answered.presenter.run_again(every=True)
    assert [(state.is_running, state.summary) for state in told] == [(True, None)]
    answered.idle()


def test_another_film_of_the_same_name_is_not_shown_beside_the_old_answer(
    answered: Screen,
) -> None:
    answered.run_all()
    exams, classify = answered.reading.exams, answered.reading.classify
    other = a_film(Path("/films/other.png"))
    exam = classify.stored["e2"]
    classify.stored["e2"] = replace(exam, film=replace(exam.film, sha256=other.sha256))
    classify.radiographs["e2"] = other
    answered.presenter.select(answered.state.films.entries[1].key)
    stage = answered.until(
        lambda state: isinstance(state.stage, Showing) and state.stage.film is not None
    ).stage
    assert isinstance(stage, Showing)
    assert stage.exam.film.sha256 == other.sha256
    assert exams.opened


def test_the_bar_says_how_far_it_is_and_goes_at_the_end(screen: Screen) -> None:
    screen.reading.classify.errors_open["1.png"] = FilmRefused(RefusalCode.DAMAGED, "Cut.")
    screen.held(*FILMS[:3])
    assert screen.view.run_bar.isVisible()
    assert screen.view.run_bar.text.text() == "0 of 3 films"
    screen.reading.classify.run_gate.open()
    screen.idle()
    assert not screen.view.run_bar.isVisible()
    assert screen.statuses() == ["stored", "refused", "stored"]


def test_a_pause_stores_nothing_more_and_keeps_the_rest_in_line(screen: Screen) -> None:
    screen.held(*FILMS[:3])
    screen.view.run_bar.pause.click()
    assert screen.view.run_bar.text.text() == "0 of 3 films, pausing…"
    screen.until(lambda state: state.bulk is not None and not state.bulk.is_stopping)
    assert screen.reading.classify.stored == {}
    assert screen.statuses() == ["queued"] * 3
    assert screen.view.run_bar.text.text() == "0 of 3 films, paused"
    screen.reading.classify.run_gate.open()
    screen.view.run_bar.pause.click()
    screen.idle()
    assert screen.statuses() == ["stored"] * 3
    assert len(screen.reading.classify.stored) == 3


def test_run_all_in_a_pause_goes_on_with_all(screen: Screen) -> None:
    screen.held(*FILMS[:2])
    screen.presenter.bulk.pause()
    screen.until(lambda state: state.bulk is not None and not state.bulk.is_stopping)
    screen.reading.classify.run_gate.open()
    screen.presenter.open_paths([FILMS[2]])
    screen.until(lambda state: len(state.films.entries) == 3)
    screen.run_all()
    assert screen.statuses() == ["stored"] * 3


def test_cancel_puts_every_film_back(screen: Screen) -> None:
    screen.held(*FILMS[:3])
    screen.view.run_bar.cancel.click()
    screen.idle()
    assert set(screen.statuses()) <= {"waiting", "opened"}
    assert screen.reading.classify.stored == {}
    screen.reading.classify.run_gate.open()
    assert screen.run_all().summary is not None
    assert screen.statuses() == ["stored"] * 3


def test_cancel_is_drawn_once(screen: Screen) -> None:
    screen.held(*FILMS[:3])
    told: list[ReadState] = []
    screen.presenter.state_changed.connect(told.append)
    screen.presenter.cancel()
    assert [state.bulk.is_stopping for state in told if state.bulk] == [True]
    screen.reading.classify.run_gate.open()
    screen.idle()
    told.clear()
    screen.presenter.cancel()  # of nothing
    assert len(told) == 1


def test_threads_wait_while_the_window_draws_what_a_reader_asked_for(
    screen: Screen, monkeypatch: pytest.MonkeyPatch
) -> None:
    screen.open(*FILMS[:3])
    screen.reading.classify.run_gate.close()
    asked: list[str] = []
    monkeypatch.setattr(screen.runner, "draw_first", lambda: asked.append("draw"))
    screen.presenter.run_all()
    assert asked == ["draw"]
    screen.qtbot.waitUntil(screen.reading.classify.run_gate.arrived.is_set)
    asked.clear()
    screen.presenter.step(1)
    assert asked == ["draw"]
    screen.presenter.bulk.pause()
    assert asked == ["draw", "draw"]


def test_a_film_taken_off_the_list_is_not_run(screen: Screen) -> None:
    screen.held(*FILMS[:3])
    screen.presenter.step(2)
    screen.presenter.step(1)
    screen.presenter.close_current()
    screen.reading.classify.run_gate.open()
    screen.idle()
    assert screen.statuses() == ["stored"] * 2
    assert len(screen.reading.classify.stored) == 2


def test_another_film_can_be_run_while_many_are(screen: Screen) -> None:
    screen.held(*FILMS[:2])
    screen.presenter.open_paths([FILMS[3]])
    screen.until(lambda state: len(state.films.entries) == 3 and state.films.position == 2)
    screen.reading.classify.run_gate.open()
    screen.presenter.run()
    screen.idle()
    assert screen.statuses() == ["stored"] * 3


def test_what_concerns_all_ends_the_run_with_a_sentence(screen: Screen) -> None:
    screen.reading.classify.errors_run["1.png"] = StorageUnavailable("The disk is full.")
    screen.open(*FILMS[:3])
    state = screen.run_all()
    assert [entry.status for entry in state.films.entries][:2] == [
        FilmStatus.STORED,
        FilmStatus.FAILED,
    ]
    assert state.notice is not None
    assert state.notice.text == "The disk is full."
    screen.reading.classify.errors_run.clear()
    screen.run_all()
    assert screen.statuses() == ["stored"] * 3
    assert len(screen.reading.classify.stored) == 3


def test_what_was_typed_for_a_film_is_stored_with_it(screen: Screen) -> None:
    screen.open(*FILMS[:2])
    screen.presenter.type_study(TypedStudy(patient_id="P-7"))
    screen.run_all()
    assert [exam.study.patient_id for exam in screen.reading.classify.stored.values()] == [
        "P-7",
        "",
    ]


def test_a_file_that_changed_while_it_was_shown_is_shown_as_it_was_stored(screen: Screen) -> None:
    screen.open(*FILMS[:2])
    changed = a_film(Path("/films/changed.png"))
    screen.reading.classify.films["0.png"] = changed
    screen.run_all()
    stage = screen.until(
        lambda state: isinstance(state.stage, Showing) and state.stage.film is not None
    ).stage
    assert isinstance(stage, Showing)
    assert stage.exam.film.sha256 == changed.sha256


def test_signing_out_ends_the_run(screen: Screen) -> None:
    screen.held(*FILMS[:3])
    screen.session.sign_out()
    screen.idle()
    assert screen.state.films.entries == ()
    assert screen.reading.classify.stored == {}


def test_a_file_that_is_opened_again_after_its_answer_keeps_its_name(screen: Screen) -> None:
    screen.open(FILMS[0])
    screen.run_all()
    screen.presenter.open_paths([FILMS[0]])
    state = screen.until(lambda state: len(state.films.entries) == 2)
    assert [entry.name for entry in state.films.entries] == ["0.png", "0.png"]
