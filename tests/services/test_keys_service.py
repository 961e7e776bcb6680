"""A person's own keys: kept for that person, and only sensible ones."""

from pathlib import Path

import pytest

from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied
from cxr_desktop.domain.keys import KeyStore
from cxr_desktop.domain.roles import User
from cxr_desktop.services.keys import MOST, ChooseKeys
from cxr_desktop.storage.keys import SqliteKeys
from tests.support.examples import an_event
from tests.support.fakes import MemoryKeys
from tests.support.people import database_of_people
from tests.support.world import World


@pytest.fixture(params=["memory", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> KeyStore:
    if request.param == "memory":
        return MemoryKeys()
    return SqliteKeys(database_of_people(tmp_path / "data"))


def test_each_person_has_keys_of_their_own(store: KeyStore) -> None:
    store.replace("doc", {"film.invert": "F2", "film.fit": ""})
    store.replace("rad", {"film.invert": "F3"})
    assert store.of("doc") == {"film.invert": "F2", "film.fit": ""}
    assert store.of("rad") == {"film.invert": "F3"}


def test_new_choices_take_the_place_of_all_earlier_ones(store: KeyStore) -> None:
    store.replace("doc", {"film.invert": "F2"})
    store.replace("doc", {"film.fit": "F4"})
    assert store.of("doc") == {"film.fit": "F4"}
    store.replace("doc", {})
    assert store.of("doc") == {}


def test_choices_go_to_the_one_who_chose_them(tmp_path: Path) -> None:
    world = World(tmp_path)
    keys = ChooseKeys(MemoryKeys(), world.access)
    keys.save(world.actor("doc"), {"film.invert": "F2"})
    assert keys.of(world.actor("doc")) == {"film.invert": "F2"}
    assert keys.of(world.actor("rad")) == {}


@pytest.mark.parametrize(
    "choices",
    [
        {"Film Invert": "F2"},
        {"": "F2"},
        {"film.invert": "F" * 65},
        {"film.invert": "\n"},
        {f"a{number}": "F2" for number in range(MOST + 1)},
    ],
)
def test_what_is_no_key_is_not_kept(tmp_path: Path, choices: dict[str, str]) -> None:
    world = World(tmp_path)
    keys = ChooseKeys(MemoryKeys(), world.access)
    with pytest.raises(InvalidRequest):
        keys.save(world.actor("doc"), choices)
    assert keys.of(world.actor("doc")) == {}


def test_an_account_that_is_gone_has_no_keys(tmp_path: Path) -> None:
    world = World(tmp_path)
    doc = world.actor("doc")
    world.users.update(User("doc", "Doc", "Doctors", disabled=True), an_event())
    with pytest.raises(PermissionDenied):
        ChooseKeys(MemoryKeys(), world.access).of(doc)
