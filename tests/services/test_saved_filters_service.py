from pathlib import Path

import pytest

from cxr_desktop.domain.assessment import Verdict
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.saved_filters import MOST_SAVED, Filters
from tests.support.world import World

ABNORMAL = Filters(verdict=Verdict.ABNORMAL)


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def test_each_person_keeps_and_removes_their_own(world: World) -> None:
    kept = world.saved_filters.keep(world.actor("rad"), "  to check\n", ABNORMAL)
    assert [(one.name, one.filters) for one in kept] == [("to check", ABNORMAL)]
    assert world.saved_filters.all(world.actor("doc")) == ()
    world.saved_filters.remove(world.actor("doc"), "to check")
    assert len(world.saved_filters.all(world.actor("rad"))) == 1
    assert world.saved_filters.remove(world.actor("rad"), "To check") == ()


@pytest.mark.parametrize("name", ["", "  ", "x" * 61])
def test_a_name_that_cannot_be_is_a_sentence(world: World, name: str) -> None:
    with pytest.raises(InvalidRequest, match="1 to 60"):
        world.saved_filters.keep(world.actor("rad"), name, ABNORMAL)


def test_there_is_an_end_to_how_many_but_any_can_be_replaced(world: World) -> None:
    rad = world.actor("rad")
    for number in range(MOST_SAVED):
        world.saved_filters.keep(rad, f"filter {number}", ABNORMAL)
    with pytest.raises(InvalidRequest, match="already"):
        world.saved_filters.keep(rad, "one more", ABNORMAL)
    kept = world.saved_filters.keep(rad, "FILTER 3", Filters(text="a"))
    assert len(kept) == MOST_SAVED
