"""Which exams a question finds, in which order and how many: numbers only, from indexes alone.

With a million exams a letter may find hundreds of thousands. They are neither all counted (the
question says up to where) nor all collected: the list is walked along in the order asked for until
the page is full.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import sqlite_utils

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.deletions import NOT_DELETED
from cxr_desktop.storage.history_filter import Asked, asked_for
from cxr_desktop.storage.history_walk import Walk

MANY = 20_000
"""So many exams with words are known to be many, however few the question counts."""
EVERY = -1  # as a LIMIT
HOW_MANY_EVER = "SELECT coalesce(max(seq), 0) - (SELECT count(*) FROM deleted_exams) FROM exams"


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of the page's exams in order; how many there are in all, or (`more`) at least."""

    numbers: list[int]
    total: int
    more: bool


def find(db: sqlite_utils.Database, query: HistoryQuery) -> Found:
    """Answer the question. Raises `InvalidRequest` where `after` is no exam."""
    asked = asked_for(db, query)
    total, more = _count(db, asked, query.count_to)
    start, size = max(query.offset, 0), max(query.limit, 0)
    if size == 0 or (not more and start >= total):
        return Found([], total, more)
    ever = _ever(db)
    if not more and not query.after and start > total // 2:  # nearer to the other end
        size = min(size, total - start)
        turned = replace(query, descending=not query.descending)
        numbers = Walk(db, asked, turned, known=total, ever=ever).page(total - start - size, size)
        return Found(numbers[::-1], total, more)
    if more and asked.plain and (query.count_to or 0) < MANY:
        known = _count(db, asked, MANY)[0]
    else:
        known = max(total, MANY) if more else total
    return Found(Walk(db, asked, query, known=known, ever=ever).page(start, size), total, more)


def _count(db: sqlite_utils.Database, asked: Asked, up_to: int | None) -> tuple[int, bool]:
    """Return how many there are, and whether there are more than `up_to`."""
    if asked.plain and not asked.words:
        return _ever(db), False
    most = EVERY if up_to is None else up_to + 1
    if asked.plain:
        own, *said = (f"FROM ({one}) WHERE {NOT_DELETED} LIMIT :most" for one in asked.words)
        selects = [f"SELECT seq {own}", *(f"SELECT DISTINCT seq {one}" for one in said)]
    else:
        selects = [f"SELECT 1 FROM exams {asked.where} LIMIT :most"]  # noqa: S608 - our own names
    found = 0
    for several in range(1, len(selects) + 1):
        source = " UNION ".join(f"SELECT * FROM ({one})" for one in selects[:several])  # noqa: S608 - the same
        statement = f"SELECT count(*) FROM ({source})"  # noqa: S608 - the same
        found = int(db.execute(statement, asked.values | {"most": most}).fetchone()[0])
        if up_to is not None and found > up_to:  # often the exams' own words are enough
            return up_to, True
    return found, False


def _ever(db: sqlite_utils.Database) -> int:
    return int(db.execute(HOW_MANY_EVER).fetchone()[0])  # rows of exams are never removed
