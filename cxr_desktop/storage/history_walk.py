"""The exams of a question along its order, until the page is full."""

from __future__ import annotations

import json
from contextlib import closing
from itertools import islice

import sqlite_utils

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.deletions import NOT_DELETED
from cxr_desktop.storage.history_filter import Asked
from cxr_desktop.storage.history_orders import Order, order_for
from cxr_desktop.storage.reader_filter import Values
from cxr_desktop.storage.search_text import parts_asked

FEW, MANY, NEARLY_ALL = 1000, 20_000, 100_000
"""A page that ends within the first FEW may follow the exams' numbers. From MANY on never all exams
with the words are collected for a list by time, from NEARLY_ALL on for none."""
LATE = 200
"""So many exams out of the order of their time are looked at one by one."""
FETCHED = 40
"""So many times longer than the next of an order takes an exam that is fetched by its number."""
COLLECTED = 30_000
"""So many exams found by reviews are collected rather than asked one by one."""
FIRST_WINDOW, WIDER = 4000, 8
PROBED = 2000


class Walk:
    """Exams of a question along its order.

    `known` says how many there are, at least; `ever` how many exams there are in all.
    """

    def __init__(
        self, db: sqlite_utils.Database, asked: Asked, query: HistoryQuery, known: int, ever: int
    ) -> None:
        self._db, self._asked, self._known, self._ever = db, asked, known, ever
        self._sort, self._text = query.sort, query.text
        self._source = order_for(query.sort, withheld=bool(query.withheld_from))
        self._way = "DESC" if query.descending else "ASC"
        self._order = ", ".join(f"{column} {self._way}" for column in self._source.columns)
        self._beyond, self._key = _beyond(db, query, self._source, asked.values)
        beyond = f"WHERE {self._beyond}" if self._beyond else ""
        columns = ", ".join(dict.fromkeys((*self._source.columns, "seq")))
        self._stretch = (
            f"SELECT {columns} FROM {self._source.walked} {beyond}"  # noqa: S608 - our own names
            f" ORDER BY {self._order} LIMIT :window"
        )

    def page(self, start: int, size: int) -> list[int]:
        """Return `size` numbers after the first `start`."""
        asked = self._asked
        few = bool(asked.words) and self._are_few(start + size)
        if asked.plain and asked.words and self._source.has_index:
            found = self._by_words(start, size, few=few)
            if found is not None:
                return found
        where = f"{asked.where} AND {self._beyond}" if self._beyond else asked.where
        return self._numbers(
            f"SELECT seq FROM {self._way_in(few=few)} {where}"  # noqa: S608 - our own names
            f" ORDER BY {self._order} LIMIT :limit OFFSET :offset",
            {"limit": size, "offset": start},
        )

    def _are_few(self, until: int) -> bool:
        """Whether fetching all and sorting takes less than walking until the page is full."""
        walked = until * self._ever / max(self._known, 1)
        return self._known < MANY and self._known * FETCHED <= walked

    def _way_in(self, *, few: bool) -> str:
        if few:
            return self._source.fetched
        if self._asked.plain:
            return self._source.walked
        return self._source.walked_exams if self._asked.words else self._source.free

    def _by_words(self, start: int, size: int, *, few: bool) -> list[int] | None:
        """Answer by one of the ways for words alone; None where fetching or collecting is best."""
        if self._sort == "time":
            if len(self._asked.words) == 1 and not self._beyond:
                numbered = self._by_numbers(start, size)
                if numbered is not None:
                    return numbered
            return self._by_windows(start, size) if self._known >= MANY else None
        if few:
            return None
        if self._sort == "patient":
            return self._by_names(start, size)
        return self._by_probes(start, size) if self._known >= MANY else None

    def _by_numbers(self, start: int, size: int) -> list[int] | None:
        """Follow the exams' numbers, which is the order of their time but for the few late ones.

        None where those are not few, or the page lies deep.
        """
        late = self._numbers(f"SELECT exam_seq FROM late_exams LIMIT {LATE + 1}", {})  # noqa: S608 - a number
        if len(late) > LATE or start + size > FEW:
            return None
        own, way = self._asked.words[0], self._way
        in_order = (
            f"SELECT seq FROM ({own}) WHERE seq NOT IN (SELECT exam_seq FROM late_exams)"  # noqa: S608 - the same
            f" AND {NOT_DELETED} ORDER BY seq {way} LIMIT :limit"
        )
        out_of_order = (
            "SELECT value AS seq FROM json_each(:late)"  # noqa: S608 - the same
            f" WHERE {self._asked.have('value')} AND {NOT_DELETED}"
        )
        found = self._numbers(in_order, {"limit": start + size})
        found += self._numbers(out_of_order, {"late": json.dumps(late)})
        return self._numbers(
            "SELECT seq FROM exams NOT INDEXED WHERE seq IN (SELECT value FROM json_each(:found))"  # noqa: S608 - the same
            f" ORDER BY {self._order} LIMIT :limit OFFSET :offset",
            {"found": json.dumps(found), "limit": size, "offset": start},
        )

    def _by_windows(self, start: int, size: int) -> list[int]:
        """Look for the words among the latest exams first: their numbers are close together."""
        between = " UNION ".join(self._asked.words_between)
        window = max(FIRST_WINDOW, start + size)
        while True:
            bounds = f"SELECT min(seq), max(seq), count(*) FROM ({self._stretch})"  # noqa: S608 - the same
            low, high, held = self._db.execute(bounds, self._values({"window": window})).fetchone()
            found = self._numbers(
                f"SELECT seq FROM ({self._stretch}) WHERE seq IN ({between}) AND {NOT_DELETED}"  # noqa: S608 - the same
                f" ORDER BY {self._order} LIMIT :limit OFFSET :offset",
                {"window": window, "low": low, "high": high, "limit": size, "offset": start},
            )
            if len(found) == size or held < window:
                return found
            window *= WIDER

    def _by_names(self, start: int, size: int) -> list[int]:
        """Look at the words of each exam along the patients."""
        parts = parts_asked(self._text)
        have = " AND ".join(f"instr(words, :part{place})" for place in range(len(parts)))
        for said in self._asked.words[1:]:
            counted = f"SELECT count(*) FROM ({said} LIMIT {COLLECTED})"  # noqa: S608 - our own names
            few = self._db.execute(counted, self._asked.values).fetchone()[0] < COLLECTED
            each = f"seq IN ({said})" if few else self._asked.have("exams_by_name.seq")
            have = f"({have}) OR {each}"
        beyond = f"AND {self._beyond}" if self._beyond else ""
        values: Values = {f"part{place}": part for place, part in enumerate(parts)}
        return self._numbers(
            f"SELECT seq FROM exams_by_name WHERE ({have}) AND {NOT_DELETED} {beyond}"  # noqa: S608 - the same
            f" ORDER BY {self._order} LIMIT :limit OFFSET :offset",
            values | {"limit": size, "offset": start},
        )

    def _by_probes(self, start: int, size: int) -> list[int] | None:
        """Ask the first exams one by one whether they have the words, if nearly all have them."""
        numbers = [
            f"SELECT count(*) FROM (SELECT 1 FROM ({one}) LIMIT {NEARLY_ALL})"  # noqa: S608 - the same
            for one in self._asked.words
        ]
        rows = sum(self._db.execute(one, self._asked.values).fetchone()[0] for one in numbers)
        if rows < NEARLY_ALL:
            return None
        window = f"SELECT seq FROM ({self._stretch})"  # noqa: S608 - the same
        first = self._numbers(window, {"window": PROBED})
        probe = (
            "SELECT value AS seq FROM json_each(:first)"  # noqa: S608 - the same
            f" WHERE {self._asked.have('value')} AND {NOT_DELETED}"
        )
        values = self._asked.values | {"first": json.dumps(first)}
        with closing(self._db.execute(probe, values)) as probed:
            found = [int(row[0]) for row in islice(probed, start + size)][start:]
        return found if len(found) == size else None

    def _numbers(self, statement: str, values: Values) -> list[int]:
        return [int(row[0]) for row in self._db.execute(statement, self._values(values))]

    def _values(self, more: Values) -> Values:
        return self._asked.values | self._key | more


def _beyond(
    db: sqlite_utils.Database, query: HistoryQuery, order: Order, values: Values
) -> tuple[str, Values]:
    """Return the condition that an exam comes after `query.after`, and its values."""
    if not query.after:
        return "", {}
    columns = ", ".join(order.columns)
    where = f"SELECT {columns} FROM {order.fetched} WHERE exam_id = :after"  # noqa: S608 - our own names
    row = db.execute(where, values | {"after": query.after}).fetchone()
    if row is None:
        raise InvalidRequest("There is no such exam in the History.", hint="Search for it again.")
    key: Values = {f"key{place}": value for place, value in enumerate(row)}
    sign = "<" if query.descending else ">"
    return f"({columns}) {sign} ({', '.join(f':{name}' for name in key)})", key
