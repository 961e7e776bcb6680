"""The ONE place that opens a database, with its key."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import cast

from sqlcipher3 import dbapi2 as sqlite

BUSY_MS = 10_000
PLAIN_HEAD = b"SQLite format 3\0"

# Gives the key in hexadecimal (64 digits), and raises `StorageUnavailable` while there is none.
Key = Callable[[], str]


@contextmanager
def connection(
    path: Path, *, key: Key | None = None, busy_ms: int = BUSY_MS, options: str = "mode=rw"
) -> Iterator[sqlite3.Connection]:
    """Open an existing database file and close it again; never makes one.

    Without a `key` the file is not encrypted. `options` are SQLite's URI parameters
    (https://www.sqlite.org/uri.html). Transactions are begun and ended by hand: Python's own would
    be deferred, and lose writes to "database is locked". Raises `sqlite.Error`.
    """
    secret = key() if key is not None else ""
    with closing(open_connection(path, secret, busy_ms=busy_ms, options=options)) as opened:
        yield opened


def open_connection(
    path: Path, secret: str, *, busy_ms: int = BUSY_MS, options: str = "mode=rw"
) -> sqlite3.Connection:
    """Open it as `connection` does, with the key itself or ""; whoever calls closes it.

    Only one thread may use it at a time; another one may close it.
    """
    address = f"{path.absolute().as_uri()}?{options}"
    # SQLCipher's connection is its own class with the interface of Python's.
    opened = cast(
        "sqlite3.Connection",
        sqlite.connect(
            address,
            uri=True,
            timeout=busy_ms / 1000,
            isolation_level=None,
            check_same_thread=False,
        ),
    )
    try:
        opened.execute("PRAGMA cipher_log_level = none")  # it would write to standard error
        if secret:
            opened.execute(f"PRAGMA key = \"x'{secret}'\"")  # raw: it is random, not a password
        for pragma in (
            "foreign_keys = on",
            "synchronous = full",
            "recursive_triggers = on",  # else INSERT OR REPLACE goes past the DELETE triggers
            "trusted_schema = off",
            "temp_store = memory",  # no patient text in temporary files
        ):
            opened.execute(f"PRAGMA {pragma}")
    except BaseException:
        opened.close()
        raise
    return opened


def is_plain(path: Path) -> bool:
    """Whether a file is a database that is not encrypted. Raises OSError."""
    with path.open("rb") as file:
        return file.read(len(PLAIN_HEAD)) == PLAIN_HEAD


def is_plain_file(path: Path) -> bool:
    """Whether there is a database that needs no key; an empty file is none."""
    try:
        return is_plain(path)
    except OSError:
        return False


def is_encrypted(path: Path) -> bool:
    """Whether there is a database that needs a key; an empty file is none."""
    try:
        return path.stat().st_size > 0 and not is_plain(path)
    except OSError:
        return False
