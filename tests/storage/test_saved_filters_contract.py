"""One contract for saved filters, held by the fake and by the database."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.review import Agreement
from cxr_desktop.domain.saved_filters import Filters, SavedFilter, SavedFilterStore
from cxr_desktop.storage.saved_filters import SqliteSavedFilters
from tests.support.fakes import MemorySavedFilters
from tests.support.people import database_of_people

FULL = Filters(
    "محمد", Verdict.ABNORMAL, "rad", date(2026, 1, 1), date(2026, 2, 1), False, Agreement.OPEN
)


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> SavedFilterStore:
    if request.param == "memory":
        return MemorySavedFilters()
    return SqliteSavedFilters(database_of_people(tmp_path / "data"))


def test_filters_come_back_as_they_were_by_name(store: SavedFilterStore) -> None:
    second, first = SavedFilter("old ones", Filters(reviewed=True)), SavedFilter("All mine", FULL)
    store.put("rad", second)
    store.put("rad", first)
    assert list(store.of("rad")) == [first, second]
    assert list(store.of("doc")) == []


def test_a_name_stands_once_whatever_its_case(store: SavedFilterStore) -> None:
    store.put("rad", SavedFilter("mine", FULL))
    store.put("rad", SavedFilter("MINE", Filters(text="a")))
    assert list(store.of("rad")) == [SavedFilter("MINE", Filters(text="a"))]


def test_a_removed_one_is_gone_for_its_owner_only(store: SavedFilterStore) -> None:
    for user in ("rad", "doc"):
        store.put(user, SavedFilter("mine", FULL))
    store.remove("rad", "Mine")
    store.remove("rad", "never there")
    assert (len(store.of("rad")), len(store.of("doc"))) == (0, 1)
