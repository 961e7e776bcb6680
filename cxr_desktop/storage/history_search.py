"""Which exams a question finds, in which order and how many: numbers only, from indexes alone.

With a million exams a letter may find hundreds of thousands. They are neither all counted (the
question says up to where) nor all collected: the list is walked along in the order asked for until
the page is full.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from itertools import islice

import sqlite_utils

from cxr_desktop.domain.errors import InvalidRequest
from cxr_desktop.domain.history import HistoryQuery, SortKey
from cxr_desktop.storage.deletions import NOT_DELETED
from cxr_desktop.storage.history_filter import SAID, SAID_BETWEEN, Asked, asked_for
from cxr_desktop.storage.reader_filter import Values
from cxr_desktop.storage.withheld import TELLING, order_of

FEW, MANY, NEARLY_ALL = 1000, 20_000, 300_000
"""Up to FEW exams with words are fetched and sorted; from MANY on never all are collected for a
list by time, from NEARLY_ALL on for none."""
LATE = 200
"""So many exams out of the order of their time are looked at one by one."""
FIRST_WINDOW, WIDER = 4000, 8
PROBED = 2000
EVERY = -1  # as a LIMIT
SORT_INDEXES: dict[SortKey, str] = {
    "time": "exams_by_time",
    "patient": "exams_by_patient",
    "verdict": "exams_by_zone",
    "probability": "exams_by_probability",
    "user": "exams_by_user",
    "patient_id": "exams_by_patient_id",
    "file": "exams_by_file",
    "model": "exams_by_model",
}
SORT_COLUMNS: dict[SortKey, tuple[str, ...]] = {
    "time": ("time",),
    "patient": ("patient_key", "time"),
    "verdict": ("zone", "time"),
    "probability": ("probability", "time"),
    "user": ("user", "time"),
    "patient_id": ("patient_id", "time"),
    "file": ("file_name", "time"),
    "model": ("model_id", "model_version", "time"),
}
HAS_WORDS = (
    "EXISTS (SELECT 1 FROM exams_search WHERE exams_search MATCH :match AND rowid = value)",
    f"EXISTS ({SAID}{SAID_BETWEEN.format(low='value', high='value')})",
)
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
    if not more and not query.after and start > total // 2:  # nearer to the other end
        size = min(size, total - start)
        turned = replace(query, descending=not query.descending)
        numbers = _Walk(db, asked, turned, total).page(total - start - size, size)
        return Found(numbers[::-1], total, more)
    if more and asked.plain and (query.count_to or 0) < MANY:
        known = _count(db, asked, MANY)[0]
    else:
        known = max(total, MANY) if more else total
    return Found(_Walk(db, asked, query, known).page(start, size), total, more)


def _count(db: sqlite_utils.Database, asked: Asked, up_to: int | None) -> tuple[int, bool]:
    """Return how many there are, and whether there are more than `up_to`."""
    if asked.plain and not asked.words:
        return int(db.execute(HOW_MANY_EVER).fetchone()[0]), False  # exams are never removed
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


class _Walk:
    """Exams of a question along its order; `known` says how many there are, at least."""

    def __init__(
        self, db: sqlite_utils.Database, asked: Asked, query: HistoryQuery, known: int
    ) -> None:
        self._db, self._asked, self._known, self._sort = db, asked, known, query.sort
        withheld = bool(query.withheld_from)
        columns = [order_of(column, withheld=withheld) for column in SORT_COLUMNS[query.sort]]
        columns.append("seq")
        self._way = "DESC" if query.descending else "ASC"
        self._order = ", ".join(f"{column} {self._way}" for column in columns)
        self._has_index = not (withheld and TELLING.intersection(SORT_COLUMNS[query.sort]))
        self._beyond, self._key = _beyond(db, query, columns, asked.values)
        index = f"INDEXED BY {SORT_INDEXES[query.sort]}" if self._has_index else ""
        beyond = f"WHERE {self._beyond}" if self._beyond else ""
        self._stretch = (
            f"SELECT seq, time FROM exams {index} {beyond}"  # noqa: S608 - our own names
            f" ORDER BY {self._order} LIMIT :window"
        )

    def page(self, start: int, size: int) -> list[int]:
        """Return `size` numbers after the first `start`."""
        asked = self._asked
        if asked.plain and len(asked.words) == 1 and self._sort == "time" and not self._beyond:
            numbered = self._by_numbers(start, size)
            if numbered is not None:
                return numbered
        if asked.words and asked.plain and self._has_index and self._known >= MANY:
            if self._sort == "time":
                return self._by_windows(start, size)
            probed = self._by_probes(start, size)
            if probed is not None:
                return probed
        where = f"{asked.where} AND {self._beyond}" if self._beyond else asked.where
        return self._numbers(
            f"SELECT seq FROM exams {self._way_in()} {where}"  # noqa: S608 - our own names
            f" ORDER BY {self._order} LIMIT :limit OFFSET :offset",
            {"limit": size, "offset": start},
        )

    def _way_in(self) -> str:
        # Few exams with these words: fetch and sort them. Many: walk along the order asked for and
        # take those that have the words, until the page is full.
        if not (self._asked.words and self._has_index):
            return ""
        return "NOT INDEXED" if self._known <= FEW else f"INDEXED BY {SORT_INDEXES[self._sort]}"

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
            f"SELECT value AS seq FROM json_each(:late) WHERE {HAS_WORDS[0]} AND {NOT_DELETED}"  # noqa: S608 - the same
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
            f" WHERE ({' OR '.join(HAS_WORDS[: len(self._asked.words)])}) AND {NOT_DELETED}"
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
    db: sqlite_utils.Database, query: HistoryQuery, columns: Sequence[str], values: Values
) -> tuple[str, Values]:
    """Return the condition that an exam comes after `query.after`, and its values."""
    if not query.after:
        return "", {}
    where = f"SELECT {', '.join(columns)} FROM exams WHERE exam_id = :after"  # noqa: S608 - our own names
    row = db.execute(where, values | {"after": query.after}).fetchone()
    if row is None:
        raise InvalidRequest("There is no such exam in the History.", hint="Search for it again.")
    key: Values = {f"key{place}": value for place, value in enumerate(row)}
    sign = "<" if query.descending else ">"
    return f"({', '.join(columns)}) {sign} ({', '.join(f':{name}' for name in key)})", key
