"""Connections that stay open: quick, but never stale, shared, or open without the key."""

from __future__ import annotations

import shutil
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.audit import SqliteAuditLog
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.vault import Vault
from tests.support.examples import an_event
from tests.support.locked import database_key


@pytest.fixture
def database(tmp_path: Path) -> Iterator[Database]:
    made = Database.open(tmp_path / "history.sqlite3", key=database_key, keep_open=True)
    yield made
    made.close()


@pytest.fixture
def other(database: Database) -> Database:
    """Stand for another process."""
    return Database(database.path, key=database_key)


def connection_of(database: Database) -> sqlite3.Connection:
    with database.read() as db:
        return db.conn


def is_open(database: Database) -> bool:
    """Whoever closes last takes the log away."""
    return database.path.with_name(f"{database.path.name}-wal").exists()


def events(database: Database) -> int:
    with database.read() as db:
        return int(db.execute("SELECT count(*) FROM audit").fetchone()[0])


def test_a_thread_finds_its_connection_again_and_no_other_threads(database: Database) -> None:
    mine = connection_of(database)
    assert connection_of(database) is mine
    with ThreadPoolExecutor(1) as pool:
        theirs = pool.submit(connection_of, database).result()
    assert theirs is not mine
    assert connection_of(database) is mine


def test_nothing_is_open_after_close(database: Database) -> None:
    events(database)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: events(database), range(8)))
        assert is_open(database)
        database.close()
        assert not is_open(database)
    assert events(database) == 0


def test_what_is_in_use_while_it_is_closed_is_closed_when_it_comes_back(database: Database) -> None:
    inside, go_on = Event(), Event()

    def look() -> None:
        with database.read() as db:
            db.execute("SELECT count(*) FROM audit").fetchone()
            inside.set()
            go_on.wait(10)

    with ThreadPoolExecutor(1) as pool:
        looking = pool.submit(look)
        assert inside.wait(10)
        database.close()
        assert is_open(database)
        go_on.set()
        looking.result()
        assert not is_open(database)


def test_with_the_key_the_connections_go(tmp_path: Path) -> None:
    vault = Vault()
    vault.put("ada", b"k" * 32)
    path = tmp_path / "history.sqlite3"
    database = Database.open(path, key=vault.database_key, keep_open=True)
    vault.at_forgetting(database.close)
    events(database)
    vault.put("ben", b"k" * 32)
    vault.release("ada")
    assert is_open(database)
    vault.release("ben")
    assert not is_open(database)
    with pytest.raises(StorageUnavailable, match="locked"):
        events(database)


def test_what_another_process_stored_is_seen_at_once(database: Database, other: Database) -> None:
    for count in range(3):
        assert events(database) == count
        SqliteAuditLog(other).append(an_event())
    SqliteAuditLog(database).append(an_event())
    assert events(other) == 4


@pytest.mark.parametrize("way", ["read", "write"])
def test_a_question_left_half_asked_holds_no_old_state(
    database: Database, other: Database, way: str
) -> None:
    log = SqliteAuditLog(other)
    log.append(an_event())
    log.append(an_event())
    with database.read() if way == "read" else database.write() as db:
        rows = db.query("SELECT * FROM audit")
        assert next(rows)["seq"] == 1
    log.append(an_event())
    assert events(database) == 3
    SqliteAuditLog(database).append(an_event())
    assert events(other) == 4
    del rows


def test_what_raised_is_undone_and_the_next_call_goes_on(database: Database) -> None:
    def forge() -> None:
        with database.write() as db:
            db.execute("UPDATE audit_head SET events = 99")
            db.execute("this is no SQL")

    SqliteAuditLog(database).append(an_event())
    with pytest.raises(Exception, match="syntax"):
        forge()
    SqliteAuditLog(database).append(an_event())
    assert SqliteAuditLog(database).verify() == 2


def test_what_was_read_with_cannot_be_kept_from_writing_next(database: Database) -> None:
    for _ in range(3):
        with database.read() as db, pytest.raises(Exception, match="readonly"):
            db.execute("UPDATE audit_head SET events = 99")
        SqliteAuditLog(database).append(an_event())
    assert events(database) == 3


def test_a_call_inside_another_has_a_connection_of_its_own(database: Database) -> None:
    with database.read() as db:
        assert db.conn is not connection_of(database)
        assert events(database) == 0
    database.close()
    assert not is_open(database)


def test_a_restored_file_in_its_place_is_what_is_read(
    database: Database, other: Database, tmp_path: Path
) -> None:
    copy = tmp_path / "restored.sqlite3"
    database.close()
    shutil.copyfile(database.path, copy)
    SqliteAuditLog(database).append(an_event())
    assert events(database) == 1
    database.path.with_name(f"{database.path.name}-wal").unlink()
    database.path.with_name(f"{database.path.name}-shm").unlink()
    copy.replace(database.path)
    assert events(database) == 0


def test_a_file_that_was_taken_away_is_missed(database: Database) -> None:
    assert events(database) == 0
    database.path.unlink()
    with pytest.raises(StorageUnavailable):
        events(database)
