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
import sqlite_utils

from cxr_desktop.domain.history import HistoryQuery
from cxr_desktop.storage.exam_numbers import (
    Event,
    Mask,
    Numbers,
    is_there,
    latest_event,
    mask_of,
    numbers_of,
    room_of,
)
from cxr_desktop.storage.held import Held
from cxr_desktop.storage.history_filter import TOLD, Asked
from cxr_desktop.storage.history_orders import tells, walk
from cxr_desktop.storage.reader_filter import Condition

HELD = 3
"""So many lists: of the one looked at, and of exports that run beside it."""
CHANGED, GETTING_OLD = 500, 250
"""So many exams may have changed since a list was made, else it is made anew: when it is asked for,
and when there is time."""
SINCE = " UNION ALL ".join(
    f"SELECT {number} AS seq FROM {table} WHERE audit_seq > :event"  # noqa: S608 - our own names
    for table, number in (
        ("exams", "seq"),
        *((table, "exam_seq") for table in ("reviews", "signatures", "deletions", "removals")),
    )
)


@dataclass(frozen=True, slots=True, eq=False)
class KeptList:
    """`numbers` of exams in ascending order, as they were after the audit event."""

    numbers: Numbers
    event: Event

    def left(self, stays: Mask) -> Numbers:
        """Return those of the list that stay, in its order."""
        left: Numbers = self.numbers.compress(stays.take(self.numbers))
        return left


class KeptLists:
    """The lists asked for last; safe to share between threads."""

    def __init__(self) -> None:
        self._making = threading.Lock()
        self._held: Held[HistoryQuery, KeptList] = Held(HELD, lambda _: 1)

    def forget(self) -> None:
        """Hold none."""
        self._held.forget()

    def holds(self, query: HistoryQuery) -> bool:
        """Whether there is a list for this question, however old."""
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
                    self._held.put(name, found[0])
        return found

    def _held_for(
        self, db: sqlite_utils.Database, name: HistoryQuery, changed: int
    ) -> tuple[KeptList, Numbers] | None:
        kept = self._held.get(name)
        since = None if kept is None else _changed(db, kept.event, changed)
        return None if kept is None or since is None else (kept, since)


def _name_of(query: HistoryQuery) -> HistoryQuery:
    return replace(query, text="", in_reviews=True, descending=True, offset=0, limit=0, after="")


def _changed(db: sqlite_utils.Database, event: Event, most: int) -> Numbers | None:
    """Return what changed; None where it is too much, or this is no longer the same database."""
    if not is_there(db, event):
        return None
    changed = numbers_of(db, f"{SINCE} LIMIT {most + 1}", {"event": event[0]})
    return changed if len(changed) <= most else None


def _made(db: sqlite_utils.Database, query: HistoryQuery, asked: Asked) -> KeptList:
    event, room = latest_event(db), room_of(db)
    numbers = numbers_of(db, walk(query.sort, asked.rest), asked.values)
    if query.withheld_from and tells(query.sort):
        # What is withheld comes before all others, by time.
        told = _mask(db, TOLD, asked, room)
        by_time = numbers_of(db, walk("time", asked.rest), asked.values)
        numbers = np.concatenate((by_time[~told[by_time]], numbers[told[numbers]]))
    for condition in asked.conditions:
        numbers = numbers[_mask(db, condition, asked, room)[numbers]]
    return KeptList(numbers, event)


def _mask(db: sqlite_utils.Database, condition: Condition, asked: Asked, room: int) -> Mask:
    return mask_of(numbers_of(db, condition.rows, asked.values), room)
