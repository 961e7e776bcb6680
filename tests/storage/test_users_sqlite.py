import pytest
from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.roles import Permission, User
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.users import SqliteUsers
from tests.support.examples import an_event


def test_a_name_that_failed_is_not_written_down(door: Door) -> None:
    door.set_failures("my-secret-password", 1, 5.0)
    with door.write() as db:
        assert "secret" not in str(db.execute("SELECT * FROM failures").fetchall())


def test_failures_outlive_the_program(paths: DataPaths, door: Door) -> None:
    door.set_failures("amina", 7, 5.0)
    assert Door.open(paths).failures("amina") == (7, 5.0)


def test_an_account_is_never_deleted(database: Database, door: Door) -> None:
    SqliteUsers(database, door).add(User("amina", "", "Doctors"), "hash", an_event())
    with pytest.raises(sqlite.IntegrityError, match="never deleted"), database.write() as db:
        db.execute("DELETE FROM users")


def test_groups_of_an_older_database_that_manage_users_get_log_and_backups(
    paths: DataPaths, door: Door
) -> None:
    old = Database.open(paths, migrations=MIGRATIONS[:1])
    with old.write() as db:
        db.execute("INSERT INTO groups (name, name_key) VALUES ('IT', 'it')")
        db.execute("INSERT INTO group_permissions VALUES ('IT', 'manage_users')")
    groups = {g.name: g.permissions for g in SqliteUsers(Database.open(paths), door).groups()}
    assert groups["IT"] == {
        Permission.MANAGE_USERS,
        Permission.VIEW_AUDIT,
        Permission.MANAGE_BACKUPS,
    }
    assert groups["Administrators"] >= {Permission.VIEW_AUDIT, Permission.MANAGE_BACKUPS}
    assert Permission.VIEW_AUDIT not in groups["Radiologists"]


def test_whoever_saw_answers_goes_on_seeing_them_at_once_but_the_radiologists(
    paths: DataPaths, door: Door
) -> None:
    old = Database.open(paths, migrations=MIGRATIONS[:6])
    with old.write() as db:
        db.execute("INSERT INTO groups (name, name_key) VALUES ('Residents', 'residents')")
        db.execute("INSERT INTO group_permissions VALUES ('Residents', 'see_result')")
    groups = SqliteUsers(Database.open(paths), door).groups()
    at_once = {group.name for group in groups if Permission.SEE_AT_ONCE in group.permissions}
    assert at_once == {"Doctors", "Administrators", "Residents"}


def test_in_an_older_database_the_groups_that_see_every_exam_get_to_sign_reports(
    paths: DataPaths, door: Door
) -> None:
    assert _signing(Database.open(paths, migrations=MIGRATIONS[:13]), door) == set()
    assert _signing(Database.open(paths), door) == {"Radiologists", "Administrators"}


def _signing(database: Database, door: Door) -> set[str]:
    groups = SqliteUsers(database, door).groups()
    return {group.name for group in groups if Permission.SIGN in group.permissions}
