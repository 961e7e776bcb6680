"""A thousand random tamperings with the audit log by somebody who has the key: all of them show."""

from __future__ import annotations

import random
import sqlite3
from pathlib import Path

import pytest

from cxr_desktop.domain.audit import AuditAction
from cxr_desktop.domain.errors import StorageUnavailable
from cxr_desktop.storage.audit import SqliteAuditLog, verify_chain
from cxr_desktop.storage.database import Database, by_rows
from tests.support.examples import an_event
from tests.support.locked import database_key, from_outside

EVENTS, TRIALS = 40, 1000
FIELDS = ("action", "user", "time", "subject", "detail", "hash")


def alter(opened: sqlite3.Connection, chance: random.Random) -> None:
    """Change one field of one row into that of another row, or add a character to it."""
    one, other = chance.sample(range(1, EVENTS + 1), 2)
    field = chance.choice(FIELDS)
    if field in {"user", "subject", "detail"} and chance.random() < 0.5:
        added = f"UPDATE audit SET {field} = {field} || 'x' WHERE seq = ?"  # noqa: S608 - of FIELDS
        opened.execute(added, (one,))
        return
    taken = (
        f"UPDATE OR REPLACE audit SET {field} = (SELECT {field} FROM audit WHERE seq = ?)"  # noqa: S608 - of FIELDS
        " WHERE seq = ?"
    )
    opened.execute(taken, (other, one))


def delete(opened: sqlite3.Connection, chance: random.Random) -> None:
    """Take rows out, and with the last ones perhaps also their count."""
    first = chance.randrange(1, EVENTS + 1)
    last = min(EVENTS, first + chance.randrange(4))
    opened.execute("DELETE FROM audit WHERE seq BETWEEN ? AND ?", (first, last))
    if chance.random() < 0.5:
        opened.execute("UPDATE audit_head SET events = events - ?", (last - first + 1,))


def swap(opened: sqlite3.Connection, chance: random.Random) -> None:
    """Let two rows change places."""
    one, other = chance.sample(range(1, EVENTS + 1), 2)
    for before, after in ((one, -1), (other, one), (-1, other)):
        opened.execute("UPDATE audit SET seq = ? WHERE seq = ?", (after, before))


def insert(opened: sqlite3.Connection, chance: random.Random) -> None:
    """Put a copy of a row at the end, and count it."""
    one = chance.randrange(1, EVENTS + 1)
    opened.execute(
        "INSERT INTO audit SELECT ?, action, user, time, subject, detail, hash || 'x' FROM audit"
        " WHERE seq = ?",
        (EVENTS + 1, one),
    )
    opened.execute("UPDATE audit_head SET events = events + 1")


def rewrite_head(opened: sqlite3.Connection, chance: random.Random) -> None:
    """Say that the log ends elsewhere."""
    one = chance.randrange(1, EVENTS)
    opened.execute(
        "UPDATE audit_head SET events = ?, hash = (SELECT hash FROM audit WHERE seq = ?)",
        (chance.choice([one, EVENTS]), one),
    )


DEEDS = (alter, delete, swap, insert, rewrite_head)


@pytest.mark.slow
def test_a_thousand_tamperings_are_all_found(tmp_path: Path) -> None:
    database = Database.open(tmp_path / "history.sqlite3", key=database_key)
    log, actions = SqliteAuditLog(database), list(AuditAction)
    for number in range(EVENTS):
        action = actions[number % len(actions)]
        log.append(an_event(action, user=f"user{number}", subject=f"s{number}", n=str(number)))
    seed = random.randrange(10**6)
    chance, tried = random.Random(seed), 0
    with from_outside(database.path) as opened:
        whole = opened.execute("SELECT * FROM audit").fetchall()
        while tried < TRIALS:
            opened.execute("BEGIN")
            deed = chance.choice(DEEDS)
            deed(opened, chance)
            changed = opened.execute("SELECT * FROM audit").fetchall() != whole
            if changed or deed is rewrite_head:  # times are alike: some changes change nothing
                tried += 1
                with pytest.raises(StorageUnavailable, match="changed from outside"):
                    verify_chain(by_rows(opened))
            opened.execute("ROLLBACK")
        assert verify_chain(by_rows(opened)) == EVENTS, f"seed {seed}"
