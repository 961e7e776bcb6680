"""Admin, Audit log: filters, paging, Verify and Export."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QDate, QModelIndex
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.ui.screens.admin.audit.presenter import PAGE, AuditPresenter
from cxr_desktop.ui.screens.admin.audit.state import LoadFailed
from cxr_desktop.ui.screens.admin.audit.view import ANY_DAY, AuditView
from cxr_desktop.ui.session import Session
from tests.support.examples import NOON, an_event
from tests.support.held_runner import HeldRunner
from tests.support.world import World


class Tab:
    """The tab over a hospital in memory."""

    def __init__(self, world: World, qtbot: QtBot, person: str = "admin") -> None:
        self.world, self.runner, self.session = world, HeldRunner(), Session()
        self.session.sign_in(world.actor(person))
        self.presenter = AuditPresenter(world.audit_trail, self.runner, self.session)
        self.view = AuditView(self.presenter)
        qtbot.addWidget(self.view)
        self.view.resize(900, 600)
        self.view.show()
        self.runner.finish_all()

    def column(self, number: int) -> list[str]:
        """Return a column as it is shown."""
        model = self.view.table.model()
        return [str(model.index(row, number).data()) for row in range(model.rowCount())]


@pytest.fixture
def tab(qtbot: QtBot, world: World) -> Iterator[Tab]:
    for number in range(6):
        action = AuditAction.SIGN_IN_FAILED if number % 2 else AuditAction.EXAM_VIEWED
        user = "doc" if number < 4 else "rad"
        time = NOON + timedelta(days=number)
        world.audit.append(an_event(action, user=user, subject=f"s{number}", time=time, n="1"))
    made = Tab(world, qtbot)
    yield made
    made.view.close()


def test_events_are_listed_newest_first_with_their_words(tab: Tab) -> None:
    assert tab.column(4) == ["view", "s5", "s4", "s3", "s2", "s1", "s0"]
    assert tab.column(3)[:3] == ["Audit log used", "Sign in failed", "Exam viewed"]
    assert tab.column(5)[1] == "n: 1"
    assert tab.view.said.text() == "7 events"


def test_the_list_is_narrowed_by_event_user_and_day(tab: Tab) -> None:
    tab.view.action.setCurrentText("Sign in failed")
    tab.runner.finish_all()
    assert tab.column(4) == ["s5", "s3", "s1"]
    tab.view.user.setText("DOC")
    tab.view.narrow()
    tab.runner.finish_all()
    assert tab.column(4) == ["s3", "s1"]
    local: date = (NOON + timedelta(days=1)).astimezone().date()
    tab.view.day.setDate(QDate(local.year, local.month, local.day))
    tab.runner.finish_all()
    assert tab.column(4) == ["s1"]
    tab.view.any_day.click()
    tab.runner.finish_all()
    assert tab.column(4) == ["s3", "s1"]
    assert tab.view.day.date() == ANY_DAY
    assert tab.view.day.text() == "Any day"


def test_older_events_are_read_at_the_end_of_the_list(qtbot: QtBot, world: World) -> None:
    for number in range(PAGE + 5):
        world.audit.append(an_event(subject=str(number)))
    tab = Tab(world, qtbot)
    model = tab.view.table.model()
    assert "scroll down" in tab.view.said.text()
    assert len(set(tab.column(0))) == model.rowCount()
    while model.canFetchMore(QModelIndex()):
        model.fetchMore(QModelIndex())
        tab.runner.finish_all()
    assert tab.column(4)[-1] == "0"
    assert len(set(tab.column(0))) == model.rowCount() == PAGE + 6
    assert tab.view.said.text() == f"{PAGE + 6} events"


def test_verify_shows_how_many_events_and_the_seal(tab: Tab) -> None:
    tab.view.verify.click()
    assert not tab.view.verify.isEnabled()
    tab.runner.finish_all()
    assert f"7 events, none changed. Seal: 7-{tab.world.audit.hashes[6][:16]}" in (
        tab.view.notice.text
    )
    assert tab.view.verify.isEnabled()


def test_a_changed_log_is_said(tab: Tab) -> None:
    tab.world.audit.hashes[2] = "0" * 64
    tab.view.verify.click()
    tab.runner.finish_all()
    assert "was changed" in tab.view.notice.text


def test_what_matches_is_exported(tab: Tab, tmp_path: Path) -> None:
    tab.view.action.setCurrentText("Sign in failed")
    tab.runner.finish_all()
    target = tmp_path / "log.csv"
    tab.presenter.export(target)
    tab.runner.finish_all()
    assert len(target.read_text(encoding="utf-8-sig").splitlines()) == 4
    assert tab.view.notice.text == "3 events were written to “log.csv”."
    tab.presenter.export(target)
    tab.runner.finish_all()
    assert "already" in tab.view.notice.text


def test_who_may_not_is_refused_by_the_service(qtbot: QtBot, world: World) -> None:
    tab = Tab(world, qtbot, "doc")
    assert isinstance(tab.presenter.state, LoadFailed)
    assert tab.column(0) == []
    assert not tab.view.verify.isEnabled()


def test_text_from_outside_stays_text_in_a_tool_tip(qtbot: QtBot, world: World) -> None:
    world.audit.append(an_event(subject="<b>bold</b>"))
    tab = Tab(world, qtbot)
    tip = tab.view.table.model().index(1, 4).data(3)
    assert tip == "<span>&lt;b&gt;bold&lt;/b&gt;</span>"


def test_a_late_answer_to_an_older_filter_is_dropped(tab: Tab) -> None:
    tab.view.action.setCurrentText("Sign in failed")
    tab.runner.work(0)
    tab.view.action.setCurrentText("Exam viewed")
    tab.runner.finish(1)
    tab.runner.finish(0)
    assert tab.column(4) == ["s4", "s2", "s0"]


def test_the_time_is_that_of_the_place(tab: Tab) -> None:
    shown = datetime.strptime(tab.column(1)[-1], "%Y-%m-%d %H:%M:%S").astimezone()
    assert shown == NOON
