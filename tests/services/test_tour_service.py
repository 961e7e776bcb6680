"""The tour is offered once to each person."""

from pathlib import Path

import pytest

from cxr_desktop.domain.errors import PermissionDenied
from cxr_desktop.domain.roles import User
from cxr_desktop.domain.tour import TourStore
from cxr_desktop.services.tour import OfferTour
from cxr_desktop.storage.tour import SqliteTours
from tests.support.examples import an_event
from tests.support.fakes import MemoryTours
from tests.support.people import database_of_people
from tests.support.world import World


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> TourStore:
    if request.param == "memory":
        return MemoryTours()
    return SqliteTours(database_of_people(tmp_path / "data"))


def test_who_ended_it_is_not_asked_again_and_nobody_else_is_meant(
    store: TourStore, tmp_path: Path
) -> None:
    world = World(tmp_path / "world")
    tour = OfferTour(store, world.access, world.clock)
    doc, rad = world.actor("doc"), world.actor("rad")
    assert tour.is_due(doc)
    tour.end(doc)
    tour.end(doc)
    assert not tour.is_due(doc)
    assert tour.is_due(rad)


def test_an_account_that_is_gone_is_offered_none(tmp_path: Path) -> None:
    world = World(tmp_path)
    doc = world.actor("doc")
    world.users.update(User("doc", "Doc", "Doctors", disabled=True), an_event())
    with pytest.raises(PermissionDenied):
        OfferTour(MemoryTours(), world.access, world.clock).is_due(doc)
