"""Several people at the same moment: nothing is counted or decided twice."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest

from cxr_desktop.domain.errors import InvalidRequest, PermissionDenied, SignInRefused
from cxr_desktop.domain.roles import ADMINISTRATORS, Permission, User
from cxr_desktop.services.access import LOCK_AFTER, Access
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.users import SqliteUsers
from tests.support.engine_fakes import FakeClock
from tests.support.examples import an_event
from tests.support.fakes import PlainHasher

AT_ONCE = 8
PASSWORD = "four quiet winter trains"


class Meeting(PlainHasher):
    """Holds everybody at the hash until all are there, so that all have read before one writes."""

    def __init__(self, people: int) -> None:
        super().__init__()
        self._barrier = Barrier(people, timeout=20)

    def hash(self, password: str) -> str:
        """Wait for the others."""
        self._barrier.wait()
        return super().hash(password)


@pytest.fixture
def users(database: Database, door: Door) -> SqliteUsers:
    return SqliteUsers(database, door)


def access_over(users: SqliteUsers, database: Database, hasher: PlainHasher) -> Access:
    return Access(users, SqliteAuditLog(database), hasher, FakeClock())


def test_of_many_first_administrators_one_is_made(users: SqliteUsers, database: Database) -> None:
    access = access_over(users, database, Meeting(AT_ONCE))

    def create(number: int) -> str:
        try:
            return access.create_first_administrator(f"admin{number}", "", PASSWORD).name
        except InvalidRequest as refusal:
            return refusal.message

    with ThreadPoolExecutor(AT_ONCE) as pool:
        answers = list(pool.map(create, range(AT_ONCE)))
    assert answers.count("This program already has accounts.") == AT_ONCE - 1
    assert len(users.users()) == 1


def test_many_guesses_at_once_get_no_more_tries_than_one_after_the_other(
    users: SqliteUsers, database: Database
) -> None:
    access = access_over(users, database, PlainHasher())

    def guess(number: int) -> bool:
        with pytest.raises(SignInRefused) as caught:
            access.sign_in("nobody", f"guess number {number}")
        return "too many" not in str(caught.value)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        tries = sum(pool.map(guess, range(40)))
    assert tries == 3  # the clock stands still: three are free, then a pause
    assert users.failures("nobody")[0] == tries <= LOCK_AFTER


def test_two_administrators_cannot_shut_each_other_out(
    users: SqliteUsers, database: Database
) -> None:
    for name in ("one", "two"):
        users.add(User(name, "", ADMINISTRATORS), "x", an_event())
    access = access_over(users, database, PlainHasher())
    accounts = ManageAccounts(users, access, PlainHasher(), FakeClock())
    actors = {name: access.actor(name) for name in ("one", "two")}
    start = Barrier(2, timeout=20)

    def shut(me: str) -> bool:
        other = "two" if me == "one" else "one"
        start.wait()
        try:
            accounts.change(actors[me], other, denied=frozenset({Permission.MANAGE_USERS}))
        except (InvalidRequest, PermissionDenied):  # the last one, or no longer permitted
            return False
        return True

    with ThreadPoolExecutor(2) as pool:
        done = list(pool.map(shut, ("one", "two")))
    left = [u for u in users.users() if Permission.MANAGE_USERS in u.permissions(users.groups())]
    assert sum(done) == 1
    assert len(left) == 1
