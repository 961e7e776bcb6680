import hashlib
import os
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import sqlite_utils
from sqlcipher3 import dbapi2 as sqlite3

from cxr_desktop.domain.errors import JobCancelled, StorageUnavailable
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.domain.roles import BUILT_IN_GROUPS, Group
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.exams import SqliteHistory
from cxr_desktop.storage.migrations import MIGRATIONS
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.users import SqliteUsers
from tests.support.examples import an_event, an_exam

PERSON_NOBODY = 65534


@pytest.fixture
def database(paths: DataPaths) -> Database:
    """A plain one: the rules are the same, and a test can look into it."""
    return Database.open(paths)


def groups_of(database: Database) -> Sequence[Group]:
    return SqliteUsers(database, Door.open(DataPaths(database.path.parent))).groups()


def everything_in(folder: Path) -> dict[str, str]:
    return {
        str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def m0002_add_notes(db: sqlite_utils.Database) -> None:
    db.execute("CREATE TABLE notes (text TEXT NOT NULL) STRICT")


def m0002_breaks(db: sqlite_utils.Database) -> None:
    db.execute("CREATE TABLE half (x INTEGER) STRICT")
    raise ZeroDivisionError


def test_a_new_database_has_the_built_in_groups_and_nothing_else(database: Database) -> None:
    assert groups_of(database) == list(BUILT_IN_GROUPS)
    assert SqliteHistory(database).search(HistoryQuery()).total == 0


def test_only_the_owner_may_read_the_database(paths: DataPaths, database: Database) -> None:
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    assert database.path.stat().st_mode & 0o777 == 0o600
    assert paths.root.stat().st_mode & 0o777 == 0o700


def test_writes_reach_the_disk_before_they_return(database: Database) -> None:
    with database.write() as db:
        assert db.execute("PRAGMA synchronous").fetchone() == (2,)
        assert db.execute("PRAGMA journal_mode").fetchone() == ("wal",)
        assert db.execute("PRAGMA foreign_keys").fetchone() == (1,)


def test_opening_again_changes_nothing_and_keeps_no_copy(paths: DataPaths) -> None:
    Database.open(paths)
    before = everything_in(paths.root)
    Database.open(paths)
    assert everything_in(paths.root) == before


def test_an_error_inside_a_write_undoes_all_of_it(database: Database) -> None:
    def fail_half_way() -> None:
        with database.write() as db:
            db.execute("INSERT INTO groups (name, name_key) VALUES ('x', 'x')")
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail_half_way()
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM groups").fetchone() == (4,)


def test_reading_cannot_write(database: Database) -> None:
    with pytest.raises(StorageUnavailable), database.read() as db:
        db.execute("DELETE FROM groups")


@pytest.mark.parametrize("table", ["exams", "heat_maps", "films", "audit", "schema_migrations"])
@pytest.mark.parametrize("deed", ["DELETE FROM {0}", "UPDATE {0} SET rowid = rowid"])
def test_stored_rows_can_be_neither_changed_nor_deleted(
    database: Database, table: str, deed: str
) -> None:
    SqliteHistory(database).add_all([(an_exam(), an_event())])
    with pytest.raises(sqlite3.IntegrityError, match="written once"), database.write() as db:
        db.execute(deed.format(table))


def test_a_stored_row_cannot_be_replaced(database: Database) -> None:
    SqliteHistory(database).add_all([(an_exam(), an_event())])
    with pytest.raises(sqlite3.IntegrityError, match="written once"), database.write() as db:
        db.execute("INSERT OR REPLACE INTO films SELECT * FROM films")


def test_a_broken_constraint_is_a_bug_and_not_a_sentence(database: Database) -> None:
    with pytest.raises(sqlite3.IntegrityError), database.write() as db:
        db.execute("INSERT INTO group_permissions VALUES ('no such group', 'run')")


def foreign_with_log(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA journal_mode = wal")
        other.execute("CREATE TABLE theirs (x)")


def foreign_plain(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE theirs (x)")


def foreign_marked(path: Path) -> None:
    with closing(sqlite3.connect(path)) as other:
        other.execute("PRAGMA application_id = 7")
        other.execute("CREATE TABLE theirs (x)")


def no_database(path: Path) -> None:
    path.write_bytes(b"This is a letter, not a database. " * 200)


def newer(path: Path) -> None:
    Database.open(path, migrations=(*MIGRATIONS, m0002_add_notes))


def other_edition(path: Path) -> None:
    Database.open(path, migrations=(*MIGRATIONS[:-1], m0002_add_notes_as_last))


def m0002_add_notes_as_last(db: sqlite_utils.Database) -> None:
    MIGRATIONS[-1](db)


@pytest.mark.parametrize(
    "make",
    [foreign_with_log, foreign_plain, foreign_marked, no_database, newer, other_edition],
)
def test_a_database_that_is_not_ours_is_refused_and_left_byte_for_byte(
    paths: DataPaths, make: object
) -> None:
    assert callable(make)
    make(paths.database)
    before = everything_in(paths.root)
    with pytest.raises(StorageUnavailable) as refusal:
        Database.open(paths)
    assert refusal.value.hint
    assert everything_in(paths.root) == before


def test_a_newer_database_is_named_as_such(paths: DataPaths) -> None:
    newer(paths.database)
    with pytest.raises(StorageUnavailable, match="newer version"):
        Database.open(paths)


def test_an_empty_file_is_filled(paths: DataPaths) -> None:
    paths.database.touch()
    assert groups_of(Database.open(paths)) == list(BUILT_IN_GROUPS)


def test_a_making_that_was_cut_off_is_made_again(paths: DataPaths) -> None:
    with pytest.raises(ZeroDivisionError):
        Database.open(paths, migrations=(*MIGRATIONS, m0002_breaks))
    assert paths.database.exists()
    assert groups_of(Database.open(paths)) == list(BUILT_IN_GROUPS)


def test_a_checked_copy_is_kept_before_the_shape_changes(paths: DataPaths) -> None:
    SqliteHistory(Database.open(paths)).add_all([(an_exam(), an_event())])
    moment = datetime(2026, 3, 1, tzinfo=UTC)
    changed = Database.open(paths, migrations=(*MIGRATIONS, m0002_add_notes), now=lambda: moment)
    assert SqliteHistory(changed).get("e1").study == an_exam().study
    (copy,) = paths.backups.iterdir()
    next_one = len(MIGRATIONS) + 1
    assert copy.name == f"before-migration-{next_one:04d}-20260301-000000-000000.sqlite3"
    copy.rename(paths.root / "copy.sqlite3")
    as_it_was = Database.open(paths.root / "copy.sqlite3")
    assert SqliteHistory(as_it_was).get("e1").study == an_exam().study


def test_each_step_of_an_update_is_told_and_none_without_one(paths: DataPaths) -> None:
    Database.open(paths)
    told: list[str] = []
    for _ in range(2):
        database = Database(
            paths.database, migrations=(*MIGRATIONS, m0002_add_notes), tell=told.append
        )
        database.prepare()
    assert told == [
        "Keeping a copy of the database: 100 %",
        "Checking the copy of the database",
        "Bringing the database up to date: step 1 of 1",
    ]


def test_an_update_that_is_cut_off_leaves_the_old_shape(paths: DataPaths) -> None:
    Database.open(paths)

    def cut_off(step: str) -> None:
        if "step 1" in step:
            raise JobCancelled

    database = Database(paths.database, migrations=(*MIGRATIONS, m0002_add_notes), tell=cut_off)
    with pytest.raises(JobCancelled):
        database.prepare()
    assert groups_of(Database.open(paths)) == list(BUILT_IN_GROUPS)


def test_a_change_of_shape_that_fails_leaves_the_old_shape(paths: DataPaths) -> None:
    SqliteHistory(Database.open(paths)).add_all([(an_exam(), an_event())])
    with pytest.raises(ZeroDivisionError):
        Database.open(paths, migrations=(*MIGRATIONS, m0002_breaks))
    assert SqliteHistory(Database.open(paths)).get("e1").exam_id == "e1"


def test_nothing_changes_when_the_copy_cannot_be_kept(paths: DataPaths) -> None:
    SqliteHistory(Database.open(paths)).add_all([(an_exam(), an_event())])
    paths.backups.rmdir()
    paths.backups.write_text("in the way")
    with pytest.raises(StorageUnavailable):
        Database.open(paths, migrations=(*MIGRATIONS, m0002_add_notes))
    assert SqliteHistory(Database.open(paths)).get("e1").exam_id == "e1"


def test_a_full_disk_is_a_sentence_and_stores_nothing(database: Database) -> None:
    def fill_up() -> None:
        with database.write() as db:
            db.execute("PRAGMA max_page_count = 1")
            for number in range(2000):
                name = f"{number:0500}"
                db.execute("INSERT INTO groups (name, name_key) VALUES (?, ?)", (name, name))

    with pytest.raises(StorageUnavailable, match="full"):
        fill_up()
    with database.read() as db:
        assert db.execute("SELECT count(*) FROM groups").fetchone() == (4,)


def test_a_locked_database_is_a_sentence(paths: DataPaths, database: Database) -> None:
    hurried = Database.open(paths, busy_ms=20)
    with database.write() as db:
        db.execute("INSERT INTO groups (name, name_key) VALUES ('x', 'x')")
        with pytest.raises(StorageUnavailable, match="busy"), hurried.write():
            pass
    with hurried.read() as db:
        assert db.execute("SELECT count(*) FROM groups").fetchone() == (5,)


def test_a_database_that_went_away_is_a_sentence_and_not_a_new_one(database: Database) -> None:
    database.path.unlink()
    with pytest.raises(StorageUnavailable), database.read():
        pass
    assert not database.path.exists()


@pytest.mark.parametrize("kept", [100, 5000, 60_000])
def test_a_database_cut_short_is_a_sentence(database: Database, kept: int) -> None:
    SqliteHistory(database).add_all([(an_exam(), an_event())])
    database.path.write_bytes(database.path.read_bytes()[:kept])
    with pytest.raises(StorageUnavailable) as refusal:
        SqliteHistory(Database.open(database.path)).get("e1")
    assert "damaged" in refusal.value.message


def test_pages_of_noise_are_a_sentence(database: Database) -> None:
    SqliteHistory(database).add_all([(an_exam(), an_event())])
    content = database.path.read_bytes()
    database.path.write_bytes(content[:4096] + b"\xa5" * (len(content) - 4096))
    with pytest.raises(StorageUnavailable, match="damaged"):
        SqliteHistory(Database.open(database.path)).get("e1")


@pytest.fixture
def folder_of_another() -> Iterator[Path]:
    if os.name == "nt":
        pytest.skip("Windows has other permissions")
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


class Unprivileged:
    """Inside, root is nobody; an ordinary user stays who they are."""

    def __enter__(self) -> None:
        self.was_root = os.geteuid() == 0
        if self.was_root:
            os.seteuid(PERSON_NOBODY)

    def __exit__(self, *_: object) -> None:
        if self.was_root:
            os.seteuid(0)


def test_a_read_only_data_folder_is_a_sentence_and_loses_nothing(folder_of_another: Path) -> None:
    paths = DataPaths(folder_of_another)
    paths.prepare()
    database = Database.open(paths)
    SqliteHistory(database).add_all([(an_exam(), an_event())])
    for path in (paths.root, *paths.root.iterdir()):
        path.chmod(0o555 if path.is_dir() else 0o444)
    before = everything_in(paths.root)
    with Unprivileged():
        with pytest.raises(StorageUnavailable, match="cannot be written"):
            paths.prepare()
        with pytest.raises(StorageUnavailable):
            SqliteHistory(database).add_all([(an_exam("e2"), an_event())])
    assert everything_in(paths.root) == before
    paths.root.chmod(0o700)
    paths.database.chmod(0o600)
    assert SqliteHistory(Database.open(paths)).get("e1").exam_id == "e1"


def test_a_file_instead_of_a_data_folder_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StorageUnavailable, match="in the way"):
        DataPaths(tmp_path / "data").prepare()
    with pytest.raises(StorageUnavailable, match="in the way"):
        DataPaths(tmp_path / "data" / "inner").prepare()


def test_preparing_twice_is_harmless(paths: DataPaths) -> None:
    paths.prepare()
    assert {path.name for path in paths.root.iterdir()} == {
        "films",
        "models",
        "logs",
        "backups",
        "out",
    }
