"""The days of the filter are those on the wall where the program runs."""

import time
from collections.abc import Iterator
from datetime import UTC, date, datetime

import pytest

from cxr_desktop.domain.saved_filters import Filters
from cxr_desktop.ui.screens.history.state import Order, query_for


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
