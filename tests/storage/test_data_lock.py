"""Who has a password has the key, and nobody else: over real files."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction, AuditEvent
from cxr_desktop.domain.errors import InvalidRequest, SignInRefused, StorageUnavailable
from cxr_desktop.domain.roles import ADMINISTRATORS
from cxr_desktop.services.access import Access
from cxr_desktop.services.accounts import ManageAccounts
from cxr_desktop.services.recovery import RecoverAccess
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.connection import is_encrypted
from cxr_desktop.storage.data_lock import DataLock
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.recovery import SqliteRecovery
from cxr_desktop.storage.sealed import seal
from cxr_desktop.storage.users import SqliteUsers
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.waiting_events import AuditAtTheDoor
from cxr_desktop.storage.wraps import wrap_key
from tests.support.examples import an_event
from tests.support.locked import CHEAP

PASSWORD = "four quiet winter trains"
OTHER = "seven loud summer boats"
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)


class Folder:
    """What `bootstrap.build` puts together for accounts, over one data folder."""

    def __init__(self, root: Path) -> None:
        self.paths = DataPaths(root)
        self.paths.prepare()
        self.door, self.vault = Door.open(self.paths), Vault()
        self.database = Database(self.paths.database, key=self.vault.database_key)
        self.users = SqliteUsers(self.database, self.door)
        self.log = SqliteAuditLog(self.database)
        self.lock = DataLock(self.vault, self.database, self.door, lambda: NOW, CHEAP)
        audit = AuditAtTheDoor(self.log, self.door, self.vault)
        self.access = Access(self.users, audit, self.lock, lambda: NOW)
        self.accounts = ManageAccounts(self.users, self.access, self.lock, lambda: NOW)
        self.recovery = RecoverAccess(
            SqliteRecovery(self.database, self.door),
            self.users,
            self.access,
            audit,
            self.lock,
            lambda: NOW,
        )

    def actions(self) -> list[AuditAction]:
        return [event.action for event in reversed(self.log.events())]


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    made = Folder(tmp_path / "data")
    ada = made.access.create_first_administrator("Ada", "", PASSWORD)
    made.accounts.add(ada, "doc", "", "Doctors", OTHER)
    made.access.sign_out(ada)
    return made


def test_the_first_account_makes_an_encrypted_database(folder: Folder) -> None:
    assert is_encrypted(folder.paths.database)
    with pytest.raises(StorageUnavailable, match="damaged"):
        Database.open(folder.paths)


def test_after_the_last_sign_out_the_key_is_gone(folder: Folder) -> None:
    assert not folder.vault.is_open
    with pytest.raises(StorageUnavailable, match="locked"):
        folder.users.users()
    ada = folder.access.sign_in("ada", PASSWORD)
    doc = folder.access.sign_in("DOC", OTHER)
    folder.access.sign_out(ada)
    assert folder.users.find("doc") is not None
    folder.access.sign_out(doc)
    assert not folder.vault.is_open


def test_a_window_that_is_unlocked_again_is_still_left_by_one_sign_out(folder: Folder) -> None:
    ada = folder.access.sign_in("ada", PASSWORD)
    folder.access.unlock(ada, PASSWORD)
    with pytest.raises(SignInRefused):
        folder.access.unlock(ada, OTHER)
    assert folder.vault.is_open
    folder.access.sign_out(ada)
    assert not folder.vault.is_open


def test_a_sign_out_that_comes_late_leaves_the_key_to_who_is_in_again(folder: Folder) -> None:
    first = folder.access.sign_in("ada", PASSWORD)
    folder.access.sign_in("ADA", PASSWORD)
    folder.access.sign_out(first)
    assert folder.vault.is_open


def test_a_wrong_password_opens_nothing(folder: Folder) -> None:
    for name, password in (("ada", OTHER), ("doc", PASSWORD), ("nobody", PASSWORD)):
        with pytest.raises(SignInRefused):
            folder.access.sign_in(name, password)
        assert not folder.vault.is_open


def test_a_new_password_wraps_the_same_key_and_the_old_one_opens_nothing(folder: Folder) -> None:
    ada = folder.access.sign_in("ada", PASSWORD)
    before = folder.paths.database.read_bytes()[:16]  # SQLCipher's salt: a new file has another
    folder.access.change_password(ada, PASSWORD, OTHER)
    folder.access.sign_out(ada)
    with pytest.raises(SignInRefused):
        folder.access.sign_in("ada", PASSWORD)
    folder.access.sign_in("ada", OTHER)
    assert folder.paths.database.read_bytes()[:16] == before


def test_who_is_disabled_holds_no_wrapped_key(folder: Folder) -> None:
    ada = folder.access.sign_in("ada", PASSWORD)
    folder.accounts.change(ada, "doc", disabled=True)
    assert folder.door.wrapped("doc") is None
    with pytest.raises(SignInRefused):
        folder.access.sign_in("doc", OTHER)
    folder.accounts.change(ada, "doc", disabled=False)
    with pytest.raises(SignInRefused):
        folder.access.sign_in("doc", OTHER)
    folder.accounts.set_password(ada, "doc", PASSWORD)
    assert folder.access.sign_in("doc", PASSWORD).user.must_change_password


def test_a_wrap_without_an_account_lets_nobody_in(folder: Folder) -> None:
    ada = folder.access.sign_in("ada", PASSWORD)
    with folder.door.write() as door:
        door.execute(
            "INSERT INTO keys VALUES ('eve', 'eve', ?)",
            (wrap_key(folder.vault.master, OTHER, CHEAP),),
        )
    folder.access.sign_out(ada)
    with pytest.raises(SignInRefused):
        folder.access.sign_in("eve", OTHER)
    assert not folder.vault.is_open


def test_the_recovery_key_opens_the_folder_for_who_then_has_the_password(folder: Folder) -> None:
    ada = folder.access.sign_in("ada", PASSWORD)
    key = folder.recovery.make_key(ada)
    folder.access.sign_out(ada)
    again, following = folder.recovery.reset(key, "ada", OTHER)
    assert folder.users.find("ada") is not None
    folder.access.sign_out(again)
    assert not folder.vault.is_open
    with pytest.raises(SignInRefused):
        folder.recovery.reset(key, "ada", PASSWORD)
    assert folder.recovery.reset(following, "ada", PASSWORD)[0].name == "Ada"


def test_a_refused_recovery_leaves_the_folder_locked(folder: Folder) -> None:
    ada = folder.access.sign_in("ada", PASSWORD)
    key = folder.recovery.make_key(ada)
    folder.access.sign_out(ada)
    with pytest.raises(InvalidRequest, match="no administrator"):
        folder.recovery.reset(key, "doc", PASSWORD)
    assert not folder.vault.is_open


def test_a_wrap_from_a_cheaper_time_is_renewed_at_the_sign_in(folder: Folder) -> None:
    before = folder.door.wrapped("ada")
    folder.access._hasher = DataLock(folder.vault, folder.database, folder.door, lambda: NOW)
    folder.access.sign_in("ada", PASSWORD)
    after = folder.door.wrapped("ada")
    assert before != after
    assert str(after).startswith("cxr-wrap-1$65536$3$")


def test_guesses_while_locked_are_in_the_log_after_the_next_sign_in(folder: Folder) -> None:
    for name in ("ADA", "nobody", "doc"):
        with pytest.raises(SignInRefused):
            folder.access.sign_in(name, "wrong guess entirely")
    assert b"sign_in_failed" not in folder.paths.keys.read_bytes()
    folder.access.sign_in("ada", PASSWORD)
    failed = [e for e in folder.log.events() if e.action is AuditAction.SIGN_IN_FAILED]
    assert [event.user for event in reversed(failed)] == ["Ada", "(unknown)", "doc"]
    assert folder.door.pending() == []
    assert folder.log.verify() == len(folder.log.events())


def waiting(folder: Folder, count: int) -> None:
    for _ in range(count):
        AuditAtTheDoor(folder.log, folder.door, folder.vault).append(
            an_event(AuditAction.SIGN_IN_FAILED, user="doc")
        )


def test_events_are_taken_once_when_the_end_came_before_they_could_be_dropped(
    folder: Folder,
) -> None:
    waiting(folder, 3)
    kept = folder.door.pending()
    folder.access.sign_out(folder.access.sign_in("ada", PASSWORD))
    with folder.door.write() as door:
        for number, sealed in kept:
            door.execute("INSERT INTO pending VALUES (?, ?)", (number, sealed))
    waiting(folder, 1)
    folder.access.sign_in("ada", PASSWORD)
    assert folder.actions().count(AuditAction.SIGN_IN_FAILED) == 4
    assert AuditAction.SECURITY_ALERT not in folder.actions()


@pytest.mark.parametrize(
    ("deed", "detail"),
    [
        ("DELETE FROM pending WHERE seq = 2", {"missing": "1"}),
        ("UPDATE pending SET sealed = x'00' WHERE seq = 2", {"not readable": "1"}),
        ("UPDATE pending SET sealed = (SELECT zeroblob(99)) WHERE seq = 2", {"not readable": "1"}),
    ],
)
def test_who_takes_waiting_events_away_is_noted(
    folder: Folder, deed: str, detail: dict[str, str]
) -> None:
    waiting(folder, 3)
    with folder.door.write() as door:
        door.execute(deed)
    folder.access.sign_in("ada", PASSWORD)
    (alert,) = [e for e in folder.log.events() if e.action is AuditAction.SECURITY_ALERT]
    assert alert.detail == detail
    assert folder.actions().count(AuditAction.SIGN_IN_FAILED) == 2


def test_a_sealed_text_that_is_no_event_is_noted(folder: Folder) -> None:
    public = folder.door.public()
    assert public is not None
    for body in ("{", json.dumps(["never_heard_of", "a", "b", "c", {}])):
        folder.door.put_away(seal(public, body.encode()))
    folder.access.sign_in("ada", PASSWORD)
    assert folder.actions().count(AuditAction.SECURITY_ALERT) == 2


def test_a_making_that_was_cut_off_before_the_account_is_made_again(tmp_path: Path) -> None:
    cut = Folder(tmp_path / "data")
    cut.lock.begin("ada")
    again = Folder(tmp_path / "data")
    assert again.access.needs_first_administrator()
    again.access.create_first_administrator("ada", "", PASSWORD)
    assert again.access.sign_in("ada", PASSWORD).user.group == ADMINISTRATORS
    assert (tmp_path / "data" / "history.sqlite3.unfinished-1").exists()


def test_a_folder_with_accounts_is_never_begun_anew(folder: Folder) -> None:
    before = folder.paths.database.read_bytes()
    with pytest.raises(InvalidRequest, match="already has accounts"):
        folder.lock.begin("eve")
    assert not folder.vault.is_open
    assert folder.paths.database.read_bytes() == before


def test_a_refused_first_account_leaves_no_key_in_memory(tmp_path: Path) -> None:
    made = Folder(tmp_path / "data")

    class Full(SqliteUsers):
        def add(self, *_: object, **__: object) -> None:
            raise StorageUnavailable("The disk is full.")

    made.access._users = Full(made.database, made.door)
    with pytest.raises(StorageUnavailable):
        made.access.create_first_administrator("ada", "", PASSWORD)
    assert not made.vault.is_open


def test_a_damaged_database_is_found_at_the_sign_in_and_the_key_is_not_kept(
    folder: Folder,
) -> None:
    content = bytearray(folder.paths.database.read_bytes())
    content[5 * 4096 + 100] ^= 1
    folder.paths.database.write_bytes(content)
    with pytest.raises(StorageUnavailable, match="damaged"):
        folder.access.sign_in("ada", PASSWORD)
    assert not folder.vault.is_open


def test_a_lost_door_is_put_back_from_its_copy(folder: Folder) -> None:
    folder.access.sign_out(folder.access.sign_in("ada", PASSWORD))
    copy = folder.paths.backups / "keys.sqlite3"
    folder.paths.keys.write_bytes(copy.read_bytes())
    again = Folder(folder.paths.root)
    assert again.access.sign_in("doc", OTHER).name == "doc"


def test_a_copy_of_the_door_that_cannot_be_kept_keeps_nobody_out(folder: Folder) -> None:
    for path in folder.paths.backups.iterdir():
        path.unlink()
    folder.paths.backups.rmdir()
    folder.paths.backups.write_text("in the way")
    assert folder.access.sign_in("ada", PASSWORD).name == "Ada"


@pytest.mark.parametrize("left", [None, b"", b"SQLite format 3\0" + bytes(5000)])
def test_accounts_without_their_database_get_no_new_one(folder: Folder, left: bytes | None) -> None:
    folder.paths.database.unlink()
    if left is not None:
        folder.paths.database.write_bytes(left)
    with pytest.raises(StorageUnavailable, match="missing"):
        folder.access.sign_in("ada", PASSWORD)
    assert not folder.vault.is_open
    assert folder.paths.database.exists() is (left is not None)


def test_an_event_before_the_first_account_has_no_log_to_go_to(tmp_path: Path) -> None:
    made = Folder(tmp_path / "data")
    event = AuditEvent(AuditAction.SIGN_IN_FAILED, "nobody", NOW)
    AuditAtTheDoor(made.log, made.door, made.vault).append(event)
    assert made.door.pending() == []
