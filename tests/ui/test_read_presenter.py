"""Reading films: what is opened, run, stored, refused, cancelled, and what is shown of it."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TypeVar

import pytest
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import (
    FilmRefused,
    ModelUnavailable,
    RefusalCode,
    StorageUnavailable,
    UserError,
)
from cxr_desktop.domain.radiograph import StudyInfo
from cxr_desktop.ui.screens.read import loader
from cxr_desktop.ui.screens.read.state import (
    Empty,
    Failed,
    FilmStatus,
    Opened,
    Opening,
    Refused,
    Running,
    Showing,
)
from cxr_desktop.ui.widgets.typed_study import TypedStudy
from tests.support.read_desk import Desk
from tests.support.reading import READER, TECHNICIAN, a_film, sha_of

A, B, C = Path("/films/a.png"), Path("/films/b.png"), Path("/films/c.png")
TODAY = date(2026, 3, 1)
S = TypeVar("S")


@pytest.fixture
def desk(qtbot: QtBot) -> Iterator[Desk]:
    made = Desk(qtbot, READER)
    yield made
    made.close()


def test_a_film_is_opened_run_and_shown_with_its_stored_answer(desk: Desk) -> None:
    assert isinstance(desk.state.stage, Empty)
    desk.presenter.open_paths([A])
    assert desk.until_stage(Opened).film.radiograph.sha256 == sha_of(A)
    assert desk.reading.classify.stored == {}  # nothing runs by itself
    desk.presenter.run()
    showing = desk.until_stage(Showing)
    assert desk.reading.classify.stored == {showing.exam.exam_id: showing.exam}
    assert showing.film is not None
    assert desk.state.films.entries[0].verdict is Verdict.ABNORMAL


def test_an_answered_film_is_never_run_again(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.run()
    desk.until_stage(Showing)
    desk.presenter.run()
    desk.presenter.run_all()
    assert not desk.state.is_running
    assert len(desk.reading.classify.stored) == 1


def test_with_the_setting_on_every_film_runs_by_itself(desk: Desk) -> None:
    desk.reading.settings["reading.run_automatically"] = True
    desk.presenter.open_paths([A, B])
    desk.until(lambda state: [e.status for e in state.films.entries] == [FilmStatus.STORED] * 2)
    assert len(desk.reading.classify.stored) == 2


def test_a_folder_brings_its_films_and_an_empty_one_a_sentence(desk: Desk) -> None:
    desk.reading.folders = {Path("/full"): [A, B], Path("/empty"): []}
    desk.presenter.open_paths([Path("/empty")])
    state = desk.until(lambda state: state.notice is not None)
    assert isinstance(state.stage, Empty)
    assert state.notice is not None
    assert state.notice.text == "There is no film here."
    desk.open(Path("/full"))
    assert [entry.name for entry in desk.state.films.entries] == ["a.png", "b.png"]
    assert desk.state.notice is None


def test_looking_through_folders_can_be_cancelled(desk: Desk) -> None:
    endless = (Path(f"/films/{number}.png") for number in itertools.count())
    desk.reading.folders = {Path("/all"): endless}
    desk.presenter.open_paths([Path("/all")])
    assert desk.state.is_searching
    desk.presenter.cancel()
    desk.until(lambda state: not state.is_searching)
    assert isinstance(desk.state.stage, Empty)
    assert desk.state.films.entries == ()


def test_run_all_answers_every_film_and_a_refusal_stops_nothing(desk: Desk) -> None:
    refusal = FilmRefused(RefusalCode.NOT_A_CHEST, "Not a chest.", hint="Choose another.")
    desk.reading.classify.errors_run["b.png"] = refusal
    desk.reading.classify.errors_open["c.png"] = FilmRefused(RefusalCode.DAMAGED, "Cut.")
    desk.open(A, B, C, Path("/films/d.png"))
    desk.presenter.run_all()
    desk.idle()
    assert desk.statuses() == ["stored", "refused", "refused", "stored"]
    assert "Not a chest." in desk.state.films.entries[1].note


def test_a_refused_film_says_why_and_is_still_shown_where_it_could_be_read(desk: Desk) -> None:
    desk.reading.classify.errors_run["a.png"] = FilmRefused(
        RefusalCode.NOT_A_CHEST, "Not a chest.", hint="Choose another."
    )
    desk.open(A)
    desk.presenter.run()
    refused = desk.until_stage(Refused)
    assert refused.code == "not_a_chest"
    assert (refused.notice.text, refused.notice.hint) == ("Not a chest.", "Choose another.")
    assert refused.film is not None
    assert desk.reading.classify.stored == {}


def test_an_unreadable_film_is_refused_without_a_picture(desk: Desk) -> None:
    desk.reading.classify.errors_open["a.png"] = FilmRefused(RefusalCode.DAMAGED, "Cut.")
    desk.presenter.open_paths([A])
    assert desk.until_stage(Refused).film is None


def test_a_repaired_file_dropped_again_is_read_again(desk: Desk) -> None:
    desk.reading.classify.errors_open["a.png"] = FilmRefused(RefusalCode.DAMAGED, "Cut.")
    desk.open(A)
    del desk.reading.classify.errors_open["a.png"]
    desk.presenter.open_paths([A])
    desk.until_stage(Opened)
    assert len(desk.state.films.entries) == 1


@pytest.mark.parametrize(
    "error",
    [
        ModelUnavailable("There is no model.", hint="Ask an administrator."),
        StorageUnavailable("The disk is full.", hint="Free some space."),
    ],
)
def test_what_stands_in_the_way_is_said_and_running_again_works(
    desk: Desk, error: UserError
) -> None:
    desk.reading.classify.errors_run["a.png"] = error
    desk.open(A)
    desk.presenter.run()
    failed = desk.until_stage(Failed)
    assert failed.notice.text == error.message
    assert failed.film is not None
    assert desk.reading.classify.stored == {}
    desk.reading.classify.errors_run.clear()
    desk.presenter.retry()
    desk.until_stage(Showing)


def test_what_stands_in_the_way_of_all_ends_the_line_without_trying_each(desk: Desk) -> None:
    desk.open(A, B, C)
    for name in ("a.png", "b.png", "c.png"):
        desk.reading.classify.errors_run[name] = ModelUnavailable("There is no model.")
    desk.presenter.run_all()
    desk.idle()
    assert desk.statuses()[0] == "failed"
    assert "failed" not in desk.statuses()[1:]


def test_a_bug_in_a_service_is_one_sentence_with_a_number(
    desk: Desk, caplog: pytest.LogCaptureFixture
) -> None:
    desk.reading.classify.errors_run["a.png"] = RuntimeError("Doe^Jane")  # type: ignore[assignment]  # a bug
    desk.open(A)
    desk.presenter.run()
    failed = desk.until_stage(Failed)
    assert "error " in failed.notice.text
    assert "Doe" not in failed.notice.text
    assert "unexpected error" in caplog.text


def test_cancel_while_running_stores_nothing_and_returns_to_the_film(desk: Desk) -> None:
    desk.open(A)
    desk.reading.classify.run_gate.close()
    desk.presenter.run()
    desk.until(lambda state: isinstance(state.stage, Running) and state.stage.fraction > 0)
    desk.presenter.cancel()
    stage = desk.state.stage
    assert isinstance(stage, Running)
    assert stage.is_cancelling
    desk.until_stage(Opened)
    assert desk.reading.classify.stored == {}
    desk.reading.classify.run_gate.open()
    desk.presenter.run()
    desk.until_stage(Showing)


def test_cancel_that_comes_too_late_shows_what_was_stored(desk: Desk) -> None:
    desk.open(A)
    gate = desk.reading.classify.run_gate
    gate.close()
    desk.presenter.run()
    desk.qtbot.waitUntil(gate.arrived.is_set)

    def run_to_the_end(*_: object) -> None:
        gate.open()

    job = desk.presenter._line._job
    assert job is not None
    original, job.cancel = job.cancel, run_to_the_end  # type: ignore[method-assign]  # pressed too late
    desk.presenter.cancel()
    assert desk.until_stage(Showing).exam.exam_id == "e1"
    original()


def test_cancel_empties_the_line(desk: Desk) -> None:
    desk.open(A, B, C)
    desk.reading.classify.run_gate.close()
    desk.presenter.run_all()
    desk.until(lambda state: state.films.entries[0].status is FilmStatus.RUNNING)
    desk.presenter.cancel()
    desk.idle()
    assert "queued" not in desk.statuses()
    assert "stored" not in desk.statuses()


def test_cancel_while_opening_leaves_the_film_to_be_opened_again(desk: Desk) -> None:
    desk.reading.classify.open_gate.close()
    desk.presenter.open_paths([A])
    desk.until_stage(Opening)
    desk.presenter.cancel()
    failed = desk.until_stage(Failed)
    assert failed.notice.kind == "info"
    desk.reading.classify.open_gate.open()
    desk.presenter.retry()
    desk.until_stage(Opened)


def test_the_next_film_can_be_looked_at_while_one_runs(desk: Desk) -> None:
    desk.open(A, B)
    desk.reading.classify.run_gate.close()
    desk.presenter.run()
    desk.until(lambda state: state.films.entries[0].status is FilmStatus.RUNNING)
    desk.presenter.step(1)
    assert desk.until_stage(Opened).film.radiograph.sha256 == sha_of(B)
    desk.reading.classify.run_gate.open()
    desk.idle()
    stage = desk.state.stage
    assert isinstance(stage, Opened)  # A's answer came while B was looked at
    assert stage.film.radiograph.sha256 == sha_of(B)
    desk.presenter.step(-1)
    assert desk.until_stage(Showing).exam.film.sha256 == sha_of(A)


def test_what_is_typed_is_stored_and_then_frozen(desk: Desk) -> None:
    desk.reading.classify.films["a.png"] = a_film(A, StudyInfo(patient_name="From^File"))
    desk.open(A)
    typed = TypedStudy(
        patient_name="Typed", patient_id="P-7", birth_date="2/3/1990", study_date="2026-02-28"
    )
    desk.presenter.type_study(typed)
    desk.presenter.run()
    exam = desk.until_stage(Showing).exam
    assert exam.study.patient_name == "From^File"  # the file's own words win
    assert exam.study.patient_id == "P-7"
    assert exam.study.birth_date == date(1990, 3, 2)
    desk.presenter.type_study(TypedStudy(patient_id="later"))
    assert desk.until_stage(Showing).exam.study.patient_id == "P-7"


def test_what_is_typed_stays_with_its_film(desk: Desk) -> None:
    desk.open(A, B)
    desk.presenter.type_study(TypedStudy(patient_id="for A"))
    desk.presenter.step(1)
    assert desk.until_stage(Opened).typed == TypedStudy()
    desk.presenter.step(-1)
    desk.until(lambda state: state.films.position == 0)
    assert desk.until_stage(Opened).typed.patient_id == "for A"


def test_a_wrong_date_is_marked_and_not_run(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.type_study(TypedStudy(birth_date="31/02/1990", study_date="2030-01-01"))
    desk.presenter.run()
    opened = desk.until_stage(Opened)
    assert set(opened.problems) == {"birth_date", "study_date"}
    assert desk.state.notice is not None
    desk.presenter.type_study(TypedStudy(birth_date="28/02/1990"))
    assert desk.until_stage(Opened).problems == {}
    desk.presenter.run()
    desk.until_stage(Showing)
    assert desk.state.notice is None  # it does not say beside the answer what was wrong before


def test_without_the_permission_the_stored_answer_stays_hidden(qtbot: QtBot) -> None:
    desk = Desk(qtbot, TECHNICIAN)
    try:
        desk.open(A)
        desk.presenter.run()
        showing = desk.until_stage(Showing)
        assert showing.exam.assessment is None
        assert desk.state.films.entries[0].verdict is None
        assert len(desk.reading.classify.stored) == 1
    finally:
        desk.close()


def test_a_stored_exam_is_opened_with_its_film_and_without_running(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.run()
    exam = desk.until_stage(Showing).exam
    desk.presenter.close_all()
    desk.presenter.open_exam(exam.exam_id)
    desk.until(lambda state: isinstance(state.stage, Showing) and state.stage.film is not None)
    assert len(desk.reading.classify.stored) == 1
    assert desk.reading.exams.opened == [exam.exam_id]
    desk.presenter.open_exam(exam.exam_id)
    assert len(desk.state.films.entries) == 1
    desk.presenter.run()
    assert not desk.state.is_running


def test_a_stored_exam_whose_film_is_gone_keeps_its_answer(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.run()
    exam = desk.until_stage(Showing).exam
    desk.presenter.close_all()
    desk.reading.exams.film_error = StorageUnavailable("The stored film is gone.")
    desk.presenter.open_exam(exam.exam_id)
    state = desk.until(
        lambda state: isinstance(state.stage, Showing) and state.stage.problem is not None
    )
    assert isinstance(state.stage, Showing)
    assert state.stage.exam == exam
    assert state.stage.film is None


def test_an_unknown_exam_is_one_sentence(desk: Desk) -> None:
    desk.presenter.open_exam("nonsense")
    assert desk.until_stage(Failed).notice.text == "There is no such exam."


def test_closing_a_film_shows_its_neighbour_and_the_last_one_leaves_the_drop_zone(
    desk: Desk,
) -> None:
    desk.open(A, B)
    desk.presenter.close_current()
    assert desk.until_stage(Opened).film.radiograph.sha256 == sha_of(B)
    desk.presenter.close_current()
    assert isinstance(desk.state.stage, Empty)
    assert desk.state.films.entries == ()


def test_signing_out_leaves_nothing_behind(desk: Desk) -> None:
    desk.open(A, B)
    desk.reading.classify.run_gate.close()
    desk.presenter.run()
    desk.until_stage(Running)
    desk.session.sign_out()
    assert desk.state.films.entries == ()
    assert isinstance(desk.state.stage, Empty)
    desk.idle()
    assert desk.reading.classify.stored == {}
    desk.presenter.open_paths([A])  # nobody is there
    assert isinstance(desk.state.stage, Empty)


def test_the_same_file_is_not_listed_twice_until_it_is_answered(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.open_paths([A])
    desk.presenter.open_paths([B])
    desk.until(lambda state: len(state.films.entries) == 2)
    assert [entry.name for entry in desk.state.films.entries] == ["a.png", "b.png"]


def test_a_file_opened_again_is_what_it_holds_now(desk: Desk) -> None:
    desk.open(A)
    desk.presenter.type_study(TypedStudy(patient_id="7"))
    desk.presenter.open_paths([A])
    desk.until(lambda _: len(desk.reading.classify.opened) == 2)
    same = desk.until_stage(Opened)
    assert (same.film.radiograph.sha256, same.typed.patient_id) == (sha_of(A), "7")
    desk.reading.classify.films["a.png"] = a_film(C)  # another program wrote over it
    desk.presenter.open_paths([A])
    desk.until(lambda _: len(desk.reading.classify.opened) == 3)
    other = desk.until_stage(Opened)
    assert other.film.radiograph.sha256 == a_film(C).sha256
    assert other.typed == TypedStudy()  # it was typed for another film
    assert len(desk.state.films.entries) == 1


def test_films_not_looked_at_give_their_memory_back_and_are_read_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "MEMORY_BUDGET", 1)
    desk.open(A, B)
    desk.presenter.step(1)
    desk.until_stage(Opened)
    assert desk.statuses() == ["waiting", "opened"]
    desk.presenter.step(-1)
    assert desk.until_stage(Opened).film.radiograph.sha256 == sha_of(A)
    assert [path.name for path in desk.reading.classify.opened] == ["a.png", "b.png", "a.png"]


def test_an_answered_film_is_read_again_from_the_store_not_from_its_file(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loader, "MEMORY_BUDGET", 1)
    desk.open(A, B)
    desk.presenter.run()
    desk.until_stage(Showing)
    desk.presenter.step(1)
    desk.until_stage(Opened)
    desk.reading.classify.films["a.png"] = a_film(C)  # somebody wrote over the file
    desk.presenter.step(-1)
    state = desk.until(
        lambda state: isinstance(state.stage, Showing) and state.stage.film is not None
    )
    assert isinstance(state.stage, Showing)
    assert state.stage.film is not None
    assert state.stage.film.radiograph.sha256 == sha_of(A)


def test_an_answer_beside_another_film_cannot_even_be_made(desk: Desk) -> None:
    desk.open(A)
    film = desk.until_stage(Opened).film
    desk.presenter.open_paths([B])
    desk.until(lambda state: state.films.position == 1)
    desk.until_stage(Opened)
    desk.presenter.run()
    exam = desk.until_stage(Showing).exam
    with pytest.raises(ValueError, match="another film"):
        Showing(exam, film)
