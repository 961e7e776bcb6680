"""The end of a run of several films: the sums, the list of each, and saving it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.errors import (
    FilmRefused,
    ModelUnavailable,
    RefusalCode,
    StorageUnavailable,
)
from cxr_desktop.domain.roles import Actor
from cxr_desktop.ui.screens.read.state import RunSummary
from cxr_desktop.ui.screens.read.summary_dialog import SummaryDialog
from cxr_desktop.ui.screens.read.summary_table import FILE, OUTCOME, REMARK
from cxr_desktop.ui.screens.read.view import ReadView
from tests.support.held_runner import HeldRunner
from tests.support.read_desk import Desk
from tests.support.reading import READER, TECHNICIAN

NAMES = ("normal.png", "doubtful.png", "abnormal.png", "cut.dcm", "hand.dcm", "late.dcm")
FILMS = [Path("/disc") / name for name in NAMES]
LIST = Path("/home/list.csv")


class Screen(Desk):
    """A desk whose work is done when it is asked for, with its view."""

    def __init__(self, qtbot: QtBot, actor: Actor = READER) -> None:
        self.held = HeldRunner()
        super().__init__(qtbot, actor, self.held)
        self.view = ReadView(self.presenter)
        qtbot.addWidget(self.view)
        classify = self.reading.classify
        classify.scores = {"normal.png": 0.1, "doubtful.png": 0.5, "abnormal.png": 0.9}
        classify.errors_open["cut.dcm"] = FilmRefused(RefusalCode.DAMAGED, "Cut.", hint="Copy it.")
        classify.errors_run["hand.dcm"] = FilmRefused(RefusalCode.NOT_A_CHEST, "A hand.")
        classify.errors_run["late.dcm"] = StorageUnavailable("The disk is full.")

    def run_all(self, *films: Path) -> RunSummary | None:
        self.presenter.open_paths(films or FILMS)
        self.held.finish_all()
        self.presenter.run_all()
        self.held.finish_all()
        return self.state.summary

    def dialog(self) -> SummaryDialog:
        self.view.summary.show_list.click()
        assert self.view.summary.dialog is not None
        return self.view.summary.dialog


@pytest.fixture
def screen(qtbot: QtBot) -> Iterator[Screen]:
    made = Screen(qtbot)
    yield made
    made.close()


def test_at_the_end_of_a_run_one_line_says_what_became_of_the_films(screen: Screen) -> None:
    assert screen.run_all() is not None
    assert screen.view.summary.text == (
        "3 classified (1 normal, 1 uncertain, 1 abnormal), 2 refused (1 damaged, 1 not a chest),"
        " 1 not done"
    )
    assert not screen.view.summary.isHidden()


def test_films_that_were_not_reached_are_counted(screen: Screen) -> None:
    screen.reading.classify.errors_run["doubtful.png"] = ModelUnavailable("There is no model.")
    screen.run_all(*FILMS[:3])
    assert screen.view.summary.text == "1 classified (1 normal), 1 not done, 1 not run"


def test_a_film_refused_before_it_was_run_is_told_of_too(screen: Screen) -> None:
    screen.presenter.open_paths([FILMS[3], *FILMS[:2]])
    screen.held.finish_all()
    assert screen.statuses()[0] == "refused"
    screen.presenter.run_all()
    screen.held.finish_all()
    assert "1 refused (1 damaged)" in screen.view.summary.text


def test_one_film_by_itself_is_not_summed_up(screen: Screen) -> None:
    screen.presenter.open_paths(FILMS[:2])
    screen.held.finish_all()
    screen.presenter.run()
    screen.held.finish_all()
    assert screen.statuses() == ["stored", "waiting"]
    assert screen.state.summary is None
    assert screen.view.summary.isHidden()


def test_a_run_that_is_cancelled_before_any_film_says_nothing(screen: Screen) -> None:
    screen.presenter.open_paths(FILMS[:3])
    screen.held.finish_all()
    screen.presenter.run_all()
    screen.presenter.cancel()
    screen.held.finish_all()
    assert screen.state.summary is None


@pytest.mark.parametrize("what", ["run", "drop", "close", "sign out", "dismiss"])
def test_the_sums_go_when_something_new_begins(screen: Screen, what: str) -> None:
    screen.run_all(*FILMS[:3])
    screen.presenter.step(1)
    assert screen.state.summary is not None  # leafing through the films leaves it there
    dialog = screen.dialog()
    match what:
        case "run":
            screen.presenter.open_paths(FILMS[3:5])
            screen.held.finish_all()
            screen.presenter.run_all()
        case "drop":
            screen.presenter.open_paths(FILMS[3:])
            screen.held.finish_all()
        case "close":
            screen.presenter.close_all()
        case "sign out":
            screen.session.sign_out()
        case _:
            screen.presenter.summaries.dismiss()
    assert screen.state.summary is None
    assert screen.view.summary.isHidden()
    assert not dialog.isVisible()


def test_the_list_names_every_film_its_outcome_and_why(screen: Screen) -> None:
    screen.run_all()
    table = screen.dialog().table.model()
    rows = [
        [table.index(row, column).data() for column in (FILE, OUTCOME, REMARK)]
        for row in range(table.rowCount())
    ]
    assert [row[0] for row in rows] == [str(path) for path in FILMS]
    assert [row[1] for row in rows] == [
        "Normal", "Uncertain", "Abnormal", "Refused", "Refused", "Not done",
    ]  # fmt: skip
    assert rows[3][2] == "Cut. Copy it."
    assert rows[5][2] == "The disk is full."


def test_the_list_can_be_narrowed_to_what_went_wrong(screen: Screen) -> None:
    screen.run_all()
    dialog = screen.dialog()
    dialog.only_errors.setChecked(True)
    table = dialog.table.model()
    rows = [table.index(row, OUTCOME).data() for row in range(table.rowCount())]
    assert rows == ["Refused", "Refused", "Not done"]
    dialog.only_errors.setChecked(False)
    assert table.rowCount() == len(FILMS)


def test_a_name_with_markup_stays_text_in_the_list(screen: Screen) -> None:
    path = Path("/disc/<b>x</b>.png")
    screen.run_all(path, FILMS[0])
    index = screen.dialog().table.model().index(0, FILE)
    assert index.data() == str(path)
    assert html.escape(str(path)) in index.data(Qt.ItemDataRole.ToolTipRole)


def test_the_list_is_saved_as_csv(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    summary = screen.run_all()
    assert summary is not None
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("/home/list", ""))
    dialog = screen.dialog()
    dialog.save.click()
    assert not dialog.save.isEnabled()
    screen.held.finish_all()
    assert screen.reading.lists == {LIST: summary.outcomes}
    assert dialog.save.isEnabled()
    assert "“list.csv”" in dialog.notice.text


def test_choosing_no_file_saves_nothing(screen: Screen, monkeypatch: pytest.MonkeyPatch) -> None:
    screen.run_all(*FILMS[:2])
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: ("", ""))
    screen.dialog().save.click()
    assert screen.held.held == []


def test_a_list_that_cannot_be_saved_is_a_sentence_and_can_be_tried_again(screen: Screen) -> None:
    screen.run_all(*FILMS[:2])
    dialog = screen.dialog()
    screen.reading.list_error = StorageUnavailable("It cannot be written.", hint="Look.")
    screen.presenter.summaries.save(LIST)
    screen.held.finish_all()
    assert dialog.notice.text == "It cannot be written.\nLook."
    screen.reading.list_error = None
    screen.presenter.summaries.save(LIST)
    screen.held.finish_all()
    assert "was written" in dialog.notice.text


def test_a_save_that_ends_after_the_next_run_began_says_nothing(screen: Screen) -> None:
    screen.run_all(*FILMS[:2])
    screen.presenter.summaries.save(LIST)
    screen.presenter.close_all()
    screen.held.finish_all()
    assert screen.state.summary is None


def test_an_account_without_answers_sees_that_films_were_stored(qtbot: QtBot) -> None:
    screen = Screen(qtbot, TECHNICIAN)
    screen.run_all(*FILMS[:2])
    assert screen.view.summary.text == "2 classified"
    assert screen.dialog().table.model().index(0, OUTCOME).data() == "Stored"
    screen.presenter.summaries.save(LIST)
    screen.held.finish_all()
    dialog = screen.view.summary.dialog
    assert dialog is not None
    assert "answers are not in it" in dialog.notice.text
    screen.close()


def test_a_drop_without_a_film_leaves_the_sums_there(screen: Screen) -> None:
    summary = screen.run_all(*FILMS[:3])
    assert summary is not None
    screen.reading.folders[Path("/empty")] = []
    screen.presenter.open_paths([Path("/empty")])
    screen.held.finish_all()
    assert screen.state.notice is not None
    assert screen.state.summary is summary
