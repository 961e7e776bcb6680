"""The ONE place that opens the database: a key will come through here."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

BUSY_MS = 10_000


@contextmanager
def connection(
    path: Path, *, busy_ms: int = BUSY_MS, options: str = "mode=rw"
) -> Iterator[sqlite3.Connection]:
    """Open an existing database file and close it again; never makes one.

    `options` are SQLite's URI parameters (https://www.sqlite.org/uri.html). Transactions are begun
    and ended by hand: Python's own would be deferred, and lose writes to "database is locked".
    Raises sqlite3.Error.
    """
    address = f"{path.absolute().as_uri()}?{options}"
    opened = sqlite3.connect(address, uri=True, timeout=busy_ms / 1000, isolation_level=None)
    with closing(opened):
        for pragma in (
            "foreign_keys = on",
            "synchronous = full",
            "recursive_triggers = on",  # else INSERT OR REPLACE goes past the DELETE triggers
            "trusted_schema = off",
            "temp_store = memory",  # no patient text in temporary files
        ):
            opened.execute(f"PRAGMA {pragma}")
        yield opened
