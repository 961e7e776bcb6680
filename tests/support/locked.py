"""A key for tests, and databases and doors that are encrypted with it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cxr_desktop.storage.connection import connection
from cxr_desktop.storage.data_keys import DataKeys
from cxr_desktop.storage.door import Door
from cxr_desktop.storage.out_files import OutFiles
from cxr_desktop.storage.paths import DataPaths
from cxr_desktop.storage.vault import Vault
from cxr_desktop.storage.wraps import Cost, unwrap_key

MASTER = b"a key for tests, 32 bytes of it."
KEYS = DataKeys.of(MASTER)
CHEAP = Cost(memory_kib=64, passes=1)


def database_key() -> str:
    """Return the key of the tests' databases."""
    return KEYS.database


def data_keys() -> DataKeys:
    """Return the tests' keys."""
    return KEYS


def a_way_out(folder: Path) -> OutFiles:
    """Return what writes files that leave the program, over a data folder."""
    made = folder / "leaving"
    made.mkdir(parents=True, exist_ok=True)
    return OutFiles(made, data_keys)


def open_vault() -> Vault:
    """Return a vault that holds the tests' key."""
    vault = Vault()
    vault.put("tests", MASTER)
    return vault


def keys_of(folder: Path, name: str, password: str) -> DataKeys:
    """Return the keys of a real data folder, as a thief does who knows a password."""
    master = unwrap_key(Door.open(DataPaths(folder)).wrapped(name) or "", password)
    assert master is not None
    return DataKeys.of(master)


@contextmanager
def from_outside(path: Path, keys: DataKeys = KEYS) -> Iterator[sqlite3.Connection]:
    """Open an encrypted database as somebody does who has the key and none of the rules."""
    with connection(path, key=lambda: keys.database) as outside:
        outside.execute("PRAGMA foreign_keys = off")
        for (name,) in outside.execute("SELECT name FROM sqlite_schema WHERE type = 'trigger'"):
            outside.execute(f"DROP TRIGGER {name}")
        yield outside
