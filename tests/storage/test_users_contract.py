"""One contract for accounts and groups, held by the fake and by the database."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.ports import AuditLog, UserStore
from cxr_desktop.domain.roles import BUILT_IN_GROUPS, Emergency, Group, Permission, User
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.users import SqliteUsers
from tests.support.examples import NOON, an_event
from tests.support.fake_users import MemoryUsers
from tests.support.fakes import MemoryAudit

AMINA = User("Amina", "Dr Amina Rahman", "Radiologists")
ADDED = an_event(AuditAction.USER_ADDED, user="admin")
CHANGED = an_event(AuditAction.USER_CHANGED, user="admin")

Stores = tuple[UserStore, AuditLog]


@pytest.fixture(params=["memory", "sqlite"])
def stores(request: pytest.FixtureRequest) -> Stores:
    if request.param == "memory":
        audit = MemoryAudit()
        return MemoryUsers(audit), audit
    database: Database = request.getfixturevalue("database")
    door: Door = request.getfixturevalue("door")
    return SqliteUsers(database, door), SqliteAuditLog(database)


@pytest.fixture
def users(stores: Stores) -> UserStore:
    return stores[0]


def test_a_new_installation_has_the_built_in_groups_and_no_account(users: UserStore) -> None:
    assert users.is_empty()
    assert list(users.users()) == []
    assert list(users.groups()) == list(BUILT_IN_GROUPS)


def test_an_account_comes_back_as_it_was_added(users: UserStore) -> None:
    users.add(AMINA, "hash", ADDED)
    assert not users.is_empty()
    assert list(users.users()) == [AMINA]
    assert users.find("Amina") == AMINA
    assert users.password_hash("Amina") == "hash"


@pytest.mark.parametrize("name", ["amina", "AMINA", " Amina ", "Ａｍｉｎａ"])
def test_a_name_is_the_same_in_any_case_and_form(users: UserStore, name: str) -> None:
    users.add(AMINA, "hash", ADDED)
    assert users.find(name) == AMINA
    assert users.password_hash(name) == "hash"
    with pytest.raises(InvalidRequest):
        users.add(replace(AMINA, name=name), "other", ADDED)
    assert users.password_hash("Amina") == "hash"


def test_an_unknown_name_is_nobody(users: UserStore) -> None:
    assert users.find("nobody") is None
    assert users.known_as("nobody") is None
    assert users.password_hash("nobody") is None
    assert users.failures("nobody") == (0, 0.0)


def test_an_account_needs_a_known_group(stores: Stores) -> None:
    users, audit = stores
    with pytest.raises(InvalidRequest):
        users.add(replace(AMINA, group="Strangers"), "hash", ADDED)
    assert users.is_empty()
    assert audit.verify() == 0


def test_accounts_are_listed_by_name(users: UserStore) -> None:
    for name in ("zara", "Bilal", "amina"):
        users.add(User(name, "", "Doctors"), "hash", ADDED)
    assert [user.name for user in users.users()] == ["amina", "Bilal", "zara"]


def test_an_account_is_changed_but_keeps_its_name_and_password(users: UserStore) -> None:
    users.add(AMINA, "hash", ADDED)
    changed = User("AMINA", "A. Rahman", "Doctors", must_change_password=True)
    users.update(changed, CHANGED)
    assert users.find("amina") == replace(changed, name="Amina")
    assert users.password_hash("amina") == "hash"
    assert users.known_as("amina") == "Amina"


def test_who_is_disabled_loses_the_password_and_keeps_the_name(users: UserStore) -> None:
    users.add(AMINA, "hash", ADDED)
    users.update(replace(AMINA, disabled=True), CHANGED)
    assert users.password_hash("amina") is None
    assert users.known_as("AMINA") == "Amina"
    with pytest.raises(InvalidRequest, match="disabled"):
        users.set_password("amina", "new", must_change=True, event=CHANGED)
    users.update(AMINA, CHANGED)
    assert users.password_hash("amina") is None
    users.set_password("amina", "new", must_change=True, event=CHANGED)
    assert users.password_hash("amina") == "new"


def test_only_a_known_account_is_changed(stores: Stores) -> None:
    users, audit = stores
    users.add(AMINA, "hash", ADDED)
    with pytest.raises(InvalidRequest):
        users.update(replace(AMINA, name="nobody"), CHANGED)
    with pytest.raises(InvalidRequest):
        users.update(replace(AMINA, group="Strangers"), CHANGED)
    with pytest.raises(InvalidRequest):
        users.set_password("nobody", "new", must_change=False, event=CHANGED)
    assert list(users.users()) == [AMINA]
    assert audit.verify() == 1


@pytest.mark.parametrize("must_change", [True, False])
def test_a_password_is_replaced(users: UserStore, must_change: bool) -> None:
    users.add(replace(AMINA, must_change_password=not must_change), "hash", ADDED)
    users.set_password("amina", "new", must_change=must_change, event=CHANGED)
    assert users.password_hash("Amina") == "new"
    assert users.find("Amina") == replace(AMINA, must_change_password=must_change)


@pytest.mark.parametrize("name", ["amina", "someone unknown"])
def test_failures_are_remembered_for_any_name(users: UserStore, name: str) -> None:
    users.add(AMINA, "hash", ADDED)
    users.set_failures(name, 3, 1234.5)
    users.set_failures(name, 4, 1240.25)
    assert users.failures(name.upper()) == (4, 1240.25)
    users.set_failures(name, 0, 0.0)
    assert users.failures(name) == (0, 0.0)


def test_a_group_is_added_and_changed(users: UserStore) -> None:
    users.save_group(Group("Nurses", frozenset({Permission.RUN})), CHANGED)
    users.save_group(Group("Doctors", frozenset()), CHANGED)
    groups = {group.name: group.permissions for group in users.groups()}
    assert groups["Nurses"] == {Permission.RUN}
    assert groups["Doctors"] == frozenset()
    assert list(groups)[-1] == "Nurses"


def test_two_groups_cannot_differ_by_case_only(users: UserStore) -> None:
    with pytest.raises(InvalidRequest):
        users.save_group(Group("DOCTORS", frozenset()), CHANGED)
    assert list(users.groups()) == list(BUILT_IN_GROUPS)


def test_every_change_is_stored_with_its_event(stores: Stores) -> None:
    users, audit = stores
    users.add(AMINA, "hash", ADDED)
    users.update(AMINA, CHANGED)
    users.set_password("amina", "new", must_change=False, event=CHANGED)
    users.save_group(Group("Nurses", frozenset()), CHANGED)
    assert audit.verify() == 4


def test_own_permissions_come_back_and_can_be_taken_away(users: UserStore) -> None:
    own = replace(
        AMINA,
        granted=frozenset({Permission.VIEW_AUDIT, Permission.MANAGE_MODELS}),
        denied=frozenset({Permission.SEE_OTHERS}),
    )
    users.add(own, "hash", ADDED)
    assert users.find("AMINA") == own
    assert list(users.users()) == [own]
    users.update(replace(own, name="amina", granted=frozenset()), CHANGED)
    assert users.find("Amina") == replace(own, granted=frozenset())
    users.update(AMINA, CHANGED)
    assert users.find("Amina") == AMINA


def test_a_check_sees_what_would_be_and_its_refusal_undoes_everything(stores: Stores) -> None:
    users, audit = stores
    seen: list[tuple[list[str], list[str]]] = []

    def refuse(accounts: Sequence[User], groups: Sequence[Group]) -> None:
        seen.append(([user.group for user in accounts], [group.name for group in groups]))
        raise InvalidRequest("No.")

    users.add(AMINA, "hash", ADDED)
    before = (list(users.users()), list(users.groups()), audit.verify())
    changes: list[Callable[[], None]] = [
        lambda: users.add(User("eva", "", "Doctors"), "x", ADDED, check=refuse),
        lambda: users.update(replace(AMINA, group="Doctors"), CHANGED, check=refuse),
        lambda: users.save_group(Group("Nurses", frozenset()), CHANGED, check=refuse),
    ]
    for change in changes:
        with pytest.raises(InvalidRequest, match=r"No\."):
            change()
        assert (list(users.users()), list(users.groups()), audit.verify()) == before
    assert [sorted(groups) for groups, _ in seen] == [
        ["Doctors", "Radiologists"], ["Doctors"], ["Radiologists"]
    ]  # fmt: skip
    assert "Nurses" in seen[2][1]


def test_the_latest_emergency_access_counts(stores: Stores) -> None:
    users, audit = stores
    users.add(AMINA, "hash", ADDED)
    first, second = (
        Emergency(NOON + timedelta(hours=n), NOON + timedelta(hours=n + 1)) for n in (0, 5)
    )
    for emergency in (first, second):
        users.begin_emergency("AMINA", emergency, CHANGED)
    assert users.find("amina") == replace(AMINA, emergency=second)
    assert list(users.users()) == [replace(AMINA, emergency=second)]
    assert audit.verify() == 3
    with pytest.raises(InvalidRequest):
        users.begin_emergency("nobody", first, CHANGED)


def ten_seconds_after_two(failures: int) -> float:
    return 10.0 if failures >= 2 else 0.0


def test_a_failure_is_counted_unless_a_pause_runs(users: UserStore) -> None:
    assert users.note_failure("amina", 100.0, ten_seconds_after_two) == (1, 0.0)
    assert users.note_failure("AMINA", 100.0, ten_seconds_after_two) == (2, 0.0)
    assert users.note_failure("amina", 104.0, ten_seconds_after_two) == (2, 6.0)
    assert users.failures("amina") == (2, 100.0)
    assert users.note_failure("amina", 110.0, ten_seconds_after_two) == (3, 0.0)


def test_a_clock_set_back_starts_the_pause_anew(users: UserStore) -> None:
    users.set_failures("amina", 2, 1000.0)
    assert users.note_failure("amina", 50.0, ten_seconds_after_two) == (2, 10.0)
    assert users.note_failure("amina", 55.0, ten_seconds_after_two) == (2, 5.0)
    assert users.note_failure("amina", 60.0, ten_seconds_after_two) == (3, 0.0)
