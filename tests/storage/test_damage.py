"""Bytes that changed on the disk: a sentence or the right answer, never text of a patient."""

import random
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2 as sqlite3

from cxr_desktop.domain.errors import StorageUnavailable, UserError
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.audit import SqliteAuditLog, append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.exams import SqliteHistory, insert_exam
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.users import SqliteUsers
from tests.support.examples import an_event, an_exam

FLIPS = 40
EXAMS = 12
SECRET = "Secretname"


@pytest.fixture
def database(paths: DataPaths) -> Database:
    """A plain one, as it lies before encryption: what a test changes is what is read."""
    return Database.open(paths)


def outside(path: Path, statement: str) -> None:
    with closing(sqlite3.connect(path)) as other:
        for (name,) in other.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            other.execute(f"DROP TRIGGER {name}")
        other.execute("PRAGMA ignore_check_constraints = on")
        other.execute(statement)
        other.commit()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE exams SET verdict = 'perhaps'",
        "UPDATE exams SET time = 'noon'",
        "UPDATE exams SET scores = '[]'",
        "UPDATE exams SET scores = '[['",
        "UPDATE exams SET normal_below = 9",
        "UPDATE exams SET birth_date = 'long ago'",
        "UPDATE exams SET patient_name = CAST(x'536563726574ff' AS TEXT)",
        "UPDATE heat_maps SET content = x'00'",
        "UPDATE heat_maps SET content = zeroblob(196), map_rows = 1",
    ],
)
def test_values_that_cannot_be_are_a_sentence(database: Database, statement: str) -> None:
    SqliteHistory(database).add_all([(an_exam(), an_event())])
    outside(database.path, statement)
    with pytest.raises(StorageUnavailable, match="damaged") as refusal:
        SqliteHistory(database).get("e1")
    assert "Secret" not in str(refusal.value)


def test_a_permission_that_cannot_be_is_a_sentence(database: Database, door: Door) -> None:
    outside(database.path, "INSERT INTO group_permissions VALUES ('Doctors', 'fly')")
    with pytest.raises(StorageUnavailable, match="damaged"):
        SqliteUsers(database, door).groups()


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    database = Database.open(tmp_path_factory.mktemp("sound") / "history.sqlite3")
    with database.write() as db:
        for number in range(EXAMS):
            record = an_exam(f"e{number}", patient_name=f"{SECRET}{number}")
            insert_exam(db, record, append_event(db, an_event()))
    return database.path.read_bytes()


@pytest.mark.parametrize("round_", range(FLIPS))
def test_a_flipped_bit_in_a_row_is_never_a_traceback(
    sound: bytes, tmp_path: Path, door: Door, round_: int
) -> None:
    content, chance = bytearray(sound), random.Random(round_)
    start = content.index(SECRET.encode())  # past the statements of the schema
    content[chance.randrange(start, len(content))] ^= 1 << chance.randrange(8)
    database = Database(tmp_path / "history.sqlite3")
    database.path.write_bytes(content)
    history = SqliteHistory(database)
    questions: tuple[Callable[[], object], ...] = (
        lambda: Database.open(database.path),
        lambda: history.search(HistoryQuery()),
        lambda: history.search(HistoryQuery(text="doe")),
        lambda: [history.get(f"e{number}") for number in range(EXAMS)],
        SqliteAuditLog(database).verify,
        SqliteUsers(database, door).groups,
        lambda: history.add_all([(an_exam("new"), an_event())]),
    )
    for question in questions:
        try:
            question()
        except UserError as refusal:
            assert SECRET not in str(refusal)  # noqa: PT017 - either way is right


def test_a_sound_database_passes_the_check_at_the_start(database: Database) -> None:
    for number in range(EXAMS):
        SqliteHistory(database).add_all([(an_exam(f"e{number}"), an_event())])
    database.quick_check()


@pytest.mark.parametrize("page", range(2, 22, 3))
def test_a_page_that_was_overwritten_is_found_at_the_start(database: Database, page: int) -> None:
    for number in range(EXAMS):
        SqliteHistory(database).add_all([(an_exam(f"e{number}"), an_event())])
    with closing(sqlite3.connect(database.path)) as other:
        other.execute("PRAGMA journal_mode = delete")
        size = other.execute("PRAGMA page_size").fetchone()[0]
    content = bytearray(database.path.read_bytes())
    content[page * size : page * size + 64] = b"\x5a" * 64
    database.path.write_bytes(content)
    with pytest.raises(StorageUnavailable, match="damaged") as refusal:
        database.quick_check()
    assert "backup restore" in refusal.value.hint
