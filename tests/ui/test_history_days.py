"""The days of the filter are those on the wall where the program runs."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest
from PySide6.QtCore import QDate
from pytestqt.qtbot import QtBot

from cxr_desktop.domain.saved_filters import Filters
from cxr_desktop.ui.screens.history.filter_bar import FilterBar
from cxr_desktop.ui.screens.history.state import HistoryState, Order, query_for

TODAY = date(2026, 3, 9)


@pytest.fixture
def karachi(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not hasattr(time, "tzset"):
        pytest.skip("this system cannot change its time zone for one process")
    with monkeypatch.context() as patch:
        patch.setenv("TZ", "XKT-5")
        time.tzset()
        yield
    time.tzset()


@pytest.mark.usefixtures("karachi")
def test_a_day_is_a_local_day() -> None:
    filters = Filters(first_day=date(2026, 3, 2), last_day=date(2026, 3, 2))
    query = query_for(filters, Order(), offset=0, limit=10)
    assert query.since == datetime(2026, 3, 1, 19, tzinfo=UTC)
    assert query.before == datetime(2026, 3, 2, 19, tzinfo=UTC)


def test_no_day_is_no_bound() -> None:
    query = query_for(Filters(), Order(), offset=0, limit=10)
    assert (query.since, query.before) == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "said"),
    [
        (None, None, "Any time"),
        (TODAY, TODAY, "Today"),
        (date(2026, 3, 3), TODAY, "Last 7 days"),
        (date(2026, 2, 8), TODAY, "Last 30 days"),
        (date(2026, 2, 1), date(2026, 2, 3), "Choose days…"),
        (date(2026, 3, 8), date(2026, 3, 8), "Choose days…"),
    ],
)
def test_days_of_saved_filters_stand_in_the_box(
    qtbot: QtBot, first: date | None, last: date | None, said: str
) -> None:
    bar = FilterBar(lambda: TODAY)
    qtbot.addWidget(bar)
    with qtbot.assertNotEmitted(bar.days_changed):
        bar.render_state(HistoryState(filters=Filters(first_day=first, last_day=last)))
    assert bar.period.currentText() == said
    assert bar.first.isVisibleTo(bar) == (said == "Choose days…")
    if first is not None and last is not None and said == "Choose days…":
        shown = bar.first.date(), bar.last.date()
        assert shown == tuple(QDate(day.year, day.month, day.day) for day in (first, last))


def test_days_chosen_the_wrong_way_round_stay_as_they_were_typed(qtbot: QtBot) -> None:
    bar = FilterBar(lambda: TODAY)
    qtbot.addWidget(bar)
    bar.period.setCurrentText("Choose days…")
    bar.first.setDate(QDate(2026, 2, 5))
    bar.last.setDate(QDate(2026, 2, 2))
    turned = Filters(first_day=date(2026, 2, 2), last_day=date(2026, 2, 5))
    bar.render_state(HistoryState(filters=turned))
    assert (bar.first.date(), bar.last.date()) == (QDate(2026, 2, 5), QDate(2026, 2, 2))
