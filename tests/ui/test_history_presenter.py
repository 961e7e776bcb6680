"""History without widgets: what is searched, what is dropped, what opens."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.history import HistoryPage, HistoryQuery
from cxr_desktop.domain.roles import Group, Permission
from cxr_desktop.ui.screens.history.page_cache import PageCache
from cxr_desktop.ui.screens.history.presenter import HistoryPresenter
from cxr_desktop.ui.screens.history.state import (
    Closed,
    ExamState,
    Listed,
    ListState,
    NothingFound,
    NothingYet,
    Opened,
    OpenFailed,
    Opening,
    SearchFailed,
)
from cxr_desktop.ui.screens.history.table_model import HistoryTableModel
from cxr_desktop.ui.session import Session
from tests.support.examples import an_event
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Desk:
    """A presenter over a hospital in memory, whose jobs wait for the test."""

    def __init__(self, world: World, person: str = "rad") -> None:
        self.world = world
        self.runner = HeldRunner()
        self.session = Session()
        self.session.sign_in(world.actor(person))
        self.rows = HistoryTableModel(pages=PageCache(page_size=10, limit=3))
        self.presenter = HistoryPresenter(
            world.browse,
            self.runner,
            self.session,
            self.rows,
            reviews=world.reviews,
            export=world.export,
            report=world.report,
            figures=world.figures,
            out=world.out,
            saved=world.saved_filters,
            deleting=world.deleting,
            signing=world.signing,
        )
        self.rows.setParent(self.presenter)

    def refresh(self) -> None:
        self.presenter.refresh()
        self.runner.finish_all()

    def exam(self) -> ExamState:
        return self.presenter.state.exam

    def listing(self) -> ListState:
        return self.presenter.state.listing

    @property
    def ids(self) -> list[str]:
        found = (self.rows.exam_at(n) for n in range(self.rows.rowCount()))
        return [exam.exam_id for exam in found if exam is not None]


@pytest.fixture
def desk(qapp: QApplication, world: World) -> Iterator[Desk]:
    made = Desk(world)
    yield made
    made.runner.close()


def test_without_exams_there_is_nothing_yet(desk: Desk) -> None:
    desk.refresh()
    assert isinstance(desk.listing(), NothingYet)


def test_a_filter_that_nothing_matches_is_another_thing(desk: Desk) -> None:
    desk.world.exam()
    desk.presenter.set_verdict(Verdict.NORMAL)
    desk.runner.finish_all()
    assert isinstance(desk.listing(), NothingFound)
    desk.presenter.clear_filters()
    desk.runner.finish_all()
    assert desk.listing() == Listed(1)


def test_of_two_searches_only_the_later_one_counts_whatever_comes_last(desk: Desk) -> None:
    desk.world.exam(grey=230)
    desk.world.exam(grey=20)
    desk.presenter.set_verdict(Verdict.ABNORMAL)
    desk.runner.work(0)
    desk.presenter.set_verdict(Verdict.NORMAL)
    desk.runner.finish(1)
    assert desk.ids == ["exam-2"]
    desk.runner.finish(0)
    assert desk.ids == ["exam-2"]
    assert desk.listing() == Listed(1)


def test_a_late_failure_of_an_older_search_is_dropped(desk: Desk) -> None:
    desk.world.exam()
    desk.presenter.refresh()
    real = desk.world.history.search
    desk.world.history.search = _raises  # type: ignore[method-assign] # a broken disk
    desk.runner.work(0)
    desk.world.history.search = real  # type: ignore[method-assign] # mended
    desk.presenter.refresh()
    desk.runner.finish(1)
    desk.runner.finish(0)
    assert desk.listing() == Listed(1)


def test_a_failed_search_says_so_and_can_be_tried_again(desk: Desk) -> None:
    desk.world.exam()
    real = desk.world.history.search
    desk.world.history.search = _raises  # type: ignore[method-assign] # a broken disk
    desk.refresh()
    listing = desk.listing()
    assert isinstance(listing, SearchFailed)
    assert listing.notice.hint == "Try again."
    desk.world.history.search = real  # type: ignore[method-assign] # mended
    desk.refresh()
    assert desk.listing() == Listed(1)


def test_typing_is_searched_once_when_it_rests(desk: Desk, qtbot: QtBot) -> None:
    desk.world.exam(name="khan.png")
    desk.world.exam(name="other.png")
    for text in ("k", "kh", "kha"):
        desk.presenter.set_text(text)
    assert desk.runner.held == []
    qtbot.waitUntil(lambda: bool(desk.runner.held))
    assert len(desk.runner.held) == 1
    desk.runner.finish_all()
    assert desk.ids == ["exam-1"]


def test_a_list_that_stands_is_made_ready_once_for_what_may_be_typed(
    desk: Desk, qtbot: QtBot
) -> None:
    desk.world.exam()
    desk.presenter.sort_by("patient")
    desk.runner.finish_all()
    desk.presenter.sort_by("user")
    desk.runner.finish_all()
    assert desk.world.history.made_ready == []
    qtbot.waitUntil(lambda: bool(desk.runner.held))
    desk.runner.finish_all()
    assert [query.sort for query in desk.world.history.made_ready] == ["user"]


def test_a_list_is_not_made_ready_any_more_once_another_is_there(desk: Desk, qtbot: QtBot) -> None:
    desk.refresh()
    qtbot.waitUntil(lambda: bool(desk.runner.held))
    desk.presenter.sort_by("file")
    desk.runner.finish(1)
    desk.runner.finish_all()
    assert desk.world.history.made_ready == []


def test_a_header_sorts_and_a_second_click_turns_it_round(desk: Desk) -> None:
    for grey in (100, 20, 230):
        desk.world.exam(grey=grey)
    desk.presenter.sort_by("probability")
    desk.runner.finish_all()
    assert desk.ids == ["exam-3", "exam-1", "exam-2"]
    desk.presenter.sort_by("probability")
    desk.runner.finish_all()
    assert desk.ids == ["exam-2", "exam-1", "exam-3"]


def test_days_chosen_the_wrong_way_round_are_turned(desk: Desk) -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 5)
    desk.presenter.set_days(last, first)
    filters = desk.presenter.state.filters
    assert (filters.first_day, filters.last_day) == (first, last)


def test_who_may_not_see_others_finds_only_their_own(qapp: QApplication, world: World) -> None:
    world.exam("doc")
    world.exam("rad")
    desk = Desk(world, "doc")
    desk.refresh()
    assert desk.ids == ["exam-1"]
    assert not desk.presenter.state.sight.others


def test_who_may_not_see_answers_gets_rows_without_them(qapp: QApplication, world: World) -> None:
    world.exam("tech")
    desk = Desk(world, "tech")
    desk.refresh()
    exam = desk.rows.exam_at(0)
    assert exam is not None
    assert (exam.verdict, exam.probability) == (None, None)
    assert "verdict" not in [column.id for column in desk.rows.columns]
    desk.presenter.open_exam("exam-1")
    desk.runner.finish_all()
    opened = desk.exam()
    assert isinstance(opened, Opened)
    assert opened.exam.assessment is None


def test_an_exam_opens_with_its_answer_first_and_its_film_after(desk: Desk) -> None:
    shown = desk.world.exam()
    runs = desk.world.classifiers.classifier.runs
    desk.presenter.open_exam("exam-1")
    assert isinstance(desk.exam(), Opening)
    desk.runner.finish()
    opened = desk.exam()
    assert isinstance(opened, Opened)
    assert opened.film is None
    assert opened.exam.assessment is shown.assessment
    desk.runner.finish()
    opened = desk.exam()
    assert isinstance(opened, Opened)
    assert opened.film is not None
    assert opened.film.sha256 == shown.film.sha256
    assert desk.world.classifiers.classifier.runs == runs
    assert AuditAction.EXAM_VIEWED in desk.world.actions()


def test_the_film_of_an_exam_that_was_left_is_dropped(desk: Desk) -> None:
    desk.world.exam(name="a.png")
    desk.world.exam(name="b.png")
    desk.presenter.open_exam("exam-1")
    desk.runner.finish()
    desk.runner.work(0)
    desk.presenter.open_exam("exam-2")
    desk.runner.finish(2)
    desk.runner.finish(0)
    opened = desk.exam()
    assert isinstance(opened, Opened)
    assert opened.exam.exam_id == "exam-2"
    assert opened.film is None
    desk.runner.finish_all()
    opened = desk.exam()
    assert isinstance(opened, Opened)
    assert opened.film is not None
    assert opened.film.sha256 == opened.exam.film.sha256


def test_an_exam_that_was_closed_meanwhile_stays_closed(desk: Desk) -> None:
    desk.world.exam()
    desk.presenter.open_exam("exam-1")
    desk.presenter.close_exam()
    desk.runner.finish_all()
    assert isinstance(desk.exam(), Closed)


def test_a_film_that_is_gone_leaves_the_answer_and_says_so(desk: Desk) -> None:
    shown = desk.world.exam()
    desk.world.archive.films.clear()
    desk.presenter.open_exam("exam-1")
    desk.runner.finish_all()
    opened = desk.exam()
    assert isinstance(opened, Opened)
    assert opened.exam.assessment is shown.assessment
    assert opened.notice is not None
    assert opened.notice.text


def test_an_exam_of_another_user_is_refused_in_place(qapp: QApplication, world: World) -> None:
    world.exam("rad")
    desk = Desk(world, "doc")
    desk.presenter.open_exam("exam-1")
    desk.runner.finish_all()
    failed = desk.exam()
    assert isinstance(failed, OpenFailed)
    assert failed.notice.text == "This exam belongs to another user."


def test_a_list_that_has_grown_is_asked_for_again(desk: Desk) -> None:
    for number in range(25):
        desk.world.exam(name=f"{number}.png")
    desk.refresh()
    assert desk.rows.rowCount() == 25
    desk.world.exam(name="new.png")
    desk.rows.index(20, 0).data()
    desk.runner.finish_all()
    assert desk.rows.rowCount() == 26
    assert desk.rows.exam_at(0) is not None


def test_only_the_latest_wishes_for_pages_are_fetched(desk: Desk) -> None:
    for number in range(100):
        desk.world.exam(name=f"{number}.png")
    desk.refresh()
    asked: list[int] = []
    real = desk.world.history.search

    def search(query: HistoryQuery) -> HistoryPage:
        asked.append(query.offset)
        return real(query)

    desk.world.history.search = search  # type: ignore[method-assign] # to count
    for row in range(10, 100, 10):
        desk.rows.index(row, 3).data()
    desk.runner.finish_all()
    assert asked == [10, 90, 80, 70]


def test_other_permissions_start_the_list_afresh(desk: Desk) -> None:
    desk.world.exam()
    desk.refresh()
    less = Group("Radiologists", frozenset({Permission.RUN}))
    desk.world.users.save_group(less, an_event())
    desk.session.update(desk.world.actor("rad"))
    desk.runner.finish_all()
    assert not desk.presenter.state.sight.results
    assert isinstance(desk.listing(), NothingYet)


def test_after_signing_out_nothing_of_a_patient_is_left(desk: Desk) -> None:
    desk.world.exam()
    desk.refresh()
    desk.presenter.open_exam("exam-1")
    desk.runner.finish()
    desk.session.sign_out()
    desk.runner.finish_all()
    assert desk.rows.rowCount() == 0
    assert isinstance(desk.exam(), Closed)
    desk.presenter.refresh()
    assert desk.runner.held == []


def _raises(query: HistoryQuery) -> HistoryPage:
    raise StorageUnavailable("The history cannot be read.", hint="Try again.")
