"""Connections that stay open between calls, one for each thread.

Opening an encrypted database and closing it again takes longer than storing an exam: the key's
pragmas, the schema, and a checkpoint of the log by whoever closes last. A thread that comes again
finds its connection as it left it, outside any transaction.
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlite

Identity = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Kept:
    """An open connection, the key it was opened with, and which file it is to."""

    opened: sqlite3.Connection
    secret: str
    file: Identity


class KeptOpen:
    """Holds one idle connection for each thread; safe to use from all of them.

    No two threads ever share one: a statement that the first has not given back yet would hold the
    second's transaction.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        self._idle: dict[int, Kept] = {}
        self._round = 0

    @property
    def round(self) -> int:
        """How often `close` was called: what was opened before does not come back after it."""
        return self._round

    def take(self, secret: str) -> Kept | None:
        """Return this thread's connection, if it is still to that file and has that key."""
        with self._lock:
            kept = self._idle.pop(threading.get_ident(), None)
        if kept is None:
            return None
        if kept.secret == secret and kept.file == self.file():
            return kept
        _close(kept)  # another data folder was put in the place of the file, or the key is new
        return None

    def give_back(self, kept: Kept, taken_in: int) -> None:
        """Keep a connection for this thread's next call; close it after a `close`."""
        mine = threading.get_ident()
        with self._lock:
            if taken_in == self._round and mine not in self._idle:
                self._idle[mine] = kept
                return
        _close(kept)  # or it was a call inside another one's block

    def close(self) -> None:
        """Close what is idle, and whatever is in use as soon as it comes back."""
        with self._lock:
            self._round += 1
            idle, self._idle = list(self._idle.values()), {}
        for kept in idle:
            _close(kept)

    def file(self) -> Identity:
        """Say which file the path leads to now; (0, 0) for none."""
        try:
            found = self._path.stat()
        except OSError:
            return 0, 0
        return found.st_dev, found.st_ino


def _close(kept: Kept) -> None:
    with suppress(sqlite.Error):  # it may have been closed because of one
        kept.opened.close()
