"""Whole lists of exams, by number and in order, held for the questions that come next.

A letter that is typed leaves a part of the list that was there without it, in the same order. So
the list is made once, from indexes alone, and each letter only says which numbers of it remain.
What was stored since it was made is known by the audit events that came: those exams are left out
of it, and whoever asks puts them in by what the database says now.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import sqlite_utils

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.history_filter import TOLD, Asked
from cxr_desktop.storage.history_orders import tells, walk
from cxr_desktop.storage.reader_filter import Condition, Values

Numbers = npt.NDArray[np.int32]

HELD = 3
"""So many lists: of the one looked at, and of exports that run beside it."""
CHANGED, GETTING_OLD = 500, 250
"""So many exams may have changed since a list was made, else it is made anew: when it is asked for,
and when there is time."""
LATEST = "SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1"
STILL_THERE = "SELECT 1 FROM audit WHERE seq = ? AND hash = ?"
SINCE = " UNION ALL ".join(
    f"SELECT {number} AS seq FROM {table} WHERE audit_seq > :event"  # noqa: S608 - our own names
    for table, number in (
        ("exams", "seq"),
        *((table, "exam_seq") for table in ("reviews", "signatures", "deletions", "removals")),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class KeptList:
    """`numbers` of exams in ascending order, as they were after the audit event (number, hash).

    `places` gives the place of each exam's number, -1 for what is not in the list.
    """

    numbers: Numbers
    places: Numbers
    event: tuple[int, str]

    def left(self, changed: Numbers, found: Numbers | None = None) -> Numbers:
        """Return the list without what changed, and of what was found only, in its order."""
        stays = np.full(self.numbers.shape, found is None)
        if found is not None:
            stays[self._places_of(found)] = True
        stays[self._places_of(changed)] = False
        left: Numbers = self.numbers[stays]
        return left

    def _places_of(self, some: Numbers) -> Numbers:
        places = self.places[some[some < len(self.places)]]
        return places[places >= 0]


class KeptLists:
    """The lists asked for last; safe to share between threads."""

    def __init__(self) -> None:
        self._lock, self._making = threading.Lock(), threading.Lock()
        self._held: dict[HistoryQuery, KeptList] = {}

    def forget(self) -> None:
        """Hold none."""
        with self._lock:
            self._held.clear()

    def holds(self, query: HistoryQuery) -> bool:
        """Whether there is a list for this question, however old."""
        with self._lock:
            return _name_of(query) in self._held

    def list_of(
        self, db: sqlite_utils.Database, query: HistoryQuery, asked: Asked, changed: int
    ) -> tuple[KeptList, Numbers]:
        """Return the list without words, and which exams changed since: `changed` at most."""
        name = _name_of(query)
        found = self._held_for(db, name, changed)
        if found is None:
            with self._making:  # of two that need the same list the second one waits for it
                found = self._held_for(db, name, changed)
                if found is None:
                    found = _made(db, query, asked), np.empty(0, np.int32)
                    self._hold(name, found[0])
        return found

    def _held_for(
        self, db: sqlite_utils.Database, name: HistoryQuery, changed: int
    ) -> tuple[KeptList, Numbers] | None:
        with self._lock:
            kept = self._held.get(name)
        since = None if kept is None else _changed(db, kept.event, changed)
        if kept is None or since is None:
            return None
        self._hold(name, kept)
        return kept, since

    def _hold(self, name: HistoryQuery, kept: KeptList) -> None:
        with self._lock:
            self._held.pop(name, None)
            self._held[name] = kept
            while len(self._held) > HELD:
                del self._held[next(iter(self._held))]


def numbers_of(db: sqlite_utils.Database, statement: str, values: Values) -> Numbers:
    """Return what `statement` selects as `seq`, in its order.

    One text instead of a row for each: a million take a tenth of the time, and no other thread is
    held up meanwhile. SQLite keeps a subquery's order for this function, and tests look at it.
    """
    gathered = f"SELECT group_concat(seq) FROM ({statement})"  # noqa: S608 - our own names
    return np.fromstring(db.execute(gathered, values).fetchone()[0] or "", np.int32, sep=",")


def _name_of(query: HistoryQuery) -> HistoryQuery:
    return replace(query, text="", in_reviews=True, descending=True, offset=0, limit=0, after="")


def _changed(db: sqlite_utils.Database, event: tuple[int, str], most: int) -> Numbers | None:
    """Return what changed; None where it is too much, or this is no longer the same database."""
    if db.execute(STILL_THERE, event).fetchone() is None:
        return None
    changed = numbers_of(db, f"{SINCE} LIMIT {most + 1}", {"event": event[0]})
    return changed if len(changed) <= most else None


def _made(db: sqlite_utils.Database, query: HistoryQuery, asked: Asked) -> KeptList:
    number, digest = db.execute(LATEST).fetchone() or (0, "")
    room = int(db.execute("SELECT coalesce(max(seq), 0) + 1 FROM exams").fetchone()[0])
    numbers = numbers_of(db, walk(query.sort, asked.rest), asked.values)
    if query.withheld_from and tells(query.sort):
        # What is withheld comes before all others, by time.
        told = _mask(db, TOLD, asked, room)
        by_time = numbers_of(db, walk("time", asked.rest), asked.values)
        numbers = np.concatenate((by_time[~told[by_time]], numbers[told[numbers]]))
    for condition in asked.conditions:
        numbers = numbers[_mask(db, condition, asked, room)[numbers]]
    places = np.full(room, -1, np.int32)
    places[numbers] = np.arange(len(numbers), dtype=np.int32)
    return KeptList(numbers, places, (int(number), str(digest)))


def _mask(
    db: sqlite_utils.Database, condition: Condition, asked: Asked, room: int
) -> npt.NDArray[np.bool_]:
    fits = np.zeros(room, bool)
    fits[numbers_of(db, condition.rows, asked.values)] = True
    return fits
