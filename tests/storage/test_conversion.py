"""An old, plain data folder becomes an encrypted one; cut-off runs are tried in tests/power."""

from __future__ import annotations

import hashlib
import subprocess
import sys
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import SignInRefused, StorageUnavailable
from cxr_desktop.domain.ports import NoProgress
from cxr_desktop.storage.connection import is_plain
from cxr_desktop.storage.conversion import encrypt_database
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.encrypt_rest import EncryptRest
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.safety_copy import copy_database
from cxr_desktop.storage.wraps import unwrap_key
from tests.power.subjects import Opened, whole_exams
from tests.support.old_folder import (
    OLD_EXAMS,
    OLD_PASSWORD,
    OLD_RECOVERY,
    SECRET,
    make_old_folder,
)

TOP = Path(__file__).parents[2]


@pytest.fixture
def old(tmp_path: Path) -> Opened:
    make_old_folder(tmp_path / "data")
    return Opened(tmp_path / "data")


def converted(opened: Opened) -> Opened:
    assert encrypt_database(opened.paths, opened.door)
    return opened


def contents(root: Path) -> dict[str, str]:
    return {
        path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*")
        if path.is_file() and not path.name.startswith("keys.sqlite3")
    }


def test_the_owners_of_old_passwords_sign_in_as_before(old: Opened) -> None:
    opened = converted(old)
    actor = opened.access.sign_in("ADA", OLD_PASSWORD)
    assert actor.name == "ada"
    stored = whole_exams(opened.paths.root, opened.vault.database_key, opened.archive)
    assert len(stored) == OLD_EXAMS


def test_the_sign_in_replaces_what_was_made_of_the_old_hash(old: Opened) -> None:
    opened = converted(old)
    assert str(opened.door.wrapped("ada")).startswith("cxr-wrap-0$")
    opened.access.sign_in("ada", OLD_PASSWORD)
    assert str(opened.door.wrapped("ada")).startswith("cxr-wrap-1$")
    opened.access.sign_in("ada", OLD_PASSWORD)


def test_a_wrong_password_and_a_disabled_account_open_nothing(old: Opened) -> None:
    opened = converted(old)
    for name, password in (("ada", "another password"), ("doc", OLD_PASSWORD)):
        with pytest.raises(SignInRefused):
            opened.access.sign_in(name, password)
    assert not opened.vault.is_open


def test_the_old_recovery_key_still_opens_the_folder(old: Opened) -> None:
    opened = converted(old)
    master = unwrap_key(opened.door.recovery() or "", OLD_RECOVERY)
    assert master is not None
    assert master == unwrap_key(opened.door.wrapped("ada") or "", OLD_PASSWORD)


def test_failed_attempts_are_not_forgotten(old: Opened) -> None:
    assert converted(old).door.failures("doc") == (2, 5.0)


def test_after_the_first_sign_in_no_name_is_left_anywhere(old: Opened) -> None:
    root = old.paths.root
    assert any(SECRET in path.read_bytes() for path in root.rglob("*") if path.is_file())
    opened = converted(old)
    opened.access.sign_in("ada", OLD_PASSWORD)
    count = EncryptRest(opened.paths, opened.archive, opened.vault)(NoProgress())
    assert count == 2 * OLD_EXAMS  # films and their small pictures
    hits = [str(p) for p in root.rglob("*") if p.is_file() and SECRET in p.read_bytes()]
    assert hits == []
    assert EncryptRest(opened.paths, opened.archive, opened.vault)(NoProgress()) == 0


def test_a_copy_of_the_door_stays_readable_without_the_key(old: Opened) -> None:
    opened = converted(old)
    opened.access.sign_in("ada", OLD_PASSWORD)
    copy = opened.paths.backups / "before-migration-0002-20260301-120000-000000.sqlite3"
    copy_database(opened.paths.keys, copy)
    EncryptRest(opened.paths, opened.archive, opened.vault)(NoProgress())
    assert is_plain(copy)


def test_an_encrypted_folder_is_left_as_it_is(old: Opened) -> None:
    opened = converted(old)
    before = contents(opened.paths.root)
    assert not encrypt_database(opened.paths, opened.door)
    assert contents(opened.paths.root) == before


def test_a_database_of_a_newer_version_is_refused_and_left_as_it_is(old: Opened) -> None:
    def m9999_unheard_of(_: object) -> None:
        pass

    old.paths.database.unlink()
    Database.open(old.paths, migrations=(*MIGRATIONS, m9999_unheard_of))
    before = contents(old.paths.root)
    with pytest.raises(StorageUnavailable, match="newer version"):
        encrypt_database(old.paths, old.door)
    left = contents(old.paths.root)
    left.pop("encrypting.lock", None)
    assert left == before
    assert old.door.is_empty()


def test_somebody_who_works_in_the_old_database_is_waited_for(tmp_path: Path) -> None:
    opened = Opened(make_old_folder(tmp_path / "data").root)
    with Database(opened.paths.database).write() as db:
        db.execute("DELETE FROM sign_in_failures")
        with pytest.raises(StorageUnavailable, match="busy"):
            encrypt_database(opened.paths, opened.door, busy_ms=50)
    assert is_plain(opened.paths.database)
    assert encrypt_database(opened.paths, opened.door)


CONVERT = """
import sys
from pathlib import Path
from cxr_desktop.storage.conversion import encrypt_database
from tests.power.subjects import Opened
opened = Opened(Path(sys.argv[1]))
print(encrypt_database(opened.paths, opened.door))
"""


@pytest.mark.slow
def test_of_several_processes_at_once_one_encrypts(old: Opened) -> None:
    words = [sys.executable, "-c", CONVERT, str(old.paths.root)]
    running = [
        subprocess.Popen(words, cwd=TOP, stdout=subprocess.PIPE, text=True) for _ in range(3)
    ]
    said = [process.communicate(timeout=120)[0].strip() for process in running]
    assert sorted(said) == ["False", "False", "True"]
    opened = Opened(old.paths.root)
    opened.access.sign_in("ada", OLD_PASSWORD)
    assert len(whole_exams(old.paths.root, opened.vault.database_key, opened.archive)) == OLD_EXAMS
