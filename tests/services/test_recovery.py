from dataclasses import replace
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest, PasswordRefused, SignInRefused
from cxr_desktop.domain.roles import ADMINISTRATORS, User
from cxr_desktop.services.access import LOCK_AFTER
from cxr_desktop.services.recovery import LETTERS, RecoverAccess
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.recovery import SqliteRecovery
from cxr_desktop.storage.users import SqliteUsers
from tests.support.examples import an_event
from tests.support.world import PASSWORD, World

NEW = "seven loud summer boats"


@pytest.fixture(params=["memory", "sqlite"])
def world(request: pytest.FixtureRequest, tmp_path: Path) -> World:
    made = World(tmp_path)
    if request.param == "sqlite":
        paths = DataPaths(tmp_path / "data")
        paths.prepare()
        database, door = Database.open(paths), Door.open(paths)
        users, audit = SqliteUsers(database, door), SqliteAuditLog(database)
        users.add(User("admin", "Admin", ADMINISTRATORS), made.hasher.hash(PASSWORD), an_event())
        users.add(User("doc", "", "Doctors"), made.hasher.hash(PASSWORD), an_event())
        made.access._users, made.access._audit = users, audit
        made.recovery = RecoverAccess(
            SqliteRecovery(database, door), users, made.access, audit, made.hasher, made.clock
        )
    return made


def test_a_key_is_six_groups_of_letters_that_are_not_mixed_up(world: World) -> None:
    keys = {world.recovery.make_key(world.actor("admin")) for _ in range(20)}
    assert len(keys) == 20
    for key in keys:
        groups = key.split("-")
        assert [len(group) for group in groups] == [5] * 6
        assert set("".join(groups)) <= set(LETTERS)


def test_the_key_sets_an_administrators_password_and_is_renewed(world: World) -> None:
    key = world.recovery.make_key(world.actor("admin"))
    actor, following = world.recovery.reset(f" {key.lower().replace('-', ' ')} ", "ADMIN", NEW)
    assert actor.name == "admin"
    assert world.access.sign_in("admin", NEW).name == "admin"
    with pytest.raises(SignInRefused):
        world.access.sign_in("admin", PASSWORD)
    with pytest.raises(SignInRefused, match="not the recovery key"):
        world.recovery.reset(key, "admin", NEW)
    world.recovery.reset(following, "admin", PASSWORD)


def test_a_locked_out_administrator_gets_in_at_once(world: World) -> None:
    key = world.recovery.make_key(world.actor("admin"))
    for _ in range(3):
        with pytest.raises(SignInRefused):
            world.access.sign_in("admin", "wrong guess entirely")
    world.recovery.reset(key, "admin", NEW)
    assert world.access.sign_in("admin", NEW).name == "admin"


def test_it_is_noted_and_neither_key_nor_password_is(tmp_path: Path) -> None:
    world = World(tmp_path)
    key = world.recovery.make_key(world.actor("admin"))
    world.recovery.reset(key, "admin", NEW)
    assert world.actions() == [
        AuditAction.RECOVERY_KEY_MADE,
        AuditAction.RECOVERY_KEY_USED,
        AuditAction.RECOVERY_KEY_MADE,
    ]
    assert world.audit.log[1].subject == "admin"
    noted = repr(world.audit.log)
    assert NEW not in noted
    assert all(group not in noted for group in key.split("-"))


def test_a_disabled_administrator_is_enabled(tmp_path: Path) -> None:
    world = World(tmp_path)
    key = world.recovery.make_key(world.actor("admin"))
    world.users.update(replace(world.actor("admin").user, disabled=True), an_event())
    world.recovery.reset(key, "admin", NEW)
    assert world.access.sign_in("admin", NEW).name == "admin"


@pytest.mark.parametrize("mistake", [(0, "?"), (3, "0"), (7, "x"), (None, "")])
def test_a_mistyped_key_costs_no_attempt(world: World, mistake: tuple[int | None, str]) -> None:
    key = world.recovery.make_key(world.actor("admin"))
    at, letter = mistake
    other = "A" if at is not None and key[at] != "A" else "B"
    typed = (
        key[:-1] if at is None else key[:at] + (other if letter == "x" else letter) + key[at + 1 :]
    )
    for _ in range(12):
        with pytest.raises(InvalidRequest, match="not typed as it is on the paper"):
            world.recovery.reset(typed, "admin", NEW)
    world.recovery.reset(key, "admin", NEW)


def test_guessing_keys_is_paused_like_guessing_passwords(world: World) -> None:
    other = World(world.folder)
    wrong = other.recovery.make_key(other.actor("admin"))
    world.recovery.make_key(world.actor("admin"))
    tries = 0
    for _ in range(1000):
        with pytest.raises(SignInRefused) as caught:
            world.recovery.reset(wrong, "admin", NEW)
        tries += "too many" not in str(caught.value)
        world.clock.forward(0.9)
    assert tries == LOCK_AFTER


def test_only_an_administrators_account_is_recovered(world: World) -> None:
    key = world.recovery.make_key(world.actor("admin"))
    for name in ("doc", "nobody"):
        with pytest.raises(InvalidRequest, match="no administrator's account"):
            world.recovery.reset(key, name, NEW)
    with pytest.raises(PasswordRefused):
        world.recovery.reset(key, "admin", "short")
    world.recovery.reset(key, "admin", NEW)  # it still counts


def test_without_a_key_there_is_nothing_to_guess(world: World) -> None:
    other = World(world.folder)
    with pytest.raises(SignInRefused):
        world.recovery.reset(other.recovery.make_key(other.actor("admin")), "admin", NEW)
