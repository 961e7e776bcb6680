"""Which exams have the words of a question; what very many have is held for the questions to come.

To look up what half a million exams have takes longer than a typed letter may. So that is held,
one bit for each exam, and only what came since is looked up. No exam loses a word but by being
removed for good, and such a one is in no list.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np
import numpy.typing as npt
import sqlite_utils

from cxr_desktop.storage.exam_numbers import (
    Event,
    Mask,
    is_there,
    latest_event,
    mask_of,
    numbers_of,
    room_of,
)
from cxr_desktop.storage.frequent_words import Frequent, frequent_words
from cxr_desktop.storage.held import Held
from cxr_desktop.storage.history_filter import Asked, Has, all_words

MANY = 20_000
"""What so many exams have is held: looked up, it takes about 2 ms."""
MOST_BYTES = 24 * 2**20
"""So much is held at most: at a million exams 200 pieces of words."""
IN_ADVANCE = 3 / 4
"""So great a part of it may be filled before anybody asked."""
OLD = 1000
"""So many events may have come since something was held, else all of it is looked up again."""


@dataclass(frozen=True, slots=True, eq=False)
class _Bits:
    """Exams that have something, of those with numbers below `room`, as of an event."""

    packed: npt.NDArray[np.uint8]
    room: int
    event: Event


class KeptWords:
    """Looks words up, and holds the long answers; safe to share between threads."""

    def __init__(self) -> None:
        self._held: Held[Has, _Bits] = Held(MOST_BYTES, lambda bits: bits.packed.nbytes)
        self._making = threading.Lock()
        self._frequent = Frequent()

    def forget(self) -> None:
        """Hold nothing."""
        self._held.forget()
        self._frequent = Frequent()

    def having(self, db: sqlite_utils.Database, asked: Asked) -> Mask:
        """Return which exams have the words, as a mask for all exams that there are."""
        looking = _Looking(db, self._held, latest_event(db), room_of(db))
        having = looking.all_of(asked.words)
        return having | looking.all_of(asked.said) if asked.said else having

    def get_ready(self, db: sqlite_utils.Database, also: Sequence[Has] = ()) -> None:
        """Hold what very many exams have, up to date; may take seconds."""
        if not self._making.acquire(blocking=False):
            return  # another thread is at it
        try:
            looking = _Looking(db, self._held, latest_event(db), room_of(db))
            self._frequent = frequent_words(db, self._frequent, looking.room, MANY)
            fit = int(MOST_BYTES * IN_ADVANCE / (looking.room // 8 + 1))
            ready = (*also, *self._frequent.words[:fit])
            for each in ready:
                looking.mask(each)
            for each in reversed(ready):  # so that what was made first is dropped last
                self._held.get(each)
        finally:
            self._making.release()


@dataclass(frozen=True, slots=True)
class _Looking:
    """Looks words up in one state of the database."""

    db: sqlite_utils.Database
    held: Held[Has, _Bits]
    event: Event
    room: int

    def all_of(self, words: Sequence[Has]) -> Mask:
        """Return which exams have all of these; what is not held is asked for together."""
        masks = {each: self._held_mask(each) for each in words}
        missing = [each for each, mask in masks.items() if mask is None]
        found = [mask for mask in masks.values() if mask is not None]
        return reduce(np.logical_and, (*found, *map(self.mask, all_words(missing))))

    def mask(self, has: Has) -> Mask:
        """Return which exams have this, and hold it if they are very many."""
        mask = self._held_mask(has)
        if mask is None:
            numbers = numbers_of(self.db, has.rows, has.values)
            mask = mask_of(numbers, self.room)
            if has.news and len(numbers) >= MANY:
                self._hold(has, mask)
        return mask

    def _held_mask(self, has: Has) -> Mask | None:
        bits = self.held.get(has)
        if bits is None or not is_there(self.db, bits.event):
            return None
        if self.event[0] - bits.event[0] > OLD:
            return None
        mask = np.zeros(self.room, bool)
        mask[: bits.room] = np.unpackbits(bits.packed, count=bits.room)
        if bits.event != self.event:
            since = has.values | {"event": bits.event[0], "room": bits.room}
            mask[numbers_of(self.db, has.news, since)] = True
            self._hold(has, mask)
        return mask

    def _hold(self, has: Has, mask: Mask) -> None:
        self.held.put(has, _Bits(np.packbits(mask), self.room, self.event))
