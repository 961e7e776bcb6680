"""Which exams a question finds, in which order and how many: numbers only."""

from __future__ import annotations

import json
from bisect import bisect_left
from dataclasses import dataclass

import numpy as np
import sqlite_utils

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.exam_numbers import room_of
from cxr_desktop.storage.history_filter import Asked, asked_for, told_to
from cxr_desktop.storage.history_lists import CHANGED, GETTING_OLD, KeptLists
from cxr_desktop.storage.history_orders import order_for, tells, walk
from cxr_desktop.storage.history_words import KeptWords
from cxr_desktop.storage.reader_filter import Values

TOP = 1000
"""A page that ends so near to the top of all exams is taken from the index, without a list."""
HOW_MANY_EVER = "SELECT coalesce(max(seq), 0) - (SELECT count(*) FROM deleted_exams) FROM exams"


@dataclass(frozen=True, slots=True)
class Found:
    """Numbers of the page's exams in order, and how many there are in all."""

    numbers: list[int]
    total: int


def find(
    db: sqlite_utils.Database, query: HistoryQuery, lists: KeptLists, words: KeptWords
) -> Found:
    """Answer the question. Raises `InvalidRequest` where `after` is no exam."""
    asked = asked_for(db, query)
    start, size = max(query.offset, 0), max(query.limit, 0)
    if _is_top(query, asked, start + size) and not lists.holds(query):
        total = int(db.execute(HOW_MANY_EVER).fetchone()[0])  # rows of exams are never removed
        page = f"{walk(query.sort, asked.rest, _way(query))} LIMIT :limit OFFSET :offset"
        return Found(_numbers(db, page, {"limit": size, "offset": start}), total)
    kept, changed = lists.list_of(db, query, asked, CHANGED)
    steady = kept.numbers
    if asked.words or len(changed):
        stays = words.having(db, asked) if asked.words else np.ones(room_of(db), bool)
        left_out, changed = changed, changed[stays[changed]]
        stays[left_out] = False
        steady = kept.left(stays)
    if query.descending:
        steady = steady[::-1]
    few = _Few(db, query, asked)
    fresh = few.page(changed.tolist(), 0, len(changed))
    total = len(steady) + len(fresh)
    if query.after:
        steady = steady[bisect_left(steady, 1, key=few.is_beyond) :]
        fresh = [number for number in fresh if few.is_beyond(number)]
    if not fresh:
        return Found(steady[start : start + size].tolist(), total)
    low = max(start - len(fresh), 0)  # no more than those can stand before the page
    near = [*steady[low : start + size].tolist(), *fresh]
    return Found(few.page(near, start - low, size), total)


def get_ready(
    db: sqlite_utils.Database, query: HistoryQuery, lists: KeptLists, words: KeptWords
) -> None:
    """Make the list that the question leaves without its words, unless a young one is there; then
    what very many exams have.
    """
    lists.list_of(db, query, asked_for(db, query), GETTING_OLD)
    words.get_ready(db, tuple(told_to(query)))


def _is_top(query: HistoryQuery, asked: Asked, end: int) -> bool:
    narrowed = asked.words or asked.conditions or query.deleted or query.after
    return end <= TOP and not narrowed and not (query.withheld_from and tells(query.sort))


def _way(query: HistoryQuery) -> str:
    return "DESC" if query.descending else "ASC"


def _numbers(db: sqlite_utils.Database, statement: str, values: Values) -> list[int]:
    return [int(row[0]) for row in db.execute(statement, values)]


class _Few:
    """A few exams looked at one by one, as the database has them now, in the question's order."""

    def __init__(self, db: sqlite_utils.Database, query: HistoryQuery, asked: Asked) -> None:
        self._db, self._values = db, dict(asked.values)
        columns, fetched = order_for(query.sort, withheld=bool(query.withheld_from))
        by = ", ".join(f"{column} {_way(query)}" for column in columns)
        self._page = (
            f"SELECT seq FROM {fetched} WHERE seq IN (SELECT value FROM json_each(:few))"  # noqa: S608 - our own names
            f" AND {asked.where} ORDER BY {by} LIMIT :limit OFFSET :offset"
        )
        if not query.after:
            return
        place = f"SELECT {', '.join(columns)} FROM {fetched} WHERE exam_id = :after"  # noqa: S608 - the same
        row = db.execute(place, self._values | {"after": query.after}).fetchone()
        if row is None:
            raise InvalidRequest(
                "There is no such exam in the History.", hint="Search for it again."
            )
        keys = [f"key{place}" for place in range(len(row))]
        self._values |= zip(keys, row, strict=True)
        sign = "<" if query.descending else ">"
        self._beyond = (
            f"SELECT ({', '.join(columns)}) {sign} ({', '.join(f':{key}' for key in keys)})"  # noqa: S608 - the same
            f" FROM {fetched} WHERE seq = :number"
        )

    def page(self, few: list[int], start: int, size: int) -> list[int]:
        """Return those of `few` that are asked for, from the place `start` on."""
        if not few:
            return []
        more: Values = {"few": json.dumps(few), "limit": size, "offset": start}
        return _numbers(self._db, self._page, self._values | more)

    def is_beyond(self, number: int) -> int:
        """Return 1 for an exam that comes after `query.after`, 0 for another."""
        values = self._values | {"number": int(number)}
        return int(self._db.execute(self._beyond, values).fetchone()[0])
