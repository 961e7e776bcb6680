"""Bytes of an encrypted database that changed: found, never another answer."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.domain.history import ExamRecord, HistoryQuery
from cxr_desktop.storage.audit import SqliteAuditLog, append_event
from cxr_desktop.storage.database import Database
from cxr_desktop.storage.exams import SqliteHistory, insert_exam
from tests.support.examples import an_event, an_exam
from tests.support.locked import database_key

EXAMS = 12
FLIPS = 500
PAGE = 4096


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("sound") / "history.sqlite3"
    database = Database.open(path, key=database_key)
    with database.write() as db:
        for number in range(EXAMS):
            insert_exam(db, an_exam(f"e{number}"), append_event(db, an_event()))
    return path.read_bytes()


def answers(path: Path) -> tuple[int, list[ExamRecord], int]:
    """Ask for everything. Raises `StorageUnavailable`."""
    database = Database(path, key=database_key)
    history = SqliteHistory(database)
    exams = [history.get(f"e{number}") for number in range(EXAMS)]
    return SqliteAuditLog(database).verify(), exams, history.search(HistoryQuery()).total


def test_no_flipped_bit_goes_through_unnoticed(sound: bytes, tmp_path: Path) -> None:
    path = tmp_path / "history.sqlite3"
    path.write_bytes(sound)
    events, _, total = answers(path)
    found = 0
    for round_ in range(FLIPS):
        content, chance = bytearray(sound), random.Random(round_)
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        path.write_bytes(content)
        try:
            Database(path, key=database_key).quick_check()
            now = answers(path)
        except StorageUnavailable:
            found += 1
        else:
            # A page that nothing is in any more, or the padding at the end of one.
            assert (now[0], now[2]) == (events, total)
    assert found > FLIPS * 0.9


@pytest.mark.parametrize("page", [1, 4, 9])
def test_a_page_in_the_place_of_another_is_found(sound: bytes, tmp_path: Path, page: int) -> None:
    content = bytearray(sound)
    content[page * PAGE : (page + 1) * PAGE] = sound[(page + 1) * PAGE : (page + 2) * PAGE]
    path = tmp_path / "history.sqlite3"
    path.write_bytes(content)
    with pytest.raises(StorageUnavailable, match="damaged"):
        Database(path, key=database_key).quick_check()
