"""The environment's faults, told apart from our own.

A full, read-only, locked or damaged disk is nobody's bug: it becomes a sentence. A broken
constraint or a wrong statement is ours, and passes through unchanged.
"""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sqlcipher3 import dbapi2 as sqlite

from cxr_desktop.domain.errors import StorageUnavailable

FULL = (
    "The disk is full, so nothing was stored.",
    "Free some disk space, then try again.",
)
READ_ONLY = (
    "The data folder is read-only, so nothing was stored.",
    "Ask an administrator for write access to the data folder.",
)
LOCKED = (
    "The database is busy: another program is using it.",
    "Wait a moment, then try again; close other copies of the program if it goes on.",
)
ABSENT = (
    "The database could not be opened.",
    "Check that its disk is connected and that you may use the data folder.",
)
FAILING = (
    "The disk could not be read or written.",
    "Check that the disk is connected and sound, then try again.",
)
DAMAGED = (
    "The database is damaged.",
    (
        "Do not delete it. An administrator restores the newest backup: “Restore a backup…” at the"
        " start, or “cxr-desktop backup restore”."
    ),
)

# Primary result codes, https://www.sqlite.org/rescode.html; any other code is a bug of ours.
SENTENCES: dict[int, tuple[str, str]] = {
    sqlite.SQLITE_FULL: FULL,
    sqlite.SQLITE_READONLY: READ_ONLY,
    sqlite.SQLITE_PERM: READ_ONLY,
    sqlite.SQLITE_BUSY: LOCKED,
    sqlite.SQLITE_LOCKED: LOCKED,
    sqlite.SQLITE_PROTOCOL: LOCKED,
    sqlite.SQLITE_CANTOPEN: ABSENT,
    sqlite.SQLITE_IOERR: FAILING,
    sqlite.SQLITE_CORRUPT: DAMAGED,
    sqlite.SQLITE_NOTADB: DAMAGED,
}


@contextmanager
def database_faults() -> Iterator[None]:
    """Turn the environment's SQLite errors inside into `StorageUnavailable`."""
    try:
        yield
    except sqlite.Error as error:
        sentence = _of_database(error)
        if sentence is None:
            raise
        message, hint = sentence
        raise StorageUnavailable(message, hint=hint) from error
    except UnicodeDecodeError as error:  # SQLite's own message quotes damaged bytes
        raise StorageUnavailable(DAMAGED[0], hint=DAMAGED[1]) from error


@contextmanager
def damage() -> Iterator[None]:
    """Turn stored values that cannot be what was stored into `StorageUnavailable`."""
    try:
        yield
    except (ValueError, TypeError, LookupError) as error:
        raise StorageUnavailable(DAMAGED[0], hint=DAMAGED[1]) from error


@contextmanager
def file_faults() -> Iterator[None]:
    """Turn the file system's errors inside into `StorageUnavailable`."""
    try:
        yield
    except OSError as error:
        message, hint = _of_file(error)
        raise StorageUnavailable(message, hint=hint) from error


def _of_database(error: Exception) -> tuple[str, str] | None:
    code = getattr(error, "sqlite_errorcode", None)
    if code is None:
        # Text that is no UTF-8 is Python's own error, without a code; it quotes the text.
        return DAMAGED if isinstance(error, sqlite.OperationalError) else None
    return SENTENCES.get(code & 0xFF)


def _of_file(error: OSError) -> tuple[str, str]:
    if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}:
        return FULL
    if error.errno in {errno.EROFS, errno.EACCES, errno.EPERM}:
        return READ_ONLY
    return FAILING
